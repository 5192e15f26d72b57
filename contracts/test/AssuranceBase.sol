// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";

import {IAssuranceRegistry} from "../interfaces/IAssuranceRegistry.sol";
import {IBatchLedger} from "../interfaces/IBatchLedger.sol";
import {IParticipantRegistry} from "../interfaces/IParticipantRegistry.sol";
import {LABOUR, SAQ, Severity} from "../types/Assurance.sol";
import {BatchId, FacilityId, FindingId, MaterialId} from "../types/Ids.sol";
import {CONSORTIUM_ROLE, GOVERNANCE_ROLE} from "../types/Roles.sol";
import {Emissions, Evidence, IN_FULL, Origin, SubstanceMass} from "../types/Values.sol";
import {Base} from "./Base.sol";

/// @title A deployed network with assurance: a mine, a refinery, two auditors
abstract contract AssuranceBase is Base {
    uint64 internal constant START = 1_768_629_600;
    uint64 internal constant TONNE = 1e9;
    uint16 internal constant COBALT = 27;
    uint32 internal constant GOVERNANCE_DELAY = 2 days;
    bytes32 internal constant PRODUCER = "producer";
    FacilityId internal constant WHOLE = FacilityId.wrap(0);

    address internal consortium = address(0xC0);
    address internal steward = address(0xC1);
    address internal mine = address(0x1001);
    address internal refinery = address(0x1002);
    address internal auditor = address(0x1003);
    address internal otherAuditor = address(0x1004);
    address internal stranger = address(0xBAD);

    IAccessManager internal manager;
    IParticipantRegistry internal registry;
    IBatchLedger internal ledger;
    IAssuranceRegistry internal assurance;

    FacilityId internal pit;
    FacilityId internal secondPit;
    FacilityId internal works;
    FacilityId internal plant;
    MaterialId internal ore;
    MaterialId internal salt;

    function setUp() public virtual {
        // By name, so that the contracts are compiled once and not into every test.
        manager = IAccessManager(vm.deployCode("Governance.sol:Governance", abi.encode(address(this))));
        registry =
            IParticipantRegistry(vm.deployCode("ParticipantRegistry.sol:ParticipantRegistry", abi.encode(manager)));
        ledger = IBatchLedger(vm.deployCode("BatchLedger.sol:BatchLedger", abi.encode(registry)));
        bytes memory arguments = abi.encode(manager, registry);
        assurance = IAssuranceRegistry(vm.deployCode("AssuranceRegistry.sol:AssuranceRegistry", arguments));
        vm.warp(START);
        _govern();
        _admit();
        _furnish();
    }

    /// @dev As a deployment does: the guard is set first, and then changing it needs the governance role.
    function _govern() private {
        bytes4[] memory selectors = new bytes4[](5);
        selectors[0] = IParticipantRegistry.registerParticipant.selector;
        selectors[1] = IParticipantRegistry.suspendParticipant.selector;
        selectors[2] = IParticipantRegistry.terminateParticipant.selector;
        selectors[3] = IParticipantRegistry.defineMaterial.selector;
        selectors[4] = IParticipantRegistry.approveOrigin.selector;
        manager.setTargetFunctionRole(address(registry), selectors, CONSORTIUM_ROLE);
        manager.grantRole(CONSORTIUM_ROLE, consortium, 0);
        registry.setActGuard(assurance);
        bytes4[] memory guard = new bytes4[](1);
        guard[0] = IParticipantRegistry.setActGuard.selector;
        manager.setTargetFunctionRole(address(registry), guard, GOVERNANCE_ROLE);
        guard[0] = IAssuranceRegistry.setMandatory.selector;
        manager.setTargetFunctionRole(address(assurance), guard, GOVERNANCE_ROLE);
        manager.grantRole(GOVERNANCE_ROLE, steward, GOVERNANCE_DELAY);
    }

    function _admit() private {
        _register(mine, "mine", PRODUCER);
        _register(refinery, "refinery", "refiner");
        _register(auditor, "auditor", "auditor");
        _register(otherAuditor, "other-auditor", "auditor");
        ore = _define("ore");
        salt = _define("salt");
    }

    function _furnish() private {
        pit = _facility(mine, "pit", "mine");
        secondPit = _facility(mine, "second-pit", "mine");
        works = _facility(mine, "works", "refinery");
        plant = _facility(refinery, "plant", "refinery");
        _approve(pit);
        _approve(secondPit);
    }

    function _register(address participant, string memory slug, bytes32 role) internal {
        bytes32[] memory roles = new bytes32[](1);
        roles[0] = role;
        vm.prank(consortium);
        registry.registerParticipant(participant, slug, slug, "CD", roles, _none());
    }

    function _define(string memory slug) private returns (MaterialId) {
        uint16[] memory substances = new uint16[](1);
        substances[0] = COBALT;
        vm.prank(consortium);
        return registry.defineMaterial(slug, slug, "", substances, _none());
    }

    function _facility(address participant, string memory identifier, bytes32 kind) internal returns (FacilityId) {
        vm.prank(participant);
        return registry.registerFacility(identifier, identifier, kind, "CD", true, -10_720_000, 25_470_000, _none());
    }

    function _approve(FacilityId facility) private {
        vm.prank(consortium);
        registry.approveOrigin(facility, ore, type(uint64).max, uint64(block.timestamp), _none());
    }

    // What happens on the ledger, in short.

    function _mintAt(FacilityId facility, string memory identifier)
        internal
        view
        returns (IBatchLedger.Mint memory request)
    {
        request.identifier = identifier;
        request.material = ore;
        request.facility = facility;
        request.mass = 20 * TONNE;
        request.substances = _cobalt(8 * TONNE);
        request.origin = Origin.Mined;
        request.emissions = Emissions(3 * TONNE, TONNE, 0, TONNE);
        request.occurredAt = START;
    }

    function _mint(FacilityId facility, string memory identifier) internal returns (BatchId) {
        IBatchLedger.Mint memory request = _mintAt(facility, identifier);
        vm.prank(mine);
        return ledger.mint(request);
    }

    function _offerOf(string memory identifier, BatchId batch, address to)
        internal
        pure
        returns (IBatchLedger.Offer memory offer)
    {
        offer.identifier = identifier;
        offer.batches = _only(batch);
        offer.to = to;
        offer.occurredAt = START;
    }

    function _ship(string memory identifier, BatchId batch, address to) internal {
        vm.prank(mine);
        ledger.ship(_offerOf(identifier, batch, to));
    }

    function _receive(string memory identifier, BatchId batch) internal {
        vm.prank(refinery);
        ledger.receiveShipment(mine, identifier, _arrivalsOf(batch), START, _none());
    }

    function _runAt(FacilityId facility, string memory identifier, BatchId batch)
        internal
        view
        returns (IBatchLedger.Transformation memory request)
    {
        request.identifier = identifier;
        request.facility = facility;
        request.process = "refining";
        request.inputs = new IBatchLedger.Input[](1);
        request.inputs[0] = IBatchLedger.Input(batch, IN_FULL);
        request.outputs = new IBatchLedger.Output[](1);
        request.outputs[0] = IBatchLedger.Output(identifier, salt, TONNE, 0, _cobalt(TONNE / 2));
        request.balanceLosses = true;
        request.occurredAt = START;
    }

    // What auditors do, in short.

    function _assessmentOf(string memory identifier, address participant, bytes32 kind)
        internal
        pure
        returns (IAssuranceRegistry.Assessment memory assessment)
    {
        assessment.identifier = identifier;
        assessment.participant = participant;
        assessment.kind = kind;
        assessment.scheme = "SAQ 5.0";
        assessment.validFrom = START;
        assessment.validUntil = START + 365 days;
        assessment.issuer = "Example Assessors";
        assessment.occurredAt = START;
    }

    function _assess(string memory identifier, address participant, uint64 from, uint64 until) internal {
        IAssuranceRegistry.Assessment memory assessment = _assessmentOf(identifier, participant, SAQ);
        (assessment.validFrom, assessment.validUntil) = (from, until);
        vm.prank(auditor);
        assurance.assess(assessment);
    }

    function _findingOn(string memory identifier, address participant, FacilityId facility)
        internal
        pure
        returns (IAssuranceRegistry.Finding memory finding)
    {
        finding.identifier = identifier;
        finding.participant = participant;
        finding.facility = facility;
        finding.severity = Severity.Critical;
        finding.category = LABOUR;
        finding.dueAt = START + 30 days;
        finding.description = "No age records";
        finding.occurredAt = START;
    }

    function _raise(string memory identifier, address participant, FacilityId facility, uint64 dueAt)
        internal
        returns (FindingId)
    {
        IAssuranceRegistry.Finding memory finding = _findingOn(identifier, participant, facility);
        finding.dueAt = dueAt;
        vm.prank(auditor);
        return assurance.raiseFinding(finding);
    }

    /// @dev From open to corrective action accepted.
    function _plan(address participant, FindingId finding) internal {
        vm.prank(participant);
        assurance.submitCorrectiveAction(finding, "Check age at hiring", START, _none());
        vm.prank(auditor);
        assurance.acceptCorrectiveAction(finding, START, _none());
    }

    function _close(FindingId finding) internal {
        vm.prank(auditor);
        assurance.closeFinding(finding, START, _document());
    }

    function _reopen(FindingId finding, uint64 dueAt) internal {
        vm.prank(auditor);
        assurance.reopenFinding(finding, "Records were false", dueAt, START, _none());
    }

    /// @dev Through the delay, from `time` on.
    function _setMandatory(bytes32 role, bytes32[] memory kinds, uint256 time) internal {
        bytes memory data = abi.encodeCall(assurance.setMandatory, (role, kinds));
        vm.prank(steward);
        manager.schedule(address(assurance), data, 0);
        vm.warp(time + GOVERNANCE_DELAY);
        vm.prank(steward);
        manager.execute(address(assurance), data);
    }

    function _overdue(FindingId finding, address participant, FacilityId facility, uint64 dueAt)
        internal
        pure
        returns (bytes memory)
    {
        return abi.encodeWithSelector(IAssuranceRegistry.FindingOverdue.selector, finding, participant, facility, dueAt);
    }

    // Small lists.

    function _none() internal pure returns (Evidence[] memory) {}

    function _document() internal pure returns (Evidence[] memory list) {
        list = new Evidence[](1);
        // Any digest; SHA-256 is a call, which would use up a prank.
        list[0] = Evidence(keccak256("document"), "https://example.org/document.pdf");
    }

    function _kinds(bytes32 kind) internal pure returns (bytes32[] memory list) {
        list = new bytes32[](1);
        list[0] = kind;
    }

    function _cobalt(uint64 mass) internal pure returns (SubstanceMass[] memory list) {
        list = new SubstanceMass[](1);
        list[0] = SubstanceMass(COBALT, mass);
    }

    function _only(BatchId batch) internal pure returns (BatchId[] memory list) {
        list = new BatchId[](1);
        list[0] = batch;
    }

    function _arrivalsOf(BatchId batch) internal pure returns (IBatchLedger.Arrival[] memory list) {
        list = new IBatchLedger.Arrival[](1);
        list[0] = IBatchLedger.Arrival(batch, IN_FULL);
    }

    function _length(uint256 length) internal pure returns (string memory) {
        return string(new bytes(length));
    }
}
