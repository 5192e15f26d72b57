// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";

import {IBatchLedger} from "../interfaces/IBatchLedger.sol";
import {ILedgerRecords} from "../interfaces/ILedgerRecords.sol";
import {IParticipantRegistry} from "../interfaces/IParticipantRegistry.sol";
import {BatchId, ShipmentId} from "../types/Ids.sol";
import {Emissions} from "../types/Emissions.sol";
import {BatchStatus, Difference, ParticipantStatus, SubstanceMass} from "../types/Values.sol";
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
        ILedgerRecords.Offer memory offer = _offerOf("SEA-1", _both(_first, _second), maker);
        offer.emissions = _scopes(10, 10, 0, 5);
        offer.evidence = _document();
        ShipmentId expected = _shipmentId(mine, "SEA-1");
        ILedgerRecords.Shipped[] memory shipped = new ILedgerRecords.Shipped[](2);
        // Of each scope, 10 * 100 / 300 = 3 for the first; the second has what is left.
        shipped[0] = ILedgerRecords.Shipped(_first, 100, 10 + 3 + 3);
        shipped[1] = ILedgerRecords.Shipped(_second, 200, 7 + 7);
        offer.owner = refinery;
        vm.expectEmit(address(ledger));
        emit ILedgerRecords.ShipmentOffered(
            expected,
            mine,
            maker,
            refinery,
            ShipmentId.wrap(0),
            YEAR_2026,
            offer.emissions,
            shipped,
            "SEA-1",
            offer.evidence
        );
        vm.prank(mine);
        ledger.ship(offer);
        _assertPools(_first, 100, 50, 16, 0, 10 + 1);
        _assertPools(_second, 200, 80, 14, 0, 4);
        _assertStatus(_first, BatchStatus.InTransit);
        assertEq(token.ownerOf(BatchId.unwrap(_first)), mine, "the sender's until it is received");
        assertEq(ledger.batchOf(_first).events, 2, "named by its mint and its offer");
        bytes32 hash = keccak256(abi.encode(offer.emissions, offer.batches));
        assertTrue(ledger.shipmentOf(expected) == keccak256(abi.encode(maker, hash, offer.batches)), "commitment");
    }

    function test_ship_refusals() external {
        _expectShip(
            mine, "SEA-1", new BatchId[](0), maker, abi.encodeWithSelector(ILedgerRecords.EmptyList.selector, "batches")
        );
        _expectShip(
            mine, "", _only(_first), maker, abi.encodeWithSelector(ILedgerRecords.InvalidIdentifier.selector, "")
        );
        _expectShip(
            maker,
            "SEA-1",
            _only(_first),
            refinery,
            abi.encodeWithSelector(ILedgerRecords.NotCustodian.selector, _first, maker, mine)
        );
        _expectShip(
            mine,
            "SEA-1",
            _both(_first, BatchId.wrap(7)),
            maker,
            abi.encodeWithSelector(ILedgerRecords.UnknownBatch.selector, BatchId.wrap(7))
        );
        _expectShip(
            mine,
            "SEA-1",
            _both(_first, _first),
            maker,
            abi.encodeWithSelector(ILedgerRecords.BatchNotActive.selector, _first, BatchStatus.InTransit)
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
            abi.encodeWithSelector(ILedgerRecords.BatchNotActive.selector, _first, BatchStatus.InTransit)
        );
        _expectShip(
            mine,
            "SEA-1",
            _only(_second),
            maker,
            abi.encodeWithSelector(ILedgerRecords.ShipmentAlreadyExists.selector, _shipmentId(mine, "SEA-1"))
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
        ILedgerRecords.Offer memory offer = _offerOf("SEA-1", _only(_first), maker);
        offer.emissions = _scopes(0, 1, 0, 2);
        _expect(abi.encodeWithSelector(ILedgerRecords.PartExceedsEmissions.selector, 2, 1));
        vm.prank(mine);
        ledger.ship(offer);
        offer.emissions = _scopes(0, 0, LARGEST, 0);
        _expect(abi.encodeWithSelector(ILedgerRecords.QuantityTooLarge.selector, uint256(LARGEST) + 10, LARGEST));
        vm.prank(mine);
        ledger.ship(offer);
    }

    // Receive.

    function test_receive_asSent() external {
        _ship(mine, "SEA-1", _both(_first, _second), maker);
        ILedgerRecords.Arrived[] memory arrived = new ILedgerRecords.Arrived[](2);
        arrived[0] = ILedgerRecords.Arrived(_first, 100, Difference.None, new SubstanceMass[](0));
        arrived[1] = ILedgerRecords.Arrived(_second, 200, Difference.None, new SubstanceMass[](0));
        vm.expectEmit(address(ledger));
        emit IERC721.Transfer(mine, maker, BatchId.unwrap(_first));
        vm.expectEmit(address(ledger));
        emit IERC721.Transfer(mine, maker, BatchId.unwrap(_second));
        vm.expectEmit(address(ledger));
        emit ILedgerRecords.ShipmentReceived(_shipmentId(mine, "SEA-1"), maker, YEAR_2026, arrived, TAG, _document());
        vm.prank(maker);
        ledger.receiveShipment(mine, "SEA-1", _open(_both(_first, _second)), _twice(2), YEAR_2026, TAG, _document());
        _assertPools(_first, 100, 50, 10, 0, 10);
        _assertStatus(_first, BatchStatus.Active);
        assertEq(ledger.batchOf(_first).uses, 1, "a use");
        assertEq(ledger.batchOf(_first).events, 3, "an event");
        assertEq(token.ownerOf(BatchId.unwrap(_second)), maker, "custodian");
        assertEq(token.balanceOf(maker), 2, "balance of the receiver");
        assertEq(token.balanceOf(mine), 0, "balance of the sender");
        assertTrue(ledger.shipmentOf(_shipmentId(mine, "SEA-1")) == _closed(), "closed");
    }

    function _twice(uint32 events) private pure returns (uint32[] memory expected) {
        expected = new uint32[](2);
        (expected[0], expected[1]) = (events, events);
    }

    /// @dev Of the shipment SEA-1 of both to the maker, when nothing of it is open.
    function _closed() private view returns (bytes32) {
        ILedgerRecords.Open memory open = _open(_both(_first, _second), new BatchId[](0));
        return keccak256(abi.encode(maker, open.offer, open.open));
    }

    function test_receive_leavesATrail() external {
        bytes12 before = _trailOf(_first);
        ILedgerRecords.Mint memory minted = _mintOf("LOT-1", 100);
        minted.emissions = _scope1(10, 10);
        assertTrue(before == _trail(0, keccak256(abi.encode(_mintEntry(minted)))), "the mint's");
        vm.warp(YEAR_2026 + 7);
        vm.roll(1_234);
        _handOver(mine, "SEA-1", _first, maker);
        ILedgerRecords.ReceiptEntry memory entry;
        (entry.shipment, entry.sender) = (_shipmentId(mine, "SEA-1"), mine);
        (entry.uses, entry.mass, entry.arrived) = (1, 100, 100);
        (entry.receivedAt, entry.salt) = (YEAR_2026 + 7, _salt());
        assertTrue(_trailOf(_first) == _trail(before, keccak256(abi.encode(entry))), "and the receipt's");
    }

    function test_receive_onlyWhatTheReceiverSaw() external {
        _ship(mine, "SEA-1", _both(_first, _second), maker);
        _refused(abi.encodeWithSelector(ILedgerRecords.BatchChanged.selector, _first, 1, 2));
        _tryReceive(maker, _open(_both(_first, _second)), _twice(1));
        uint32[] memory expected = _twice(2);
        expected[1] = 3;
        _refused(abi.encodeWithSelector(ILedgerRecords.BatchChanged.selector, _second, 3, 2));
        _tryReceive(maker, _open(_both(_first, _second)), expected);
        _tryReceive(maker, _open(_both(_first, _second)), _twice(2));
    }

    function _tryReceive(address receiver, ILedgerRecords.Open memory open, uint32[] memory expected) private {
        _as(receiver);
        ledger.receiveShipment(mine, "SEA-1", open, expected, YEAR_2026, TAG, _none());
    }

    function test_receive_byItsReceiverWithItsLotsOnly() external {
        ShipmentId id = _ship(mine, "SEA-1", _both(_first, _second), maker);
        ILedgerRecords.Open memory open = _open(_both(_first, _second));
        _refused(abi.encodeWithSelector(ILedgerRecords.ShipmentMismatch.selector, id, refinery));
        _tryReceive(refinery, open, _twice(2));
        _refused(abi.encodeWithSelector(ILedgerRecords.ShipmentMismatch.selector, id, mine));
        _tryReceive(mine, open, _twice(2));
        _refused(abi.encodeWithSelector(IParticipantRegistry.UnknownOperator.selector, stranger));
        _tryReceive(stranger, open, _twice(2));
        bytes memory mismatch = abi.encodeWithSelector(ILedgerRecords.ShipmentMismatch.selector, id, maker);
        _refused(mismatch);
        _tryReceive(maker, _open(_both(_second, _first)), _twice(2));
        _refused(mismatch);
        _tryReceive(maker, _open(_both(_first, _second), _only(_first)), new uint32[](1));
        _refused(mismatch);
        _tryReceive(maker, _open(_both(_first, _second), _both(_first, _first)), _twice(2));
        open.offer = keccak256("another offer");
        _refused(mismatch);
        _tryReceive(maker, open, _twice(2));
    }

    function test_receive_onlyAnOpenShipment() external {
        bytes memory reason =
            abi.encodeWithSelector(ILedgerRecords.ShipmentNotOpen.selector, _shipmentId(mine, "SEA-1"));
        BatchId[] memory batches = _both(_first, _second);
        _refused(reason);
        _tryReceive(maker, _open(batches), _twice(2));
        _ship(mine, "SEA-1", batches, maker);
        _receive(maker, mine, "SEA-1", batches);
        _refused(reason);
        _tryReceive(maker, _open(batches, new BatchId[](0)), new uint32[](0));
    }

    function test_receive_notByTheBlockedNorFromTheTerminated() external {
        BatchId[] memory batches = _both(_first, _second);
        _ship(mine, "SEA-1", batches, maker);
        _suspend(maker);
        _refused(_notActive(maker));
        _tryReceive(maker, _open(batches), _twice(2));
        vm.prank(auditor);
        registry.reinstateParticipant(maker, "fine", YEAR_2026, _none());
        _terminate(mine);
        _refused(
            abi.encodeWithSelector(
                IParticipantRegistry.ParticipantNotActive.selector, mine, ParticipantStatus.Terminated
            )
        );
        _tryReceive(maker, _open(batches), _twice(2));
    }

    function test_receive_fromTheSuspended() external {
        _ship(mine, "SEA-1", _both(_first, _second), maker);
        _suspend(mine);
        _receive(maker, mine, "SEA-1", _both(_first, _second));
    }

    function test_receive_notLaterThanADayAfterItsBlock() external {
        _ship(mine, "SEA-1", _both(_first, _second), maker);
        ILedgerRecords.Open memory open = _open(_both(_first, _second));
        _expect(abi.encodeWithSelector(ILedgerRecords.InTheFuture.selector, YEAR_2026 + 1 days + 1, YEAR_2026));
        vm.prank(maker);
        ledger.receiveShipment(mine, "SEA-1", open, _twice(2), YEAR_2026 + 1 days + 1, TAG, _none());
        vm.prank(maker);
        ledger.receiveShipment(mine, "SEA-1", open, _twice(2), YEAR_2026 + 1 days, TAG, _none());
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
        emit ILedgerRecords.ShipmentRejected(
            id, maker, YEAR_2026, "wrong grade", _both(_first, _second), TAG, _document()
        );
        _reject(maker, mine, _open(_both(_first, _second)));
        _assertReturned(id);
    }

    function test_cancel_givesBack() external {
        ShipmentId id = _ship(mine, "SEA-1", _both(_first, _second), maker);
        vm.expectEmit(address(ledger));
        emit ILedgerRecords.ShipmentCancelled(
            id, mine, YEAR_2026, "not loaded", _both(_first, _second), TAG, _document()
        );
        _cancel(mine, maker, _open(_both(_first, _second)));
        _assertReturned(id);
    }

    function _reject(address receiver, address sender, ILedgerRecords.Open memory open) private {
        _as(receiver);
        ledger.rejectShipment(sender, "SEA-1", open, "wrong grade", YEAR_2026, TAG, _document());
    }

    function _cancel(address sender, address receiver, ILedgerRecords.Open memory open) private {
        _as(sender);
        ledger.cancelShipment("SEA-1", receiver, open, "not loaded", YEAR_2026, TAG, _document());
    }

    function _assertReturned(ShipmentId id) private {
        _assertStatus(_first, BatchStatus.Active);
        _assertStatus(_second, BatchStatus.Active);
        assertEq(token.ownerOf(BatchId.unwrap(_first)), mine, "the sender's");
        assertEq(ledger.batchOf(_first).events, 3, "named three times");
        assertEq(ledger.batchOf(_first).uses, 0, "and not used");
        assertTrue(ledger.shipmentOf(id) == _closed(), "closed");
        bytes memory reason = abi.encodeWithSelector(ILedgerRecords.ShipmentNotOpen.selector, id);
        ILedgerRecords.Open memory closed = _open(_both(_first, _second), new BatchId[](0));
        _refused(reason);
        _tryReceive(maker, closed, new uint32[](0));
        _refused(reason);
        _reject(maker, mine, closed);
        _refused(reason);
        _cancel(mine, maker, closed);
        _handOver(mine, "SEA-2", _first, maker);
    }

    function test_reject_andCancel_byTheirOwnSideOnly() external {
        ShipmentId id = _ship(mine, "SEA-1", _both(_first, _second), maker);
        ILedgerRecords.Open memory open = _open(_both(_first, _second));
        _refused(abi.encodeWithSelector(ILedgerRecords.ShipmentMismatch.selector, id, mine));
        _reject(mine, mine, open);
        _refused(abi.encodeWithSelector(ILedgerRecords.ShipmentMismatch.selector, id, refinery));
        _reject(refinery, mine, open);
        _refused(abi.encodeWithSelector(IParticipantRegistry.UnknownOperator.selector, stranger));
        _reject(stranger, mine, open);
        _refused(abi.encodeWithSelector(ILedgerRecords.ShipmentNotOpen.selector, _shipmentId(maker, "SEA-1")));
        _cancel(maker, maker, open);
        _refused(abi.encodeWithSelector(ILedgerRecords.ShipmentMismatch.selector, id, refinery));
        _cancel(mine, refinery, open);
        _refused(abi.encodeWithSelector(ILedgerRecords.ShipmentMismatch.selector, id, maker));
        _cancel(mine, maker, _open(_both(_second, _first)));
        _refused(abi.encodeWithSelector(IParticipantRegistry.UnknownOperator.selector, stranger));
        _cancel(stranger, maker, open);
    }

    function test_reject_andCancel_evenWhenBlockedOrFrozen() external {
        _ship(mine, "SEA-1", _both(_first, _second), maker);
        _declareError(auditor, mine, "LOT-1");
        _suspend(maker);
        _reject(maker, mine, _open(_both(_first, _second)));
        assertTrue(ledger.batchOf(_first).frozen, "frozen still");
        _assertStatus(_first, BatchStatus.Active);
        _ship(mine, "SEA-2", _only(_second), refinery);
        _suspend(mine);
        vm.prank(mine);
        ledger.cancelShipment("SEA-2", refinery, _open(_only(_second)), "not loaded", YEAR_2026, TAG, _none());
        _assertStatus(_second, BatchStatus.Active);
    }

    function test_cancel_leavesTheEmissionsOfTheShipment() external {
        ILedgerRecords.Offer memory offer = _offerOf("SEA-1", _only(_second), maker);
        offer.emissions = _scopes(0, 0, 8, 3);
        vm.prank(mine);
        ledger.ship(offer);
        ILedgerRecords.Open memory open = _open(_only(_second));
        open.offer = keccak256(abi.encode(offer.emissions, offer.batches));
        _cancel(mine, maker, open);
        _assertPools(_second, 200, 80, 8, 0, 3);
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
        emissions = _bounded(emissions, LARGEST / 4);
        ILedgerRecords.Offer memory offer = _offerOf("SEA-F", batches, maker);
        offer.emissions = emissions;
        vm.prank(mine);
        ledger.ship(offer);
        (uint256 own, uint256 primary) = (0, 0);
        for (uint256 i = 0; i < 4; ++i) {
            own += ledger.batchOf(batches[i]).ownCo2e;
            primary += ledger.batchOf(batches[i]).primaryCo2e;
        }
        assertEq(own, emissions.total(), "own");
        assertEq(primary, emissions.primary(), "primary");
    }

    function testFuzz_receive_shortfallIsTheFloor(uint64 mass, uint64 cobalt, uint64 arrived, uint64 own) external {
        mass = uint64(bound(mass, 2, CAPACITY / 2));
        cobalt = uint64(bound(cobalt, 0, mass));
        arrived = uint64(bound(arrived, 1, mass - 1));
        own = uint64(bound(own, 0, LARGEST));
        BatchId id = _mintWith("F-1", mass, _holding(COBALT, cobalt), own);
        _ship(mine, "SEA-F", _only(id), maker);
        _arrive(maker, mine, "SEA-F", id, arrived, Difference.Loss);
        uint256 lost = uint256(cobalt) * (mass - arrived) / mass;
        _assertPools(id, arrived, cobalt - lost, own, 0, own);
    }
}
