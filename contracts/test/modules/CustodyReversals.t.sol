// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ILedgerRecords} from "../../interfaces/ILedgerRecords.sol";
import {BatchId, ShipmentId} from "../../types/Ids.sol";
import {Emissions} from "../../types/Emissions.sol";
import {BatchStatus, Difference, HoldKind, IN_FULL, Retirement, SubstanceMass} from "../../types/Values.sol";
import {Past} from "./Past.sol";
import {Named} from "../Named.sol";

/// @title What moved or ended a batch is taken back, on which nobody has built (Rule 8)
contract CustodyReversalsTest is Past {
    BatchId private _lot;
    bytes32 private _sent;

    /// @dev A lot of fine ore, with metals and emissions, on its way from the mine to the refinery.
    function _send() private returns (ILedgerRecords.Receipt memory receipt) {
        ILedgerRecords.Mint memory request = _mintOf("A", 20 * TONNE);
        request.material = fines;
        request.substances = _holding(COBALT, 7 * TONNE, NICKEL, 3);
        request.emissions = _scope1(40, 4);
        _as(mine);
        _lot = ledger.mint(request);
        _ship(mine, "S", _only(_lot), refinery);
        _sent = _without(_lot);
        receipt = _receiptOf(mine, "S", _lot);
    }

    /// @dev The lot arrived with these substances.
    function _came(ILedgerRecords.Receipt memory receipt, uint64 mass) private view {
        ILedgerRecords.Batch memory now_ = ledger.batchOf(_lot);
        ILedgerRecords.ReceiptEntry memory entry = receipt.entry;
        entry.arrived = mass;
        entry.arrivedDifferences = _wordOf(now_.tolerance);
        entry.substances = _holding(COBALT, 7 * TONNE, NICKEL, 3);
        entry.arrivedSubstances = now_.substances;
    }

    function _takeBack(address account, ILedgerRecords.Receipt memory receipt) private {
        _reverseReceipt(account, mine, "S", refinery, _lot, receipt);
    }

    function _assertSentAgain() private view {
        assertTrue(_without(_lot) == _sent, "as it was sent");
        bytes32 open = keccak256(abi.encode(refinery, _open(_only(_lot)).offer, _only(_lot)));
        assertTrue(ledger.shipmentOf(_shipmentId(mine, "S")) == open, "open again");
        assertEq(token.ownerOf(BatchId.unwrap(_lot)), mine, "custodian");
    }

    // Receipts.

    function test_reverseReceipt_asSent() external {
        ILedgerRecords.Receipt memory receipt = _send();
        _receive(refinery, mine, "S", _only(_lot));
        assertEq(ledger.batchOf(_lot).uses, 1, "uses");
        vm.expectEmit(address(ledger));
        emit ILedgerRecords.ReceiptReversed(
            _shipmentId(mine, "S"), refinery, YEAR_2026, _only(_lot), "incorrect_data", TAG, _none()
        );
        _takeBack(refinery, receipt);
        _assertSentAgain();
        assertEq(_eventsOf(_lot), 4, "events");
        _arrive(refinery, mine, "S", _lot, 19 * TONNE, Difference.Moisture);
    }

    function test_reverseReceipt_ofALoss() external {
        ILedgerRecords.Receipt memory receipt = _send();
        _arrive(refinery, mine, "S", _lot, 19 * TONNE, Difference.Loss);
        _came(receipt, 19 * TONNE);
        _takeBack(refinery, receipt);
        _assertSentAgain();
    }

    function test_reverseReceipt_ofMoisture() external {
        ILedgerRecords.Receipt memory receipt = _send();
        _arrive(refinery, mine, "S", _lot, 19 * TONNE, Difference.Moisture);
        receipt.entry.arrived = 19 * TONNE;
        _takeBack(refinery, receipt);
        _assertSentAgain();
    }

    function test_reverseReceipt_ofAMeasurement() external {
        ILedgerRecords.Receipt memory receipt = _send();
        SubstanceMass[] memory measured = _holding(COBALT, 7 * TONNE + 70 * KG, NICKEL, 3);
        ILedgerRecords.Answer[] memory answers = new ILedgerRecords.Answer[](1);
        answers[0] = _arrived(_lot, 20 * TONNE + 20 * KG, Difference.Measurement);
        answers[0].substances = measured;
        _answer(refinery, mine, "S", _only(_lot), answers);
        assertEq(uint16(ledger.batchOf(_lot).tolerance[1]), 100, "cobalt, basis points");
        _came(receipt, 20 * TONNE + 20 * KG);
        _takeBack(refinery, receipt);
        _assertSentAgain();
    }

    function test_reverseReceipt_oneLotOfTwo() external {
        BatchId a = _mint("A", 2, 1);
        BatchId b = _mint("B", 2, 1);
        _ship(mine, "S", _both(a, b), refinery);
        ILedgerRecords.Receipt[] memory receipts = new ILedgerRecords.Receipt[](1);
        receipts[0] = _receiptOf(mine, "S", a);
        ILedgerRecords.Answer[] memory answers = new ILedgerRecords.Answer[](1);
        answers[0] = _arrived(a, IN_FULL, Difference.None);
        _answer(refinery, mine, "S", _both(a, b), answers);
        _as(refinery);
        ledger.reverseReceipt(mine, "S", refinery, _open(_both(a, b), _only(b)), _only(a), receipts, _reversal());
        ILedgerRecords.Open memory open = _open(_both(a, b), _both(b, a));
        uint32[] memory expected = _expected(_both(b, a));
        _as(refinery);
        ledger.receiveShipment(mine, "S", open, expected, YEAR_2026, TAG, _none());
        assertEq(ledger.batchOf(a).custodian, refinery, "received after all");
    }

    function test_reverseReceipt_withinNinetyDaysOfItsBlock() external {
        ILedgerRecords.Receipt memory receipt = _send();
        _receive(refinery, mine, "S", _only(_lot));
        vm.warp(YEAR_2026 + 90 days + 1);
        ShipmentId shipment = _shipmentId(mine, "S");
        _refused(abi.encodeWithSelector(ILedgerRecords.TooLate.selector, shipment, YEAR_2026));
        _takeBack(refinery, receipt);
        vm.warp(YEAR_2026 + 90 days);
        _takeBack(refinery, receipt);
        _assertSentAgain();
    }

    function test_reverseReceipt_whatWasAddedStaysAndTheReceiversHoldEnds() external {
        ILedgerRecords.Receipt memory receipt = _send();
        _receive(refinery, mine, "S", _only(_lot));
        _add(refinery, _lot, _scope1(5, 1));
        _hold(refinery, mine, "A", HoldKind.Custodian);
        _takeBack(refinery, receipt);
        _assertPools(_lot, 20 * TONNE, 7 * TONNE, 45, 0, 5);
        assertTrue(!ledger.batchOf(_lot).heldByCustodian, "held");
    }

    function test_reverseReceipt_aMakersFreezeStaysItsOwn() external {
        BatchId lot = _mint("A", TONNE, 1);
        _handOver(mine, "S", lot, refinery);
        _ship(refinery, "S", _only(lot), mine);
        ILedgerRecords.Receipt memory receipt = _receiptOf(refinery, "S", lot);
        _receive(mine, refinery, "S", _only(lot));
        _declareError(mine, mine, "A");
        assertTrue(ledger.batchOf(lot).frozen, "frozen while its maker has it");
        _reverseReceipt(mine, refinery, "S", mine, lot, receipt);
        assertTrue(!ledger.batchOf(lot).frozen && ledger.batchOf(lot).disputed, "disputed");
    }

    function test_reverseReceipt_byItsReceiverOrAnAuditorWithNothingToGain() external {
        ILedgerRecords.Receipt memory receipt = _send();
        _receive(refinery, mine, "S", _only(_lot));
        _refused(_notForYou(mine));
        _takeBack(mine, receipt);
        _refused(_notForYou(stranger));
        _takeBack(stranger, receipt);
        _takeBack(inspector, receipt);
        _assertSentAgain();
        _ship(auditor, "S", _only(_owned(auditor)), refinery);
        receipt = _receiptOf(auditor, "S", Named.batch(mine, "OWN"));
        _receive(refinery, auditor, "S", _only(Named.batch(mine, "OWN")));
        // The auditor's company would get its lot back.
        _refused(_notForYou(auditor));
        _reverseReceipt(auditor, auditor, "S", refinery, Named.batch(mine, "OWN"), receipt);
        _reverseReceipt(inspector, auditor, "S", refinery, Named.batch(mine, "OWN"), receipt);
    }

    function _owned(address participant) private returns (BatchId lot) {
        lot = _mint("OWN", TONNE, 1);
        _handOver(mine, "OWN", lot, participant);
    }

    function test_reverseReceipt_notWhatWasBuiltOn() external {
        ILedgerRecords.Receipt memory receipt = _send();
        _receive(refinery, mine, "S", _only(_lot));
        uint256 before = vm.snapshotState();
        for (uint256 i = 0; i < 7; ++i) {
            if (i == 0) _split(refinery, _lot, "A-1", 1);
            else if (i == 1) _ship(refinery, "S", _only(_lot), maker);
            else if (i == 2) _retire(refinery, _lot);
            else if (i == 3) _hold(auditor, mine, "A", HoldKind.Auditor);
            else if (i == 4) _declareError(auditor, mine, "A");
            else if (i == 5) _remeasure(refinery, _lot, 20 * TONNE, new SubstanceMass[](0));
            else _findingOn(_lot);
            _refused(_builtOn(_lot));
            _takeBack(refinery, receipt);
            mocking.clearMockedCalls();
            vm.revertToState(before);
            before = vm.snapshotState();
        }
        _declareError(mine, mine, "A");
        _takeBack(refinery, receipt);
    }

    function test_reverseReceipt_notAsItNeverWas() external {
        ILedgerRecords.Receipt memory receipt = _send();
        _receive(refinery, mine, "S", _only(_lot));
        receipt.entry.mass += 1;
        _refused(_notAsRecorded(_lot));
        _reverseReceipt(refinery, mine, "S", refinery, _lot, receipt);
        receipt.entry.mass -= 1;
        ShipmentId other = _shipmentId(mine, "T");
        _refused(abi.encodeWithSelector(ILedgerRecords.NotAsRecorded.selector, other));
        _reverseReceipt(refinery, mine, "T", refinery, _lot, receipt);
        _ship(mine, "T", _only(_mint("B", 1, 0)), refinery);
        _refused(abi.encodeWithSelector(ILedgerRecords.ShipmentMismatch.selector, other, refinery));
        _reverseReceipt(refinery, mine, "T", refinery, _lot, receipt);
        _receive(refinery, mine, "T", _only(Named.batch(mine, "B")));
        ILedgerRecords.Receipt[] memory receipts = new ILedgerRecords.Receipt[](1);
        receipts[0] = receipt;
        ILedgerRecords.Open memory open = _open(_only(Named.batch(mine, "B")), new BatchId[](0));
        _refused(_notAsRecorded(_lot));
        _as(refinery);
        ledger.reverseReceipt(mine, "T", refinery, open, _only(_lot), receipts, _reversal());
        _reverseReceipt(refinery, mine, "S", refinery, _lot, receipt);
        _refused(abi.encodeWithSelector(ILedgerRecords.ShipmentMismatch.selector, _shipmentId(mine, "S"), refinery));
        _reverseReceipt(refinery, mine, "S", refinery, _lot, receipt);
    }

    /// @dev A split from before, reversed after the lot came back, frees a use, which another take fills again.
    function test_reverseReceipt_onlyWhileTheLotHoldsWhatArrived() external {
        BatchId lot = _mint("A", 100, 100);
        ILedgerRecords.SplitEntry memory entry = _entryOfSplit(lot);
        _split(mine, lot, "C", 50);
        _handOver(mine, "S", lot, refinery);
        _ship(refinery, "S", _only(lot), mine);
        ILedgerRecords.Receipt memory receipt = _receiptOf(refinery, "S", lot);
        _receive(mine, refinery, "S", _only(lot));
        _reverseSplit(mine, mine, "C", entry);
        _split(mine, lot, "D", 60);
        assertEq(ledger.batchOf(lot).uses, receipt.entry.uses, "uses as right after the receipt");
        _refused(_builtOn(lot));
        _reverseReceipt(mine, refinery, "S", mine, lot, receipt);
    }

    function test_reverseReceipt_ofAReturn() external {
        BatchId lot = _mint("A", TONNE, 1);
        _ship(mine, "S", _only(lot), refinery);
        ILedgerRecords.Receipt[] memory receipts = new ILedgerRecords.Receipt[](1);
        receipts[0] = _receiptOf(mine, "S", lot);
        _receive(refinery, mine, "S", _only(lot));
        _declareError(auditor, mine, "A");
        _as(refinery);
        ledger.returnShipment(_offerOf("BACK", _only(lot), mine), receipts);
        bytes32 sent = _without(lot);
        ILedgerRecords.Receipt memory receipt = _receiptOf(refinery, "BACK", lot);
        _receive(mine, refinery, "BACK", _only(lot));
        _reverseReceipt(mine, refinery, "BACK", mine, lot, receipt);
        _assertStatus(lot, BatchStatus.Returning);
        assertTrue(_without(lot) == sent, "as it was sent back");
    }

    // Retirements.

    function test_reverseRetirement() external {
        BatchId lot = _mint("A", TONNE, 1);
        bytes32 before = _without(lot);
        _retire(mine, lot);
        _refused(abi.encodeWithSelector(ILedgerRecords.BatchChanged.selector, lot, 1, 2));
        _reverseRetirement(mine, lot, 1);
        _refused(_notForYou(refinery));
        _reverseRetirement(refinery, lot, 2);
        vm.expectEmit(address(ledger));
        emit ILedgerRecords.RetirementReversed(lot, mine, YEAR_2026, "incorrect_data", TAG, _none());
        _reverseRetirement(mine, lot, 2);
        assertTrue(_without(lot) == before, "as if it had never been");
        _refused(_notAsRecorded(lot));
        _reverseRetirement(mine, lot, 3);
        _retire(mine, lot, Retirement.Disposed);
        _reverseRetirement(auditor, lot, 4);
        _assertStatus(lot, BatchStatus.Active);
    }

    function test_reverseRetirement_aDeliveryByAnAuditorOnly() external {
        BatchId lot = _product("CAR");
        _retire(mine, lot, Retirement.Delivered);
        uint32 events = _eventsOf(lot);
        _refused(_notForYou(mine));
        _reverseRetirement(mine, lot, events);
        _reverseRetirement(auditor, lot, events);
        _assertStatus(lot, BatchStatus.Active);
    }

    function test_reverseRetirement_notByTheAuditorWhoseItWas() external {
        BatchId lot = _product("CAR");
        _handOver(mine, "S", lot, auditor);
        _retire(auditor, lot, Retirement.Delivered);
        uint32 events = _eventsOf(lot);
        _refused(_notForYou(auditor));
        _reverseRetirement(auditor, lot, events);
        _reverseRetirement(inspector, lot, events);
    }

    function _reverseRetirement(address account, BatchId lot, uint32 expected) private {
        _as(account);
        ledger.reverseRetirement(lot, expected, _reversal());
    }

    function _product(string memory identifier) private returns (BatchId) {
        ILedgerRecords.Transformation memory run =
            _run(identifier, _only(_mint(string.concat(identifier, "-ORE"), TONNE, 9)), KG, 9);
        run.outputs[0].material = car;
        run.outputs[0].identifier = identifier;
        _transform(mine, run);
        return Named.batch(mine, identifier);
    }
}
