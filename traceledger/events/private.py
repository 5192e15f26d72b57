"""Where events may hold commitments to private texts, whose they are, and the events with them opened.

Which texts these are, each event says itself (:mod:`traceledger.events.facts`).

Example:
    >>> from traceledger.events.registry import ParticipantRegistered
    >>> name = "urn:traceledger:private:1:" + "0" * 64
    >>> event = ParticipantRegistered(bytes(20), "katanga", name, "CD", (), ())
    >>> [text.kind.value for text in private_texts(event)]
    ['participant_name']
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any, Protocol, TypeVar

from traceledger.events.facts import EventFacts, Text
from traceledger.model.commitments import PREFIX, FieldKind, evidence_of, is_commitment
from traceledger.model.evidence import Evidence

E = TypeVar("E", bound=EventFacts)


class Openings(Protocol):
    """Knows what opens commitments."""

    def opened(self, kind: FieldKind, owner: bytes | None, text: str) -> str:
        """The text behind a field's text; the same where it is no commitment, or nothing opens it.

        Args:
            kind: which field it is.
            owner: whose field it is; ``None`` where the event does not say.
            text: the field's text.
        """


def texts_of(event: EventFacts) -> Iterator[Text]:
    """Every text in an event that its owner could have kept private; of documents, their addresses."""
    yield from event.texts
    for item in event.evidence:
        yield Text(FieldKind.EVIDENCE, event.author, item.uri, is_concealed(item))


def private_texts(event: EventFacts) -> Iterator[Text]:
    """Every commitment in an event, with what a commitment there must commit to."""
    return (text for text in texts_of(event) if text.private)


def is_concealed(evidence: Evidence) -> bool:
    """Whether a commitment stands in place of a document: the same one as its address and as its hash."""
    return is_commitment(evidence.uri) and evidence.uri == PREFIX + evidence.sha256.hex()


def opened_evidence(evidence: Evidence, owner: bytes | None, openings: Openings) -> Evidence:
    """The document behind a commitment; the same where it is none, or nothing opens it."""
    if not is_concealed(evidence):
        return evidence
    text = openings.opened(FieldKind.EVIDENCE, owner, evidence.uri)
    return evidence if text == evidence.uri else evidence_of(text)


def opened_event(event: E, openings: Openings) -> E:
    """The event with the texts behind its commitments, where something opens them; ids stay."""
    texts: dict[str, str] = {}
    documents: dict[Evidence, Evidence] = {}
    for item in event.evidence:
        documents[item] = opened_evidence(item, event.author, openings)
    for text in event.texts:
        if text.private:
            texts[text.text] = openings.opened(text.kind, text.owner, text.text)
    if all(shown == recorded for recorded, shown in (*texts.items(), *documents.items())):
        return event
    opened: E = _substituted(event, texts, documents)
    return opened


def _substituted(value: Any, texts: Mapping[str, str], documents: Mapping[Evidence, Evidence]) -> Any:
    """A value with texts and documents replaced, wherever in it they stand."""
    if isinstance(value, str):
        return texts.get(value, value)
    if isinstance(value, Evidence):
        return documents.get(value, value)
    if isinstance(value, tuple):
        return tuple(_substituted(item, texts, documents) for item in value)
    if is_dataclass(value) and not isinstance(value, type):
        parts = ((field.name, getattr(value, field.name)) for field in fields(value))
        return replace(value, **{name: _substituted(part, texts, documents) for name, part in parts})
    return value
