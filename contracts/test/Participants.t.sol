// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";

import {IActGuard} from "../interfaces/IActGuard.sol";
import {IParticipantRegistry} from "../interfaces/IParticipantRegistry.sol";
import {BatchId, FacilityId} from "../types/Ids.sol";
import {POLICY_ROLE} from "../types/Roles.sol";
import {Evidence, ParticipantStatus} from "../types/Values.sol";
import {World} from "./World.sol";

/// @dev Refuses one participant, and one facility, and watches them once told to.
contract Blocklist is IActGuard {
    error Overdue(address participant);
    error Closed(FacilityId facility);

    IParticipantRegistry private immutable _registry;
    address private immutable _blocked;
    FacilityId private immutable _closed;

    constructor(IParticipantRegistry registry, address blocked, FacilityId closed) {
        (_registry, _blocked, _closed) = (registry, blocked, closed);
    }

    function watch() external {
        if (_blocked != address(0)) _registry.watchParticipant(_blocked, true);
        if (FacilityId.unwrap(_closed) != 0) _registry.watchFacility(_closed, true);
    }

    function unwatch(FacilityId facility) external {
        _registry.watchFacility(facility, false);
    }

    function watch(FacilityId facility) external {
        _registry.watchFacility(facility, true);
    }

    function mustWatch(address participant) external view returns (bool) {
        return participant == _blocked;
    }

    function requireMayAct(address participant) external view {
        if (participant == _blocked) revert Overdue(participant);
    }

    function requireMayUse(address, FacilityId facility) external view {
        if (FacilityId.unwrap(facility) == FacilityId.unwrap(_closed)) revert Closed(facility);
    }

    function hasOpenFinding(BatchId batch) external pure returns (bool) {
        return BatchId.unwrap(batch) == 7;
    }
}

