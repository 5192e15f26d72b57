// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";

import {IActGuard} from "../interfaces/IActGuard.sol";
import {IParticipantRegistry} from "../interfaces/IParticipantRegistry.sol";
import {FacilityId, Ids, MaterialId} from "../types/Ids.sol";
import {CONSORTIUM_ROLE} from "../types/Roles.sol";
import {SubstanceSet} from "../types/SubstanceSet.sol";
import {OriginKind, ParticipantStatus} from "../types/Values.sol";
import {World} from "./World.sol";

/// @dev Refuses one participant, and watches it once told to.
contract Blocklist is IActGuard {
    error Overdue(address participant);

    IParticipantRegistry private immutable _registry;
    address private immutable _blocked;

    constructor(IParticipantRegistry registry, address blocked) {
        (_registry, _blocked) = (registry, blocked);
    }

    function watch() external {
        _registry.watchParticipant(_blocked, true);
    }

    function mustWatch(address participant) external view returns (bool) {
        return participant == _blocked;
    }

    function requireMayAct(address participant) external view {
        if (participant == _blocked) revert Overdue(participant);
    }

    function requireMayUse(address, FacilityId) external view {}
}

/// @title Who may act, where, and with which material
contract ParticipantRegistryTest is World {
    address private _key = address(0x2001);
    address private _newcomer = address(0x2002);

    // Consortium rights.

    function test_restricted_isTheConsortiumsOnly() external {
        bytes[] memory calls = new bytes[](6);
        calls[0] =
            abi.encodeCall(registry.registerParticipant, (_newcomer, "new", "New", "DE", _roles("carrier"), _none()));
        calls[1] = abi.encodeCall(registry.suspendParticipant, (mine, "why", YEAR_2026, _none()));
        calls[2] = abi.encodeCall(registry.terminateParticipant, (maker, "why", YEAR_2026, _none()));
        calls[3] = abi.encodeCall(registry.defineMaterial, ("mica", "Mica", "", _numbers(1_000), _none()));
        calls[4] = abi.encodeCall(registry.approveOrigin, (pit, salt, 1, YEAR_2026, _none()));
        calls[5] = abi.encodeCall(registry.setActGuard, (IActGuard(address(0))));
        assertEq(calls.length, _restricted().length, "every restricted function");
        for (uint256 i = 0; i < calls.length; ++i) {
            _assertRefused(mine, calls[i]);
            _assertRefused(auditor, calls[i]);
            _assertRefused(stranger, calls[i]);
            vm.prank(consortium);
            (bool ok,) = address(registry).call(calls[i]);
            assertTrue(ok, "the consortium may");
        }
    }

    function _assertRefused(address caller, bytes memory call) private {
        vm.prank(caller);
        (bool ok, bytes memory reason) = address(registry).call(call);
        assertTrue(!ok, "refused");
        bytes memory expected = abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, caller);
        assertTrue(keccak256(reason) == keccak256(expected), "as unauthorized");
    }

    function test_consortiumMemberWithDelay_mustScheduleAndIsNoAuditor() external {
        manager.grantRole(CONSORTIUM_ROLE, stranger, 1 days);
        assertTrue(!registry.isAuditor(stranger), "no direct right");
        assertTrue(registry.isAuditor(consortium), "the consortium has");
        _suspend(mine);
        _expect(abi.encodeWithSelector(IParticipantRegistry.NotAuditorNorConsortium.selector, stranger));
        vm.prank(stranger);
        registry.reinstateParticipant(mine, "fine", YEAR_2026, _none());
    }

    // Participants.

    function test_registerParticipant() external {
        vm.expectEmit(address(registry));
        emit IParticipantRegistry.ParticipantRegistered(_newcomer, "new-1", "New", "DE", _roles("carrier"), _document());
        vm.expectEmit(address(registry));
        emit IParticipantRegistry.OperatorAdded(_newcomer, _newcomer);
        _register(_newcomer, "new-1");
        assertEq(uint8(registry.statusOf(_newcomer)), uint8(ParticipantStatus.Active), "active");
        assertTrue(registry.hasRole(_newcomer, "carrier"), "carrier");
        assertTrue(!registry.hasRole(_newcomer, "auditor"), "no auditor");
        assertEq(registry.requireMayAct(_newcomer), _newcomer, "acts for itself");
    }

    function _register(address participant, string memory slug) private {
        vm.prank(consortium);
        registry.registerParticipant(participant, slug, "New", "DE", _roles("carrier"), _document());
    }

    function test_registerParticipant_refusesATakenAddressOrSlug() external {
        _expect(abi.encodeWithSelector(IParticipantRegistry.ParticipantAlreadyExists.selector, mine, "other"));
        _register(mine, "other");
        _expect(abi.encodeWithSelector(IParticipantRegistry.ParticipantAlreadyExists.selector, _newcomer, "mine"));
        _register(_newcomer, "mine");
    }

    function test_registerParticipant_refusesAKeyOfAnother() external {
        vm.prank(mine);
        registry.addOperator(mine, _key);
        _expect(abi.encodeWithSelector(IParticipantRegistry.OperatorAlreadyRegistered.selector, _key, mine));
        _register(_key, "new");
    }

    function test_registerParticipant_refusesTheZeroAddress() external {
        _expect(abi.encodeWithSelector(IParticipantRegistry.UnknownOperator.selector, address(0)));
        _register(address(0), "new");
    }

    function test_slug() external {
        string[6] memory bad = ["", "-a", ".a", "Ab", "a b", unicode"ä"];
        for (uint256 i = 0; i < bad.length; ++i) {
            _expect(abi.encodeWithSelector(IParticipantRegistry.InvalidSlug.selector, bad[i]));
            _register(_newcomer, bad[i]);
        }
        string memory longest = "a123456789b123456789c123456789d123456789e123456789f123456789-_.z";
        _expect(abi.encodeWithSelector(IParticipantRegistry.InvalidSlug.selector, string.concat(longest, "z")));
        _register(_newcomer, string.concat(longest, "z"));
        _register(_newcomer, longest);
    }

    function testFuzz_slug_acceptsExactlyItsAlphabet(bytes1 c) external {
        bool allowed = (c >= "a" && c <= "z") || (c >= "0" && c <= "9") || c == "-" || c == "_" || c == ".";
        string memory slug = string(abi.encodePacked("a", c));
        if (!allowed) _expect(abi.encodeWithSelector(IParticipantRegistry.InvalidSlug.selector, slug));
        _register(_newcomer, slug);
    }

    // Standing.

    function test_suspendAndReinstate() external {
        _suspend(mine);
        _expect(
            abi.encodeWithSelector(
                IParticipantRegistry.ParticipantNotActive.selector, mine, ParticipantStatus.Suspended
            )
        );
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
        assertEq(uint8(registry.statusOf(mine)), uint8(ParticipantStatus.Active), "active");
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
        vm.stopPrank();
    }

    function _statusError(address participant, ParticipantStatus from, ParticipantStatus to)
        private
        pure
        returns (bytes memory)
    {
        return abi.encodeWithSelector(IParticipantRegistry.StatusChangeNotAllowed.selector, participant, from, to);
    }

    // Keys.

    function test_operators_addActRevoke() external {
        vm.expectEmit(address(registry));
        emit IParticipantRegistry.OperatorAdded(mine, _key);
        vm.prank(mine);
        registry.addOperator(mine, _key);
        assertEq(registry.requireMayAct(_key), mine, "the key acts for the mine");
        vm.expectEmit(address(registry));
        emit IParticipantRegistry.OperatorRevoked(mine, mine);
        vm.prank(_key);
        registry.revokeOperator(mine, mine);
        _expect(abi.encodeWithSelector(IParticipantRegistry.OperatorIsRevoked.selector, mine, mine));
        registry.requireMayAct(mine);
        assertEq(registry.requireMayAct(_key), mine, "the participant stays");
        assertEq(uint8(registry.statusOf(mine)), uint8(ParticipantStatus.Active), "active");
    }

    function test_operators_rotate() external {
        vm.prank(mine);
        registry.rotateOperator(mine, mine, _key);
        assertEq(registry.requireMayAct(_key), mine, "the new key");
        _expect(abi.encodeWithSelector(IParticipantRegistry.OperatorIsRevoked.selector, mine, mine));
        registry.participantOf(mine);
        _expect(abi.encodeWithSelector(IParticipantRegistry.LastOperator.selector, _key, mine));
        vm.prank(consortium);
        registry.revokeOperator(mine, _key);
    }

    function test_operators_onlyTheirOwnOrTheConsortium() external {
        vm.prank(mine);
        registry.addOperator(mine, _key);
        vm.prank(_key);
        registry.revokeOperator(mine, mine);
        address[4] memory callers = [maker, auditor, stranger, mine];
        for (uint256 i = 0; i < callers.length; ++i) {
            bytes memory reason =
                abi.encodeWithSelector(IParticipantRegistry.NotOperatorNorConsortium.selector, callers[i], mine);
            vm.startPrank(callers[i]);
            _expect(reason);
            registry.addOperator(mine, _newcomer);
            _expect(reason);
            registry.revokeOperator(mine, _key);
            _expect(reason);
            registry.rotateOperator(mine, _key, _newcomer);
            vm.stopPrank();
        }
        vm.prank(consortium);
        registry.rotateOperator(mine, _key, _newcomer);
        assertEq(registry.requireMayAct(_newcomer), mine, "by the consortium");
    }

    function test_operators_aKeyBelongsToOneParticipantForEver() external {
        vm.startPrank(consortium);
        registry.addOperator(mine, _key);
        registry.revokeOperator(mine, _key);
        _expect(abi.encodeWithSelector(IParticipantRegistry.OperatorAlreadyRegistered.selector, _key, mine));
        registry.addOperator(maker, _key);
        _expect(abi.encodeWithSelector(IParticipantRegistry.OperatorAlreadyRegistered.selector, _key, mine));
        registry.addOperator(mine, _key);
        _expect(abi.encodeWithSelector(IParticipantRegistry.OperatorIsRevoked.selector, _key, mine));
        registry.revokeOperator(mine, _key);
        _expect(abi.encodeWithSelector(IParticipantRegistry.NotAnOperatorOf.selector, maker, mine));
        registry.revokeOperator(mine, maker);
        _expect(abi.encodeWithSelector(IParticipantRegistry.UnknownOperator.selector, address(0)));
        registry.addOperator(mine, address(0));
        _expect(abi.encodeWithSelector(IParticipantRegistry.UnknownParticipant.selector, stranger));
        registry.addOperator(stranger, _newcomer);
        vm.stopPrank();
    }

    function test_operators_ofAnAuditorAreAuditors() external {
        vm.prank(auditor);
        registry.addOperator(auditor, _key);
        assertTrue(registry.isAuditor(_key), "the new key");
        vm.prank(_key);
        registry.revokeOperator(auditor, auditor);
        assertTrue(!registry.isAuditor(auditor), "not the revoked one");
        assertTrue(!registry.isAuditor(mine), "not a producer");
        assertTrue(!registry.isAuditor(stranger), "not a stranger");
    }

    // Facilities, materials, origins.

    function test_registerFacility() external {
        FacilityId expected = Ids.facility(maker, "plant");
        vm.expectEmit(address(registry));
        emit IParticipantRegistry.FacilityRegistered(
            expected, maker, "plant", "Plant", "plant", "DE", true, -1, 2, _document()
        );
        vm.prank(maker);
        registry.registerFacility("plant", "Plant", "plant", "DE", true, -1, 2, _document());
        _assertFacility(expected, maker, OriginKind.None);
        _assertFacility(pit, mine, OriginKind.Mine);
        _assertFacility(yard, recycler, OriginKind.Recycler);
        _assertFacility(FacilityId.wrap(1), address(0), OriginKind.None);
    }

    function _assertFacility(FacilityId facility, address participant, OriginKind kind) private view {
        (address belongsTo, OriginKind found) = registry.facilityOf(facility);
        assertEq(belongsTo, participant, "belongs to");
        assertEq(uint8(found), uint8(kind), "kind");
    }

    function test_registerFacility_refusals() external {
        _expect(abi.encodeWithSelector(IParticipantRegistry.FacilityAlreadyExists.selector, pit));
        vm.prank(mine);
        registry.registerFacility("pit", "Pit", "mine", "CD", false, 0, 0, _none());
        string[2] memory bad = ["", string(new bytes(257))];
        for (uint256 i = 0; i < bad.length; ++i) {
            _expect(abi.encodeWithSelector(IParticipantRegistry.InvalidIdentifier.selector, bad[i]));
            vm.prank(mine);
            registry.registerFacility(bad[i], "Pit", "mine", "CD", false, 0, 0, _none());
        }
        _expect(abi.encodeWithSelector(IParticipantRegistry.UnknownOperator.selector, stranger));
        vm.prank(stranger);
        registry.registerFacility("pit", "Pit", "mine", "CD", false, 0, 0, _none());
        _suspend(mine);
        _expect(
            abi.encodeWithSelector(
                IParticipantRegistry.ParticipantNotActive.selector, mine, ParticipantStatus.Suspended
            )
        );
        vm.prank(mine);
        registry.registerFacility("pit-2", "Pit", "mine", "CD", false, 0, 0, _none());
    }

    function test_registerFacility_longestIdentifier() external {
        _facility(mine, string(new bytes(256)), "mine");
    }

    function test_defineMaterial() external {
        vm.startPrank(consortium);
        MaterialId expected = Ids.material("mica");
        vm.expectEmit(address(registry));
        emit IParticipantRegistry.MaterialDefined(expected, "mica", "Mica", "12001-26-2", _numbers(1_000), _document());
        registry.defineMaterial("mica", "Mica", "12001-26-2", _numbers(1_000), _document());
        _expect(abi.encodeWithSelector(IParticipantRegistry.MaterialAlreadyExists.selector, expected));
        registry.defineMaterial("mica", "Mica", "", _numbers(1_000), _none());
        _expect(abi.encodeWithSelector(IParticipantRegistry.InvalidSlug.selector, "Mica"));
        registry.defineMaterial("Mica", "Mica", "", _numbers(1_000), _none());
        uint16[3] memory wrong = [0, COBALT, LITHIUM];
        for (uint256 i = 0; i < wrong.length; ++i) {
            _expect(abi.encodeWithSelector(IParticipantRegistry.SubstancesNotAscending.selector, wrong[i]));
            registry.defineMaterial("odd", "Odd", "", i == 0 ? _numbers(0) : _numbers(COBALT, wrong[i]), _none());
        }
        vm.stopPrank();
    }

    function test_defineMaterial_upTo15Substances() external {
        vm.startPrank(consortium);
        registry.defineMaterial("many", "Many", "", _first(15), _none());
        _expect(abi.encodeWithSelector(IParticipantRegistry.TooManySubstances.selector, 16, 15));
        registry.defineMaterial("too-many", "Too many", "", _first(16), _none());
        vm.stopPrank();
        (bool found,) = registry.substancesOf(Ids.material("many")).seek(15);
        assertTrue(found, "the fifteenth");
        assertTrue(registry.substancesOf(steel).isDefined(), "none, but defined");
        _expect(abi.encodeWithSelector(IParticipantRegistry.UnknownMaterial.selector, MaterialId.wrap(7)));
        registry.substancesOf(MaterialId.wrap(7));
    }

    function _first(uint16 count) private pure returns (uint16[] memory list) {
        list = new uint16[](count);
        for (uint16 i = 0; i < count; ++i) {
            list[i] = i + 1;
        }
    }

    function test_approveOrigin() external {
        vm.startPrank(consortium);
        vm.expectEmit(address(registry));
        emit IParticipantRegistry.OriginApproved(pit, salt, 5, YEAR_2026, _document());
        registry.approveOrigin(pit, salt, 5, YEAR_2026, _document());
        assertEq(registry.capacityOf(pit, salt), 5, "capacity");
        _expect(abi.encodeWithSelector(IParticipantRegistry.NotAnOrigin.selector, works));
        registry.approveOrigin(works, salt, 5, YEAR_2026, _none());
        _expect(abi.encodeWithSelector(IParticipantRegistry.UnknownFacility.selector, FacilityId.wrap(7)));
        registry.approveOrigin(FacilityId.wrap(7), salt, 5, YEAR_2026, _none());
        _expect(abi.encodeWithSelector(IParticipantRegistry.UnknownMaterial.selector, MaterialId.wrap(7)));
        registry.approveOrigin(pit, MaterialId.wrap(7), 5, YEAR_2026, _none());
        vm.stopPrank();
    }

    // The ledger's questions.

    function test_requireOrigin() external {
        (address participant, OriginKind kind, uint64 capacity, SubstanceSet substances) =
            registry.requireOrigin(mine, pit, ore);
        assertEq(participant, mine, "participant");
        assertEq(uint8(kind), uint8(OriginKind.Mine), "kind");
        assertEq(capacity, CAPACITY, "capacity");
        assertTrue(SubstanceSet.unwrap(substances) == SubstanceSet.unwrap(registry.substancesOf(ore)), "substances");
        _expect(abi.encodeWithSelector(IParticipantRegistry.UnknownFacility.selector, FacilityId.wrap(7)));
        registry.requireOrigin(mine, FacilityId.wrap(7), ore);
        _expect(abi.encodeWithSelector(IParticipantRegistry.ForeignFacility.selector, yard, mine, recycler));
        registry.requireOrigin(mine, yard, ore);
        _expect(abi.encodeWithSelector(IParticipantRegistry.NotAnOrigin.selector, mineWorks));
        registry.requireOrigin(mine, mineWorks, ore);
        _expect(abi.encodeWithSelector(IParticipantRegistry.UnknownMaterial.selector, MaterialId.wrap(7)));
        registry.requireOrigin(mine, pit, MaterialId.wrap(7));
        _expect(abi.encodeWithSelector(IParticipantRegistry.OriginNotApproved.selector, pit, salt));
        registry.requireOrigin(mine, pit, salt);
    }

    function test_requireOrigin_withdrawn() external {
        vm.prank(consortium);
        registry.approveOrigin(pit, ore, 0, YEAR_2026, _none());
        _expect(abi.encodeWithSelector(IParticipantRegistry.OriginNotApproved.selector, pit, ore));
        registry.requireOrigin(mine, pit, ore);
    }

    function test_requireMayOffer() external {
        assertEq(registry.requireMayOffer(mine, maker), mine, "both active");
        _expect(abi.encodeWithSelector(IParticipantRegistry.UnknownParticipant.selector, stranger));
        registry.requireMayOffer(mine, stranger);
        _expect(abi.encodeWithSelector(IParticipantRegistry.UnknownOperator.selector, stranger));
        registry.requireMayOffer(stranger, mine);
        _suspend(maker);
        _expect(
            abi.encodeWithSelector(
                IParticipantRegistry.ParticipantNotActive.selector, maker, ParticipantStatus.Suspended
            )
        );
        registry.requireMayOffer(mine, maker);
    }

    function test_actGuard_isAskedForWhoActsAndWhoReceives() external {
        Blocklist guard = new Blocklist(registry, maker);
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
        vm.startPrank(consortium);
        registry.setActGuard(new Blocklist(registry, _newcomer));
        registry.registerParticipant(_newcomer, "new", "New", "DE", _roles("carrier"), _none());
        registry.registerParticipant(_key, "other", "Other", "DE", _roles("carrier"), _none());
        vm.stopPrank();
        assertTrue(registry.isWatched(_newcomer) && !registry.isWatched(_key), "as the guard says");
        _expect(abi.encodeWithSelector(Blocklist.Overdue.selector, _newcomer));
        registry.requireMayAct(_newcomer);
        registry.requireMayAct(_key);
    }
}
