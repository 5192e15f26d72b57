// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @notice Up to 15 substances in one word.
/// @dev Lane i (bits 16i to 16i+15) holds the i-th smallest substance number, zero where there is none. Bit 240
/// marks the set as defined, so that a material without tracked substances differs from an unknown material.
type SubstanceSet is uint256;

using SubstanceSetLibrary for SubstanceSet global;

/// @title Reading and making substance sets
library SubstanceSetLibrary {
    /// @notice The most substances that a set, and so a batch, can hold.
    uint256 internal constant CAPACITY = 15;

    /// @notice A defined set without substances.
    SubstanceSet internal constant EMPTY = SubstanceSet.wrap(_DEFINED);

    uint256 private constant _LANE_BITS = 16;
    uint256 private constant _DEFINED = 1 << (_LANE_BITS * CAPACITY);

    /// @notice `set` with `substance` in lane `lane`, which must be empty.
    /// @dev The caller sees to it that lanes are filled from zero up, by ascending substance number.
    function add(SubstanceSet set, uint256 lane, uint16 substance) internal pure returns (SubstanceSet) {
        return SubstanceSet.wrap(SubstanceSet.unwrap(set) | (uint256(substance) << (_LANE_BITS * lane)));
    }

    /// @notice Whether the set was ever defined.
    function isDefined(SubstanceSet set) internal pure returns (bool) {
        return SubstanceSet.unwrap(set) != 0;
    }

    /// @notice Looks `substance` up, given that substances are looked up in ascending order.
    /// @return found Whether the set holds it.
    /// @return rest The set without everything below `substance`, to look the next one up in.
    function seek(SubstanceSet set, uint16 substance) internal pure returns (bool found, SubstanceSet rest) {
        uint256 lanes = SubstanceSet.unwrap(set) & (_DEFINED - 1);
        while (lanes != 0 && uint16(lanes) < substance) {
            lanes >>= _LANE_BITS;
        }
        found = lanes != 0 && uint16(lanes) == substance;
        rest = SubstanceSet.wrap(lanes);
    }
}
