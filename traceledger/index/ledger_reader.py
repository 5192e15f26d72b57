"""Reads batches, shipments, their events and their lineage edges. Unknown ones are ``None`` or empty."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from traceledger.events import RecordedEvent
from traceledger.index import rows
from traceledger.index.database import Database
from traceledger.index.disclosure import Disclosure
from traceledger.index.log_reader import LogReader
from traceledger.index.recorded import RecordedEvents, chunks
from traceledger.index.schema import blob_id, id_blob, last_position, split_position
from traceledger.model.batches import Batch, BatchState, Shipment, ShipmentState
from traceledger.model.commitments import PREFIX
from traceledger.model.frozen import frozen

_EDGES = (
    "SELECT parent.batch, child.batch, parent.position, parent.seq"
    " FROM batch_event AS child JOIN batch_event AS parent ON parent.position = child.position"
    " WHERE child.role = 'made' AND parent.role = 'taken'"
)


@frozen
class Edge:
    """``child`` was made of ``parent`` by the event at (block, log_index).

    ``seq`` is the parent's place among the event's inputs, from 0 (a split has one parent).
    """

    parent: int
    child: int
    block: int
    log_index: int
    seq: int


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

    def batch(self, batch: int) -> Batch | None:
        """The batch of that id, as it is now."""
        return next(iter(self._batches("WHERE id = ?", [id_blob(batch)])), None)

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
            "custodian": custodian,
            "state": None if state is None else int(state),
            "material": None if material is None else id_blob(material),
        }
        condition, values = _where(wanted)
        return self._batches(f"{condition} ORDER BY rowid", values)

    def identifiers(self, creator: bytes, beginning: str) -> list[str]:
        """Identifiers of the batches that a participant (address) made, of those that begin so."""
        query = (
            "SELECT identifier FROM batch WHERE creator = ? AND substr(identifier, 1, ?) = ? ORDER BY rowid"
        )
        return [text for (text,) in self._database.all(query, [creator, len(beginning), beginning])]

    def batches_called(self, part: str) -> list[Batch]:
        """Batches whose identifiers may hold a text, also percent-encoded; more than those, never fewer.

        Private identifiers are among them: what they are shows once they are disclosed.
        """
        condition = (
            "WHERE instr(identifier, ?) OR instr(identifier, '%')"
            f" OR substr(identifier, 1, {len(PREFIX)}) = '{PREFIX}' ORDER BY rowid"
        )
        return self._batches(condition, [part])

    def shipment(self, shipment: int) -> Shipment | None:
        """The shipment of that id, as its handshake stands now."""
        return next(iter(self._shipments("WHERE id = ?", [id_blob(shipment)])), None)

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
        wanted = {"state": state.value if state else None, "sender": sender, "receiver": receiver}
        condition, values = _where(wanted)
        return self._shipments(f"{condition} ORDER BY rowid", values)

    def open_lots(self, shipment: int) -> list[Batch]:
        """The lots of a shipment that are open, as they are now, in the order in which answers name them.

        Empty for an unknown one.
        """
        found = self.shipment(shipment)
        lots = () if found is None else found.open
        known = {
            batch.id: batch
            for ids in chunks(lots)
            for batch in self._batches(f"WHERE id IN ({','.join('?' * len(ids))})", list(map(id_blob, ids)))
        }
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
        found: dict[int, list[RecordedEvent]] = {}
        decoded: dict[int, RecordedEvent] = {}
        for ids in chunks(batches):
            places = list(self._places(ids, as_of, takes))
            decoded |= self._recorded.at(position for _, position in places if position not in decoded)
            for batch, position in places:
                found.setdefault(batch, []).append(decoded[position])
        return {batch: tuple(events) for batch, events in found.items()}

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
            found = self._database.all(query, [*map(id_blob, ids), last])
            for kept in logs.at(position for (position,) in found):
                block, log_index = split_position(kept.position)
                yield block, kept.transaction_index, log_index

    def parents(self, batch: int) -> list[Edge]:
        """The batches of which this one was made; empty for an origin."""
        return self._edges(" AND child.batch = ?", batch)

    def children(self, batch: int) -> list[Edge]:
        """The batches made of this one, in chain order."""
        return self._edges(" AND parent.batch = ?", batch)

    def _batches(self, condition: str, values: Sequence[Any]) -> list[Batch]:
        query = f"SELECT {rows.BATCH.names} FROM batch {condition}"  # noqa: S608
        return [self._disclosure.batch(rows.BATCH.value(row)) for row in self._database.all(query, values)]

    def _shipments(self, condition: str, values: Sequence[Any]) -> list[Shipment]:
        query = f"SELECT {rows.SHIPMENT.names} FROM shipment {condition}"  # noqa: S608
        found = self._database.all(query, values)
        return [self._disclosure.shipment(rows.SHIPMENT.value(row)) for row in found]

    def _places(self, batches: Sequence[int], as_of: int | None, takes: bool) -> Iterator[tuple[int, int]]:
        marks = ",".join("?" * len(batches))
        query = (
            f"SELECT batch, position FROM batch_event WHERE batch IN ({marks}) AND position <= ?"  # noqa: S608
            + ("" if takes else " AND role <> 'taken'")
            + " ORDER BY position"
        )
        last = 2**63 - 1 if as_of is None else last_position(as_of)
        for blob, position in self._database.all(query, [*map(id_blob, batches), last]):
            yield blob_id(blob), position

    def _edges(self, condition: str, batch: int) -> list[Edge]:
        query = _EDGES + condition + " ORDER BY parent.position, parent.seq, child.seq"
        return [
            Edge(blob_id(parent), blob_id(child), *split_position(position), seq)
            for parent, child, position, seq in self._database.all(query, [id_blob(batch)])
        ]


def _where(wanted: dict[str, Any]) -> tuple[str, list[Any]]:
    """An SQL condition for the columns that are wanted to hold something."""
    given = {column: value for column, value in wanted.items() if value is not None}
    if not given:
        return "", []
    return "WHERE " + " AND ".join(f"{column} = ?" for column in given), list(given.values())
