// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ILedgerRecords} from "../interfaces/ILedgerRecords.sol";
import {IParticipantRegistry} from "../interfaces/IParticipantRegistry.sol";
import {BatchId, Ids, MaterialId} from "../types/Ids.sol";
import {AllocationRule, BatchStatus, ErrorReason, HoldKind, SubstanceMass} from "../types/Values.sol";
import {DailyActs} from "./DailyActs.sol";

/// @title What rarely happens to a lot: measurements, holds, errors, returns, taking back, recycling, assignment, title
abstract contract RareActs is DailyActs {
    function remeasure(uint256 seed) external {
        _seed = seed;
        (BatchId id, ILedgerRecords.Batch memory batch, bool ok) = _some(BatchStatus.Active);
        if (!ok) return;
        bool byAuditor = _chance(6);
        ILedgerRecords.Measurement memory measured = _chooseMeasurement(id, batch);
        address account = byAuditor ? auditor : batch.custodian;
        if (!_call(account, abi.encodeCall(ledger.remeasure, (measured)), "remeasure")) return;
        if (measured.substances.length != 0) _bookDifference(batch.substances, measured.substances, 1);
        _measured(id, batch, measured.mass, measured.substances, byAuditor);
        _name(_only(id));
    }

    function hold(uint256 seed) external {
        _seed = seed;
        (BatchId id, ILedgerRecords.Batch memory batch, bool ok) = _some(BatchStatus(_pick(1, 3)));
        if (!ok || !_chance(2)) return;
        HoldKind kind = HoldKind(_pick(0, 2));
        address account = _holder(kind, id, batch);
        Birth storage birth = _births[id];
        bytes memory input = abi.encodeCall(
            ledger.hold, (birth.creator, birth.identifier, kind, uint32(batch.events), "", YEAR_2026, _none())
        );
        if (_call(account, input, "hold")) _name(_only(id));
    }

    function release(uint256 seed) external {
        _seed = seed;
        (BatchId id, ILedgerRecords.Batch memory batch, bool ok) = _some(BatchStatus(_pick(1, 3)));
        for (uint256 i = 0; ok && i < 8 && !batch.heldByCustodian && !batch.heldByAuditor; ++i) {
            (id, batch, ok) = _some(BatchStatus(_pick(1, 3)));
        }
        if (!ok) return;
        HoldKind kind = batch.heldByAuditor ? HoldKind.Auditor : HoldKind(_pick(0, 1) * 2);
        Birth storage birth = _births[id];
        bytes memory input = abi.encodeCall(
            ledger.release, (birth.creator, birth.identifier, kind, uint32(batch.events), "", YEAR_2026, _none())
        );
        if (_call(_holder(kind, id, batch), input, "release")) _name(_only(id));
    }

    function _holder(HoldKind kind, BatchId id, ILedgerRecords.Batch memory batch) internal view returns (address) {
        if (kind == HoldKind.Custodian) return batch.custodian;
        return kind == HoldKind.Auditor ? auditor : _births[id].creator;
    }

    function declareError(uint256 seed) external {
        _seed = seed;
        if (!_chance(3) || batches.length == 0) return;
        BatchId id = batches[_pick(0, batches.length - 1)];
        _declare(id, _chance(2));
    }

    function _declare(BatchId id, bool byAuditor) internal returns (bool ok) {
        Birth storage birth = _births[id];
        bytes memory input = abi.encodeCall(
            ledger.declareError,
            (birth.creator, birth.identifier, ErrorReason.DidNotOccur, new BatchId[](0), YEAR_2026, _none())
        );
        ok = _call(byAuditor ? auditor : birth.creator, input, byAuditor ? "declareByAuditor" : "declareByMaker");
        if (ok) _name(_only(id));
    }

    /// @dev Sends a frozen lot back to who sent it.
    function sendBack(uint256 seed) external {
        _seed = seed;
        if (batches.length == 0) return;
        uint256 start = _pick(0, batches.length - 1);
        for (uint256 i = 0; i < batches.length; ++i) {
            BatchId id = batches[(start + i) % batches.length];
            if (_births[id].receipt.length == 0 || ledger.batchOf(id).status != BatchStatus.Active) continue;
            if (!ledger.batchOf(id).frozen && (!_chance(4) || !_declare(id, true))) return;
            _sendBack(id);
            return;
        }
    }

    function _sendBack(BatchId id) private {
        ILedgerRecords.Receipt[] memory receipts = new ILedgerRecords.Receipt[](1);
        receipts[0] = abi.decode(_births[id].receipt, (ILedgerRecords.Receipt));
        address holder = custodian[id];
        ILedgerRecords.Offer memory offer = _offerOf(_name(), _only(id), receipts[0].entry.sender);
        offer.emissions = _emissions();
        if (_call(holder, abi.encodeCall(ledger.returnShipment, (offer, receipts)), "return")) {
            _shipped(holder, offer);
        }
    }

    function takeBack(uint256 seed) external {
        _seed = seed;
        (BatchId id,, bool ok) = _some(BatchStatus.Delivered);
        if (ok) _takeBack(id);
    }

    function _takeBack(BatchId id) internal returns (bool ok) {
        ILedgerRecords.Batch memory before = ledger.batchOf(id);
        Birth storage birth = _births[id];
        bytes memory input =
            abi.encodeCall(ledger.takeBack, (birth.creator, birth.identifier, yard, YEAR_2026, _document()));
        ok = _call(recycler, input, "takeBack");
        if (!ok) return false;
        apart += int256(uint256(before.ownCo2e) + before.inheritedCo2e);
        apartPrimary += int256(uint256(before.primaryCo2e));
        takenBackMass += int256(uint256(before.mass));
        ILedgerRecords.TakeBackEntry memory entry;
        (entry.from, entry.uses) = (before.custodian, before.uses < 31 ? before.uses + 1 : 31);
        (entry.facility, entry.material, entry.occurredAt) = (yard, before.material, YEAR_2026);
        (entry.mass, entry.ownCo2e) = (before.mass, before.ownCo2e);
        (entry.inheritedCo2e, entry.primaryCo2e) = (before.inheritedCo2e, before.primaryCo2e);
        entry.salt = _salt();
        birth.takeBack = abi.encode(entry, before.trail);
        custodian[id] = recycler;
        _name(_only(id));
    }

    /// @dev What was taken back, or waste that arose elsewhere, at the recycler's yard.
    function recycle(uint256 seed) external {
        _seed = seed;
        if (batches.length == 0) return;
        uint256 start = _pick(0, batches.length - 1);
        for (uint256 i = 0; i < batches.length; ++i) {
            BatchId id = batches[(start + i) % batches.length];
            ILedgerRecords.Batch memory batch = ledger.batchOf(id);
            bool fit = batch.custodian == recycler && batch.status == BatchStatus.Active;
            if (!fit || !(batch.takenBack || batch.waste)) continue;
            ILedgerRecords.Transformation memory request = _run(_name(), _only(id), 1, 0);
            (request.facility, request.recycling) = (yard, true);
            (uint256 cobalt, uint256 nickel) = _chooseParts(request.inputs);
            request.allocation = AllocationRule.Mass;
            request.outputs = _chooseOutputs(_pick(0, cobalt), _pick(0, nickel), AllocationRule.Mass);
            (request.outputs[0].material, request.outputs[1].material) = (alloy, _chance(2) ? slag : alloy);
            request.emissions = _emissions();
            _recordRun(recycler, request, batch.takenBack ? "recycle" : "recycleWaste");
            return;
        }
    }

    /// @dev Stock of somebody who cannot act goes to somebody else; afterwards all may act again.
    function assign(uint256 seed) external {
        _seed = seed;
        if (!_chance(4)) return;
        (BatchId id, ILedgerRecords.Batch memory batch, bool ok) = _some(BatchStatus.Active);
        if (!ok) return;
        address to = _anyone();
        bool other = to != batch.custodian;
        if (other) _suspend(batch.custodian);
        bytes memory input = abi.encodeCall(ledger.assignStock, (id, to, "insolvency", YEAR_2026, _document()));
        ok = _call(consortium, input, "assign");
        if (ok && !other) _breach("stock assigned of an active custodian");
        if (other) {
            vm.prank(auditor);
            registry.reinstateParticipant(batch.custodian, "", YEAR_2026, _none());
        }
        if (!ok) return;
        custodian[id] = to;
        _name(_only(id));
    }

    function transferTitle(uint256 seed) external {
        _seed = seed;
        if (batches.length == 0) return;
        BatchId id = batches[_pick(0, batches.length - 1)];
        bytes memory input = abi.encodeCall(ledger.transferTitle, (id, _anyone(), YEAR_2026, _none()));
        if (_call(_anyone(), input, "title")) _name(_only(id));
    }
}
