// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @dev Role of the AccessManager that holds the consortium's rights.
uint64 constant CONSORTIUM_ROLE = 1;

/// @dev Role name of a participant that audits others.
bytes32 constant AUDITOR = "auditor";

/// @dev Facility kinds that may bring new material onto the ledger; every other kind is not an origin.
bytes32 constant MINE = "mine";
bytes32 constant RECYCLER = "recycler";
