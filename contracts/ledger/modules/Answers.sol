// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ILedgerHandling} from "../../interfaces/ILedgerHandling.sol";
import {BatchState, BatchStateLibrary} from "../../types/BatchState.sol";
import {CustodyLibrary} from "../../types/Custody.sol";
import {BatchId, Ids, MaterialId, ShipmentId} from "../../types/Ids.sol";
import {Limits} from "../../types/Limits.sol";
import {BatchStatus, Difference, Evidence, IN_FULL, SubstanceMass} from "../../types/Values.sol";
import {Measurements} from "./Measurements.sol";

/// @title Answers
/// @notice A receiver answers for each lot: received as it was sent or otherwise, refused, or not yet (Rule 3). What is
/// frozen goes back to who sent it.
abstract contract Answers is Measurements {
    /// @dev A shipment while it is answered.
    /// @param rest Lots that are open still: the first `restCount`; the other lists likewise.
    struct Answering {
        ShipmentId shipment;
        address sender;
        address receiver;
        BatchId[] rest;
        uint256 restCount;
        Arrived[] arrived;
        uint256 arrivedCount;
        BatchId[] refused;
        uint256 refusedCount;
    }

    /// @inheritdoc ILedgerHandling
    function answerShipment(
        address sender,
        string calldata identifier,
        Open calldata open,
        Answer[] calldata answers,
        string calldata reason,
        uint64 occurredAt,
        bytes32 tag,
        Evidence[] calldata evidence
    ) external throughTheLedger {
        _requireTime(occurredAt);
        _requirePlain(reason);
        _requireListed("answers", answers.length, Limits.LOTS);
        Answering memory work = _open(sender, open.open.length, answers);
        work.shipment = Ids.shipment(sender, identifier);
        _requireOpen(work.shipment, work.receiver, open.offer, open.open);
        _answerAll(work, open.open, answers);
        _shipments[work.shipment] = _commitmentTo(work.receiver, open.offer, work.rest);
        if (work.arrived.length != 0) {
            emit ShipmentReceived(work.shipment, work.receiver, occurredAt, work.arrived, tag, evidence);
        }
        if (work.refused.length != 0) {
            emit ShipmentRejected(work.shipment, work.receiver, occurredAt, reason, work.refused, tag, evidence);
        }
    }

    /// @inheritdoc ILedgerHandling
    function returnShipment(Offer calldata offer, Receipt[] calldata receipts)
        external
        throughTheLedger
        returns (ShipmentId shipment)
    {
        // Rule 1: both may act now.
        address receiver = offer.to;
        address sender = _admission.requireMayOffer(msg.sender, receiver);
        BatchId[] calldata batches = offer.batches;
        _requireListed("batches", batches.length, Limits.LOTS);
        _requireListed("receipts", receipts.length, batches.length);
        ShipmentId returnOf = receipts[0].entry.shipment;
        for (uint256 i = 0; i < batches.length; ++i) {
            // One receipt a lot: a missing one is no receipt of it.
            if (i >= receipts.length) revert NotAReturn(batches[i]);
            _requireReturn(batches[i], receipts[i], receiver, returnOf);
        }
        return _offer(sender, receiver, offer, BatchStatus.Returning, returnOf);
    }

    /// @dev Rule 8: what goes back is frozen; not held all the same (Rule 10).
    function _requireShippable(BatchId id, address sender)
        internal
        view
        override
        returns (Lot storage lot, BatchState state)
    {
        (lot, state) = _requireCustody(id, sender);
        _requireNotHeld(id, state);
        if (state.status() != BatchStatus.Active) revert BatchNotActive(id, state.status());
        if (!state.has(BatchStateLibrary.FROZEN)) revert NotAReturn(id);
    }

    /// @dev Rule 8: the lot came from there, last of all, by that shipment.
    function _requireReturn(BatchId id, Receipt calldata receipt, address to, ShipmentId returnOf) private view {
        bytes12 trail = CustodyLibrary.extended(receipt.before, keccak256(abi.encode(receipt.entry)));
        bool came = _lots[id].custody.trail() == trail && receipt.entry.sender == to
            && ShipmentId.unwrap(receipt.entry.shipment) == ShipmentId.unwrap(returnOf);
        if (!came) revert NotAReturn(id);
    }

    /// @dev Who answers, and room for what is answered.
    function _open(address sender, uint256 count, Answer[] calldata answers)
        private
        view
        returns (Answering memory work)
    {
        uint256 refused = 0;
        for (uint256 i = 0; i < answers.length; ++i) {
            if (answers[i].refused) ++refused;
        }
        work.sender = sender;
        // Rule 1: refusing is for those who may not act, too; else the sender's goods would be stuck.
        work.receiver = refused == answers.length
            ? _admission.participantOf(msg.sender)
            : _admission.requireMayReceive(msg.sender, sender);
        work.rest = new BatchId[](count < answers.length ? 0 : count - answers.length);
        work.arrived = new Arrived[](answers.length - refused);
        work.refused = new BatchId[](refused);
    }

    /// @dev Goes through open lots and answers together, as both have one order.
    function _answerAll(Answering memory work, BatchId[] calldata open, Answer[] calldata answers) private {
        uint256 next = 0;
        for (uint256 i = 0; i < open.length; ++i) {
            if (next < answers.length && BatchId.unwrap(answers[next].batch) == BatchId.unwrap(open[i])) {
                _answer(work, answers[next]);
                ++next;
            } else if (work.restCount < work.rest.length) {
                work.rest[work.restCount++] = open[i];
            } else {
                // More are left than there can be: an answer names none of them.
                break;
            }
        }
        if (next < answers.length) revert LotNotOpen(work.shipment, answers[next].batch);
        _handHeld(work.sender, work.receiver, work.arrivedCount);
    }

    function _answer(Answering memory work, Answer calldata answer) private {
        BatchId id = answer.batch;
        Lot storage lot = _lots[id];
        BatchState state = lot.state;
        _requireExpected(id, state, answer.expected);
        if (answer.refused) {
            _requireNoDifference(answer, state.mass());
            // Rule 8, Rule 10: also what is held or frozen.
            _giveBack(id);
            work.refused[work.refusedCount++] = id;
        } else {
            _requireReceivable(id, state);
            work.arrived[work.arrivedCount++] = _receive(work, lot, state, answer);
        }
    }

    /// @dev Takes custody of a lot, as it arrived.
    function _receive(Answering memory work, Lot storage lot, BatchState state, Answer calldata answer)
        private
        returns (Arrived memory arrived)
    {
        BatchId id = answer.batch;
        ReceiptEntry memory entry = _receiptOf(work.shipment, work.sender, lot, state);
        arrived.batch = id;
        arrived.mass = answer.mass == IN_FULL ? entry.mass : answer.mass;
        arrived.difference = answer.difference;
        if (arrived.mass == 0) revert ZeroMass();
        if (answer.difference == Difference.None) {
            _requireNoDifference(answer, entry.mass);
        } else {
            entry.arrived = arrived.mass;
            state = _differ(lot, state, answer, arrived, entry);
            entry.arrivedDifferences = _differencesOf(lot, state);
        }
        _handOver(id, lot, _usedAndNamed(state), work.sender, work.receiver, keccak256(abi.encode(entry)));
    }

    /// @dev Rule 3: what arrived otherwise than it was sent, and why.
    function _differ(
        Lot storage lot,
        BatchState state,
        Answer calldata answer,
        Arrived memory arrived,
        ReceiptEntry memory entry
    ) private returns (BatchState) {
        if (answer.difference == Difference.Measurement) {
            return _arriveMeasured(lot, state, answer, arrived, entry);
        }
        bool less = arrived.mass < entry.mass && answer.substances.length == 0;
        if (!less) _refuseDifference(answer, entry.mass);
        (MaterialId material, SubstanceMass[] memory substances) = _loadSubstances(lot, state);
        if (answer.difference == Difference.Moisture) {
            // Rule 3: water weighs, and holds nothing; floors of takes can leave a milligram a substance over.
            if (_sumOf(substances) > arrived.mass + substances.length) _refuseDifference(answer, entry.mass);
            return state.withMass(arrived.mass);
        }
        (, entry.substances) = _loadSubstances(lot, state);
        // Take: of the substances; the CO2e was emitted whether or not the goods arrived.
        arrived.substances = _takeSubstances(substances, entry.mass - arrived.mass, entry.mass);
        _storeSubstances(lot, material, substances);
        entry.arrivedSubstances = substances;
        return state.withMass(arrived.mass);
    }

    /// @dev Rule 5: the receiver's measurement, within the material's tolerances.
    function _arriveMeasured(
        Lot storage lot,
        BatchState state,
        Answer calldata answer,
        Arrived memory arrived,
        ReceiptEntry memory entry
    ) private returns (BatchState) {
        Measuring memory work = _begin(answer.batch, lot, state, false);
        state = _measure(work, lot, state, arrived.mass, answer.substances);
        arrived.substances = work.measured;
        bool same = keccak256(abi.encode(work.before)) == keccak256(abi.encode(work.measured));
        if (same && arrived.mass == entry.mass) _refuseDifference(answer, entry.mass);
        if (!same) (entry.substances, entry.arrivedSubstances) = (work.before, work.measured);
        return state;
    }

    /// @dev Rule 3: without a reason nothing differs.
    function _requireNoDifference(Answer calldata answer, uint64 sent) private pure {
        bool same = answer.mass == IN_FULL || answer.mass == sent || (answer.refused && answer.mass == 0);
        if (!same || answer.difference != Difference.None || answer.substances.length != 0) {
            _refuseDifference(answer, sent);
        }
    }

    function _refuseDifference(Answer calldata answer, uint64 sent) private pure {
        revert DifferenceNotExplained(answer.batch, answer.difference, answer.mass, sent);
    }
}
