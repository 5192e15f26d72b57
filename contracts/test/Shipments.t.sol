// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";

import {IBatchLedger} from "../interfaces/IBatchLedger.sol";
import {IParticipantRegistry} from "../interfaces/IParticipantRegistry.sol";
import {BatchId, ShipmentId} from "../types/Ids.sol";
import {BatchStatus, Emissions, IN_FULL, ParticipantStatus, SubstanceMass} from "../types/Values.sol";
import {World} from "./World.sol";

/// @title Custody is a handshake
contract ShipmentsTest is World {
    BatchId private _first;
    BatchId private _second;

    function setUp() public override {
        super.setUp();
        _first = _mintWith("LOT-1", 100, _holding(COBALT, 50, NICKEL, 7), 10);
        _second = _mintWith("LOT-2", 200, _holding(COBALT, 80), 0);
    }

    // Offer.

    function test_ship_putsInTransitAndSharesEmissionsByMass() external {
        IBatchLedger.Offer memory offer = _offerOf("SEA-1", _both(_first, _second), maker);
        offer.emissions = Emissions(10, 10, 0, 5);
        offer.evidence = _document();
        ShipmentId expected = _shipmentId(mine, "SEA-1");
        IBatchLedger.Shipped[] memory shipped = new IBatchLedger.Shipped[](2);
        // Of each scope, 10 * 100 / 300 = 3 for the first; the second has what is left.
        shipped[0] = IBatchLedger.Shipped(_first, 100, 10 + 3 + 3);
        shipped[1] = IBatchLedger.Shipped(_second, 200, 7 + 7);
        vm.expectEmit(address(ledger));
        emit IBatchLedger.ShipmentOffered(
            expected, mine, maker, YEAR_2026, offer.emissions, shipped, "SEA-1", offer.evidence
        );
        vm.prank(mine);
        ledger.ship(offer);
        _assertPools(_first, 100, 50, 16, 0, 10 + 1);
        _assertPools(_second, 200, 80, 14, 0, 4);
        _assertStatus(_first, BatchStatus.InTransit);
        assertEq(token.ownerOf(BatchId.unwrap(_first)), mine, "the sender's until it is received");
        assertTrue(ledger.shipmentOf(expected) == keccak256(abi.encode(maker, _both(_first, _second))), "commitment");
    }

    function test_ship_refusals() external {
        _expectShip(
            mine, "SEA-1", new BatchId[](0), maker, abi.encodeWithSelector(IBatchLedger.EmptyList.selector, "batches")
        );
        _expectShip(mine, "", _only(_first), maker, abi.encodeWithSelector(IBatchLedger.InvalidIdentifier.selector, ""));
        _expectShip(
            maker,
            "SEA-1",
            _only(_first),
            refinery,
            abi.encodeWithSelector(IBatchLedger.NotCustodian.selector, _first, maker, mine)
        );
        _expectShip(
            mine,
            "SEA-1",
            _both(_first, BatchId.wrap(7)),
            maker,
            abi.encodeWithSelector(IBatchLedger.UnknownBatch.selector, BatchId.wrap(7))
        );
        _expectShip(
            mine,
            "SEA-1",
            _both(_first, _first),
            maker,
            abi.encodeWithSelector(IBatchLedger.BatchNotActive.selector, _first, BatchStatus.InTransit)
        );
        _expectShip(
            mine,
            "SEA-1",
            _only(_first),
            stranger,
            abi.encodeWithSelector(IParticipantRegistry.UnknownParticipant.selector, stranger)
        );
        _ship(mine, "SEA-1", _only(_first), maker);
        _expectShip(
            mine,
            "SEA-2",
            _only(_first),
            maker,
            abi.encodeWithSelector(IBatchLedger.BatchNotActive.selector, _first, BatchStatus.InTransit)
        );
        _expectShip(
            mine,
            "SEA-1",
            _only(_second),
            maker,
            abi.encodeWithSelector(IBatchLedger.ShipmentAlreadyExists.selector, _shipmentId(mine, "SEA-1"))
        );
    }

    function _expectShip(
        address sender,
        string memory identifier,
        BatchId[] memory batches,
        address to,
        bytes memory reason
    ) private {
        _expect(reason);
        _ship(sender, identifier, batches, to);
    }

    function test_ship_neitherByNorToTheBlocked() external {
        _suspend(maker);
        _expectShip(mine, "SEA-1", _only(_first), maker, _notActive(maker));
        _suspend(mine);
        _expectShip(mine, "SEA-1", _only(_first), refinery, _notActive(mine));
    }

    function _notActive(address participant) private pure returns (bytes memory) {
        return abi.encodeWithSelector(
            IParticipantRegistry.ParticipantNotActive.selector, participant, ParticipantStatus.Suspended
        );
    }

    function test_ship_emissions() external {
        IBatchLedger.Offer memory offer = _offerOf("SEA-1", _only(_first), maker);
        offer.emissions = Emissions(0, 1, 0, 2);
        _expect(abi.encodeWithSelector(IBatchLedger.PrimaryExceedsEmissions.selector, 2, 1));
        vm.prank(mine);
        ledger.ship(offer);
        offer.emissions = Emissions(0, 0, LARGEST, 0);
        _expect(abi.encodeWithSelector(IBatchLedger.QuantityTooLarge.selector, uint256(LARGEST) + 10, LARGEST));
        vm.prank(mine);
        ledger.ship(offer);
    }

    // Receive.

    function test_receive_inFull() external {
        _ship(mine, "SEA-1", _both(_first, _second), maker);
        IBatchLedger.Arrival[] memory arrivals = _arrivals(IN_FULL, 200);
        IBatchLedger.Arrived[] memory arrived = new IBatchLedger.Arrived[](2);
        arrived[0] = IBatchLedger.Arrived(_first, 100, new SubstanceMass[](0));
        arrived[1] = IBatchLedger.Arrived(_second, 200, new SubstanceMass[](0));
        vm.expectEmit(address(ledger));
        emit IERC721.Transfer(mine, maker, BatchId.unwrap(_first));
        vm.expectEmit(address(ledger));
        emit IERC721.Transfer(mine, maker, BatchId.unwrap(_second));
        vm.expectEmit(address(ledger));
        emit IBatchLedger.ShipmentReceived(_shipmentId(mine, "SEA-1"), maker, YEAR_2026, arrived, _document());
        vm.prank(maker);
        ledger.receiveShipment(mine, "SEA-1", arrivals, YEAR_2026, _document());
        _assertPools(_first, 100, 50, 10, 0, 10);
        _assertStatus(_first, BatchStatus.Active);
        assertEq(token.ownerOf(BatchId.unwrap(_second)), maker, "custodian");
        assertEq(token.balanceOf(maker), 2, "balance of the receiver");
        assertEq(token.balanceOf(mine), 0, "balance of the sender");
        assertTrue(ledger.shipmentOf(_shipmentId(mine, "SEA-1")) == bytes32(uint256(1)), "closed");
    }

    function _arrivals(uint64 first, uint64 second) private view returns (IBatchLedger.Arrival[] memory list) {
        list = new IBatchLedger.Arrival[](2);
        list[0] = IBatchLedger.Arrival(_first, first);
        list[1] = IBatchLedger.Arrival(_second, second);
    }

    function test_receive_aShortfallTakesSubstancesAndLeavesCo2e() external {
        _ship(mine, "SEA-1", _both(_first, _second), maker);
        IBatchLedger.Arrived[] memory arrived = new IBatchLedger.Arrived[](2);
        // 50 * 1 / 100 = 0.5 and 7 * 1 / 100 = 0.07, both floored.
        arrived[0] = IBatchLedger.Arrived(_first, 99, _holding(COBALT, 0, NICKEL, 0));
        arrived[1] = IBatchLedger.Arrived(_second, 150, _holding(COBALT, 20));
        vm.expectEmit(address(ledger));
        emit IBatchLedger.ShipmentReceived(_shipmentId(mine, "SEA-1"), maker, YEAR_2026, arrived, _none());
        vm.prank(maker);
        ledger.receiveShipment(mine, "SEA-1", _arrivals(99, 150), YEAR_2026, _none());
        _assertPools(_first, 99, 50, 10, 0, 10);
        _assertPools(_second, 150, 60, 0, 0, 0);
    }

    function test_receive_neitherSurplusNorNothing() external {
        _ship(mine, "SEA-1", _both(_first, _second), maker);
        _expectReceive(
            maker, _arrivals(101, 200), abi.encodeWithSelector(IBatchLedger.SurplusOnArrival.selector, _first, 101, 100)
        );
        _expectReceive(maker, _arrivals(100, 0), abi.encodeWithSelector(IBatchLedger.ZeroMass.selector));
    }

    function _expectReceive(address receiver, IBatchLedger.Arrival[] memory arrivals, bytes memory reason) private {
        _expect(reason);
        vm.prank(receiver);
        ledger.receiveShipment(mine, "SEA-1", arrivals, YEAR_2026, _none());
    }

    function test_receive_byItsReceiverWithItsBatchesOnly() external {
        ShipmentId id = _ship(mine, "SEA-1", _both(_first, _second), maker);
        _expectReceive(
            refinery,
            _arrivals(IN_FULL, IN_FULL),
            abi.encodeWithSelector(IBatchLedger.ShipmentMismatch.selector, id, refinery)
        );
        IBatchLedger.Arrival[] memory arrivals = _arrivals(IN_FULL, IN_FULL);
        (arrivals[0], arrivals[1]) = (arrivals[1], arrivals[0]);
        bytes memory reason = abi.encodeWithSelector(IBatchLedger.ShipmentMismatch.selector, id, maker);
        _expectReceive(maker, arrivals, reason);
        _expectReceive(maker, new IBatchLedger.Arrival[](0), reason);
        arrivals[0] = arrivals[1];
        _expectReceive(maker, arrivals, reason);
        _expectReceive(
            stranger,
            _arrivals(IN_FULL, IN_FULL),
            abi.encodeWithSelector(IParticipantRegistry.UnknownOperator.selector, stranger)
        );
        _expectReceive(
            mine, _arrivals(IN_FULL, IN_FULL), abi.encodeWithSelector(IBatchLedger.ShipmentMismatch.selector, id, mine)
        );
    }

    function test_receive_onlyAnOpenShipment() external {
        bytes memory reason = abi.encodeWithSelector(IBatchLedger.ShipmentNotOpen.selector, _shipmentId(mine, "SEA-1"));
        _expectReceive(maker, _arrivals(IN_FULL, IN_FULL), reason);
        _ship(mine, "SEA-1", _both(_first, _second), maker);
        _receive(maker, mine, "SEA-1", _both(_first, _second));
        _expectReceive(maker, _arrivals(IN_FULL, IN_FULL), reason);
    }

    function test_receive_notByTheBlockedButFromThem() external {
        _ship(mine, "SEA-1", _both(_first, _second), maker);
        _suspend(maker);
        _expectReceive(maker, _arrivals(IN_FULL, IN_FULL), _notActive(maker));
        vm.prank(auditor);
        registry.reinstateParticipant(maker, "fine", YEAR_2026, _none());
        _suspend(mine);
        _receive(maker, mine, "SEA-1", _both(_first, _second));
    }

    function test_receive_notWhatWasDeclaredInError() external {
        _ship(mine, "SEA-1", _both(_first, _second), maker);
        _declareError(mine, mine, "LOT-2");
        _expectReceive(
            maker, _arrivals(IN_FULL, IN_FULL), abi.encodeWithSelector(IBatchLedger.BatchIsFrozen.selector, _second)
        );
    }

    function test_ship_toOneself() external {
        _handOver(mine, "OWN-1", _first, mine);
        assertEq(token.ownerOf(BatchId.unwrap(_first)), mine, "custodian");
        assertEq(token.balanceOf(mine), 2, "balance");
        _assertStatus(_first, BatchStatus.Active);
    }

    // Reject and cancel.

    function test_reject_givesBack() external {
        ShipmentId id = _ship(mine, "SEA-1", _both(_first, _second), maker);
        vm.expectEmit(address(ledger));
        emit IBatchLedger.ShipmentRejected(id, maker, YEAR_2026, "wrong grade", _both(_first, _second), _document());
        _reject(maker, mine, _both(_first, _second));
        _assertReturned(id);
    }

    function test_cancel_givesBack() external {
        ShipmentId id = _ship(mine, "SEA-1", _both(_first, _second), maker);
        vm.expectEmit(address(ledger));
        emit IBatchLedger.ShipmentCancelled(id, mine, YEAR_2026, "not loaded", _both(_first, _second), _document());
        _cancel(mine, maker, _both(_first, _second));
        _assertReturned(id);
    }

    function _reject(address receiver, address sender, BatchId[] memory batches) private {
        vm.prank(receiver);
        ledger.rejectShipment(sender, "SEA-1", batches, "wrong grade", YEAR_2026, _document());
    }

    function _cancel(address sender, address receiver, BatchId[] memory batches) private {
        vm.prank(sender);
        ledger.cancelShipment("SEA-1", receiver, batches, "not loaded", YEAR_2026, _document());
    }

    function _assertReturned(ShipmentId id) private {
        _assertStatus(_first, BatchStatus.Active);
        _assertStatus(_second, BatchStatus.Active);
        assertEq(token.ownerOf(BatchId.unwrap(_first)), mine, "the sender's");
        assertTrue(ledger.shipmentOf(id) == bytes32(uint256(1)), "closed");
        bytes memory reason = abi.encodeWithSelector(IBatchLedger.ShipmentNotOpen.selector, id);
        _expectReceive(maker, _arrivals(IN_FULL, IN_FULL), reason);
        _expect(reason);
        _reject(maker, mine, _both(_first, _second));
        _expect(reason);
        _cancel(mine, maker, _both(_first, _second));
        _handOver(mine, "SEA-2", _first, maker);
    }

    function test_reject_andCancel_byTheirOwnSideOnly() external {
        ShipmentId id = _ship(mine, "SEA-1", _both(_first, _second), maker);
        BatchId[] memory batches = _both(_first, _second);
        _expect(abi.encodeWithSelector(IBatchLedger.ShipmentMismatch.selector, id, mine));
        _reject(mine, mine, batches);
        _expect(abi.encodeWithSelector(IBatchLedger.ShipmentMismatch.selector, id, refinery));
        _reject(refinery, mine, batches);
        _expect(abi.encodeWithSelector(IParticipantRegistry.UnknownOperator.selector, stranger));
        _reject(stranger, mine, batches);
        _expect(abi.encodeWithSelector(IBatchLedger.ShipmentNotOpen.selector, _shipmentId(maker, "SEA-1")));
        _cancel(maker, maker, batches);
        _expect(abi.encodeWithSelector(IBatchLedger.ShipmentMismatch.selector, id, refinery));
        _cancel(mine, refinery, batches);
        _expect(abi.encodeWithSelector(IBatchLedger.ShipmentMismatch.selector, id, maker));
        _cancel(mine, maker, _both(_second, _first));
        _expect(abi.encodeWithSelector(IParticipantRegistry.UnknownOperator.selector, stranger));
        _cancel(stranger, maker, batches);
    }

    function test_reject_andCancel_evenWhenBlockedOrFrozen() external {
        _ship(mine, "SEA-1", _both(_first, _second), maker);
        _declareError(mine, mine, "LOT-1");
        _suspend(maker);
        _reject(maker, mine, _both(_first, _second));
        assertTrue(ledger.batchOf(_first).frozen, "frozen still");
        _assertStatus(_first, BatchStatus.Active);
        vm.prank(mine);
        IBatchLedger.Offer memory offer = _offerOf("SEA-2", _only(_second), refinery);
        ledger.ship(offer);
        _suspend(mine);
        vm.prank(mine);
        ledger.cancelShipment("SEA-2", refinery, _only(_second), "not loaded", YEAR_2026, _none());
        _assertStatus(_second, BatchStatus.Active);
    }

    // Every milligram, whatever the numbers.

    function testFuzz_ship_emissionsAreSharedWithoutRest(uint64[4] calldata masses, Emissions memory emissions)
        external
    {
        BatchId[] memory batches = new BatchId[](4);
        for (uint256 i = 0; i < 4; ++i) {
            string memory name = string(abi.encodePacked("F-", bytes1(uint8(65 + i))));
            batches[i] = _mint(name, uint64(bound(masses[i], 1, CAPACITY / 8)), 0);
        }
        emissions.scope1 = uint64(bound(emissions.scope1, 0, LARGEST / 4));
        emissions.scope2 = uint64(bound(emissions.scope2, 0, LARGEST / 4));
        emissions.scope3 = uint64(bound(emissions.scope3, 0, LARGEST / 4));
        uint256 total = uint256(emissions.scope1) + emissions.scope2 + emissions.scope3;
        emissions.primary = uint64(bound(emissions.primary, 0, total));
        IBatchLedger.Offer memory offer = _offerOf("SEA-F", batches, maker);
        offer.emissions = emissions;
        vm.prank(mine);
        ledger.ship(offer);
        (uint256 own, uint256 primary) = (0, 0);
        for (uint256 i = 0; i < 4; ++i) {
            own += ledger.batchOf(batches[i]).ownCo2e;
            primary += ledger.batchOf(batches[i]).primaryCo2e;
        }
        assertEq(own, total, "own");
        assertEq(primary, emissions.primary, "primary");
    }

    function testFuzz_receive_shortfallIsTheFloor(uint64 mass, uint64 cobalt, uint64 arrived, uint64 own) external {
        mass = uint64(bound(mass, 1, CAPACITY / 2));
        cobalt = uint64(bound(cobalt, 0, mass));
        arrived = uint64(bound(arrived, 1, mass));
        own = uint64(bound(own, 0, LARGEST));
        BatchId id = _mintWith("F-1", mass, _holding(COBALT, cobalt), own);
        _ship(mine, "SEA-F", _only(id), maker);
        IBatchLedger.Arrival[] memory arrivals = new IBatchLedger.Arrival[](1);
        arrivals[0] = IBatchLedger.Arrival(id, arrived);
        vm.prank(maker);
        ledger.receiveShipment(mine, "SEA-F", arrivals, YEAR_2026, _none());
        uint256 lost = uint256(cobalt) * (mass - arrived) / mass;
        _assertPools(id, arrived, cobalt - lost, own, 0, own);
    }
}
