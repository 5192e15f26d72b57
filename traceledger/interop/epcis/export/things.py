"""Things of the ledger as documents name them: by the ledger's own names, and by URIs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING, NamedTuple, get_args

from traceledger.events import (
    EmissionsAdded,
    EmissionsRestated,
    ErrorDeclared,
    LedgerEvent,
    Position,
    ReceiptReversed,
    RecordedEvent,
    RestatementConfirmed,
    ReversingEvent,
    ShipmentCancelled,
    ShipmentOffered,
    ShipmentReceived,
    ShipmentRejected,
    Transformed,
)
from traceledger.index.schema import join_position
from traceledger.interop.epcis import uris
from traceledger.interop.uris import Thing as Kind
from traceledger.interop.uris import uri
from traceledger.model.batches import RecordKind
from traceledger.model.commitments import FieldKind
from traceledger.model.hexadecimal import hexed, id_text
from traceledger.names import LedgerNames

if TYPE_CHECKING:
    from traceledger.index import IndexReader
    from traceledger.model.batches import Batch, Shipment


_REVERSING = get_args(ReversingEvent)


class Thing(NamedTuple):
    """What the ledger calls it, and its URI."""

    name: str
    uri: str


class Things:
    """Names, URIs and events by the ids, addresses and places that events have.

    Companies and sites that were read are kept; of lots, shipments, blocks and events those of the events
    that were foreseen last, and what was asked for since.

    Args:
        index: where they are read; nothing of it is disclosed here.
    """

    def __init__(self, index: IndexReader) -> None:
        self.index = index
        self.names = LedgerNames(index)
        self.company: Callable[[bytes], Thing] = cache(self._company)
        self.site: Callable[[int], Thing] = cache(self._site)
        self.knows: Callable[[bytes], bool] = cache(self._knows)
        self._forget()

    def _forget(self) -> None:
        self._batches: dict[int, Batch | None] = {}
        self._lots: dict[int, Thing] = {}
        self._shipments: dict[int, Shipment | None] = {}
        self._hashes: dict[int, bytes] = {}
        self._made: dict[int, int] = {}
        self._reversed: dict[int, int] = {}
        self._records: dict[tuple[RecordKind, int], int] = {}
        self._events: dict[int, RecordedEvent] = {}

    def foresee(self, events: Sequence[RecordedEvent]) -> None:
        """Read at once what will be said of these events; it takes the place of what was foreseen before."""
        self._forget()
        many = self.index.many
        self._foresee_others(events)
        all_events = [*events, *self._events.values()]
        lots = {batch for found in all_events for batch, _ in found.event.concerns}
        self._batches.update(many.batches(lots))
        shipments = {each for found in all_events for each in _shipments_of(found.event)}
        self._shipments.update(many.shipments(shipments))
        self._hashes.update(many.hashes({found.block for found in all_events}))

    def _foresee_others(self, events: Sequence[RecordedEvent]) -> None:
        """The events that these take back, declare wrong, correct or restate."""
        many = self.index.many
        undoing = [join_position(*each.position) for each in events if isinstance(each.event, _REVERSING)]
        self._reversed = many.reversed_at(undoing)
        wrong = [each.event for each in events if isinstance(each.event, ErrorDeclared)]
        self._made = many.made_at({lot for each in wrong for lot in (each.batch, *each.corrective)})
        records: dict[RecordKind, set[int]] = {}
        for each in events:
            if isinstance(each.event, EmissionsRestated | RestatementConfirmed):
                records.setdefault(each.event.kind, set()).add(each.event.record)
        for kind, ids in records.items():
            found = many.record_places(kind, ids)
            self._records.update({(kind, id_): at for id_, at in found.items()})
        places = {*self._reversed.values(), *self._made.values(), *self._records.values()}
        self._events = many.events(sorted(places))

    def _knows(self, participant: bytes) -> bool:
        """Whether an address is a company's; else it is the consortium's account."""
        return self.names.company(participant) is not None

    def batch(self, lot: int) -> Batch | None:
        """A lot as it is now."""
        if lot not in self._batches:
            self._batches[lot] = self.index.batch(lot)
        return self._batches[lot]

    def lot(self, lot: int) -> Thing:
        """A lot."""
        if lot not in self._lots:
            found = self.batch(lot)
            known = found and self.names.private(FieldKind.BATCH, found.creator, found.identifier)
            name = known or id_text(lot)
            self._lots[lot] = Thing(name, uris.lot(name))
        return self._lots[lot]

    def consignment(self, shipment: int) -> Shipment | None:
        """A shipment as it is now."""
        if shipment not in self._shipments:
            self._shipments[shipment] = self.index.shipment(shipment)
        return self._shipments[shipment]

    def shipment(self, shipment: int) -> Thing:
        """A shipment by its name."""
        found = self.consignment(shipment)
        known = found and self.names.private(FieldKind.SHIPMENT, found.sender, found.identifier)
        name = known or id_text(shipment)
        return Thing(name, uris.shipment(name))

    def event_id(self, at: Position) -> str:
        """The ``eventID`` of what stands at a place."""
        return uris.event(self._hash(at.block), at.log_index)

    def run(self, participant: bytes, identifier: str) -> Thing:
        """A run, by who did it."""
        name = self.names.private(FieldKind.TRANSFORMATION, participant, identifier)
        return Thing(name, uri(Kind.TRANSFORMATION, name))

    def record(self, kind: RecordKind, number: int) -> str:
        """The full name of a record that emissions were recorded with, reversed or not."""
        match kind:
            case RecordKind.MINT:
                return self.lot(number).name
            case RecordKind.SHIPMENT:
                return self.shipment(number).name
            case RecordKind.TRANSFORMATION | RecordKind.EMISSIONS:
                event = self._recorded(kind, number)
        match event:
            case Transformed():
                return self.run(event.participant, event.identifier).name
            case EmissionsAdded():
                return self.names.private(FieldKind.EMISSIONS_RECORD, event.custodian, event.record)
            case _:
                return id_text(number)

    def _recorded(self, kind: RecordKind, number: int) -> LedgerEvent | None:
        """What was recorded under an id of a kind."""
        at = self._records.get((kind, number))
        if at is None:
            at = self.index.many.record_places(kind, [number]).get(number)
        return None if at is None else self._event(at).event

    def made(self, lot: int) -> RecordedEvent | None:
        """The event that made a lot."""
        if lot not in self._made:
            self._made |= self.index.many.made_at([lot])
        return self._event(self._made[lot]) if lot in self._made else None

    def taken_back(self, place: Position) -> RecordedEvent:
        """The event that a reversal at a place takes back; of lots that were received apart, the first."""
        at = join_position(*place)
        if at not in self._reversed:
            self._reversed |= self.index.many.reversed_at([at])
        return self._event(self._reversed[at])

    def at(self, place: Position) -> RecordedEvent:
        """The event at a place.

        Raises:
            VerificationError: the index has lost it.
        """
        return self._event(join_position(*place))

    def _event(self, position: int) -> RecordedEvent:
        if position not in self._events:
            self._events |= self.index.many.events([position])
        return self._events[position]

    def _company(self, address: bytes) -> Thing:
        company = self.names.company(address)
        if company is None:
            return Thing(hexed(address), uri(Kind.PARTICIPANT, hexed(address)))
        return Thing(company.slug, uris.company(company.slug, company.identifiers))

    def _site(self, facility: int) -> Thing:
        name, site = self.names.facility(facility), self.names.site(facility)
        return Thing(name, uris.site(name, () if site is None else site.identifiers))

    def _hash(self, block: int) -> bytes:
        if block not in self._hashes:
            self._hashes[block] = self.index.many.hashes([block]).get(block, bytes(32))
        return self._hashes[block]


def _shipments_of(event: LedgerEvent) -> Iterator[int]:
    """The shipments that an event names."""
    match event:
        case ShipmentOffered(shipment=shipment, return_of=return_of):
            yield shipment
            if return_of:
                yield return_of
        case ShipmentReceived() | ShipmentRejected() | ShipmentCancelled() | ReceiptReversed():
            yield event.shipment
        case EmissionsRestated() | RestatementConfirmed() if event.kind is RecordKind.SHIPMENT:
            yield event.record
        case _:
            return
