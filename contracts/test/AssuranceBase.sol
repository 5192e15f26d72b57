// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IAssuranceRegistry} from "../interfaces/IAssuranceRegistry.sol";
import {LABOUR, SAQ, Severity} from "../types/Assurance.sol";
import {FacilityId, FindingId} from "../types/Ids.sol";
import {POLICY_ROLE} from "../types/Roles.sol";
import {World} from "./World.sol";

/// @title A deployed network with assurance: a mine, a refinery, two auditors
/// @dev As a deployment does, the guard is set first, and then changes of the rules are announced.
abstract contract AssuranceBase is World {
    uint64 internal constant START = YEAR_2026;
    uint32 internal constant POLICY_DELAY = 2 days;
    bytes32 internal constant PRODUCER = "producer";
    bytes32 internal constant REFINER = "refiner";
    FacilityId internal constant WHOLE = FacilityId.wrap(0);

    address internal steward = address(0xC1);
    IAssuranceRegistry internal assurance;
    FacilityId internal secondPit;

    function setUp() public virtual override {
        super.setUp();
        bytes memory arguments = abi.encode(manager, registry);
        assurance = IAssuranceRegistry(vm.deployCode("AssuranceRegistry.sol:AssuranceRegistry", arguments));
        vm.startPrank(consortium);
        registry.setActGuard(assurance);
        registry.changeRoles(refinery, _roles(REFINER), _roles(PRODUCER), "refines", START, _none());
        vm.stopPrank();
        bytes4[] memory mandatory = new bytes4[](1);
        mandatory[0] = IAssuranceRegistry.setMandatory.selector;
        manager.setTargetFunctionRole(address(assurance), mandatory, POLICY_ROLE);
        manager.grantRole(POLICY_ROLE, consortium, POLICY_DELAY);
        manager.grantRole(POLICY_ROLE, steward, POLICY_DELAY);
        secondPit = _facility(mine, "second-pit", "mine");
        _approve(pit, ore, MINED, FOREVER);
        _approve(secondPit, ore, MINED, FOREVER);
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
        assessment.value = kind == SAQ ? 8_000 : 0;
        assessment.validFrom = START;
        assessment.validUntil = START + 365 days;
        assessment.issuer = "Example Assessors";
        assessment.occurredAt = START;
    }

    function _assess(string memory identifier, address participant, uint64 from, uint64 until) internal {
        IAssuranceRegistry.Assessment memory assessment = _assessmentOf(identifier, participant, SAQ);
        (assessment.validFrom, assessment.validUntil) = (from, until);
        _assessAs(auditor, assessment);
    }

    function _assessAs(address account, IAssuranceRegistry.Assessment memory assessment) internal {
        _as(account);
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
        return _raiseAs(auditor, finding);
    }

    function _raiseAs(address account, IAssuranceRegistry.Finding memory finding) internal returns (FindingId) {
        _as(account);
        return assurance.raiseFinding(finding);
    }

    /// @dev From open to corrective action accepted.
    function _plan(address participant, FindingId finding) internal {
        vm.prank(participant);
        assurance.submitCorrectiveAction(finding, "Check age at hiring", START, _none());
        vm.prank(auditor);
        assurance.acceptCorrectiveAction(finding, START, _none());
    }

    /// @dev By another auditor than raised it and accepted the corrective action.
    function _close(FindingId finding) internal {
        vm.prank(inspector);
        assurance.closeFinding(finding, START, _document());
    }

    function _reopen(FindingId finding, uint64 dueAt) internal {
        _as(auditor);
        assurance.reopenFinding(finding, "Records were false", dueAt, START, _none());
    }

    /// @dev Through the delay, from `time` on.
    function _setMandatory(bytes32 role, bytes32[] memory kinds, uint256 time) internal {
        _setMandatory(role, kinds, new uint32[](kinds.length), time);
    }

    function _setMandatory(bytes32 role, bytes32[] memory kinds, uint32[] memory bounds, uint256 time) internal {
        _announced(address(assurance), abi.encodeCall(assurance.setMandatory, (role, kinds, bounds)), time);
    }

    function _announced(address target, bytes memory data, uint256 time) internal {
        vm.prank(steward);
        manager.schedule(target, data, 0);
        vm.warp(time + POLICY_DELAY);
        vm.prank(steward);
        manager.execute(target, data);
    }

    function _overdue(FindingId finding, address participant, FacilityId facility, uint64 dueAt)
        internal
        pure
        returns (bytes memory)
    {
        return abi.encodeWithSelector(IAssuranceRegistry.FindingOverdue.selector, finding, participant, facility, dueAt);
    }

    // Small lists.

    function _kinds(bytes32 kind) internal pure returns (bytes32[] memory list) {
        list = new bytes32[](1);
        list[0] = kind;
    }

    function _bounds(uint32 value) internal pure returns (uint32[] memory list) {
        list = new uint32[](1);
        list[0] = value;
    }

    function _length(uint256 length) internal pure returns (string memory) {
        bytes memory text = new bytes(length);
        for (uint256 i = 0; i < length; ++i) {
            text[i] = "x";
        }
        return string(text);
    }
}
