// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";

import {Assessments} from "./assurance/Assessments.sol";
import {Auditors} from "./assurance/Auditors.sol";
import {Findings} from "./assurance/Findings.sol";
import {IActGuard} from "./interfaces/IActGuard.sol";
import {IAssuranceRegistry} from "./interfaces/IAssuranceRegistry.sol";
import {IParticipantRegistry} from "./interfaces/IParticipantRegistry.sol";
import {BatchId, FacilityId} from "./types/Ids.sol";

/// @title AssuranceRegistry
/// @notice Suppliers are assessed, and findings are closed or they block.
/// @dev Nothing here calls out except to `registry`, which is trusted, and to the authority. The `restricted`
/// function is the policy role's. The registry asks about those only whom this contract watches there: from the moment
/// at which a date may come that blocks them, until there is none any more. So the blocking itself needs nobody's
/// doing, and others do not pay for it. Of findings, what it asks is answered from one slot: the rare steps of findings
/// keep the earliest due date.
contract AssuranceRegistry is Assessments, Findings {
    /// @param accessManager The AccessManager that says who has the policy role.
    /// @param registry_ The registry whose participants are assessed.
    constructor(address accessManager, IParticipantRegistry registry_)
        AccessManaged(accessManager)
        Auditors(registry_)
    {}

    /// @inheritdoc IAssuranceRegistry
    function watch(address participant, FacilityId facility) external {
        _requireSubject(participant, facility);
        if (_isInForce()) _watch(participant, facility);
    }

    /// @inheritdoc IActGuard
    function requireMayAct(address participant) external view {
        _requireNotOverdue(participant, _NO_FACILITY);
        _requireAssessed(participant);
    }

    /// @inheritdoc IActGuard
    function requireMayUse(address participant, FacilityId facility) external view {
        _requireNotOverdue(participant, facility);
    }

    /// @inheritdoc IActGuard
    function hasOpenFinding(BatchId batch) external view returns (bool) {
        return _isQuestioned(batch);
    }

    /// @inheritdoc IAssuranceRegistry
    function mayAct(address participant) external view returns (bool) {
        return _mayAct(participant);
    }

    /// @inheritdoc IAssuranceRegistry
    function mayUse(address participant, FacilityId facility) external view returns (bool) {
        return !_isOverdue(participant, facility);
    }

    /// @inheritdoc IActGuard
    function mustWatch(address participant) public view override(Assessments, IActGuard) returns (bool) {
        return _hasCritical(participant, _NO_FACILITY) || _isGoverned(participant);
    }

    /// @inheritdoc Findings
    function _watch(address participant, FacilityId facility) internal override {
        if (_isWhole(facility)) registry.watchParticipant(participant, mustWatch(participant));
        else registry.watchFacility(facility, _hasCritical(participant, facility));
    }

    /// @inheritdoc Findings
    function _mayAct(address participant) internal view override returns (bool) {
        return !_firstLack(participant).lacks && !_isOverdue(participant, _NO_FACILITY);
    }
}
