"""The reference model of assurance: assessments, findings, requirements, and what they forbid at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.reference.registry import CONSORTIUM, Registry, require_identifier
from tests.reference.values import Name, refuse_if, seconds

DELAY = 2 * 86_400
EXPIRES = 7 * 86_400
SCORES = ("saq", "ssi", "audit", "renewable_electricity")
RISKS = ("country_risk", "category_risk")
KINDS = (*SCORES, *RISKS, "code_of_conduct", "lca", "certificate")
CATEGORIES = ("labour", "human_rights", "health_and_safety", "environment", "ethics")

Subject = tuple[str, Name | None]
"""A participant, and which of its facilities; ``None``: as a whole."""


@dataclass
class Finding:
    """A finding; names are (auditor, identifier), the consortium's account being an auditor too."""

    subject: Subject
    severity: str
    due: int
    state: str = "open"


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
                until = window[1] if window else 0
                refuse_if(until < self.now, "AssessmentExpired", kind=_label(kind), validUntil=until)

    def at_facility(self, account: str, name: Name) -> str:
        slug = super().at_facility(account, name)
        self._require_no_overdue((slug, name))
        return slug

    def _require_no_overdue(self, subject: Subject) -> None:
        due = [
            finding.due
            for finding in self.findings.values()
            if finding.subject == subject and finding.severity == "critical" and finding.state != "closed"
        ]
        refuse_if(min(due, default=self.now) < self.now, "FindingOverdue", dueAt=min(due, default=0))

    def window(self, slug: str, kind: str) -> tuple[int, int] | None:
        """The window that counts now: of those that have begun, the one that began last.

        Of those that began in one second, the one recorded last. A renewal that another replaced before it
        began never counts.
        """
        recorded = self.windows.get((slug, kind), [])
        begun = [
            (begin, place, end)
            for place, (_, begin, end) in enumerate(recorded)
            if begin <= self.now
            and not any(at < begin and following > at for at, following, _ in recorded[place + 1 :])
        ]
        begin, _, end = max(begun, default=(0, 0, 0))
        return (begin, end) if begun else None

    # --- operations ---------------------------------------------------------------------------------

    def _auditor(self, account: str, about: str) -> str:
        """For whom an auditor acts; the consortium for itself."""
        refuse_if(not self.is_auditor(account), "NotAuditorNorConsortium")
        auditor = CONSORTIUM if account == CONSORTIUM else self.keys[account][0]
        refuse_if(auditor == about, "SelfAssessment")
        return auditor

    def _subject(self, op: dict[str, Any]) -> Subject:
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
            window = (self.now, op["valid_from"], op["valid_until"])
            self.windows.setdefault((subject[0], kind), []).append(window)

    def raise_finding(self, op: dict[str, Any], account: str) -> None:
        subject = self._subject(op)
        auditor = self._auditor(account, subject[0])
        self._require_subject(subject)
        require_identifier(op["finding"])
        refuse_if(op["category"] not in CATEGORIES, "UnknownFindingCategory")
        _require_due(op)
        name = (auditor, op["finding"])
        refuse_if(name in self.findings, "FindingAlreadyExists")
        self.findings[name] = Finding(subject, op["severity"], op["due"])

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
        self._auditor(account, finding.subject[0])
        _advance(finding, "action_submitted", "action_accepted")

    def refuse_corrective_action(self, op: dict[str, Any], account: str) -> None:
        finding = self._known(op)
        self._auditor(account, finding.subject[0])
        _advance(finding, "action_submitted", "open")

    def close_finding(self, op: dict[str, Any], account: str) -> None:
        finding = self._known(op)
        self._auditor(account, finding.subject[0])
        refuse_if(finding.state != "action_accepted", "WrongFindingState")
        refuse_if(not op["evidence"], "EvidenceRequired")
        _advance(finding, "action_accepted", "closed")

    def reopen_finding(self, op: dict[str, Any], account: str) -> None:
        finding = self._known(op)
        self._auditor(account, finding.subject[0])
        refuse_if(finding.state != "closed", "WrongFindingState")
        _require_due(op)
        finding.state, finding.due = "open", op["due"]

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


def _require_due(op: dict[str, Any]) -> None:
    refuse_if(op["due"] == 0 or op["due"] < seconds(op["at"]), "InvalidDueDate")


def _label(text: str) -> bytes:
    return text.encode().ljust(32, b"\0")
