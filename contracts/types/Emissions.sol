// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @notice Greenhouse gas emissions by scope of the GHG Protocol and what is known of them, in milligrams CO2e: four lanes
/// of 64 bits a word, the first one lowest. Two words instead of eight, in every call, hash and event.
/// @param amounts Scope 1, 2 and 3, and the part of the three together that comes from primary data (PACT
/// `primaryDataShare`).
/// @param parts The part of the three that is biogenic, that from land use and its change, and that from aviation; then
/// removals that belong to them: an amount of its own, never netted.
struct Emissions {
    uint256 amounts;
    uint256 parts;
}

using EmissionsLibrary for Emissions global;

/// @title Reading emissions
library EmissionsLibrary {
    uint256 private constant _LANE = 64;

    /// @notice Scope 1.
    function scope1(Emissions memory self) internal pure returns (uint64) {
        return uint64(self.amounts);
    }

    /// @notice Scope 2.
    function scope2(Emissions memory self) internal pure returns (uint64) {
        return uint64(self.amounts >> _LANE);
    }

    /// @notice Scope 3.
    function scope3(Emissions memory self) internal pure returns (uint64) {
        return uint64(self.amounts >> (2 * _LANE));
    }

    /// @notice The part of the three scopes that comes from primary data.
    function primary(Emissions memory self) internal pure returns (uint64) {
        return uint64(self.amounts >> (3 * _LANE));
    }

    /// @notice The part of them that is biogenic.
    function biogenic(Emissions memory self) internal pure returns (uint64) {
        return uint64(self.parts);
    }

    /// @notice The part of them from land use and its change.
    function landUse(Emissions memory self) internal pure returns (uint64) {
        return uint64(self.parts >> _LANE);
    }

    /// @notice The part of them from aviation.
    function aviation(Emissions memory self) internal pure returns (uint64) {
        return uint64(self.parts >> (2 * _LANE));
    }

    /// @notice The three scopes together.
    function total(Emissions memory self) internal pure returns (uint256) {
        unchecked {
            return uint256(self.scope1()) + self.scope2() + self.scope3();
        }
    }
}
