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
    Severity
} from "../types/Assurance.sol";
import {FacilityId, FindingId, Ids} from "../types/Ids.sol";
import {CONSORTIUM_ROLE} from "../types/Roles.sol";
import {AssuranceBase} from "./AssuranceBase.sol";

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
        FindingId id = Ids.finding(auditor, "F-1");
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
        _raiseAs(otherAuditor, finding);
    }

    function test_raiseFinding_isNeverOnOneself() external {
        IAssuranceRegistry.Finding memory finding = _findingOn("F-1", auditor, WHOLE);
        _expectSelf(auditor);
        _raiseAs(auditor, finding);
        _raiseAs(otherAuditor, finding);
    }

    function test_raiseFinding_needsTheSubject() external {
        vm.expectRevert(abi.encodeWithSelector(IAssuranceRegistry.UnknownParticipant.selector, stranger));
        _raiseAs(auditor, _findingOn("F-1", stranger, WHOLE));
        FacilityId unknown = FacilityId.wrap(1);
        vm.expectRevert(abi.encodeWithSelector(IAssuranceRegistry.UnknownFacility.selector, unknown));
        _raiseAs(auditor, _findingOn("F-1", mine, unknown));
        vm.expectRevert(abi.encodeWithSelector(IAssuranceRegistry.ForeignFacility.selector, plant, mine, refinery));
        _raiseAs(auditor, _findingOn("F-1", mine, plant));
        _raiseAs(auditor, _findingOn("F-1", refinery, plant));
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
            abi.encodeWithSelector(IAssuranceRegistry.FindingAlreadyExists.selector, Ids.finding(auditor, "F-1"))
        );
        _raiseAs(auditor, _findingOn("F-1", refinery, WHOLE));
        _raiseAs(auditor, _findingOn("F-2", mine, WHOLE));
        _raiseAs(otherAuditor, _findingOn("F-1", mine, WHOLE));
    }

    function test_raiseFinding_categories() external {
        bytes32[5] memory known = [LABOUR, HUMAN_RIGHTS, HEALTH_AND_SAFETY, ENVIRONMENT, ETHICS];
        for (uint256 i = 0; i < known.length; ++i) {
            IAssuranceRegistry.Finding memory good = _findingOn(string(abi.encodePacked(known[i])), mine, WHOLE);
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
        _raiseAs(auditor, finding);
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
                FindingId id = _inState(string(abi.encodePacked("F", i, step)), states[i]);
                (FindingState from, FindingState to) = _transition(step);
                if (states[i] != from) {
                    vm.expectRevert(
                        abi.encodeWithSelector(IAssuranceRegistry.WrongFindingState.selector, id, states[i])
                    );
                }
                _step(step, step == 0 ? mine : auditor, id);
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
            FindingId id = _inState(string(abi.encodePacked("F", step)), from);
            address[3] memory others = [mine, refinery, stranger];
            for (uint256 i = 0; i < others.length; ++i) {
                _expectNoAuditor(others[i]);
                _step(step, others[i], id);
            }
            _step(step, step % 2 == 0 ? otherAuditor : consortium, id);
        }
    }

    function test_steps_neverOnOneself() external {
        manager.grantRole(CONSORTIUM_ROLE, mine, 0);
        for (uint256 step = 1; step < STEPS; ++step) {
            (FindingState from,) = _transition(step);
            FindingId id = _inState(string(abi.encodePacked("F", step)), from);
            _expectSelf(mine);
            _step(step, mine, id);
            _step(step, auditor, id);
        }
    }

    function test_submitCorrectiveAction_isForTheSubjectOnly() external {
        FindingId id = _raise("F-1", mine, WHOLE, DUE);
        address[3] memory others = [refinery, auditor, otherAuditor];
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
        _reopen(id, START);
        assertEq(assurance.findingOf(id).dueAt, START, "due");
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
        emit IAssuranceRegistry.CorrectiveActionAccepted(id, otherAuditor, START, _document());
        _step(1, otherAuditor, id);
        vm.expectEmit(address(assurance));
        emit IAssuranceRegistry.FindingClosed(id, auditor, START, _document());
        _step(3, auditor, id);
        vm.expectEmit(address(assurance));
        emit IAssuranceRegistry.FindingReopened(id, otherAuditor, DUE, START, "Records were false", _document());
        _step(4, otherAuditor, id);
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
        assertEq(assurance.openCritical(mine, works).length, 0, "of another facility");
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
        if (state == FindingState.Closed) _step(3, auditor, id);
    }

    function _raiseAs(address account, IAssuranceRegistry.Finding memory finding) private {
        vm.prank(account);
        assurance.raiseFinding(finding);
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

    function _expectInvalidDueDate(uint64 dueAt, uint64 occurredAt) private {
        vm.expectRevert(abi.encodeWithSelector(IAssuranceRegistry.InvalidDueDate.selector, dueAt, occurredAt));
    }

    function _expectRaised(address raisedBy, IAssuranceRegistry.Finding memory finding) private {
        vm.expectEmit(address(assurance));
        emit IAssuranceRegistry.FindingRaised(
            Ids.finding(raisedBy, finding.identifier),
            finding.participant,
            raisedBy,
            finding.facility,
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
