// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @notice The pools of up to three substances in one word.
/// @dev Lane i (bits 72i to 72i+71) holds a substance number (16 bits) and its mass in milligrams (56 bits).
type SubstancePools is uint256;

using SubstancePoolsLibrary for SubstancePools global;

/// @title Reading and making words of substance pools
library SubstancePoolsLibrary {
    /// @notice Pools in a word.
    uint256 internal constant PER_WORD = 3;

    uint256 private constant _MASS_BITS = 56;
    uint256 private constant _LANE_BITS = 72;

    /// @notice The pool in lane `lane`.
    function at(SubstancePools pools, uint256 lane) internal pure returns (uint16 substance, uint56 mass) {
        uint256 bits = SubstancePools.unwrap(pools) >> (lane * _LANE_BITS);
        return (uint16(bits >> _MASS_BITS), uint56(bits));
    }

    /// @notice `pools` with a pool added in lane `lane`, which must be empty.
    function add(SubstancePools pools, uint256 lane, uint16 substance, uint56 mass)
        internal
        pure
        returns (SubstancePools)
    {
        uint256 bits = (uint256(substance) << _MASS_BITS) | mass;
        return SubstancePools.wrap(SubstancePools.unwrap(pools) | (bits << (lane * _LANE_BITS)));
    }
}
