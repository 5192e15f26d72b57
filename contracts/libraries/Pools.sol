// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {Emissions} from "../types/Emissions.sol";

/// @title The two arithmetic rules
/// @notice Everything that moves between batches moves by one of these, in whole milligrams.
/// @dev Pools and masses are below 2^64, so that no product passes 2^256: arguments up to 2^128 - 1 are exact.
library Pools {
    /// @notice Take: what leaves a pool when mass `part` is taken of a batch with mass `whole`: all of it when
    /// `part == whole`.
    function take(uint256 pool, uint256 part, uint256 whole) internal pure returns (uint256) {
        unchecked {
            return pool * part / whole;
        }
    }

    /// @notice Allocate: the share of `total` that belongs to the weights from running sum `from` to running sum `to`, out
    /// of `whole`. Neighbouring shares add up exactly: all shares of a total sum to that total.
    function allocate(uint256 total, uint256 from, uint256 to, uint256 whole) internal pure returns (uint256) {
        unchecked {
            // Saves two divisions where there is one item, which is the usual case, or nothing.
            if (total == 0 || to - from == whole) return total;
            return total * to / whole - total * from / whole;
        }
    }

    /// @notice The share of emissions of all scopes, each scope being a total of its own.
    function allocateScopes(Emissions memory emissions, uint256 from, uint256 to, uint256 whole)
        internal
        pure
        returns (uint256)
    {
        unchecked {
            if (to - from == whole) return emissions.total();
            return allocate(emissions.scope1(), from, to, whole) + allocate(emissions.scope2(), from, to, whole)
                + allocate(emissions.scope3(), from, to, whole);
        }
    }
}
