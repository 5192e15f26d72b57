// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IParticipantRegistry} from "../interfaces/IParticipantRegistry.sol";
import {FacilityId, MaterialId} from "../types/Ids.sol";
import {SubstanceSet} from "../types/SubstanceSet.sol";
import {Origin, OriginKind} from "../types/Values.sol";
import {World} from "./World.sol";

/// @title Which material is expected from where, of which origin, when
contract OriginsTest is World {
    uint64 private constant FROM = YEAR_2026;
    uint64 private constant UNTIL = YEAR_2026 + 365 days;
    FacilityId private constant UNKNOWN = FacilityId.wrap(7);
    MaterialId private constant NO_MATERIAL = MaterialId.wrap(7);

    function test_approveOrigin() external {
        vm.expectEmit(address(registry));
        emit IParticipantRegistry.OriginApproved(pit, salt, MINED | UNTRACED, 5, FROM, UNTIL, YEAR_2026, _document());
        _approveFor(pit, salt, MINED | UNTRACED, 5, FROM, UNTIL);
        _assertApproval(pit, salt, Origin.Mined, 5, FROM, UNTIL);
        _assertApproval(pit, salt, Origin.Untraced, 5, FROM, UNTIL);
        _assertApproval(pit, salt, Origin.PostConsumer, 0, 0, 0);
        _approveFor(pit, salt, UNTRACED, 6, 0, FOREVER);
        _assertApproval(pit, salt, Origin.Mined, 5, FROM, UNTIL);
        _assertApproval(pit, salt, Origin.Untraced, 6, 0, FOREVER);
        _approveFor(pit, salt, MINED, 0, FROM, UNTIL);
        _assertApproval(pit, salt, Origin.Mined, 0, 0, 0);
        _assertApproval(pit, ore, Origin.Mined, CAPACITY, 0, FOREVER);
    }

    function test_approveOrigin_refusals() external {
        _expect(abi.encodeWithSelector(IParticipantRegistry.UnknownFacility.selector, UNKNOWN));
        _approveFor(UNKNOWN, salt, MINED, 5, FROM, UNTIL);
        _expect(abi.encodeWithSelector(IParticipantRegistry.UnknownMaterial.selector, NO_MATERIAL));
        _approveFor(pit, NO_MATERIAL, MINED, 5, FROM, UNTIL);
        _expect(abi.encodeWithSelector(IParticipantRegistry.InvalidOrigins.selector, 0));
        _approveFor(pit, salt, 0, 5, FROM, UNTIL);
        _expect(abi.encodeWithSelector(IParticipantRegistry.InvalidOrigins.selector, 16));
        _approveFor(pit, salt, 16, 5, FROM, UNTIL);
        _expect(abi.encodeWithSelector(IParticipantRegistry.InvalidOrigins.selector, 255));
        _approveFor(pit, salt, 255, 5, FROM, UNTIL);
        _expect(abi.encodeWithSelector(IParticipantRegistry.InvalidPeriod.selector, FROM, FROM - 1));
        _approveFor(pit, salt, MINED, 5, FROM, FROM - 1);
        _approveFor(pit, salt, MINED, 5, FROM, FROM);
    }

    /// @dev Mined at a mine, recycled at a recycler, untraced anywhere.
    function test_approveOrigin_whatIsPossibleWhere() external {
        FacilityId[3] memory facilities = [pit, yard, works];
        bool[4][3] memory possible =
            [[true, false, false, true], [false, true, true, true], [false, false, false, true]];
        for (uint256 i = 0; i < facilities.length; ++i) {
            for (uint8 j = 0; j < 4; ++j) {
                if (!possible[i][j]) _expect(_impossible(facilities[i], i, Origin(j)));
                _approveFor(facilities[i], salt, uint8(1 << j), 5, FROM, UNTIL);
            }
        }
    }

    function _impossible(FacilityId facility, uint256 which, Origin origin) private pure returns (bytes memory) {
        if (which == 2) return abi.encodeWithSelector(IParticipantRegistry.NotAnOrigin.selector, facility);
        OriginKind kind = which == 0 ? OriginKind.Mine : OriginKind.Recycler;
        return abi.encodeWithSelector(IParticipantRegistry.OriginMismatch.selector, facility, kind, origin);
    }

    function test_requireOrigin() external {
        (address participant, uint64 capacity, SubstanceSet substances) =
            registry.requireOrigin(mine, pit, ore, Origin.Mined, YEAR_2026);
        assertEq(participant, mine, "participant");
        assertEq(capacity, CAPACITY, "capacity");
        assertTrue(SubstanceSet.unwrap(substances) == SubstanceSet.unwrap(registry.substancesOf(ore)), "substances");
        _expect(abi.encodeWithSelector(IParticipantRegistry.UnknownFacility.selector, UNKNOWN));
        registry.requireOrigin(mine, UNKNOWN, ore, Origin.Mined, YEAR_2026);
        _expect(abi.encodeWithSelector(IParticipantRegistry.ForeignFacility.selector, yard, mine, recycler));
        registry.requireOrigin(mine, yard, ore, Origin.Mined, YEAR_2026);
        _expect(abi.encodeWithSelector(IParticipantRegistry.UnknownMaterial.selector, NO_MATERIAL));
        registry.requireOrigin(mine, pit, NO_MATERIAL, Origin.Mined, YEAR_2026);
        _expect(abi.encodeWithSelector(IParticipantRegistry.NotAnOrigin.selector, mineWorks));
        registry.requireOrigin(mine, mineWorks, ore, Origin.Mined, YEAR_2026);
        _expect(_impossible(pit, 0, Origin.PostConsumer));
        registry.requireOrigin(mine, pit, ore, Origin.PostConsumer, YEAR_2026);
        _expect(_notApproved(pit, salt, Origin.Mined));
        registry.requireOrigin(mine, pit, salt, Origin.Mined, YEAR_2026);
        _expect(_notApproved(pit, ore, Origin.Untraced));
        registry.requireOrigin(mine, pit, ore, Origin.Untraced, YEAR_2026);
    }

    function test_requireOrigin_ofWhoMayAct() external {
        _expect(abi.encodeWithSelector(IParticipantRegistry.UnknownOperator.selector, stranger));
        registry.requireOrigin(stranger, pit, ore, Origin.Mined, YEAR_2026);
        vm.prank(consortium);
        registry.pause();
        _expect(abi.encodeWithSelector(IParticipantRegistry.NetworkPaused.selector));
        registry.requireOrigin(mine, pit, ore, Origin.Mined, YEAR_2026);
    }

    function test_requireOrigin_fromUntil_bothIncluded() external {
        _approveFor(pit, ore, MINED, 5, FROM, UNTIL);
        uint64[2] memory within = [FROM, UNTIL];
        uint64[2] memory outside = [FROM - 1, UNTIL + 1];
        for (uint256 i = 0; i < 2; ++i) {
            (, uint64 capacity,) = registry.requireOrigin(mine, pit, ore, Origin.Mined, within[i]);
            assertEq(capacity, 5, "in force");
            registry.requireRecycling(pit, ore, Origin.Mined, within[i]);
            bytes memory reason = abi.encodeWithSelector(
                IParticipantRegistry.ApprovalNotInForce.selector, pit, ore, Origin.Mined, outside[i], FROM, UNTIL
            );
            _expect(reason);
            registry.requireOrigin(mine, pit, ore, Origin.Mined, outside[i]);
            _expect(reason);
            registry.requireRecycling(pit, ore, Origin.Mined, outside[i]);
        }
    }

    function test_requireOrigin_withdrawn() external {
        _approve(pit, ore, MINED, 0);
        _expect(_notApproved(pit, ore, Origin.Mined));
        registry.requireOrigin(mine, pit, ore, Origin.Mined, YEAR_2026);
    }

    function test_requireRecycling() external {
        registry.requireRecycling(yard, scrap, Origin.PostConsumer, YEAR_2026);
        registry.requireRecycling(yard, scrap, Origin.PreConsumer, YEAR_2026);
        _expect(_notApproved(yard, ore, Origin.PreConsumer));
        registry.requireRecycling(yard, ore, Origin.PreConsumer, YEAR_2026);
        _expect(_impossible(yard, 1, Origin.Mined));
        registry.requireRecycling(yard, scrap, Origin.Mined, YEAR_2026);
        _expect(abi.encodeWithSelector(IParticipantRegistry.NotAnOrigin.selector, hall));
        registry.requireRecycling(hall, scrap, Origin.PostConsumer, YEAR_2026);
        _expect(abi.encodeWithSelector(IParticipantRegistry.UnknownFacility.selector, UNKNOWN));
        registry.requireRecycling(UNKNOWN, scrap, Origin.PostConsumer, YEAR_2026);
    }

    /// @dev A sale pauses approvals until the consortium has confirmed it; those it gives meanwhile too.
    function test_requireOrigin_pausedByASale() external {
        vm.prank(mine);
        registry.transferFacility(pit, maker, YEAR_2026, _none());
        registry.requireOrigin(mine, pit, ore, Origin.Mined, YEAR_2026);
        vm.prank(maker);
        registry.acceptFacility(pit, YEAR_2026, _none());
        bytes memory reason = abi.encodeWithSelector(IParticipantRegistry.ApprovalsPaused.selector, pit);
        _expect(reason);
        registry.requireOrigin(maker, pit, ore, Origin.Mined, YEAR_2026);
        _expect(reason);
        registry.requireRecycling(pit, ore, Origin.Mined, YEAR_2026);
        _approve(pit, ore, MINED, 5);
        _expect(reason);
        registry.requireOrigin(maker, pit, ore, Origin.Mined, YEAR_2026);
        vm.prank(consortium);
        registry.confirmFacility(pit, YEAR_2026, _none());
        (address participant, uint64 capacity,) = registry.requireOrigin(maker, pit, ore, Origin.Mined, YEAR_2026);
        assertEq(participant, maker, "the buyer");
        assertEq(capacity, 5, "capacity");
        registry.requireRecycling(pit, ore, Origin.Mined, YEAR_2026);
    }

    // In short.

    function _approveFor(
        FacilityId facility,
        MaterialId material,
        uint8 origins,
        uint64 capacity,
        uint64 from,
        uint64 until
    ) private {
        vm.prank(consortium);
        registry.approveOrigin(facility, material, origins, capacity, from, until, YEAR_2026, _document());
    }

    function _assertApproval(
        FacilityId facility,
        MaterialId material,
        Origin origin,
        uint256 capacity,
        uint256 from,
        uint256 until
    ) private view {
        (uint64 foundCapacity, uint64 foundFrom, uint64 foundUntil) = registry.approvalOf(facility, material, origin);
        assertEq(foundCapacity, capacity, "capacity");
        assertEq(foundFrom, from, "from");
        assertEq(foundUntil, until, "until");
    }

    function _notApproved(FacilityId facility, MaterialId material, Origin origin) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IParticipantRegistry.OriginNotApproved.selector, facility, material, origin);
    }
}
