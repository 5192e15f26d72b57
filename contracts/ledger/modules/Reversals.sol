// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ILedgerCorrections} from "../../interfaces/ILedgerCorrections.sol";
import {BatchState, BatchStateLibrary} from "../../types/BatchState.sol";
import {CustodyLibrary} from "../../types/Custody.sol";
import {BatchId, Ids, TransformationId} from "../../types/Ids.sol";
import {Differences, DifferencesLibrary} from "../../types/Differences.sol";
import {Spread} from "../../types/Spread.sol";
import {SubstancePoolsLibrary} from "../../types/SubstancePools.sol";
import {Emissions} from "../../types/Emissions.sol";
import {BatchStatus} from "../../types/Values.sol";
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
        Taken memory putBack;
        putBack.batch = batch;
        _tell(putBack, state);
        (, putBack.substances) = _loadSubstances(lot, state);
        _dissolve(batch, lot, state);
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
        Taken[] memory taken = inputs;
        if (_transformations[transformation] != keccak256(abi.encode(recorded, taken, Ids.words(outputs)))) {
            revert NotAsRecorded(TransformationId.unwrap(transformation));
        }
        address reversedBy = _requireAuthorOrAuditor(participant, participant);
        _transformations[transformation] = _REVERSED;
        for (uint256 i = 0; i < outputs.length; ++i) {
            (Lot storage lot, BatchState state) = _requireKnown(outputs[i]);
            _requireUntouched(outputs[i], lot, state, participant, 0);
            _dissolve(outputs[i], lot, state);
        }
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
        if (state.isIn(BatchStatus.Reversed)) revert NotAsRecorded(BatchId.unwrap(id));
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
        bool untouched = state.isIn(BatchStatus.Active) && lot.custody.custodian() == maker && state.uses() == uses
            && uses != BatchStateLibrary.MOST_USES
            && !state.has(BatchStateLibrary.HELD_BY_AUDITOR | BatchStateLibrary.ERROR_BY_AUDITOR);
        if (!untouched || _admission.hasOpenFinding(id)) revert BuiltOn(id);
    }

    /// @dev Takes all that a batch holds out of it, for good.
    function _dissolve(BatchId id, Lot storage lot, BatchState state) private {
        uint256 count = state.substances();
        for (uint256 i = 0; i < count; i += SubstancePoolsLibrary.PER_WORD) {
            uint256 index = i / SubstancePoolsLibrary.PER_WORD;
            lot.pools[index] = lot.pools[index].withoutMasses();
        }
        lot.state = _named(id, state).withoutPools().withStatus(BatchStatus.Reversed);
    }

    /// @dev Puts back what a transformation took. A batch that it took several times is named, and was used, once.
    function _restoreAll(address participant, Taken[] memory taken) private {
        for (uint256 i = 0; i < taken.length; ++i) {
            Taken memory one = taken[i];
            bool first = true;
            for (uint256 j = 0; first && j < i; ++j) {
                first = BatchId.unwrap(taken[j].batch) != BatchId.unwrap(one.batch);
            }
            _restore(one.batch, participant, one, first);
        }
    }

    /// @dev Puts back into a batch what was taken of it. Rule 8: it is active or consumed and still with that
    /// participant; a held or frozen one may get back what is its own.
    /// @param first Whether the reversal has not named it yet.
    function _restore(BatchId id, address participant, Taken memory taken, bool first) private {
        (Lot storage lot, BatchState state) = _requireKnown(id);
        bool there = state.isIn(BatchStatus.Active) || state.isIn(BatchStatus.Consumed);
        if (!there || lot.custody.custodian() != participant) revert BuiltOn(id);
        state = _putBack(lot, state, taken);
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
