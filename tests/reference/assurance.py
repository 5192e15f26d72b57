"""The reference model of assurance: assessments, findings, requirements, and what they forbid at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.reference.registry import CONSORTIUM, Registry, require_identifier
from tests.reference.values import DAY, Name, Refused, refuse_if, seconds

DELAY = 2 * 86_400
EXPIRES = 7 * 86_400
SCORES = ("saq", "ssi", "audit", "renewable_electricity")
RISKS = ("country_risk", "category_risk")
KINDS = (*SCORES, *RISKS, "code_of_conduct", "lca", "certificate")
CATEGORIES = ("labour", "human_rights", "health_and_safety", "environment", "ethics", "quality")

Subject = tuple[str, Name | None]
"""A participant, and which of its facilities; ``None``: as a whole."""


@dataclass
class Finding:
    """A finding; names are (auditor, identifier), the consortium's account being an auditor too."""

    subject: Subject
    severity: str
    due: int
    state: str = "open"
    raised_by: str = ""
    accepted_by: str = ""
    batch: Name | None = None


class Assurance(Registry):
    """The registry with what auditors stated. ``now`` is the time of the block that is being made."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0
        self.findings: dict[Name, Finding] = {}
        self.assessments: set[Name] = set()
        self.windows: dict[tuple[str, str], list[tuple[int, int, int]]] = {}
        self.mandatory: dict[str, tuple[str, ...]] = {}
        self.announced: dict[tuple[str, tuple[str, ...]], int] = {}

    # --- what they forbid ---------------------------------------------------------------------------

    def require_active(self, slug: str) -> None:
        super().require_active(slug)
        self.require_policy(slug)

    def require_policy(self, slug: str) -> None:
        """What findings and mandatory assessments say, whatever the participant's standing is."""
        self._require_no_overdue((slug, None))
        participant = self.participants[slug]
        for role in participant.roles:
            for kind in self.mandatory.get(role, ()):
                window = self.window(slug, kind)
                refuse_if(window is None, "AssessmentMissing", kind=_label(kind))
                until, value = window[1:] if window else (0, 0)
                refuse_if(until < self.now, "AssessmentExpired", kind=_label(kind), validUntil=until)
                # A score of nothing is none.
                refuse_if(kind in SCORES and not value, "AssessmentInsufficient", kind=_label(kind))

    def unblocked(self, slug: str) -> bool:
        try:
            self.require_policy(slug)
        except Refused:
            return False
        return True

    def at_facility(self, account: str, name: Name) -> str:
        slug = super().at_facility(account, name)
        self._require_no_overdue((slug, name))
        return slug

    def _require_no_overdue(self, subject: Subject) -> None:
        due = [
            finding.due
            for finding in self.findings.values()
            if finding.subject == subject and finding.severity == "critical" and finding.state != "closed"
            if finding.batch is None
        ]
        refuse_if(min(due, default=self.now) < self.now, "FindingOverdue", dueAt=min(due, default=0))

    def window(self, slug: str, kind: str) -> tuple[int, int, int] | None:
        """When the validity that counts now begins and ends, and its value: of those that have begun, the one
        that began last; of those that began in one second, the one recorded last.
        """
        recorded = self.windows.get((slug, kind), [])
        begun = [
            (begin, place, end, value)
            for place, (begin, end, value) in enumerate(recorded)
            if begin <= self.now
        ]
        begin, _, end, value = max(begun, default=(0, 0, 0, 0))
        return (begin, end, value) if begun else None

    # --- operations ---------------------------------------------------------------------------------

    def _auditor(self, account: str, about: str) -> str:
        """For whom an auditor acts; the consortium for itself."""
        refuse_if(not self.is_auditor(account), "NotAuditorNorConsortium")
        auditor = self.speaker_of(account)
        refuse_if(auditor == about, "SelfAssessment")
        return auditor

    def _subject(self, op: dict[str, Any]) -> Subject:
        if "batch" in op:
            return self.full(op["batch"], None)[0], None
        if "participant" in op:
            return op["participant"], None
        name = self.full(op["facility"], None)
        return name[0], name

    def _require_subject(self, subject: Subject) -> None:
        slug, facility = subject
        refuse_if(slug not in self.participants, "UnknownParticipant")
        refuse_if(facility is not None and facility not in self.facilities, "UnknownFacility")

    def assess(self, op: dict[str, Any], account: str) -> None:
        subject, kind = self._subject(op), op["kind"]
        auditor = self._auditor(account, subject[0])
        self._require_subject(subject)
        require_identifier(op["assessment"])
        least, most = (0, 10_000) if kind in SCORES else (1, 3) if kind in RISKS else (0, 0)
        refuse_if(kind not in KINDS, "UnknownAssessmentKind")
        refuse_if(not least <= op["value"] <= most, "InvalidValue", value=op["value"], least=least, most=most)
        refuse_if(op["valid_until"] <= op["valid_from"], "InvalidValidity")
        name = (auditor, op["assessment"])
        refuse_if(name in self.assessments, "AssessmentAlreadyExists")
        self.assessments.add(name)
        if subject[1] is None:
            window = (op["valid_from"], op["valid_until"], op["value"])
            self.windows.setdefault((subject[0], kind), []).append(window)

    def raise_finding(self, op: dict[str, Any], account: str) -> None:
        subject = self._subject(op)
        auditor = self._auditor(account, subject[0])
        self._require_subject(subject)
        require_identifier(op["finding"])
        refuse_if(op["category"] not in CATEGORIES, "UnknownFindingCategory")
        name = (auditor, op["finding"])
        refuse_if(name in self.findings, "FindingAlreadyExists")
        lot = self.full(op["batch"], None) if "batch" in op else None
        self._require_due(op, op["severity"], lot)
        self.findings[name] = Finding(subject, op["severity"], op["due"], "open", auditor, "", lot)

    def questioned(self, batch: Name) -> bool:
        """Whether there is an open finding about a lot."""
        return any(finding.batch == batch and finding.state != "closed" for finding in self.findings.values())

    def _known(self, op: dict[str, Any]) -> Finding:
        name: Name = tuple(op["finding"])  # type: ignore[assignment]
        refuse_if(name not in self.findings, "UnknownFinding")
        return self.findings[name]

    def submit_corrective_action(self, op: dict[str, Any], account: str) -> None:
        finding = self._known(op)
        slug = self.participant_of(account)
        refuse_if(slug != finding.subject[0], "NotFindingSubject")
        _advance(finding, "open", "action_submitted")

    def accept_corrective_action(self, op: dict[str, Any], account: str) -> None:
        finding = self._known(op)
        auditor = self._auditor(account, finding.subject[0])
        _advance(finding, "action_submitted", "action_accepted")
        finding.accepted_by = auditor if finding.severity == "critical" else ""

    def refuse_corrective_action(self, op: dict[str, Any], account: str) -> None:
        finding = self._known(op)
        self._auditor(account, finding.subject[0])
        _advance(finding, "action_submitted", "open")

    def close_finding(self, op: dict[str, Any], account: str) -> None:
        finding = self._known(op)
        auditor = self._auditor(account, finding.subject[0])
        refuse_if(finding.state != "action_accepted", "WrongFindingState")
        refuse_if(not op["evidence"], "EvidenceRequired")
        involved = finding.severity == "critical" and auditor in (finding.raised_by, finding.accepted_by)
        refuse_if(involved and self._another_auditor(auditor, finding.subject[0]), "SecondAuditorRequired")
        _advance(finding, "action_accepted", "closed")

    def reopen_finding(self, op: dict[str, Any], account: str) -> None:
        finding = self._known(op)
        self._auditor(account, finding.subject[0])
        refuse_if(finding.state != "closed", "WrongFindingState")
        self._require_due(op, finding.severity, finding.batch)
        finding.state, finding.due = "open", op["due"]

    def _another_auditor(self, auditor: str, subject: str) -> bool:
        """Whether there is an auditor besides who could close a finding."""
        return any(
            other.slug not in (auditor, subject)
            and "auditor" in other.roles
            and other.status == "active"
            and self.unblocked(other.slug)
            for other in self.participants.values()
        )

    def _require_due(self, op: dict[str, Any], severity: str, lot: Name | None) -> None:
        refuse_if(op["due"] == 0 or op["due"] < seconds(op["at"]), "InvalidDueDate")
        # Rule 1: nobody is blocked without notice.
        blocks = severity == "critical" and lot is None
        refuse_if(blocks and op["due"] < self.now + DAY, "NoticeTooShort")

    def propose_requirement(self, op: dict[str, Any], account: str) -> None:
        change = (op["role"], tuple(op["kinds"]))
        refuse_if(account != CONSORTIUM, "AccessManagerUnauthorizedCall")
        waiting = change in self.announced and self.now < self.announced[change] + EXPIRES
        refuse_if(waiting, "AccessManagerAlreadyScheduled")
        self.announced[change] = self.now + DELAY

    def enact_requirement(self, op: dict[str, Any], account: str) -> None:
        change = (op["role"], tuple(op["kinds"]))
        refuse_if(account != CONSORTIUM, "AccessManagedUnauthorized")
        refuse_if(change not in self.announced, "AccessManagerNotScheduled")
        refuse_if(self.now < self.announced[change], "AccessManagerNotReady")
        refuse_if(self.now >= self.announced[change] + EXPIRES, "AccessManagerExpired")
        del self.announced[change]
        self.mandatory[change[0]] = change[1]


def _advance(finding: Finding, before: str, after: str) -> None:
    refuse_if(finding.state != before, "WrongFindingState")
    finding.state = after


def _label(text: str) -> bytes:
    return text.encode().ljust(32, b"\0")
