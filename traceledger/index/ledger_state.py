"""The ledger's state in SQLite, as a replay reads and changes it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from traceledger.errors import VerificationError
from traceledger.events import BatchMinted, LedgerEvent
from traceledger.index import rows
from traceledger.index.columns import Table
from traceledger.index.database import Database
from traceledger.index.listing import Listing
from traceledger.index.schema import id_blob
from traceledger.model.batches import Batch, Origin, Shipment
from traceledger.replay import Booking, year_of
from traceledger.replay.trail import Arrival

Kept = TypeVar("Kept")


class SqlState:
    """Implements :class:`traceledger.replay.State`.

    Batches and shipments are read on demand, kept in memory, and written by :meth:`flush`; the rest at once.

    Args:
        database: the index file.
        event_at: gives the ledger's event at a position that was recorded before.
    """

    def __init__(self, database: Database, event_at: Callable[[int], LedgerEvent]) -> None:
        self._database = database
        self._event_at = event_at
        self.listing = Listing(database)
        self._batches: dict[int, Batch] = {}
        self._shipments: dict[int, Shipment] = {}
        self._position = 0

    def begin(self, position: int) -> None:
        """Say where the event stands of which changes follow."""
        self._position = position

    def batch(self, batch: int) -> Batch | None:
        """The batch as it is now."""
        return self._kept(rows.BATCH, self._batches, batch)

    def put_batch(self, batch: Batch) -> None:
        """Keep the batch as it is from now on."""
        self._batches[batch.id] = batch

    def shipment(self, shipment: int) -> Shipment | None:
        """The shipment as it is now."""
        return self._kept(rows.SHIPMENT, self._shipments, shipment)

    def put_shipment(self, shipment: Shipment) -> None:
        """Keep the shipment as it is from now on."""
        self._shipments[shipment.id] = shipment

    def add_minted(self, facility: int, material: int, origin: Origin, year: int, mass_mg: int) -> None:
        """Count a mint, or a take-back, against its facility's calendar year; negative: it was reversed."""
        key = (id_blob(facility), id_blob(material), int(origin), year)
        query = "SELECT mass FROM minted WHERE (facility, material, origin, year) = (?, ?, ?, ?)"
        row = self._database.one(query, key)
        total = mass_mg + (int(row[0]) if row else 0)
        self._database.run(
            "INSERT INTO main.minted VALUES (?, ?, ?, ?, ?) ON CONFLICT (facility, material, origin, year)"
            " DO UPDATE SET mass = excluded.mass",
            # As text: a capacity has 64 bits without a sign, SQLite's integers have one.
            (*key, str(total)),
        )

    def take_mint_back(self, batch: Batch) -> None:
        """Take back what the mint of that batch counted: it was reversed, and weighs what was minted.

        Raises:
            VerificationError: it was not minted.
        """
        query = "SELECT position FROM batch_event WHERE batch = ? AND role = 'made'"
        row = self._database.one(query, [id_blob(batch.id)])
        event = None if row is None else self._event_at(row[0])
        if not isinstance(event, BatchMinted):
            raise VerificationError("the chain states that a mint is reversed which there never was")
        year = year_of(event.occurred_at)
        self.add_minted(event.facility, event.material, event.origin, year, -batch.mass_mg)

    def add_arrival(self, batch: int, arrival: Arrival) -> None:
        """Keep by what the batch's custodian came by it, on top of earlier ones."""
        self._database.run(
            "INSERT INTO main.arrival SELECT ?, count(*), ?, ? FROM arrival WHERE batch = ?",
            (id_blob(batch), arrival.before, rows.entry_text(arrival.entry), id_blob(batch)),
        )

    def last_arrival(self, batch: int) -> Arrival | None:
        """By what the batch's custodian came by it; ``None``: it is its maker's still."""
        query = "SELECT before, entry FROM arrival WHERE batch = ? ORDER BY step DESC LIMIT 1"
        row = self._database.one(query, [id_blob(batch)])
        return None if row is None else Arrival(row[0], rows.entry_from(row[1]))

    def drop_arrival(self, batch: int) -> None:
        """Forget the last one: it was reversed."""
        last = "(SELECT max(step) FROM arrival WHERE batch = ?)"
        query = f"DELETE FROM main.arrival WHERE batch = ? AND step = {last}"  # noqa: S608
        self._database.run(query, [id_blob(batch)] * 2)

    def book(self, booking: Booking) -> None:
        """Keep what a measurement booked."""
        ids = map(id_blob, (booking.material, booking.facility))
        self._database.run(
            "INSERT INTO main.booking VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                *(self._position, id_blob(booking.batch), booking.substance, booking.participant),
                *(*ids, booking.amount_mg),
            ),
        )

    def flush(self) -> None:
        """Write everything that changed."""
        self._database.run_many(rows.BATCH.put, map(rows.BATCH.row, self._batches.values()))
        self.listing.write(self._batches.values())
        self._database.run_many(rows.SHIPMENT.put, map(rows.SHIPMENT.row, self._shipments.values()))

    def _kept(self, table: Table[Kept], known: dict[int, Kept], id_: int) -> Kept | None:
        if id_ not in known:
            query = f"SELECT {table.names} FROM {table.name} WHERE id = ?"  # noqa: S608
            row = self._database.one(query, [id_blob(id_)])
            if row is None:
                return None
            known[id_] = table.value(row)
        return known[id_]
