// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";

import {IActGuard} from "../interfaces/IActGuard.sol";
import {IAssuranceRegistry} from "../interfaces/IAssuranceRegistry.sol";
import {IParticipantRegistry} from "../interfaces/IParticipantRegistry.sol";
import {CODE_OF_CONDUCT, SAQ} from "../types/Assurance.sol";
import {Evidence} from "../types/Values.sol";
import {AssuranceBase} from "./AssuranceBase.sol";
import {Named} from "./Named.sol";

/// @title Changing what is mandatory and the act guard, and what the registry keeps for it
contract AssuranceGovernanceTest is AssuranceBase {
    int32 private constant NORTH = 90_000_000;
    int32 private constant EAST = 180_000_000;

    // The delay.

    function test_setMandatory_isForThePolicyRoleOnly() external {
        address[3] memory others = [auditor, mine, stranger];
        for (uint256 i = 0; i < others.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, others[i]));
            vm.prank(others[i]);
            assurance.setMandatory(PRODUCER, _kinds(SAQ), _bounds(0));
        }
        _assertDelayed(address(assurance), abi.encodeCall(assurance.setMandatory, (PRODUCER, _kinds(SAQ), _bounds(0))));
        (bytes32[] memory kinds,) = assurance.mandatoryFor(PRODUCER);
        assertEq(kinds.length, 1, "one kind");
        assertTrue(!assurance.mayAct(mine), "and it is asked for");
    }

    function test_setActGuard_isForThePolicyRoleOnly() external {
        vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, auditor));
        vm.prank(auditor);
        registry.setActGuard(IActGuard(address(0)));
        _assertDelayed(address(registry), abi.encodeCall(registry.setActGuard, (IActGuard(address(0)))));
        assertTrue(address(registry.actGuard()) == address(0), "removed");
    }

    function test_aScheduledChange_canBeCancelledAndExpires() external {
        bytes memory data = abi.encodeCall(assurance.setMandatory, (PRODUCER, _kinds(SAQ), _bounds(0)));
        bytes32 operation = manager.hashOperation(steward, address(assurance), data);
        _schedule(address(assurance), data);
        vm.prank(steward);
        manager.cancel(steward, address(assurance), data);
        vm.warp(START + POLICY_DELAY);
        vm.expectRevert(abi.encodeWithSelector(IAccessManager.AccessManagerNotScheduled.selector, operation));
        _execute(address(assurance), data);
        _schedule(address(assurance), data);
        vm.warp(START + 2 * POLICY_DELAY + manager.expiration());
        vm.expectRevert(abi.encodeWithSelector(IAccessManager.AccessManagerExpired.selector, operation));
        _execute(address(assurance), data);
        (bytes32[] memory kinds,) = assurance.mandatoryFor(PRODUCER);
        assertEq(kinds.length, 0, "nothing changed");
    }

    function test_setMandatory_replacesAndRemoves() external {
        bytes32[] memory kinds = new bytes32[](2);
        (kinds[0], kinds[1]) = (SAQ, CODE_OF_CONDUCT);
        _setMandatory(PRODUCER, kinds, START);
        (bytes32[] memory set,) = assurance.mandatoryFor(PRODUCER);
        assertTrue(set.length == 2 && set[0] == SAQ && set[1] == CODE_OF_CONDUCT, "both");
        _setMandatory(PRODUCER, _kinds(SAQ), START + POLICY_DELAY);
        (set,) = assurance.mandatoryFor(PRODUCER);
        assertTrue(set.length == 1 && set[0] == SAQ, "one");
        assertTrue(!assurance.mayAct(mine), "missing");
        _setMandatory(PRODUCER, new bytes32[](0), START + 2 * POLICY_DELAY);
        (set,) = assurance.mandatoryFor(PRODUCER);
        assertEq(set.length, 0, "none");
        vm.mockCallRevert(address(registry), abi.encodeCall(registry.rolesOf, (mine)), "asked for roles");
        assertTrue(assurance.mayAct(mine), "nothing is asked for, not even its roles");
    }

    function test_setMandatory_ofOneRoleLeavesTheOthers() external {
        _setMandatory(PRODUCER, _kinds(SAQ), START);
        _setMandatory(REFINER, _kinds(CODE_OF_CONDUCT), START + POLICY_DELAY);
        assertTrue(!assurance.mayAct(mine) && !assurance.mayAct(refinery), "both lack theirs");
        _setMandatory(REFINER, new bytes32[](0), START + 2 * POLICY_DELAY);
        assertTrue(!assurance.mayAct(mine) && assurance.mayAct(refinery), "one still does");
    }

    function test_setMandatory_event() external {
        bytes memory data = abi.encodeCall(assurance.setMandatory, (PRODUCER, _kinds(SAQ), _bounds(0)));
        _schedule(address(assurance), data);
        vm.warp(START + POLICY_DELAY);
        vm.expectEmit(address(assurance));
        emit IAssuranceRegistry.MandatoryChanged(PRODUCER, _kinds(SAQ), _bounds(0));
        _execute(address(assurance), data);
    }

    function test_setMandatory_refusesUnknownKinds() external {
        bytes memory data = abi.encodeCall(assurance.setMandatory, (PRODUCER, _kinds("iso"), _bounds(0)));
        _schedule(address(assurance), data);
        vm.warp(START + POLICY_DELAY);
        vm.expectRevert(abi.encodeWithSelector(IAssuranceRegistry.UnknownAssessmentKind.selector, bytes32("iso")));
        _execute(address(assurance), data);
    }

    /// @dev Neither at once, nor a second too early; then it is done, once.
    function _assertDelayed(address target, bytes memory data) private {
        bytes32 operation = manager.hashOperation(steward, target, data);
        vm.prank(steward);
        (bool ok, bytes memory reason) = target.call(data);
        bytes memory unscheduled = abi.encodeWithSelector(IAccessManager.AccessManagerNotScheduled.selector, operation);
        assertTrue(!ok && keccak256(reason) == keccak256(unscheduled), "not at once");
        _schedule(target, data);
        vm.warp(START + POLICY_DELAY - 1);
        vm.expectRevert(abi.encodeWithSelector(IAccessManager.AccessManagerNotReady.selector, operation));
        _execute(target, data);
        vm.warp(START + POLICY_DELAY);
        _execute(target, data);
        vm.expectRevert(abi.encodeWithSelector(IAccessManager.AccessManagerNotScheduled.selector, operation));
        _execute(target, data);
    }

    function _schedule(address target, bytes memory data) private {
        vm.prank(steward);
        manager.schedule(target, data, 0);
    }

    function _execute(address target, bytes memory data) private {
        vm.prank(steward);
        manager.execute(target, data);
    }

    // What the registry keeps for it.

    function test_registry_isTheOneDeployedWith() external view {
        assertTrue(address(assurance.registry()) == address(registry), "registry");
        assertTrue(IAccessManaged(address(assurance)).authority() == address(manager), "authority");
        assertTrue(address(registry.actGuard()) == address(assurance), "act guard");
    }

    function test_rolesOf() external {
        bytes32[] memory roles = new bytes32[](3);
        (roles[0], roles[1], roles[2]) = (PRODUCER, REFINER, PRODUCER);
        bytes memory consent = _consent(stranger, stranger);
        vm.prank(consortium);
        registry.registerParticipant(stranger, "both", "Both", "CD", roles, _none(), FOREVER, consent);
        bytes32[] memory found = registry.rolesOf(stranger);
        assertTrue(found.length == 2 && found[0] == PRODUCER && found[1] == REFINER, "each once");
        assertTrue(registry.hasRole(stranger, REFINER) && !registry.hasRole(stranger, "auditor"), "has role");
        assertEq(registry.rolesOf(address(0x9999)).length, 0, "nobody");
    }

    function test_registerFacility_located() external {
        vm.expectEmit(address(registry));
        emit IParticipantRegistry.FacilityRegistered(
            Named.facility(mine, "north"), mine, "north", "north", "plant", "CD", true, NORTH, -EAST, _document()
        );
        _locate("north", true, NORTH, -EAST);
        _locate("south", true, -NORTH, EAST);
        _locate("null-island", true, 0, 0);
        _locate("unlocated", false, 0, 0);
    }

    function test_registerFacility_refusesImpossibleLocations() external {
        _refuseLocation(true, NORTH + 1, 0);
        _refuseLocation(true, -NORTH - 1, 0);
        _refuseLocation(true, 0, EAST + 1);
        _refuseLocation(true, 0, -EAST - 1);
        _refuseLocation(true, type(int32).min, type(int32).max);
        _refuseLocation(false, 1, 0);
        _refuseLocation(false, 0, -1);
    }

    function _refuseLocation(bool located, int32 latitude, int32 longitude) private {
        vm.expectRevert(
            abi.encodeWithSelector(IParticipantRegistry.InvalidLocation.selector, located, latitude, longitude)
        );
        _locate("nowhere", located, latitude, longitude);
    }

    function _locate(string memory identifier, bool located, int32 latitude, int32 longitude) private {
        vm.prank(mine);
        registry.registerFacility(identifier, identifier, "plant", "CD", located, latitude, longitude, _document());
    }
}
