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

    /// @notice Allocate: what of `total` belongs to all weights up to running sum `to`, out of `whole`. The share of one item
    /// is that after it less that before it, so that all shares of a total sum to that total.
    function allocated(uint256 total, uint256 to, uint256 whole) internal pure returns (uint256) {
        unchecked {
            // Saves the division for the last item, which often is the only one.
            return to == whole ? total : total * to / whole;
        }
    }

    /// @notice As `allocated`, of the emissions of all scopes together, each scope being a total of its own.
    function allocatedScopes(Emissions memory emissions, uint256 to, uint256 whole) internal pure returns (uint256) {
        unchecked {
            if (to == whole) return emissions.total();
            return emissions.scope1() * to / whole + emissions.scope2() * to / whole + emissions.scope3() * to / whole;
        }
    }
}
