// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {Pools} from "../libraries/Pools.sol";
import {BatchStatus} from "./Values.sol";

/// @notice What the ledger keeps of a batch, but for its substances, in one word.
/// @dev From the lowest bit: mass, own, inherited and primary CO2e (54 bits each, milligrams), status (3), number of
/// substances (4), flags (8), uses (5), events (20).
type BatchState is uint256;

using BatchStateLibrary for BatchState global;

/// @title Reading and changing a batch's state
/// @dev Callers see to it that every quantity fits its 54 bits, after an addition too.
library BatchStateLibrary {
    /// @notice The most that a pool can hold: 18 million tonnes.
    uint256 internal constant LARGEST = (1 << 54) - 1;

    /// @notice Uses that are counted; at this many a batch's making and receipts are irreversible (Rule 8).
    uint256 internal constant MOST_USES = 31;

    /// @notice Events that are counted.
    uint256 internal constant MOST_EVENTS = (1 << 20) - 1;

    /// @dev Flags. Declared in error by its maker; by an auditor, which freezes; frozen by its maker; held by its
    /// custodian, by an auditor; waste; taken back; has differences booked since it was made.
    uint256 internal constant ERROR_BY_MAKER = 1 << 223;
    uint256 internal constant ERROR_BY_AUDITOR = 1 << 224;
    uint256 internal constant FROZEN_BY_MAKER = 1 << 225;
    uint256 internal constant HELD_BY_CUSTODIAN = 1 << 226;
    uint256 internal constant HELD_BY_AUDITOR = 1 << 227;
    uint256 internal constant WASTE = 1 << 228;
    uint256 internal constant TAKEN_BACK = 1 << 229;
    uint256 internal constant DIFFERENCES = 1 << 230;

    uint256 internal constant FROZEN = ERROR_BY_AUDITOR | FROZEN_BY_MAKER;
    uint256 internal constant HELD = HELD_BY_CUSTODIAN | HELD_BY_AUDITOR;

    /// @dev What a split child has of its parent.
    uint256 internal constant PASSED_ON = WASTE | TAKEN_BACK | DIFFERENCES;

    uint256 private constant _OWN = 54;
    uint256 private constant _INHERITED = 108;
    uint256 private constant _PRIMARY = 162;
    uint256 private constant _STATUS = 216;
    uint256 private constant _SUBSTANCES = 219;
    uint256 private constant _USES = 231;
    uint256 private constant _EVENTS = 236;

    uint256 private constant _POOLS_MASK = (1 << _STATUS) - 1;
    uint256 private constant _STATUS_MASK = 7 << _STATUS;
    uint256 private constant _SUBSTANCES_MASK = 15 << _SUBSTANCES;

    /// @notice A state of those pools, without status.
    function fromPools(uint256 mass_, uint256 ownCo2e_, uint256 inheritedCo2e_, uint256 primaryCo2e_)
        internal
        pure
        returns (BatchState)
    {
        return BatchState.wrap(mass_ | (ownCo2e_ << _OWN) | (inheritedCo2e_ << _INHERITED) | (primaryCo2e_ << _PRIMARY));
    }

    /// @notice Take: of every pool of `self` the part that goes with `taken` of `whole` milligrams. At most the pool.
    function part(BatchState self, uint256 taken, uint256 whole) internal pure returns (BatchState) {
        // Saves three divisions where all is taken.
        if (taken == whole) return BatchState.wrap(BatchState.unwrap(self) & _POOLS_MASK);
        return fromPools(
            taken,
            Pools.take(self.ownCo2e(), taken, whole),
            Pools.take(self.inheritedCo2e(), taken, whole),
            Pools.take(self.primaryCo2e(), taken, whole)
        );
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

    /// @notice `self` with nothing in its pools.
    function withoutPools(BatchState self) internal pure returns (BatchState) {
        return BatchState.wrap(BatchState.unwrap(self) & ~_POOLS_MASK);
    }

    /// @notice `self` with another mass.
    function withMass(BatchState self, uint256 mass_) internal pure returns (BatchState) {
        return BatchState.wrap((BatchState.unwrap(self) & ~LARGEST) | mass_);
    }

    /// @notice `self` with another status.
    function withStatus(BatchState self, BatchStatus status_) internal pure returns (BatchState) {
        return BatchState.wrap((BatchState.unwrap(self) & ~_STATUS_MASK) | (uint256(status_) << _STATUS));
    }

    /// @notice `self` with flags set.
    function with(BatchState self, uint256 flags) internal pure returns (BatchState) {
        return BatchState.wrap(BatchState.unwrap(self) | flags);
    }

    /// @notice `self` with flags cleared.
    function without(BatchState self, uint256 flags) internal pure returns (BatchState) {
        return BatchState.wrap(BatchState.unwrap(self) & ~flags);
    }

    /// @notice `self` with those of `flags` set that `other` has.
    function withThoseOf(BatchState self, BatchState other, uint256 flags) internal pure returns (BatchState) {
        return self.with(BatchState.unwrap(other) & flags);
    }

    /// @notice `self` with `count` substances.
    function withSubstances(BatchState self, uint256 count) internal pure returns (BatchState) {
        return BatchState.wrap((BatchState.unwrap(self) & ~_SUBSTANCES_MASK) | (count << _SUBSTANCES));
    }

    /// @notice `self`, used once more; a saturated count stays.
    function used(BatchState self) internal pure returns (BatchState) {
        unchecked {
            return self.uses() == MOST_USES ? self : BatchState.wrap(BatchState.unwrap(self) + (1 << _USES));
        }
    }

    /// @notice `self`, a use of it reversed; a saturated count stays, as nobody knows any more how many there were.
    function unused(BatchState self) internal pure returns (BatchState) {
        return self.uses() == MOST_USES ? self : BatchState.wrap(BatchState.unwrap(self) - (1 << _USES));
    }

    /// @notice `self`, named by one event more; a full count stays.
    function named(BatchState self) internal pure returns (BatchState) {
        unchecked {
            return self.events() == MOST_EVENTS ? self : BatchState.wrap(BatchState.unwrap(self) + (1 << _EVENTS));
        }
    }

    /// @notice Milligrams that the batch holds.
    function mass(BatchState self) internal pure returns (uint64) {
        return uint64(BatchState.unwrap(self) & LARGEST);
    }

    /// @notice Milligrams CO2e of what was done to the batch itself.
    function ownCo2e(BatchState self) internal pure returns (uint64) {
        return uint64((BatchState.unwrap(self) >> _OWN) & LARGEST);
    }

    /// @notice Milligrams CO2e of what it was made of.
    function inheritedCo2e(BatchState self) internal pure returns (uint64) {
        return uint64((BatchState.unwrap(self) >> _INHERITED) & LARGEST);
    }

    /// @notice Milligrams of own and inherited CO2e together that come from primary data.
    function primaryCo2e(BatchState self) internal pure returns (uint64) {
        return uint64((BatchState.unwrap(self) >> _PRIMARY) & LARGEST);
    }

    /// @notice Where the batch stands in its life.
    function status(BatchState self) internal pure returns (BatchStatus) {
        return BatchStatus((BatchState.unwrap(self) & _STATUS_MASK) >> _STATUS);
    }

    /// @notice Whether that is where the batch stands in its life.
    function isIn(BatchState self, BatchStatus status_) internal pure returns (bool) {
        return BatchState.unwrap(self) & _STATUS_MASK == uint256(status_) << _STATUS;
    }

    /// @notice Whether one of `flags` is set.
    function has(BatchState self, uint256 flags) internal pure returns (bool) {
        return BatchState.unwrap(self) & flags != 0;
    }

    /// @notice Whether the batch is active, and neither held nor frozen.
    function isUsable(BatchState self) internal pure returns (bool) {
        return BatchState.unwrap(self) & (_STATUS_MASK | HELD | FROZEN) == uint256(BatchStatus.Active) << _STATUS;
    }

    /// @notice Whether the batch is on its way, and neither held nor frozen.
    function isReceivable(BatchState self) internal pure returns (bool) {
        return BatchState.unwrap(self) & (_STATUS_MASK | HELD | FROZEN) == uint256(BatchStatus.InTransit) << _STATUS;
    }

    /// @notice Whether there is such a batch.
    function exists(BatchState self) internal pure returns (bool) {
        return BatchState.unwrap(self) != 0;
    }

    /// @notice How many substances the batch holds.
    function substances(BatchState self) internal pure returns (uint256) {
        return (BatchState.unwrap(self) & _SUBSTANCES_MASK) >> _SUBSTANCES;
    }

    /// @notice Takes, receipts and remeasurements that were not reversed, at most `MOST_USES`.
    function uses(BatchState self) internal pure returns (uint256) {
        return (BatchState.unwrap(self) >> _USES) & MOST_USES;
    }

    /// @notice Events of the ledger that name the batch, at most `MOST_EVENTS`.
    function events(BatchState self) internal pure returns (uint256) {
        return BatchState.unwrap(self) >> _EVENTS;
    }
}
