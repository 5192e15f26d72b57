// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IAssuranceRegistry} from "../interfaces/IAssuranceRegistry.sol";
import {ILedgerRecords} from "../interfaces/ILedgerRecords.sol";
import {CODE_OF_CONDUCT, SAQ, Severity} from "../types/Assurance.sol";
import {BatchId, FindingId} from "../types/Ids.sol";
import {AssuranceTrade} from "./AssuranceTrade.sol";

/// @title What overdue findings and missing assessments forbid, on the real ledger
contract AssuranceGatingTest is AssuranceTrade {
    uint64 private constant DUE = START + 30 days;

    BatchId private _held;
    BatchId private _coming;

    function setUp() public override {
        super.setUp();
        _held = _mint(pit, "HELD");
        _coming = _mint(pit, "COMING");
    }

    // Findings.

    function test_overdue_blocksFromTheSecondAfter() external {
        FindingId id = _raise("F-1", mine, WHOLE, DUE);
        vm.warp(DUE);
        _mint(pit, "ON-TIME");
        vm.warp(DUE + 1);
        _refused(_overdue(id, mine, WHOLE, DUE));
        _mint(pit, "LATE");
    }

    function test_overdue_blocksMintShipSplitTransformAndFacilities() external {
        FindingId id = _raise("F-1", mine, WHOLE, DUE);
        vm.warp(DUE + 1);
        bytes memory reason = _overdue(id, mine, WHOLE, DUE);
        bytes[] memory calls = _guarded();
        for (uint256 i = 0; i < calls.length; ++i) {
            _assertRefused(mine, calls[i], reason);
        }
        _refused(reason);
        _facility(mine, "new", "mine");
        _plan(mine, id);
        _close(id);
        for (uint256 i = 0; i < calls.length; ++i) {
            _assertPasses(mine, calls[i]);
        }
        _facility(mine, "new", "mine");
    }

    function test_overdue_blocksReceivingAndBeingShippedTo() external {
        _ship("SEA-1", _coming, refinery);
        FindingId id = _raise("F-1", refinery, WHOLE, DUE);
        vm.warp(DUE + 1);
        bytes memory reason = _overdue(id, refinery, WHOLE, DUE);
        _refused(reason);
        _receive("SEA-1", _coming);
        _refused(reason);
        _ship("SEA-2", _held, refinery);
        _plan(refinery, id);
        _close(id);
        _receive("SEA-1", _coming);
        _ship("SEA-2", _held, refinery);
    }

    function test_overdue_leavesWhatEndsThings() external {
        _ship("SEA-1", _coming, refinery);
        _raise("F-1", mine, WHOLE, DUE);
        _raise("F-2", refinery, WHOLE, DUE);
        vm.warp(DUE + 1);
        ILedgerRecords.Answer[] memory answers = new ILedgerRecords.Answer[](1);
        answers[0] = _refusing(_coming);
        _answer(refinery, mine, "SEA-1", _only(_coming), answers);
        _add(mine, _held, _scopes(0, 1, 0, 0));
        _retire(mine, _held);
        _declareError(mine, mine, "COMING");
    }

    function test_overdue_leavesEarlierBatchesValid() external {
        bytes32 before = _stateOf(_held);
        _raise("F-1", mine, WHOLE, DUE);
        assertTrue(_stateOf(_held) == before, "raised");
        vm.warp(DUE + 1);
        assertTrue(_stateOf(_held) == before, "overdue");
    }

    function test_overdue_atAFacilityBlocksThatOne() external {
        FindingId id = _raise("F-1", mine, pit, DUE);
        vm.warp(DUE + 1);
        bytes memory reason = _overdue(id, mine, pit, DUE);
        _refused(reason);
        _mint(pit, "HERE");
        _mint(secondPit, "THERE");
        _ship("SEA-1", _held, refinery);
        assertTrue(assurance.mayAct(mine), "the participant may act");
        assertTrue(!assurance.mayUse(mine, pit), "but not there");
        assertTrue(assurance.mayUse(mine, secondPit), "elsewhere it may");
        _plan(mine, id);
        _close(id);
        _mint(pit, "HERE");
    }

    function test_overdue_atAFacilityBlocksTransforming() external {
        FindingId id = _raise("F-1", mine, mineWorks, DUE);
        vm.warp(DUE + 1);
        bytes memory run = abi.encodeCall(ledger.transform, (_runAt(mineWorks, "RUN-1", _held)));
        _assertRefused(mine, run, _overdue(id, mine, mineWorks, DUE));
        _assertPasses(mine, abi.encodeCall(ledger.transform, (_runAt(pit, "RUN-1", _held))));
    }

    function test_minorAndMajorFindings_neverBlock() external {
        IAssuranceRegistry.Finding memory finding = _findingOn("F-1", mine, WHOLE);
        finding.severity = Severity.Major;
        vm.prank(auditor);
        assurance.raiseFinding(finding);
        (finding.identifier, finding.severity, finding.facility) = ("F-2", Severity.Minor, pit);
        vm.prank(auditor);
        assurance.raiseFinding(finding);
        vm.warp(DUE + 365 days);
        _mint(pit, "LATER");
    }

    function test_aCorrectiveAction_doesNotUnblock() external {
        FindingId id = _raise("F-1", mine, WHOLE, DUE);
        vm.warp(DUE + 1);
        _plan(mine, id);
        _refused(_overdue(id, mine, WHOLE, DUE));
        _mint(pit, "LATER");
        _close(id);
        _mint(pit, "LATER");
    }

    function test_reopening_blocksAgainWhenDue() external {
        FindingId id = _raise("F-1", mine, WHOLE, DUE);
        _plan(mine, id);
        _close(id);
        vm.warp(DUE + 1);
        _mint(pit, "CLOSED");
        _reopen(id, DUE + 2 days);
        _mint(pit, "REOPENED");
        vm.warp(DUE + 2 days + 1);
        _refused(_overdue(id, mine, WHOLE, DUE + 2 days));
        _mint(pit, "LATE");
    }

    function test_severalFindings_theFirstDueIsNamed() external {
        FindingId later = _raise("F-1", mine, WHOLE, DUE + 10);
        FindingId first = _raise("F-2", mine, WHOLE, DUE);
        FindingId last = _raise("F-3", mine, WHOLE, DUE + 20);
        vm.warp(DUE + 30);
        _expectBlocked(first, DUE);
        _plan(mine, later);
        _close(later);
        _expectBlocked(first, DUE);
        _plan(mine, first);
        _close(first);
        _expectBlocked(last, DUE + 20);
        _plan(mine, last);
        _close(last);
        _mint(pit, "ALL-CLOSED");
    }

    function test_severalFindings_dueAtTheSameSecond() external {
        FindingId one = _raise("F-1", mine, WHOLE, DUE);
        FindingId other = _raise("F-2", mine, WHOLE, DUE);
        vm.warp(DUE + 1);
        _plan(mine, one);
        _close(one);
        _expectBlocked(other, DUE);
        _plan(mine, other);
        _close(other);
        _mint(pit, "ALL-CLOSED");
    }

    /// @dev A subject with very many findings can still be cleared, and is answered for at the same price.
    function test_manyFindings() external {
        FindingId[] memory ids = new FindingId[](200);
        for (uint64 i = 0; i < ids.length; ++i) {
            ids[i] = _raise(_name(i), mine, WHOLE, DUE + i / 2);
            _plan(mine, ids[i]);
        }
        uint256 before = gasleft();
        assertTrue(assurance.mayAct(mine), "not due");
        assertTrue(before - gasleft() < 20_000, "one slot to read");
        for (uint256 i = ids.length; i > 0; --i) {
            before = gasleft();
            _close(ids[i - 1]);
            assertTrue(before - gasleft() < 100_000, "no search among all");
        }
        vm.warp(DUE + 1_000);
        _mint(pit, "ALL-CLOSED");
    }

    function testFuzz_overdue(uint64 dueAt, uint64 time, uint8 severity, bool atPit, bool closed) external {
        dueAt = uint64(bound(dueAt, START + 1 days, type(uint64).max));
        time = uint64(bound(time, START, type(uint64).max));
        IAssuranceRegistry.Finding memory finding = _findingOn("F-1", mine, atPit ? pit : WHOLE);
        (finding.dueAt, finding.severity) = (dueAt, Severity(severity % 3));
        vm.prank(auditor);
        FindingId id = assurance.raiseFinding(finding);
        if (closed) {
            _plan(mine, id);
            _close(id);
        }
        vm.warp(time);
        bool blocked = time > dueAt && !closed && finding.severity == Severity.Critical;
        assertTrue(assurance.mayAct(mine) == (atPit || !blocked), "may act");
        assertTrue(assurance.mayUse(mine, pit) == !(atPit && blocked), "may use");
        if (blocked) _refused(_overdue(id, mine, finding.facility, dueAt));
        _mint(pit, "NOW");
    }

    /// @dev Whatever is closed in whatever order, the first due of the rest decides.
    function testFuzz_severalFindings(uint16[5] memory after_, uint8 closed, uint32 wait) external {
        uint64 first = type(uint64).max;
        for (uint256 i = 0; i < after_.length; ++i) {
            _raise(_name(i), mine, WHOLE, _due(after_[i]));
        }
        FindingId[] memory open = assurance.openCritical(mine, WHOLE);
        assertEq(open.length, after_.length, "raised");
        for (uint256 i = 0; i < after_.length; ++i) {
            if (closed & (1 << i) == 0) {
                first = _due(after_[i]) < first ? _due(after_[i]) : first;
            } else {
                _plan(mine, open[i]);
                _close(open[i]);
            }
        }
        uint64 time = _due(0) + uint64(bound(wait, 0, 70_000));
        vm.warp(time);
        assertTrue(assurance.mayAct(mine) == (time <= first), "may act");
    }

    // Mandatory assessments.

    function test_mandatory_missingThenAssessedThenExpired() external {
        _setMandatory(PRODUCER, _kinds(SAQ), START);
        uint64 now_ = START + POLICY_DELAY;
        _refused(abi.encodeWithSelector(IAssuranceRegistry.AssessmentMissing.selector, mine, SAQ));
        _mint(pit, "UNASSESSED");
        assertTrue(!assurance.mayAct(mine), "missing");
        _assess("SAQ-1", mine, now_, now_ + 10);
        _mint(pit, "ASSESSED");
        vm.warp(now_ + 10);
        _mint(pit, "LAST-SECOND");
        vm.warp(now_ + 11);
        _refused(abi.encodeWithSelector(IAssuranceRegistry.AssessmentExpired.selector, mine, SAQ, now_ + 10));
        _mint(pit, "EXPIRED");
        _assess("SAQ-2", mine, now_ + 11, now_ + 20);
        _mint(pit, "RENEWED");
    }

    function test_mandatory_mustHaveBegun() external {
        _setMandatory(PRODUCER, _kinds(SAQ), START);
        uint64 now_ = START + POLICY_DELAY;
        _assess("SAQ-1", mine, now_ + 5, now_ + 10);
        _refused(abi.encodeWithSelector(IAssuranceRegistry.AssessmentMissing.selector, mine, SAQ));
        _mint(pit, "EARLY");
        vm.warp(now_ + 5);
        _mint(pit, "BEGUN");
    }

    function test_mandatory_ofTheWholeParticipantOnly() external {
        _setMandatory(PRODUCER, _kinds(SAQ), START);
        IAssuranceRegistry.Assessment memory assessment = _assessmentOf("SAQ-1", mine, SAQ);
        assessment.facility = pit;
        vm.prank(auditor);
        assurance.assess(assessment);
        _refused(abi.encodeWithSelector(IAssuranceRegistry.AssessmentMissing.selector, mine, SAQ));
        _mint(pit, "UNASSESSED");
    }

    function test_mandatory_forThatRoleOnly() external {
        _setMandatory(PRODUCER, _kinds(SAQ), START);
        assertTrue(!assurance.mayAct(mine), "a producer");
        assertTrue(assurance.mayAct(refinery), "a refiner");
        _refused(abi.encodeWithSelector(IAssuranceRegistry.AssessmentMissing.selector, mine, SAQ));
        _ship("SEA-1", _held, refinery);
        _assess("SAQ-1", mine, START, START + 365 days);
        _ship("SEA-1", _held, refinery);
        _receive("SEA-1", _held);
    }

    function test_mandatory_everyKindOfEveryRole() external {
        bytes32[] memory kinds = new bytes32[](2);
        (kinds[0], kinds[1]) = (SAQ, CODE_OF_CONDUCT);
        _setMandatory(PRODUCER, kinds, START);
        _assess("SAQ-1", mine, START, START + 365 days);
        _refused(abi.encodeWithSelector(IAssuranceRegistry.AssessmentMissing.selector, mine, CODE_OF_CONDUCT));
        _mint(pit, "HALF");
        IAssuranceRegistry.Assessment memory commitment = _assessmentOf("COC-1", mine, CODE_OF_CONDUCT);
        vm.prank(auditor);
        assurance.assess(commitment);
        _mint(pit, "WHOLE");
    }

    function testFuzz_mandatory(uint64 from, uint64 until, uint64 time) external {
        _setMandatory(PRODUCER, _kinds(SAQ), START);
        uint64 begin = START + POLICY_DELAY;
        from = uint64(bound(from, begin - 1_000, begin + 1_000));
        until = uint64(bound(until, from + 1, from + 2_000));
        time = uint64(bound(time, begin, begin + 3_500));
        _assess("SAQ-1", mine, from, until);
        vm.warp(time);
        bool valid = from <= time && time <= until;
        assertTrue(assurance.mayAct(mine) == valid, "may act");
        if (!valid && time < from) {
            _refused(abi.encodeWithSelector(IAssuranceRegistry.AssessmentMissing.selector, mine, SAQ));
        } else if (!valid) {
            _refused(abi.encodeWithSelector(IAssuranceRegistry.AssessmentExpired.selector, mine, SAQ, until));
        }
        _mint(pit, "NOW");
    }

    // In short.

    function _name(uint256 number) private pure returns (string memory) {
        bytes memory digits = new bytes(3);
        for (uint256 i = 3; i > 0; --i) {
            digits[i - 1] = bytes1(uint8(48 + number % 10));
            number /= 10;
        }
        return string.concat("F-", string(digits));
    }

    /// @dev After the notice that everybody has.
    function _due(uint64 after_) private pure returns (uint64) {
        return START + 1 days + after_;
    }

    function _guarded() private view returns (bytes[] memory calls) {
        ILedgerRecords.SplitChild[] memory children = new ILedgerRecords.SplitChild[](1);
        children[0] = ILedgerRecords.SplitChild("CHILD", TONNE);
        calls = new bytes[](4);
        calls[0] = abi.encodeCall(ledger.mint, (_mintAt(pit, "LATER")));
        calls[1] = abi.encodeCall(ledger.split, (_held, children, START, _none()));
        calls[2] = abi.encodeCall(ledger.transform, (_runAt(mineWorks, "RUN-1", _held)));
        calls[3] = abi.encodeCall(ledger.ship, (_offerOf("SEA-1", _only(_coming), refinery)));
    }

    function _assertRefused(address account, bytes memory call, bytes memory expected) private {
        vm.prank(account);
        (bool ok, bytes memory reason) = address(ledger).call(call);
        assertTrue(!ok && keccak256(reason) == keccak256(expected), "refused for that reason");
    }

    function _assertPasses(address account, bytes memory call) private {
        vm.prank(account);
        (bool ok,) = address(ledger).call(call);
        assertTrue(ok, "passes");
    }

    function _expectBlocked(FindingId id, uint64 dueAt) private {
        _refused(_overdue(id, mine, WHOLE, dueAt));
        _mint(pit, "BLOCKED");
    }

    function _stateOf(BatchId batch) private view returns (bytes32) {
        return keccak256(abi.encode(ledger.batchOf(batch)));
    }
}
