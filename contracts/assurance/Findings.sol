// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IAssuranceRegistry} from "../interfaces/IAssuranceRegistry.sol";
import {AssuranceTerms} from "../libraries/AssuranceTerms.sol";
import {FindingState, Severity} from "../types/Assurance.sol";
import {BatchId, FacilityId, FindingId, Ids} from "../types/Ids.sol";
import {AUDITOR} from "../types/Roles.sol";
import {Evidence, ParticipantStatus} from "../types/Values.sol";
import {Auditors} from "./Auditors.sol";

/// @title Findings
/// @notice Non-compliances of participants, facilities and lots: raised, corrected, closed; or overdue.
///
///     raiseFinding --> Open --submit--> CorrectiveActionSubmitted --accept--> CorrectiveActionAccepted --close--> Closed
///                       ^                          |                                                                |
///                       +---------- refuse --------+                                                                |
///                       +------------------------------------- reopen ----------------------------------------------+
abstract contract Findings is Auditors {
    /// @dev A finding. `acceptedBy` is kept of critical ones only.
    /// @param place Its place, from one, among its subject's unclosed critical findings; zero if it is not one.
    struct Entry {
        address participant;
        FindingState state;
        Severity severity;
        uint64 dueAt;
        uint16 place;
        address raisedBy;
        FacilityId facility;
        BatchId batch;
        address acceptedBy;
    }

    /// @dev A participant as a whole, or a facility.
    /// @param dueBy The earliest due date of its unclosed critical findings; zero if there are none.
    /// @param count How many there are, at places from one up.
    struct Subject {
        uint64 dueBy;
        uint16 count;
        mapping(uint256 place => FindingId) critical;
    }

    /// @dev Whoever can be blocked has that much notice.
    uint64 private constant _NOTICE = 1 days;

    mapping(FindingId finding => Entry) private _findings;
    mapping(uint256 subject => Subject) private _subjects;
    mapping(BatchId batch => uint256) private _unclosedAbout;

    /// @inheritdoc IAssuranceRegistry
    function raiseFinding(Finding calldata finding) external returns (FindingId id) {
        address participant = finding.participant;
        address raisedBy = _requireAuditorOf(participant);
        _requireSubject(participant, finding.facility);
        _requireIdentifier(finding.identifier);
        _requirePlain(finding.description);
        if (!AssuranceTerms.isCategory(finding.category)) revert UnknownFindingCategory(finding.category);
        if (_isLot(finding.batch) && !_isWhole(finding.facility)) {
            revert FacilityAndLot(finding.facility, finding.batch);
        }
        id = Ids.finding(raisedBy, finding.identifier);
        Entry storage entry = _findings[id];
        if (entry.state != FindingState.None) revert FindingAlreadyExists(id);
        (entry.participant, entry.raisedBy) = (participant, raisedBy);
        (entry.state, entry.severity) = (FindingState.Open, finding.severity);
        if (!_isWhole(finding.facility)) entry.facility = finding.facility;
        if (_isLot(finding.batch)) entry.batch = finding.batch;
        _open(id, entry, finding.dueAt, finding.occurredAt);
        _emitRaised(id, raisedBy, finding);
    }

    /// @inheritdoc IAssuranceRegistry
    function submitCorrectiveAction(
        FindingId finding,
        string calldata action,
        uint64 occurredAt,
        Evidence[] calldata evidence
    ) external {
        Entry storage entry = _requireKnown(finding);
        address subject = _participantOf(entry);
        address participant = registry.participantOf(msg.sender);
        if (participant != subject) revert NotFindingSubject(finding, msg.sender, subject);
        _requirePlain(action);
        // Rule 1: also while it may not act; else what blocks it could never be mended.
        _advance(finding, entry, FindingState.Open, FindingState.CorrectiveActionSubmitted);
        emit CorrectiveActionSubmitted(finding, participant, occurredAt, action, evidence);
    }

    /// @inheritdoc IAssuranceRegistry
    function acceptCorrectiveAction(FindingId finding, uint64 occurredAt, Evidence[] calldata evidence) external {
        Entry storage entry = _requireKnown(finding);
        address changedBy = _requireAuditorOf(entry);
        _advance(finding, entry, FindingState.CorrectiveActionSubmitted, FindingState.CorrectiveActionAccepted);
        if (entry.severity == Severity.Critical) entry.acceptedBy = changedBy;
        emit CorrectiveActionAccepted(finding, changedBy, occurredAt, evidence);
    }

    /// @inheritdoc IAssuranceRegistry
    function refuseCorrectiveAction(
        FindingId finding,
        string calldata reason,
        uint64 occurredAt,
        Evidence[] calldata evidence
    ) external {
        Entry storage entry = _requireKnown(finding);
        address changedBy = _requireAuditorOf(entry);
        _requirePlain(reason);
        _advance(finding, entry, FindingState.CorrectiveActionSubmitted, FindingState.Open);
        emit CorrectiveActionRefused(finding, changedBy, occurredAt, reason, evidence);
    }

    /// @inheritdoc IAssuranceRegistry
    function closeFinding(FindingId finding, uint64 occurredAt, Evidence[] calldata evidence) external {
        Entry storage entry = _requireKnown(finding);
        address changedBy = _requireAuditorOf(entry);
        _advance(finding, entry, FindingState.CorrectiveActionAccepted, FindingState.Closed);
        if (evidence.length == 0) revert EvidenceRequired(finding);
        if (entry.severity == Severity.Critical) _requireSecondAuditor(finding, entry, changedBy);
        _untrack(finding, entry);
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
        Entry storage entry = _requireKnown(finding);
        address changedBy = _requireAuditorOf(entry);
        _requirePlain(reason);
        _advance(finding, entry, FindingState.Closed, FindingState.Open);
        _open(finding, entry, dueAt, occurredAt);
        emit FindingReopened(finding, changedBy, dueAt, occurredAt, reason, evidence);
    }

    /// @inheritdoc IAssuranceRegistry
    function findingOf(FindingId finding) external view returns (FindingRecord memory) {
        Entry storage entry = _requireKnown(finding);
        return FindingRecord({
            participant: _participantOf(entry),
            state: entry.state,
            severity: entry.severity,
            dueAt: entry.dueAt,
            facility: entry.facility,
            batch: entry.batch,
            raisedBy: entry.raisedBy,
            acceptedBy: entry.acceptedBy
        });
    }

    /// @inheritdoc IAssuranceRegistry
    function openCritical(address participant, FacilityId facility) external view returns (FindingId[] memory open) {
        Subject storage subject = _subjectOf(participant, facility);
        open = new FindingId[](subject.count);
        for (uint256 i = 0; i < open.length; ++i) {
            open[i] = subject.critical[i + 1];
        }
    }

    /// @dev Whether a lot, at any time, is the subject of a finding that is not closed.
    function _isQuestioned(BatchId batch) internal view returns (bool) {
        return _unclosedAbout[batch] != 0;
    }

    function _hasCritical(address participant, FacilityId facility) internal view returns (bool) {
        return _subjectOf(participant, facility).count != 0;
    }

    function _requireNotOverdue(address participant, FacilityId facility) internal view {
        Subject storage subject = _subjectOf(participant, facility);
        // Rule 1: nobody has to press a button; the block's time decides.
        if (!_isOverdue(subject)) return;
        (FindingId finding, uint64 dueAt) = _firstDue(subject);
        revert FindingOverdue(finding, participant, facility, dueAt);
    }

    function _isOverdue(address participant, FacilityId facility) internal view returns (bool) {
        return _isOverdue(_subjectOf(participant, facility));
    }

    /// @dev Has the registry ask about exactly those whom this contract may have to refuse.
    function _watch(address participant, FacilityId facility) internal virtual;

    /// @dev Whether nothing keeps the participant from acting.
    function _mayAct(address participant) internal view virtual returns (bool);

    /// @dev Enters an unclosed finding, with its due date.
    function _open(FindingId id, Entry storage entry, uint64 dueAt, uint64 occurredAt) private {
        if (dueAt == 0 || dueAt < occurredAt) revert InvalidDueDate(dueAt, occurredAt);
        entry.dueAt = dueAt;
        // A lot's custody is the ledger's: its auditor puts it on hold there.
        if (_isLot(entry.batch)) ++_unclosedAbout[entry.batch];
        else if (entry.severity == Severity.Critical) _track(id, entry, dueAt);
    }

    /// @dev Enters an unclosed critical finding, which can block.
    function _track(FindingId id, Entry storage entry, uint64 dueAt) private {
        // Block times fit 64 bits for longer than there will be blocks.
        uint64 least = uint64(block.timestamp) + _NOTICE;
        // Rule 1: nobody is blocked at once, by one auditor, without notice.
        if (dueAt < least) revert NoticeTooShort(dueAt, least);
        Subject storage subject = _subjectOf(entry.participant, entry.facility);
        uint16 place = subject.count + 1;
        subject.count = place;
        subject.critical[place] = id;
        entry.place = place;
        if (subject.dueBy == 0 || dueAt < subject.dueBy) subject.dueBy = dueAt;
        if (_isInForce()) _watch(entry.participant, entry.facility);
    }

    /// @dev Removes a closed finding. If it was the first one due, the next one is looked for.
    function _untrack(FindingId id, Entry storage entry) private {
        BatchId batch = entry.batch;
        if (_isLot(batch)) --_unclosedAbout[batch];
        (address participant, uint16 place, uint64 dueAt) = (entry.participant, entry.place, entry.dueAt);
        if (place == 0) return;
        FacilityId facility = entry.facility;
        Subject storage subject = _subjectOf(participant, facility);
        (uint64 dueBy, uint16 count) = (subject.dueBy, subject.count);
        FindingId last = subject.critical[count];
        // The last one takes its place.
        if (FindingId.unwrap(last) != FindingId.unwrap(id)) {
            subject.critical[place] = last;
            _findings[last].place = place;
        }
        subject.critical[count] = FindingId.wrap(0);
        subject.count = count - 1;
        entry.place = 0;
        if (dueAt == dueBy) (, subject.dueBy) = _firstDue(subject);
        if (_isInForce()) _watch(participant, facility);
    }

    /// @dev A step of the finding's life.
    function _advance(FindingId id, Entry storage entry, FindingState from, FindingState to) private {
        if (entry.state != from) revert WrongFindingState(id, entry.state);
        entry.state = to;
    }

    function _emitRaised(FindingId id, address raisedBy, Finding calldata finding) private {
        emit FindingRaised(
            id,
            finding.participant,
            raisedBy,
            finding.facility,
            finding.batch,
            finding.severity,
            finding.category,
            finding.dueAt,
            finding.occurredAt,
            finding.identifier,
            finding.description,
            finding.evidence
        );
    }

    /// @dev The caller is an auditor or the consortium, and acts neither for whom the finding was about when it was raised,
    /// nor for who holds the facility now.
    function _requireAuditorOf(Entry storage entry) private view returns (address auditor) {
        auditor = _requireAuditorOf(entry.participant);
        address subject = _participantOf(entry);
        if (auditor == subject) revert SelfAssessment(subject);
    }

    /// @dev Rule 1: one auditor alone lifts no block, neither the one that raised the finding nor a friendly one.
    function _requireSecondAuditor(FindingId id, Entry storage entry, address auditor) private view {
        if (auditor != entry.raisedBy && auditor != entry.acceptedBy) return;
        if (_isOnlyAuditor(auditor, _participantOf(entry))) return;
        revert SecondAuditorRequired(id, auditor);
    }

    /// @dev Whether no other auditor than `auditor` could speak about `subject` now. The consortium always can.
    function _isOnlyAuditor(address auditor, address subject) private view returns (bool) {
        address[] memory auditors = registry.participantsInRole(AUDITOR);
        for (uint256 i = 0; i < auditors.length; ++i) {
            address other = auditors[i];
            if (other == auditor || other == subject) continue;
            if (registry.statusOf(other) == ParticipantStatus.Active && _mayAct(other)) return false;
        }
        return true;
    }

    /// @dev Whom the finding is about now: findings stay with the site.
    function _participantOf(Entry storage entry) private view returns (address participant) {
        if (_isWhole(entry.facility)) return entry.participant;
        (participant,) = registry.facilityOf(entry.facility);
    }

    function _requireKnown(FindingId id) private view returns (Entry storage entry) {
        entry = _findings[id];
        if (entry.state == FindingState.None) revert UnknownFinding(id);
    }

    /// @dev The unclosed critical finding that is due first; zeros if there is none. None is due before `dueBy`, so
    /// that the search ends there; findings that are closed from the last due to the first never need a long one.
    function _firstDue(Subject storage subject) private view returns (FindingId first, uint64 dueAt) {
        uint64 dueBy = subject.dueBy;
        uint256 count = subject.count;
        for (uint256 i = 1; i <= count && dueAt != dueBy; ++i) {
            FindingId id = subject.critical[i];
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

    function _isLot(BatchId batch) private pure returns (bool) {
        return BatchId.unwrap(batch) != 0;
    }
}
