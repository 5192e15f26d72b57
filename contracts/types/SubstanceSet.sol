// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @notice Up to 15 substances in one word, and what the material that tracks them is.
/// @dev Lane i (bits 16i to 16i+15) holds the i-th smallest substance number, zero where there is none. Above them are
/// flags: bit 240 marks the set as defined, so that a material without tracked substances differs from an unknown
/// material; 241 waste, 242 product, 243 bounded, 244 tolerant.
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
    uint256 private constant _WASTE = _DEFINED << 1;
    uint256 private constant _PRODUCT = _DEFINED << 2;
    uint256 private constant _BOUNDED = _DEFINED << 3;
    uint256 private constant _TOLERANT = _DEFINED << 4;

    /// @notice `set` with `substance` in lane `lane`, which must be empty.
    /// @dev The caller sees to it that lanes are filled from zero up, by ascending substance number.
    function add(SubstanceSet set, uint256 lane, uint16 substance) internal pure returns (SubstanceSet) {
        return SubstanceSet.wrap(SubstanceSet.unwrap(set) | (uint256(substance) << (_LANE_BITS * lane)));
    }

    /// @notice `set` of a material that is waste, or a product, or neither.
    function withUse(SubstanceSet set, bool waste, bool product) internal pure returns (SubstanceSet) {
        uint256 use = (waste ? _WASTE : 0) | (product ? _PRODUCT : 0);
        return SubstanceSet.wrap(SubstanceSet.unwrap(set) | use);
    }

    /// @notice `set` of a material whose contents are bounded, and whose measurements have tolerances, or not.
    function withLimits(SubstanceSet set, bool bounded, bool tolerant) internal pure returns (SubstanceSet) {
        uint256 limits = (bounded ? _BOUNDED : 0) | (tolerant ? _TOLERANT : 0);
        return SubstanceSet.wrap(SubstanceSet.unwrap(set) | limits);
    }

    /// @notice The substance in lane `lane`; zero where there is none.
    function at(SubstanceSet set, uint256 lane) internal pure returns (uint16) {
        return lane < CAPACITY ? uint16(SubstanceSet.unwrap(set) >> (_LANE_BITS * lane)) : 0;
    }

    /// @notice Whether the set was ever defined.
    function isDefined(SubstanceSet set) internal pure returns (bool) {
        return SubstanceSet.unwrap(set) != 0;
    }

    /// @notice Whether the material is waste (Rule 6).
    function isWaste(SubstanceSet set) internal pure returns (bool) {
        return SubstanceSet.unwrap(set) & _WASTE != 0;
    }

    /// @notice Whether the material is a product, which may be retired as delivered (Rule 9).
    function isProduct(SubstanceSet set) internal pure returns (bool) {
        return SubstanceSet.unwrap(set) & _PRODUCT != 0;
    }

    /// @notice Whether some substance has a least or a highest content (Rule 2).
    function isBounded(SubstanceSet set) internal pure returns (bool) {
        return SubstanceSet.unwrap(set) & _BOUNDED != 0;
    }

    /// @notice Whether gross mass or substances have a tolerance (Rule 5).
    function isTolerant(SubstanceSet set) internal pure returns (bool) {
        return SubstanceSet.unwrap(set) & _TOLERANT != 0;
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
