// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {FindingState, Severity} from "../types/Assurance.sol";
import {AssessmentId, BatchId, FacilityId, FindingId} from "../types/Ids.sol";
import {Evidence} from "../types/Values.sol";
import {IActGuard} from "./IActGuard.sol";
import {IParticipantRegistry} from "./IParticipantRegistry.sol";

/// @title Assessments and findings, and what they forbid
/// @notice Auditors assess participants and their facilities and raise findings; the participant submits a
/// corrective action; an auditor accepts it and closes the finding. Nobody does any of that about itself.
///
/// As the registry's act guard this contract refuses, without anybody's doing, from the second after the date:
/// - a participant (or a facility, where the finding is about one) with a critical finding that is not closed at its
///   due date, whatever corrective action is under way;
/// - a participant without a valid and sufficient assessment of every kind that is mandatory for one of its roles, under
/// whatever scheme.
///
/// A finding about a single lot blocks nobody, however severe: whoever raised it puts the lot on hold at the ledger. While
/// it is not closed, nothing about that lot is reversed.
///
/// What was recorded before stays valid. Times are UTC seconds; texts in `bytes32` are right-padded ASCII.
interface IAssuranceRegistry is IActGuard {
    /// @param facility Of that participant; zero for the participant as a whole.
    /// @param kind "saq", "ssi", "code_of_conduct", "audit", "lca", "certificate", "renewable_electricity",
    /// "country_risk" or "category_risk".
    /// @param scheme The programme, for instance "IRMA".
    /// @param value Basis points for "saq", "ssi", "audit" and "renewable_electricity"; 1 low, 2 medium, 3 high for
    /// the two risks; else zero.
    /// @param validUntil The last second at which it is valid.
    /// @param issuer Who signed the document.
    struct Assessment {
        string identifier;
        address participant;
        FacilityId facility;
        bytes32 kind;
        bytes32 scheme;
        uint32 value;
        uint64 validFrom;
        uint64 validUntil;
        string issuer;
        uint64 occurredAt;
        Evidence[] evidence;
    }

    /// @param facility Of that participant; zero for the participant as a whole.
    /// @param batch A single lot, whoever made or holds it; zero for none. With a lot, `facility` is zero.
    /// @param category "labour", "human_rights", "health_and_safety", "environment", "ethics" or "quality".
    /// @param dueAt The last second at which it may be unclosed, not before `occurredAt`; if critical, not before a day
    /// after the block, so that nobody is blocked without notice.
    struct Finding {
        string identifier;
        address participant;
        FacilityId facility;
        BatchId batch;
        Severity severity;
        bytes32 category;
        uint64 dueAt;
        string description;
        uint64 occurredAt;
        Evidence[] evidence;
    }

    /// @notice A finding as it stands now.
    /// @param participant Whom it is about; of a facility, whoever holds it now.
    /// @param raisedBy The auditor, or the consortium's account itself.
    /// @param acceptedBy Who agreed to the corrective action that is under way, if the finding is critical.
    struct FindingRecord {
        address participant;
        FindingState state;
        Severity severity;
        uint64 dueAt;
        FacilityId facility;
        BatchId batch;
        address raisedBy;
        address acceptedBy;
    }

    /// @notice A document held elsewhere was put on record.
    /// @param digest Its SHA-256.
    /// @param recordedBy The participant for which the account acts, or the consortium's account itself.
    event EvidenceRecorded(bytes32 indexed digest, address indexed recordedBy, bytes32 kind, string uri, string issuer);

    /// @notice A participant, or one of its facilities, was assessed.
    /// @param assessor The auditor, or the consortium's account itself.
    event Assessed(
        AssessmentId indexed assessment,
        address indexed participant,
        address indexed assessor,
        FacilityId facility,
        bytes32 kind,
        bytes32 scheme,
        uint32 value,
        uint64 validFrom,
        uint64 validUntil,
        uint64 occurredAt,
        string identifier,
        string issuer,
        Evidence[] evidence
    );

    /// @notice A non-compliance was found; it is open.
    /// @param raisedBy The auditor, or the consortium's account itself.
    event FindingRaised(
        FindingId indexed finding,
        address indexed participant,
        address indexed raisedBy,
        FacilityId facility,
        BatchId batch,
        Severity severity,
        bytes32 category,
        uint64 dueAt,
        uint64 occurredAt,
        string identifier,
        string description,
        Evidence[] evidence
    );

    /// @notice The participant says how it will correct the finding.
    /// @param changedBy The participant.
    event CorrectiveActionSubmitted(
        FindingId indexed finding, address indexed changedBy, uint64 occurredAt, string action, Evidence[] evidence
    );

