// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IActGuard} from "../interfaces/IActGuard.sol";
import {IParticipantRegistry} from "../interfaces/IParticipantRegistry.sol";
import {FacilityId} from "../types/Ids.sol";
import {OriginKind, ParticipantStatus} from "../types/Values.sol";
import {Named} from "./Named.sol";
import {Blocklist} from "./Participants.t.sol";
import {World} from "./World.sol";

/// @title Sites: declared, blocked, sold
contract FacilitiesTest is World {
    FacilityId private constant UNKNOWN = FacilityId.wrap(7);

    // Declaring.

    function test_registerFacility() external {
        FacilityId expected = Named.facility(maker, "paint-shop");
        vm.expectEmit(address(registry));
        emit IParticipantRegistry.FacilityRegistered(
            expected, maker, "paint-shop", "Paint shop", "plant", "DE", true, -1, 2, _document()
        );
        vm.prank(maker);
        registry.registerFacility("paint-shop", "Paint shop", "plant", "DE", true, -1, 2, _document());
        _assertFacility(expected, maker, OriginKind.None);
        _assertFacility(pit, mine, OriginKind.Mine);
        _assertFacility(yard, recycler, OriginKind.Recycler);
        _assertFacility(UNKNOWN, address(0), OriginKind.None);
    }

    function test_registerFacility_refusals() external {
        _expect(abi.encodeWithSelector(IParticipantRegistry.FacilityAlreadyExists.selector, pit));
        _declare("pit", "Pit");
        string[5] memory bad = ["", string(new bytes(257)), "a\x00b", "pit\n", "\x7f"];
        for (uint256 i = 0; i < bad.length; ++i) {
            _expect(abi.encodeWithSelector(IParticipantRegistry.InvalidIdentifier.selector, bad[i]));
            _declare(bad[i], "Pit");
        }
        _expect(abi.encodeWithSelector(IParticipantRegistry.ControlCharacter.selector, "Pit\x1f"));
        _declare("pit-2", "Pit\x1f");
        _expect(abi.encodeWithSelector(IParticipantRegistry.UnknownOperator.selector, stranger));
        vm.prank(stranger);
        registry.registerFacility("pit", "Pit", "mine", "CD", false, 0, 0, _none());
        _suspend(mine);
        _expect(
            abi.encodeWithSelector(
                IParticipantRegistry.ParticipantNotActive.selector, mine, ParticipantStatus.Suspended
            )
        );
        _declare("pit-2", "Pit");
    }

    function test_registerFacility_longestIdentifier() external {
        bytes memory longest = new bytes(256);
        for (uint256 i = 0; i < longest.length; ++i) {
            longest[i] = 0x20;
        }
        _facility(mine, string(longest), "mine");
        assertEq(longest.length, 256, "bytes");
    }

    /// @dev G1: whoever has a blocked facility does not go on under another name.
    function test_registerFacility_notBesideABlockedOne() external {
        Blocklist guard = _guard(mineWorks);
        _declare("works-2", "Works");
        guard.watch();
        bytes memory reason = abi.encodeWithSelector(Blocklist.Closed.selector, mineWorks);
        _expect(reason);
        _declare("works-3", "Works");
        guard.watch(pit);
        _expect(reason);
        _declare("works-3", "Works");
        _facility(maker, "elsewhere", "plant");
        guard.unwatch(mineWorks);
        _declare("works-3", "Works");
        guard.watch();
        guard.unwatch(pit);
        _expect(reason);
        _declare("works-4", "Works");
        vm.prank(consortium);
        registry.setActGuard(IActGuard(address(0)));
        _declare("works-4", "Works");
    }

    function test_watchFacility_keepsEachOnceInWhateverOrder() external {
        Blocklist guard = _guard(mineWorks);
        FacilityId third = _facility(mine, "third", "plant");
        guard.watch(pit);
        guard.watch(mineWorks);
        guard.watch(mineWorks);
        guard.watch(third);
        guard.unwatch(pit);
        guard.unwatch(pit);
        _assertWatched(false, true, true, third);
        guard.unwatch(third);
        _assertWatched(false, true, false, third);
        _expect(abi.encodeWithSelector(Blocklist.Closed.selector, mineWorks));
        _declare("again", "Again");
        guard.unwatch(mineWorks);
        _assertWatched(false, false, false, third);
        _declare("again", "Again");
        _expect(abi.encodeWithSelector(IParticipantRegistry.UnknownFacility.selector, UNKNOWN));
        guard.watch(UNKNOWN);
        _expect(abi.encodeWithSelector(IParticipantRegistry.NotActGuard.selector, mine));
        vm.prank(mine);
        registry.watchFacility(pit, true);
    }

    // Selling.

    function test_transferFacility() external {
        vm.expectEmit(address(registry));
        emit IParticipantRegistry.FacilityOffered(pit, mine, maker, YEAR_2026, _document());
        _offer(pit, maker);
        _assertSale(pit, maker, false);
        _assertFacility(pit, mine, OriginKind.Mine);
        vm.expectEmit(address(registry));
        emit IParticipantRegistry.FacilityTransferred(pit, mine, maker, YEAR_2026, _document());
        _accept(pit, maker);
        _assertSale(pit, address(0), true);
        _assertFacility(pit, maker, OriginKind.Mine);
        assertEq(registry.requireFacility(maker, pit), maker, "the buyer acts there");
        _expect(abi.encodeWithSelector(IParticipantRegistry.ForeignFacility.selector, pit, mine, maker));
        registry.requireFacility(mine, pit);
        vm.expectEmit(address(registry));
        emit IParticipantRegistry.FacilityConfirmed(pit, maker, YEAR_2026, _document());
        _confirm(pit);
        _assertSale(pit, address(0), false);
    }

    function test_transferFacility_refusals() external {
        _expect(abi.encodeWithSelector(IParticipantRegistry.ForeignFacility.selector, yard, mine, recycler));
        _offer(yard, maker);
        _expect(abi.encodeWithSelector(IParticipantRegistry.UnknownFacility.selector, UNKNOWN));
        _offer(UNKNOWN, maker);
        _expect(abi.encodeWithSelector(IParticipantRegistry.SameParticipant.selector, pit, mine));
        _offer(pit, mine);
        _expect(abi.encodeWithSelector(IParticipantRegistry.UnknownParticipant.selector, stranger));
        _offer(pit, stranger);
        _suspend(mine);
        _expect(
            abi.encodeWithSelector(
                IParticipantRegistry.ParticipantNotActive.selector, mine, ParticipantStatus.Suspended
            )
        );
        _offer(pit, maker);
    }

    function test_acceptFacility_isForWhomItIsOffered() external {
        _expect(abi.encodeWithSelector(IParticipantRegistry.FacilityNotOffered.selector, pit, maker));
        _accept(pit, maker);
        _offer(pit, maker);
        _expect(abi.encodeWithSelector(IParticipantRegistry.FacilityNotOffered.selector, pit, refinery));
        _accept(pit, refinery);
        _offer(pit, address(0));
        _expect(abi.encodeWithSelector(IParticipantRegistry.FacilityNotOffered.selector, pit, maker));
        _accept(pit, maker);
        _offer(pit, maker);
        _suspend(maker);
        _expect(
            abi.encodeWithSelector(
                IParticipantRegistry.ParticipantNotActive.selector, maker, ParticipantStatus.Suspended
            )
        );
        _accept(pit, maker);
    }

    function test_acceptFacility_notOfATerminatedSeller() external {
        _offer(pit, maker);
        _suspend(mine);
        _terminate(mine);
        _expect(
            abi.encodeWithSelector(
                IParticipantRegistry.ParticipantNotActive.selector, mine, ParticipantStatus.Terminated
            )
        );
        _accept(pit, maker);
    }

    function test_acceptFacility_once() external {
        _offer(pit, maker);
        _accept(pit, maker);
        _expect(abi.encodeWithSelector(IParticipantRegistry.FacilityNotOffered.selector, pit, maker));
        _accept(pit, maker);
    }

    function test_confirmFacility_needsASale() external {
        _expect(abi.encodeWithSelector(IParticipantRegistry.FacilityNotSold.selector, pit));
        _confirm(pit);
        _expect(abi.encodeWithSelector(IParticipantRegistry.UnknownFacility.selector, UNKNOWN));
        _confirm(UNKNOWN);
    }

    /// @dev What blocks a site blocks its buyer there, and no longer its seller.
    function test_acceptFacility_takesTheWatchAlong() external {
        Blocklist guard = _guard(mineWorks);
        guard.watch(pit);
        guard.watch();
        _offer(mineWorks, maker);
        _accept(mineWorks, maker);
        _declare("works-2", "Works");
        bytes memory reason = abi.encodeWithSelector(Blocklist.Closed.selector, mineWorks);
        _expect(reason);
        registry.requireFacility(maker, mineWorks);
        _expect(reason);
        vm.prank(maker);
        registry.registerFacility("works-2", "Works", "plant", "DE", false, 0, 0, _none());
        guard.unwatch(mineWorks);
        assertTrue(registry.isFacilityWatched(pit), "the seller's other one");
        _facility(maker, "works-2", "plant");
    }

    // In short.

    function _guard(FacilityId closed) private returns (Blocklist guard) {
        guard = new Blocklist(registry, address(0), closed);
        vm.prank(consortium);
        registry.setActGuard(guard);
    }

    function _declare(string memory identifier, string memory name) private {
        vm.prank(mine);
        registry.registerFacility(identifier, name, "mine", "CD", false, 0, 0, _none());
    }

    function _offer(FacilityId facility, address to) private {
        vm.prank(mine);
        registry.transferFacility(facility, to, YEAR_2026, _document());
    }

    function _accept(FacilityId facility, address to) private {
        vm.prank(to);
        registry.acceptFacility(facility, YEAR_2026, _document());
    }

    function _confirm(FacilityId facility) private {
        vm.prank(consortium);
        registry.confirmFacility(facility, YEAR_2026, _document());
    }

    function _assertSale(FacilityId facility, address offeredTo, bool paused) private view {
        (address found, bool approvalsPaused) = registry.saleOf(facility);
        assertEq(found, offeredTo, "offered to");
        assertTrue(approvalsPaused == paused, "approvals");
    }

    function _assertFacility(FacilityId facility, address participant, OriginKind kind) private view {
        (address belongsTo, OriginKind found) = registry.facilityOf(facility);
        assertEq(belongsTo, participant, "belongs to");
        assertEq(uint8(found), uint8(kind), "kind");
    }

    function _assertWatched(bool ofPit, bool ofWorks, bool ofThird, FacilityId third) private view {
        assertTrue(registry.isFacilityWatched(pit) == ofPit, "pit");
        assertTrue(registry.isFacilityWatched(mineWorks) == ofWorks, "works");
        assertTrue(registry.isFacilityWatched(third) == ofThird, "third");
    }
}
