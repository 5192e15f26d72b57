// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ILedgerRecords} from "../interfaces/ILedgerRecords.sol";
import {BatchId, Ids, MaterialId} from "../types/Ids.sol";
import {Emissions} from "../types/Emissions.sol";
import {BatchStatus, Difference, Origin, RecordKind, SubstanceMass} from "../types/Values.sol";
import {RareActs} from "./RareActs.sol";

/// @title What puts right: reversals and restatements
abstract contract CorrectiveActs is RareActs {
    function reverseMint(uint256 seed) external {
        _seed = seed;
        (BatchId id, bool ok) = _someOf(Making.Minted);
        if (ok) _undoMint(id);
    }

    function _undoMint(BatchId id) internal returns (bool) {
        Birth storage birth = _births[id];
        ILedgerRecords.MintEntry memory entry = abi.decode(birth.entry, (ILedgerRecords.MintEntry));
        ILedgerRecords.Batch memory before = ledger.batchOf(id);
        bytes memory input = abi.encodeCall(ledger.reverseMint, (birth.creator, birth.identifier, entry, _reversal()));
        if (!_call(birth.creator, input, "reverseMint")) return false;
        _bookAll(minted, before.substances, -1);
        quota[entry.material][entry.origin] -= int256(uint256(before.mass));
        _withdraw(before);
        untracedMinted -= untracedShare[id] * int256(_of(before.substances, COBALT));
        _name(_only(id));
        return true;
    }

    function reverseSplit(uint256 seed) external {
        _seed = seed;
        (BatchId id, bool ok) = _someOf(Making.Split);
        if (ok) _undoSplit(id);
    }

    function _undoSplit(BatchId id) internal returns (bool) {
        Birth storage birth = _births[id];
        ILedgerRecords.SplitEntry memory entry = abi.decode(birth.entry, (ILedgerRecords.SplitEntry));
        bool empty = ledger.batchOf(entry.parent).mass == 0;
        bytes memory input = abi.encodeCall(ledger.reverseSplit, (birth.creator, birth.identifier, entry, _reversal()));
        if (!_call(birth.creator, input, "reverseSplit")) return false;
        Range memory back = _ranges[id];
        _ranges[entry.parent] = empty ? back : _widest(_ranges[entry.parent], back);
        _name(_both(id, entry.parent));
        return true;
    }

    function reverseTransformation(uint256 seed) external {
        _seed = seed;
        if (_runs.length == 0) return;
        _undoRun(_pick(0, _runs.length - 1));
    }

    function _undoRun(uint256 index) internal returns (bool) {
        Running storage run = _runs[index];
        ILedgerRecords.Taken[] memory taken = abi.decode(run.taken, (ILedgerRecords.Taken[]));
        ILedgerRecords.Batch[] memory made = _batchesOf(run.outputs);
        bytes memory input = abi.encodeCall(
            ledger.reverseTransformation,
            (run.participant, run.identifier, run.emissions, taken, run.outputs, _reversal())
        );
        BatchId[] memory inputs = new BatchId[](taken.length);
        bool[] memory empty = new bool[](taken.length);
        for (uint256 i = 0; i < taken.length; ++i) {
            inputs[i] = taken[i].batch;
            empty[i] = ledger.batchOf(taken[i].batch).mass == 0;
        }
        if (!_call(run.participant, input, "reverseTransformation")) return false;
        if (run.reversed) _breach("a run reversed twice");
        run.reversed = true;
        for (uint256 i = 0; i < made.length; ++i) {
            _withdraw(made[i]);
        }
        for (uint256 i = 0; i < taken.length; ++i) {
            emitted += int256(uint256(taken[i].ownCo2e) + taken[i].inheritedCo2e);
            emittedPrimary += int256(uint256(taken[i].primaryCo2e));
        }
        _bookAll(lost, abi.decode(run.losses, (SubstanceMass[])), -1);
        _unblend(index, inputs, empty);
        _name(run.outputs);
        _name(inputs);
        return true;
    }

    function reverseReceipt(uint256 seed) external {
        _seed = seed;
        if (batches.length == 0) return;
        uint256 start = _pick(0, batches.length - 1);
        for (uint256 i = 0; i < batches.length; ++i) {
            BatchId id = batches[(start + i) % batches.length];
            if (_births[id].receipt.length == 0) continue;
            _undoReceipt(id);
            return;
        }
    }

    function _undoReceipt(BatchId id) internal returns (bool) {
        ILedgerRecords.Receipt[] memory receipts = new ILedgerRecords.Receipt[](1);
        receipts[0] = abi.decode(_births[id].receipt, (ILedgerRecords.Receipt));
        ILedgerRecords.ReceiptEntry memory entry = receipts[0].entry;
        Shipping storage shipping = _shippingOf(entry);
        bytes memory input = abi.encodeCall(
            ledger.reverseReceipt,
            (
                shipping.sender,
                shipping.identifier,
                shipping.receiver,
                _openOf(shipping),
                _only(id),
                receipts,
                _reversal()
            )
        );
        if (!_call(shipping.receiver, input, "reverseReceipt")) return false;
        delete _births[id].receipt;
        shipping.open.push(id);
        custodian[id] = entry.sender;
        if (_arrivals[id] == Difference.Loss) _unlose(id, entry);
        if (_arrivals[id] == Difference.Measurement) {
            _bookDifference(entry.substances, entry.arrivedSubstances, -1);
            int256 more = int256(_of(entry.arrivedSubstances, COBALT)) - int256(_of(entry.substances, COBALT));
            untracedBooked -= untracedShare[id] * more;
            _ranges[id] = _rangesBefore[id];
        }
        _name(_only(id));
        return true;
    }

    function _shippingOf(ILedgerRecords.ReceiptEntry memory entry) private view returns (Shipping storage shipping) {
        shipping = _shipments[0];
        for (uint256 i = 0; i < _shipments.length; ++i) {
            shipping = _shipments[i];
            uint256 id = uint256(keccak256(abi.encode(shipping.sender, shipping.identifier)));
            if (id == uint256(bytes32(abi.encode(entry.shipment)))) return shipping;
        }
    }

    function _unlose(BatchId id, ILedgerRecords.ReceiptEntry memory entry) private {
        _bookAll(lost, entry.substances, -1);
        _bookAll(lost, entry.arrivedSubstances, 1);
        int256 less = int256(_of(entry.substances, COBALT)) - int256(_of(entry.arrivedSubstances, COBALT));
        untracedLost -= untracedShare[id] * less;
    }

    function reverseRetirement(uint256 seed) external {
        _seed = seed;
        bool delivered = _chance(2);
        (BatchId id,, bool ok) = _some(delivered ? BatchStatus.Delivered : BatchStatus.Retired);
        if (ok && _chance(3)) _undoRetirement(id, delivered);
    }

    function _undoRetirement(BatchId id, bool delivered) internal returns (bool) {
        uint32 expected = _eventsOf(id);
        bytes memory input = abi.encodeCall(ledger.reverseRetirement, (id, expected, _reversal()));
        address author = custodian[id];
        // Rule 8: that a product was delivered is taken back by an auditor only.
        if (delivered && _call(author, input, "reverseRetirement")) _breach("a delivery reversed by who delivered");
        if (!_call(delivered ? auditor : author, input, "reverseRetirement")) return false;
        _name(_only(id));
        return true;
    }

    function reverseTakeBack(uint256 seed) external {
        _seed = seed;
        if (batches.length == 0) return;
        uint256 start = _pick(0, batches.length - 1);
        for (uint256 i = 0; i < batches.length; ++i) {
            BatchId id = batches[(start + i) % batches.length];
            if (_births[id].takeBack.length == 0) continue;
            _undoTakeBack(id);
            return;
        }
    }

    function _undoTakeBack(BatchId id) internal returns (bool) {
        Birth storage birth = _births[id];
        (ILedgerRecords.TakeBackEntry memory entry, bytes12 before) =
            abi.decode(birth.takeBack, (ILedgerRecords.TakeBackEntry, bytes12));
        bytes memory input =
            abi.encodeCall(ledger.reverseTakeBack, (birth.creator, birth.identifier, entry, before, _reversal()));
        if (!_call(recycler, input, "reverseTakeBack")) return false;
        delete birth.takeBack;
        apart -= int256(uint256(entry.ownCo2e) + entry.inheritedCo2e);
        apartPrimary -= int256(uint256(entry.primaryCo2e));
        takenBackMass -= int256(uint256(entry.mass));
        custodian[id] = entry.from;
        _name(_only(id));
        return true;
    }

    function reverseError(uint256 seed) external {
        _seed = seed;
        if (batches.length == 0) return;
        uint256 start = _pick(0, batches.length - 1);
        for (uint256 i = 0; i < batches.length; ++i) {
            BatchId id = batches[(start + i) % batches.length];
            ILedgerRecords.Batch memory batch = ledger.batchOf(id);
            if (!batch.errorByAuditor && !batch.disputed) continue;
            _undoError(id, batch.errorByAuditor);
            return;
        }
    }

    function _undoError(BatchId id, bool byAuditor) internal returns (bool) {
        Birth storage birth = _births[id];
        uint32 expected = _eventsOf(id);
        bytes memory input =
            abi.encodeCall(ledger.reverseError, (birth.creator, birth.identifier, byAuditor, expected, _reversal()));
        if (!_call(byAuditor ? auditor : birth.creator, input, "reverseError")) return false;
        _name(_only(id));
        return true;
    }

    // Restatements name every batch of the record, and change nothing else.

    function restate(uint256 seed) external {
        _seed = seed;
        ILedgerRecords.Restatement memory restatement = _restatement(_emissions());
        restatement.evidence = _document();
        uint256 way = _pick(0, 3);
        if (way == 0) _restateRun(restatement);
        else if (way == 1) _restateShipment(restatement);
        else if (way == 2) _restateAdded(restatement);
        else _restateMint(restatement);
    }

    function _restateRun(ILedgerRecords.Restatement memory restatement) private {
        if (_runs.length == 0) return;
        Running storage run = _runs[_pick(0, _runs.length - 1)];
        bytes memory input = abi.encodeCall(
            ledger.restateTransformation,
            (
                run.participant,
                run.identifier,
                run.emissions,
                abi.decode(run.taken, (ILedgerRecords.Taken[])),
                run.outputs,
                restatement
            )
        );
        if (!_call(run.participant, input, "restateRun")) return;
        if (run.reversed) _breach("a reversed run restated");
        _name(run.outputs);
        uint256 record = uint256(keccak256(abi.encode(run.participant, run.identifier)));
        _confirm(RecordKind.Transformation, record, run.participant, restatement.emissions, run.outputs);
    }

    function _restateShipment(ILedgerRecords.Restatement memory restatement) private {
        if (_shipments.length == 0) return;
        Shipping storage shipping = _shipments[_pick(0, _shipments.length - 1)];
        if (shipping.batches.length == 0) return;
        bytes memory input = abi.encodeCall(
            ledger.restateShipment,
            (
                shipping.sender,
                shipping.identifier,
                shipping.receiver,
                shipping.emissions,
                shipping.batches,
                shipping.open,
                restatement
            )
        );
        if (!_call(shipping.sender, input, "restateShipment")) return;
        _name(shipping.batches);
        uint256 record = uint256(keccak256(abi.encode(shipping.sender, shipping.identifier)));
        _confirm(RecordKind.Shipment, record, shipping.sender, restatement.emissions, shipping.batches);
    }

    function _restateAdded(ILedgerRecords.Restatement memory restatement) private {
        if (_records.length == 0) return;
        Added storage added = _records[_pick(0, _records.length - 1)];
        bytes memory input = abi.encodeCall(
            ledger.restateAdded, (added.custodian, added.identifier, added.batch, added.emissions, restatement)
        );
        if (!_call(added.custodian, input, "restateAdded")) return;
        _name(_only(added.batch));
        uint256 record = uint256(keccak256(abi.encode(added.custodian, added.identifier)));
        _confirm(RecordKind.Emissions, record, added.custodian, restatement.emissions, _only(added.batch));
    }

    /// @dev Of a batch that has not moved since; moves are other entries of its trail.
    function _restateMint(ILedgerRecords.Restatement memory restatement) private {
        (BatchId id, bool ok) = _someOf(Making.Minted);
        if (!ok) return;
        Birth storage birth = _births[id];
        ILedgerRecords.MintEntry memory entry = abi.decode(birth.entry, (ILedgerRecords.MintEntry));
        bytes memory input =
            abi.encodeCall(ledger.restateMint, (birth.creator, birth.identifier, entry, new bytes32[](0), restatement));
        if (!_call(birth.creator, input, "restateMint")) return;
        _name(_only(id));
        _confirm(RecordKind.Mint, BatchId.unwrap(id), birth.creator, restatement.emissions, _only(id));
    }

    function _confirm(
        RecordKind kind,
        uint256 record,
        address author,
        Emissions memory emissions,
        BatchId[] memory list
    ) private {
        bytes memory input = abi.encodeCall(
            ledger.confirmRestatement, (kind, record, author, emissions, list, YEAR_2026, _document())
        );
        if (_call(auditor, input, "confirm")) _name(list);
    }

    function _someOf(Making making) internal returns (BatchId id, bool ok) {
        uint256 length = batches.length;
        if (length == 0) return (id, false);
        uint256 start = _pick(0, length - 1);
        for (uint256 i = 0; i < length && !ok; ++i) {
            id = batches[(start + i) % length];
            ok = _births[id].making == making && ledger.batchOf(id).status == BatchStatus.Active;
        }
    }
}
