"""What the assurance registry says, and what the AccessManager announces.

One class for each event of ``contracts/interfaces/IAssuranceRegistry.sol``, and for those of OpenZeppelin's
``IAccessManager`` about operations with a delay. Fields stand in the order of the Solidity parameters; a
``facility`` of 0 means the participant as a whole, ``occurred_at`` is when it happened, as claimed.
"""

# Without `from __future__ import annotations`: traceledger.events.fields reads the annotations.
from typing import TYPE_CHECKING, ClassVar

from traceledger.events.facts import NO_DOCUMENTS, NOTHING_PRIVATE, UNKNOWN_AUTHOR, EventFacts
from traceledger.events.fields import (
    Address,
    Data,
    Documents,
    Hash,
    Id,
    Indexed,
    Label,
    Number32,
    Number48,
    Seconds,
    Text,
)
from traceledger.model.assurance import Severity
from traceledger.model.evidence import Evidence
from traceledger.model.frozen import frozen


@frozen
class EvidenceRecorded:
    """A document held elsewhere was put on record; ``digest`` is its SHA-256."""

    digest: Indexed[Hash]
    recorded_by: Indexed[Address]
    kind: Label
    uri: Text
    issuer: Text

    texts: ClassVar = NOTHING_PRIVATE

    @property
    def author(self) -> bytes:
        """Who put it on record."""
        return self.recorded_by

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """The document itself."""
        return (Evidence(self.uri, self.digest),)


@frozen
class Assessed:
    """A participant, or one of its facilities, was assessed."""

    assessment: Indexed[Id]
    participant: Indexed[Address]
    assessor: Indexed[Address]
    facility: Id
    kind: Label
    scheme: Label
    value: Number32
    valid_from: Seconds
    valid_until: Seconds
    occurred_at: Seconds
    identifier: Text
    issuer: Text
    evidence: Documents

    texts: ClassVar = NOTHING_PRIVATE

    @property
    def author(self) -> bytes:
        """Who assessed."""
        return self.assessor


@frozen
class FindingRaised:
    """An auditor found a non-compliance; ``batch`` is not 0 where it is about a single lot."""

    finding: Indexed[Id]
    participant: Indexed[Address]
    raised_by: Indexed[Address]
    facility: Id
    batch: Id
    severity: Severity
    category: Label
    due_at: Seconds
    occurred_at: Seconds
    identifier: Text
    description: Text
    evidence: Documents

    texts: ClassVar = NOTHING_PRIVATE

    @property
    def author(self) -> bytes:
        """The auditor, or the consortium's account."""
        return self.raised_by


@frozen
class CorrectiveActionSubmitted:
    """The participant said how it will correct the finding."""

    finding: Indexed[Id]
    changed_by: Indexed[Address]
    occurred_at: Seconds
    corrective_action: Text
    evidence: Documents

    texts: ClassVar = NOTHING_PRIVATE

    @property
    def author(self) -> bytes:
        """The participant."""
        return self.changed_by


@frozen
class CorrectiveActionAccepted:
    """An auditor agreed to the corrective action; the due date stands."""

    finding: Indexed[Id]
    changed_by: Indexed[Address]
    occurred_at: Seconds
    evidence: Documents

    texts: ClassVar = NOTHING_PRIVATE

    @property
    def author(self) -> bytes:
        """The auditor, or the consortium's account."""
        return self.changed_by


@frozen
class CorrectiveActionRefused:
    """An auditor did not agree to the corrective action; the finding is open again."""

    finding: Indexed[Id]
    changed_by: Indexed[Address]
    occurred_at: Seconds
    reason: Text
    evidence: Documents

    texts: ClassVar = NOTHING_PRIVATE

    @property
    def author(self) -> bytes:
        """The auditor, or the consortium's account."""
        return self.changed_by


@frozen
class FindingClosed:
    """An auditor saw that the finding is corrected."""

    finding: Indexed[Id]
    changed_by: Indexed[Address]
    occurred_at: Seconds
    evidence: Documents

    texts: ClassVar = NOTHING_PRIVATE

    @property
    def author(self) -> bytes:
        """The auditor, or the consortium's account."""
        return self.changed_by


@frozen
class FindingReopened:
    """An auditor saw that it is not, or not any more."""

    finding: Indexed[Id]
    changed_by: Indexed[Address]
    due_at: Seconds
    occurred_at: Seconds
    reason: Text
    evidence: Documents

    texts: ClassVar = NOTHING_PRIVATE

    @property
    def author(self) -> bytes:
        """The auditor, or the consortium's account."""
        return self.changed_by


@frozen
class MandatoryChanged:
    """From now on participants in ``role`` need a valid assessment of each of ``kinds``.

    ``bounds``: of each kind the least value that suffices or, of the two risks, the highest; 0 for any.
    """

    role: Indexed[Label]
    kinds: tuple[Label, ...]
    bounds: tuple[Number32, ...]

    author: ClassVar = UNKNOWN_AUTHOR
    texts: ClassVar = NOTHING_PRIVATE
    evidence: ClassVar = NO_DOCUMENTS


@frozen
class OperationScheduled:
    """``caller`` announced that it will call ``target`` with ``data``, not before ``schedule``."""

    operation: Indexed[Hash]
    nonce: Indexed[Number32]
    schedule: Number48
    caller: Address
    target: Address
    data: Data

    texts: ClassVar = NOTHING_PRIVATE
    evidence: ClassVar = NO_DOCUMENTS

    @property
    def author(self) -> bytes:
        """The account that announced it."""
        return self.caller


@frozen
class OperationExecuted:
    """An announced call was made."""

    operation: Indexed[Hash]
    nonce: Indexed[Number32]

    author: ClassVar = UNKNOWN_AUTHOR
    texts: ClassVar = NOTHING_PRIVATE
    evidence: ClassVar = NO_DOCUMENTS


@frozen
class OperationCanceled:
    """An announced call was withdrawn."""

    operation: Indexed[Hash]
    nonce: Indexed[Number32]

    author: ClassVar = UNKNOWN_AUTHOR
    texts: ClassVar = NOTHING_PRIVATE
    evidence: ClassVar = NO_DOCUMENTS


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


if TYPE_CHECKING:

    def _says_all(event: AssuranceEvent | ManagerEvent) -> EventFacts:
        """The type checker names here what an event does not say of itself."""
        _ = (event.author, event.texts, event.evidence)
        return event
