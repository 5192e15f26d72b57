"""Reads what was recorded under ids of their own, what was said of it since, and what was booked."""

from __future__ import annotations

from typing import Any

from traceledger.events import (
    BatchMinted,
    BatchSplit,
    EmissionsAdded,
    EmissionsRestated,
    Position,
    RecordedEvent,
    Transformed,
)
from traceledger.index import rows
from traceledger.index.database import Database
from traceledger.index.disclosure import Disclosure
from traceledger.index.recorded import RecordedEvents, event_at
from traceledger.index.schema import BY_ID, by_id, id_blob, join_position, last_position, split_position
from traceledger.index.things import ids_by_number, things
from traceledger.model.batches import RecordKind
from traceledger.model.frozen import frozen
from traceledger.replay import Booking
from traceledger.replay.trail import Arrival, Entry, MintEntry, RunEntry, SplitEntry

_ALWAYS = 2**63 - 1
_NUMBER = f"(SELECT number FROM batch WHERE {BY_ID})"  # noqa: S608
_ARRIVALS = f"""SELECT before, entry, parent FROM arrival JOIN block ON block.number = position >> 24
    WHERE batch = {_NUMBER} ORDER BY position"""  # noqa: S608  (no value is in it)


@frozen
class Booked:
    """What a measurement booked, and at which event."""

    at: Position
    booking: Booking


@frozen
class Title:
    """What was said of who owns a batch (Rule 11).

    Attributes:
        at: the event that says it.
        said_by: the participant (address) that says it.
        owner: who owns the batch from then on (address).
        counts: whether it was the owner's to say; what somebody else says is shown and left aside.
    """

    at: Position
    said_by: bytes
    owner: bytes
    counts: bool


