"""The index as those read it who know what opens private texts: disclosed, each in its own field.

Only for reading by people. Operations are planned over the index itself: calls to the contracts repeat what
stands on chain.

Example:
    >>> DisclosedIndex.participants.__name__
    'participants'
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from traceledger.events import RecordedEvent
from traceledger.events.private import Openings, opened_event, opened_evidence
from traceledger.index.store import Index
from traceledger.model.assurance import Assessment, Finding, FindingState, FindingStep, Severity
from traceledger.model.batches import Batch, Shipment
from traceledger.model.commitments import FieldKind, evidence_of
from traceledger.model.evidence import Evidence, EvidenceRecord
from traceledger.model.registry import Facility, Participant
from traceledger.model.standing import StandingChange


class _Noting:
    """Openings that note what they opened."""

    def __init__(self, openings: Openings) -> None:
        self._openings = openings
        self.noted: dict[str, str] = {}

    def opened(self, kind: FieldKind, owner: bytes | None, text: str) -> str:
        found = self._openings.opened(kind, owner, text)
        if found != text:
            self.noted[text] = evidence_of(found).uri if kind is FieldKind.EVIDENCE else found
        return found


class DisclosedIndex(Index):
    """The same file, read with the openings that are known.

    Args:
        index: where to read.
        openings: what opens commitments.
    """

    def __init__(self, index: Index, openings: Openings) -> None:
        super().__init__(index._database, index._follows)
        self._openings = _Noting(openings)

    @property
    def disclosed(self) -> Mapping[str, str]:
        """What was read disclosed so far: by its commitment, the text (of a document, its address)."""
        return self._openings.noted

    def facilities(self, participant: bytes | None = None) -> list[Facility]:
        """As in the index, identifiers and names disclosed."""
        return [self._opened_facility(item) for item in super().facilities(participant)]

    def batch_name(self, batch: int) -> str | None:
        """``creator-slug/identifier`` of a batch, disclosed."""
        found = self.batch(batch)
        return None if found is None else self._name(found.creator, found.identifier)

    def shipment_name(self, shipment: int) -> str | None:
        """``sender-slug/identifier`` of a shipment, disclosed."""
        found = self.shipment(shipment)
        return None if found is None else self._name(found.sender, found.identifier)

    def evidence(self, kind: str | None = None, recorded_by: bytes | None = None) -> list[EvidenceRecord]:
        """As in the index, documents disclosed."""
        found = []
        for item in super().evidence(kind, recorded_by):
            shown = opened_evidence(Evidence(item.uri, item.sha256), item.recorded_by, self._openings)
            found.append(replace(item, uri=shown.uri, sha256=shown.sha256))
        return found

    def assessments(
        self, participant: bytes | None = None, facility: int | None = None, kind: str | None = None
    ) -> list[Assessment]:
        """As in the index, documents disclosed."""
        return [self._opened_assessment(item) for item in super().assessments(participant, facility, kind)]

    def assessment(self, assessment: int) -> Assessment | None:
        """As in the index, documents disclosed."""
        found = super().assessment(assessment)
        return self._opened_assessment(found) if found else None

    def findings(
        self,
        participant: bytes | None = None,
        state: FindingState | None = None,
        severity: Severity | None = None,
    ) -> list[Finding]:
        """As in the index, documents disclosed."""
        return [self._opened_finding(item) for item in super().findings(participant, state, severity)]

    def finding(self, finding: int) -> Finding | None:
        """As in the index, documents disclosed."""
        found = super().finding(finding)
        return self._opened_finding(found) if found else None

    def standing_changes(self, participant: bytes) -> list[StandingChange]:
        """As in the index, documents disclosed."""
        found = super().standing_changes(participant)
        return [replace(item, evidence=self._documents(item.evidence, None)) for item in found]

    def _text(self, kind: FieldKind, owner: bytes, text: str) -> str:
        return self._openings.opened(kind, owner, text)

    def _documents(self, evidence: Sequence[Evidence], owner: bytes | None) -> tuple[Evidence, ...]:
        return tuple(opened_evidence(item, owner, self._openings) for item in evidence)

    def _opened_assessment(self, item: Assessment) -> Assessment:
        return replace(item, evidence=self._documents(item.evidence, item.assessor))

    def _opened_finding(self, item: Finding) -> Finding:
        def opened(step: FindingStep) -> FindingStep:
            return replace(step, evidence=self._documents(step.evidence, step.changed_by))

        return replace(item, steps=tuple(map(opened, item.steps)))

    def _opened_facility(self, item: Facility) -> Facility:
        identifier = self._text(FieldKind.FACILITY, item.participant, item.identifier)
        named = item.name != item.identifier
        name = self._text(FieldKind.FACILITY_NAME, item.participant, item.name) if named else identifier
        return replace(item, identifier=identifier, name=name)

    def _with_operators(self, row: tuple[Any, ...]) -> Participant:
        found = super()._with_operators(row)
        return replace(found, name=self._text(FieldKind.PARTICIPANT_NAME, found.address, found.name))

    def _facility(self, condition: str, *values: Any) -> Facility | None:
        found = super()._facility(condition, *values)
        return self._opened_facility(found) if found else None

    def _batches(self, condition: str, values: Sequence[Any]) -> list[Batch]:
        found = super()._batches(condition, values)
        return [replace(b, identifier=self._text(FieldKind.BATCH, b.creator, b.identifier)) for b in found]

    def _shipments(self, condition: str, values: Sequence[Any]) -> list[Shipment]:
        found = super()._shipments(condition, values)
        return [replace(s, identifier=self._text(FieldKind.SHIPMENT, s.sender, s.identifier)) for s in found]

    def _event(self, position: int, decoded: dict[int, RecordedEvent]) -> RecordedEvent:
        if position not in decoded:
            item = super()._event(position, decoded)
            decoded[position] = replace(item, event=opened_event(item.event, self._openings))
        return decoded[position]
