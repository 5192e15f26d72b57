// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @title How much tolerance a measurement uses
library Tolerance {
    uint256 private constant _WHOLE = 10_000;

    /// @notice The basis points used once a pool of `before` milligrams is measured as `measured` (Rule 5): those used so far
    /// and the step, signed, of the pool at that moment, rounded away from zero.
    /// @dev `before` is above zero. Both are below 2^54, so that no product passes 2^256.
    function used(int256 soFar, uint256 before, uint256 measured) internal pure returns (int256) {
        return measured < before
            ? soFar - int256(_step(before - measured, before))
            : soFar + int256(_step(measured - before, before));
    }

    function _step(uint256 difference, uint256 whole) private pure returns (uint256) {
        return (difference * _WHOLE + whole - 1) / whole;
    }
}
