// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {EnumerableSet} from "@openzeppelin/contracts/utils/structs/EnumerableSet.sol";

import {IActGuard} from "./interfaces/IActGuard.sol";
import {IAssuranceRegistry} from "./interfaces/IAssuranceRegistry.sol";
import {IParticipantRegistry} from "./interfaces/IParticipantRegistry.sol";
import {AssuranceTerms} from "./libraries/AssuranceTerms.sol";
import {Text} from "./libraries/Text.sol";
import {FindingState, Severity} from "./types/Assurance.sol";
import {AssessmentId, FacilityId, FindingId, Ids} from "./types/Ids.sol";
import {Validity} from "./types/Validity.sol";
import {Evidence, ParticipantStatus} from "./types/Values.sol";

/// @title AssuranceRegistry
/// @notice Suppliers are assessed, and findings are closed or they block.
/// @dev Nothing here calls out except to `registry`, which is trusted, and to the authority. The `restricted`
/// function is the governance role's. The registry asks about those only whom this contract watches there: from the moment
/// at which a date may come that blocks them, until there is none any more. So the blocking itself needs nobody's
/// doing, and others do not pay for it. Of findings, what it asks is answered from one slot: the rare steps of findings
/// keep the earliest due date.
contract AssuranceRegistry is AccessManaged, IAssuranceRegistry {
    using EnumerableSet for EnumerableSet.Bytes32Set;
    using EnumerableSet for EnumerableSet.UintSet;

    /// @dev A participant as a whole, or a facility.
    /// @param dueBy The earliest due date of its unclosed critical findings; zero if there are none.
    /// @param critical Those findings.
    struct Subject {
        uint64 dueBy;
        EnumerableSet.UintSet critical;
    }

    FacilityId private constant _NO_FACILITY = FacilityId.wrap(0);

    /// @inheritdoc IAssuranceRegistry
    IParticipantRegistry public immutable registry;

    /// @inheritdoc IAssuranceRegistry
    mapping(AssessmentId assessment => bool) public assessmentExists;

    mapping(FindingId finding => FindingRecord) private _findings;
    mapping(uint256 subject => Subject) private _subjects;
    mapping(address participant => mapping(bytes32 kind => Validity)) private _validities;
    mapping(bytes32 role => bytes32[] kinds) private _mandatory;

    /// @dev The roles for which some kind is mandatory.
    EnumerableSet.Bytes32Set private _governedRoles;

    /// @param accessManager The AccessManager that says who has the governance role.
    /// @param registry_ The registry whose participants are assessed.
    constructor(address accessManager, IParticipantRegistry registry_) AccessManaged(accessManager) {
        registry = registry_;
    }

    /// @inheritdoc IAssuranceRegistry
    function recordEvidence(bytes32 digest, string calldata uri, bytes32 kind, string calldata issuer) external {
        address recordedBy =
            registry.isAuditor(msg.sender) ? _participantOrSelf(msg.sender) : registry.participantOf(msg.sender);
        emit EvidenceRecorded(digest, recordedBy, kind, uri, issuer);
    }

    /// @inheritdoc IAssuranceRegistry
    function assess(Assessment calldata assessment) external returns (AssessmentId id) {
        address participant = assessment.participant;
        address assessor = _requireAuditorOf(participant);
        _requireSubject(participant, assessment.facility);
        _requireIdentifier(assessment.identifier);
        _requireValue(assessment.kind, assessment.value);
        (uint64 from, uint64 until) = (assessment.validFrom, assessment.validUntil);
        if (until <= from) revert InvalidValidity(from, until);
        id = Ids.assessment(assessor, assessment.identifier);
        if (assessmentExists[id]) revert AssessmentAlreadyExists(id);
        assessmentExists[id] = true;
        if (_isWhole(assessment.facility)) {
            Validity storage validity = _validities[participant][assessment.kind];
            _validities[participant][assessment.kind] = validity.renewed(from, until, block.timestamp);
        }
        _emitAssessed(id, assessor, assessment);
    }

    /// @inheritdoc IAssuranceRegistry
    function raiseFinding(Finding calldata finding) external returns (FindingId id) {
        address participant = finding.participant;
        address raisedBy = _requireAuditorOf(participant);
        _requireSubject(participant, finding.facility);
        _requireIdentifier(finding.identifier);
        if (!AssuranceTerms.isCategory(finding.category)) revert UnknownFindingCategory(finding.category);
        _requireDueDate(finding.dueAt, finding.occurredAt);
        id = Ids.finding(raisedBy, finding.identifier);
        if (_findings[id].state != FindingState.None) revert FindingAlreadyExists(id);
        _findings[id] = FindingRecord(participant, FindingState.Open, finding.severity, finding.dueAt, finding.facility);
        _track(id);
        emit FindingRaised(
            id,
            participant,
            raisedBy,
            finding.facility,
            finding.severity,
            finding.category,
            finding.dueAt,
            finding.occurredAt,
            finding.identifier,
            finding.description,
            finding.evidence
        );
    }

    /// @inheritdoc IAssuranceRegistry
    function submitCorrectiveAction(
        FindingId finding,
        string calldata action,
        uint64 occurredAt,
        Evidence[] calldata evidence
    ) external {
        address subject = _requireKnown(finding).participant;
        address participant = registry.participantOf(msg.sender);
        if (participant != subject) revert NotFindingSubject(finding, msg.sender, subject);
        // Rule 1: also while it may not act; else what blocks it could never be mended.
        _advance(finding, FindingState.Open, FindingState.CorrectiveActionSubmitted);
        emit CorrectiveActionSubmitted(finding, participant, occurredAt, action, evidence);
    }

    /// @inheritdoc IAssuranceRegistry
    function acceptCorrectiveAction(FindingId finding, uint64 occurredAt, Evidence[] calldata evidence) external {
        address changedBy = _requireAuditorOf(_requireKnown(finding).participant);
        _advance(finding, FindingState.CorrectiveActionSubmitted, FindingState.CorrectiveActionAccepted);
        emit CorrectiveActionAccepted(finding, changedBy, occurredAt, evidence);
    }

    /// @inheritdoc IAssuranceRegistry
    function refuseCorrectiveAction(
        FindingId finding,
        string calldata reason,
        uint64 occurredAt,
        Evidence[] calldata evidence
    ) external {
        address changedBy = _requireAuditorOf(_requireKnown(finding).participant);
        _advance(finding, FindingState.CorrectiveActionSubmitted, FindingState.Open);
        emit CorrectiveActionRefused(finding, changedBy, occurredAt, reason, evidence);
    }

    /// @inheritdoc IAssuranceRegistry
    function closeFinding(FindingId finding, uint64 occurredAt, Evidence[] calldata evidence) external {
        address changedBy = _requireAuditorOf(_requireKnown(finding).participant);
        _advance(finding, FindingState.CorrectiveActionAccepted, FindingState.Closed);
        if (evidence.length == 0) revert EvidenceRequired(finding);
        _untrack(finding);
        emit FindingClosed(finding, changedBy, occurredAt, evidence);
    }

    /// @inheritdoc IAssuranceRegistry
    function reopenFinding(
        FindingId finding,
        string calldata reason,
        uint64 dueAt,
        uint64 occurredAt,
        Evidence[] calldata evidence
    ) external {
        address changedBy = _requireAuditorOf(_requireKnown(finding).participant);
        _advance(finding, FindingState.Closed, FindingState.Open);
        _requireDueDate(dueAt, occurredAt);
        _findings[finding].dueAt = dueAt;
        _track(finding);
        emit FindingReopened(finding, changedBy, dueAt, occurredAt, reason, evidence);
    }

    /// @inheritdoc IAssuranceRegistry
    function setMandatory(bytes32 role, bytes32[] calldata kinds) external restricted {
        // Rule 12: restricted to the governance role, whose changes are announced.
        for (uint256 i = 0; i < kinds.length; ++i) {
            _requireKind(kinds[i]);
        }
        _mandatory[role] = kinds;
        bool changed = kinds.length == 0 ? _governedRoles.remove(role) : _governedRoles.add(role);
        if (changed) _watchRole(role, kinds.length != 0);
        emit MandatoryChanged(role, kinds);
    }

    /// @inheritdoc IAssuranceRegistry
    function watch(address participant, FacilityId facility) external {
        _requireSubject(participant, facility);
        if (_isInForce()) _watch(participant, facility);
    }

    /// @inheritdoc IActGuard
    function mustWatch(address participant) public view returns (bool) {
        return _subjectOf(participant, _NO_FACILITY).critical.length() != 0 || _isGoverned(participant);
    }

    /// @inheritdoc IActGuard
    function requireMayAct(address participant) external view {
        _requireNotOverdue(participant, _NO_FACILITY);
        // Rule 1: a mandatory assessment that is missing or has ended blocks like an overdue critical finding.
        (bool lacks, bytes32 kind, uint64 validUntil) = _firstLacking(participant);
        if (!lacks) return;
        if (validUntil == 0) revert AssessmentMissing(participant, kind);
        revert AssessmentExpired(participant, kind, validUntil);
    }

    /// @inheritdoc IActGuard
    function requireMayUse(address participant, FacilityId facility) external view {
        _requireNotOverdue(participant, facility);
    }

    /// @inheritdoc IAssuranceRegistry
    function assessmentOf(address participant, bytes32 kind)
        external
        view
        returns (uint64 validFrom, uint64 validUntil)
    {
        return _validities[participant][kind].at(block.timestamp);
    }

    /// @inheritdoc IAssuranceRegistry
    function findingOf(FindingId finding) external view returns (FindingRecord memory) {
        return _requireKnown(finding);
    }

    /// @inheritdoc IAssuranceRegistry
    function openCritical(address participant, FacilityId facility) external view returns (FindingId[] memory open) {
        uint256[] memory ids = _subjectOf(participant, facility).critical.values();
        open = new FindingId[](ids.length);
        for (uint256 i = 0; i < ids.length; ++i) {
            open[i] = FindingId.wrap(ids[i]);
        }
    }

    /// @inheritdoc IAssuranceRegistry
    function mandatoryFor(bytes32 role) external view returns (bytes32[] memory kinds) {
        return _mandatory[role];
    }

    /// @inheritdoc IAssuranceRegistry
    function mayAct(address participant) external view returns (bool) {
        (bool lacks,,) = _firstLacking(participant);
        return !lacks && !_isOverdue(_subjectOf(participant, _NO_FACILITY));
    }

    /// @inheritdoc IAssuranceRegistry
    function mayUse(address participant, FacilityId facility) external view returns (bool) {
        return !_isOverdue(_subjectOf(participant, facility));
    }

    /// @dev Enters an unclosed finding; only critical ones count.
    function _track(FindingId id) private {
        FindingRecord storage finding = _findings[id];
        if (finding.severity != Severity.Critical) return;
        Subject storage subject = _subjectOf(finding.participant, finding.facility);
        subject.critical.add(FindingId.unwrap(id));
        if (subject.dueBy == 0 || finding.dueAt < subject.dueBy) subject.dueBy = finding.dueAt;
        if (_isInForce()) _watch(finding.participant, finding.facility);
    }

    /// @dev Removes a closed finding. If it was the first one due, the next one is looked for.
    function _untrack(FindingId id) private {
        FindingRecord storage finding = _findings[id];
        if (finding.severity != Severity.Critical) return;
        Subject storage subject = _subjectOf(finding.participant, finding.facility);
        subject.critical.remove(FindingId.unwrap(id));
        if (finding.dueAt == subject.dueBy) (, subject.dueBy) = _firstDue(subject);
        if (_isInForce()) _watch(finding.participant, finding.facility);
    }

    /// @dev All in a role for which something became mandatory, or nothing is any more.
    function _watchRole(bytes32 role, bool governed) private {
        // One transaction for a whole role: bounded by the block's gas, about 9,000 a participant.
        if (!_isInForce()) return;
        address[] memory participants = registry.participantsInRole(role);
        for (uint256 i = 0; i < participants.length; ++i) {
            registry.watchParticipant(participants[i], governed || mustWatch(participants[i]));
        }
    }

    /// @dev Has the registry ask about exactly those whom this contract may have to refuse.
    function _watch(address participant, FacilityId facility) private {
        if (_isWhole(facility)) registry.watchParticipant(participant, mustWatch(participant));
        else registry.watchFacility(facility, _subjectOf(participant, facility).critical.length() != 0);
    }

    /// @dev A step of the finding's life.
    function _advance(FindingId id, FindingState from, FindingState to) private {
        FindingRecord storage finding = _findings[id];
        if (finding.state != from) revert WrongFindingState(id, finding.state);
        finding.state = to;
    }

    function _emitAssessed(AssessmentId id, address assessor, Assessment calldata assessment) private {
        emit Assessed(
            id,
            assessment.participant,
            assessor,
            assessment.facility,
            assessment.kind,
            assessment.scheme,
            assessment.value,
            assessment.validFrom,
            assessment.validUntil,
            assessment.occurredAt,
            assessment.identifier,
            assessment.issuer,
            assessment.evidence
        );
    }

    /// @dev The caller is an auditor or the consortium, and does not act for `participant`.
    /// @return auditor For whom it acts: a participant, or itself.
    function _requireAuditorOf(address participant) private view returns (address auditor) {
        if (!registry.isAuditor(msg.sender)) revert NotAuditorNorConsortium(msg.sender);
        auditor = _participantOrSelf(msg.sender);
        // Rule 1: nobody audits itself.
        if (auditor == participant) revert SelfAssessment(participant);
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

    /// @dev The participant exists and, unless it is meant as a whole, the facility is its own.
    function _requireSubject(address participant, FacilityId facility) private view {
        if (registry.statusOf(participant) == ParticipantStatus.None) revert UnknownParticipant(participant);
        if (_isWhole(facility)) return;
        (address belongsTo,) = registry.facilityOf(facility);
        if (belongsTo == address(0)) revert UnknownFacility(facility);
        if (belongsTo != participant) revert ForeignFacility(facility, participant, belongsTo);
    }

    function _requireKnown(FindingId id) private view returns (FindingRecord storage finding) {
        finding = _findings[id];
        if (finding.state == FindingState.None) revert UnknownFinding(id);
    }

    function _requireNotOverdue(address participant, FacilityId facility) private view {
        Subject storage subject = _subjectOf(participant, facility);
        // Rule 1: nobody has to press a button; the block's time decides.
        if (!_isOverdue(subject)) return;
        (FindingId finding, uint64 dueAt) = _firstDue(subject);
        revert FindingOverdue(finding, participant, facility, dueAt);
    }

    /// @dev Whether this contract is the registry's act guard. If not, it keeps its records all the same.
    function _isInForce() private view returns (bool) {
        return registry.actGuard() == this;
    }

    /// @dev Whether anything is mandatory for one of the participant's roles.
    function _isGoverned(address participant) private view returns (bool) {
        if (_governedRoles.length() == 0) return false;
        bytes32[] memory roles = registry.rolesOf(participant);
        for (uint256 i = 0; i < roles.length; ++i) {
            if (_governedRoles.contains(roles[i])) return true;
        }
        return false;
    }

    /// @dev The first mandatory assessment that the participant does not have, or not any more.
    /// `validUntil` says when it ended; zero if there was none.
    function _firstLacking(address participant) private view returns (bool lacks, bytes32 kind, uint64 validUntil) {
        if (_governedRoles.length() == 0) return (false, 0, 0);
        bytes32[] memory roles = registry.rolesOf(participant);
        for (uint256 i = 0; i < roles.length; ++i) {
            bytes32[] storage kinds = _mandatory[roles[i]];
            for (uint256 j = 0; j < kinds.length; ++j) {
                kind = kinds[j];
                (, validUntil) = _validities[participant][kind].at(block.timestamp);
                // Validators can shift a block's time by seconds; assessments are valid for months.
                // forge-lint: disable-next-line(block-timestamp)
                if (validUntil < block.timestamp) return (true, kind, validUntil);
            }
        }
        return (false, 0, 0);
    }

    /// @dev The unclosed critical finding that is due first; zeros if there is none. None is due before `dueBy`, so
    /// that the search ends there; findings that are closed from the last due to the first never need a long one.
    function _firstDue(Subject storage subject) private view returns (FindingId first, uint64 dueAt) {
        uint64 dueBy = subject.dueBy;
        uint256 count = subject.critical.length();
        for (uint256 i = 0; i < count && dueAt != dueBy; ++i) {
            FindingId id = FindingId.wrap(subject.critical.at(i));
            uint64 due = _findings[id].dueAt;
            if (dueAt == 0 || due < dueAt) (first, dueAt) = (id, due);
        }
    }

    function _isOverdue(Subject storage subject) private view returns (bool) {
        uint256 dueBy = subject.dueBy;
        // As with validity: seconds do not matter where findings are due in weeks.
        // forge-lint: disable-next-line(block-timestamp)
        return dueBy != 0 && dueBy < block.timestamp;
    }

    function _subjectOf(address participant, FacilityId facility) private view returns (Subject storage) {
        return _subjects[_isWhole(facility) ? uint160(participant) : FacilityId.unwrap(facility)];
    }

    function _requireIdentifier(string calldata identifier) private pure {
        if (!Text.isIdentifierLength(bytes(identifier).length)) revert InvalidIdentifier(identifier);
    }

    function _requireDueDate(uint64 dueAt, uint64 occurredAt) private pure {
        if (dueAt == 0 || dueAt < occurredAt) revert InvalidDueDate(dueAt, occurredAt);
    }

    function _requireValue(bytes32 kind, uint32 value) private pure {
        (uint32 least, uint32 most) = _requireKind(kind);
        if (value < least || value > most) revert InvalidValue(kind, value, least, most);
    }

    function _requireKind(bytes32 kind) private pure returns (uint32 least, uint32 most) {
        bool known;
        (known, least, most) = AssuranceTerms.valuesOf(kind);
        if (!known) revert UnknownAssessmentKind(kind);
    }

    function _isWhole(FacilityId facility) private pure returns (bool) {
        return FacilityId.unwrap(facility) == 0;
    }
}
