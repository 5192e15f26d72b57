// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";
import {IERC721Metadata} from "@openzeppelin/contracts/token/ERC721/extensions/IERC721Metadata.sol";

import {IBatchLedger} from "../interfaces/IBatchLedger.sol";
import {IParticipantRegistry} from "../interfaces/IParticipantRegistry.sol";
import {BatchId, FacilityId, Ids, MaterialId, ShipmentId, TransformationId} from "../types/Ids.sol";
import {CONSORTIUM_ROLE} from "../types/Roles.sol";
import {
    AllocationRule,
    BatchStatus,
    Emissions,
    ErrorReason,
    Evidence,
    IN_FULL,
    Origin,
    SubstanceMass
} from "../types/Values.sol";
import {Base} from "./Base.sol";

/// @title A deployed network with a mine, a recycler, a refinery, a maker and an auditor
abstract contract World is Base {
    uint16 internal constant LITHIUM = 3;
    uint16 internal constant COBALT = 27;
    uint16 internal constant NICKEL = 28;
    uint64 internal constant KG = 1e6;
    uint64 internal constant TONNE = 1e9;
    uint64 internal constant CAPACITY = 4_000 * TONNE;
    uint64 internal constant YEAR_2026 = 1_768_629_600;
    uint64 internal constant LARGEST = type(uint56).max;

    address internal consortium = address(0xC0);
    address internal mine = address(0x1001);
    address internal recycler = address(0x1002);
    address internal refinery = address(0x1003);
    address internal maker = address(0x1004);
    address internal auditor = address(0x1005);
    address internal stranger = address(0xBAD);

    IAccessManager internal manager;
    IParticipantRegistry internal registry;
    IBatchLedger internal ledger;
    IERC721Metadata internal token;

    FacilityId internal pit;
    FacilityId internal yard;
    FacilityId internal works;
    FacilityId internal mineWorks;
    MaterialId internal ore;
    MaterialId internal scrap;
    MaterialId internal salt;
    MaterialId internal alloy;
    MaterialId internal steel;

    function setUp() public virtual {
        // By name, so that the contracts are compiled once and not into every test.
        manager = IAccessManager(vm.deployCode("Governance.sol:Governance", abi.encode(address(this))));
        bytes memory governed = abi.encode(manager);
        registry = IParticipantRegistry(vm.deployCode("ParticipantRegistry.sol:ParticipantRegistry", governed));
        ledger = IBatchLedger(vm.deployCode("BatchLedger.sol:BatchLedger", abi.encode(registry)));
        token = IERC721Metadata(address(ledger));
        manager.setTargetFunctionRole(address(registry), _restricted(), CONSORTIUM_ROLE);
        manager.grantRole(CONSORTIUM_ROLE, consortium, 0);
        vm.warp(YEAR_2026);
        _admit();
        _furnish();
    }

    function _restricted() internal pure returns (bytes4[] memory selectors) {
        selectors = new bytes4[](6);
        selectors[0] = IParticipantRegistry.registerParticipant.selector;
        selectors[1] = IParticipantRegistry.suspendParticipant.selector;
        selectors[2] = IParticipantRegistry.terminateParticipant.selector;
        selectors[3] = IParticipantRegistry.defineMaterial.selector;
        selectors[4] = IParticipantRegistry.approveOrigin.selector;
        selectors[5] = IParticipantRegistry.setActGuard.selector;
    }

    function _admit() private {
        vm.startPrank(consortium);
        registry.registerParticipant(mine, "mine", "Mine", "CD", _roles("producer"), _none());
        registry.registerParticipant(recycler, "recycler", "Recycler", "BE", _roles("producer"), _none());
        registry.registerParticipant(refinery, "refinery", "Refinery", "FI", _roles("producer"), _none());
        registry.registerParticipant(maker, "maker", "Maker", "DE", _roles("producer"), _none());
        registry.registerParticipant(auditor, "auditor", "Auditor", "NO", _roles("auditor"), _none());
        ore = registry.defineMaterial("ore", "Ore", "", _numbers(COBALT, NICKEL), _none());
        scrap = registry.defineMaterial("scrap", "Scrap", "", _numbers(LITHIUM, COBALT), _none());
        salt = registry.defineMaterial("salt", "Salt", "", _numbers(COBALT), _none());
        alloy = registry.defineMaterial("alloy", "Alloy", "", _numbers(LITHIUM, COBALT, NICKEL), _none());
        steel = registry.defineMaterial("steel", "Steel", "", new uint16[](0), _none());
        vm.stopPrank();
    }

    function _furnish() private {
        pit = _facility(mine, "pit", "mine");
        mineWorks = _facility(mine, "works", "refinery");
        yard = _facility(recycler, "yard", "recycler");
        works = _facility(refinery, "works", "refinery");
        vm.startPrank(consortium);
        registry.approveOrigin(pit, ore, CAPACITY, YEAR_2026, _none());
        registry.approveOrigin(yard, scrap, CAPACITY, YEAR_2026, _none());
        vm.stopPrank();
    }

    // What happens on the ledger, in short.

    function _facility(address participant, string memory identifier, bytes32 kind) internal returns (FacilityId) {
        vm.prank(participant);
        return registry.registerFacility(identifier, identifier, kind, "CD", false, 0, 0, _none());
    }

    function _mint(string memory identifier, uint64 mass, uint64 cobalt) internal returns (BatchId) {
        IBatchLedger.Mint memory request = _mintOf(identifier, mass);
        request.substances = _holding(COBALT, cobalt);
        vm.prank(mine);
        return ledger.mint(request);
    }

    function _mintWith(string memory identifier, uint64 mass, SubstanceMass[] memory substances, uint64 own)
        internal
        returns (BatchId)
    {
        IBatchLedger.Mint memory request = _mintOf(identifier, mass);
        request.substances = substances;
        request.emissions = Emissions(own, 0, 0, own);
        vm.prank(mine);
        return ledger.mint(request);
    }

    function _mintOf(string memory identifier, uint64 mass) internal view returns (IBatchLedger.Mint memory request) {
        request.identifier = identifier;
        request.material = ore;
        request.facility = pit;
        request.mass = mass;
        request.origin = Origin.Mined;
        request.occurredAt = YEAR_2026;
    }

    function _ship(address sender, string memory identifier, BatchId[] memory batches, address to)
        internal
        returns (ShipmentId)
    {
        IBatchLedger.Offer memory offer = _offerOf(identifier, batches, to);
        vm.prank(sender);
        return ledger.ship(offer);
    }

    function _offerOf(string memory identifier, BatchId[] memory batches, address to)
        internal
        pure
        returns (IBatchLedger.Offer memory offer)
    {
        offer.identifier = identifier;
        offer.batches = batches;
        offer.to = to;
        offer.occurredAt = YEAR_2026;
    }

    function _receive(address receiver, address sender, string memory identifier, BatchId[] memory batches) internal {
        IBatchLedger.Arrival[] memory arrivals = new IBatchLedger.Arrival[](batches.length);
        for (uint256 i = 0; i < batches.length; ++i) {
            arrivals[i] = IBatchLedger.Arrival(batches[i], IN_FULL);
        }
        vm.prank(receiver);
        ledger.receiveShipment(sender, identifier, arrivals, YEAR_2026, _none());
    }

    function _handOver(address sender, string memory identifier, BatchId batch, address receiver) internal {
        _ship(sender, identifier, _only(batch), receiver);
        _receive(receiver, sender, identifier, _only(batch));
    }

    function _split(address custodian, BatchId parent, string memory identifier, uint64 mass)
        internal
        returns (BatchId)
    {
        IBatchLedger.SplitChild[] memory children = new IBatchLedger.SplitChild[](1);
        children[0] = IBatchLedger.SplitChild(identifier, mass);
        vm.prank(custodian);
        ledger.split(parent, children, YEAR_2026, _none());
        return Ids.batch(custodian, identifier);
    }

    /// @dev A run at the mine's works: inputs, all in full, to salt with that cobalt; losses balanced.
    function _run(string memory identifier, BatchId[] memory batches, uint64 mass, uint64 cobalt)
        internal
        view
        returns (IBatchLedger.Transformation memory request)
    {
        request.identifier = identifier;
        request.facility = mineWorks;
        request.process = "refining";
        request.inputs = new IBatchLedger.Input[](batches.length);
        for (uint256 i = 0; i < batches.length; ++i) {
            request.inputs[i] = IBatchLedger.Input(batches[i], IN_FULL);
        }
        request.outputs = new IBatchLedger.Output[](1);
        request.outputs[0] = _output(string.concat(identifier, "-1"), salt, mass, 0, _holding(COBALT, cobalt));
        request.balanceLosses = true;
        request.occurredAt = YEAR_2026;
    }

    function _output(
        string memory identifier,
        MaterialId material,
        uint64 mass,
        uint64 weight,
        SubstanceMass[] memory substances
    ) internal pure returns (IBatchLedger.Output memory) {
        return IBatchLedger.Output(identifier, material, mass, weight, substances);
    }

    function _suspend(address participant) internal {
        vm.prank(consortium);
        registry.suspendParticipant(participant, "audit overdue", YEAR_2026, _none());
    }

    function _declareError(address account, address creator, string memory identifier) internal {
        vm.prank(account);
        ledger.declareError(creator, identifier, ErrorReason.IncorrectData, new BatchId[](0), YEAR_2026, _none());
    }

    function _retire(address custodian, BatchId batch) internal {
        vm.prank(custodian);
        ledger.retire(batch, "delivered", YEAR_2026, _none());
    }

    // What batches look like.

    function _assertPools(BatchId id, uint256 mass, uint256 cobalt, uint256 own, uint256 inherited, uint256 primary)
        internal
        view
    {
        IBatchLedger.Batch memory batch = ledger.batchOf(id);
        assertEq(batch.mass, mass, "mass");
        assertEq(_of(batch.substances, COBALT), cobalt, "cobalt");
        assertEq(batch.ownCo2e, own, "own CO2e");
        assertEq(batch.inheritedCo2e, inherited, "inherited CO2e");
        assertEq(batch.primaryCo2e, primary, "primary CO2e");
    }

    function _assertStatus(BatchId id, BatchStatus status) internal view {
        assertEq(uint8(ledger.batchOf(id).status), uint8(status), "status");
    }

    function _of(SubstanceMass[] memory substances, uint16 substance) internal pure returns (uint256) {
        for (uint256 i = 0; i < substances.length; ++i) {
            if (substances[i].substance == substance) return substances[i].mass;
        }
        return 0;
    }

    // Small lists.

    function _shipmentId(address sender, string memory identifier) internal pure returns (ShipmentId) {
        return ShipmentId.wrap(uint256(keccak256(abi.encode(sender, identifier))));
    }

    function _none() internal pure returns (Evidence[] memory) {}

    function _document() internal pure returns (Evidence[] memory list) {
        list = new Evidence[](1);
        list[0] = Evidence(keccak256("document"), "https://example.org/document.pdf");
    }

    function _roles(bytes32 role) internal pure returns (bytes32[] memory list) {
        list = new bytes32[](1);
        list[0] = role;
    }

    function _numbers(uint16 a) internal pure returns (uint16[] memory list) {
        list = new uint16[](1);
        list[0] = a;
    }

    function _numbers(uint16 a, uint16 b) internal pure returns (uint16[] memory list) {
        list = new uint16[](2);
        (list[0], list[1]) = (a, b);
    }

    function _numbers(uint16 a, uint16 b, uint16 c) internal pure returns (uint16[] memory list) {
        list = new uint16[](3);
        (list[0], list[1], list[2]) = (a, b, c);
    }

    function _holding(uint16 substance, uint64 mass) internal pure returns (SubstanceMass[] memory list) {
        list = new SubstanceMass[](1);
        list[0] = SubstanceMass(substance, mass);
    }

    function _holding(uint16 a, uint64 massOfA, uint16 b, uint64 massOfB)
        internal
        pure
        returns (SubstanceMass[] memory list)
    {
        list = new SubstanceMass[](2);
        list[0] = SubstanceMass(a, massOfA);
        list[1] = SubstanceMass(b, massOfB);
    }

    function _only(BatchId batch) internal pure returns (BatchId[] memory list) {
        list = new BatchId[](1);
        list[0] = batch;
    }

    function _both(BatchId a, BatchId b) internal pure returns (BatchId[] memory list) {
        list = new BatchId[](2);
        (list[0], list[1]) = (a, b);
    }

    function _expect(bytes memory reason) internal {
        vm.expectRevert(reason);
    }
}
