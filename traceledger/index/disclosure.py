"""Private texts in place of their commitments, in what an index gives out; each in its own field.

Example:
    >>> class Known:
    ...     def opened(self, kind, owner, text):
    ...         return "KOL-1"
    >>> shown = Disclosure(Known())
    >>> shown.text(FieldKind.BATCH, bytes(20), "urn:traceledger:private:1:ab"), AS_RECORDED.text(
    ...     FieldKind.BATCH, bytes(20), "urn:traceledger:private:1:ab")
    ('KOL-1', 'urn:traceledger:private:1:ab')
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from traceledger.events import RecordedEvent
from traceledger.events.private import Openings, opened_event, opened_evidence
from traceledger.model.batches import Batch, Shipment
from traceledger.model.commitments import FieldKind, evidence_of
from traceledger.model.evidence import Evidence, EvidenceRecord
from traceledger.model.registry import Facility, Participant

if TYPE_CHECKING:
    from traceledger.model.assurance import Assessment, Finding, FindingStep
    from traceledger.model.standing import StandingChange


class Disclosure:
    """Discloses values, and notes what it disclosed.

    Args:
        openings: what opens commitments; ``None``: everything stays as it was recorded.
    """

    def __init__(self, openings: Openings | None) -> None:
        self._openings = openings
        self.noted: dict[str, str] = {}
        """By its commitment, each text disclosed so far (of a document, its address)."""

    def opened(self, kind: FieldKind, owner: bytes | None, text: str) -> str:
        """The text behind a field's text, as :class:`~traceledger.events.private.Openings` says."""
        if self._openings is None:
            return text
        found = self._openings.opened(kind, owner, text)
        if found != text:
            self.noted[text] = evidence_of(found).uri if kind is FieldKind.EVIDENCE else found
        return found

    def text(self, kind: FieldKind, owner: bytes, text: str) -> str:
        """A text of an owner."""
        return self.opened(kind, owner, text)

    def documents(self, evidence: Sequence[Evidence], owner: bytes | None) -> tuple[Evidence, ...]:
        """Documents; ``None``: whosever they are."""
        return tuple(opened_evidence(item, owner, self) for item in evidence)

    def participant(self, item: Participant) -> Participant:
        """Its name."""
        return replace(item, name=self.text(FieldKind.PARTICIPANT_NAME, item.address, item.name))

    def facility(self, item: Facility) -> Facility:
        """Its identifier and name."""
        identifier = self.text(FieldKind.FACILITY, item.participant, item.identifier)
        named = item.name != item.identifier
        name = self.text(FieldKind.FACILITY_NAME, item.participant, item.name) if named else identifier
        return replace(item, identifier=identifier, name=name)

    def batch(self, item: Batch) -> Batch:
        """Its identifier."""
        return replace(item, identifier=self.text(FieldKind.BATCH, item.creator, item.identifier))

    def shipment(self, item: Shipment) -> Shipment:
        """Its identifier."""
        return replace(item, identifier=self.text(FieldKind.SHIPMENT, item.sender, item.identifier))

    def record(self, item: EvidenceRecord) -> EvidenceRecord:
        """A document on record."""
        (shown,) = self.documents([Evidence(item.uri, item.sha256)], item.recorded_by)
        return replace(item, uri=shown.uri, sha256=shown.sha256)

    def assessment(self, item: Assessment) -> Assessment:
        """Its documents."""
        return replace(item, evidence=self.documents(item.evidence, item.assessor))

    def finding(self, item: Finding) -> Finding:
        """The documents of its steps."""
        return replace(item, steps=tuple(map(self._step, item.steps)))

    def _step(self, step: FindingStep) -> FindingStep:
        return replace(step, evidence=self.documents(step.evidence, step.changed_by))

    def standing_change(self, item: StandingChange) -> StandingChange:
        """Its documents."""
        return replace(item, evidence=self.documents(item.evidence, None))

    def event(self, item: RecordedEvent) -> RecordedEvent:
        """Its texts and documents."""
        if self._openings is None:
            return item
        shown = opened_event(item.event, self)
        return item if shown is item.event else replace(item, event=shown)


AS_RECORDED = Disclosure(None)
"""Everything as it stands on chain."""
