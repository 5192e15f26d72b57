// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @title How much fits into one operation
/// @notice Rule 13: the longest lists with which an operation, every answer to it and every reversal of it fit into a
/// block of 30,000,000 gas, at fifteen substances a batch and identifiers of 256 bytes.
library Limits {
    /// @notice Children of one split.
    uint256 internal constant CHILDREN = 64;

    /// @notice Inputs of one transformation.
    uint256 internal constant INPUTS = 64;

    /// @notice Outputs of one transformation.
    uint256 internal constant OUTPUTS = 56;

    /// @notice Lots of one shipment.
    uint256 internal constant LOTS = 64;

    /// @notice By how much something may be claimed to have happened later than its block (Rule 2).
    uint256 internal constant CLOCK_TOLERANCE = 1 days;
}
