"""The ledger's state in SQLite, as a replay reads and changes it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any, NamedTuple, TypeVar

from traceledger.errors import VerificationError
from traceledger.events import BatchMinted, LedgerEvent
from traceledger.index import rows
from traceledger.index.database import Database
from traceledger.index.listing import Listing
from traceledger.index.recorded import chunks
from traceledger.index.schema import blob_id, by_beginnings, id_blob
from traceledger.index.things import ThingWriter, forget_oldest, ids_by_number
from traceledger.model.batches import Batch, Origin, Shipment
from traceledger.replay import Booking, year_of
from traceledger.replay.state import named
from traceledger.replay.trail import Arrival, TakeBackEntry

_MOST = 2_000
"""Batches, and shipments, that stay in memory once they are written: what is made is most often used soon."""


class _Lot:
    """A batch in memory: its number, where it was made, its seal in the file (``None``: not there yet).

    ``events`` is how many events name it, which ``batch`` does not tell: each would be a copy of it.
    """

    __slots__ = ("batch", "events", "made_at", "number", "seal")

    def __init__(self, number: int, made_at: int, seal: int | None, batch: Batch) -> None:
        self.number = number
        self.made_at = made_at
        self.seal = seal
        self.batch = batch
        self.events = batch.events


class _New(NamedTuple):
    """An arrival that is not written yet: the position of its event, its entry as a row has it, itself."""

    position: int
    text: str
    arrival: Arrival


class SqlState:
    """Implements :class:`traceledger.replay.State`.

    Batches and shipments are read on demand, kept in memory, and written by :meth:`flush`, which keeps what
    it wrote: nobody else may write to the file as long as this is used.

    Args:
        database: the index file.
        things: gives numbers to things.
        event_at: gives the ledger's event at a position that was recorded before.
    """

    def __init__(
        self, database: Database, things: ThingWriter, event_at: Callable[[int], LedgerEvent]
    ) -> None:
        self._database = database
        self._things = things
        self._event_at = event_at
        self.listing = Listing(database, things, self.number)
        self._lots: dict[int, _Lot | None] = {}
        """By id; ``None``: it is known that there is none."""
        self._changed: dict[int, _Lot] = {}
        self._made: dict[int, tuple[int, int]] = {}
        """By batch that an event makes, the number that it gets, and the event's position."""
        self._last: int | None = None
        self._shipments = _Shipments(database, things, self.number)
        self._minted: dict[tuple[bytes, bytes, int, int], int] = {}
        self._arrivals: dict[int, list[_New]] = {}
        """By number of the batch, those that are not written yet."""
        self._bookings: list[tuple[Any, ...]] = []
        self._position = 0

    def begin(self, made: Iterable[int], position: int) -> None:
        """Say which batches the event makes, and where it stands, of which the changes are that follow."""
        self._position = position
        for batch in made:
            if self._lots.get(batch) is None:
                self._made.setdefault(batch, (self._next(), position))

    def number(self, batch: int) -> int:
        """The number of a batch, also of one that an event is about to make.

        Raises:
            VerificationError: it was never made.
        """
        lot = self._lot(batch)
        if lot is not None:
            return lot.number
        if batch in self._made:
            return self._made[batch][0]
        raise VerificationError("the chain states something of a batch that was never made")

    def made_at(self, batch: int) -> int | None:
        """The position of the event that made a batch; ``None``: none did."""
        lot = self._lot(batch)
        return None if lot is None else lot.made_at

    def preload(self, batches: Iterable[int]) -> None:
        """Read these batches, as far as they are not in memory, with few statements."""
        for some in chunks(batch for batch in batches if batch not in self._lots):
            condition, values = by_beginnings([id_blob(batch) for batch in some])
            self._load(f"WHERE {condition}", values)
            for batch in some:
                self._lots.setdefault(batch, None)

    def preload_shipments(self, shipments: Iterable[int]) -> None:
        """The same of shipments."""
        self._shipments.preload(shipments)

    def batch(self, batch: int) -> Batch | None:
        """The batch as it is now, but for how many events name it."""
        lot = self._lot(batch)
        return None if lot is None else lot.batch

    def put_batch(self, batch: Batch) -> None:
        """Keep the batch as it is from now on."""
        lot = self._lots.get(batch.id)
        if lot is None:
            made = self._made.pop(batch.id) if batch.id in self._made else (self._next(), self._position)
            lot = self._lots[batch.id] = _Lot(*made, None, batch)
        else:
            lot.batch = batch
        self._changed[batch.id] = lot

    def name(self, batch: int) -> None:
        """Count one event more that names the batch."""
        lot = self._lots[batch]
        if lot is not None:
            lot.events = named(lot.events)
            self._changed[batch] = lot

    def shipment(self, shipment: int) -> Shipment | None:
        """The shipment as it is now."""
        return self._shipments.get(shipment)

    def shipment_number(self, shipment: int) -> int:
        """The number of a shipment; 0: there is none."""
        return self._shipments.number(shipment)

    def put_shipment(self, shipment: Shipment) -> None:
        """Keep the shipment as it is from now on."""
        self._shipments.put(shipment)

    def add_minted(self, facility: int, material: int, origin: Origin, year: int, mass_mg: int) -> None:
        """Count a mint, or a take-back, against its facility's calendar year; negative: it was reversed."""
        key = (id_blob(facility), id_blob(material), int(origin), year)
        query = "SELECT mass FROM minted WHERE (facility, material, origin, year) = (?, ?, ?, ?)"
        if key not in self._minted:
            row = self._database.one(query, key)
            self._minted[key] = int(row[0]) if row else 0
        self._minted[key] += mass_mg

    def take_mint_back(self, batch: Batch) -> None:
        """Take back what the mint of that batch counted: it was reversed, and weighs what was minted.

        Raises:
            VerificationError: it was not minted.
        """
        position = self.made_at(batch.id)
        event = None if position is None else self._event_at(position)
        if not isinstance(event, BatchMinted):
            raise VerificationError("the chain states that a mint is reversed which there never was")
        year = year_of(event.occurred_at)
        self.add_minted(event.facility, event.material, event.origin, year, -batch.mass_mg)

    def add_arrival(self, batch: int, arrival: Arrival) -> None:
        """Keep by what the batch's custodian came by it, on top of earlier ones."""
        shipment = getattr(arrival.entry, "shipment", 0)
        entry = rows.entry_text(
            arrival.entry, self._things.number, shipment and self.shipment_number(shipment)
        )
        new = _New(self._position, entry, arrival)
        self._arrivals.setdefault(self.number(batch), []).append(new)

    def last_arrival(self, batch: int) -> Arrival | None:
        """By what the batch's custodian came by it; ``None``: it is its maker's still."""
        new = self._arrivals.get(self.number(batch))
        if new:
            return new[-1].arrival
        query = (
            "SELECT before, entry, parent FROM arrival JOIN block ON block.number = position >> 24"
            " WHERE batch = ? ORDER BY position DESC LIMIT 1"
        )
        row = self._database.one(query, [self.number(batch)])
        if row is None:
            return None
        before, entry, salt = row
        return Arrival(before, rows.entry_from(entry, salt, self._things.ids, self._shipments.id))

    def drop_arrival(self, batch: int) -> None:
        """Forget the last one: it was reversed."""
        new = self._arrivals.get(self.number(batch))
        if new:
            new.pop()
            return
        last = "(SELECT max(position) FROM arrival WHERE batch = ?)"
        query = f"DELETE FROM main.arrival WHERE batch = ? AND position = {last}"  # noqa: S608
        self._database.run(query, [self.number(batch)] * 2)

    def came_back(self, batch: int) -> bool:
        """Whether a batch, itself and not what it was split off, was taken back, and that stands."""
        found = self.batch(batch)
        if found is None or not found.taken_back:
            return False
        number = self.number(batch)
        if any(isinstance(each.arrival.entry, TakeBackEntry) for each in self._arrivals.get(number, ())):
            return True
        query = "SELECT entry FROM arrival WHERE batch = ?"
        return any(rows.is_take_back(text) for (text,) in self._database.all(query, [number]))

    def book(self, booking: Booking) -> None:
        """Keep what a measurement booked."""
        ids = map(id_blob, (booking.material, booking.facility))
        about = self._position, self.number(booking.batch), booking.substance, booking.participant
        self._bookings.append((*about, *ids, booking.amount_mg))

    def flush(self) -> None:
        """Write everything that changed."""
        self._flush_lots()
        self._shipments.flush()
        for key, total in self._minted.items():
            self._database.run(
                "INSERT INTO main.minted VALUES (?, ?, ?, ?, ?)"
                " ON CONFLICT (facility, material, origin, year) DO UPDATE SET mass = excluded.mass",
                # As text: a capacity has 64 bits without a sign, SQLite's integers have one.
                (*key, str(total)),
            )
        self._minted = {}
        self._database.add("arrival", sorted(_arrival_rows(self._arrivals)))
        self._database.add("booking", self._bookings)
        self._arrivals, self._bookings = {}, []
        self._things.flush()
        forget_oldest(self._lots, _MOST)
        self.listing.forget(_MOST)

    def _flush_lots(self) -> None:
        changed = self._changed.values()
        new, old = _new_and_old(changed)
        added = self._database.add("batch", map(self._row, new))
        before = sum(lot.seal or 0 for lot in old)
        written = added + self._database.change("batch", map(self._row, old), before)
        for lot, row in zip(new + old, written, strict=True):
            lot.seal = row[-1]
        self.listing.write((lot.number, lot.batch) for lot in changed)
        self._changed = {}

    def _row(self, lot: _Lot) -> tuple[Any, ...]:
        return rows.batch_row(lot.batch, lot.number, lot.made_at, lot.events, self._things.number)

    def _next(self) -> int:
        if self._last is None:
            (self._last,) = self._database.one("SELECT ifnull(max(number), 0) FROM main.batch") or (0,)
        self._last += 1
        return self._last

    def _lot(self, batch: int) -> _Lot | None:
        if batch not in self._lots:
            self.preload([batch])
        return self._lots[batch]

    def _load(self, condition: str, values: Iterable[bytes]) -> None:
        found = self._database.sealed("batch", condition, list(values))
        ids = self._things.ids(rows.things_in(row for _, row in found))
        for seal, row in found:
            batch = rows.batch_from(row, ids)
            if self._lots.get(batch.id) is None:
                self._lots[batch.id] = _Lot(row[0], row[2], seal, batch)


