// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {CalendarYear} from "../libraries/CalendarYear.sol";
import {Pools} from "../libraries/Pools.sol";
import {Text} from "../libraries/Text.sol";
import {BatchState, BatchStateLibrary} from "../types/BatchState.sol";
import {Custody, CustodyLibrary} from "../types/Custody.sol";
import {Differences, DifferencesLibrary} from "../types/Differences.sol";
import {BatchId, FacilityId, Ids, MaterialId} from "../types/Ids.sol";
import {Limits} from "../types/Limits.sol";
import {SubstancePools, SubstancePoolsLibrary} from "../types/SubstancePools.sol";
import {SubstanceSet} from "../types/SubstanceSet.sol";
import {Emissions} from "../types/Emissions.sol";
import {BatchStatus, HoldKind, IN_FULL, Origin, SubstanceMass} from "../types/Values.sol";
import {LedgerStorage} from "./LedgerStorage.sol";

/// @title Batches
/// @notice The batch tokens: their pools, their custody, and what every operation asks of them.
/// @dev The token's owner is the custodian: a participant's address, not an operator key. Tokens are never burnt,
/// so that a consumed, retired or reversed batch keeps its last custodian.
abstract contract Batches is LedgerStorage {
    /// @dev Brings a batch into being, named by the one event of its making. Its id is new. Its substances must be
    /// listed once each, ascending; at most 15, as they are a subset of the material's.
    /// @param pools Its pools and flags.
    /// @param entry What made it: the hash of a `MintEntry`, `SplitEntry` or `RunEntry`.
    function _create(
        BatchId id,
        Lot storage lot,
        address custodian,
        BatchState pools,
        MaterialId material,
        SubstanceMass[] memory substances,
        bytes32 entry
    ) internal {
        lot.state = pools.withStatus(BatchStatus.Active).withSubstances(substances.length).named();
        _storeSubstances(lot, material, substances);
        lot.custody = CustodyLibrary.create(custodian, CustodyLibrary.extended(0, entry));
        emit IERC721.Transfer(address(0), custodian, BatchId.unwrap(id));
    }

    /// @dev Counts batches that `custodian` holds from now on.
    function _hold(address custodian, uint256 count) internal {
        unchecked {
            // One for each batch at most.
            _held[custodian] += count;
        }
    }

    /// @dev Counts batches that another holds from now on.
    function _handHeld(address from, address to, uint256 count) internal {
        if (from == to || count == 0) return;
        unchecked {
            _held[from] -= count;
        }
        _hold(to, count);
    }

    /// @dev Moves custody of a batch; the caller counts it. `trail` is what its trail is from now on.
    function _move(BatchId id, Lot storage lot, address from, address to, bytes12 trail) internal {
        lot.custody = CustodyLibrary.create(to, trail);
        emit IERC721.Transfer(from, to, BatchId.unwrap(id));
    }

    /// @dev Takes `requested` milligrams of a batch, of every pool its part, and tells it in `taken`. Stores what is left of
    /// its substances, not of its state. A batch without mass is consumed. Neither use nor event is counted.
    /// @return rest What is left of `state`.
    function _take(BatchId id, Lot storage lot, BatchState state, uint256 requested, Taken memory taken)
        internal
        returns (BatchState rest)
    {
        uint256 whole = state.mass();
        if (requested == 0) revert ZeroMass();
        uint256 part = requested == IN_FULL && whole != 0 ? whole : requested;
        // Rule 7: nothing beyond what is left.
        if (part > whole) revert InsufficientMass(id, part, whole);
        BatchState pools = state.part(part, whole);
        _tell(taken, pools);
        taken.substances = _takeStored(lot, state.substances(), part, whole);
        rest = state.minus(pools);
        // Rule 7: a batch without mass is used up.
        if (part == whole) rest = rest.withStatus(BatchStatus.Consumed);
    }

    /// @dev Tells pools as what was taken.
    function _tell(Taken memory taken, BatchState pools) internal pure {
        taken.mass = pools.mass();
        taken.ownCo2e = pools.ownCo2e();
        taken.inheritedCo2e = pools.inheritedCo2e();
        taken.primaryCo2e = pools.primaryCo2e();
    }

    /// @dev Take: of each of a batch's `count` substances, the part that goes with `part` of `whole` milligrams of the batch.
    function _takeStored(Lot storage lot, uint256 count, uint256 part, uint256 whole)
        private
        returns (SubstanceMass[] memory taken)
    {
        taken = new SubstanceMass[](count);
        if (count == 0) return taken;
        SubstancePools word = lot.pools[0];
        uint256 index = 0;
        uint256 lane = 0;
        unchecked {
            for (uint256 i = 0; i < count; ++i) {
                if (lane == SubstancePoolsLibrary.PER_WORD) {
                    _storeWord(lot, index, word);
                    word = lot.pools[++index];
                    lane = 0;
                }
                SubstanceMass memory entry = taken[i];
                (uint16 substance, uint64 mass) = word.at(lane);
                // At most the pool, so that the cast does not truncate.
                mass = uint64(Pools.take(mass, part, whole));
                word = word.less(lane++, mass);
                entry.substance = substance;
                entry.mass = mass;
            }
        }
        _storeWord(lot, index, word);
    }

    /// @dev Take: of every substance, the part that goes with `part` of `whole` milligrams of the batch.
    function _takeSubstances(SubstanceMass[] memory substances, uint256 part, uint256 whole)
        internal
        pure
        returns (SubstanceMass[] memory taken)
    {
        uint256 count = substances.length;
        taken = new SubstanceMass[](count);
        for (uint256 i = 0; i < count; ++i) {
            SubstanceMass memory pool = substances[i];
            uint64 mass = uint64(Pools.take(pool.mass, part, whole));
            taken[i].substance = pool.substance;
            taken[i].mass = mass;
            pool.mass -= mass;
        }
    }

    /// @dev Puts what a reversed operation took back into the batch, on top of what it holds now (Rule 8). Stores its
    /// substances, not its state. A consumed batch is active again. Neither use nor event is counted.
    function _putBack(Lot storage lot, BatchState state, Taken memory taken) internal returns (BatchState whole) {
        if (taken.substances.length != 0) _putSubstancesBack(lot, taken.substances);
        unchecked {
            _requireBothFit(uint256(state.mass()) + taken.mass, uint256(state.ownCo2e()) + taken.ownCo2e);
            _requireBothFit(
                uint256(state.inheritedCo2e()) + taken.inheritedCo2e, uint256(state.primaryCo2e()) + taken.primaryCo2e
            );
        }
        whole = state.plus(_poolsOf(taken));
        if (whole.isIn(BatchStatus.Consumed)) whole = whole.withStatus(BatchStatus.Active);
    }

    /// @param taken Of the batch's substances those that it had then; an auditor can have found others since (Rule 5).
    function _putSubstancesBack(Lot storage lot, SubstanceMass[] memory taken) private {
        SubstancePools word = lot.pools[0];
        uint256 index = 0;
        uint256 lane = 0;
        unchecked {
            for (uint256 i = 0; i < taken.length; ++i) {
                SubstanceMass memory back = taken[i];
                (uint16 substance, uint64 mass) = word.at(lane);
                // Both ascend, and a batch never ceases to list a substance.
                while (substance != back.substance) {
                    if (++lane == SubstancePoolsLibrary.PER_WORD) {
                        _storeWord(lot, index, word);
                        word = lot.pools[++index];
                        lane = 0;
                    }
                    (substance, mass) = word.at(lane);
                }
                _requireFit(uint256(mass) + back.mass);
                word = word.more(lane, back.mass);
            }
        }
        _storeWord(lot, index, word);
    }

    /// @dev The pools of a batch that is all of what was taken.
    function _poolsOf(Taken memory taken) internal pure returns (BatchState) {
        return BatchStateLibrary.fromPools(taken.mass, taken.ownCo2e, taken.inheritedCo2e, taken.primaryCo2e);
    }

    /// @dev `state` with emissions added to the batch's own.
    function _addOwn(BatchState state, uint256 emissions, uint256 primary) internal pure returns (BatchState) {
        // Most add nothing. Else sums of a stored quantity and a few 64-bit ones.
        if (emissions | primary == 0) return state;
        unchecked {
            _requireBothFit(state.ownCo2e() + emissions, state.primaryCo2e() + primary);
        }
        return state.plus(BatchStateLibrary.fromPools(0, emissions, 0, primary));
    }

    function _loadSubstances(Lot storage lot, BatchState state)
        internal
        view
        returns (MaterialId material, SubstanceMass[] memory substances)
    {
        uint256 count = state.substances();
        substances = new SubstanceMass[](count);
        SubstancePools word = lot.pools[0];
        material = word.material();
        unchecked {
            uint256 i = 0;
            uint256 index = 0;
            while (i < count) {
                for (uint256 lane = 0; lane < SubstancePoolsLibrary.PER_WORD && i < count; ++lane) {
                    SubstanceMass memory entry = substances[i++];
                    (entry.substance, entry.mass) = word.at(lane);
                }
                if (i < count) word = lot.pools[++index];
            }
        }
    }

    function _storeSubstances(Lot storage lot, MaterialId material, SubstanceMass[] memory substances) internal {
        uint256 count = substances.length;
        SubstancePools word = SubstancePoolsLibrary.create(material);
        uint256 index = 0;
        uint256 lane = 0;
        unchecked {
            for (uint256 i = 0; i < count; ++i) {
                if (lane == SubstancePoolsLibrary.PER_WORD) {
                    _storeWord(lot, index++, word);
                    (word, lane) = (SubstancePools.wrap(0), 0);
                }
                SubstanceMass memory entry = substances[i];
                // A substance weighs no more than a batch can, which fits.
                word = word.add(lane++, entry.substance, entry.mass);
            }
        }
        _storeWord(lot, index, word);
    }

    /// @dev Most batches have one word: where it is, is known when this is compiled.
    function _storeWord(Lot storage lot, uint256 index, SubstancePools word) private {
        if (index == 0) lot.pools[0] = word;
        else lot.pools[index] = word;
    }

    /// @dev Keeps the tolerance used, where there is some, or its parts lie apart; the caller stores the state.
    function _withDifferences(Lot storage lot, BatchState state, Differences used) internal returns (BatchState) {
        if (!used.isNone() || !lot.spread.isNone()) {
            lot.differences = used;
            return state.with(BatchStateLibrary.DIFFERENCES);
        }
        if (!state.has(BatchStateLibrary.DIFFERENCES)) return state;
        lot.differences = DifferencesLibrary.NONE;
        return state.without(BatchStateLibrary.DIFFERENCES);
    }

    function _materialOf(Lot storage lot) internal view returns (MaterialId) {
        return lot.pools[0].material();
    }

    /// @dev Counts a use of the batch and an event that names it. For what goes on when the events are full.
    function _usedAndNamed(BatchState state) internal pure returns (BatchState) {
        return state.used().named();
    }

    /// @dev Counts an event that names the batch, which must not be full: for all but split, ship, receive and retire.
    function _named(BatchId id, BatchState state) internal pure returns (BatchState) {
        // Rule 14: a reader could not tell any more whether it has got all events.
        if (state.events() == BatchStateLibrary.MOST_EVENTS) revert BatchIsFull(id);
        return state.named();
    }

    /// @dev For whom the caller acts, whether or not that participant may act now (Rule 1).
    function _participant() internal view returns (address) {
        return _admission.participantOf(msg.sender);
    }

    function _substancesOf(MaterialId material) internal view returns (SubstanceSet) {
        return _admission.substancesOf(material);
    }

    function _requireKnown(BatchId id) internal view returns (Lot storage lot, BatchState state) {
        lot = _lots[id];
        state = lot.state;
        if (!state.exists()) revert UnknownBatch(id);
    }

    /// @dev The batch exists and `participant` holds it, in whatever state.
    function _requireCustody(BatchId id, address participant)
        internal
        view
        returns (Lot storage lot, BatchState state)
    {
        (lot, state) = _requireKnown(id);
        address custodian = lot.custody.custodian();
        // Rule 3: only the custodian acts on a batch.
        if (custodian != participant) revert NotCustodian(id, participant, custodian);
    }

    /// @dev Besides, it is active, and neither held nor frozen.
    function _requireUsable(BatchId id, address participant) internal view returns (Lot storage lot, BatchState state) {
        (lot, state) = _requireCustody(id, participant);
        // Rule 7, Rule 8, Rule 10: neither what is used nor what is declared in error or held.
        if (!state.isUsable()) _refuse(id, state);
    }

    /// @dev Says why a batch of that state cannot be used.
    function _refuse(BatchId id, BatchState state) internal pure {
        if (state.has(BatchStateLibrary.FROZEN)) revert BatchIsFrozen(id);
        _requireNotHeld(id, state);
        revert BatchNotActive(id, state.status());
    }

    /// @dev Rule 10.
    function _requireNotHeld(BatchId id, BatchState state) internal pure {
        if (state.has(BatchStateLibrary.HELD_BY_AUDITOR)) revert BatchIsHeld(id, HoldKind.Auditor);
        if (state.has(BatchStateLibrary.HELD_BY_CUSTODIAN)) revert BatchIsHeld(id, HoldKind.Custodian);
    }

    /// @dev The batch is as the caller saw it.
    /// @param expected `after`: the events that named it so far.
    function _requireExpected(BatchId id, BatchState state, uint256 expected) internal pure {
        // Rule 14.
        if (state.events() != expected) revert BatchChanged(id, expected, state.events());
    }

    /// @dev A batch that does not exist yet.
    function _newBatch(address creator, string calldata identifier)
        internal
        view
        returns (BatchId id, Lot storage lot)
    {
        _requireIdentifier(identifier);
        id = Ids.batch(creator, identifier);
        lot = _lots[id];
        // Rule 7, Rule 8: an identifier is used once, also if its batch is gone or reversed.
        if (lot.state.exists()) revert BatchAlreadyExists(id);
    }

    /// @dev All substances of a batch: ascending, of its material, together no heavier than the batch.
    function _requireSubstances(
        SubstanceMass[] memory substances,
        uint256 mass,
        MaterialId material,
        SubstanceSet allowed
    ) internal pure {
        uint16 previous = 0;
        uint256 sum = 0;
        for (uint256 i = 0; i < substances.length; ++i) {
            SubstanceMass memory pool = substances[i];
            uint16 substance = pool.substance;
            if (substance <= previous) revert SubstancesNotAscending(substance);
            bool found;
            (found, allowed) = allowed.seek(substance);
            // Rule 4: substances of its material only.
            if (!found) revert SubstanceNotInMaterial(material, substance);
            unchecked {
                // At most fifteen 64-bit masses.
                sum += pool.mass;
            }
            previous = substance;
        }
        if (sum > mass) revert SubstancesExceedMass(sum, mass);
    }

    /// @dev What every new batch must be by itself.
    /// @param allowed What its material may hold, and is.
    /// @return offSpecification Whether it is outside its material's contents, by a permit.
    function _requireMaterial(
        BatchId id,
        MaterialId material,
        SubstanceSet allowed,
        uint64 mass,
        SubstanceMass[] memory substances
    ) internal view returns (bool offSpecification) {
        if (mass == 0) revert ZeroMass();
        _requireFit(mass);
        _requireSubstances(substances, mass, material, allowed);
        // Rule 2: within its material's contents, or permitted.
        return allowed.isBounded() && _admission.requireContent(material, mass, substances, id);
    }

    /// @dev Counts milligrams against the facility's capacity in the year in which it is said to have happened.
    function _useCapacity(
        FacilityId facility,
        MaterialId material,
        Origin origin,
        uint64 occurredAt,
        uint256 mass,
        uint256 capacity
    ) internal {
        // Rule 2: the year is that of the claimed time, so that what was mined last year counts there.
        uint256 year = CalendarYear.yearOf(occurredAt);
        bytes32 key = _capacityKey(facility, material, origin, year);
        uint256 used = _minted[key];
        uint256 remaining = used < capacity ? capacity - used : 0;
        if (mass > remaining) revert CapacityExceeded(facility, material, origin, year, mass, remaining);
        // At most the capacity, which fits. A capacity that was lowered below what was minted leaves none, and takes
        // nothing back (Rule 1).
        _minted[key] = uint64(used + mass);
    }

    /// @dev Gives back what `_useCapacity` counted.
    function _giveCapacityBack(FacilityId facility, MaterialId material, Origin origin, uint64 occurredAt, uint64 mass)
        internal
    {
        _minted[_capacityKey(facility, material, origin, CalendarYear.yearOf(occurredAt))] -= mass;
    }

    function _capacityKey(FacilityId facility, MaterialId material, Origin origin, uint256 year)
        internal
        pure
        returns (bytes32)
    {
        return keccak256(abi.encode(facility, material, origin, year));
    }

    /// @dev The three scopes together; none of the parts of them exceeds them.
    function _totalOf(Emissions memory emissions) internal pure returns (uint256 total) {
        total = emissions.total();
        uint256 part = emissions.primary();
        // Most tell nothing besides.
        if (emissions.parts != 0) {
            part = Math.max(part, emissions.biogenic());
            part = Math.max(part, Math.max(emissions.landUse(), emissions.aviation()));
        }
        // Rule 6: a part is a part.
        if (part > total) revert PartExceedsEmissions(part, total);
    }

    /// @dev Rule 2: nothing is made, received or taken back later than a day after its block.
    function _requireTime(uint64 occurredAt) internal view {
        if (occurredAt > block.timestamp + Limits.CLOCK_TOLERANCE) revert InTheFuture(occurredAt, block.timestamp);
    }

    /// @dev Rule 13: a list that names something, and no more than fits into a block.
    function _requireListed(string memory list, uint256 length, uint256 limit) internal pure {
        if (_isUnfit(length, limit)) _refuseList(list, length, limit);
    }

    /// @dev As `_requireListed`, where the list's name need not be put into memory to find that it fits.
    function _isUnfit(uint256 length, uint256 limit) internal pure returns (bool) {
        return length == 0 || length > limit;
    }

    function _refuseList(string memory list, uint256 length, uint256 limit) internal pure {
        if (length == 0) revert EmptyList(list);
        revert ListTooLong(list, length, limit);
    }

    function _requireIdentifier(string calldata identifier) internal pure {
        if (!Text.isIdentifier(identifier)) revert InvalidIdentifier(identifier);
    }

    /// @dev A text that says why, or how.
    function _requirePlain(string calldata text) internal pure {
        if (!Text.isPlain(text)) revert ControlCharacter(text);
    }

    /// @dev A quantity that a batch can hold.
    function _requireFit(uint256 quantity) internal pure {
        // Rule 13: the lane of a pool.
        if (quantity > BatchStateLibrary.LARGEST) revert QuantityTooLarge(quantity, BatchStateLibrary.LARGEST);
    }

    /// @dev As `_requireFit`, of two: the largest quantity has all bits of its lane set, so that both fit if their bits do.
    function _requireBothFit(uint256 one, uint256 other) internal pure {
        if (one | other <= BatchStateLibrary.LARGEST) return;
        _requireFit(one);
        _requireFit(other);
    }

    /// @dev What nobody can know when the entry of a trail is prepared.
    function _salt() internal view returns (bytes32) {
        return blockhash(block.number - 1);
    }
}
