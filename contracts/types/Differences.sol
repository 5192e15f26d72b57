// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @notice The tolerance that a batch used, in basis points, signed (Rule 5).
/// @dev Lane 0 (the lowest 16 bits) is of its gross mass, lane i + 1 of its i-th substance: two's complement.
/// Lanes are at most 15.
type Differences is uint256;

using DifferencesLibrary for Differences global;

/// @title Reading and changing differences
library DifferencesLibrary {
    /// @notice None used.
    Differences internal constant NONE = Differences.wrap(0);

    /// @notice The most basis points of either sign that are kept.
    int256 internal constant LARGEST = type(int16).max;

    uint256 private constant _LANE_BITS = 16;
    uint256 private constant _LANE_MASK = type(uint16).max;

    /// @notice The basis points in lane `lane`.
    function at(Differences self, uint256 lane) internal pure returns (int16) {
        unchecked {
            return int16(uint16(Differences.unwrap(self) >> (lane * _LANE_BITS)));
        }
    }

    /// @notice `self` with other basis points in lane `lane`.
    function with(Differences self, uint256 lane, int16 basisPoints) internal pure returns (Differences) {
        unchecked {
            uint256 shift = lane * _LANE_BITS;
            uint256 others = Differences.unwrap(self) & ~(_LANE_MASK << shift);
            return Differences.wrap(others | (uint256(uint16(basisPoints)) << shift));
        }
    }

    /// @notice Of two tolerances used, that of larger magnitude: the first if there is none.
    function larger(int16 one, int16 other) internal pure returns (int16) {
        return _magnitude(other) > _magnitude(one) ? other : one;
    }

    /// @notice Whether nothing is used.
    function isNone(Differences self) internal pure returns (bool) {
        return Differences.unwrap(self) == 0;
    }

    function _magnitude(int256 basisPoints) private pure returns (int256) {
        return basisPoints < 0 ? -basisPoints : basisPoints;
    }
}
