// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @dev Role of the AccessManager that holds the consortium's rights.
uint64 constant CONSORTIUM_ROLE = 1;

/// @dev Role of the AccessManager that governs: who is asked who may act, and which assessments are
/// mandatory. It is granted with an execution delay, so that a change is announced before it takes effect.
uint64 constant GOVERNANCE_ROLE = 2;

/// @dev Role name of a participant that audits others.
bytes32 constant AUDITOR = "auditor";

/// @dev Facility kinds that may bring new material onto the ledger; every other kind is not an origin.
bytes32 constant MINE = "mine";
bytes32 constant RECYCLER = "recycler";
