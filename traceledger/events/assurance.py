"""What the assurance registry says, and what the AccessManager announces.

One class for each event of ``contracts/interfaces/IAssuranceRegistry.sol``, and for those of OpenZeppelin's
``IAccessManager`` about operations with a delay. Fields stand in the order of the Solidity parameters; a
``facility`` of 0 means the participant as a whole, ``occurred_at`` is when it happened, as claimed.

Example:
    >>> MandatoryChanged(role="producer", kinds=("saq",)).kinds
    ('saq',)
"""

from __future__ import annotations

from dataclasses import dataclass

from traceledger.model.assurance import Severity
from traceledger.model.evidence import Evidence


@dataclass(frozen=True, slots=True)
class EvidenceRecorded:
    """A document held elsewhere was put on record; ``digest`` is its SHA-256."""

    digest: bytes
    recorded_by: bytes
    kind: str
    uri: str
    issuer: str


@dataclass(frozen=True, slots=True)
class Assessed:
    """A participant, or one of its facilities, was assessed."""

    assessment: int
    participant: bytes
    assessor: bytes
    facility: int
    kind: str
    scheme: str
    value: int
    valid_from: int
    valid_until: int
    occurred_at: int
    identifier: str
    issuer: str
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class FindingRaised:
    """An auditor found a non-compliance."""

    finding: int
    participant: bytes
    raised_by: bytes
    facility: int
    severity: Severity
    category: str
    due_at: int
    occurred_at: int
    identifier: str
    description: str
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class CorrectiveActionSubmitted:
    """The participant said how it will correct the finding."""

    finding: int
    changed_by: bytes
    occurred_at: int
    corrective_action: str
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class CorrectiveActionAccepted:
    """An auditor agreed to the corrective action; the due date stands."""

    finding: int
    changed_by: bytes
    occurred_at: int
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class CorrectiveActionRefused:
    """An auditor did not agree to the corrective action; the finding is open again."""

    finding: int
    changed_by: bytes
    occurred_at: int
    reason: str
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class FindingClosed:
    """An auditor saw that the finding is corrected."""

    finding: int
    changed_by: bytes
    occurred_at: int
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class FindingReopened:
    """An auditor saw that it is not, or not any more."""

    finding: int
    changed_by: bytes
    due_at: int
    occurred_at: int
    reason: str
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class MandatoryChanged:
    """From now on participants in ``role`` need a valid assessment of each of ``kinds``."""

    role: str
    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OperationScheduled:
    """``caller`` announced that it will call ``target`` with ``data``, not before ``schedule``."""

    operation: bytes
    nonce: int
    schedule: int
    caller: bytes
    target: bytes
    data: bytes


@dataclass(frozen=True, slots=True)
class OperationExecuted:
    """An announced call was made."""

    operation: bytes
    nonce: int


@dataclass(frozen=True, slots=True)
class OperationCanceled:
    """An announced call was withdrawn."""

    operation: bytes
    nonce: int


AssuranceEvent = (
    EvidenceRecorded
    | Assessed
    | FindingRaised
    | CorrectiveActionSubmitted
    | CorrectiveActionAccepted
    | CorrectiveActionRefused
    | FindingClosed
    | FindingReopened
    | MandatoryChanged
)
ManagerEvent = OperationScheduled | OperationExecuted | OperationCanceled
