// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IParticipantRegistry} from "../interfaces/IParticipantRegistry.sol";
import {ParticipantStatus} from "../types/Values.sol";
import {World} from "./World.sol";

/// @title Keys: how they join, and how they leave
contract OperatorsTest is World {
    uint64 private constant TOMORROW = YEAR_2026 + 1 days;

    address private _second = _key(0x2001);
    address private _third = _key(0x2002);

    function test_addOperator() external {
        vm.expectEmit(address(registry));
        emit IParticipantRegistry.OperatorAdded(mine, _second, mine);
        _add(mine, mine, _second);
        assertEq(registry.requireMayAct(_second), mine, "the key acts for the mine");
        vm.expectEmit(address(registry));
        emit IParticipantRegistry.OperatorAdded(mine, _third, _second);
        _add(_second, mine, _third);
        vm.expectEmit(address(registry));
        emit IParticipantRegistry.OperatorRevoked(mine, mine, _third);
        vm.prank(_third);
        registry.revokeOperator(mine);
        _expectRevoked(mine);
        registry.requireMayAct(mine);
        assertEq(registry.requireMayAct(_second), mine, "the participant stays");
    }

    /// @dev K1, K2, K3: nobody's address is captured, neither a newcomer's nor a rival's new key nor the consortium's.
    function test_addOperator_needsTheKeysConsent() external {
        address[3] memory victims = [_second, _third, stranger];
        for (uint256 i = 0; i < victims.length; ++i) {
            bytes[] memory wrong = _wrongConsents(victims[i]);
            for (uint256 j = 0; j < wrong.length; ++j) {
                _expect(abi.encodeWithSelector(IParticipantRegistry.NoConsent.selector, victims[i], mine, FOREVER));
                vm.prank(mine);
                registry.addOperator(victims[i], FOREVER, wrong[j]);
            }
        }
        _add(refinery, refinery, _second);
        assertEq(registry.participantOf(_second), refinery, "whose it wants to be");
        _register(_third, "newcomer", "DE", "carrier");
    }

    function _wrongConsents(address victim) private returns (bytes[] memory wrong) {
        wrong = new bytes[](6);
        wrong[1] = _consent(refinery, victim);
        wrong[2] = _consent(mine, victim, TOMORROW);
        wrong[3] = _consent(mine, mine);
        wrong[4] = _consent(mine, victim);
        wrong[4][64] = bytes1(uint8(wrong[4][64]) ^ 3);
        IParticipantRegistry here = registry;
        bytes memory governed = abi.encode(manager);
        registry = IParticipantRegistry(vm.deployCode("ParticipantRegistry.sol:ParticipantRegistry", governed));
        wrong[5] = _consent(mine, victim);
        registry = here;
    }

    function test_addOperator_theConsentEnds() external {
        vm.warp(TOMORROW + 1);
        bytes memory consent = _consent(mine, _second, TOMORROW);
        _expect(abi.encodeWithSelector(IParticipantRegistry.ConsentExpired.selector, _second, TOMORROW));
        vm.prank(mine);
        registry.addOperator(_second, TOMORROW, consent);
        vm.warp(TOMORROW);
        vm.prank(mine);
        registry.addOperator(_second, TOMORROW, consent);
        assertEq(registry.participantOf(_second), mine, "in its last second");
    }

    function test_addOperator_whileSuspended() external {
        _suspend(mine);
        _add(mine, mine, _second);
        assertEq(registry.participantOf(_second), mine, "added");
    }

    function test_rotateOperator() external {
        bytes memory consent = _consent(mine, _second);
        vm.prank(mine);
        registry.rotateOperator(mine, _second, FOREVER, consent);
        assertEq(registry.requireMayAct(_second), mine, "the new key");
        _expectRevoked(mine);
        registry.participantOf(mine);
        bytes memory last = abi.encodeWithSelector(IParticipantRegistry.LastOperator.selector, _second, mine);
        _expect(last);
        vm.prank(_second);
        registry.revokeOperator(_second);
        _expect(last);
        vm.prank(consortium);
        registry.revokeOperatorFor(mine, _second);
    }

    function test_theirOwnOnly() external {
        _add(mine, mine, _second);
        bytes memory consent = _consent(mine, _third);
        vm.startPrank(maker);
        _expect(abi.encodeWithSelector(IParticipantRegistry.NotAnOperatorOf.selector, _second, maker));
        registry.revokeOperator(_second);
        _expect(abi.encodeWithSelector(IParticipantRegistry.NoConsent.selector, _third, maker, FOREVER));
        registry.addOperator(_third, FOREVER, consent);
        vm.stopPrank();
        vm.startPrank(stranger);
        _expect(abi.encodeWithSelector(IParticipantRegistry.UnknownOperator.selector, stranger));
        registry.addOperator(_third, FOREVER, consent);
        _expect(abi.encodeWithSelector(IParticipantRegistry.UnknownOperator.selector, stranger));
        registry.revokeOperator(_second);
        _expect(abi.encodeWithSelector(IParticipantRegistry.UnknownOperator.selector, stranger));
        registry.rotateOperator(_second, _third, FOREVER, consent);
        vm.stopPrank();
    }

    /// @dev K4: the consortium has no function by which it adds a key to a participant that signs.
    function test_theConsortium_addsNoKeyBesideThoseInForce() external {
        bytes memory consent = _consent(mine, _second);
        _expect(abi.encodeWithSelector(IParticipantRegistry.OperatorsInForce.selector, mine, 1));
        vm.prank(consortium);
        registry.recoverOperator(mine, _second, FOREVER, consent);
        _expect(abi.encodeWithSelector(IParticipantRegistry.UnknownOperator.selector, consortium));
        vm.prank(consortium);
        registry.addOperator(_second, FOREVER, consent);
    }

    function test_revokeOperatorFor() external {
        _add(mine, mine, _second);
        vm.startPrank(consortium);
        vm.expectEmit(address(registry));
        emit IParticipantRegistry.OperatorRevoked(mine, _second, consortium);
        registry.revokeOperatorFor(mine, _second);
        _expectRevoked(_second);
        registry.revokeOperatorFor(mine, _second);
        _expect(abi.encodeWithSelector(IParticipantRegistry.NotAnOperatorOf.selector, maker, mine));
        registry.revokeOperatorFor(mine, maker);
        _expect(abi.encodeWithSelector(IParticipantRegistry.UnknownParticipant.selector, stranger));
        registry.revokeOperatorFor(stranger, _second);
        vm.stopPrank();
    }

    /// @dev K5: whatever keys a thief has added meanwhile, all are disabled by one call.
    function test_disableOperators_allAtOnceAndForEver() external {
        _add(mine, mine, _second);
        vm.expectEmit(address(registry));
        emit IParticipantRegistry.OperatorsDisabled(mine, consortium, YEAR_2026, "stolen", _document());
        _disable(mine);
        address[2] memory keys = [mine, _second];
        for (uint256 i = 0; i < keys.length; ++i) {
            _expectRevoked(keys[i]);
            registry.participantOf(keys[i]);
            _expectRevoked(keys[i]);
            registry.requireMayAct(keys[i]);
        }
        bytes memory consent = _consent(mine, _third);
        _expectRevoked(_second);
        vm.prank(_second);
        registry.addOperator(_third, FOREVER, consent);
        assertEq(uint8(registry.statusOf(mine)), uint8(ParticipantStatus.Active), "the participant stays");
        assertEq(registry.requireMayAct(maker), maker, "others act");
    }

    function test_recoverOperator() external {
        _disable(mine);
        bytes memory consent = _consent(mine, _second);
        vm.expectEmit(address(registry));
        emit IParticipantRegistry.OperatorAdded(mine, _second, consortium);
        _recover(mine, _second, consent);
        assertEq(registry.requireMayAct(_second), mine, "acts for the mine");
        _add(_second, mine, _third);
        _expectRevoked(mine);
        registry.participantOf(mine);
        vm.prank(_second);
        registry.revokeOperator(_third);
        _expectRevoked(mine);
        vm.prank(_second);
        registry.revokeOperator(mine);
        _expect(abi.encodeWithSelector(IParticipantRegistry.LastOperator.selector, _second, mine));
        vm.prank(_second);
        registry.revokeOperator(_second);
    }

    function test_recoverOperator_isOfAKnownParticipantAndANewKey() external {
        _expect(abi.encodeWithSelector(IParticipantRegistry.UnknownParticipant.selector, stranger));
        _recover(stranger, _second, "");
        _disable(mine);
        _expect(abi.encodeWithSelector(IParticipantRegistry.NoConsent.selector, _second, mine, FOREVER));
        _recover(mine, _second, "");
        _expect(abi.encodeWithSelector(IParticipantRegistry.OperatorAlreadyRegistered.selector, mine, mine));
        _recover(mine, mine, "");
        _disable(mine);
        _recover(mine, _second, _consent(mine, _second));
        _disable(mine);
        _expectRevoked(_second);
        registry.participantOf(_second);
        _expect(abi.encodeWithSelector(IParticipantRegistry.UnknownParticipant.selector, stranger));
        _disable(stranger);
    }

    function test_aKeyBelongsToOneParticipantForEver() external {
        _add(mine, mine, _second);
        vm.prank(mine);
        registry.revokeOperator(_second);
        bytes memory reason =
            abi.encodeWithSelector(IParticipantRegistry.OperatorAlreadyRegistered.selector, _second, mine);
        bytes memory consent = _consent(maker, _second);
        _expect(reason);
        vm.prank(maker);
        registry.addOperator(_second, FOREVER, consent);
        consent = _consent(mine, _second);
        _expect(reason);
        vm.prank(mine);
        registry.addOperator(_second, FOREVER, consent);
        _expectRevoked(_second);
        vm.prank(mine);
        registry.revokeOperator(_second);
        _expect(abi.encodeWithSelector(IParticipantRegistry.UnknownOperator.selector, address(0)));
        vm.prank(mine);
        registry.addOperator(address(0), FOREVER, consent);
    }

    function test_ofAnAuditorAreAuditors() external {
        _add(auditor, auditor, _second);
        assertTrue(registry.isAuditor(_second), "the new key");
        vm.prank(_second);
        registry.revokeOperator(auditor);
        assertTrue(!registry.isAuditor(auditor), "not the revoked one");
        _disable(auditor);
        assertTrue(!registry.isAuditor(_second), "nor a disabled one");
        assertTrue(!registry.isAuditor(mine), "not a producer");
        assertTrue(!registry.isAuditor(stranger), "not a stranger");
    }

    function _add(address caller, address participant, address operator) private {
        bytes memory consent = _consent(participant, operator);
        vm.prank(caller);
        registry.addOperator(operator, FOREVER, consent);
    }

    function _disable(address participant) private {
        vm.prank(consortium);
        registry.disableOperators(participant, "stolen", YEAR_2026, _document());
    }

    function _recover(address participant, address operator, bytes memory consent) private {
        vm.prank(consortium);
        registry.recoverOperator(participant, operator, FOREVER, consent);
    }

    function _expectRevoked(address operator) private {
        _expect(abi.encodeWithSelector(IParticipantRegistry.OperatorIsRevoked.selector, operator, mine));
    }
}
