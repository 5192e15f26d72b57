// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @notice The least and highest contents of up to nine substances in one word, or of six and the tolerances.
/// @dev Lane i (bits 28i to 28i+27) holds a least and a highest content, 14 bits each, in basis points. In the word that
/// has them, bits 192 to 207 are the tolerance of gross mass, bits 208 to 223 that of substances.
type Contents is uint256;

using ContentsLibrary for Contents global;

/// @title Reading and making words of contents
library ContentsLibrary {
    /// @notice Contents in a word without tolerances.
    uint256 internal constant PER_WORD = 9;

    /// @notice All of a lot's mass, in basis points.
    uint16 internal constant ALL = 10_000;

    uint256 private constant _BITS = 14;
    uint256 private constant _LANE_BITS = 2 * _BITS;
    uint256 private constant _MASK = (1 << _BITS) - 1;
    uint256 private constant _TOLERANCE_OF_MASS = 192;
    uint256 private constant _TOLERANCE_OF_SUBSTANCES = 208;

    /// @notice The contents in lane `lane`.
    function at(Contents word, uint256 lane) internal pure returns (uint16 least, uint16 highest) {
        uint256 bits = Contents.unwrap(word) >> (lane * _LANE_BITS);
        return (uint16((bits >> _BITS) & _MASK), uint16(bits & _MASK));
    }

    /// @notice `word` with contents, of at most `ALL`, in lane `lane`, which must be empty.
    function add(Contents word, uint256 lane, uint16 least, uint16 highest) internal pure returns (Contents) {
        uint256 bits = (uint256(least) << _BITS) | highest;
        return Contents.wrap(Contents.unwrap(word) | (bits << (lane * _LANE_BITS)));
    }

    /// @notice `word`, of at most six contents, with tolerances; it must have none.
    function withTolerances(Contents word, uint16 mass, uint16 substances) internal pure returns (Contents) {
        uint256 bits = (uint256(mass) << _TOLERANCE_OF_MASS) | (uint256(substances) << _TOLERANCE_OF_SUBSTANCES);
        return Contents.wrap(Contents.unwrap(word) | bits);
    }

    /// @notice The tolerances of gross mass and of substances, in basis points.
    function tolerances(Contents word) internal pure returns (uint16 mass, uint16 substances) {
        uint256 bits = Contents.unwrap(word);
        return (uint16(bits >> _TOLERANCE_OF_MASS), uint16(bits >> _TOLERANCE_OF_SUBSTANCES));
    }
}
