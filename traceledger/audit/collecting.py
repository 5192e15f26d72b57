"""Reads a source into the :class:`~traceledger.audit.book.Book` of an audit: each batch and event once.

Batches come in the order in which events made them, so both are read side by side.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import chain
from typing import Any, assert_never

from traceledger.audit.book import REVERSED, WRONG, Book
from traceledger.audit.source import Source
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
    ErrorDeclared,
    ErrorReversed,
    LedgerEvent,
    MakingEvent,
    MintReversed,
    ReceiptReversed,
    RecordedEvent,
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
from traceledger.events.facts import NewBatch
from traceledger.model.batches import Batch, BatchState
from traceledger.names import Names

FROZEN, SAID_WRONG, WASTE, OFF_SPECIFICATION = 1, 2, 4, 8
"""Bits of what a batch is now."""
MINTED, SPLIT, RECYCLING, ALONE, EMITS = 1, 2, 4, 8, 16
"""Bits of how it was made."""


def collected(source: Source, names: Names) -> Book:
    """All of a source.

    Raises:
        VerificationError: the source's events do not fit together.
    """
    collecting = _Collecting(source.each_batch(), names)
    for item in source.each_event():
        collecting.add(item)
    collecting.end()
    return collecting.book


class _Collecting:
    def __init__(self, batches: Iterable[Batch], names: Names) -> None:
        self.book = Book()
        self._names = names
        self._coming = iter(batches)
        self._passed: dict[int, Batch] = {}

    def add(self, item: RecordedEvent) -> None:
        """Another event, in the chain's order."""
        event, book = item.event, self.book
        if isinstance(event, ReversingEvent):
            self._reverse(event)
            return
        made = set[int]()
        if isinstance(event, MakingEvent):
            made = self._make(event, len(book.positions))
        number = book.add_event(item, _key_of(event), self._said(event))
        # Rule 8: a split of which nothing is left is no event any more.
        if isinstance(event, BatchSplit) and all(self._marks(batch) & REVERSED for batch in made):
            return
        for batch in dict.fromkeys(batch for batch, _ in event.concerns):
            known = None if batch in made else book.number(batch)
            if known is not None:
                book.link(known, number)

    def end(self) -> None:
        """Check that there is an event for every batch."""
        for now in chain(self._passed.values(), self._coming):
            name = self._names.full(now.creator, now.identifier)
            raise VerificationError(f"the event that made {name} is missing")

    def _now(self, batch: int) -> Batch:
        now = self._passed.pop(batch, None)
        while now is None:
            now = next(self._coming, None)
            if now is None:
                raise VerificationError("an event made a batch that is missing")
            if now.id != batch:
                self._passed[now.id], now = now, None
        return now

    def _make(self, event: MakingEvent, number: int) -> set[int]:
        """Keep the batches that an event made, of which that will be the number; returns their ids."""
        makes = event.makes
        process = event.process if isinstance(event, Transformed) else ""
        how = self.book.things.number(process), _marks_of(event, alone=len(makes) == 1)
        for new in makes:
            self._keep(self._now(new.batch), number, new, how)
        return {new.batch for new in makes}

    def _keep(self, now: Batch, event: int, new: NewBatch, how: tuple[int, int]) -> None:
        wrong, book = now.disputed or now.error_by_auditor, self.book
        thing = book.things.number
        parents = tuple(known for each in new.taken_mg if (known := book.number(each)) is not None)
        row = (
            *(thing(now.creator), now.identifier, thing(now.material), thing(now.facility)),
            *(thing(now.custodian), now.state.value, now.mass_mg),
            now.frozen * FROZEN
            | wrong * SAID_WRONG
            | now.waste * WASTE
            | now.off_specification * OFF_SPECIFICATION,
            *(event, new.mass_mg, new.own_mg, new.inherited_mg, flat(new.substances_mg), parents),
            *how,
        )
        marks = wrong * WRONG | (now.state is BatchState.REVERSED) * REVERSED
        book.add_batch(new.batch, marks, row)

    def _marks(self, batch: int) -> int:
        number = self.book.number(batch)
        return 0 if number is None else self.book.marks[number]

    def _reverse(self, event: ReversingEvent) -> None:
        """Rule 8: a reversal is of the last record that it can be of; neither is told any more."""
        reversed_ = _reverses(event)
        if reversed_ is None:
            return
        kind, key = reversed_
        for batch in dict.fromkeys(batch for batch, _ in event.concerns):
            number = self.book.number(batch)
            if number is not None:
                self.book.unlink_last(number, kind, key)

    def _said(self, event: LedgerEvent) -> tuple[Any, ...] | None:
        """What rules ask of an event beyond what is kept of each; :class:`.AuditView` reads it."""
        thing, lot = self.book.things.number, self._lot
        match event:
            case BatchMinted():
                documents = dict.fromkeys(item.sha256 for item in event.evidence)
                return lot(event.batch), event.origin.value, b"".join(documents)
            case Transformed():
                return self._said_of_run(event)
            case ShipmentOffered():
                lots = tuple((lot(item.batch), item.mass_mg) for item in event.batches)
                return thing(event.sender), thing(event.receiver), event.identifier, lots
            case ShipmentReceived():
                came = tuple((lot(item.batch), item.mass_mg, item.difference.value) for item in event.batches)
                return thing(event.receiver), came
            case ErrorDeclared():
                return lot(event.batch), event.corrective
            case BatchTakenBack():
                return thing(event.recycler), thing(event.facility), thing(event.material), event.mass_mg
            case _:
                return None

    def _said_of_run(self, event: Transformed) -> tuple[Any, ...]:
        taken: Counter[int] = Counter()
        for item in event.inputs:
            taken.update(item.substances_mg)
        names = map(self.book.things.number, (event.participant, event.facility, event.process))
        return (
            *(*names, event.identifier, event.allocation.value, event.recycling),
            tuple((self._lot(item.batch), item.mass_mg) for item in event.inputs),
            tuple(self._lot(item.batch) for item in event.outputs),
            flat(taken),
        )

    def _lot(self, batch: int) -> int:
        number = self.book.number(batch)
        if number is None:
            raise VerificationError("an event names a batch that no event made")
        return number


