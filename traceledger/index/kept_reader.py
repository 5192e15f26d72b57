"""Reads batches and shipments, whose rows name companies, sites, materials and each other by numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from traceledger.index import rows
from traceledger.index.database import Database
from traceledger.index.disclosure import Disclosure
from traceledger.index.recorded import chunks
from traceledger.index.schema import by_beginnings, id_blob
from traceledger.index.things import ids_by_number, things
from traceledger.model.batches import Batch, Shipment

Kept = TypeVar("Kept", Batch, Shipment)


class KeptReader:
    """Batches and shipments with their numbers.

    Args:
        database: the index file.
        disclosure: discloses what is read.
    """

    def __init__(self, database: Database, disclosure: Disclosure) -> None:
        self._database = database
        self._disclosure = disclosure

    def batches(self, condition: str, values: Sequence[Any]) -> list[tuple[int, Batch]]:
        """Batches that a condition of SQL chooses, in its order."""
        # In one snapshot: what a number stands for changes where the chain goes back.
        with self._database.reading():
            found = self._database.all(f"SELECT {rows.BATCH} FROM batch {condition}", values)  # noqa: S608
            ids = things(self._database, rows.things_in(found))
        return [(row[0], self._disclosure.batch(rows.batch_from(row, ids))) for row in found]

    def batches_of(self, ids: Iterable[int]) -> list[tuple[int, Batch]]:
        """Batches by their ids, in any order; unknown ones are left out."""
        return _of_ids(self.batches, ids)

    def shipments(self, condition: str, values: Sequence[Any]) -> list[tuple[int, Shipment]]:
        """Shipments that a condition of SQL chooses, in its order."""
        with self._database.reading():
            query = f"SELECT {rows.SHIPMENT} FROM shipment {condition}"  # noqa: S608
            found = self._database.all(query, values)
            ids = things(self._database, (row[place] for row in found for place in (2, 3, 5)))
            named = (number for row in found for number in rows.numbers_from(row[8]))
            lots = ids_by_number(self._database, "batch", named)
            others = ids_by_number(self._database, "shipment", (row[6] for row in found))
        return [
            (row[0], self._disclosure.shipment(rows.shipment_from(row, ids, lots, others))) for row in found
        ]

    def shipments_of(self, ids: Iterable[int]) -> list[tuple[int, Shipment]]:
        """Shipments by their ids, in any order; unknown ones are left out."""
        return _of_ids(self.shipments, ids)


def _of_ids(
    read: Callable[[str, Sequence[Any]], list[tuple[int, Kept]]], ids: Iterable[int]
) -> list[tuple[int, Kept]]:
    found = []
    for some in chunks(ids):
        condition, values = by_beginnings([id_blob(id_) for id_ in some])
        wanted = set(some)
        found += [each for each in read(f"WHERE {condition}", values) if each[1].id in wanted]
    return found
