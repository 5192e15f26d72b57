// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";
import {IERC721Metadata} from "@openzeppelin/contracts/token/ERC721/extensions/IERC721Metadata.sol";

import {IBatchLedger} from "../interfaces/IBatchLedger.sol";
import {ILedgerRecords} from "../interfaces/ILedgerRecords.sol";
import {ILedgerHandling} from "../interfaces/ILedgerHandling.sol";
import {IParticipantRegistry} from "../interfaces/IParticipantRegistry.sol";
import {BatchId, FacilityId, MaterialId, ShipmentId, TransformationId} from "../types/Ids.sol";
import {ADMISSION_ROLE, EMERGENCY_ROLE, ORIGINS_ROLE, POLICY_ROLE, STOCK_ROLE} from "../types/Roles.sol";
import {Emissions} from "../types/Emissions.sol";
import {
    BatchStatus,
    Difference,
    ErrorReason,
    Evidence,
    HoldKind,
    IN_FULL,
    Origin,
    Retirement,
    SubstanceMass
} from "../types/Values.sol";
import {Base} from "./Base.sol";
import {Named} from "./Named.sol";

/// @title A deployed network with a mine, a recycler, a refinery, a maker and an auditor
abstract contract World is Base {
    uint16 internal constant LITHIUM = 3;
    uint16 internal constant COBALT = 27;
    uint16 internal constant NICKEL = 28;
    uint64 internal constant KG = 1e6;
    uint64 internal constant TONNE = 1e9;
    uint64 internal constant CAPACITY = 4_000 * TONNE;
    uint64 internal constant YEAR_2026 = 1_768_629_600;
    uint64 internal constant LARGEST = (1 << 54) - 1;
    uint64 internal constant FOREVER = type(uint64).max;
    uint8 internal constant MINED = 1;
    uint8 internal constant POST_CONSUMER = 2;
    uint8 internal constant PRE_CONSUMER = 4;
    uint8 internal constant UNTRACED = 8;
    bytes32 internal constant TAG = "tag";

    address internal consortium = address(0xC0);
    address internal mine = _key(0x1001);
    address internal recycler = _key(0x1002);
    address internal refinery = _key(0x1003);
    address internal maker = _key(0x1004);
    address internal auditor = _key(0x1005);
    address internal inspector = _key(0x1006);
    address internal stranger = _key(0xBAD);

    IAccessManager internal manager;
    IParticipantRegistry internal registry;
    IBatchLedger internal ledger;
    IERC721Metadata internal token;

    FacilityId internal pit;
    FacilityId internal yard;
    FacilityId internal works;
    FacilityId internal mineWorks;
    FacilityId internal hall;
    FacilityId internal plant;
    MaterialId internal ore;
    MaterialId internal scrap;
    MaterialId internal salt;
    MaterialId internal alloy;
    MaterialId internal steel;
    MaterialId internal slag;
    MaterialId internal fines;
    MaterialId internal car;

    bytes private _refusal;
    mapping(address operator => uint256) private _secrets;

    function setUp() public virtual {
        vm.warp(YEAR_2026);
        vm.roll(1_000);
        // By name, so that the contracts are compiled once and not into every test.
        manager = IAccessManager(vm.deployCode("Governance.sol:Governance", abi.encode(address(this))));
        bytes memory governed = abi.encode(manager);
        registry = IParticipantRegistry(vm.deployCode("ParticipantRegistry.sol:ParticipantRegistry", governed));
        address handling = vm.deployCode("Handling.sol:Handling", abi.encode(registry));
        address corrections = vm.deployCode("Corrections.sol:Corrections", abi.encode(registry));
        bytes memory parts = abi.encode(registry, manager, handling, corrections);
        ledger = IBatchLedger(vm.deployCode("BatchLedger.sol:BatchLedger", parts));
        token = IERC721Metadata(address(ledger));
        _grant();
        _admit();
        _furnish();
    }

    /// @dev The consortium's one account has all rights, at once.
    function _grant() private {
        bytes4[] memory admission = new bytes4[](7);
        admission[0] = IParticipantRegistry.registerParticipant.selector;
        admission[1] = IParticipantRegistry.suspendParticipant.selector;
        admission[2] = IParticipantRegistry.terminateParticipant.selector;
        admission[3] = IParticipantRegistry.changeRoles.selector;
        admission[4] = IParticipantRegistry.revokeOperatorFor.selector;
        admission[5] = IParticipantRegistry.disableOperators.selector;
        admission[6] = IParticipantRegistry.changeCountry.selector;
        _restrict(address(registry), admission, ADMISSION_ROLE);
        bytes4[] memory origins = new bytes4[](4);
        origins[0] = IParticipantRegistry.defineMaterial.selector;
        origins[1] = IParticipantRegistry.approveOrigin.selector;
        origins[2] = IParticipantRegistry.amendMaterial.selector;
        origins[3] = IParticipantRegistry.confirmFacility.selector;
        _restrict(address(registry), origins, ORIGINS_ROLE);
        bytes4[] memory policy = new bytes4[](2);
        policy[0] = IParticipantRegistry.setActGuard.selector;
        policy[1] = IParticipantRegistry.recoverOperator.selector;
        _restrict(address(registry), policy, POLICY_ROLE);
        bytes4[] memory emergency = new bytes4[](1);
        emergency[0] = IParticipantRegistry.pause.selector;
        _restrict(address(registry), emergency, EMERGENCY_ROLE);
        bytes4[] memory stock = new bytes4[](1);
        stock[0] = ILedgerHandling.assignStock.selector;
        _restrict(address(ledger), stock, STOCK_ROLE);
    }

    function _restrict(address target, bytes4[] memory selectors, uint64 role) private {
        manager.setTargetFunctionRole(target, selectors, role);
        manager.grantRole(role, consortium, 0);
    }

    function _admit() private {
        _register(mine, "mine", "CD", "producer");
        _register(recycler, "recycler", "BE", "producer");
        _register(refinery, "refinery", "FI", "producer");
        _register(maker, "maker", "DE", "producer");
        _register(auditor, "auditor", "NO", "auditor");
        _register(inspector, "inspector", "CH", "auditor");
        IParticipantRegistry.Terms memory plain;
        ore = _define("ore", _numbers(COBALT, NICKEL), plain);
        scrap = _define("scrap", _numbers(LITHIUM, COBALT), plain);
        salt = _define("salt", _numbers(COBALT), plain);
        alloy = _define("alloy", _numbers(LITHIUM, COBALT, NICKEL), plain);
        steel = _define("steel", new uint16[](0), plain);
        IParticipantRegistry.Terms memory terms;
        terms.waste = true;
        slag = _define("slag", _numbers(COBALT, NICKEL), terms);
        (terms.waste, terms.product) = (false, true);
        car = _define("car", _numbers(LITHIUM, COBALT, NICKEL), terms);
        // Measured to half a percent of its mass and one percent of its metals.
        (terms.product, terms.toleranceMass, terms.toleranceSubstances) = (false, 50, 100);
        fines = _define("fines", _numbers(COBALT, NICKEL), terms);
    }

    function _furnish() private {
        pit = _facility(mine, "pit", "mine");
        mineWorks = _facility(mine, "works", "refinery");
        yard = _facility(recycler, "yard", "recycler");
        hall = _facility(recycler, "hall", "refinery");
        works = _facility(refinery, "works", "refinery");
        plant = _facility(maker, "plant", "plant");
        _approve(pit, ore, MINED, CAPACITY);
        _approve(pit, fines, MINED, CAPACITY);
        _approve(yard, scrap, POST_CONSUMER | PRE_CONSUMER, CAPACITY);
    }

    // What the consortium and the companies do, in short.

    /// @dev The address of a key whose signatures the tests can make.
    function _key(uint256 secret) internal returns (address operator) {
        operator = vm.addr(secret);
        _secrets[operator] = secret;
    }

    /// @dev The signature by which a key joins a participant.
    function _consent(address participant, address operator) internal view returns (bytes memory) {
        return _consent(participant, operator, FOREVER);
    }

    /// @dev The same for a time.
    function _consent(address participant, address operator, uint64 deadline) internal view returns (bytes memory) {
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("TraceLedger"),
                keccak256("1"),
                block.chainid,
                address(registry)
            )
        );
        bytes32 kind = keccak256("Consent(address participant,address operator,uint64 deadline)");
        bytes32 consent = keccak256(abi.encode(kind, participant, operator, deadline));
        bytes32 digest = keccak256(abi.encodePacked(hex"1901", domain, consent));
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(_secrets[operator], digest);
        return abi.encodePacked(r, s, v);
    }

    function _register(address participant, string memory slug, bytes2 country, bytes32 role) internal {
        bytes memory consent = _consent(participant, participant);
        vm.prank(consortium);
        registry.registerParticipant(participant, slug, slug, country, _roles(role), _none(), FOREVER, consent);
    }

    function _define(string memory slug, uint16[] memory substances, IParticipantRegistry.Terms memory terms)
        internal
        returns (MaterialId)
    {
        vm.prank(consortium);
        return registry.defineMaterial(slug, slug, "", substances, terms, _none());
    }

    function _approve(FacilityId facility, MaterialId material, uint8 origins, uint64 capacity) internal {
        vm.prank(consortium);
        registry.approveOrigin(facility, material, origins, capacity, 0, FOREVER, YEAR_2026, _none());
    }

    function _facility(address participant, string memory identifier, bytes32 kind) internal returns (FacilityId) {
        _as(participant);
        return registry.registerFacility(identifier, identifier, kind, "CD", false, 0, 0, _none());
    }

    // What happens on the ledger, in short.

    function _mint(string memory identifier, uint64 mass, uint64 cobalt) internal returns (BatchId) {
        ILedgerRecords.Mint memory request = _mintOf(identifier, mass);
        request.substances = _holding(COBALT, cobalt);
        _as(mine);
        return ledger.mint(request);
    }

    function _mintWith(string memory identifier, uint64 mass, SubstanceMass[] memory substances, uint64 own)
        internal
        returns (BatchId)
    {
        ILedgerRecords.Mint memory request = _mintOf(identifier, mass);
        request.substances = substances;
        request.emissions = _scope1(own, own);
        _as(mine);
        return ledger.mint(request);
    }

    function _mintOf(string memory identifier, uint64 mass) internal view returns (ILedgerRecords.Mint memory request) {
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
        ILedgerRecords.Offer memory offer = _offerOf(identifier, batches, to);
        _as(sender);
        return ledger.ship(offer);
    }

    function _offerOf(string memory identifier, BatchId[] memory batches, address to)
        internal
        pure
        returns (ILedgerRecords.Offer memory offer)
    {
        offer.identifier = identifier;
        offer.batches = batches;
        offer.to = to;
        offer.occurredAt = YEAR_2026;
    }

    /// @dev What answers say of a shipment without emissions of which those lots are open, and no others ever were.
    function _open(BatchId[] memory batches) internal pure returns (ILedgerRecords.Open memory) {
        return _open(batches, batches);
    }

    /// @dev The same where others were answered for.
    function _open(BatchId[] memory offered, BatchId[] memory open) internal pure returns (ILedgerRecords.Open memory) {
        Emissions memory none;
        return ILedgerRecords.Open(keccak256(abi.encode(none, offered)), open);
    }

    function _receive(address receiver, address sender, string memory identifier, BatchId[] memory batches) internal {
        uint32[] memory expected = _expected(batches);
        _as(receiver);
        ledger.receiveShipment(sender, identifier, _open(batches), expected, YEAR_2026, TAG, _none());
    }

    /// @dev Answers for a shipment without emissions, all of whose lots are open.
    function _answer(
        address receiver,
        address sender,
        string memory identifier,
        BatchId[] memory batches,
        ILedgerRecords.Answer[] memory answers
    ) internal {
        _as(receiver);
        ledger.answerShipment(sender, identifier, _open(batches), answers, "", YEAR_2026, TAG, _none());
    }

    /// @dev One lot, alone in its shipment, is received with that mass for that reason.
    function _arrive(
        address receiver,
        address sender,
        string memory identifier,
        BatchId batch,
        uint64 mass,
        Difference difference
    ) internal {
        ILedgerRecords.Answer[] memory answers = new ILedgerRecords.Answer[](1);
        answers[0] = _arrived(batch, mass, difference);
        _answer(receiver, sender, identifier, _only(batch), answers);
    }

    function _arrived(BatchId batch, uint64 mass, Difference difference)
        internal
        view
        returns (ILedgerRecords.Answer memory answer)
    {
        answer.batch = batch;
        answer.expected = _eventsOf(batch);
        answer.mass = mass;
        answer.difference = difference;
    }

    function _refusing(BatchId batch) internal view returns (ILedgerRecords.Answer memory answer) {
        answer.batch = batch;
        answer.expected = _eventsOf(batch);
        answer.refused = true;
    }

    function _handOver(address sender, string memory identifier, BatchId batch, address receiver) internal {
        _ship(sender, identifier, _only(batch), receiver);
        _receive(receiver, sender, identifier, _only(batch));
    }

    function _split(address custodian, BatchId parent, string memory identifier, uint64 mass)
        internal
        returns (BatchId)
    {
        ILedgerRecords.SplitChild[] memory children = new ILedgerRecords.SplitChild[](1);
        children[0] = ILedgerRecords.SplitChild(identifier, mass);
        _as(custodian);
        ledger.split(parent, children, YEAR_2026, _none());
        return Named.batch(custodian, identifier);
    }

    /// @dev A run at the mine's works: inputs, all in full, to salt with that cobalt; losses balanced.
    function _run(string memory identifier, BatchId[] memory batches, uint64 mass, uint64 cobalt)
        internal
        view
        returns (ILedgerRecords.Transformation memory request)
    {
        request.identifier = identifier;
        request.facility = mineWorks;
        request.process = "refining";
        request.inputs = new ILedgerRecords.Input[](batches.length);
        for (uint256 i = 0; i < batches.length; ++i) {
            request.inputs[i] = ILedgerRecords.Input(batches[i], IN_FULL);
        }
        request.outputs = new ILedgerRecords.Output[](1);
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
    ) internal pure returns (ILedgerRecords.Output memory) {
        return ILedgerRecords.Output(identifier, material, mass, 0, weight, substances);
    }

    function _transform(address participant, ILedgerRecords.Transformation memory request)
        internal
        returns (TransformationId)
    {
        _as(participant);
        return ledger.transform(request);
    }

    function _add(address custodian, BatchId batch, Emissions memory emissions) internal {
        _as(custodian);
        ledger.addEmissions(batch, emissions, "", "storage", YEAR_2026, _none());
    }

    function _measurementOf(BatchId batch, uint64 mass, SubstanceMass[] memory substances)
        internal
        pure
        returns (ILedgerRecords.Measurement memory measurement)
    {
        measurement.batch = batch;
        measurement.mass = mass;
        measurement.substances = substances;
        measurement.reason = "umpire_assay";
        measurement.occurredAt = YEAR_2026;
    }

    function _remeasure(address account, BatchId batch, uint64 mass, SubstanceMass[] memory substances) internal {
        _as(account);
        ledger.remeasure(_measurementOf(batch, mass, substances));
    }

    function _suspend(address participant) internal {
        vm.prank(consortium);
        registry.suspendParticipant(participant, "audit overdue", YEAR_2026, _none());
    }

    function _terminate(address participant) internal {
        vm.prank(consortium);
        registry.terminateParticipant(participant, "fraud", YEAR_2026, _none());
    }

    function _declareError(address account, address creator, string memory identifier) internal {
        _as(account);
        ledger.declareError(creator, identifier, ErrorReason.IncorrectData, new BatchId[](0), YEAR_2026, _none());
    }

    function _retire(address custodian, BatchId batch) internal {
        _retire(custodian, batch, Retirement.ConsumedOutside);
    }

    function _retire(address custodian, BatchId batch, Retirement how) internal {
        uint32 expected = _eventsOf(batch);
        _as(custodian);
        ledger.retire(batch, how, expected, "used up", YEAR_2026, _none());
    }

    function _hold(address account, address creator, string memory identifier, HoldKind kind) internal {
        uint32 expected = _eventsOf(Named.batch(creator, identifier));
        _as(account);
        ledger.hold(creator, identifier, kind, expected, "assay pending", YEAR_2026, _none());
    }

    function _release(address account, address creator, string memory identifier, HoldKind kind) internal {
        uint32 expected = _eventsOf(Named.batch(creator, identifier));
        _as(account);
        ledger.release(creator, identifier, kind, expected, "assay passed", YEAR_2026, _none());
    }

    // What is shown again of the past, as the interface says.

    function _reversal() internal pure returns (ILedgerRecords.Reversal memory) {
        return ILedgerRecords.Reversal("incorrect_data", YEAR_2026, TAG, _none());
    }

    function _restatement(Emissions memory emissions) internal pure returns (ILedgerRecords.Restatement memory) {
        return ILedgerRecords.Restatement(emissions, "audited", YEAR_2026, _none());
    }

    /// @dev As the ledger salts entries in this block.
    function _salt() internal view returns (bytes32) {
        return blockhash(block.number - 1);
    }

    function _mintEntry(ILedgerRecords.Mint memory request) internal view returns (ILedgerRecords.MintEntry memory) {
        return ILedgerRecords.MintEntry(
            request.facility, request.material, request.origin, request.occurredAt, request.emissions, _salt()
        );
    }

    function _trail(bytes12 before, bytes32 entry) internal pure returns (bytes12) {
        return bytes12(keccak256(abi.encode(before, entry)));
    }

    function _trailOf(BatchId batch) internal view returns (bytes12) {
        return ledger.batchOf(batch).trail;
    }

    function _eventsOf(BatchId batch) internal view returns (uint32) {
        try ledger.batchOf(batch) returns (ILedgerRecords.Batch memory state) {
            return uint32(state.events);
        } catch {
            return 0;
        }
    }

    function _expected(BatchId[] memory batches) internal view returns (uint32[] memory expected) {
        expected = new uint32[](batches.length);
        for (uint256 i = 0; i < batches.length; ++i) {
            expected[i] = _eventsOf(batches[i]);
        }
    }

    // What batches look like.

    function _assertPools(BatchId id, uint256 mass, uint256 cobalt, uint256 own, uint256 inherited, uint256 primary)
        internal
        view
    {
        ILedgerRecords.Batch memory batch = ledger.batchOf(id);
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

    /// @dev All of a batch but the number of its events, which nothing takes back.
    function _without(BatchId id) internal view returns (bytes32) {
        ILedgerRecords.Batch memory batch = ledger.batchOf(id);
        batch.events = 0;
        return keccak256(abi.encode(batch));
    }

    // Small lists.

    function _scope1(uint64 mass, uint64 primary) internal pure returns (Emissions memory) {
        return _scopes(mass, 0, 0, primary);
    }

    function _scopes(uint64 scope1, uint64 scope2, uint64 scope3, uint64 primary)
        internal
        pure
        returns (Emissions memory emissions)
    {
        emissions.amounts = _lanes(scope1, scope2, scope3, primary);
    }

    /// @dev A word of `Emissions`.
    function _lanes(uint64 first, uint64 second, uint64 third, uint64 fourth) internal pure returns (uint256) {
        return uint256(first) | (uint256(second) << 64) | (uint256(third) << 128) | (uint256(fourth) << 192);
    }

    /// @dev `wild` with scopes of at most `most`, and parts that are parts.
    function _bounded(Emissions memory wild, uint64 most) internal pure returns (Emissions memory emissions) {
        emissions = _scopes(
            uint64(bound(wild.scope1(), 0, most)),
            uint64(bound(wild.scope2(), 0, most)),
            uint64(bound(wild.scope3(), 0, most)),
            0
        );
        uint64 total = uint64(emissions.total());
        uint64 primary = uint64(bound(wild.primary(), 0, total));
        emissions.amounts |= uint256(primary) << 192;
        emissions.parts = _lanes(0, total, primary, 0);
    }

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

    function _three(BatchId a, BatchId b, BatchId c) internal pure returns (BatchId[] memory list) {
        list = new BatchId[](3);
        (list[0], list[1], list[2]) = (a, b, c);
    }

    /// @dev The next helper's call is refused with that reason; what it looks up before is not.
    function _refused(bytes memory reason) internal {
        _refusal = reason;
    }

    /// @dev The next call is that account's.
    function _as(address account) internal {
        if (_refusal.length != 0) vm.expectRevert(_refusal);
        delete _refusal;
        vm.prank(account);
    }

    function _expect(bytes memory reason) internal {
        vm.expectRevert(reason);
    }
}
