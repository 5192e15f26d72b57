"""Plain values that every part of TraceLedger shares. No chain, no I/O.

Masses are milligrams, emissions milligrams CO2e, times UTC seconds, addresses 20 bytes, ids ``int``.

Example:
    >>> Emissions(scope1=5, scope2=3).total_mg
    8
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, IntEnum, StrEnum


class Origin(IntEnum):
    """Where newly minted material comes from; recycled kinds as ISO 14021, 7.8.1.1 defines them."""

    MINED = 0
    POST_CONSUMER = 1
    PRE_CONSUMER = 2

    @property
    def slug(self) -> str:
        """The name used in files: ``mined``, ``post_consumer``, ``pre_consumer``."""
        return self.name.lower()


class AllocationRule(IntEnum):
    """How the burdens of a transformation are shared among its outputs."""

    MASS = 0
    ECONOMIC = 1

    @property
    def slug(self) -> str:
        """The name used in files: ``mass``, ``economic``."""
        return self.name.lower()


class ErrorReason(IntEnum):
    """Why an event is declared an error (EPCIS 2.0 ``errorDeclaration.reason``)."""

    DID_NOT_OCCUR = 0
    INCORRECT_DATA = 1

    @property
    def slug(self) -> str:
        """The name used in files: ``did_not_occur``, ``incorrect_data``."""
        return self.name.lower()


class BatchState(IntEnum):
    """The life of a batch; numbers as in the contracts. ``CONSUMED`` and ``RETIRED`` are final."""

    ACTIVE = 1
    IN_TRANSIT = 2
    CONSUMED = 3
    RETIRED = 4

    @property
    def slug(self) -> str:
        """The name used in output: ``active``, ``in_transit``, ``consumed``, ``retired``."""
        return self.name.lower()


class ParticipantState(IntEnum):
    """The standing of a participant; numbers as in the contracts. ``TERMINATED`` is final."""

    ACTIVE = 1
    SUSPENDED = 2
    TERMINATED = 3

    @property
    def slug(self) -> str:
        """The name used in output."""
        return self.name.lower()


class ShipmentState(Enum):
    """Where a shipment's handshake stands."""

    OFFERED = "offered"
    RECEIVED = "received"
    REJECTED = "rejected"
    CANCELLED = "cancelled"


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
    """Where a finding stands; numbers as in the contracts. Refused plans and reopened ones: ``OPEN``."""

    OPEN = 1
    ACTION_SUBMITTED = 2
    ACTION_ACCEPTED = 3
    CLOSED = 4

    @property
    def slug(self) -> str:
        """The name used in output: ``open``, ``action_submitted``, ``action_accepted``, ``closed``."""
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Emissions:
    """Emissions by GHG Protocol scope, mg CO2e; ``primary`` is the part of all three from primary data."""

    scope1: int = 0
    scope2: int = 0
    scope3: int = 0
    primary: int = 0

    @property
    def total_mg(self) -> int:
        """The three scopes together."""
        return self.scope1 + self.scope2 + self.scope3


@dataclass(frozen=True, slots=True)
class Evidence:
    """A document held elsewhere: its address and the 32 bytes of its SHA-256."""

    uri: str
    sha256: bytes


Substances = Mapping[int, int]
"""Milligrams by substance number: atomic numbers for elements, from 1000 up for minerals."""


@dataclass(frozen=True, slots=True)
class Participant:
    """A company on the ledger. ``operators`` are the keys that may sign for it now."""

    address: bytes
    slug: str
    name: str
    country: str
    roles: tuple[str, ...]
    state: ParticipantState
    operators: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class Facility:
    """A site operated by a participant (address). Its full name is ``participant-slug/identifier``.

    ``latitude`` and ``longitude`` are micro-degrees (WGS 84, north and east positive), ``None`` where the
    participant does not say where it is.
    """

    id: int
    participant: bytes
    identifier: str
    name: str
    kind: str
    country: str
    latitude: int | None = None
    longitude: int | None = None


@dataclass(frozen=True, slots=True)
class Material:
    """A kind of material and the substance numbers that its batches may hold."""

    id: int
    slug: str
    name: str
    cas: str
    substances: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Approval:
    """An approved origin: mg of the material that the facility may mint per calendar year."""

    facility: int
    material: int
    capacity_mg: int


@dataclass(frozen=True, slots=True)
class Shipment:
    """Batches (ids, in the order offered) on their way from one participant (address) to another."""

    id: int
    sender: bytes
    receiver: bytes
    identifier: str
    batches: tuple[int, ...]
    state: ShipmentState


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch as the index knows it now: what remains in its pools, mg and mg CO2e.

    ``facility`` is where it was made (a split child: where its parent was made). ``frozen``: an error
    was declared in it.
    """

    id: int
    creator: bytes
    identifier: str
    material: int
    facility: int
    custodian: bytes
    state: BatchState
    frozen: bool
    mass_mg: int
    own_mg: int
    inherited_mg: int
    primary_mg: int
    substances_mg: Substances = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class EvidenceRecord:
    """A document that a participant, or the consortium (address), put on record.

    ``recorded_at`` is the time of its block.
    """

    sha256: bytes
    uri: str
    kind: str
    issuer: str
    recorded_by: bytes
    recorded_at: int


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
class Finding:
    """A non-compliance that an auditor (address) found, as it stands now, with its whole history.

    ``facility`` is one of the participant's, or ``None`` for the participant as a whole. Its full name is
    ``auditor-slug/identifier``.
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

    def is_overdue(self, at: int) -> bool:
        """Whether it is not closed, and was due before that time."""
        return self.state is not FindingState.CLOSED and self.due_at < at


@dataclass(frozen=True, slots=True)
class StandingChange:
    """A participant was suspended, reinstated (active) or terminated by the account ``changed_by``.

    ``occurred_at`` is when, as claimed (0: not stated); ``recorded_at`` the time of its block.
    """

    state: ParticipantState
    changed_by: bytes
    reason: str
    occurred_at: int
    recorded_at: int
    evidence: tuple[Evidence, ...] = ()


PROPOSAL_EXPIRES = 7 * 86_400
"""Seconds that a change of the rules may be enacted for once its delay is over."""


@dataclass(frozen=True, slots=True)
class RequirementProposal:
    """An announced change of which assessments (``kinds``) are mandatory for ``role``.

    It can be enacted from ``ready_at`` on, within a week.
    """

    role: str
    kinds: tuple[str, ...]
    ready_at: int


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why a participant may not act.

    Attributes:
        reason: ``suspended``, ``terminated``, ``finding_overdue``, ``assessment_missing`` or
            ``assessment_expired``.
        facility: where it may not act (id); ``None``: anywhere.
        finding: the overdue finding (id).
        kind: the mandatory assessment.
        since: the first second since which, where it has one.
    """

    reason: str
    facility: int | None = None
    finding: int | None = None
    kind: str = ""
    since: int | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether a participant (address) may act at a time, and if not, why: what the contracts would say."""

    participant: bytes
    at: int
    obstacles: tuple[Obstacle, ...] = ()

    @property
    def may_act(self) -> bool:
        """Whether nothing stops it as a whole."""
        return all(item.facility is not None for item in self.obstacles)

    def may_operate(self, facility: int) -> bool:
        """Whether nothing stops it at that facility."""
        return all(item.facility not in (None, facility) for item in self.obstacles)
