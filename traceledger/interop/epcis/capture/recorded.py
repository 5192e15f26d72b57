"""What the ledger has of events that are captured: by the hashes that its records have as evidence.

Each operation that comes from an event has the event's hash as evidence, and its ``eventID`` with that hash
beside it. So the same event is recognised in another file, in another order or another notation; and one that
says something else under the same ``eventID`` is, too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from traceledger.errors import VerificationError
from traceledger.events import Position, RecordedEvent
from traceledger.interop.epcis import uris
from traceledger.interop.epcis.context import CONTEXT
from traceledger.interop.epcis.contexts import Context
from traceledger.interop.epcis.event_hash import hashed
from traceledger.interop.epcis.events import Event
from traceledger.interop.epcis.export.events import said
from traceledger.interop.epcis.export.things import Things
from traceledger.interop.epcis.writing import dumps
from traceledger.model.batches import RecordKind
from traceledger.model.ids import batch_id, emissions_record_id, shipment_id, transformation_id
from traceledger.operations.spoken import RecordName
from traceledger.storage import json_text

if TYPE_CHECKING:
    from traceledger.index import IndexReader

_HASH = re.compile(r"ni:///sha-256;([0-9a-f]{64})\?ver=CBV2\.0")


_RESTATED = {
    "mint": (RecordKind.MINT, batch_id),
    "transformation": (RecordKind.TRANSFORMATION, transformation_id),
    "shipment": (RecordKind.SHIPMENT, shipment_id),
    "record": (RecordKind.EMISSIONS, emissions_record_id),
}
"""What emissions are recorded with, and how it is numbered."""


def digest_of(event: Event) -> str:
    """The 64 hexadecimal digits of an event's hash."""
    found = _HASH.fullmatch(event.hash)
    return found[1] if found else ""


def evidence_of(event: Event) -> list[dict[str, str]]:
    """What an operation that comes from an event has as evidence of it."""
    digest = digest_of(event)
    found = [{"uri": event.hash, "sha256": digest}]
    if event.event_id and event.event_id != event.hash:
        found.append({"uri": event.event_id, "sha256": digest})
    return found


def comes_from_event(record: Any) -> bool:
    """Whether a record was made of an event that was captured: it has the hash of one as evidence."""
    return any(_HASH.fullmatch(each.uri) for each in getattr(record, "evidence", ()))


@dataclass(frozen=True, slots=True)
class Written:
    """A record of this very ledger that an event was written from.

    Attributes:
        place: block and log.
        record: the record; ``None`` where it is one of the registry.
        same: whether the event says what the record says.
    """

    place: tuple[int, int]
    record: RecordedEvent | None
    same: bool


@dataclass(slots=True)
class Recorded:
    """Records of the ledger, by the events that they come from.

    Attributes:
        by_hash: the records that have an event's hash as evidence, by its digits.
        hashes: by ``eventID``, the hash with which it stands on the ledger.
        identifiers: by hash, the ``eventID`` of those that have one.
        written: by ``eventID``, the records of this ledger that events were written from.
    """

    by_hash: dict[str, list[RecordedEvent]] = field(default_factory=dict)
    hashes: dict[str, str] = field(default_factory=dict)
    identifiers: dict[str, set[str]] = field(default_factory=dict)
    written: dict[str, Written] = field(default_factory=dict)

    def add(self, reader: IndexReader, batches: Iterable[int]) -> None:
        """Look through what the ledger has of some lots."""
        seen = {id_of(each) for found in self.by_hash.values() for each in found}
        for events in reader.histories(list(batches)).values():
            for recorded in events:
                if id_of(recorded) not in seen:
                    seen.add(id_of(recorded))
                    self._add(recorded)

    def add_restatements(self, reader: IndexReader, record: RecordName) -> None:
        """Look through what was restated of a record."""
        slug, _, identifier = record.name.partition("/")
        owner = reader.participant(slug)
        found = _RESTATED.get(record.kind)
        if owner is None or found is None:
            return
        kind, derive = found
        for recorded in reader.restatements(kind, derive(owner.address, identifier)):
            if all(recorded not in each for each in self.by_hash.values()):
                self._add(recorded)

    def _add(self, recorded: RecordedEvent) -> None:
        evidence: Any = getattr(recorded.event, "evidence", ())
        digests = [found[1] for each in evidence if (found := _HASH.fullmatch(each.uri))]
        for digest in digests:
            self.by_hash.setdefault(digest, []).append(recorded)
        for each in evidence:
            digest = each.sha256.hex()
            if digest in digests and not _HASH.fullmatch(each.uri):
                self.hashes[each.uri] = digest
                self.identifiers.setdefault(digest, set()).add(each.uri)

    def of(self, event: Event) -> list[RecordedEvent]:
        """The records that come from an event, or that it was written from."""
        found = self.by_hash.get(digest_of(event), [])
        written = self.written.get(event.event_id or "")
        own = [] if written is None or written.record is None else [written.record]
        return [*own, *found]

    def look(self, event: Event, reader: IndexReader) -> None:
        """Look whether an event was written from this ledger."""
        written = written_from(event, reader)
        if written is not None and event.event_id is not None:
            self.written[event.event_id] = written

    def altered(self, event: Event) -> bool:
        """Whether the ledger has the ``eventID`` with something else."""
        written = self.written.get(event.event_id or "")
        if written is not None:
            return not written.same
        known = self.hashes.get(event.event_id or "")
        return known is not None and known != digest_of(event)


def id_of(recorded: RecordedEvent) -> tuple[int, int]:
    """Where a record stands: block and log."""
    return recorded.block, recorded.log_index


def written_from(event: Event, reader: IndexReader) -> Written | None:
    """The record that an event was written from, by its ``eventID``; ``None``: none of this ledger."""
    found = uris.place(event.event_id or "")
    if found is None:
        return None
    digits, log = found
    for number, hash_ in reader.search.blocks(digits, most=1):
        raw = reader.many.log(number, log) if hash_ == digits else None
        if raw is None:
            continue
        try:
            record = Things(reader).at(Position(number, log))
        except VerificationError:  # of another contract than the ledger
            return Written((number, log), None, same=True)
        return Written((number, log), record, same=_hash_of(record, reader) == event.hash)
    return None


def _hash_of(record: RecordedEvent, reader: IndexReader) -> str:
    """The hash of the event that is written of a record."""
    document = json_text.loads(dumps(said(record, Things(reader))), exact=True)
    return hashed(document, Context().extended(CONTEXT, "/@context"))
