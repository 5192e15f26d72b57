"""Things of the ledger as documents name them: by the ledger's own names, and by URIs."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from traceledger.events import EmissionsAdded, Position, RecordedEvent, Transformed
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


class Thing(NamedTuple):
    """What the ledger calls it, and its URI."""

    name: str
    uri: str


class Things:
    """Names, URIs and events by the ids, addresses and places that events have. What was read is kept.

    Args:
        index: where they are read; nothing of it is disclosed here.
    """

    def __init__(self, index: IndexReader) -> None:
        self.index = index
        self.names = LedgerNames(index)
        self.lot: Callable[[int], Thing] = cache(self._lot)
        self.company: Callable[[bytes], Thing] = cache(self._company)
        self.site: Callable[[int], Thing] = cache(self._site)
        self.shipment: Callable[[int], Thing] = cache(self._shipment)
        self._hash: Callable[[int], bytes] = cache(self._hash_of)

    def knows(self, participant: bytes) -> bool:
        """Whether an address is a company's; else it is the consortium's account."""
        return self.names.company(participant) is not None

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
                at = self.index.many.record_places(kind, [number]).get(number)
                event = None if at is None else self.index.many.events([at])[at].event
        match event:
            case Transformed():
                return self.run(event.participant, event.identifier).name
            case EmissionsAdded():
                return self.names.private(FieldKind.EMISSIONS_RECORD, event.custodian, event.record)
            case _:
                return id_text(number)

    def made(self, lot: int) -> RecordedEvent | None:
        """The event that made a lot."""
        at = self.index.many.made_at([lot]).get(lot)
        return None if at is None else self.index.many.events([at])[at]

    def at(self, place: Position) -> RecordedEvent:
        """The event at a place.

        Raises:
            VerificationError: the index has lost it.
        """
        position = join_position(*place)
        return self.index.many.events([position])[position]

    def _lot(self, lot: int) -> Thing:
        name = self.names.batch(lot)
        return Thing(name, uris.lot(name))

    def _company(self, address: bytes) -> Thing:
        company = self.names.company(address)
        if company is None:
            return Thing(hexed(address), uri(Kind.PARTICIPANT, hexed(address)))
        return Thing(company.slug, uris.company(company.slug, company.identifiers))

    def _site(self, facility: int) -> Thing:
        name, site = self.names.facility(facility), self.names.site(facility)
        return Thing(name, uris.site(name, () if site is None else site.identifiers))

    def _shipment(self, shipment: int) -> Thing:
        name = self.names.shipment(shipment)
        return Thing(name, uris.shipment(name))

    def _hash_of(self, block: int) -> bytes:
        found = self.index.raw.block(block)
        return bytes(32) if found is None else found.hash
