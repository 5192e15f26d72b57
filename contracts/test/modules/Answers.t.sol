// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ILedgerRecords} from "../../interfaces/ILedgerRecords.sol";
import {IParticipantRegistry} from "../../interfaces/IParticipantRegistry.sol";
import {BatchId, Ids, ShipmentId} from "../../types/Ids.sol";
import {Emissions} from "../../types/Emissions.sol";
import {BatchStatus, Difference, HoldKind, IN_FULL, Retirement, SubstanceMass} from "../../types/Values.sol";
import {Past} from "./Past.sol";

/// @title A receiver answers for each lot (Rule 3), and what is frozen goes back (Rule 8)
contract AnswersTest is Past {
    BatchId private _a;
    BatchId private _b;
    BatchId private _c;

    function _sendThree() private {
        _a = _mint("A", 20 * TONNE, 7 * TONNE);
        _b = _mint("B", 20 * TONNE, 7 * TONNE);
        _c = _mint("C", 20 * TONNE, 7 * TONNE);
        _ship(mine, "S", _three(_a, _b, _c), refinery);
    }

    function _answerTwo(ILedgerRecords.Answer memory one, ILedgerRecords.Answer memory other) private {
        ILedgerRecords.Answer[] memory answers = new ILedgerRecords.Answer[](2);
        (answers[0], answers[1]) = (one, other);
        _answer(refinery, mine, "S", _three(_a, _b, _c), answers);
    }

    function _answerOne(address account, BatchId[] memory open, ILedgerRecords.Answer memory one) private {
        ILedgerRecords.Answer[] memory answers = new ILedgerRecords.Answer[](1);
        answers[0] = one;
        ILedgerRecords.Open memory offer = _open(_three(_a, _b, _c), open);
        _as(account);
        ledger.answerShipment(mine, "S", offer, answers, "broken", YEAR_2026, TAG, _none());
    }

    function _notExplained(Difference difference, uint64 arrived) private view returns (bytes memory) {
        return
            abi.encodeWithSelector(ILedgerRecords.DifferenceNotExplained.selector, _a, difference, arrived, 20 * TONNE);
    }

    function test_answer_eachLotForItself() external {
        _sendThree();
        ILedgerRecords.Arrived[] memory arrived = new ILedgerRecords.Arrived[](1);
        arrived[0] = ILedgerRecords.Arrived(_a, 20 * TONNE, Difference.None, new SubstanceMass[](0));
        vm.expectEmit(address(ledger));
        emit ILedgerRecords.ShipmentReceived(_shipmentId(mine, "S"), refinery, YEAR_2026, arrived, TAG, _none());
        vm.expectEmit(address(ledger));
        emit ILedgerRecords.ShipmentRejected(_shipmentId(mine, "S"), refinery, YEAR_2026, "", _only(_c), TAG, _none());
        _answerTwo(_arrived(_a, IN_FULL, Difference.None), _refusing(_c));
        assertEq(ledger.batchOf(_a).custodian, refinery, "received");
        _assertStatus(_a, BatchStatus.Active);
        _assertStatus(_b, BatchStatus.InTransit);
        assertEq(ledger.batchOf(_c).custodian, mine, "refused");
        _assertStatus(_c, BatchStatus.Active);
        assertEq(ledger.batchOf(_a).uses, 1, "a receipt is a use");
        assertEq(ledger.batchOf(_c).uses, 0, "a refusal is none");
        assertEq(uint256(_eventsOf(_a)) + _eventsOf(_b) + _eventsOf(_c), 8, "events");
        _answerOne(refinery, _only(_b), _refusing(_b));
        _assertStatus(_b, BatchStatus.Active);
        _refused(abi.encodeWithSelector(ILedgerRecords.ShipmentNotOpen.selector, _shipmentId(mine, "S")));
        _answerOne(refinery, new BatchId[](0), _refusing(_b));
    }

    function test_answer_leavesTheTrailOfAReceipt() external {
        _sendThree();
        ILedgerRecords.Receipt memory receipt = _receiptOf(mine, "S", _b);
        _answerOne(refinery, _three(_a, _b, _c), _arrived(_b, 20 * TONNE, Difference.None));
        assertTrue(_trailOf(_b) == _trail(receipt.before, keccak256(abi.encode(receipt.entry))), "trail");
    }

    function test_answer_whatTheSenderCancelledIsNotOpen() external {
        _sendThree();
        _answerOne(refinery, _three(_a, _b, _c), _arrived(_b, IN_FULL, Difference.None));
        vm.prank(mine);
        ledger.cancelShipment("S", refinery, _open(_three(_a, _b, _c), _both(_a, _c)), "late", YEAR_2026, TAG, _none());
        _refused(abi.encodeWithSelector(ILedgerRecords.ShipmentNotOpen.selector, _shipmentId(mine, "S")));
        _answerOne(refinery, _both(_a, _c), _arrived(_a, IN_FULL, Difference.None));
    }

    function test_answer_inTheOrderOfTheOpenLotsAndOnceEach() external {
        _sendThree();
        ShipmentId shipment = _shipmentId(mine, "S");
        _refused(abi.encodeWithSelector(ILedgerRecords.LotNotOpen.selector, shipment, _a));
        _answerTwo(_arrived(_b, IN_FULL, Difference.None), _arrived(_a, IN_FULL, Difference.None));
        _refused(abi.encodeWithSelector(ILedgerRecords.LotNotOpen.selector, shipment, _a));
        _answerTwo(_refusing(_a), _refusing(_a));
        BatchId other = _mint("D", 1, 1);
        _refused(abi.encodeWithSelector(ILedgerRecords.LotNotOpen.selector, shipment, other));
        _answerTwo(_arrived(_b, IN_FULL, Difference.None), _arrived(other, IN_FULL, Difference.None));
        _refused(abi.encodeWithSelector(ILedgerRecords.EmptyList.selector, "answers"));
        _answer(refinery, mine, "S", _three(_a, _b, _c), new ILedgerRecords.Answer[](0));
        ILedgerRecords.Answer[] memory many = new ILedgerRecords.Answer[](65);
        _refused(abi.encodeWithSelector(ILedgerRecords.ListTooLong.selector, "answers", 65, 64));
        _answer(refinery, mine, "S", _three(_a, _b, _c), many);
    }

    function test_answer_byItsReceiverAsItWasOffered() external {
        _sendThree();
        ILedgerRecords.Answer memory answer = _arrived(_a, IN_FULL, Difference.None);
        _refused(abi.encodeWithSelector(ILedgerRecords.ShipmentMismatch.selector, _shipmentId(mine, "S"), maker));
        _answerOne(maker, _three(_a, _b, _c), answer);
        _refused(abi.encodeWithSelector(ILedgerRecords.ShipmentMismatch.selector, _shipmentId(mine, "S"), refinery));
        _answerOne(refinery, _both(_a, _b), answer);
        answer.expected += 1;
        _refused(abi.encodeWithSelector(ILedgerRecords.BatchChanged.selector, _a, 3, 2));
        _answerOne(refinery, _three(_a, _b, _c), answer);
        answer.refused = true;
        _refused(abi.encodeWithSelector(ILedgerRecords.BatchChanged.selector, _a, 3, 2));
        _answerOne(refinery, _three(_a, _b, _c), answer);
    }

    function test_answer_whoMayNotActRefusesAndReceivesNothing() external {
        _sendThree();
        _suspend(refinery);
        _refused(abi.encodeWithSelector(IParticipantRegistry.ParticipantNotActive.selector, refinery, 2));
        _answerTwo(_arrived(_a, IN_FULL, Difference.None), _refusing(_b));
        _answerTwo(_refusing(_a), _refusing(_b));
        _assertStatus(_a, BatchStatus.Active);
    }

    function test_answer_nothingIsReceivedFromTheTerminated() external {
        _sendThree();
        _terminate(mine);
        _refused(abi.encodeWithSelector(IParticipantRegistry.ParticipantNotActive.selector, mine, 3));
        _answerTwo(_arrived(_a, IN_FULL, Difference.None), _refusing(_b));
        _answerTwo(_refusing(_a), _refusing(_b));
    }

    function test_answer_notLaterThanADayAfterItsBlock() external {
        _sendThree();
        vm.warp(YEAR_2026 - 1 days - 1);
        _refused(abi.encodeWithSelector(ILedgerRecords.InTheFuture.selector, YEAR_2026, YEAR_2026 - 1 days - 1));
        _answerTwo(_refusing(_a), _refusing(_b));
        vm.warp(YEAR_2026 - 1 days);
        _answerTwo(_refusing(_a), _refusing(_b));
    }

    // Differences.

    function test_answer_lossTakesSubstancesAlong() external {
        _sendThree();
        _answerOne(refinery, _three(_a, _b, _c), _arrived(_a, 19 * TONNE, Difference.Loss));
        _assertPools(_a, 19 * TONNE, 6_650 * KG, 0, 0, 0);
    }

    function test_answer_moistureLeavesThem() external {
        _sendThree();
        _answerOne(refinery, _three(_a, _b, _c), _arrived(_a, 19 * TONNE, Difference.Moisture));
        _assertPools(_a, 19 * TONNE, 7 * TONNE, 0, 0, 0);
        _refused(
            abi.encodeWithSelector(
                ILedgerRecords.DifferenceNotExplained.selector, _b, Difference.Moisture, 7 * TONNE - 2, 20 * TONNE
            )
        );
        _answerOne(refinery, _both(_b, _c), _arrived(_b, 7 * TONNE - 2, Difference.Moisture));
        _answerOne(refinery, _both(_b, _c), _arrived(_b, 7 * TONNE - 1, Difference.Moisture));
    }

    function test_answer_measurementWithinTheTolerance() external {
        ILedgerRecords.Mint memory request = _mintOf("F", 24 * TONNE);
        request.material = fines;
        request.substances = _holding(COBALT, 8_400 * KG);
        _as(mine);
        BatchId lot = ledger.mint(request);
        _ship(mine, "S", _only(lot), refinery);
        _refused(
            abi.encodeWithSelector(
                ILedgerRecords.DifferenceNotExplained.selector, lot, Difference.Measurement, IN_FULL, 24 * TONNE
            )
        );
        _arrive(refinery, mine, "S", lot, IN_FULL, Difference.Measurement);
        _refused(abi.encodeWithSelector(ILedgerRecords.ToleranceExceeded.selector, lot, 0, int256(51), 50));
        _arrive(refinery, mine, "S", lot, 24 * TONNE + 120 * KG + 1, Difference.Measurement);
        _arrive(refinery, mine, "S", lot, 24 * TONNE + 20 * KG, Difference.Measurement);
        ILedgerRecords.Batch memory batch = ledger.batchOf(lot);
        assertEq(batch.mass, 24 * TONNE + 20 * KG, "more than was sent");
        assertTrue(batch.tolerance[0] == 9 && batch.tolerance[1] == 0, "basis points used");
        assertEq(batch.uses, 1, "one use");
    }

    function test_answer_nothingDiffersWithoutAReasonThatFits() external {
        _sendThree();
        uint64[3] memory masses = [20 * TONNE - 1, 20 * TONNE + 1, 20 * TONNE];
        for (uint256 i = 0; i < 2; ++i) {
            _refused(_notExplained(Difference.None, masses[i]));
            _answerOne(refinery, _three(_a, _b, _c), _arrived(_a, masses[i], Difference.None));
        }
        for (uint256 i = 1; i < 3; ++i) {
            _refused(_notExplained(Difference.Loss, masses[i]));
            _answerOne(refinery, _three(_a, _b, _c), _arrived(_a, masses[i], Difference.Loss));
            _refused(_notExplained(Difference.Moisture, masses[i]));
            _answerOne(refinery, _three(_a, _b, _c), _arrived(_a, masses[i], Difference.Moisture));
        }
        _refused(abi.encodeWithSelector(ILedgerRecords.ZeroMass.selector));
        _answerOne(refinery, _three(_a, _b, _c), _arrived(_a, 0, Difference.Loss));
        ILedgerRecords.Answer memory answer = _arrived(_a, 19 * TONNE, Difference.Loss);
        answer.substances = _holding(COBALT, 7 * TONNE);
        _refused(_notExplained(Difference.Loss, 19 * TONNE));
        _answerOne(refinery, _three(_a, _b, _c), answer);
        answer = _refusing(_a);
        answer.mass = 1;
        _refused(_notExplained(Difference.None, 1));
        _answerOne(refinery, _three(_a, _b, _c), answer);
    }

    // Frozen and held lots.

    function test_answer_aFrozenOrHeldLotDoesNotHoldUpTheOthers() external {
        _sendThree();
        _declareError(mine, mine, "B");
        _hold(auditor, mine, "C", HoldKind.Auditor);
        _answerOne(refinery, _three(_a, _b, _c), _arrived(_a, IN_FULL, Difference.None));
        _refused(abi.encodeWithSelector(ILedgerRecords.BatchIsFrozen.selector, _b));
        _answerOne(refinery, _both(_b, _c), _arrived(_b, IN_FULL, Difference.None));
        _refused(abi.encodeWithSelector(ILedgerRecords.BatchIsHeld.selector, _c, HoldKind.Auditor));
        _answerOne(refinery, _both(_b, _c), _arrived(_c, IN_FULL, Difference.None));
        _answerOne(refinery, _both(_b, _c), _refusing(_b));
        _answerOne(refinery, _only(_c), _refusing(_c));
        assertEq(ledger.batchOf(_b).custodian, mine, "refused");
    }

    function _returning(BatchId lot, ILedgerRecords.Receipt memory receipt, address to) private {
        ILedgerRecords.Receipt[] memory receipts = new ILedgerRecords.Receipt[](1);
        receipts[0] = receipt;
        ILedgerRecords.Offer memory offer = _offerOf("BACK", _only(lot), to);
        offer.emissions = _scope1(7, 0);
        _as(refinery);
        ledger.returnShipment(offer, receipts);
    }

    function test_return_ofAFrozenLotToWhoSentIt() external {
        BatchId lot = _mint("A", TONNE, 9);
        _ship(mine, "S", _only(lot), refinery);
        ILedgerRecords.Receipt memory receipt = _receiptOf(mine, "S", lot);
        _receive(refinery, mine, "S", _only(lot));
        bytes memory notSo = abi.encodeWithSelector(ILedgerRecords.NotAReturn.selector, lot);
        _refused(notSo);
        _returning(lot, receipt, mine);
        _declareError(auditor, mine, "A");
        _refused(abi.encodeWithSelector(ILedgerRecords.BatchIsFrozen.selector, lot));
        _ship(refinery, "T", _only(lot), mine);
        _refused(notSo);
        _returning(lot, receipt, maker);
        receipt.entry.shipment = _shipmentId(mine, "T");
        _refused(notSo);
        _returning(lot, receipt, mine);
        receipt.entry.shipment = _shipmentId(mine, "S");
        _hold(inspector, mine, "A", HoldKind.Auditor);
        _refused(abi.encodeWithSelector(ILedgerRecords.BatchIsHeld.selector, lot, HoldKind.Auditor));
        _returning(lot, receipt, mine);
        _release(inspector, mine, "A", HoldKind.Auditor);
        _expectReturn(lot, _shipmentId(mine, "S"));
        _returning(lot, receipt, mine);
        _assertStatus(lot, BatchStatus.Returning);
        assertEq(ledger.batchOf(lot).ownCo2e, 7, "of its transport");
        _receiveBack(lot);
    }

    function _expectReturn(BatchId lot, ShipmentId returnOf) private {
        ILedgerRecords.Shipped[] memory shipped = new ILedgerRecords.Shipped[](1);
        shipped[0] = ILedgerRecords.Shipped(lot, TONNE, 7);
        vm.expectEmit(address(ledger));
        emit ILedgerRecords.ShipmentOffered(
            _shipmentId(refinery, "BACK"),
            refinery,
            mine,
            address(0),
            returnOf,
            YEAR_2026,
            _scope1(7, 0),
            shipped,
            "BACK",
            _none()
        );
    }

    function _receiveBack(BatchId lot) private {
        bytes32 offer = keccak256(abi.encode(_scope1(7, 0), _only(lot)));
        uint32[] memory expected = _expected(_only(lot));
        _as(mine);
        ledger.receiveShipment(
            refinery, "BACK", ILedgerRecords.Open(offer, _only(lot)), expected, YEAR_2026, TAG, _none()
        );
        assertEq(ledger.batchOf(lot).custodian, mine, "back");
        assertTrue(ledger.batchOf(lot).frozen, "still frozen");
        _retire(mine, lot, Retirement.Disposed);
    }

    function test_return_ofTwoLotsByOneShipmentOnly() external {
        BatchId a = _mint("A", TONNE, 9);
        BatchId b = _mint("B", TONNE, 9);
        _ship(mine, "SA", _only(a), refinery);
        _ship(mine, "SB", _only(b), refinery);
        ILedgerRecords.Receipt[] memory receipts = new ILedgerRecords.Receipt[](2);
        receipts[0] = _receiptOf(mine, "SA", a);
        receipts[1] = _receiptOf(mine, "SB", b);
        _receive(refinery, mine, "SA", _only(a));
        _receive(refinery, mine, "SB", _only(b));
        _declareError(auditor, mine, "A");
        _declareError(auditor, mine, "B");
        _refused(abi.encodeWithSelector(ILedgerRecords.NotAReturn.selector, b));
        _as(refinery);
        ledger.returnShipment(_offerOf("BACK", _both(a, b), mine), receipts);
        ILedgerRecords.Receipt[] memory one = new ILedgerRecords.Receipt[](1);
        one[0] = receipts[0];
        _refused(abi.encodeWithSelector(ILedgerRecords.NotAReturn.selector, b));
        _as(refinery);
        ledger.returnShipment(_offerOf("BACK", _both(a, b), mine), one);
        _as(refinery);
        ledger.returnShipment(_offerOf("BACK", _only(a), mine), one);
    }
}
