// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

// Rule 12: rights of their own, each of which several accounts or a multisig may hold, with or without a delay. These
// are roles of the AccessManager; its administrator is role 0. Which function needs which: traceledger/sending/rights.py.

/// @dev Who is a participant, with which standing, roles, country and keys.
uint64 constant ADMISSION_ROLE = 1;

/// @dev Who is asked who may act, what is mandatory, and a lost participant's new key; also what speaks as the
/// consortium among auditors. `contract deploy` grants it with a delay, so that a change is announced.
uint64 constant POLICY_ROLE = 2;

/// @dev Stops everybody at once, and cancels what others have scheduled.
uint64 constant EMERGENCY_ROLE = 3;

/// @dev Assigns the stock of a custodian that cannot act any more. `contract deploy` grants it with a delay.
uint64 constant STOCK_ROLE = 4;

/// @dev Which materials there are, and where each may come from.
uint64 constant ORIGINS_ROLE = 5;

/// @dev Role name of a participant that audits others.
bytes32 constant AUDITOR = "auditor";

/// @dev Facility kinds that may bring mined and recycled material onto the ledger; every other kind brings untraced
/// material only.
bytes32 constant MINE = "mine";
bytes32 constant RECYCLER = "recycler";
