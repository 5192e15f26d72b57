// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IActGuard} from "../interfaces/IActGuard.sol";
import {IAssuranceRegistry} from "../interfaces/IAssuranceRegistry.sol";
import {IParticipantRegistry} from "../interfaces/IParticipantRegistry.sol";
import {CODE_OF_CONDUCT, SAQ, Severity} from "../types/Assurance.sol";
import {FacilityId, FindingId} from "../types/Ids.sol";
import {Origin} from "../types/Values.sol";
import {AssuranceBase} from "./AssuranceBase.sol";

/// @title Whom the registry asks the act guard about
contract AssuranceWatchTest is AssuranceBase {
    uint64 private constant DUE = START + 30 days;

    // Findings.

    function test_aCriticalFinding_watchesItsParticipantUntilItIsClosed() external {
        _assertWatched(mine, false);
        FindingId first = _raise("F-1", mine, WHOLE, DUE);
        FindingId second = _raise("F-2", mine, WHOLE, DUE + 1);
        _assertWatched(mine, true);
        _assertWatched(refinery, false);
        _assertWatched(pit, false);
        _plan(mine, second);
        _close(second);
        _assertWatched(mine, true);
        _plan(mine, first);
        _close(first);
        _assertWatched(mine, false);
        _reopen(first, DUE);
        _assertWatched(mine, true);
    }

    function test_aCriticalFinding_atAFacilityWatchesThatOne() external {
        FindingId id = _raise("F-1", mine, pit, DUE);
        _assertWatched(pit, true);
        _assertWatched(secondPit, false);
        _assertWatched(mine, false);
        _plan(mine, id);
        _close(id);
        _assertWatched(pit, false);
    }

    function test_otherFindings_watchNobody() external {
        IAssuranceRegistry.Finding memory finding = _findingOn("F-1", mine, WHOLE);
        finding.severity = Severity.Major;
        vm.prank(auditor);
        FindingId id = assurance.raiseFinding(finding);
        _assertWatched(mine, false);
        _plan(mine, id);
        _close(id);
        _assertWatched(mine, false);
    }

    // Mandatory assessments.

    function test_mandatoryKinds_watchTheRole() external {
        address other = _key(0x2001);
        _register(other, "other", "CD", PRODUCER);
        _setMandatory(PRODUCER, _kinds(SAQ), START);
        _assertWatched(mine, true);
        _assertWatched(other, true);
        _assertWatched(refinery, false);
        _setMandatory(PRODUCER, _kinds(CODE_OF_CONDUCT), START + POLICY_DELAY);
        _assertWatched(mine, true);
        _setMandatory(PRODUCER, new bytes32[](0), START + 2 * POLICY_DELAY);
        _assertWatched(mine, false);
        _assertWatched(other, false);
    }

    function test_mandatoryKinds_watchWhoComesLater() external {
        _setMandatory(PRODUCER, _kinds(SAQ), START);
        address miner = _key(0x2001);
        address refiner = _key(0x2002);
        _register(miner, "new-mine", "CD", PRODUCER);
        _register(refiner, "new-refinery", "CD", REFINER);
        _assertWatched(miner, true);
        _assertWatched(refiner, false);
        vm.expectRevert(abi.encodeWithSelector(IAssuranceRegistry.AssessmentMissing.selector, miner, SAQ));
        registry.requireMayAct(miner);
        vm.prank(consortium);
        registry.changeRoles(refiner, _roles(PRODUCER), new bytes32[](0), "mines too", START, _none());
        _assertWatched(refiner, true);
        vm.prank(consortium);
        registry.changeRoles(refiner, new bytes32[](0), _roles(PRODUCER), "mines no more", START, _none());
        _assertWatched(refiner, false);
    }

    function test_severalReasons_eachIsEnough() external {
        bytes32[] memory roles = new bytes32[](2);
        (roles[0], roles[1]) = (PRODUCER, REFINER);
        bytes memory consent = _consent(stranger, stranger);
        vm.prank(consortium);
        registry.registerParticipant(stranger, "both", "Both", "CD", roles, _none(), FOREVER, consent);
        _setMandatory(PRODUCER, _kinds(SAQ), START);
        _setMandatory(REFINER, _kinds(SAQ), START + POLICY_DELAY);
        _setMandatory(PRODUCER, new bytes32[](0), START + 2 * POLICY_DELAY);
        _assertWatched(stranger, true);
        _assertWatched(mine, false);
        FindingId id = _raise("F-1", stranger, WHOLE, DUE);
        _setMandatory(REFINER, new bytes32[](0), START + 3 * POLICY_DELAY);
        _assertWatched(stranger, true);
        _assertWatched(refinery, false);
        _plan(stranger, id);
        _close(id);
        _assertWatched(stranger, false);
    }

    /// @dev Consortia have hundreds of members.
    function test_mandatoryKinds_forARoleOfHundreds() external {
        address[300] memory members;
        for (uint160 i = 0; i < 300; ++i) {
            members[i] = _key(0x10000 + i);
            _register(members[i], string.concat("s", string(_digits(i))), "CD", "supplier");
        }
        assertEq(registry.participantsInRole("supplier").length, 300, "in the role");
        uint256 before = gasleft();
        _setMandatory("supplier", _kinds(SAQ), START);
        assertTrue(before - gasleft() < 6_000_000, "fits a block");
        _assertWatched(members[0], true);
        _assertWatched(members[299], true);
        before = gasleft();
        _setMandatory("supplier", new bytes32[](0), START + POLICY_DELAY);
        assertTrue(before - gasleft() < 6_000_000, "and so does its end");
        _assertWatched(members[0], false);
        _assertWatched(members[299], false);
    }

    // What watching is for.

    function test_theGuard_isAskedAboutTheWatchedOnly() external {
        bytes memory reason = "asked";
        vm.mockCallRevert(address(assurance), abi.encodeCall(IActGuard.requireMayAct, (mine)), reason);
        vm.mockCallRevert(address(assurance), abi.encodeCall(IActGuard.requireMayUse, (mine, pit)), reason);
        registry.requireFacility(mine, pit);
        FindingId id = _raise("F-1", mine, pit, DUE);
        vm.expectRevert(reason);
        registry.requireFacility(mine, pit);
        registry.requireFacility(mine, secondPit);
        _plan(mine, id);
        _close(id);
        registry.requireFacility(mine, pit);
        _raise("F-2", mine, WHOLE, DUE);
        vm.expectRevert(reason);
        registry.requireFacility(mine, secondPit);
    }

    function test_withoutWatching_nothingButTheirOwnSlotsIsRead() external {
        // And whether the network is paused.
        vm.record();
        registry.requireMayAct(mine);
        _assertReads(2);
        vm.record();
        registry.requireMayOffer(mine, refinery);
        _assertReads(3);
        vm.record();
        registry.requireMayReceive(mine, refinery);
        _assertReads(3);
        vm.record();
        registry.requireFacility(mine, pit);
        _assertReads(3);
        vm.record();
        registry.requireOrigin(mine, pit, ore, Origin.Mined, START);
        _assertReads(5);
    }

    // Another guard.

    function test_theFlags_outliveTheGuard() external {
        FindingId id = _raise("F-1", mine, WHOLE, DUE);
        _setGuard(IActGuard(address(0)), START);
        _assertWatched(mine, true);
        vm.warp(DUE + 1);
        registry.requireFacility(mine, pit);
        _plan(mine, id);
        _close(id);
        _assertWatched(mine, true);
        _setGuard(assurance, DUE + 1);
        registry.requireFacility(mine, pit);
        assurance.watch(mine, WHOLE);
        _assertWatched(mine, false);
    }

    function test_watch_catchesUpOnceInForce() external {
        _setGuard(IActGuard(address(0)), START);
        FindingId id = _raise("F-1", mine, WHOLE, DUE);
        FindingId atPit = _raise("F-2", mine, pit, DUE);
        _setMandatory(REFINER, _kinds(SAQ), START + POLICY_DELAY);
        assurance.watch(mine, WHOLE);
        _assertWatched(mine, false);
        _setGuard(assurance, START + 2 * POLICY_DELAY);
        vm.prank(stranger);
        assurance.watch(mine, WHOLE);
        assurance.watch(mine, pit);
        assurance.watch(mine, secondPit);
        assurance.watch(refinery, WHOLE);
        _assertWatched(mine, true);
        _assertWatched(pit, true);
        _assertWatched(secondPit, false);
        _assertWatched(refinery, true);
        vm.warp(DUE + 1);
        vm.expectRevert(_overdue(id, mine, WHOLE, DUE));
        registry.requireFacility(mine, pit);
        _plan(mine, id);
        _close(id);
        vm.expectRevert(_overdue(atPit, mine, pit, DUE));
        registry.requireFacility(mine, pit);
    }

    function test_watch_needsTheSubject() external {
        vm.expectRevert(abi.encodeWithSelector(IAssuranceRegistry.UnknownParticipant.selector, stranger));
        assurance.watch(stranger, WHOLE);
        vm.expectRevert(abi.encodeWithSelector(IAssuranceRegistry.ForeignFacility.selector, pit, refinery, mine));
        assurance.watch(refinery, pit);
    }

    function test_onlyTheActGuardSaysWhoIsWatched() external {
        address[4] memory others = [consortium, steward, auditor, mine];
        for (uint256 i = 0; i < others.length; ++i) {
            bytes memory reason = abi.encodeWithSelector(IParticipantRegistry.NotActGuard.selector, others[i]);
            vm.expectRevert(reason);
            vm.prank(others[i]);
            registry.watchParticipant(mine, true);
            vm.expectRevert(reason);
            vm.prank(others[i]);
            registry.watchFacility(pit, true);
        }
        vm.startPrank(address(assurance));
        vm.expectRevert(abi.encodeWithSelector(IParticipantRegistry.UnknownParticipant.selector, stranger));
        registry.watchParticipant(stranger, true);
        vm.expectRevert(abi.encodeWithSelector(IParticipantRegistry.UnknownFacility.selector, FacilityId.wrap(7)));
        registry.watchFacility(FacilityId.wrap(7), true);
        registry.watchParticipant(mine, true);
        registry.watchFacility(pit, true);
        vm.stopPrank();
        _assertWatched(mine, true);
        _assertWatched(pit, true);
    }

    function test_participantsInRole() external {
        address[] memory auditors = registry.participantsInRole("auditor");
        assertTrue(auditors.length == 2 && auditors[0] == auditor && auditors[1] == inspector, "both");
        assertEq(registry.participantsInRole("carrier").length, 0, "none");
        vm.prank(consortium);
        registry.terminateParticipant(auditor, "closed down", uint64(block.timestamp), _none());
        assertEq(registry.participantsInRole("auditor").length, 2, "whatever their standing");
    }

    // In short.

    function _setGuard(IActGuard guard, uint256 time) private {
        _announced(address(registry), abi.encodeCall(registry.setActGuard, (guard)), time);
    }

    function _assertWatched(address participant, bool watched) private view {
        assertTrue(registry.isWatched(participant) == watched, watched ? "watched" : "not watched");
    }

    function _assertWatched(FacilityId facility, bool watched) private view {
        assertTrue(registry.isFacilityWatched(facility) == watched, watched ? "watched" : "not watched");
    }

    /// @dev Distinct slots of the registry since `vm.record`.
    function _assertReads(uint256 expected) private {
        (bytes32[] memory reads,) = vm.accesses(address(registry));
        uint256 distinct = 0;
        for (uint256 i = 0; i < reads.length; ++i) {
            bool seen = false;
            for (uint256 j = 0; j < i; ++j) {
                seen = seen || reads[j] == reads[i];
            }
            if (!seen) ++distinct;
        }
        assertEq(distinct, expected, "slots read");
    }

    function _digits(uint160 number) private pure returns (bytes memory digits) {
        digits = new bytes(3);
        for (uint256 i = 3; i > 0; --i) {
            digits[i - 1] = bytes1(uint8(48 + number % 10));
            number /= 10;
        }
    }
}