def flat(masses: Mapping[int, int]) -> tuple[int, ...]:
    """A mapping as keys and values in turn."""
    return tuple(each for item in masses.items() for each in item)


def _marks_of(event: MakingEvent, *, alone: bool) -> int:
    match event:
        case BatchMinted():
            return MINTED | ALONE | (event.emissions.total_mg > 0) * EMITS
        case BatchSplit():
            return SPLIT
        case Transformed():
            return event.recycling * RECYCLING | alone * ALONE | (event.emissions.total_mg > 0) * EMITS
        case _:
            assert_never(event)


def _key_of(event: LedgerEvent) -> int:
    """What tells a shipment, a run or a declaration from others in the history of a batch."""
    match event:
        case ShipmentOffered() | ShipmentReceived() | ShipmentRejected() | ShipmentCancelled():
            return event.shipment
        case Transformed():
            return event.transformation
        case ErrorDeclared():
            return int(event.by_auditor)
        case BatchMinted() | BatchSplit() | EmissionsAdded() | BatchRetired() | BatchRemeasured():
            return 0
        case BatchTakenBack() | StockAssigned() | BatchHeld() | BatchReleased() | TitleTransferred():
            return 0
        case EmissionsRestated() | RestatementConfirmed() | MintReversed() | SplitReversed():
            return 0
        case TransformationReversed() | ReceiptReversed() | RetirementReversed():
            return 0
        case TakeBackReversed() | ErrorReversed():
            return 0
        case _:
            assert_never(event)


def _reverses(event: ReversingEvent) -> tuple[type[LedgerEvent], int] | None:
    """The class and key of what a reversal takes out of the histories of batches; making is none of those."""
    match event:
        case MintReversed() | SplitReversed():
            return None
        case TransformationReversed():
            return Transformed, event.transformation
        case ReceiptReversed():
            return ShipmentReceived, event.shipment
        case RetirementReversed():
            return BatchRetired, 0
        case TakeBackReversed():
            return BatchTakenBack, 0
        case ErrorReversed():
            return ErrorDeclared, int(event.by_auditor)
        case _:
            assert_never(event)
