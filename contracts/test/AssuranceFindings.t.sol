// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IAssuranceRegistry} from "../interfaces/IAssuranceRegistry.sol";
import {IParticipantRegistry} from "../interfaces/IParticipantRegistry.sol";
import {
    ENVIRONMENT,
    ETHICS,
    FindingState,
    HEALTH_AND_SAFETY,
    HUMAN_RIGHTS,
    LABOUR,
    QUALITY,
    Severity
} from "../types/Assurance.sol";
import {BatchId, FacilityId, FindingId} from "../types/Ids.sol";
import {POLICY_ROLE} from "../types/Roles.sol";
import {AssuranceBase} from "./AssuranceBase.sol";
import {Named} from "./Named.sol";

/// @title The life of a finding
contract AssuranceFindingsTest is AssuranceBase {
    uint64 private constant DUE = START + 30 days;
    FindingId private constant UNKNOWN = FindingId.wrap(1);

    /// @dev The steps after a finding was raised, in the order of `_step`.
    uint256 private constant STEPS = 5;

    // Raising.

    function test_raiseFinding() external {
        IAssuranceRegistry.Finding memory finding = _findingOn("F-1", mine, pit);
        finding.evidence = _document();
        _expectRaised(auditor, finding);
        _raiseAs(auditor, finding);
        FindingId id = Named.finding(auditor, "F-1");
        IAssuranceRegistry.FindingRecord memory found = assurance.findingOf(id);
        assertTrue(found.participant == mine && FacilityId.unwrap(found.facility) == FacilityId.unwrap(pit), "subject");
        assertTrue(found.severity == Severity.Critical && found.state == FindingState.Open, "critical, open");
        assertEq(found.dueAt, DUE, "due");
    }

    function test_raiseFinding_byTheConsortiumAsItself() external {
        IAssuranceRegistry.Finding memory finding = _findingOn("F-1", mine, WHOLE);
        _expectRaised(consortium, finding);
        _raiseAs(consortium, finding);
        _expectRaised(auditor, finding);
        _raiseAs(auditor, finding);
    }

    function test_raiseFinding_isForAuditorsOnly() external {
        IAssuranceRegistry.Finding memory finding = _findingOn("F-1", mine, WHOLE);
        _expectNoAuditor(refinery);
        _raiseAs(refinery, finding);
        _expectNoAuditor(stranger);
        _raiseAs(stranger, finding);
        vm.prank(consortium);
        registry.terminateParticipant(auditor, "bribed", uint64(block.timestamp), _none());
        _expectNoAuditor(auditor);
        _raiseAs(auditor, finding);
        _raiseAs(inspector, finding);
    }

    function test_raiseFinding_isNeverOnOneself() external {
        IAssuranceRegistry.Finding memory finding = _findingOn("F-1", auditor, WHOLE);
        _expectSelf(auditor);
        _raiseAs(auditor, finding);
        _raiseAs(inspector, finding);
    }

    function test_raiseFinding_needsTheSubject() external {
        vm.expectRevert(abi.encodeWithSelector(IAssuranceRegistry.UnknownParticipant.selector, stranger));
        _raiseAs(auditor, _findingOn("F-1", stranger, WHOLE));
        FacilityId unknown = FacilityId.wrap(1);
        vm.expectRevert(abi.encodeWithSelector(IAssuranceRegistry.UnknownFacility.selector, unknown));
        _raiseAs(auditor, _findingOn("F-1", mine, unknown));
        vm.expectRevert(abi.encodeWithSelector(IAssuranceRegistry.ForeignFacility.selector, works, mine, refinery));
        _raiseAs(auditor, _findingOn("F-1", mine, works));
        _raiseAs(auditor, _findingOn("F-1", refinery, works));
    }

    function test_raiseFinding_identifier() external {
        string[2] memory bad = ["", _length(257)];
        for (uint256 i = 0; i < bad.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IAssuranceRegistry.InvalidIdentifier.selector, bad[i]));
            _raiseAs(auditor, _findingOn(bad[i], mine, WHOLE));
        }
        _raiseAs(auditor, _findingOn(_length(256), mine, WHOLE));
    }

    function test_raiseFinding_onceOnly() external {
        _raise("F-1", mine, WHOLE, DUE);
        vm.expectRevert(
            abi.encodeWithSelector(IAssuranceRegistry.FindingAlreadyExists.selector, Named.finding(auditor, "F-1"))
        );
        _raiseAs(auditor, _findingOn("F-1", refinery, WHOLE));
        _raiseAs(auditor, _findingOn("F-2", mine, WHOLE));
        _raiseAs(inspector, _findingOn("F-1", mine, WHOLE));
    }

    function test_raiseFinding_categories() external {
        bytes32[6] memory known = [LABOUR, HUMAN_RIGHTS, HEALTH_AND_SAFETY, ENVIRONMENT, ETHICS, QUALITY];
        for (uint256 i = 0; i < known.length; ++i) {
            IAssuranceRegistry.Finding memory good = _findingOn(_name(i), mine, WHOLE);
            good.category = known[i];
            _raiseAs(auditor, good);
        }
        IAssuranceRegistry.Finding memory bad = _findingOn("F-1", mine, WHOLE);
        bad.category = "governance";
        vm.expectRevert(
            abi.encodeWithSelector(IAssuranceRegistry.UnknownFindingCategory.selector, bytes32("governance"))
        );
        _raiseAs(auditor, bad);
    }

    function test_raiseFinding_dueDate() external {
        IAssuranceRegistry.Finding memory finding = _findingOn("F-1", mine, WHOLE);
        finding.dueAt = START - 1;
        _expectInvalidDueDate(START - 1, START);
        _raiseAs(auditor, finding);
        (finding.dueAt, finding.occurredAt) = (0, 0);
        _expectInvalidDueDate(0, 0);
        _raiseAs(auditor, finding);
        (finding.dueAt, finding.occurredAt) = (START, START);
        finding.severity = Severity.Major;
        _raiseAs(auditor, finding);
    }

    /// @dev G6: one auditor blocks nobody at once.
    function test_raiseFinding_aCriticalOneGivesADaysNotice() external {
        IAssuranceRegistry.Finding memory finding = _findingOn("F-1", mine, WHOLE);
        (finding.dueAt, finding.occurredAt) = (1, 1);
        _expectShortNotice(1);
        _raiseAs(auditor, finding);
        finding.dueAt = START + 1 days - 1;
        _expectShortNotice(START + 1 days - 1);
        _raiseAs(auditor, finding);
        finding.dueAt = START + 1 days;
        FindingId id = _raiseAs(auditor, finding);
        assertTrue(assurance.mayAct(mine), "may act for a day");
        _plan(mine, id);
        _close(id);
        vm.warp(START + 1);
        vm.expectRevert(
            abi.encodeWithSelector(IAssuranceRegistry.NoticeTooShort.selector, START + 1 days, START + 1 days + 1)
        );
        vm.prank(auditor);
        assurance.reopenFinding(id, "Records were false", START + 1 days, START, _none());
    }

    // About a lot.

    function test_raiseFinding_onALot_blocksNobody() external {
        IAssuranceRegistry.Finding memory finding = _findingOn("F-1", mine, WHOLE);
        (finding.batch, finding.category) = (BatchId.wrap(9), QUALITY);
        // A lot's finding needs no notice, since it blocks nobody.
        finding.dueAt = START;
        _expectRaised(auditor, finding);
        FindingId id = _raiseAs(auditor, finding);
        assertEq(BatchId.unwrap(assurance.findingOf(id).batch), 9, "lot");
        assertTrue(registry.hasOpenFinding(BatchId.wrap(9)), "open");
        assertTrue(!registry.hasOpenFinding(BatchId.wrap(8)), "of that lot only");
        vm.warp(START + 365 days);
        assertTrue(assurance.mayAct(mine) && !registry.isWatched(mine), "blocks nobody");
        assertEq(assurance.openCritical(mine, WHOLE).length, 0, "nor counts");
        (finding.identifier, finding.severity) = ("F-2", Severity.Minor);
        FindingId other = _raiseAs(inspector, finding);
        _plan(mine, id);
        _close(id);
        assertTrue(registry.hasOpenFinding(BatchId.wrap(9)), "the other one");
        _plan(mine, other);
        _close(other);
        assertTrue(!registry.hasOpenFinding(BatchId.wrap(9)), "both closed");
        _reopen(other, START);
        assertTrue(registry.hasOpenFinding(BatchId.wrap(9)), "open again");
    }

    function test_raiseFinding_onALotOrAFacility() external {
        IAssuranceRegistry.Finding memory finding = _findingOn("F-1", mine, pit);
        finding.batch = BatchId.wrap(9);
        vm.expectRevert(abi.encodeWithSelector(IAssuranceRegistry.FacilityAndLot.selector, pit, BatchId.wrap(9)));
        _raiseAs(auditor, finding);
    }

    // Two auditors.

    /// @dev G7: neither who raised a critical finding nor a friendly auditor lifts the block alone.
    function test_closeFinding_takesTwoAuditors() external {
        FindingId id = _raise("F-1", mine, WHOLE, DUE);
        _step(0, mine, id);
        _step(1, auditor, id);
        _expectSecond(id, auditor);
        _step(3, auditor, id);
        _step(3, inspector, id);
        FindingId friendly = _raise("F-2", mine, WHOLE, DUE);
        _step(0, mine, friendly);
        _step(1, inspector, friendly);
        assertEq(assurance.findingOf(friendly).acceptedBy, inspector, "accepted by");
        assertEq(assurance.findingOf(friendly).raisedBy, auditor, "raised by");
        _expectSecond(friendly, inspector);
        _step(3, inspector, friendly);
        _expectSecond(friendly, auditor);
        _step(3, auditor, friendly);
        _step(3, consortium, friendly);
        assertTrue(assurance.mayAct(mine), "closed");
    }

    function test_closeFinding_theOnlyAuditorClosesItself() external {
        FindingId id = _raise("F-1", mine, WHOLE, DUE);
        _step(0, mine, id);
        _step(1, auditor, id);
        _suspend(inspector);
        _step(3, auditor, id);
    }

    function test_closeFinding_anAuditorThatIsBlockedOrConcernedIsNoOther() external {
        FindingId first = _raise("F-1", inspector, WHOLE, DUE);
        _step(0, inspector, first);
        _step(1, auditor, first);
        FindingId second = _raise("F-2", mine, WHOLE, DUE + 10 days);
        _step(0, mine, second);
        _step(1, auditor, second);
        _expectSecond(second, auditor);
        _step(3, auditor, second);
        vm.warp(DUE + 1);
        assertTrue(!registry.isAuditor(inspector), "blocked");
        _step(3, auditor, second);
        _step(3, auditor, first);
        assertTrue(registry.isAuditor(inspector), "audits again");
    }

    function test_closeFinding_othersByOneAuditor() external {
        IAssuranceRegistry.Finding memory finding = _findingOn("F-1", mine, WHOLE);
        finding.severity = Severity.Major;
        FindingId id = _raiseAs(auditor, finding);
        _step(0, mine, id);
        _step(1, auditor, id);
        assertEq(assurance.findingOf(id).acceptedBy, address(0), "of critical ones only");
        _step(3, auditor, id);
    }

    // A sale.

    /// @dev Findings stay with the site.
    function test_aSoldFacility_takesItsFindingsAlong() external {
        FindingId id = _raise("F-1", mine, pit, DUE);
        vm.prank(mine);
        registry.transferFacility(pit, refinery, START, _none());
        vm.prank(refinery);
        registry.acceptFacility(pit, START, _none());
        assertEq(assurance.findingOf(id).participant, refinery, "about the buyer");
        vm.warp(DUE + 1);
        vm.expectRevert(_overdue(id, refinery, pit, DUE));
        registry.requireFacility(refinery, pit);
        vm.expectRevert(abi.encodeWithSelector(IAssuranceRegistry.NotFindingSubject.selector, id, mine, refinery));
        _step(0, mine, id);
        _step(0, refinery, id);
        _step(1, auditor, id);
        _step(3, inspector, id);
        registry.requireFacility(refinery, pit);
    }

    function test_aSoldFacility_isDecidedOnByNeitherOfItsHolders() external {
        FindingId id = _raise("F-1", mine, pit, DUE);
        vm.prank(mine);
        registry.transferFacility(pit, inspector, START, _none());
        vm.prank(inspector);
        registry.acceptFacility(pit, START, _none());
        _step(0, inspector, id);
        _expectSelf(inspector);
        _step(1, inspector, id);
        vm.prank(consortium);
        registry.changeRoles(mine, _roles("auditor"), new bytes32[](0), "audits", START, _none());
        _expectSelf(mine);
        _step(1, mine, id);
        _step(1, auditor, id);
    }

    /// @dev G1: a plant that is blocked does not go on under another name.
    function test_aBlockedFacility_andNoneBesideIt() external {
        FindingId id = _raise("F-1", mine, mineWorks, DUE);
        _facility(mine, "works-2", "refinery");
        vm.warp(DUE + 1);
        bytes memory reason = _overdue(id, mine, mineWorks, DUE);
        vm.expectRevert(reason);
        registry.requireFacility(mine, mineWorks);
        _refused(reason);
        _facility(mine, "works-3", "refinery");
        _facility(refinery, "works-3", "refinery");
        _plan(mine, id);
        _close(id);
        _facility(mine, "works-3", "refinery");
    }

    // Which steps are allowed when.

    /// @dev Every step in every state: those of the life of a finding are taken, all others refused.
    function test_steps() external {
        FindingState[4] memory states = [
            FindingState.Open,
            FindingState.CorrectiveActionSubmitted,
            FindingState.CorrectiveActionAccepted,
            FindingState.Closed
        ];
        for (uint256 i = 0; i < states.length; ++i) {
            for (uint256 step = 0; step < STEPS; ++step) {
                FindingId id = _inState(_name(10 * i + step), states[i]);
                (FindingState from, FindingState to) = _transition(step);
                if (states[i] != from) {
                    vm.expectRevert(
                        abi.encodeWithSelector(IAssuranceRegistry.WrongFindingState.selector, id, states[i])
                    );
                }
                _step(step, step == 0 ? mine : step == 3 ? inspector : auditor, id);
                FindingState expected = states[i] == from ? to : states[i];
                assertTrue(assurance.findingOf(id).state == expected, "state");
            }
        }
    }

    function test_steps_needAKnownFinding() external {
        for (uint256 step = 0; step < STEPS; ++step) {
            vm.expectRevert(abi.encodeWithSelector(IAssuranceRegistry.UnknownFinding.selector, UNKNOWN));
            _step(step, step == 0 ? mine : auditor, UNKNOWN);
        }
        vm.expectRevert(abi.encodeWithSelector(IAssuranceRegistry.UnknownFinding.selector, UNKNOWN));
        assurance.findingOf(UNKNOWN);
    }

    function test_steps_ofAuditorsOnly() external {
        for (uint256 step = 1; step < STEPS; ++step) {
            (FindingState from,) = _transition(step);
            FindingId id = _inState(_name(step), from);
            address[3] memory others = [mine, refinery, stranger];
            for (uint256 i = 0; i < others.length; ++i) {
                _expectNoAuditor(others[i]);
                _step(step, others[i], id);
            }
            _step(step, step % 2 == 0 ? inspector : consortium, id);
        }
    }

    function test_steps_neverOnOneself() external {
        manager.grantRole(POLICY_ROLE, mine, 0);
        assertTrue(registry.isAuditor(mine), "speaks as the consortium");
        for (uint256 step = 1; step < STEPS; ++step) {
            (FindingState from,) = _transition(step);
            FindingId id = _inState(_name(step), from);
            _expectSelf(mine);
            _step(step, mine, id);
            _step(step, step == 3 ? inspector : auditor, id);
        }
    }

    function test_submitCorrectiveAction_isForTheSubjectOnly() external {
        FindingId id = _raise("F-1", mine, WHOLE, DUE);
        address[3] memory others = [refinery, auditor, inspector];
        for (uint256 i = 0; i < others.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IAssuranceRegistry.NotFindingSubject.selector, id, others[i], mine));
            _step(0, others[i], id);
        }
        vm.expectRevert(abi.encodeWithSelector(IParticipantRegistry.UnknownOperator.selector, consortium));
        _step(0, consortium, id);
        _step(0, mine, id);
    }

    function test_submitCorrectiveAction_alsoWhenSuspendedOrOverdue() external {
        FindingId id = _raise("F-1", mine, WHOLE, DUE);
        vm.warp(DUE + 1);
        assertTrue(!assurance.mayAct(mine), "overdue");
        _step(0, mine, id);
        _step(2, auditor, id);
        vm.prank(consortium);
        registry.suspendParticipant(mine, "audit overdue", uint64(block.timestamp), _none());
        _step(0, mine, id);
    }

    function test_closeFinding_needsEvidence() external {
        FindingId id = _inState("F-1", FindingState.CorrectiveActionAccepted);
        vm.expectRevert(abi.encodeWithSelector(IAssuranceRegistry.EvidenceRequired.selector, id));
        vm.prank(auditor);
        assurance.closeFinding(id, START, _none());
        _close(id);
    }

    function test_reopenFinding_dueDate() external {
        FindingId id = _inState("F-1", FindingState.Closed);
        _expectInvalidDueDate(START - 1, START);
        _reopen(id, START - 1);
        assertTrue(assurance.findingOf(id).state == FindingState.Closed, "still closed");
        _reopen(id, START + 1 days);
        assertEq(assurance.findingOf(id).dueAt, START + 1 days, "due");
    }

    // What is recorded.

    function test_events() external {
        FindingId id = _raise("F-1", mine, pit, DUE);
        vm.expectEmit(address(assurance));
        emit IAssuranceRegistry.CorrectiveActionSubmitted(id, mine, START, "Check age at hiring", _document());
        _step(0, mine, id);
        vm.expectEmit(address(assurance));
        emit IAssuranceRegistry.CorrectiveActionRefused(id, consortium, START, "No owner", _document());
        _step(2, consortium, id);
        _step(0, mine, id);
        vm.expectEmit(address(assurance));
        emit IAssuranceRegistry.CorrectiveActionAccepted(id, inspector, START, _document());
        _step(1, inspector, id);
        vm.expectEmit(address(assurance));
        emit IAssuranceRegistry.FindingClosed(id, consortium, START, _document());
        _step(3, consortium, id);
        vm.expectEmit(address(assurance));
        emit IAssuranceRegistry.FindingReopened(id, inspector, DUE, START, "Records were false", _document());
        _step(4, inspector, id);
    }

    function test_openCritical() external {
        IAssuranceRegistry.Finding memory minor = _findingOn("F-1", mine, WHOLE);
        minor.severity = Severity.Minor;
        _raiseAs(auditor, minor);
        (minor.identifier, minor.severity) = ("F-2", Severity.Major);
        _raiseAs(auditor, minor);
        assertEq(assurance.openCritical(mine, WHOLE).length, 0, "neither minor nor major");
        FindingId whole = _raise("F-3", mine, WHOLE, DUE);
        FindingId atPit = _raise("F-4", mine, pit, DUE);
        assertEq(assurance.openCritical(refinery, WHOLE).length, 0, "another's");
        assertEq(assurance.openCritical(mine, mineWorks).length, 0, "of another facility");
        _assertOnly(assurance.openCritical(mine, WHOLE), whole);
        _assertOnly(assurance.openCritical(mine, pit), atPit);
        _plan(mine, atPit);
        _assertOnly(assurance.openCritical(mine, pit), atPit);
        _close(atPit);
        assertEq(assurance.openCritical(mine, pit).length, 0, "closed");
        _reopen(atPit, DUE);
        _assertOnly(assurance.openCritical(mine, pit), atPit);
        _assertOnly(assurance.openCritical(mine, WHOLE), whole);
    }

    // In short.

    function _name(uint256 number) private pure returns (string memory) {
        return string(abi.encodePacked("F-", bytes1(uint8(65 + number))));
    }

    /// @dev 0 submit, 1 accept, 2 refuse, 3 close, 4 reopen.
    function _step(uint256 step, address account, FindingId id) private {
        vm.prank(account);
        if (step == 0) assurance.submitCorrectiveAction(id, "Check age at hiring", START, _document());
        else if (step == 1) assurance.acceptCorrectiveAction(id, START, _document());
        else if (step == 2) assurance.refuseCorrectiveAction(id, "No owner", START, _document());
        else if (step == 3) assurance.closeFinding(id, START, _document());
        else assurance.reopenFinding(id, "Records were false", DUE, START, _document());
    }

    function _transition(uint256 step) private pure returns (FindingState from, FindingState to) {
        if (step == 0) return (FindingState.Open, FindingState.CorrectiveActionSubmitted);
        if (step == 1) return (FindingState.CorrectiveActionSubmitted, FindingState.CorrectiveActionAccepted);
        if (step == 2) return (FindingState.CorrectiveActionSubmitted, FindingState.Open);
        if (step == 3) return (FindingState.CorrectiveActionAccepted, FindingState.Closed);
        return (FindingState.Closed, FindingState.Open);
    }

    /// @dev A critical finding on the mine, brought to that state.
    function _inState(string memory identifier, FindingState state) private returns (FindingId id) {
        id = _raise(identifier, mine, WHOLE, DUE);
        if (state == FindingState.Open) return id;
        _step(0, mine, id);
        if (state == FindingState.CorrectiveActionSubmitted) return id;
        _step(1, auditor, id);
        if (state == FindingState.Closed) _step(3, inspector, id);
    }

    function _assertOnly(FindingId[] memory list, FindingId id) private pure {
        assertEq(list.length, 1, "one finding");
        assertEq(FindingId.unwrap(list[0]), FindingId.unwrap(id), "that finding");
    }

    function _expectNoAuditor(address account) private {
        vm.expectRevert(abi.encodeWithSelector(IAssuranceRegistry.NotAuditorNorConsortium.selector, account));
    }

    function _expectSelf(address participant) private {
        vm.expectRevert(abi.encodeWithSelector(IAssuranceRegistry.SelfAssessment.selector, participant));
    }

    function _expectShortNotice(uint64 dueAt) private {
        vm.expectRevert(abi.encodeWithSelector(IAssuranceRegistry.NoticeTooShort.selector, dueAt, START + 1 days));
    }

    function _expectSecond(FindingId id, address account) private {
        vm.expectRevert(abi.encodeWithSelector(IAssuranceRegistry.SecondAuditorRequired.selector, id, account));
    }

    function _expectInvalidDueDate(uint64 dueAt, uint64 occurredAt) private {
        vm.expectRevert(abi.encodeWithSelector(IAssuranceRegistry.InvalidDueDate.selector, dueAt, occurredAt));
    }

    function _expectRaised(address raisedBy, IAssuranceRegistry.Finding memory finding) private {
        vm.expectEmit(address(assurance));
        emit IAssuranceRegistry.FindingRaised(
            Named.finding(raisedBy, finding.identifier),
            finding.participant,
            raisedBy,
            finding.facility,
            finding.batch,
            finding.severity,
            finding.category,
            finding.dueAt,
            finding.occurredAt,
            finding.identifier,
            finding.description,
            finding.evidence
        );
    }
}
