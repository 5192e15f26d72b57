// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {MaterialId} from "./Ids.sol";

/// @notice The pools of up to three substances in one word.
/// @dev Lane i (bits 70i to 70i+69) holds a substance number (16 bits) and its mass in milligrams (54 bits). A batch's
/// first word holds its material above the lanes (40 bits), so that it exists where nothing is tracked, too. Lanes are
/// below `PER_WORD`, so that no shift passes a word.
type SubstancePools is uint256;

using SubstancePoolsLibrary for SubstancePools global;

/// @title Reading and making words of substance pools
library SubstancePoolsLibrary {
    /// @notice Pools in a word.
    uint256 internal constant PER_WORD = 3;

    uint256 private constant _MASS_BITS = 54;
    uint256 private constant _MASS_MASK = (1 << _MASS_BITS) - 1;
    uint256 private constant _LANE_BITS = 70;
    uint256 private constant _MATERIAL = 216;
    uint256 private constant _MASSES = _MASS_MASK | (_MASS_MASK << _LANE_BITS) | (_MASS_MASK << (2 * _LANE_BITS));

    /// @notice A word without pools, of `material`.
    function create(MaterialId material_) internal pure returns (SubstancePools) {
        return SubstancePools.wrap(MaterialId.unwrap(material_) << _MATERIAL);
    }

    /// @notice The material in a batch's first word.
    function material(SubstancePools pools) internal pure returns (MaterialId) {
        return MaterialId.wrap(SubstancePools.unwrap(pools) >> _MATERIAL);
    }

    /// @notice The pool in lane `lane`.
    function at(SubstancePools pools, uint256 lane) internal pure returns (uint16 substance, uint64 mass) {
        unchecked {
            uint256 bits = SubstancePools.unwrap(pools) >> (lane * _LANE_BITS);
            return (uint16(bits >> _MASS_BITS), uint64(bits & _MASS_MASK));
        }
    }

    /// @notice `pools` with nothing of any substance.
    function withoutMasses(SubstancePools pools) internal pure returns (SubstancePools) {
        return SubstancePools.wrap(SubstancePools.unwrap(pools) & ~_MASSES);
    }

    /// @notice `pools` with `mass` more in lane `lane`; the sum must fit its 54 bits.
    function more(SubstancePools pools, uint256 lane, uint64 mass) internal pure returns (SubstancePools) {
        unchecked {
            return SubstancePools.wrap(SubstancePools.unwrap(pools) + (uint256(mass) << (lane * _LANE_BITS)));
        }
    }

    /// @notice `pools` with `mass` less in lane `lane`, which holds that much.
    function less(SubstancePools pools, uint256 lane, uint64 mass) internal pure returns (SubstancePools) {
        unchecked {
            return SubstancePools.wrap(SubstancePools.unwrap(pools) - (uint256(mass) << (lane * _LANE_BITS)));
        }
    }

    /// @notice `pools` with a pool added in lane `lane`, which must be empty; `mass` must fit its 54 bits.
    function add(SubstancePools pools, uint256 lane, uint16 substance, uint64 mass)
        internal
        pure
        returns (SubstancePools)
    {
        unchecked {
            uint256 bits = (uint256(substance) << _MASS_BITS) | mass;
            return SubstancePools.wrap(SubstancePools.unwrap(pools) | (bits << (lane * _LANE_BITS)));
        }
    }
}