def _arrival_rows(arrivals: Mapping[int, Iterable[_New]]) -> Iterator[tuple[int, int, bytes, str]]:
    for number, some in arrivals.items():
        yield from ((number, new.position, new.arrival.before, new.text) for new in some)


_InFile = TypeVar("_InFile", _Lot, "_Sent")


def _new_and_old(changed: Collection[_InFile]) -> tuple[list[_InFile], list[_InFile]]:
    """Which of them are not in the file yet, and which are."""
    new = [each for each in changed if each.seal is None]
    return new, [each for each in changed if each.seal is not None]


class _Sent:
    """A shipment in memory: its number, its seal in the file (``None``: not there yet)."""

    __slots__ = ("number", "seal", "shipment")

    def __init__(self, number: int, seal: int | None, shipment: Shipment) -> None:
        self.number = number
        self.seal = seal
        self.shipment = shipment


class _Shipments:
    """Shipments as a replay changes them."""

    def __init__(self, database: Database, things: ThingWriter, lot: Callable[[int], int]) -> None:
        self._database = database
        self._things = things
        self._lot = lot
        self._known: dict[int, _Sent | None] = {}
        """By id; ``None``: it is known that there is none."""
        self._changed: dict[int, _Sent] = {}
        self._ids: dict[int, int] = {}
        """By number, those known."""
        self._last: int | None = None

    def preload(self, shipments: Iterable[int]) -> None:
        """Read these shipments, as far as they are not in memory, with few statements."""
        for some in chunks(shipment for shipment in shipments if shipment not in self._known):
            condition, values = by_beginnings([id_blob(shipment) for shipment in some])
            for seal, row in self._database.sealed("shipment", f"WHERE {condition}", values):
                if self._known.get(blob_id(row[1])) is None:
                    self._keep(_Sent(row[0], seal, self._from(row)))
            for shipment in some:
                self._known.setdefault(shipment, None)

    def get(self, shipment: int) -> Shipment | None:
        """The shipment as it is now."""
        known = self._get(shipment)
        return None if known is None else known.shipment

    def put(self, shipment: Shipment) -> None:
        """Keep it as it is from now on."""
        known = self._get(shipment.id)
        if known is None:
            if self._last is None:
                query = "SELECT ifnull(max(number), 0) FROM main.shipment"
                (self._last,) = self._database.one(query) or (0,)
            self._last += 1
            known = self._keep(_Sent(self._last, None, shipment))
        known.shipment = shipment
        self._changed[shipment.id] = known

    def number(self, shipment: int) -> int:
        """Its number; 0: there is none."""
        known = self._get(shipment)
        return 0 if known is None else known.number

    def id(self, number: int) -> int:
        """Its id, by number."""
        found = self._ids.get(number)
        return ids_by_number(self._database, "shipment", [number])[number] if found is None else found

    def flush(self) -> None:
        """Write what changed, and forget all but the newest."""
        changed = self._changed.values()
        new, old = _new_and_old(changed)
        before = sum(each.seal or 0 for each in old)
        written = self._database.add("shipment", map(self._row, new))
        written += self._database.change("shipment", map(self._row, old), before)
        for each, row in zip(new + old, written, strict=True):
            each.seal = row[-1]
        self._changed = {}
        forget_oldest(self._known, _MOST)
        forget_oldest(self._ids, _MOST)

    def _row(self, known: _Sent) -> tuple[Any, ...]:
        shipment = known.shipment
        returned = self.number(shipment.return_of) if shipment.return_of else 0
        return rows.shipment_row(shipment, known.number, returned, self._things.number, self._lot)

    def _get(self, shipment: int) -> _Sent | None:
        if shipment not in self._known:
            self.preload([shipment])
        return self._known[shipment]

    def _keep(self, known: _Sent) -> _Sent:
        self._known[known.shipment.id] = known
        self._ids[known.number] = known.shipment.id
        return known

    def _from(self, row: tuple[Any, ...]) -> Shipment:
        return rows.shipment_from(
            row,
            self._things.ids(row[place] for place in (2, 3, 5)),
            ids_by_number(self._database, "batch", rows.numbers_from(row[8])),
            ids_by_number(self._database, "shipment", [row[6]]),
        )
