// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IAssuranceRegistry} from "../interfaces/IAssuranceRegistry.sol";
import {IParticipantRegistry} from "../interfaces/IParticipantRegistry.sol";
import {Text} from "../libraries/Text.sol";
import {FacilityId} from "../types/Ids.sol";
import {ParticipantStatus} from "../types/Values.sol";

/// @title Auditors
/// @notice Who speaks, about whom, in what words.
abstract contract Auditors is IAssuranceRegistry {
    FacilityId internal constant _NO_FACILITY = FacilityId.wrap(0);

    /// @inheritdoc IAssuranceRegistry
    IParticipantRegistry public immutable registry;

    /// @param registry_ The registry whose participants are assessed.
    constructor(IParticipantRegistry registry_) {
        registry = registry_;
    }

    /// @inheritdoc IAssuranceRegistry
    function recordEvidence(bytes32 digest, string calldata uri, bytes32 kind, string calldata issuer) external {
        _requirePlain(issuer);
        address recordedBy =
            registry.isAuditor(msg.sender) ? _participantOrSelf(msg.sender) : registry.participantOf(msg.sender);
        emit EvidenceRecorded(digest, recordedBy, kind, uri, issuer);
    }

    /// @dev The caller is an auditor or the consortium, and does not act for `participant`.
    /// @return auditor For whom it acts: a participant, or itself.
    function _requireAuditorOf(address participant) internal view returns (address auditor) {
        if (!registry.isAuditor(msg.sender)) revert NotAuditorNorConsortium(msg.sender);
        auditor = _participantOrSelf(msg.sender);
        // Rule 1: nobody audits itself.
        if (auditor == participant) revert SelfAssessment(participant);
    }

    /// @dev The participant exists and, unless it is meant as a whole, the facility is its own.
    function _requireSubject(address participant, FacilityId facility) internal view {
        if (registry.statusOf(participant) == ParticipantStatus.None) revert UnknownParticipant(participant);
        if (_isWhole(facility)) return;
        (address belongsTo,) = registry.facilityOf(facility);
        if (belongsTo == address(0)) revert UnknownFacility(facility);
        if (belongsTo != participant) revert ForeignFacility(facility, participant, belongsTo);
    }

    /// @dev Whether this contract is the registry's act guard. If not, it keeps its records all the same.
    function _isInForce() internal view returns (bool) {
        return registry.actGuard() == this;
    }

    function _requireIdentifier(string calldata identifier) internal pure {
        if (!Text.isIdentifier(identifier)) revert InvalidIdentifier(identifier);
    }

    function _requirePlain(string calldata text) internal pure {
        if (!Text.isPlain(text)) revert ControlCharacter(text);
    }

    function _isWhole(FacilityId facility) internal pure returns (bool) {
        return FacilityId.unwrap(facility) == 0;
    }

    /// @dev Accounts of the consortium stand for themselves if they are no participant's operator.
    function _participantOrSelf(address account) private view returns (address) {
        try registry.participantOf(account) returns (address participant) {
            return participant;
        } catch {
            // Unknown and revoked keys revert alike; the callers asked before whether the account is an auditor.
            return account;
        }
    }
}
