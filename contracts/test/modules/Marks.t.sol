// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ILedgerRecords} from "../../interfaces/ILedgerRecords.sol";
import {IParticipantRegistry} from "../../interfaces/IParticipantRegistry.sol";
import {BatchId} from "../../types/Ids.sol";
import {Emissions} from "../../types/Emissions.sol";
import {BatchStatus, ErrorReason, HoldKind, IN_FULL, Retirement} from "../../types/Values.sol";
import {Past} from "./Past.sol";
import {Named} from "../Named.sol";

/// @title Declared errors (Rule 8), holds (Rule 10), title (Rule 11), and that modules act through the ledger only
contract MarksTest is Past {
    // Declared errors.

    function test_declareError_itsMakersWordNeverFreezesACustomersStock() external {
        BatchId lot = _mint("A", TONNE, 1);
        _handOver(mine, "S", lot, refinery);
        _declareError(mine, mine, "A");
        ILedgerRecords.Batch memory batch = ledger.batchOf(lot);
        assertTrue(batch.disputed && !batch.frozen, "disputed");
        _split(refinery, lot, "A-1", 1);
        _terminate(mine);
        _refused(abi.encodeWithSelector(ILedgerRecords.NotCreatorNorAuditor.selector, lot, mine));
        _declareError(mine, mine, "A");
    }

    function test_declareError_whoWasThrownOutFreezesNothing() external {
        BatchId lot = _mint("A", TONNE, 1);
        _terminate(mine);
        _refused(abi.encodeWithSelector(ILedgerRecords.NotCreatorNorAuditor.selector, lot, mine));
        _declareError(mine, mine, "A");
    }

    function test_declareError_anAuditorsComesOnTop() external {
        BatchId lot = _mint("A", TONNE, 1);
        _handOver(mine, "S", lot, refinery);
        _declareError(mine, mine, "A");
        vm.expectEmit(address(ledger));
        emit ILedgerRecords.ErrorDeclared(
            lot, auditor, true, true, ErrorReason.IncorrectData, YEAR_2026, new BatchId[](0), _none()
        );
        _declareError(auditor, mine, "A");
        ILedgerRecords.Batch memory batch = ledger.batchOf(lot);
        assertTrue(batch.disputed && batch.errorByAuditor && batch.frozen, "confirmed");
        _refused(abi.encodeWithSelector(ILedgerRecords.ErrorAlreadyDeclared.selector, lot));
        _declareError(inspector, mine, "A");
        _refused(abi.encodeWithSelector(ILedgerRecords.ErrorAlreadyDeclared.selector, lot));
        _declareError(mine, mine, "A");
    }

    function test_declareError_nobodyAuditsItself() external {
        BatchId lot = _mint("A", TONNE, 1);
        _handOver(mine, "S", lot, auditor);
        _refused(abi.encodeWithSelector(ILedgerRecords.NotCreatorNorAuditor.selector, lot, auditor));
        _declareError(auditor, mine, "A");
        _declareError(inspector, mine, "A");
    }

    function test_declareError_whatWasDeliveredIsNotTheMakersToFreeze() external {
        BatchId lot = _mint("A", TONNE, 1);
        _retire(mine, lot);
        _declareError(mine, mine, "A");
        assertTrue(!ledger.batchOf(lot).frozen, "frozen");
        BatchId sent = _mint("B", TONNE, 1);
        _ship(mine, "S", _only(sent), refinery);
        _declareError(mine, mine, "B");
        assertTrue(ledger.batchOf(sent).frozen, "its own still, while on its way");
    }

    function test_declareError_notOfWhatIsReversed() external {
        BatchId lot = _mint("A", TONNE, 1);
        _reverseMint(mine, "A", _entryOfMint(_scope1(0, 0)));
        _refused(abi.encodeWithSelector(ILedgerRecords.BatchNotActive.selector, lot, BatchStatus.Reversed));
        _declareError(auditor, mine, "A");
        _refused(abi.encodeWithSelector(ILedgerRecords.BatchNotActive.selector, lot, BatchStatus.Reversed));
        _hold(auditor, mine, "A", HoldKind.Auditor);
    }

    function test_reverseError_byItsMakerOrAnAuditor() external {
        BatchId lot = _mint("A", TONNE, 1);
        bytes32 before = _without(lot);
        _declareError(mine, mine, "A");
        _refused(abi.encodeWithSelector(ILedgerRecords.BatchChanged.selector, lot, 1, 2));
        _reverseError(mine, false, 1);
        _refused(_notForYou(refinery));
        _reverseError(refinery, false, 2);
        _refused(_notAsRecorded(lot));
        _reverseError(mine, true, 2);
        vm.expectEmit(address(ledger));
        emit ILedgerRecords.ErrorReversed(lot, mine, false, YEAR_2026, "incorrect_data", TAG, _none());
        _reverseError(mine, false, 2);
        assertTrue(_without(lot) == before, "as if it had never been");
        _declareError(mine, mine, "A");
        _reverseError(auditor, false, 4);
        assertTrue(_without(lot) == before, "as if it had never been");
    }

    function test_reverseError_anAuditorsByItselfOrTheConsortium() external {
        BatchId lot = _mint("A", TONNE, 1);
        _declareError(auditor, mine, "A");
        address[2] memory others = [mine, inspector];
        for (uint256 i = 0; i < 2; ++i) {
            _refused(_notForYou(others[i]));
            _reverseError(others[i], true, 2);
        }
        _reverseError(auditor, true, 2);
        assertTrue(!ledger.batchOf(lot).frozen, "frozen");
        _declareError(auditor, mine, "A");
        _reverseError(consortium, true, 4);
        assertTrue(!ledger.batchOf(lot).errorByAuditor, "declared");
        _declareError(consortium, mine, "A");
        _refused(_notForYou(auditor));
        _reverseError(auditor, true, 6);
        _reverseError(consortium, true, 6);
    }

    function test_reverseError_theMakersStaysUnderTheAuditors() external {
        BatchId lot = _mint("A", TONNE, 1);
        _declareError(mine, mine, "A");
        _declareError(auditor, mine, "A");
        _reverseError(mine, false, 3);
        assertTrue(ledger.batchOf(lot).frozen && !ledger.batchOf(lot).disputed, "the auditor's");
        _reverseError(auditor, true, 4);
        assertTrue(!ledger.batchOf(lot).frozen, "none");
    }

    function _reverseError(address account, bool byAuditor, uint32 expected) private {
        _as(account);
        ledger.reverseError(mine, "A", byAuditor, expected, _reversal());
    }

    // Holds.

    function test_hold_ofItsCustodian() external {
        BatchId lot = _mint("A", TONNE, 1);
        _handOver(mine, "S", lot, refinery);
        _refused(abi.encodeWithSelector(ILedgerRecords.NotCustodian.selector, lot, mine, refinery));
        _hold(mine, mine, "A", HoldKind.Custodian);
        vm.expectEmit(address(ledger));
        emit ILedgerRecords.BatchHeld(lot, refinery, HoldKind.Custodian, YEAR_2026, "assay pending", _none());
        _hold(refinery, mine, "A", HoldKind.Custodian);
        assertTrue(ledger.batchOf(lot).heldByCustodian, "held");
        _refused(abi.encodeWithSelector(ILedgerRecords.AlreadyHeld.selector, lot, HoldKind.Custodian));
        _hold(refinery, mine, "A", HoldKind.Custodian);
        _refused(abi.encodeWithSelector(ILedgerRecords.BatchIsHeld.selector, lot, HoldKind.Custodian));
        _ship(refinery, "T", _only(lot), maker);
        _refused(abi.encodeWithSelector(ILedgerRecords.NotHeld.selector, lot));
        _release(auditor, mine, "A", HoldKind.Auditor);
        vm.expectEmit(address(ledger));
        emit ILedgerRecords.BatchReleased(lot, refinery, HoldKind.Custodian, YEAR_2026, "assay passed", _none());
        _release(refinery, mine, "A", HoldKind.Custodian);
        _ship(refinery, "T", _only(lot), maker);
        assertEq(_eventsOf(lot), 6, "events");
    }

    function test_hold_ofAnAuditorEndsByItselfOrTheConsortium() external {
        BatchId lot = _mint("A", TONNE, 1);
        _refused(_notForYou(refinery));
        _hold(refinery, mine, "A", HoldKind.Auditor);
        _hold(auditor, mine, "A", HoldKind.Auditor);
        _refused(abi.encodeWithSelector(ILedgerRecords.AlreadyHeld.selector, lot, HoldKind.Auditor));
        _hold(inspector, mine, "A", HoldKind.Auditor);
        _refused(abi.encodeWithSelector(ILedgerRecords.NotHeld.selector, lot));
        _release(inspector, mine, "A", HoldKind.Auditor);
        _refused(_notForYou(mine));
        _release(mine, mine, "A", HoldKind.Auditor);
        _refused(abi.encodeWithSelector(ILedgerRecords.NotHeld.selector, lot));
        _release(mine, mine, "A", HoldKind.Custodian);
        _release(auditor, mine, "A", HoldKind.Auditor);
        assertTrue(!ledger.batchOf(lot).heldByAuditor, "held");
        _hold(auditor, mine, "A", HoldKind.Auditor);
        _terminate(auditor);
        _release(consortium, mine, "A", HoldKind.Auditor);
        assertTrue(!ledger.batchOf(lot).heldByAuditor, "held");
    }

    function test_hold_notByTheAuditorWhoseItIs() external {
        BatchId lot = _mint("A", TONNE, 1);
        _handOver(mine, "S", lot, auditor);
        _refused(_notForYou(auditor));
        _hold(auditor, mine, "A", HoldKind.Auditor);
        _hold(auditor, mine, "A", HoldKind.Custodian);
        _release(auditor, mine, "A", HoldKind.Custodian);
        // Nor of what it made: that would be a recall that blocks.
        BatchId made = _split(auditor, lot, "MADE", 1);
        _handOver(auditor, "T", made, refinery);
        _refused(_notForYou(auditor));
        _hold(auditor, auditor, "MADE", HoldKind.Auditor);
        _hold(inspector, auditor, "MADE", HoldKind.Auditor);
    }

    function test_hold_expectsWhatTheCallerSaw() external {
        BatchId lot = _mint("A", TONNE, 1);
        _refused(abi.encodeWithSelector(ILedgerRecords.BatchChanged.selector, lot, 0, 1));
        _as(mine);
        ledger.hold(mine, "A", HoldKind.Custodian, 0, "", YEAR_2026, _none());
        _hold(mine, mine, "A", HoldKind.Custodian);
        _refused(abi.encodeWithSelector(ILedgerRecords.BatchChanged.selector, lot, 1, 2));
        _as(mine);
        ledger.release(mine, "A", HoldKind.Custodian, 1, "", YEAR_2026, _none());
    }

    function test_hold_onItsWay() external {
        BatchId lot = _mint("A", TONNE, 1);
        _ship(mine, "S", _only(lot), refinery);
        _hold(mine, mine, "A", HoldKind.Custodian);
        uint32[] memory expected = _expected(_only(lot));
        _refused(abi.encodeWithSelector(ILedgerRecords.BatchIsHeld.selector, lot, HoldKind.Custodian));
        _as(refinery);
        ledger.receiveShipment(mine, "S", _open(_only(lot)), expected, YEAR_2026, TAG, _none());
    }

    function test_recall_blocksNothing() external {
        BatchId lot = _mint("A", TONNE, 1);
        _handOver(mine, "S", lot, refinery);
        _refused(abi.encodeWithSelector(ILedgerRecords.NotCreatorNorAuditor.selector, lot, refinery));
        _hold(refinery, mine, "A", HoldKind.Recall);
        _hold(mine, mine, "A", HoldKind.Recall);
        _refused(abi.encodeWithSelector(ILedgerRecords.AlreadyHeld.selector, lot, HoldKind.Recall));
        _hold(mine, mine, "A", HoldKind.Recall);
        _handOver(refinery, "T", lot, maker);
        _release(mine, mine, "A", HoldKind.Recall);
        _refused(abi.encodeWithSelector(ILedgerRecords.NotHeld.selector, lot));
        _release(mine, mine, "A", HoldKind.Recall);
    }

    // Title.

    function test_transferTitle_isAnEventAndNothingElse() external {
        BatchId lot = _mint("A", TONNE, 1);
        bytes32 before = _without(lot);
        vm.expectEmit(address(ledger));
        emit ILedgerRecords.TitleTransferred(lot, mine, maker, YEAR_2026, _document());
        _transferTitle(mine, lot, maker);
        assertTrue(_without(lot) == before, "moves no custody");
        assertEq(_eventsOf(lot), 2, "events");
        _refused(abi.encodeWithSelector(IParticipantRegistry.UnknownOperator.selector, stranger));
        _transferTitle(stranger, lot, maker);
        BatchId none = Named.batch(mine, "B");
        _refused(abi.encodeWithSelector(ILedgerRecords.UnknownBatch.selector, none));
        _transferTitle(mine, none, maker);
    }

    function _transferTitle(address account, BatchId lot, address to) private {
        _as(account);
        ledger.transferTitle(lot, to, YEAR_2026, _document());
    }

    // Modules.

    function test_modules_actThroughTheLedgerOnly() external {
        bytes memory title =
            abi.encodeWithSignature("transferTitle(uint256,address,uint64,(bytes32,string)[])", 1, mine, 1, _none());
        bytes memory reverseOne = abi.encodeWithSignature(
            "reverseRetirement(uint256,uint32,(string,uint64,bytes32,(bytes32,string)[]))", 1, 1, _reversal()
        );
        _assertRefuses(_part("handling()"), title);
        _assertRefuses(_part("corrections()"), reverseOne);
    }

    function _part(string memory name) private view returns (address) {
        (, bytes memory answer) = address(ledger).staticcall(abi.encodeWithSignature(name));
        return abi.decode(answer, (address));
    }

    function _assertRefuses(address module, bytes memory input) private {
        vm.prank(mine);
        (bool ok, bytes memory answer) = module.call(input);
        assertTrue(!ok, "refused");
        assertTrue(bytes4(answer) == ILedgerRecords.OnlyThroughTheLedger.selector, "only through the ledger");
    }
}
