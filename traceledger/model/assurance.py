"""Assessments, findings and their steps, and the requirements that are announced.

Times are UTC seconds, addresses 20 bytes, ids ``int``.

Example:
    >>> AssessmentKind.SAQ.measure, Severity.CRITICAL.slug
    ('score', 'critical')
"""

from __future__ import annotations

from enum import IntEnum, StrEnum

from traceledger.model.evidence import Evidence
from traceledger.model.frozen import frozen


class AssessmentKind(StrEnum):
    """What an assessment is; its value is a score or share, a rating, or nothing."""

    SAQ = "saq"
    SSI = "ssi"
    CODE_OF_CONDUCT = "code_of_conduct"
    AUDIT = "audit"
    LCA = "lca"
    CERTIFICATE = "certificate"
    RENEWABLE_ELECTRICITY = "renewable_electricity"
    COUNTRY_RISK = "country_risk"
    CATEGORY_RISK = "category_risk"

    @property
    def measure(self) -> str:
        """What its value is called in files: ``score``, ``share``, ``rating``, or nothing."""
        return _MEASURES.get(self, "")


_MEASURES = {
    AssessmentKind.SAQ: "score",
    AssessmentKind.SSI: "score",
    AssessmentKind.AUDIT: "score",
    AssessmentKind.RENEWABLE_ELECTRICITY: "share",
    AssessmentKind.COUNTRY_RISK: "rating",
    AssessmentKind.CATEGORY_RISK: "rating",
}


class Rating(IntEnum):
    """How high a country or category risk is; numbers as in the contracts."""

    LOW = 1
    MEDIUM = 2
    HIGH = 3

    @property
    def slug(self) -> str:
        """The name used in files: ``low``, ``medium``, ``high``."""
        return self.name.lower()


class FindingCategory(StrEnum):
    """What a finding is about."""

    LABOUR = "labour"
    HUMAN_RIGHTS = "human_rights"
    HEALTH_AND_SAFETY = "health_and_safety"
    ENVIRONMENT = "environment"
    ETHICS = "ethics"
    QUALITY = "quality"


class Severity(IntEnum):
    """How severe a finding is; numbers as in the contracts. Only critical ones block."""

    MINOR = 0
    MAJOR = 1
    CRITICAL = 2

    @property
    def slug(self) -> str:
        """The name used in files: ``minor``, ``major``, ``critical``."""
        return self.name.lower()


class FindingState(IntEnum):
    """Where a finding stands; numbers as in the contracts. Reopened, or its action refused: ``OPEN``."""

    OPEN = 1
    ACTION_SUBMITTED = 2
    ACTION_ACCEPTED = 3
    CLOSED = 4

    @property
    def slug(self) -> str:
        """The name used in output: ``open``, ``action_submitted``, ``action_accepted``, ``closed``."""
        return self.name.lower()


@frozen
class Assessment:
    """What an auditor (address) stated of a participant (address), or of one of its facilities (id).

    Attributes:
        id: derived from assessor and identifier; its full name is ``assessor-slug/identifier``.
        assessor: the auditor, or the consortium's account.
        identifier: the assessor's own text.
        participant: who was assessed.
        facility: which of its facilities; ``None``: the participant as a whole.
        kind: an :class:`AssessmentKind`.
        scheme: the programme, for instance ``IRMA``.
        value: basis points of a score or share, or a :class:`Rating`; 0 where its kind has none.
        valid_from: from when it counts.
        valid_until: the last second at which it does.
        issuer: who signed the document.
        occurred_at: when it was made, as claimed.
        recorded_at: the time of its block.
        evidence: documents that show it.
    """

    id: int
    assessor: bytes
    identifier: str
    participant: bytes
    facility: int | None
    kind: str
    scheme: str
    value: int
    valid_from: int
    valid_until: int
    issuer: str
    occurred_at: int
    recorded_at: int
    evidence: tuple[Evidence, ...] = ()

    def is_valid(self, at: int) -> bool:
        """Whether it counts at that time, UTC seconds."""
        return self.valid_from <= at <= self.valid_until


@frozen
class FindingStep:
    """One step of a finding's life.

    Attributes:
        step: ``raised``, ``action_submitted``, ``action_accepted``, ``action_refused``, ``closed`` or
            ``reopened``.
        state: where the finding stands after it.
        changed_by: the participant, the auditor, or the consortium's account (address).
        text: the description, the corrective action or the reason; empty where the step has none.
        due_at: when the finding is due after it.
        occurred_at: when it happened, as claimed.
        recorded_at: the time of its block.
        evidence: documents that show it.
    """

    step: str
    state: FindingState
    changed_by: bytes
    text: str
    due_at: int
    occurred_at: int
    recorded_at: int
    evidence: tuple[Evidence, ...] = ()


@frozen
class Finding:
    """A non-compliance that an auditor (address) found, as it stands now, with its whole history.

    ``facility`` is one that the participant holds now, or ``None`` for the participant as a whole; ``batch``
    is a single lot, and then it blocks nobody. Its full name is ``auditor-slug/identifier``.
    """

    id: int
    auditor: bytes
    identifier: str
    participant: bytes
    facility: int | None
    severity: Severity
    category: str
    description: str
    state: FindingState
    due_at: int
    occurred_at: int
    steps: tuple[FindingStep, ...] = ()
    batch: int | None = None

    def is_overdue(self, at: int) -> bool:
        """Whether it is not closed, and was due before that time."""
        return self.state is not FindingState.CLOSED and self.due_at < at


@frozen
class Requirement:
    """A kind of assessment that is mandatory.

    ``bound`` is the least value that suffices or, of the two risks, the highest; 0 for any.
    """

    kind: str
    bound: int = 0

    def suffices(self, value: int) -> bool:
        """Whether a value is good enough. A score of nothing is a failed assessment, whatever the bound."""
        kind = AssessmentKind(self.kind) if self.kind in set(AssessmentKind) else None
        match kind.measure if kind else "":
            case "":
                return True
            case "rating":
                return self.bound == 0 or value <= self.bound
            case _:
                return value != 0 and value >= self.bound


PROPOSAL_EXPIRES = 7 * 86_400
"""Seconds that a change of the rules may be enacted for once its delay is over."""


@frozen
class RequirementProposal:
    """An announced change of which assessments are mandatory for ``role``.

    It can be enacted from ``ready_at`` on, within a week.
    """

    role: str
    requirements: tuple[Requirement, ...]
    ready_at: int
