"""The ledger's state in SQLite, as a replay reads and changes it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from traceledger.errors import VerificationError
from traceledger.events import BatchMinted, LedgerEvent
from traceledger.events.facts import Role
from traceledger.index import rows
from traceledger.index.database import Database
from traceledger.index.listing import Listing
from traceledger.index.recorded import chunks
from traceledger.index.schema import BY_ID, by_beginnings, by_id, id_blob
from traceledger.index.things import ThingWriter, ids_by_number
from traceledger.model.batches import Batch, Origin, Shipment
from traceledger.replay import Booking, year_of
from traceledger.replay.trail import Arrival


class _Lot:
    """A batch in memory: its number, where it was made, its seal in the file (0: none yet)."""

    __slots__ = ("batch", "changed", "made_at", "number", "seal")

    def __init__(self, number: int, made_at: int, seal: int, batch: Batch) -> None:
        self.number = number
        self.made_at = made_at
        self.seal = seal
        self.batch = batch
        self.changed = not seal


class SqlState:
    """Implements :class:`traceledger.replay.State`.

    Batches and shipments are read on demand, kept in memory, and written by :meth:`flush`.

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
        self._made: dict[int, tuple[int, int]] = {}
        """By batch that an event makes, the number that it gets, and the event's position."""
        self._last: int | None = None
        self._shipments = _Shipments(database, things, self.number)
        self._minted: dict[tuple[bytes, bytes, int, int], int] = {}
        self._arrivals: list[tuple[int, int, bytes, str]] = []
        self._position = 0

    def begin(self, event: LedgerEvent, position: int) -> None:
        """Say which event, and where it stands, the changes are of that follow."""
        self._position = position
        for batch, role in event.concerns:
            if role is Role.MADE and self._lots.get(batch) is None:
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

    def batch(self, batch: int) -> Batch | None:
        """The batch as it is now."""
        lot = self._lot(batch)
        return None if lot is None else lot.batch

    def put_batch(self, batch: Batch) -> None:
        """Keep the batch as it is from now on."""
        lot = self._lots.get(batch.id)
        if lot is None:
            made = self._made.pop(batch.id) if batch.id in self._made else (self._next(), self._position)
            self._lots[batch.id] = _Lot(*made, 0, batch)
        else:
            lot.batch, lot.changed = batch, True

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
        self._arrivals.append((self.number(batch), self._position, arrival.before, entry))

    def last_arrival(self, batch: int) -> Arrival | None:
        """By what the batch's custodian came by it; ``None``: it is its maker's still."""
        self._flush_arrivals()
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
        self._flush_arrivals()
        last = "(SELECT max(position) FROM arrival WHERE batch = ?)"
        query = f"DELETE FROM main.arrival WHERE batch = ? AND position = {last}"  # noqa: S608
        self._database.run(query, [self.number(batch)] * 2)

    def came_back(self, batch: int) -> bool:
        """Whether a batch, itself and not what it was split off, was taken back, and that stands."""
        found = self.batch(batch)
        if found is None or not found.taken_back:
            return False
        self._flush_arrivals()
        query = "SELECT entry FROM arrival WHERE batch = ?"
        return any(rows.is_take_back(text) for (text,) in self._database.all(query, [self.number(batch)]))

    def book(self, booking: Booking) -> None:
        """Keep what a measurement booked."""
        ids = map(id_blob, (booking.material, booking.facility))
        self._database.run(
            "INSERT INTO main.booking VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                *(self._position, self.number(booking.batch), booking.substance, booking.participant),
                *(*ids, booking.amount_mg),
            ),
        )

    def flush(self) -> None:
        """Write everything that changed."""
        changed = [lot for lot in self._lots.values() if lot is not None and lot.changed]
        for lot in changed:
            lot.changed = False
        thing = self._things.number
        new = [rows.batch_row(lot.batch, lot.number, lot.made_at, thing) for lot in changed if not lot.seal]
        old = [lot for lot in changed if lot.seal]
        self._database.add("batch", new)
        changes = [rows.batch_row(lot.batch, lot.number, lot.made_at, thing) for lot in old]
        self._database.change("batch", changes, sum(lot.seal for lot in old))
        self.listing.write((lot.number, lot.batch) for lot in changed)
        self._shipments.flush()
        for key, total in self._minted.items():
            self._database.run(
                "INSERT INTO main.minted VALUES (?, ?, ?, ?, ?)"
                " ON CONFLICT (facility, material, origin, year) DO UPDATE SET mass = excluded.mass",
                # As text: a capacity has 64 bits without a sign, SQLite's integers have one.
                (*key, str(total)),
            )
        self._minted = {}
        self._flush_arrivals()
        self._things.flush()

    def _flush_arrivals(self) -> None:
        self._database.add("arrival", sorted(self._arrivals))
        self._arrivals = []

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


class _Shipments:
    """Shipments as a replay changes them."""

    def __init__(self, database: Database, things: ThingWriter, lot: Callable[[int], int]) -> None:
        self._database = database
        self._things = things
        self._lot = lot
        self._known: dict[int, Shipment] = {}
        self._numbers: dict[int, int] = {}
        self._seals: dict[int, int] = {}
        self._changed: dict[int, None] = {}
        self._last: int | None = None

    def get(self, shipment: int) -> Shipment | None:
        """The shipment as it is now."""
        if shipment not in self._known:
            for seal, row in self._database.sealed("shipment", f"WHERE {BY_ID}", by_id(shipment)):
                self._keep(seal, row)
        return self._known.get(shipment)

    def put(self, shipment: Shipment) -> None:
        """Keep it as it is from now on."""
        if shipment.id not in self._numbers:
            if self._last is None:
                query = "SELECT ifnull(max(number), 0) FROM main.shipment"
                (self._last,) = self._database.one(query) or (0,)
            self._last += 1
            self._numbers[shipment.id] = self._last
        self._known[shipment.id] = shipment
        self._changed[shipment.id] = None

    def number(self, shipment: int) -> int:
        """Its number; 0: there is none."""
        return self._numbers[shipment] if self.get(shipment) else 0

    def id(self, number: int) -> int:
        """Its id, by number."""
        here = (id_ for id_, known in self._numbers.items() if known == number)
        found = next(here, None)
        return ids_by_number(self._database, "shipment", [number])[number] if found is None else found

    def flush(self) -> None:
        """Write what changed."""
        new, changed, before = [], [], 0
        for id_ in self._changed:
            shipment = self._known[id_]
            returned = self.number(shipment.return_of) if shipment.return_of else 0
            row = rows.shipment_row(shipment, self._numbers[id_], returned, self._things.number, self._lot)
            if id_ in self._seals:
                changed.append(row)
                before += self._seals.pop(id_)
            else:
                new.append(row)
        self._database.add("shipment", new)
        self._database.change("shipment", changed, before)
        self._changed = {}

    def _keep(self, seal: int, row: tuple[Any, ...]) -> None:
        shipment = rows.shipment_from(
            row,
            self._things.ids(row[place] for place in (2, 3, 5)),
            ids_by_number(self._database, "batch", rows.numbers_from(row[8])),
            ids_by_number(self._database, "shipment", [row[6]]),
        )
        self._known[shipment.id] = shipment
        self._numbers[shipment.id] = row[0]
        self._seals[shipment.id] = seal
