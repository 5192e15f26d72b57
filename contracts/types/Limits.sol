// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

// Rule 13: the longest lists with which an operation, every answer to it and every reversal of it fit into a block of
// 30,000,000 gas, at fifteen substances a batch and identifiers of 256 bytes.

/// @dev Children of one split.
uint256 constant MOST_CHILDREN = 64;

/// @dev Inputs of one transformation.
uint256 constant MOST_INPUTS = 64;

/// @dev Outputs of one transformation.
uint256 constant MOST_OUTPUTS = 64;

/// @dev Lots of one shipment.
uint256 constant MOST_LOTS = 64;

/// @dev How much later than its block something may be claimed to have happened (Rule 2).
uint256 constant CLOCK_TOLERANCE = 1 days;
