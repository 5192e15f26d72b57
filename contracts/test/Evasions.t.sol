// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ILedgerRecords} from "../interfaces/ILedgerRecords.sol";
import {IParticipantRegistry} from "../interfaces/IParticipantRegistry.sol";
import {BatchId} from "../types/Ids.sol";
import {
    BatchStatus,
    Difference,
    ErrorReason,
    HoldKind,
    Origin,
    ParticipantStatus,
    Retirement,
    SubstanceMass
} from "../types/Values.sol";
import {Named} from "./Named.sol";
import {World} from "./World.sol";

/// @title What was possible once, and must not be again: thieves, sellers that left, and what they froze or moved
contract EvasionsTest is World {
    function _thrownOut(address participant) private pure returns (bytes memory) {
        return abi.encodeWithSelector(
            IParticipantRegistry.ParticipantNotActive.selector, participant, ParticipantStatus.Terminated
        );
    }

    // Keys.

    function test_aTerminatedParticipantsKeySignsNothing() external {
        BatchId id = _mint("A", TONNE, 0);
        _mint("B", TONNE, 0);
        ILedgerRecords.MintEntry memory entry = _mintEntry(_mintOf("A", TONNE));
        _ship(mine, "SEA-1", _only(Named.batch(mine, "B")), refinery);
        _terminate(mine);
        bytes memory reason = _thrownOut(mine);
        _refused(reason);
        _add(mine, id, _scope1(LARGEST, 0));
        _refused(reason);
        _retire(mine, id);
        _refused(reason);
        _ship(mine, "SEA-2", _only(id), refinery);
        _refused(reason);
        _split(mine, id, "A-1", 1);
        _refused(reason);
        _transform(mine, _run("RUN-1", _only(id), 1, 0));
        _refused(reason);
        _hold(mine, mine, "A", HoldKind.Custodian);
        _refused(reason);
        _hold(mine, mine, "A", HoldKind.Recall);
        _refused(abi.encodeWithSelector(ILedgerRecords.NotCreatorNorAuditor.selector, id, mine));
        _declareError(mine, mine, "A");
        _expect(abi.encodeWithSelector(ILedgerRecords.NotAuthorNorAuditor.selector, mine));
        vm.prank(mine);
        ledger.reverseMint(mine, "A", entry, _reversal());
        _refused(abi.encodeWithSelector(ILedgerRecords.NotCustodian.selector, id, mine, mine));
        _remeasure(mine, id, 1, new SubstanceMass[](0));
        ILedgerRecords.Open memory open = _open(_only(Named.batch(mine, "B")));
        _expect(reason);
        vm.prank(mine);
        ledger.cancelShipment("SEA-1", refinery, open, "", YEAR_2026, TAG, _none());
        _expect(reason);
        vm.prank(mine);
        ledger.transferTitle(id, stranger, YEAR_2026, _none());
    }

    /// @dev The consortium speaks for itself, whatever somebody tried to make its account.
    function test_theConsortiumSpeaksForItself() external {
        BatchId id = _mint("A", TONNE, 0);
        vm.expectEmit(address(ledger));
        emit ILedgerRecords.ErrorDeclared(
            id, consortium, true, true, ErrorReason.IncorrectData, YEAR_2026, new BatchId[](0), _none()
        );
        _declareError(consortium, mine, "A");
    }

    // Declared errors.

    function test_aSellerThatLeftFreezesNobodysStock() external {
        BatchId id = _mint("A", TONNE, 0);
        _handOver(mine, "SEA-1", id, refinery);
        _terminate(mine);
        _refused(abi.encodeWithSelector(ILedgerRecords.NotCreatorNorAuditor.selector, id, mine));
        _declareError(mine, mine, "A");
        _split(refinery, id, "A-1", 1);
    }

    function test_aMakersWordDisputesACustomersStockAndFreezesItNot() external {
        BatchId id = _mint("A", TONNE, 0);
        _handOver(mine, "SEA-1", id, refinery);
        _declareError(mine, mine, "A");
        ILedgerRecords.Batch memory batch = ledger.batchOf(id);
        assertTrue(batch.disputed && !batch.frozen, "disputed only");
        // All that may be done with a disputed lot.
        _split(refinery, id, "A-1", 1);
        _add(refinery, id, _scope1(1, 0));
        _handOver(refinery, "SEA-2", id, maker);
        _retire(maker, id);
    }

    function test_anAuditorsWordComesOnTopOfAHarmlessOne() external {
        BatchId id = _mint("A", TONNE, 0);
        _declareError(mine, mine, "A");
        _declareError(auditor, mine, "A");
        assertTrue(ledger.batchOf(id).errorByAuditor, "by the auditor, too");
        _refused(abi.encodeWithSelector(ILedgerRecords.ErrorAlreadyDeclared.selector, id));
        _declareError(inspector, mine, "A");
        uint32 expected = _eventsOf(id);
        vm.prank(mine);
        ledger.reverseError(mine, "A", false, expected, _reversal());
        assertTrue(ledger.batchOf(id).frozen, "the auditor's stands");
    }

    /// @dev What was moved out before is a batch of its own: its taint is known, and it can be held.
    function test_whatWasSplitOffBeforeAFreezeCanBeHeld() external {
        BatchId id = _mint("A", TONNE, 0);
        BatchId child = _split(mine, id, "A-1", 1);
        _declareError(auditor, mine, "A");
        _hold(auditor, mine, "A-1", HoldKind.Auditor);
        _refused(abi.encodeWithSelector(ILedgerRecords.BatchIsHeld.selector, child, HoldKind.Auditor));
        _ship(mine, "SEA-1", _only(child), refinery);
    }

    function test_aFrozenLotDoesNotHoldUpTheOthersOfItsShipment() external {
        (BatchId a, BatchId b) = (_mint("A", TONNE, 0), _mint("B", TONNE, 0));
        _ship(mine, "SEA-1", _both(a, b), refinery);
        _declareError(auditor, mine, "B");
        ILedgerRecords.Answer[] memory answers = new ILedgerRecords.Answer[](1);
        answers[0] = _arrived(a, TONNE, Difference.None);
        _answer(refinery, mine, "SEA-1", _both(a, b), answers);
        assertEq(token.ownerOf(BatchId.unwrap(a)), refinery, "received");
        answers[0] = _arrived(b, TONNE, Difference.None);
        _expect(abi.encodeWithSelector(ILedgerRecords.BatchIsFrozen.selector, b));
        vm.prank(refinery);
        ledger.answerShipment(mine, "SEA-1", _open(_both(a, b), _only(b)), answers, "", YEAR_2026, TAG, _none());
        answers[0] = _refusing(b);
        vm.prank(refinery);
        ledger.answerShipment(mine, "SEA-1", _open(_both(a, b), _only(b)), answers, "", YEAR_2026, TAG, _none());
        _assertStatus(b, BatchStatus.Active);
    }

    function test_aLostLotDoesNotHoldUpTheOthersEither() external {
        (BatchId a, BatchId b) = (_mint("A", TONNE, 0), _mint("B", TONNE, 0));
        _ship(mine, "SEA-1", _both(a, b), refinery);
        ILedgerRecords.Answer[] memory answers = new ILedgerRecords.Answer[](1);
        answers[0] = _arrived(a, TONNE, Difference.None);
        _answer(refinery, mine, "SEA-1", _both(a, b), answers);
        _assertStatus(b, BatchStatus.InTransit);
        answers[0] = _arrived(b, 0, Difference.Loss);
        _expect(abi.encodeWithSelector(ILedgerRecords.ZeroMass.selector));
        vm.prank(refinery);
        ledger.answerShipment(mine, "SEA-1", _open(_both(a, b), _only(b)), answers, "", YEAR_2026, TAG, _none());
    }

    // What is frozen or held, operation by operation.

    function test_aFrozenLotIsDisposedOfAndNothingElse() external {
        BatchId id = _mint("A", TONNE, 0);
        _declareError(auditor, mine, "A");
        bytes memory reason = abi.encodeWithSelector(ILedgerRecords.BatchIsFrozen.selector, id);
        _refused(reason);
        _add(mine, id, _scope1(1, 0));
        _refused(reason);
        _retire(mine, id, Retirement.ConsumedOutside);
        _refused(reason);
        _remeasure(mine, id, TONNE - 1, new SubstanceMass[](0));
        _remeasure(auditor, id, TONNE - 1, new SubstanceMass[](0));
        _hold(mine, mine, "A", HoldKind.Custodian);
        _refused(abi.encodeWithSelector(ILedgerRecords.BatchIsFrozen.selector, id));
        _retire(mine, id, Retirement.Disposed);
        _release(mine, mine, "A", HoldKind.Custodian);
        _retire(mine, id, Retirement.Disposed);
        _assertStatus(id, BatchStatus.Retired);
    }

    function test_aHeldLotIsRefusedCancelledMeasuredByAnAuditorAndNothingElse() external {
        BatchId id = _mint("A", TONNE, 0);
        _ship(mine, "SEA-1", _only(id), refinery);
        _hold(auditor, mine, "A", HoldKind.Auditor);
        bytes memory reason = abi.encodeWithSelector(ILedgerRecords.BatchIsHeld.selector, id, HoldKind.Auditor);
        _refused(reason);
        _receive(refinery, mine, "SEA-1", _only(id));
        vm.prank(mine);
        ledger.cancelShipment("SEA-1", refinery, _open(_only(id)), "", YEAR_2026, TAG, _none());
        _refused(reason);
        _split(mine, id, "A-1", 1);
        _refused(reason);
        _transform(mine, _run("RUN-1", _only(id), 1, 0));
        _refused(reason);
        _add(mine, id, _scope1(1, 0));
        _refused(reason);
        _ship(mine, "SEA-2", _only(id), refinery);
        for (uint256 i = 0; i < 2; ++i) {
            _refused(reason);
            _retire(mine, id, Retirement(i));
        }
        _refused(reason);
        _remeasure(mine, id, TONNE - 1, new SubstanceMass[](0));
        _remeasure(auditor, id, TONNE - 1, new SubstanceMass[](0));
        _declareError(mine, mine, "A");
        _release(auditor, mine, "A", HoldKind.Auditor);
    }

    // Stock of those who are gone.

    function test_theStockOfTheInsolventIsAssigned() external {
        BatchId id = _mint("A", TONNE, 0);
        bytes memory active = abi.encodeWithSelector(ILedgerRecords.CustodianIsActive.selector, id, mine);
        _expect(active);
        vm.prank(consortium);
        ledger.assignStock(id, refinery, "insolvency", YEAR_2026, _document());
        _terminate(mine);
        _expect(abi.encodeWithSelector(ILedgerRecords.EvidenceRequired.selector));
        vm.prank(consortium);
        ledger.assignStock(id, refinery, "insolvency", YEAR_2026, _none());
        vm.prank(consortium);
        ledger.assignStock(id, refinery, "insolvency", YEAR_2026, _document());
        assertEq(token.ownerOf(BatchId.unwrap(id)), refinery, "custodian");
        assertEq(token.balanceOf(mine), 0, "balance");
        _split(refinery, id, "A-1", 1);
    }

    function test_whatTheThrownOutSentIsRefusedNotReceived() external {
        BatchId id = _mint("A", TONNE, 0);
        _ship(mine, "SEA-1", _only(id), refinery);
        _terminate(mine);
        _refused(_thrownOut(mine));
        _receive(refinery, mine, "SEA-1", _only(id));
        ILedgerRecords.Answer[] memory answers = new ILedgerRecords.Answer[](1);
        answers[0] = _arrived(id, TONNE, Difference.None);
        _refused(_thrownOut(mine));
        _answer(refinery, mine, "SEA-1", _only(id), answers);
        answers[0] = _refusing(id);
        _answer(refinery, mine, "SEA-1", _only(id), answers);
        vm.prank(consortium);
        ledger.assignStock(id, refinery, "seized", YEAR_2026, _document());
    }

    // Times.

    function test_noCapacityOfYearsToCome() external {
        uint64[3] memory times = [YEAR_2026 + 1 days + 1, YEAR_2026 + 366 days, type(uint64).max];
        for (uint256 i = 0; i < 3; ++i) {
            ILedgerRecords.Mint memory request = _mintOf("A", 1);
            request.occurredAt = times[i];
            _expect(abi.encodeWithSelector(ILedgerRecords.InTheFuture.selector, times[i], YEAR_2026));
            vm.prank(mine);
            ledger.mint(request);
        }
        BatchId id = _mint("A", TONNE, 0);
        ILedgerRecords.Transformation memory run = _run("RUN-1", _only(id), 1, 0);
        run.occurredAt = times[0];
        _refused(abi.encodeWithSelector(ILedgerRecords.InTheFuture.selector, times[0], YEAR_2026));
        _transform(mine, run);
    }

    /// @dev Years long past count only where the consortium approves an origin from then on.
    function test_noCapacityOfYearsBeforeTheApproval() external {
        vm.prank(consortium);
        registry.approveOrigin(pit, ore, MINED, CAPACITY, YEAR_2026, FOREVER, YEAR_2026, _none());
        for (uint256 i = 0; i < 50; ++i) {
            ILedgerRecords.Mint memory request = _mintOf("A", CAPACITY);
            request.occurredAt = uint64(i * 366 days);
            vm.expectRevert(
                abi.encodeWithSelector(
                    IParticipantRegistry.ApprovalNotInForce.selector,
                    pit,
                    ore,
                    Origin.Mined,
                    request.occurredAt,
                    YEAR_2026,
                    FOREVER
                )
            );
            vm.prank(mine);
            ledger.mint(request);
        }
    }

    function test_aCorrectionNeedsNoCapacityTwice() external {
        ILedgerRecords.Mint memory request = _mintOf("WRONG", CAPACITY);
        vm.prank(mine);
        ledger.mint(request);
        ILedgerRecords.MintEntry memory entry = _mintEntry(request);
        request.identifier = "RIGHT";
        _expect(
            abi.encodeWithSelector(ILedgerRecords.CapacityExceeded.selector, pit, ore, Origin.Mined, 2026, CAPACITY, 0)
        );
        vm.prank(mine);
        ledger.mint(request);
        vm.prank(mine);
        ledger.reverseMint(mine, "WRONG", entry, _reversal());
        vm.prank(mine);
        ledger.mint(request);
    }

    // Title.

    function test_titleMovesNoCustody() external {
        BatchId id = _mint("A", TONNE, 0);
        bytes32 before = _without(id);
        vm.expectEmit(address(ledger));
        emit ILedgerRecords.TitleTransferred(id, mine, stranger, YEAR_2026, _document());
        vm.prank(mine);
        ledger.transferTitle(id, stranger, YEAR_2026, _document());
        assertTrue(before == _without(id), "nothing but an event");
        assertEq(ledger.batchOf(id).events, 2, "which is counted");
    }
}
