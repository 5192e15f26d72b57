"""Writes what the batch ledger says into the index, in the caller's transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import assert_never

from traceledger.errors import VerificationError
from traceledger.events import (
    BatchHeld,
    BatchMinted,
    BatchReleased,
    BatchRemeasured,
    BatchRetired,
    BatchSplit,
    BatchTakenBack,
    EmissionsAdded,
    EmissionsRestated,
    EmittingEvent,
    ErrorDeclared,
    ErrorReversed,
    LedgerEvent,
    MintReversed,
    ReceiptReversed,
    RestatementConfirmed,
    RetirementReversed,
    ReversingEvent,
    ShipmentCancelled,
    ShipmentOffered,
    ShipmentReceived,
    ShipmentRejected,
    SplitReversed,
    StockAssigned,
    TakeBackReversed,
    TitleTransferred,
    TransformationReversed,
    Transformed,
)
from traceledger.index.database import Database
from traceledger.index.edges import Edge, Sort, edges_of
from traceledger.index.ledger_state import SqlState
from traceledger.index.schema import BY_ID, by_id, id_blob
from traceledger.index.step_writer import StepWriter
from traceledger.index.things import ThingWriter
from traceledger.model.batches import RecordKind
from traceledger.replay import Replay, Within
from traceledger.replay.records import RecordId, record_of, takes_back
from traceledger.replay.titles import counts, said_owner

_OF_SORT = (
    "SELECT * FROM (SELECT position FROM batch_event WHERE batch = ?1 AND sort = {} AND position < ?2"
    " ORDER BY position DESC LIMIT ?3)"
)
_NEWEST = f"{' UNION ALL '.join(_OF_SORT.format(int(sort)) for sort in Sort)} ORDER BY position DESC LIMIT ?3"
"""The newest events of a batch before a position: few of very many, so each sort is looked up by the key."""


_OF_SHIPMENTS = (ShipmentOffered, ShipmentReceived, ShipmentRejected, ShipmentCancelled, ReceiptReversed)


class _Record:
    """A record that is not written yet."""

    __slots__ = ("position", "record", "reversed")

    def __init__(self, position: int, record: RecordId) -> None:
        self.position = position
        self.record = record
        self.reversed = False

    def row(self) -> tuple[int, int, bytes, int]:
        return self.position, int(self.record.kind), id_blob(self.record.id), int(self.reversed)


class LedgerWriter:
    """Applies the ledger's events in order; :meth:`finish` before committing.

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
        self.state = SqlState(database, things, event_at)
        self._replay = Replay(self.state)
        self._steps = StepWriter(
            database,
            things,
            self.state,
            event_at=event_at,
            taken_back=self._taken_back,
            record_at=self._record_at,
        )
        self._edges: dict[int, list[tuple[int, int, int]]] = {}
        """By number of a batch its events: sort, position, role."""
        self._records: list[_Record] = []
        self._recorded: dict[RecordId, _Record] = {}
        self._restatements: list[tuple[int, int, bytes, int, int]] = []
        self._reversals: list[tuple[int, int, int]] = []
        self._titles: list[tuple[int, int, bytes, bytes, int]] = []
        self._gone: dict[int, int] = {}
        """By batch (id), the position of what the event at hand takes back of it."""

    def preload(self, events: Sequence[LedgerEvent]) -> None:
        """Read what events name that are to be written next, with few statements."""
        self.state.preload(batch for event in events for batch, _ in event.concerns)
        self.state.preload_shipments(event.shipment for event in events if isinstance(event, _OF_SHIPMENTS))

    def write(self, event: LedgerEvent, position: int, within: Within) -> None:
        """Apply an event: to batches and shipments, and to what is listed besides.

        Raises:
            VerificationError: it contradicts those before it.
        """
        self._gone = {}
        edges = edges_of(event)
        self.state.begin((batch for batch, (edge, _) in edges.items() if edge is Edge.MADE), position)
        self._steps.write(event, position)
        self._list(event, position)
        self.state.listing.begin(event)
        self._replay.apply(event, within)
        for batch, (edge, sort) in edges.items():
            row = int(sort), position, int(edge)
            self._edges.setdefault(self.state.number(batch), []).append(row)

    def finish(self) -> None:
        """Write what is still in memory."""
        self.state.flush()
        self._steps.flush()
        # In the order of their keys: each page of a table is then changed once.
        edges = ((number, *row) for number in sorted(self._edges) for row in sorted(self._edges[number]))
        self._database.add("batch_event", edges)
        self._database.add("record", (each.row() for each in self._records))
        self._database.add("restatement", self._restatements)
        self._database.add("reversal", self._reversals)
        self._database.add("title", self._titles)
        self._edges, self._records, self._recorded = {}, [], {}
        self._restatements, self._reversals, self._titles = [], [], []

    def _list(self, event: LedgerEvent, position: int) -> None:
        """Keep what readers look up by itself; before it is applied, as it asks how things were."""
        match event:
            case ShipmentOffered():
                self._record(event, position)
                self._title(event, [each.batch for each in event.batches], position)
            case BatchMinted() | Transformed() | EmissionsAdded():
                self._record(event, position)
            case EmissionsRestated() | RestatementConfirmed():
                self._restatement(event, position)
            case TitleTransferred():
                self._title(event, [event.batch], position)
            case MintReversed() | SplitReversed() | TransformationReversed() | ReceiptReversed():
                self._reversal(event, position)
            case RetirementReversed() | TakeBackReversed() | ErrorReversed():
                self._reversal(event, position)
            case BatchSplit() | BatchRetired() | BatchTakenBack() | BatchRemeasured() | StockAssigned():
                pass  # All of it is in the batch, and in what is booked.
            case ShipmentReceived() | ShipmentRejected() | ShipmentCancelled():
                pass
            case ErrorDeclared() | BatchHeld() | BatchReleased():
                pass
            case _:
                assert_never(event)

    def _record(self, event: EmittingEvent, position: int) -> None:
        record = record_of(event)
        if record is not None:
            self._records.append(_Record(position, record))
            self._recorded[record] = self._records[-1]

    def _restatement(self, event: EmissionsRestated | RestatementConfirmed, position: int) -> None:
        confirms = isinstance(event, RestatementConfirmed)
        used = not isinstance(event, EmissionsRestated) or event.counts
        record = int(event.kind), id_blob(event.record)
        self._restatements.append((position, *record, int(confirms), int(used)))

    def _title(self, event: ShipmentOffered | TitleTransferred, batches: list[int], position: int) -> None:
        owner = said_owner(event)
        if owner is None:
            return
        # Anybody may be named, registered or not: numbered here, so that numbers follow the order of events
        # however many blocks are written at a time.
        self._things.number(owner)
        for each in batches:
            batch = self.state.batch(each)
            if batch is not None:
                said = self.state.number(each), event.author, owner, int(counts(event, batch))
                self._titles.append((position, *said))

    def _reversal(self, event: ReversingEvent, position: int) -> None:
        for batch in dict.fromkeys(batch for batch, _ in event.concerns):
            self._reversals.append((position, self._taken_back(event, batch), self.state.number(batch)))
        if isinstance(event, MintReversed):
            self._withdraw(RecordKind.MINT, event.batch)
        elif isinstance(event, TransformationReversed):
            self._withdraw(RecordKind.TRANSFORMATION, event.transformation)

    def _taken_back(self, event: ReversingEvent, batch: int) -> int:
        """Position of what a reversal takes back of a batch; found by looking, as reversals are rare."""
        if batch in self._gone:  # The step and the row of a reversal both ask.
            return self._gone[batch]
        for position in self._newest(self.state.number(batch)):
            if takes_back(event, self._event_at(position)):
                self._gone[batch] = position
                return position
        raise VerificationError("the chain states a reversal of what it never recorded")

    def _newest(self, number: int) -> Iterator[int]:
        """Positions of a batch's events, the newest first: those not written yet, then the others."""
        for _, position, _ in reversed(self._edges.get(number, ())):
            yield position
        before, most = 2**63 - 1, 4
        while rows := self._database.all(_NEWEST, [number, before, most]):
            yield from (position for (position,) in rows)
            before, most = rows[-1][0], 4 * most

    def _record_at(self, kind: RecordKind, record: int) -> int | None:
        """Position of a record that was made; restatements and reversals ask, which are rare."""
        new = self._recorded.get(RecordId(kind, record))
        if new is not None:
            return new.position
        query = f"SELECT position FROM record WHERE {BY_ID} AND kind = ?"  # noqa: S608
        row = self._database.one(query, (*by_id(record), int(kind)))
        return None if row is None else int(row[0])

    def _withdraw(self, kind: RecordKind, record: int) -> None:
        """Rule 8: what is reversed is not restated any more."""
        new = self._recorded.get(RecordId(kind, record))
        if new is not None:
            new.reversed = True
            return
        condition = f"WHERE {BY_ID} AND kind = ?"
        for seal, (*kept, _) in self._database.sealed("record", condition, (*by_id(record), int(kind))):
            self._database.change("record", [(*kept, 1)], seal)
