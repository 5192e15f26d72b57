// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {BatchStatus} from "./Values.sol";

/// @notice What the ledger keeps of a batch, but for its substances, in one word.
/// @dev From the lowest bit: mass, own, inherited and primary CO2e (56 bits each, milligrams), status (8), frozen
/// (8), number of substances (8).
type BatchState is uint256;

using BatchStateLibrary for BatchState global;

/// @title Reading and changing a batch's state
/// @dev Callers see to it that every quantity fits its 56 bits, after an addition too.
library BatchStateLibrary {
    uint256 private constant _OWN = 56;
    uint256 private constant _INHERITED = 112;
    uint256 private constant _PRIMARY = 168;
    uint256 private constant _STATUS = 224;
    uint256 private constant _FROZEN = 232;
    uint256 private constant _SUBSTANCES = 240;

    /// @notice A state of those pools, without status.
    function fromPools(uint256 mass_, uint256 ownCo2e_, uint256 inheritedCo2e_, uint256 primaryCo2e_)
        internal
        pure
        returns (BatchState)
    {
        return BatchState.wrap(mass_ | (ownCo2e_ << _OWN) | (inheritedCo2e_ << _INHERITED) | (primaryCo2e_ << _PRIMARY));
    }

    /// @notice `self` with the pools of `taken` subtracted; none of them may be larger than its own.
    function minus(BatchState self, BatchState taken) internal pure returns (BatchState) {
        unchecked {
            return BatchState.wrap(BatchState.unwrap(self) - BatchState.unwrap(taken));
        }
    }

    /// @notice `self` with the pools of `added` added.
    function plus(BatchState self, BatchState added) internal pure returns (BatchState) {
        unchecked {
            return BatchState.wrap(BatchState.unwrap(self) + BatchState.unwrap(added));
        }
    }

    /// @notice `self` with another status.
    function withStatus(BatchState self, BatchStatus status_) internal pure returns (BatchState) {
        uint256 others = BatchState.unwrap(self) & ~(uint256(type(uint8).max) << _STATUS);
        return BatchState.wrap(others | (uint256(status_) << _STATUS));
    }

    /// @notice `self`, declared in error.
    function frozen(BatchState self) internal pure returns (BatchState) {
        return BatchState.wrap(BatchState.unwrap(self) | (1 << _FROZEN));
    }

    /// @notice `self` with `count` substances; it must have had none.
    function withSubstances(BatchState self, uint256 count) internal pure returns (BatchState) {
        return BatchState.wrap(BatchState.unwrap(self) | (count << _SUBSTANCES));
    }

    /// @notice Milligrams that the batch holds.
    function mass(BatchState self) internal pure returns (uint56) {
        return uint56(BatchState.unwrap(self));
    }

    /// @notice Milligrams CO2e of what was done to the batch itself.
    function ownCo2e(BatchState self) internal pure returns (uint56) {
        return uint56(BatchState.unwrap(self) >> _OWN);
    }

    /// @notice Milligrams CO2e of what it was made of.
    function inheritedCo2e(BatchState self) internal pure returns (uint56) {
        return uint56(BatchState.unwrap(self) >> _INHERITED);
    }

    /// @notice Milligrams of own and inherited CO2e together that come from primary data.
    function primaryCo2e(BatchState self) internal pure returns (uint56) {
        return uint56(BatchState.unwrap(self) >> _PRIMARY);
    }

    /// @notice Where the batch stands in its life.
    function status(BatchState self) internal pure returns (BatchStatus) {
        return BatchStatus(uint8(BatchState.unwrap(self) >> _STATUS));
    }

    /// @notice Whether the batch was declared in error.
    function isFrozen(BatchState self) internal pure returns (bool) {
        return uint8(BatchState.unwrap(self) >> _FROZEN) != 0;
    }

    /// @notice Whether the batch is active and not frozen.
    function isUsable(BatchState self) internal pure returns (bool) {
        return uint16(BatchState.unwrap(self) >> _STATUS) == uint16(BatchStatus.Active);
    }

    /// @notice Whether there is such a batch.
    function exists(BatchState self) internal pure returns (bool) {
        return BatchState.unwrap(self) != 0;
    }

    /// @notice How many substances the batch holds.
    function substances(BatchState self) internal pure returns (uint256) {
        return uint8(BatchState.unwrap(self) >> _SUBSTANCES);
    }
}
