"""Where events may hold commitments to private texts, whose they are, and the events with them opened.

Example:
    >>> name = "urn:traceledger:private:1:" + "0" * 64
    >>> event = ParticipantRegistered(bytes(20), "katanga", name, "CD", (), ())
    >>> [field.kind.value for field in private_fields(event)]
    ['participant_name']
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Protocol

from traceledger.events.assurance import Assessed, EvidenceRecorded, FindingRaised
from traceledger.events.decoder import Event
from traceledger.events.ledger import (
    BatchMinted,
    BatchSplit,
    ErrorDeclared,
    ShipmentCancelled,
    ShipmentOffered,
    ShipmentReceived,
    ShipmentRejected,
    Transformed,
)
from traceledger.events.registry import FacilityRegistered, ParticipantRegistered
from traceledger.model.commitments import PREFIX, FieldKind, evidence_of, is_commitment
from traceledger.model.evidence import Evidence


class Openings(Protocol):
    """Knows what opens commitments."""

    def opened(self, kind: FieldKind, owner: bytes | None, text: str) -> str:
        """The text behind a field's text; the same where it is no commitment, or nothing opens it.

        Args:
            kind: which field it is.
            owner: whose field it is; ``None`` where the event does not say.
            text: the field's text.
        """


@dataclass(frozen=True, slots=True)
class PrivateField:
    """A commitment in an event. ``owner`` is ``None`` where the event does not say who wrote it."""

    kind: FieldKind
    owner: bytes | None
    text: str


@dataclass(frozen=True, slots=True)
class Text:
    """A text in an event that may be a commitment, or not: then it is public (of a document, its address)."""

    kind: FieldKind
    text: str
    private: bool


def author_of(event: Event) -> bytes | None:
    """The participant (or the consortium's account) that an event says wrote it."""
    match event:
        case BatchMinted(creator=author) | ShipmentOffered(sender=author) | ShipmentCancelled(sender=author):
            return author
        case ShipmentReceived(receiver=author) | ShipmentRejected(receiver=author):
            return author
        case Transformed(participant=author) | FacilityRegistered(participant=author):
            return author
        case ErrorDeclared(declared_by=author) | FindingRaised(raised_by=author):
            return author
        case Assessed(assessor=author) | EvidenceRecorded(recorded_by=author):
            return author
        case _:
            return getattr(event, "custodian", None)


def private_fields(event: Event) -> Iterator[PrivateField]:
    """Every commitment in an event, with what a commitment there must commit to."""
    author = author_of(event)
    for kind, owner, text in _texts(event, author):
        if is_commitment(text):
            yield PrivateField(kind, owner, text)
    for evidence in _documents(event):
        if is_concealed(evidence):
            yield PrivateField(FieldKind.EVIDENCE, author, evidence.uri)


def texts_of(event: Event) -> Iterator[Text]:
    """Every text in an event that its author could have kept private."""
    for kind, _, text in _texts(event, None):
        yield Text(kind, text, is_commitment(text))
    for evidence in _documents(event):
        yield Text(FieldKind.EVIDENCE, evidence.uri, is_concealed(evidence))


def is_concealed(evidence: Evidence) -> bool:
    """Whether a commitment stands in place of a document: the same one as its address and as its hash."""
    return is_commitment(evidence.uri) and evidence.uri == PREFIX + evidence.sha256.hex()


def opened_evidence(evidence: Evidence, owner: bytes | None, openings: Openings) -> Evidence:
    """The document behind a commitment; the same where it is none, or nothing opens it."""
    if not is_concealed(evidence):
        return evidence
    text = openings.opened(FieldKind.EVIDENCE, owner, evidence.uri)
    return evidence if text == evidence.uri else evidence_of(text)


def opened_event(event: Any, openings: Openings) -> Any:
    """The event with the texts behind its commitments, where something opens them; ids stay."""
    if not any(True for _ in private_fields(event)):
        return event
    author = author_of(event)

    def text(kind: FieldKind, recorded: str) -> str:
        return openings.opened(kind, author, recorded)

    changes: dict[str, Any] = {
        "evidence": tuple(opened_evidence(item, author, openings) for item in _documents(event))
    }
    match event:
        case BatchMinted(identifier=identifier):
            changes["identifier"] = text(FieldKind.BATCH, identifier)
        case ShipmentOffered(identifier=identifier):
            changes["identifier"] = text(FieldKind.SHIPMENT, identifier)
        case BatchSplit(children=children):
            changes["children"] = tuple(
                replace(child, identifier=text(FieldKind.BATCH, child.identifier)) for child in children
            )
        case Transformed(identifier=identifier, outputs=outputs):
            changes["identifier"] = text(FieldKind.TRANSFORMATION, identifier)
            changes["outputs"] = tuple(
                replace(made, identifier=text(FieldKind.BATCH, made.identifier)) for made in outputs
            )
    return replace(event, **changes)


def _texts(event: Event, author: bytes | None) -> Iterator[tuple[FieldKind, bytes | None, str]]:
    match event:
        case ParticipantRegistered(participant=participant, name=name):
            yield FieldKind.PARTICIPANT_NAME, participant, name
        case FacilityRegistered(identifier=identifier, name=name):
            yield FieldKind.FACILITY, author, identifier
            if name != identifier:
                yield FieldKind.FACILITY_NAME, author, name
        case BatchMinted(identifier=identifier):
            yield FieldKind.BATCH, author, identifier
        case BatchSplit(children=children):
            yield from ((FieldKind.BATCH, author, child.identifier) for child in children)
        case ShipmentOffered(identifier=identifier):
            yield FieldKind.SHIPMENT, author, identifier
        case Transformed(identifier=identifier, outputs=outputs):
            yield FieldKind.TRANSFORMATION, author, identifier
            yield from ((FieldKind.BATCH, author, made.identifier) for made in outputs)


def _documents(event: Event) -> tuple[Evidence, ...]:
    if isinstance(event, EvidenceRecorded):
        return (Evidence(event.uri, event.digest),)
    return getattr(event, "evidence", ())
