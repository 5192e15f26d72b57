"""The events of EPCIS 2.0 as typed values: what the standard's five kinds of event say.

Identifiers are in canonical form, so that one lot in two notations is one lot; values of the standard's
vocabularies are bare words, private ones URIs. Numbers are exact.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any

from traceledger.interop.epcis.extension import Extension
from traceledger.interop.epcis.faults import Fault
from traceledger.interop.epcis.masterdata import Vocabulary
from traceledger.interop.schemas import Asked

FAULTS_TOLD = 5
"""Of an event, in one sentence."""
_NOTHING = Extension()


class EventType(StrEnum):
    """The kinds of event (EPCIS 2.0, section 7.4)."""

    OBJECT = "ObjectEvent"
    AGGREGATION = "AggregationEvent"
    ASSOCIATION = "AssociationEvent"
    TRANSACTION = "TransactionEvent"
    TRANSFORMATION = "TransformationEvent"
    OWN = "an event type of its own"
    """A type that a community defined for itself; :attr:`Event.type_name` is its URI."""


class Action(StrEnum):
    """How the event relates to the life of what it names (EPCIS 2.0, section 7.3.2)."""

    ADD = "ADD"
    OBSERVE = "OBSERVE"
    DELETE = "DELETE"


@dataclass(frozen=True, slots=True)
class Quantity:
    """An amount of a class of objects.

    Attributes:
        epc_class: the class or lot, canonical.
        amount: how much; ``None`` if it is not said. Exactly as written.
        uom: unit, a code of UN/CEFACT Recommendation 20; ``None``: pieces.
    """

    epc_class: str
    amount: Decimal | None = None
    uom: str | None = None


@dataclass(frozen=True, slots=True)
class Party:
    """A source or a destination.

    Attributes:
        type: ``owning_party``, ``possessing_party``, ``location``, or a private URI.
        id: who or where, canonical.
    """

    type: str
    id: str


@dataclass(frozen=True, slots=True)
class Transaction:
    """A business transaction: its type (a bare word or a private URI; ``None``: not said) and identifier."""

    type: str | None
    id: str


@dataclass(frozen=True, slots=True)
class Persistent:
    """Dispositions that stay until they are taken away: what is set, and what is unset."""

    set: tuple[str, ...] = ()
    unset: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ErrorDeclaration:
    """That an earlier event, which is otherwise repeated word for word, is wrong (EPCIS 2.0, 7.4.1.3).

    Attributes:
        at: when that was declared: UTC seconds, fractions floored.
        reason: ``did_not_occur``, ``incorrect_data``, a private URI, or ``None``.
        corrective: eventIDs of the events that are right instead.
        extension: what our own namespace says of the declaration.
    """

    at: int
    reason: str | None = None
    corrective: tuple[str, ...] = ()
    extension: Extension = _NOTHING


@dataclass(frozen=True, slots=True)
class Event:
    """One event, read and checked.

    Attributes:
        number: its place in the document, from 1.
        pointer: JSON Pointer (RFC 6901) of it in the document; empty where the document is the event.
        type: which kind.
        type_name: as the document has it.
        at: ``eventTime`` in UTC seconds, fractions floored.
        offset: ``eventTimeZoneOffset``, such as ``+02:00``.
        hash: the event hash of CBV 2.0, section 8.9: ``ni:///sha-256;…?ver=CBV2.0``.
        raw: the event as the document has it, numbers as :class:`~decimal.Decimal`.
        action: what it does; ``None`` for transformations.
        event_id: ``eventID``, as written.
        biz_step: a bare word of CBV or a private URI.
        disposition: the same.
        persistent: dispositions set and unset.
        read_point: where, canonical.
        biz_location: where the objects are afterwards, canonical.
        epcs: of an object or transaction event, what it names, canonical.
        quantities: the same by class.
        input_epcs: of a transformation.
        input_quantities: of a transformation.
        output_epcs: of a transformation.
        output_quantities: of a transformation.
        transformation_id: what joins several events of one transformation.
        parent: of an aggregation, association or transaction, canonical.
        children: of an aggregation or association, canonical.
        child_quantities: the same by class.
        sources: whence, in the document's order.
        destinations: whither, in the document's order.
        transactions: the papers of it.
        ilmd: instance or lot master data, names expanded to full addresses.
        error: of an event that declares an error.
        certification: addresses of certificates.
        extension: what our own namespace says, typed.
    """

    number: int
    pointer: str
    type: EventType
    type_name: str
    at: int
    offset: str
    hash: str
    raw: Mapping[str, Any] = field(repr=False)
    action: Action | None = None
    event_id: str | None = None
    biz_step: str | None = None
    disposition: str | None = None
    persistent: Persistent = Persistent()
    read_point: str | None = None
    biz_location: str | None = None
    epcs: tuple[str, ...] = ()
    quantities: tuple[Quantity, ...] = ()
    input_epcs: tuple[str, ...] = ()
    input_quantities: tuple[Quantity, ...] = ()
    output_epcs: tuple[str, ...] = ()
    output_quantities: tuple[Quantity, ...] = ()
    transformation_id: str | None = None
    parent: str | None = None
    children: tuple[str, ...] = ()
    child_quantities: tuple[Quantity, ...] = ()
    sources: tuple[Party, ...] = ()
    destinations: tuple[Party, ...] = ()
    transactions: tuple[Transaction, ...] = ()
    ilmd: Mapping[str, Any] = field(default_factory=dict)
    error: ErrorDeclaration | None = None
    certification: tuple[str, ...] = ()
    extension: Extension = _NOTHING

    @property
    def kind(self) -> str:
        """What it is, such as ``ObjectEvent ADD commissioning``."""
        words = (self.type_name, self.action.value if self.action else "", self.biz_step or "")
        return " ".join(each for each in words if each)

    def refused(self, fault: Fault) -> Refused:
        """That it is not taken after all."""
        return Refused(self.number, self.pointer, (fault,), self.event_id, self.kind)


@dataclass(frozen=True, slots=True)
class Refused:
    """An event that is not taken.

    Attributes:
        number: its place in the document, from 1.
        pointer: JSON Pointer of it in the document.
        faults: what is wrong with it, at least one.
        event_id: ``eventID`` where it has one.
        kind: its type, action and business step, as far as they can be read.
    """

    number: int
    pointer: str
    faults: tuple[Fault, ...]
    event_id: str | None = None
    kind: str = ""

    @property
    def why(self) -> str:
        """The first of its faults, in a clause; what stands elsewhere than the first one with its place."""
        first = self.faults[0]
        told = [
            each.what if each.pointer == first.pointer else f"{each.pointer}: {each.what}"
            for each in self.faults[:FAULTS_TOLD]
        ]
        more = len(self.faults) - len(told)
        return "; ".join([*told, *([f"and {more} more"] if more else [])])

    @property
    def sentence(self) -> str:
        """Which event, where and what is wrong, and how to mend the first of it."""
        first = self.faults[0]
        return f"event {self.number}: {Fault(first.pointer, self.why, first.hint).sentence}"


@dataclass(frozen=True, slots=True)
class Capture:
    """A document that was read.

    Attributes:
        name: what it is called: a file.
        sha256: of its bytes, in hexadecimal.
        type: ``EPCISDocument``, ``EPCISQueryDocument``, or the type of the only event.
        events: in the document's order, each read or refused.
        vocabularies: master data in its header.
        official: what GS1's own schema said of it; ``None``: it is not on this machine. What it does not
            accept is refused.
    """

    name: str
    sha256: str
    type: str
    events: tuple[Event | Refused, ...]
    vocabularies: tuple[Vocabulary, ...] = ()
    official: Asked | None = None

    @property
    def refused(self) -> tuple[Refused, ...]:
        """Those that are not taken."""
        return tuple(each for each in self.events if isinstance(each, Refused))