    /// @notice An auditor agreed to the corrective action. The due date stands.
    /// @param changedBy The auditor, or the consortium's account itself.
    event CorrectiveActionAccepted(
        FindingId indexed finding, address indexed changedBy, uint64 occurredAt, Evidence[] evidence
    );

    /// @notice An auditor did not agree to the corrective action; the finding is open again.
    /// @param changedBy The auditor, or the consortium's account itself.
    event CorrectiveActionRefused(
        FindingId indexed finding, address indexed changedBy, uint64 occurredAt, string reason, Evidence[] evidence
    );

    /// @notice An auditor saw that the finding is corrected.
    /// @param changedBy The auditor, or the consortium's account itself.
    event FindingClosed(FindingId indexed finding, address indexed changedBy, uint64 occurredAt, Evidence[] evidence);

    /// @notice An auditor saw that it is not, or not any more; the finding is open again, with a new due date.
    /// @param changedBy The auditor, or the consortium's account itself.
    event FindingReopened(
        FindingId indexed finding,
        address indexed changedBy,
        uint64 dueAt,
        uint64 occurredAt,
        string reason,
        Evidence[] evidence
    );

    /// @notice From now on participants in `role` need a valid assessment of each of `kinds`.
    /// @param bounds Of each kind: the least value that suffices or, of the two risks, the highest; zero for any.
    event MandatoryChanged(bytes32 indexed role, bytes32[] kinds, uint32[] bounds);

    /// @notice `caller` may not do this: it is neither an active auditor nor the consortium.
    error NotAuditorNorConsortium(address caller);

    /// @notice Nobody assesses, or decides on findings of, the participant for which it acts.
    error SelfAssessment(address participant);

    /// @notice No participant has that address.
    error UnknownParticipant(address participant);

    /// @notice No facility has that id.
    error UnknownFacility(FacilityId facility);

    /// @notice `participant` does not hold `facility`; `belongsTo` does.
    error ForeignFacility(FacilityId facility, address participant, address belongsTo);

    /// @notice An identifier is 1 to 256 bytes, without ASCII control characters: it is shown on one line.
    error InvalidIdentifier(string identifier);

    /// @notice Texts have no ASCII control characters: they are shown on one line, and not obeyed.
    error ControlCharacter(string text);

    /// @notice The assessor has an assessment of that identifier already.
    error AssessmentAlreadyExists(AssessmentId assessment);

    /// @notice There is no such kind of assessment.
    error UnknownAssessmentKind(bytes32 kind);

    /// @notice The value of an assessment of that kind is from `least` to `most`.
    error InvalidValue(bytes32 kind, uint32 value, uint32 least, uint32 most);

    /// @notice An assessment ends after it begins.
    error InvalidValidity(uint64 validFrom, uint64 validUntil);

    /// @notice A participant's assessments of one kind that count now or will, of all schemes together, are `limit` at
    /// most; record further ones when one of these has ended.
    error TooManyAssessments(address participant, bytes32 kind, uint256 limit);

    /// @notice The auditor has a finding of that identifier already.
    error FindingAlreadyExists(FindingId finding);

    /// @notice There is no such category of findings.
    error UnknownFindingCategory(bytes32 category);

    /// @notice A finding has a due date, and not one before it was found or reopened.
    error InvalidDueDate(uint64 dueAt, uint64 occurredAt);

    /// @notice A critical finding is due at `least` or later: whoever can be blocked has a day's notice.
    error NoticeTooShort(uint64 dueAt, uint64 least);

    /// @notice A finding is about a lot or about a facility, not both.
    error FacilityAndLot(FacilityId facility, BatchId batch);

    /// @notice No finding has that id.
    error UnknownFinding(FindingId finding);

    /// @notice The finding does not allow that step where it stands: corrective actions are submitted for open findings, accepted
    /// or refused once submitted; a finding is closed once its corrective action is accepted, and reopened once closed.
    error WrongFindingState(FindingId finding, FindingState state);

    /// @notice The finding is about `participant`, for which the caller does not act.
    error NotFindingSubject(FindingId finding, address account, address participant);

    /// @notice A finding is closed with evidence that it is corrected.
    error EvidenceRequired(FindingId finding);

    /// @notice `auditor` raised the critical finding or agreed to its corrective action: that it is corrected is for
    /// another auditor, or the consortium, to say. Who raised it may close it if no other auditor is active.
    error SecondAuditorRequired(FindingId finding, address auditor);

    /// @notice A critical finding was not closed when it was due; `facility` is zero if it is about the participant
    /// as a whole.
    error FindingOverdue(FindingId finding, address participant, FacilityId facility, uint64 dueAt);

    /// @notice An assessment of that kind is mandatory for the participant, and it has none that has begun.
    error AssessmentMissing(address participant, bytes32 kind);

