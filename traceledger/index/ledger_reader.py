"""Reads batches, shipments, their events and their lineage edges. Unknown ones are ``None`` or empty."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from traceledger.events import RecordedEvent
from traceledger.events.facts import Role
from traceledger.index.database import Database
from traceledger.index.disclosure import Disclosure
from traceledger.index.kept_reader import KeptReader
from traceledger.index.log_reader import LogReader
from traceledger.index.recorded import RecordedEvents, chunks
from traceledger.index.schema import ALL, BY_ID, MADE_OF, by_id, id_blob, last_position, split_position
from traceledger.index.things import ids_by_number, number_of_thing, numbers_by_id
from traceledger.model.batches import Batch, BatchState, Shipment, ShipmentState
from traceledger.model.commitments import PREFIX
from traceledger.model.frozen import frozen

_UNKNOWN = -1


@frozen
class Edge:
    """``child`` was made of ``parent`` by the event at (block, log_index)."""

    parent: int
    child: int
    block: int
    log_index: int


class LedgerReader:
    """The ledger's side of the index.

    Args:
        database: the index file.
        disclosure: discloses what is read.
    """

    def __init__(self, database: Database, disclosure: Disclosure) -> None:
        self._database = database
        self._disclosure = disclosure
        self._recorded = RecordedEvents(database, disclosure)
        self._kept = KeptReader(database, disclosure)

    def batch(self, batch: int) -> Batch | None:
        """The batch of that id, as it is now."""
        return next((found for _, found in self._kept.batches_of([batch])), None)

    def batches(
        self,
        custodian: bytes | None = None,
        state: BatchState | None = None,
        material: int | None = None,
    ) -> list[Batch]:
        """Batches as they are now, in the order in which they were made.

        Args:
            custodian: only those that this participant (address) holds.
            state: only those in this state.
            material: only those of this material (id).
        """
        wanted = {
            "custodian": custodian and self._thing(custodian),
            "state": None if state is None else int(state),
            "material": None if material is None else self._thing(id_blob(material)),
        }
        condition, values = _where(wanted)
        return self._batches(f"{condition} ORDER BY number", values)

    def identifiers(self, creator: bytes, beginning: str) -> list[str]:
        """Identifiers of the batches that a participant (address) made, of those that begin so."""
        query = (
            "SELECT identifier FROM batch WHERE creator = ? AND substr(identifier, 1, ?) = ? ORDER BY number"
        )
        values = [self._thing(creator), len(beginning), beginning]
        return [text for (text,) in self._database.all(query, values)]

    def batches_called(self, part: str) -> list[Batch]:
        """Batches whose identifiers may hold a text, also percent-encoded; more than those, never fewer.

        Private identifiers are among them: what they are shows once they are disclosed.
        """
        condition = (
            "WHERE instr(identifier, ?) OR instr(identifier, '%')"
            f" OR substr(identifier, 1, {len(PREFIX)}) = '{PREFIX}' ORDER BY number"
        )
        return self._batches(condition, [part])

    def shipment(self, shipment: int) -> Shipment | None:
        """The shipment of that id, as its handshake stands now."""
        return next((found for _, found in self._kept.shipments_of([shipment])), None)

    def shipments(
        self,
        state: ShipmentState | None = None,
        sender: bytes | None = None,
        receiver: bytes | None = None,
    ) -> list[Shipment]:
        """Shipments in the order in which they were offered.

        Args:
            state: only those whose handshake stands so.
            sender: only those of this participant (address).
            receiver: only those to this participant (address).
        """
        wanted = {
            "state": state.value if state else None,
            "sender": sender and self._thing(sender),
            "receiver": receiver and self._thing(receiver),
        }
        condition, values = _where(wanted)
        return [found for _, found in self._kept.shipments(f"{condition} ORDER BY number", values)]

    def open_lots(self, shipment: int) -> list[Batch]:
        """The lots of a shipment that are open, as they are now, in the order in which answers name them.

        Empty for an unknown one.
        """
        found = self.shipment(shipment)
        lots = () if found is None else found.open
        known = {batch.id: batch for _, batch in self._kept.batches_of(lots)}
        return [known[batch] for batch in lots]

    def history(self, batch: int, *, as_of: int | None = None) -> tuple[RecordedEvent, ...]:
        """Every event that concerns the batch, in chain order; up to block ``as_of``, included."""
        return self.histories([batch], as_of=as_of).get(batch, ())

    def histories(
        self, batches: Sequence[int], *, as_of: int | None = None, takes: bool = True
    ) -> dict[int, tuple[RecordedEvent, ...]]:
        """The histories of many batches at once; each event is decoded once.

        Args:
            batches: their ids; unknown ones are left out of the answer.
            as_of: up to this block, included; all blocks by default.
            takes: also the events that only took from a batch to make others.
        """
        places: list[tuple[int, int]] = []
        for ids in chunks(batches):
            numbers = {number: id_ for id_, number in numbers_by_id(self._database, "batch", ids).items()}
            places += ((numbers[batch], at) for batch, at in self._places(list(numbers), as_of, takes))
        return self._recorded.histories(places)

    def event_places(
        self, batches: Sequence[int], *, as_of: int | None = None
    ) -> Iterator[tuple[int, int, int]]:
        """Where every event of these batches stands: block, transaction index, log index.

        Nothing is decoded. An event that concerns several of them may come more than once.
        """
        last = 2**63 - 1 if as_of is None else last_position(as_of)
        logs = LogReader(self._database)
        for ids in chunks(batches):
            marks = ",".join("?" * len(ids))
            query = f"SELECT position FROM batch_event WHERE batch IN ({marks}) AND position <= ?"  # noqa: S608
            numbers = numbers_by_id(self._database, "batch", ids).values()
            found = self._database.all(query, [*numbers, *[0] * (len(ids) - len(numbers)), last])
            for kept in logs.at(position for (position,) in found):
                block, log_index = split_position(kept.position)
                yield block, kept.transaction_index, log_index

    def parents(self, batch: int) -> list[Edge]:
        """The batches of which this one was made, in the order of the event; empty for an origin."""
        row = self._database.one(f"SELECT made_at FROM batch WHERE {BY_ID}", by_id(batch))  # noqa: S608
        if row is None:
            return []
        concerned = dict(self._recorded.at(row)[row[0]].event.concerns)
        return [
            Edge(parent, batch, *split_position(row[0]))
            for parent, role in concerned.items()
            if role is Role.TAKEN
        ]

    def children(self, batch: int) -> list[Edge]:
        """The batches made of this one, in chain order."""
        with self._database.reading():
            number = numbers_by_id(self._database, "batch", [batch]).get(batch)
            found = [] if number is None else self._database.all(MADE_OF, [number, ALL])
            ids = ids_by_number(self._database, "batch", (child for child, _ in found))
        return [Edge(batch, ids[child], *split_position(position)) for child, position in found]

    def _batches(self, condition: str, values: Sequence[Any]) -> list[Batch]:
        return [found for _, found in self._kept.batches(condition, values)]

    def _thing(self, id_: bytes) -> int:
        """The number of a thing; of an unknown one, that of none."""
        return number_of_thing(self._database, id_) or _UNKNOWN

    def _places(self, numbers: Sequence[int], as_of: int | None, takes: bool) -> list[tuple[int, int]]:
        """Batch (number) and position of the events of batches."""
        marks = ",".join("?" * len(numbers))
        query = (
            f"SELECT batch, position FROM batch_event WHERE batch IN ({marks}) AND position <= ?"  # noqa: S608
            + ("" if takes else " AND sort <> 1")
            + " ORDER BY position"
        )
        last = 2**63 - 1 if as_of is None else last_position(as_of)
        return [(batch, position) for batch, position in self._database.all(query, [*numbers, last])]


def _where(wanted: dict[str, Any]) -> tuple[str, list[Any]]:
    """An SQL condition for the columns that are wanted to hold something."""
    given = {column: value for column, value in wanted.items() if value is not None}
    if not given:
        return "", []
    return "WHERE " + " AND ".join(f"{column} = ?" for column in given), list(given.values())