class RecordsReader:
    """The ledger's records, restatements, reversals, titles and bookings.

    Args:
        database: the index file.
        disclosure: discloses what is read.
    """

    def __init__(self, database: Database, disclosure: Disclosure) -> None:
        self._database = database
        self._recorded = RecordedEvents(database, disclosure)

    def trail(self, batch: int) -> tuple[Entry, ...]:
        """The entries of a batch's trail that were not reversed, oldest first; empty where it is unknown."""
        query = f"SELECT made_at, parent FROM batch JOIN block ON block.number = made_at >> 24 WHERE {BY_ID}"  # noqa: S608
        row = self._database.one(query, by_id(batch))
        if row is None:
            return ()
        position, salt = row
        arrivals = self.arrivals(batch)
        return (self._made_by(position, salt), *(arrival.entry for arrival in arrivals))

    def arrivals(self, batch: int) -> tuple[Arrival, ...]:
        """By what each custodian but its maker came by a batch, and was not reversed, oldest first."""
        return tuple(
            Arrival(before, rows.entry_from(entry, salt, self._things, self._shipment))
            for before, entry, salt in self._database.all(_ARRIVALS, by_id(batch))
        )

    def _things(self, numbers: list[int]) -> dict[int, bytes]:
        return things(self._database, numbers)

    def _shipment(self, number: int) -> int:
        return ids_by_number(self._database, "shipment", [number])[number]

    def record(self, kind: RecordKind, record: int) -> RecordedEvent | None:
        """What was recorded under an id, and not reversed."""
        query = f"SELECT position FROM record WHERE {BY_ID} AND kind = ? AND NOT reversed"  # noqa: S608
        row = self._database.one(query, (*by_id(record), int(kind)))
        return None if row is None else self._recorded.at([row[0]])[row[0]]

    def transformation(self, transformation: int) -> Transformed | None:
        """A run as it was recorded; ``None``: there is none, or it was reversed."""
        found = self.record(RecordKind.TRANSFORMATION, transformation)
        return found.event if found is not None and isinstance(found.event, Transformed) else None

    def emissions_record(self, record: int) -> EmissionsAdded | None:
        """Emissions that were added to a batch under a name of their own."""
        found = self.record(RecordKind.EMISSIONS, record)
        return found.event if found is not None and isinstance(found.event, EmissionsAdded) else None

    def restatements(
        self, kind: RecordKind, record: int, *, as_of: int | None = None
    ) -> tuple[RecordedEvent, ...]:
        """What was restated of a record, and confirmed, in chain order; up to block ``as_of``, included."""
        known = "SELECT position FROM restatement WHERE (kind, record) = (?, ?)"
        query = f"{known} AND position <= ? ORDER BY position"
        last = _ALWAYS if as_of is None else last_position(as_of)
        found = [place for (place,) in self._database.all(query, (int(kind), id_blob(record), last))]
        events = self._recorded.at(found)
        return tuple(events[place] for place in found)

    def restatement(self, kind: RecordKind, record: int) -> EmissionsRestated | None:
        """What was restated last of a record."""
        said = [found.event for found in self.restatements(kind, record)]
        return next((event for event in reversed(said) if isinstance(event, EmissionsRestated)), None)

    def reversal(self, at: Position) -> Position | None:
        """Where what an event recorded was first reversed, of one batch or all; ``None``: it stands."""
        row = self._database.one(
            "SELECT min(position) FROM reversal WHERE reversed = ?", [join_position(*at)]
        )
        return None if row is None or row[0] is None else Position(*split_position(row[0]))

    def reversed_at(self, at: Position) -> tuple[Position, ...]:
        """Where that stands which a reversal at that place takes back: several, of lots received apart."""
        query = "SELECT DISTINCT reversed FROM reversal WHERE position = ? ORDER BY reversed"
        found = self._database.all(query, [join_position(*at)])
        return tuple(Position(*split_position(place)) for (place,) in found)

    def titles(self, batch: int) -> tuple[Title, ...]:
        """What was said of who owns a batch, in chain order."""
        known = f"SELECT position, said_by, owner, counts FROM title WHERE batch = {_NUMBER}"  # noqa: S608
        blob = id_blob(batch)
        found = self._database.all(f"{known} ORDER BY position", [blob[:8], blob])
        return tuple(
            Title(Position(*split_position(place)), by, owner, bool(counts))
            for place, by, owner, counts in found
        )

    def bookings(
        self, participant: bytes | None = None, batch: int | None = None, *, as_of: int | None = None
    ) -> tuple[Booked, ...]:
        """What measurements booked, in chain order; up to block ``as_of``, included.

        Args:
            participant: only to this one (address).
            batch: only of this batch (id).
            as_of: up to this block, included; all blocks by default.
        """
        condition, given = "", list[bytes]()
        if participant is not None:
            condition, given = " AND participant = ?", [participant]
        if batch is not None:
            blob = id_blob(batch)
            condition, given = f"{condition} AND batch = {_NUMBER}", [*given, blob[:8], blob]
        query = (
            "SELECT position, batch, participant, material, facility, substance, amount FROM booking"  # noqa: S608
            f" WHERE position <= ?{condition} ORDER BY position, batch, substance"
        )
        last = _ALWAYS if as_of is None else last_position(as_of)
        with self._database.reading():
            found = self._database.all(query, [last, *given])
            lots = ids_by_number(self._database, "batch", (row[1] for row in found))
        return tuple(_booked(row, lots[row[1]]) for row in found)

    def _made_by(self, position: int, salt: bytes) -> Entry:
        event = event_at(self._database, position)
        match event:
            case BatchMinted():
                kind = (event.facility, event.material, event.origin)
                return MintEntry(*kind, event.occurred_at, event.emissions, salt)
            case BatchSplit():
                return SplitEntry(event.parent, salt)
            case Transformed():
                return RunEntry(event.transformation, salt)
            case _:
                raise TypeError(f"{type(event).__name__} makes no batches")


def _booked(row: tuple[Any, ...], batch: int) -> Booked:
    place, _, participant, material, facility, substance, amount = row
    ids = [batch, *(int.from_bytes(each, "big") for each in (material, facility))]
    return Booked(
        Position(*split_position(place)),
        Booking(ids[0], participant, ids[1], ids[2], substance, amount),
    )