    /// @notice An assessment of that kind is mandatory for the participant, and its last one ended.
    error AssessmentExpired(address participant, bytes32 kind, uint64 validUntil);

    /// @notice An assessment of that kind is mandatory for the participant, and the values of those that are valid do not
    /// suffice: they are at least `bound` or, of the two risks, at most. A score of nothing never suffices.
    error AssessmentInsufficient(address participant, bytes32 kind, uint32 value, uint32 bound);

    /// @notice Every kind that is made mandatory has a bound, and no kind is listed twice.
    error InvalidKinds(uint256 kinds, uint256 bounds);

    /// @notice Puts a document on record. For operators and the consortium.
    /// @param kind For instance "lca" or "certificate".
    /// @param issuer Who signed the document.
    function recordEvidence(bytes32 digest, string calldata uri, bytes32 kind, string calldata issuer) external;

    /// @notice Records an assessment. For auditors and the consortium.
    function assess(Assessment calldata assessment) external returns (AssessmentId id);

    /// @notice Raises a finding. For auditors and the consortium.
    function raiseFinding(Finding calldata finding) external returns (FindingId id);

    /// @notice Says how an open finding will be corrected. For operators of the participant that it is about, even if
    /// that may not act.
    function submitCorrectiveAction(
        FindingId finding,
        string calldata action,
        uint64 occurredAt,
        Evidence[] calldata evidence
    ) external;

    /// @notice Agrees to the submitted corrective action. For auditors and the consortium.
    function acceptCorrectiveAction(FindingId finding, uint64 occurredAt, Evidence[] calldata evidence) external;

    /// @notice Refuses the submitted corrective action. For auditors and the consortium.
    function refuseCorrectiveAction(
        FindingId finding,
        string calldata reason,
        uint64 occurredAt,
        Evidence[] calldata evidence
    ) external;

    /// @notice Closes a finding whose corrective action was accepted. For auditors and the consortium; a critical one for
    /// another auditor than raised it or agreed to its corrective action.
    /// @param evidence At least one document that shows that it is corrected.
    function closeFinding(FindingId finding, uint64 occurredAt, Evidence[] calldata evidence) external;

    /// @notice Opens a closed finding again. For auditors and the consortium.
    /// @param dueAt Its new due date, not before `occurredAt`.
    function reopenFinding(
        FindingId finding,
        string calldata reason,
        uint64 dueAt,
        uint64 occurredAt,
        Evidence[] calldata evidence
    ) external;

    /// @notice Says of which kinds participants in `role` need a valid assessment. Restricted to the policy role.
    /// @param kinds In place of those before; none for none. Assessments of single facilities do not count.
    /// @param bounds Of each kind, the least value that suffices or, of the two risks, the highest; zero for any.
    /// @dev The first kind for a role, and the end of the last, cost some thousand gas for every participant in it.
    function setMandatory(bytes32 role, bytes32[] calldata kinds, uint32[] calldata bounds) external;

    /// @notice Has the registry ask about a participant (or, if it is not zero, a facility of it) at its acts if there is
    /// an unclosed critical finding, or something mandatory for one of its roles; else not. For everybody.
    /// @dev The contract does so by itself at every change while it is the registry's act guard. This is for changes
    /// from before it was set, or set again. It does nothing while the contract is not the act guard.
    function watch(address participant, FacilityId facility) external;

    /// @notice The registry whose participants are assessed.
    function registry() external view returns (IParticipantRegistry);

    /// @notice Whether there is such an assessment.
    function assessmentExists(AssessmentId assessment) external view returns (bool);

    /// @notice The participant's assessment of that kind and scheme that counts now; zeros if none has begun.
    /// @dev Of those that have begun, the one that began last; of several that began in the same second, the one recorded
    /// last. So renewals can be recorded early, any number of them, and each takes over when it begins; one recorded late,
    /// of an earlier time, changes nothing. Those of facilities do not count.
    function assessmentOf(address participant, bytes32 kind, bytes32 scheme)
        external
        view
        returns (uint64 validFrom, uint64 validUntil, uint32 value);

    /// @notice A finding as it stands now.
    /// @dev Reverts `UnknownFinding`.
    function findingOf(FindingId finding) external view returns (FindingRecord memory);

    /// @notice The critical findings that are not closed: of a facility or, if that is zero, of the participant as a
    /// whole.
    function openCritical(address participant, FacilityId facility) external view returns (FindingId[] memory);

    /// @notice The kinds of assessment that participants in `role` need.
    function mandatoryFor(bytes32 role) external view returns (bytes32[] memory kinds, uint32[] memory bounds);

    /// @notice Whether `requireMayAct` would pass now.
    function mayAct(address participant) external view returns (bool);

    /// @notice Whether `requireMayUse` would pass now.
    function mayUse(address participant, FacilityId facility) external view returns (bool);
}
