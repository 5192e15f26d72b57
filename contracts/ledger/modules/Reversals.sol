// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ILedgerCorrections} from "../../interfaces/ILedgerCorrections.sol";
import {BatchState, BatchStateLibrary} from "../../types/BatchState.sol";
import {CustodyLibrary} from "../../types/Custody.sol";
import {BatchId, Ids, MaterialId, TransformationId} from "../../types/Ids.sol";
import {Differences, DifferencesLibrary} from "../../types/Differences.sol";
import {Spread} from "../../types/Spread.sol";
import {Emissions} from "../../types/Emissions.sol";
import {BatchStatus, SubstanceMass} from "../../types/Values.sol";
import {Module} from "./Module.sol";

/// @title Reversals
/// @notice Takes back what made batches, on which nobody has built (Rule 8): mints, splits, transformations.
/// @dev What was made holds nothing any more; what it was made of holds on top of what it has now what was taken of it.
/// States are asked before who asks: whoever may not reverse learns nothing that the ledger does not show.
abstract contract Reversals is Module, ILedgerCorrections {
    /// @dev What a transformation's slot holds once it is reversed.
    bytes32 private constant _REVERSED = bytes32(uint256(1));

    /// @inheritdoc ILedgerCorrections
    function reverseMint(
        address creator,
        string calldata identifier,
        MintEntry calldata entry,
        Reversal calldata reversal
    ) external throughTheLedger {
        _requirePlain(reversal.reason);
        BatchId batch = Ids.batch(creator, identifier);
        (Lot storage lot, BatchState state) = _requireMade(batch, creator, keccak256(abi.encode(entry)));
        address reversedBy = _requireAuthorOrAuditor(creator, creator);
        // Nothing was taken of it since, nor measured: it holds what was minted.
        _giveCapacityBack(entry.facility, entry.material, entry.origin, entry.occurredAt, state.mass());
        _dissolve(batch, lot, state);
        emit MintReversed(batch, reversedBy, reversal.occurredAt, reversal.reason, reversal.tag, reversal.evidence);
    }

    /// @inheritdoc ILedgerCorrections
    function reverseSplit(
        address creator,
        string calldata identifier,
        SplitEntry calldata entry,
        Reversal calldata reversal
    ) external throughTheLedger {
        _requirePlain(reversal.reason);
        BatchId batch = Ids.batch(creator, identifier);
        (Lot storage lot, BatchState state) = _requireMade(batch, creator, keccak256(abi.encode(entry)));
        address reversedBy = _requireAuthorOrAuditor(creator, creator);
        // With the emissions that were added to it since.
        Taken memory putBack = Taken(
            batch,
            state.mass(),
            state.ownCo2e(),
            state.inheritedCo2e(),
            state.primaryCo2e(),
            _dissolve(batch, lot, state)
        );
        _requireSameLife(entry.parent, state.has(BatchStateLibrary.TAKEN_BACK));
        _restore(entry.parent, creator, putBack, true);
        emit SplitReversed(
            batch,
            entry.parent,
            reversedBy,
            reversal.occurredAt,
            putBack,
            reversal.reason,
            reversal.tag,
            reversal.evidence
        );
    }

    /// @inheritdoc ILedgerCorrections
    function reverseTransformation(
        address participant,
        string calldata identifier,
        Emissions calldata recorded,
        Taken[] calldata inputs,
        BatchId[] calldata outputs,
        Reversal calldata reversal
    ) external throughTheLedger {
        _requirePlain(reversal.reason);
        TransformationId transformation = Ids.transformation(participant, identifier);
        // A reversed one's slot holds no hash.
        if (_transformations[transformation] != keccak256(abi.encode(recorded, inputs, outputs))) {
            revert NotAsRecorded(TransformationId.unwrap(transformation));
        }
        address reversedBy = _requireAuthorOrAuditor(participant, participant);
        _transformations[transformation] = _REVERSED;
        for (uint256 i = 0; i < outputs.length; ++i) {
            (Lot storage lot, BatchState state) = _requireKnown(outputs[i]);
            _requireUntouched(outputs[i], lot, state, participant, 0);
            _dissolve(outputs[i], lot, state);
        }
        Taken[] memory taken = inputs;
        for (uint256 i = 0; i < taken.length; ++i) {
            _requireSameLife(taken[i].batch, _tookTakenBack[transformation][taken[i].batch]);
        }
        _restoreAll(participant, taken);
        emit TransformationReversed(
            transformation,
            reversedBy,
            reversal.occurredAt,
            taken,
            outputs,
            reversal.reason,
            reversal.tag,
            reversal.evidence
        );
    }

    /// @dev What was made is as it was made, by that entry.
    function _requireMade(BatchId id, address creator, bytes32 entry)
        private
        view
        returns (Lot storage lot, BatchState state)
    {
        (lot, state) = _requireKnown(id);
        if (state.status() == BatchStatus.Reversed) revert NotAsRecorded(BatchId.unwrap(id));
        _requireUntouched(id, lot, state, creator, 0);
        _requireTrail(id, lot, 0, entry);
    }

    /// @dev `entry` is the last of the batch's trail.
    /// @param before The trail before it.
    function _requireTrail(BatchId id, Lot storage lot, bytes12 before, bytes32 entry) internal view {
        if (lot.custody.trail() != CustodyLibrary.extended(before, entry)) revert NotAsRecorded(BatchId.unwrap(id));
    }

    /// @dev Rule 8: nobody has built on what was made: it is active, with its maker, not held or declared in error by
    /// an auditor, without an open finding, and nothing was taken, received or remeasured of it since. Its maker's own
    /// hold and freeze do not stand in the way.
    /// @param uses Those that it had with the record.
    function _requireUntouched(BatchId id, Lot storage lot, BatchState state, address maker, uint256 uses)
        internal
        view
    {
        bool untouched = state.status() == BatchStatus.Active && lot.custody.custodian() == maker
            && state.uses() == uses && uses != BatchStateLibrary.MOST_USES
            && !state.has(BatchStateLibrary.HELD_BY_AUDITOR | BatchStateLibrary.ERROR_BY_AUDITOR);
        if (!untouched || _admission.hasOpenFinding(id)) revert BuiltOn(id);
    }

    /// @dev Takes all that a batch holds out of it, for good.
    /// @return held The substances that it held.
    function _dissolve(BatchId id, Lot storage lot, BatchState state) private returns (SubstanceMass[] memory held) {
        MaterialId material;
        (material, held) = _loadSubstances(lot, state);
        SubstanceMass[] memory nothing = new SubstanceMass[](held.length);
        for (uint256 i = 0; i < held.length; ++i) {
            nothing[i].substance = held[i].substance;
        }
        _storeSubstances(lot, material, nothing);
        lot.state = _named(id, state).withoutPools().withStatus(BatchStatus.Reversed);
    }

    /// @dev Puts back what a transformation took. A batch that it took several times is named, and was used, once.
    function _restoreAll(address participant, Taken[] memory taken) private {
        for (uint256 i = 0; i < taken.length; ++i) {
            bool first = true;
            for (uint256 j = 0; first && j < i; ++j) {
                first = BatchId.unwrap(taken[j].batch) != BatchId.unwrap(taken[i].batch);
            }
            _restore(taken[i].batch, participant, taken[i], first);
        }
    }

    /// @dev Puts back into a batch what was taken of it. Rule 8: it is active or consumed and still with that
    /// participant; a held or frozen one may get back what is its own.
    /// @param first Whether the reversal has not named it yet.
    function _restore(BatchId id, address participant, Taken memory taken, bool first) private {
        (Lot storage lot, BatchState state) = _requireKnown(id);
        BatchStatus status = state.status();
        bool there = status == BatchStatus.Active || status == BatchStatus.Consumed;
        if (!there || lot.custody.custodian() != participant) revert BuiltOn(id);
        (MaterialId material, SubstanceMass[] memory substances) = _loadSubstances(lot, state);
        state = _putBack(state, substances, taken);
        _storeSubstances(lot, material, substances);
        state = _spreadWithPast(lot, state);
        lot.state = first ? _named(id, state.unused()) : state;
    }

    /// @dev Rule 5: what is put back is as it was before the batch was measured. Nobody earns a new tolerance by that.
    function _spreadWithPast(Lot storage lot, BatchState state) private returns (BatchState) {
        Spread past = lot.past;
        if (past.isNone()) return state;
        Differences used = state.has(BatchStateLibrary.DIFFERENCES) ? lot.differences : DifferencesLibrary.NONE;
        lot.spread = past.joined(lot.spread, used, used, state.substances() + 1);
        return _withDifferences(lot, state, used);
    }

    /// @dev Rule 9: what was taken of a product before it came back is not put into its second life.
    /// @param second Whether it was taken in it.
    function _requireSameLife(BatchId id, bool second) private view {
        if (_lots[id].state.has(BatchStateLibrary.TAKEN_BACK) && !second) revert BuiltOn(id);
    }
}
