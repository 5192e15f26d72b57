// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";
import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";

import {IParticipantRegistry} from "../interfaces/IParticipantRegistry.sol";
import {ISafeguard} from "../interfaces/ISafeguard.sol";
import {ADMISSION_ROLE, EMERGENCY_ROLE, ORIGINS_ROLE, POLICY_ROLE, STOCK_ROLE} from "../types/Roles.sol";
import {World} from "./World.sol";

/// @title What emergency accounts can do at once
contract SafeguardTest is World {
    uint64 private constant ADMIN_ROLE = 0;
    uint32 private constant DELAY = 2 days;

    ISafeguard private _safeguard;
    address private _thief = address(0x7EEF);
    address private _steward = address(0xC1);
    address private _first = address(0xE1);
    address private _second = address(0xE2);

    function setUp() public override {
        super.setUp();
        bytes memory arguments = abi.encode(manager, registry);
        _safeguard = ISafeguard(vm.deployCode("Safeguard.sol:Safeguard", arguments));
        manager.grantRole(ADMIN_ROLE, address(_safeguard), 0);
        manager.grantRole(EMERGENCY_ROLE, _first, 0);
        manager.grantRole(EMERGENCY_ROLE, _second, 0);
        manager.grantRole(ADMIN_ROLE, _steward, DELAY);
        // The thief has stolen all that the consortium's account has, and administrates as well.
        uint64[5] memory roles = [ADMISSION_ROLE, POLICY_ROLE, EMERGENCY_ROLE, STOCK_ROLE, ORIGINS_ROLE];
        for (uint256 i = 0; i < roles.length; ++i) {
            manager.grantRole(roles[i], _thief, 0);
        }
        manager.grantRole(ADMIN_ROLE, _thief, DELAY);
        manager.renounceRole(ADMIN_ROLE, address(this));
    }

    function test_itIsWhatItWasDeployedAs() external view {
        assertEq(address(_safeguard.manager()), address(manager), "manager");
        assertEq(address(_safeguard.registry()), address(registry), "registry");
    }

    /// @dev A1: a stolen account loses all its rights at once, by two emergency accounts.
    function test_remove_takesTwo() external {
        vm.expectEmit(address(_safeguard));
        emit ISafeguard.Requested(_thief, _first, YEAR_2026 + 1 days);
        vm.prank(_first);
        _safeguard.remove(_thief);
        _assertRights(_thief, true);
        (address requestedBy, uint64 until) = _safeguard.requestOf(_thief);
        assertTrue(requestedBy == _first && until == YEAR_2026 + 1 days, "asked");
        vm.expectEmit(address(_safeguard));
        emit ISafeguard.Removed(_thief, _first, _second);
        vm.prank(_second);
        _safeguard.remove(_thief);
        _assertRights(_thief, false);
        vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, _thief));
        vm.prank(_thief);
        registry.suspendParticipant(mine, "forged", YEAR_2026, _none());
        (requestedBy,) = _safeguard.requestOf(_thief);
        assertEq(requestedBy, address(0), "done");
    }

    function test_remove_notByOneAccountTwice() external {
        vm.startPrank(_first);
        _safeguard.remove(_thief);
        _safeguard.remove(_thief);
        vm.stopPrank();
        _assertRights(_thief, true);
    }

    function test_remove_withinADay() external {
        vm.prank(_first);
        _safeguard.remove(_thief);
        vm.warp(YEAR_2026 + 1 days + 1);
        vm.prank(_second);
        _safeguard.remove(_thief);
        _assertRights(_thief, true);
        vm.warp(YEAR_2026 + 2 days + 1);
        vm.prank(_first);
        _safeguard.remove(_thief);
        _assertRights(_thief, false);
    }

    function test_remove_whoAskedMustStillBeOne() external {
        vm.prank(_thief);
        _safeguard.remove(consortium);
        vm.prank(_first);
        _safeguard.remove(_thief);
        vm.prank(_second);
        _safeguard.remove(_thief);
        vm.prank(_second);
        _safeguard.remove(consortium);
        (bool isMember,) = manager.hasRole(POLICY_ROLE, consortium);
        assertTrue(isMember, "the thief's word counts no more");
    }

    function test_remove_isForEmergencyAccounts_andNotOfItself() external {
        address[3] memory others = [_steward, mine, stranger];
        for (uint256 i = 0; i < others.length; ++i) {
            _expect(abi.encodeWithSelector(ISafeguard.NotEmergency.selector, others[i]));
            vm.prank(others[i]);
            _safeguard.remove(_thief);
        }
        _expect(abi.encodeWithSelector(ISafeguard.NotItself.selector));
        vm.prank(_first);
        _safeguard.remove(address(_safeguard));
    }

    /// @dev One emergency account cancels what an administrator has scheduled; and what the thief schedules.
    function test_cancel() external {
        bytes memory data = abi.encodeCall(IAccessManager.grantRole, (POLICY_ROLE, stranger, 0));
        bytes32 operation = manager.hashOperation(_thief, address(manager), data);
        vm.prank(_thief);
        manager.schedule(address(manager), data, 0);
        _expect(abi.encodeWithSelector(ISafeguard.NotEmergency.selector, mine));
        vm.prank(mine);
        _safeguard.cancel(_thief, address(manager), data);
        vm.prank(_first);
        _safeguard.cancel(_thief, address(manager), data);
        vm.warp(YEAR_2026 + DELAY);
        vm.expectRevert(abi.encodeWithSelector(IAccessManager.AccessManagerNotScheduled.selector, operation));
        vm.prank(_thief);
        manager.execute(address(manager), data);
    }

    function test_resume_takesTwo() external {
        vm.prank(_first);
        registry.pause();
        _expect(abi.encodeWithSelector(ISafeguard.NotEmergency.selector, _steward));
        vm.prank(_steward);
        _safeguard.resume();
        vm.expectEmit(address(_safeguard));
        emit ISafeguard.Requested(address(0), _first, YEAR_2026 + 1 days);
        vm.prank(_first);
        _safeguard.resume();
        assertTrue(registry.paused(), "one is not enough");
        vm.prank(_second);
        _safeguard.resume();
        assertTrue(!registry.paused(), "resumed");
        vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, _first));
        vm.prank(_first);
        registry.resume();
    }

    function _assertRights(address account, bool expected) private view {
        for (uint64 role = 0; role <= ORIGINS_ROLE; ++role) {
            (bool isMember,) = manager.hasRole(role, account);
            assertTrue(isMember == expected, "rights");
        }
    }
}
