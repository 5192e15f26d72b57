// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @title How much tolerance a measurement uses
library Tolerance {
    int256 private constant _WHOLE = 10_000;

    /// @notice The least and the highest difference of any part once all were measured: rounded down, and up.
    /// @dev So that they hold whatever steps were rounded before. Both are within 2^33.
    function moved(int256 least, int256 highest, uint256 before, uint256 measured)
        internal
        pure
        returns (int256, int256)
    {
        int256 whole = int256(before);
        int256 step = (int256(measured) - whole) * _WHOLE;
        return (_floor(least * whole + step, whole), -_floor(-highest * whole - step, whole));
    }

    /// @notice The basis points used once a pool of `before` milligrams is measured as `measured` (Rule 5): those used so far
    /// and the step, signed, of the pool at that moment; their sum is rounded away from zero.
    /// @dev The sum, not the step: else a hundred steps of a milligram back would give a whole per cent back. `before` is
    /// above zero. Both are below 2^54, so that no product passes 2^255.
    function used(int256 soFar, uint256 before, uint256 measured) internal pure returns (int256) {
        int256 whole = int256(before);
        int256 sum = soFar * whole + (int256(measured) - whole) * _WHOLE;
        return (sum < 0 ? sum - whole + 1 : sum + whole - 1) / whole;
    }

    function _floor(int256 numerator, int256 whole) private pure returns (int256) {
        return (numerator < 0 ? numerator - whole + 1 : numerator) / whole;
    }
}