/// @title Companies, their standing, roles and names, and whether they may act
contract ParticipantsTest is World {
    FacilityId private constant WHOLE = FacilityId.wrap(0);

    address private _newcomer = _key(0x2002);
    address private _other = _key(0x2003);

    // Consortium rights.

    function test_restricted_isTheConsortiumsOnly() external {
        bytes[] memory calls = _restrictedCalls();
        address[4] memory others = [mine, auditor, stranger, refinery];
        for (uint256 i = 0; i < calls.length; ++i) {
            for (uint256 j = 0; j < others.length; ++j) {
                vm.prank(others[j]);
                (bool passed, bytes memory reason) = address(registry).call(calls[i]);
                bytes memory expected =
                    abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, others[j]);
                assertTrue(!passed && keccak256(reason) == keccak256(expected), "unauthorized");
            }
            vm.prank(consortium);
            (bool ok,) = address(registry).call(calls[i]);
            assertTrue(ok, "the consortium may");
        }
    }

    function _restrictedCalls() private view returns (bytes[] memory calls) {
        IParticipantRegistry.Terms memory terms;
        calls = new bytes[](14);
        calls[0] = abi.encodeCall(
            registry.registerParticipant,
            (_newcomer, "new", "New", "DE", _roles("carrier"), _none(), FOREVER, _consent(_newcomer, _newcomer))
        );
        calls[1] = abi.encodeCall(registry.suspendParticipant, (mine, "why", YEAR_2026, _none()));
        calls[2] = abi.encodeCall(registry.terminateParticipant, (maker, "why", YEAR_2026, _none()));
        calls[3] = abi.encodeCall(registry.defineMaterial, ("mica", "Mica", "", _numbers(1_000), terms, _none()));
        calls[4] = abi.encodeCall(registry.approveOrigin, (pit, salt, MINED, 1, 0, FOREVER, YEAR_2026, _none()));
        calls[5] = abi.encodeCall(registry.setActGuard, (IActGuard(address(0))));
        calls[6] = abi.encodeCall(
            registry.changeRoles, (mine, _roles("carrier"), _roles("producer"), "why", YEAR_2026, _none())
        );
        calls[7] = abi.encodeCall(registry.changeCountry, (mine, pit, "ZM", "typing error", YEAR_2026, _none()));
        calls[8] = abi.encodeCall(registry.disableOperators, (refinery, "stolen", YEAR_2026, _none()));
        calls[9] = abi.encodeCall(registry.recoverOperator, (refinery, _other, FOREVER, _consent(refinery, _other)));
        calls[10] =
            abi.encodeCall(registry.amendMaterial, (salt, _numbers(COBALT, NICKEL), terms, "why", YEAR_2026, _none()));
        calls[11] = abi.encodeCall(registry.pause, ());
        calls[12] = abi.encodeCall(registry.suspendParticipant, (auditor, "why", YEAR_2026, _none()));
        calls[13] = abi.encodeCall(registry.terminateParticipant, (auditor, "why", YEAR_2026, _none()));
    }

    function test_confirmFacilityAndRevokeOperatorFor_areTheConsortiumsOnly() external {
        bytes memory reason = abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, mine);
        vm.startPrank(mine);
        _expect(reason);
        registry.confirmFacility(pit, YEAR_2026, _none());
        _expect(reason);
        registry.revokeOperatorFor(refinery, refinery);
        _expect(reason);
        registry.resume();
        vm.stopPrank();
    }

    function test_isConsortium_isWhoHoldsThePolicyRole() external {
        assertTrue(registry.isConsortium(consortium) && registry.isAuditor(consortium), "policy");
        assertTrue(!registry.isConsortium(auditor) && registry.isAuditor(auditor), "an auditor");
        manager.grantRole(POLICY_ROLE, stranger, 2 days);
        assertTrue(registry.isConsortium(stranger) && registry.isAuditor(stranger), "with a delay");
        manager.revokeRole(POLICY_ROLE, stranger);
        assertTrue(!registry.isConsortium(stranger) && !registry.isAuditor(stranger), "not any more");
    }

    // Registering.

    function test_registerParticipant() external {
        vm.expectEmit(address(registry));
        emit IParticipantRegistry.ParticipantRegistered(_newcomer, "new-1", "New", "DE", _roles("carrier"), _document());
        vm.expectEmit(address(registry));
        emit IParticipantRegistry.OperatorAdded(_newcomer, _newcomer, consortium);
        _admit(_newcomer, "new-1");
        _assertStanding(_newcomer, ParticipantStatus.Active);
        assertTrue(registry.hasRole(_newcomer, "carrier"), "carrier");
        assertTrue(!registry.hasRole(_newcomer, "auditor"), "no auditor");
        assertEq(registry.requireMayAct(_newcomer), _newcomer, "acts for itself");
    }

    function test_registerParticipant_refusesATakenAddressOrSlug() external {
        _expect(abi.encodeWithSelector(IParticipantRegistry.ParticipantAlreadyExists.selector, mine, "other"));
        _admit(mine, "other");
        _expect(abi.encodeWithSelector(IParticipantRegistry.ParticipantAlreadyExists.selector, _newcomer, "mine"));
        _admit(_newcomer, "mine");
    }

    function test_registerParticipant_refusesAKeyOfAnother() external {
        bytes memory consent = _consent(mine, _other);
        vm.prank(mine);
        registry.addOperator(_other, FOREVER, consent);
        _expect(abi.encodeWithSelector(IParticipantRegistry.OperatorAlreadyRegistered.selector, _other, mine));
        _admit(_other, "new");
    }

    function test_registerParticipant_refusesTheZeroAddress() external {
        _expect(abi.encodeWithSelector(IParticipantRegistry.UnknownOperator.selector, address(0)));
        vm.prank(consortium);
        registry.registerParticipant(address(0), "new", "New", "DE", _roles("carrier"), _none(), FOREVER, "");
    }

    function test_registerParticipant_needsTheKeysConsent() external {
        bytes memory consent = _consent(_newcomer, _other);
        _expect(abi.encodeWithSelector(IParticipantRegistry.NoConsent.selector, _newcomer, _newcomer, FOREVER));
        vm.prank(consortium);
        registry.registerParticipant(_newcomer, "new", "New", "DE", _roles("carrier"), _none(), FOREVER, consent);
    }

    function test_registerParticipant_name() external {
        string[3] memory bad = ["a\nb", "\x1b[2J", "b\x7f"];
        for (uint256 i = 0; i < bad.length; ++i) {
            bytes memory consent = _consent(_newcomer, _newcomer);
            _expect(abi.encodeWithSelector(IParticipantRegistry.ControlCharacter.selector, bad[i]));
            vm.prank(consortium);
            registry.registerParticipant(_newcomer, "new", bad[i], "DE", _roles("carrier"), _none(), FOREVER, consent);
        }
    }

    function test_slug() external {
        string[6] memory bad = ["", "-a", ".a", "Ab", "a b", unicode"ä"];
        for (uint256 i = 0; i < bad.length; ++i) {
            _expect(abi.encodeWithSelector(IParticipantRegistry.InvalidSlug.selector, bad[i]));
            _admit(_newcomer, bad[i]);
        }
        string memory longest = "a123456789b123456789c123456789d123456789e123456789f123456789-_.z";
        _expect(abi.encodeWithSelector(IParticipantRegistry.InvalidSlug.selector, string.concat(longest, "z")));
        _admit(_newcomer, string.concat(longest, "z"));
        _admit(_newcomer, longest);
    }

    function testFuzz_slug_acceptsExactlyItsAlphabet(bytes1 c) external {
        bool allowed = (c >= "a" && c <= "z") || (c >= "0" && c <= "9") || c == "-" || c == "_" || c == ".";
        string memory slug = string(abi.encodePacked("a", c));
        if (!allowed) _expect(abi.encodeWithSelector(IParticipantRegistry.InvalidSlug.selector, slug));
        _admit(_newcomer, slug);
    }

    function _admit(address participant, string memory slug) private {
        Evidence[] memory evidence = _document();
        vm.prank(consortium);
        registry.registerParticipant(
            participant, slug, "New", "DE", _roles("carrier"), evidence, FOREVER, _consent(participant, participant)
        );
    }

    // Standing.

    function test_suspendAndReinstate() external {
        _suspend(mine);
        _expect(_notActive(mine, ParticipantStatus.Suspended));
        registry.requireMayAct(mine);
        assertEq(registry.participantOf(mine), mine, "still known");
        vm.expectEmit(address(registry));
        emit IParticipantRegistry.ParticipantStatusChanged(
            mine, ParticipantStatus.Active, auditor, YEAR_2026, "finding closed", _document()
        );
        vm.prank(auditor);
        registry.reinstateParticipant(mine, "finding closed", YEAR_2026, _document());
        assertEq(registry.requireMayAct(mine), mine, "acts again");
    }

    function test_reinstate_byTheConsortium() external {
        _suspend(mine);
        vm.prank(consortium);
        registry.reinstateParticipant(mine, "fine", YEAR_2026, _none());
        _assertStanding(mine, ParticipantStatus.Active);
    }

    function test_reinstate_notByOthersNorByASuspendedAuditor() external {
        _suspend(mine);
        address[3] memory callers = [mine, maker, stranger];
        for (uint256 i = 0; i < callers.length; ++i) {
            _expect(abi.encodeWithSelector(IParticipantRegistry.NotAuditorNorConsortium.selector, callers[i]));
            vm.prank(callers[i]);
            registry.reinstateParticipant(mine, "fine", YEAR_2026, _none());
        }
        _suspend(auditor);
        _expect(abi.encodeWithSelector(IParticipantRegistry.NotAuditorNorConsortium.selector, auditor));
        vm.prank(auditor);
        registry.reinstateParticipant(auditor, "fine", YEAR_2026, _none());
    }

    function test_statusChanges_onlyTheAllowedOnes() external {
        vm.startPrank(consortium);
        _expect(_statusError(mine, ParticipantStatus.Active, ParticipantStatus.Active));
        registry.reinstateParticipant(mine, "", YEAR_2026, _none());
        registry.suspendParticipant(mine, "", YEAR_2026, _none());
        _expect(_statusError(mine, ParticipantStatus.Suspended, ParticipantStatus.Suspended));
        registry.suspendParticipant(mine, "", YEAR_2026, _none());
        registry.terminateParticipant(mine, "", YEAR_2026, _none());
        _expect(_statusError(mine, ParticipantStatus.Terminated, ParticipantStatus.Active));
        registry.reinstateParticipant(mine, "", YEAR_2026, _none());
        _expect(_statusError(mine, ParticipantStatus.Terminated, ParticipantStatus.Suspended));
        registry.suspendParticipant(mine, "", YEAR_2026, _none());
        _expect(_statusError(mine, ParticipantStatus.Terminated, ParticipantStatus.Terminated));
        registry.terminateParticipant(mine, "", YEAR_2026, _none());
        _expect(abi.encodeWithSelector(IParticipantRegistry.UnknownParticipant.selector, stranger));
        registry.suspendParticipant(stranger, "", YEAR_2026, _none());
        _expect(abi.encodeWithSelector(IParticipantRegistry.ControlCharacter.selector, "a\tb"));
        registry.suspendParticipant(maker, "a\tb", YEAR_2026, _none());
        vm.stopPrank();
    }

    /// @dev A suspended participant reports; a terminated one signs nothing at all.
    function test_terminated_signsNothing() external {
        _terminate(mine);
        bytes memory reason = _notActive(mine, ParticipantStatus.Terminated);
        _expect(reason);
        registry.participantOf(mine);
        _expect(reason);
        registry.requireMayAct(mine);
        bytes[] memory calls = new bytes[](6);
        calls[0] = abi.encodeCall(registry.addOperator, (_other, FOREVER, _consent(mine, _other)));
        calls[1] = abi.encodeCall(registry.revokeOperator, (mine));
        calls[2] = abi.encodeCall(registry.rotateOperator, (mine, _other, FOREVER, _consent(mine, _other)));
        calls[3] = abi.encodeCall(registry.renameParticipant, ("New", YEAR_2026, _none()));
        calls[4] =
            abi.encodeCall(registry.identify, (WHOLE, new IParticipantRegistry.Identifier[](0), YEAR_2026, _none()));
        calls[5] = abi.encodeCall(registry.transferFacility, (pit, maker, YEAR_2026, _none()));
        for (uint256 i = 0; i < calls.length; ++i) {
            vm.prank(mine);
            (bool ok, bytes memory found) = address(registry).call(calls[i]);
            assertTrue(!ok && keccak256(found) == keccak256(reason), "refused as terminated");
        }
        _terminate(auditor);
        assertTrue(!registry.isAuditor(auditor), "nor audits");
    }

    function test_suspended_reports() external {
        _suspend(mine);
        vm.expectEmit(address(registry));
        emit IParticipantRegistry.ParticipantRenamed(mine, "Big Mining plc", YEAR_2026, _document());
        vm.prank(mine);
        registry.renameParticipant("Big Mining plc", YEAR_2026, _document());
    }

    // Roles.

    function test_changeRoles() external {
        bytes32[] memory after_ = _roles("carrier");
        vm.expectEmit(address(registry));
        emit IParticipantRegistry.RolesChanged(mine, after_, consortium, YEAR_2026, "sold its mines", _document());
        _changeRoles(mine, _roles("carrier"), _roles("producer"));
        assertTrue(registry.hasRole(mine, "carrier") && !registry.hasRole(mine, "producer"), "another role");
        bytes32[] memory found = registry.rolesOf(mine);
        assertTrue(found.length == 1 && found[0] == "carrier", "one role");
        _changeRoles(mine, _roles("auditor"), new bytes32[](0));
        assertTrue(registry.isAuditor(mine), "audits");
        _changeRoles(mine, new bytes32[](0), _roles("carrier"));
        found = registry.rolesOf(mine);
        assertTrue(found.length == 1 && found[0] == "auditor", "the last one took its place");
        _changeRoles(mine, new bytes32[](0), _roles("auditor"));
        assertTrue(registry.rolesOf(mine).length == 0 && !registry.isAuditor(mine), "none");
    }

    function test_changeRoles_refusesWhatChangesNothing() external {
        bytes32[] memory none = new bytes32[](0);
        _expect(abi.encodeWithSelector(IParticipantRegistry.RoleUnchanged.selector, mine, bytes32("producer")));
        _changeRoles(mine, _roles("producer"), none);
        _expect(abi.encodeWithSelector(IParticipantRegistry.RoleUnchanged.selector, mine, bytes32("carrier")));
        _changeRoles(mine, none, _roles("carrier"));
        _expect(abi.encodeWithSelector(IParticipantRegistry.UnknownParticipant.selector, stranger));
        _changeRoles(stranger, _roles("carrier"), none);
    }

    function test_changeRoles_asksWhetherToWatch() external {
        _guard(new Blocklist(registry, mine, WHOLE));
        assertTrue(!registry.isWatched(mine), "not yet");
        _changeRoles(mine, _roles("carrier"), new bytes32[](0));
        assertTrue(registry.isWatched(mine), "as the guard says");
    }

    function _changeRoles(address participant, bytes32[] memory granted, bytes32[] memory revoked) private {
        vm.prank(consortium);
        registry.changeRoles(participant, granted, revoked, "sold its mines", YEAR_2026, _document());
    }

    // Names.

    function test_renameParticipant() external {
        _expect(abi.encodeWithSelector(IParticipantRegistry.UnknownOperator.selector, stranger));
        vm.prank(stranger);
        registry.renameParticipant("New", YEAR_2026, _none());
        _expect(abi.encodeWithSelector(IParticipantRegistry.ControlCharacter.selector, "New\r"));
        vm.prank(mine);
        registry.renameParticipant("New\r", YEAR_2026, _none());
    }

    function test_identify() external {
        IParticipantRegistry.Identifier[] memory list = new IParticipantRegistry.Identifier[](2);
        list[0] = IParticipantRegistry.Identifier("lei", "529900T8BM49AURSDO55");
        list[1] = IParticipantRegistry.Identifier("gln", "4012345000009");
        vm.expectEmit(address(registry));
        emit IParticipantRegistry.Identified(mine, WHOLE, list, YEAR_2026, _document());
        vm.prank(mine);
        registry.identify(WHOLE, list, YEAR_2026, _document());
        vm.expectEmit(address(registry));
        emit IParticipantRegistry.Identified(mine, pit, list, YEAR_2026, _none());
        vm.prank(mine);
        registry.identify(pit, list, YEAR_2026, _none());
        _expect(abi.encodeWithSelector(IParticipantRegistry.ForeignFacility.selector, pit, maker, mine));
        vm.prank(maker);
        registry.identify(pit, list, YEAR_2026, _none());
        list[1].value = "";
        _expect(abi.encodeWithSelector(IParticipantRegistry.InvalidIdentifier.selector, ""));
        vm.prank(mine);
        registry.identify(WHOLE, list, YEAR_2026, _none());
    }

    // What names a participant or facility is counted, for proofs: by the layout that they rely on.

    uint256 private constant _ACCOUNTS = 4;
    uint256 private constant _FACILITIES = 8;

    function _accountSlot(address participant) private pure returns (bytes32) {
        return keccak256(abi.encode(participant, _ACCOUNTS));
    }

    function _assertNamed(uint256 ofMine, uint256 ofPit) private view {
        assertEq(uint256(vm.load(address(registry), _accountSlot(mine))) >> 240, ofMine, "of the mine");
        bytes32 slot = keccak256(abi.encode(pit, _FACILITIES));
        assertEq(uint32(uint256(vm.load(address(registry), slot)) >> 192), ofPit, "of the pit");
    }

    function test_whatNamesSomebodyIsCounted() external {
        IParticipantRegistry.Identifier[] memory list = new IParticipantRegistry.Identifier[](0);
        _assertNamed(1, 1);
        vm.startPrank(mine);
        registry.renameParticipant("New", YEAR_2026, _none());
        _assertNamed(2, 1);
        registry.identify(WHOLE, list, YEAR_2026, _none());
        _assertNamed(3, 1);
        registry.identify(pit, list, YEAR_2026, _none());
        _assertNamed(3, 2);
        registry.transferFacility(pit, maker, YEAR_2026, _none());
        vm.stopPrank();
        vm.startPrank(consortium);
        registry.changeCountry(mine, WHOLE, "ZM", "typing error", YEAR_2026, _none());
        _assertNamed(4, 2);
        registry.changeCountry(mine, pit, "ZM", "typing error", YEAR_2026, _none());
        _assertNamed(4, 3);
        registry.suspendParticipant(mine, "", YEAR_2026, _none());
        registry.reinstateParticipant(mine, "", YEAR_2026, _none());
        registry.disableOperators(mine, "", YEAR_2026, _none());
        vm.stopPrank();
        _assertNamed(4, 3);
    }

    /// @dev So that its country can still be corrected, and the count never runs over.
    function test_aParticipantsOwnChangesEndBeforeTheCountDoes() external {
        bytes32 slot = _accountSlot(mine);
        uint256 word = uint256(vm.load(address(registry), slot)) & ~(uint256(0xffff) << 240);
        vm.store(address(registry), slot, bytes32(word | (uint256(32_766) << 240)));
        vm.startPrank(mine);
        registry.renameParticipant("Last", YEAR_2026, _none());
        _expect(abi.encodeWithSelector(IParticipantRegistry.TooManyChanges.selector, mine));
        registry.renameParticipant("One too many", YEAR_2026, _none());
        _expect(abi.encodeWithSelector(IParticipantRegistry.TooManyChanges.selector, mine));
        registry.identify(WHOLE, new IParticipantRegistry.Identifier[](0), YEAR_2026, _none());
        registry.identify(pit, new IParticipantRegistry.Identifier[](0), YEAR_2026, _none());
        vm.stopPrank();
        vm.prank(consortium);
        registry.changeCountry(mine, WHOLE, "ZM", "typing error", YEAR_2026, _none());
        _assertNamed(32_768, 2);
    }

    function test_changeCountry() external {
        vm.expectEmit(address(registry));
        emit IParticipantRegistry.CountryChanged(mine, WHOLE, "ZM", YEAR_2026, "typing error", _document());
        vm.startPrank(consortium);
        registry.changeCountry(mine, WHOLE, "ZM", "typing error", YEAR_2026, _document());
        vm.expectEmit(address(registry));
        emit IParticipantRegistry.CountryChanged(mine, pit, "ZM", YEAR_2026, "typing error", _none());
        registry.changeCountry(mine, pit, "ZM", "typing error", YEAR_2026, _none());
        _expect(abi.encodeWithSelector(IParticipantRegistry.ForeignFacility.selector, pit, maker, mine));
        registry.changeCountry(maker, pit, "ZM", "typing error", YEAR_2026, _none());
        _expect(abi.encodeWithSelector(IParticipantRegistry.UnknownParticipant.selector, stranger));
        registry.changeCountry(stranger, WHOLE, "ZM", "typing error", YEAR_2026, _none());
        vm.stopPrank();
    }

    // Whether they may act.

    function test_requireMayOffer() external {
        assertEq(registry.requireMayOffer(mine, maker), mine, "both active");
        _expect(abi.encodeWithSelector(IParticipantRegistry.UnknownParticipant.selector, stranger));
        registry.requireMayOffer(mine, stranger);
        _expect(abi.encodeWithSelector(IParticipantRegistry.UnknownOperator.selector, stranger));
        registry.requireMayOffer(stranger, mine);
        _suspend(maker);
        _expect(_notActive(maker, ParticipantStatus.Suspended));
        registry.requireMayOffer(mine, maker);
    }

    function test_requireMayReceive_fromWhomIsNotTerminated() external {
        assertEq(registry.requireMayReceive(refinery, mine), refinery, "from an active one");
        _suspend(mine);
        assertEq(registry.requireMayReceive(refinery, mine), refinery, "from a suspended one");
        _expect(_notActive(mine, ParticipantStatus.Suspended));
        registry.requireMayReceive(mine, refinery);
        _terminate(mine);
        _expect(_notActive(mine, ParticipantStatus.Terminated));
        registry.requireMayReceive(refinery, mine);
    }

    function test_pause_isLikeSuspendingEverybody() external {
        vm.expectEmit(address(registry));
        emit IParticipantRegistry.PauseChanged(true, consortium);
        vm.prank(consortium);
        registry.pause();
        assertTrue(registry.paused(), "paused");
        bytes memory reason = abi.encodeWithSelector(IParticipantRegistry.NetworkPaused.selector);
        _expect(reason);
        registry.requireMayAct(mine);
        _expect(reason);
        registry.requireMayOffer(mine, maker);
        _expect(reason);
        registry.requireMayReceive(maker, mine);
        _expect(reason);
        registry.requireFacility(mine, pit);
        assertEq(registry.participantOf(mine), mine, "reports go on");
        assertTrue(registry.isAuditor(auditor), "and audits");
        _expect(abi.encodeWithSelector(IParticipantRegistry.PauseUnchanged.selector, true));
        vm.prank(consortium);
        registry.pause();
        vm.expectEmit(address(registry));
        emit IParticipantRegistry.PauseChanged(false, address(this));
        registry.resume();
        assertEq(registry.requireMayAct(mine), mine, "acts again");
        _expect(abi.encodeWithSelector(IParticipantRegistry.PauseUnchanged.selector, false));
        registry.resume();
    }

    function test_actGuard_isAskedForWhoActsAndWhoReceives() external {
        Blocklist guard = new Blocklist(registry, maker, WHOLE);
        vm.expectEmit(address(registry));
        emit IParticipantRegistry.ActGuardChanged(guard);
        vm.prank(consortium);
        registry.setActGuard(guard);
        assertEq(address(registry.actGuard()), address(guard), "in force");
        assertEq(registry.requireMayAct(maker), maker, "not watched yet");
        guard.watch();
        bytes memory reason = abi.encodeWithSelector(Blocklist.Overdue.selector, maker);
        _expect(reason);
        registry.requireMayAct(maker);
        _expect(reason);
        registry.requireMayOffer(mine, maker);
        assertEq(registry.requireMayAct(mine), mine, "others act");
        assertEq(registry.participantOf(maker), maker, "known all the same");
        vm.prank(consortium);
        registry.setActGuard(IActGuard(address(0)));
        assertEq(registry.requireMayAct(maker), maker, "without guard");
    }

    function test_actGuard_isAskedAtRegistrationWhetherToWatch() external {
        _guard(new Blocklist(registry, _newcomer, WHOLE));
        _admit(_newcomer, "new");
        _admit(_other, "other");
        assertTrue(registry.isWatched(_newcomer) && !registry.isWatched(_other), "as the guard says");
        _expect(abi.encodeWithSelector(Blocklist.Overdue.selector, _newcomer));
        registry.requireMayAct(_newcomer);
        registry.requireMayAct(_other);
    }

    /// @dev G5: a blocked auditor does not audit.
    function test_actGuard_aBlockedAuditorDoesNotAudit() external {
        Blocklist guard = new Blocklist(registry, auditor, WHOLE);
        vm.prank(consortium);
        registry.setActGuard(guard);
        assertTrue(registry.isAuditor(auditor), "not watched yet");
        guard.watch();
        assertTrue(!registry.isAuditor(auditor) && registry.isAuditor(inspector), "blocked, and another not");
        vm.prank(consortium);
        registry.setActGuard(IActGuard(address(0)));
        assertTrue(registry.isAuditor(auditor), "without guard");
    }

    function test_actGuard_isAskedAboutFindingsOnLots() external {
        assertTrue(!registry.hasOpenFinding(BatchId.wrap(7)), "without guard");
        _guard(new Blocklist(registry, maker, WHOLE));
        assertTrue(registry.hasOpenFinding(BatchId.wrap(7)), "as the guard says");
        assertTrue(!registry.hasOpenFinding(BatchId.wrap(8)), "as the guard says");
    }

    function _guard(IActGuard guard) private {
        vm.prank(consortium);
        registry.setActGuard(guard);
    }

    function _assertStanding(address participant, ParticipantStatus expected) private view {
        assertEq(uint8(registry.statusOf(participant)), uint8(expected), "standing");
    }

    function _notActive(address participant, ParticipantStatus status) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IParticipantRegistry.ParticipantNotActive.selector, participant, status);
    }

    function _statusError(address participant, ParticipantStatus from, ParticipantStatus to)
        private
        pure
        returns (bytes memory)
    {
        return abi.encodeWithSelector(IParticipantRegistry.StatusChangeNotAllowed.selector, participant, from, to);
    }
}
