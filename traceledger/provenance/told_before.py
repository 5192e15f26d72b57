"""What batches hold as their events go by, by the events' own word: for who translates events into steps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from traceledger.events import (
    BatchRemeasured,
    BatchSplit,
    BatchTakenBack,
    EmissionsAdded,
    LedgerEvent,
    ReceiptReversed,
    ReversingEvent,
    ShipmentOffered,
    ShipmentReceived,
    SplitReversed,
    TakeBackReversed,
    Taken,
    TransformationReversed,
    Transformed,
)
from traceledger.model.batches import RecordKind
from traceledger.model.registry import Facility
from traceledger.provenance.nodes import Node
from traceledger.replay.emissions import emitting, shares
from traceledger.replay.held import Held
from traceledger.replay.records import Part, parts_of, parts_reversed, record_of
from traceledger.replay.telling import Place
from traceledger.walk import At

if TYPE_CHECKING:
    from traceledger.provenance.told import Told


class ToldBefore:
    """Implements :class:`traceledger.replay.telling.Before` for the batches of some nodes.

    Args:
        told: whose events they are.
        nodes: the batches that are followed.
    """

    def __init__(self, told: Told, nodes: Mapping[int, Node]) -> None:
        self._told = told
        self._nodes = nodes
        self.lots: dict[int, Held] = {}
        self._numbers: dict[Place, int] = {}
        self._made_at: dict[int, At] = {}
        self._records: dict[tuple[RecordKind, int], At] = {}
        self._parts: dict[Part, At] = {}
        # Products that came back, each with its first life; by shipment and lot, what that was when it left.
        self._lives: dict[int, Taken] = {}
        # These, and what was split off them since.
        self._second_lives: set[int] = set()
        self._sent: dict[tuple[int, int], Held] = {}
        self.places: dict[int, Place] = {}

    def key(self, batch: int) -> int:
        """The id itself."""
        return batch

    def held(self, batch: int) -> Held | None:
        """What a batch holds."""
        return self.lots.get(batch)

    def made_with(self, batch: int) -> Mapping[int, int]:
        """The substances with which it was made."""
        return self._nodes[batch].creation.substances_mg

    def made_at_site(self, batch: int) -> Facility | None:
        """Where it was made."""
        return self._told.site_of(batch)

    def came_back(self, batch: int) -> bool:
        """Whether it was taken back."""
        return batch in self._lives

    def second_life(self, batch: int) -> bool:
        """Whether it, or what it was split off, was taken back."""
        return batch in self._second_lives

    def place(self, place: Place) -> int:
        """Its number."""
        if place not in self._numbers:
            self._numbers[place] = len(self._numbers) + 1
            self.places[self._numbers[place]] = place
        return self._numbers[place]

    def made_at(self, batch: int) -> At | None:
        """Where the event stands that made it."""
        return self._made_at.get(batch)

    def record_at(self, kind: RecordKind, record: int) -> At | None:
        """Where a record stands."""
        return self._records.get((kind, record))

    def reversed_at(self, event: ReversingEvent, batch: int) -> At | None:
        """Where what is reversed stands."""
        if isinstance(event, ReceiptReversed):
            return self._parts.get(("receipt", event.shipment, batch))
        (part,) = parts_reversed(event)
        return self._parts.get(part)

    def event_at(self, at: At) -> LedgerEvent | None:
        """An event of the past."""
        found = self._told.event(at)
        return None if found is None else found.event

    def see(self, event: LedgerEvent, at: At) -> None:
        """Hold what batches hold after an event."""
        for part in parts_of(event):
            self._parts[part] = at
        emits = emitting(event)
        record = None if emits is None else record_of(emits)
        if record is not None:
            self._records[record.kind, record.id] = at
        for new in event.makes:
            if new.batch in self._nodes:
                made_of = [held for each in new.taken_mg if (held := self.lots.get(each))]
                self.lots[new.batch] = Held.of(new, made_of)
                self._made_at[new.batch] = at
        self._move(event)

    def _move(self, event: LedgerEvent) -> None:
        for batch, taken, sign in _moved(event):
            self._take(batch, taken, sign=sign)
        match event:
            case BatchSplit(parent=parent) if parent in self._second_lives:
                self._second_lives.update(child.taken.batch for child in event.children)
            case ShipmentOffered() | EmissionsAdded():
                self._add(event)
            case ShipmentReceived() | BatchRemeasured() | ReceiptReversed():
                self._arrive(event)
            case BatchTakenBack(batch=batch):
                life = Taken(batch, 0, event.own_mg, event.inherited_mg, event.primary_mg, {})
                self._lives[batch] = life
                self._second_lives.add(batch)
                self._take(batch, life, sign=-1)
            case TakeBackReversed(batch=batch) if batch in self._lives:
                self._take(batch, self._lives.pop(batch), sign=1)
                self._second_lives.discard(batch)
            case _:
                pass

    def _take(self, batch: int, taken: Taken, *, sign: int) -> None:
        if batch in self.lots:
            self.lots[batch].move(taken, sign=sign)

    def _add(self, event: ShipmentOffered | EmissionsAdded) -> None:
        if isinstance(event, EmissionsAdded):
            own_mg = {event.batch: event.own_mg}
        else:
            own_mg = {lot.batch: lot.own_mg for lot in event.batches}
        for batch, emissions in shares(event):
            if batch in self.lots:
                self.lots[batch].own_mg = own_mg[batch]
                self.lots[batch].primary_mg += emissions.primary

    def _arrive(self, event: ShipmentReceived | BatchRemeasured | ReceiptReversed) -> None:
        match event:
            case BatchRemeasured(batch=batch):
                if batch in self.lots:
                    now = event.mass_mg, event.substances_mg
                    self.lots[batch].measure(*now, by_auditor=event.by_auditor)
            case ShipmentReceived():
                for lot in event.batches:
                    if held := self.lots.get(lot.batch):
                        self._sent[event.shipment, lot.batch] = held.copy()
                        held.arrive(lot)
            case ReceiptReversed():
                for batch in event.batches:
                    held, sent = self.lots.get(batch), self._sent.pop((event.shipment, batch), None)
                    if held and sent:
                        # What was added to its CO2e since stays.
                        held.mass_mg, held.substances_mg, held.used = (
                            sent.mass_mg,
                            sent.substances_mg,
                            sent.used,
                        )


def _moved(event: LedgerEvent) -> Iterator[tuple[int, Taken, int]]:
    """What was taken of batches (-1), or put back into them (1)."""
    match event:
        case BatchSplit(parent=parent, children=children):
            yield from ((parent, child.taken, -1) for child in children)
        case Transformed(inputs=inputs):
            yield from ((taken.batch, taken, -1) for taken in inputs)
        case SplitReversed(parent=parent, put_back=put_back):
            yield parent, put_back, 1
        case TransformationReversed(inputs=inputs):
            yield from ((taken.batch, taken, 1) for taken in inputs)
        case _:
            pass
