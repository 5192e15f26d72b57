"""Facts of a ledger as an audit looks at them, each collected once."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import assert_never

from traceledger.audit.slim import Now, Shared, plain
from traceledger.events import (
    Arrived,
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
from traceledger.model.batches import Substances
from traceledger.model.evidence import Evidence
from traceledger.model.substances import symbol


@dataclass(frozen=True, slots=True)
class Making:
    """How a batch came to be, and what it was made with (mg, mg CO2e); ``event`` is that of ``at``.

    ``emits``: the event has CO2e of its own.
    """

    batch: int
    at: RecordedEvent
    event: MakingEvent
    mass_mg: int
    own_mg: int
    inherited_mg: int
    substances_mg: Substances
    parents: tuple[int, ...]
    emits: bool

    @property
    def occurred_at(self) -> int:
        """When, as claimed."""
        return self.event.occurred_at

    @property
    def held(self) -> dict[str, str]:
        """What it held of each substance, as facts of an issue."""
        return {f"{symbol(number)}_mg": str(mass) for number, mass in self.substances_mg.items()}

    @property
    def split_from(self) -> int | None:
        """The batch of which it was split off, if it was."""
        match self.event:
            case BatchSplit(parent=parent):
                return parent
            case BatchMinted() | Transformed():
                return None
            case _:
                assert_never(self.event)


@dataclass(frozen=True, slots=True)
class BatchFacts:
    """A batch: as it is now, how it was made, and what happened to it since, in chain order.

    ``later`` leaves out what was reversed, and the reversals (Rule 8).
    """

    now: Now
    making: Making
    later: tuple[RecordedEvent, ...]


@dataclass(frozen=True, slots=True)
class Mint:
    """Material that entered the ledger."""

    at: RecordedEvent
    event: BatchMinted


@dataclass(frozen=True, slots=True)
class Run:
    """A transformation: what it took and what it made, mg, by substance number where a mapping.

    ``useful`` is what it made without its waste; empty where all of it is waste.
    """

    at: RecordedEvent
    event: Transformed
    taken_mg: int
    made_mg: int
    taken: Mapping[int, int]
    made: Mapping[int, int]
    useful: Mapping[int, int]

    @property
    def outputs(self) -> tuple[int, ...]:
        """Ids of what it made."""
        return tuple(item.batch for item in self.event.outputs)


@dataclass(frozen=True, slots=True)
class Arrival:
    """A lot of a shipment as it arrived, beside what was sent of it (mg)."""

    lot: Arrived
    sent_mg: int
    occurred_at: int


@dataclass(frozen=True, slots=True)
class Leg:
    """A shipment: which of its lots arrived, and which nobody has answered for (Rule 3)."""

    offered: RecordedEvent
    event: ShipmentOffered
    arrived: tuple[Arrival, ...]
    open: tuple[int, ...]


def makings_of(at: RecordedEvent, kept: RecordedEvent, shared: Shared) -> Iterator[Making]:
    """How the event made batches; ``kept`` is the event as it is kept."""
    event, slim = at.event, kept.event
    if not isinstance(event, MakingEvent) or not isinstance(slim, MakingEvent):
        return
    emits = not isinstance(event, BatchSplit) and event.emissions.total_mg > 0
    for new in event.makes:
        held = slim.substances_mg if isinstance(slim, BatchMinted) else plain(new.substances_mg)
        parents = tuple(map(shared.batch, new.taken_mg))
        pools = (new.mass_mg, new.own_mg, new.inherited_mg, held, parents)
        yield Making(shared.batch(new.batch), kept, slim, *pools, emits)


def answers(event: LedgerEvent) -> int | None:
    """Id of the shipment that the event answers or withdraws, if it does."""
    match event:
        case ShipmentReceived() | ShipmentRejected() | ShipmentCancelled():
            return event.shipment
        case BatchMinted() | BatchSplit() | Transformed() | ShipmentOffered():
            return None
        case EmissionsAdded() | BatchRetired() | BatchTakenBack() | BatchRemeasured() | StockAssigned():
            return None
        case ErrorDeclared() | BatchHeld() | BatchReleased() | TitleTransferred():
            return None
        case EmissionsRestated() | RestatementConfirmed() | MintReversed() | SplitReversed():
            return None
        case TransformationReversed() | ReceiptReversed() | RetirementReversed():
            return None
        case TakeBackReversed() | ErrorReversed():
            return None
        case _:
            assert_never(event)


def leg_of(at: RecordedEvent, event: ShipmentOffered, histories: Mapping[int, BatchFacts]) -> Leg:
    """A shipment with what became of its lots."""
    arrived: list[Arrival] = []
    waiting: list[int] = []
    for sent in event.batches:
        facts = histories.get(sent.batch)
        later = facts.later if facts else ()
        begin = bisect_right(later, at.position, key=lambda item: item.position)
        following = (item.event for item in islice(later, begin, None))
        answer = next((each for each in following if answers(each) == event.shipment), None)
        if answer is None:
            waiting.append(sent.batch)
        elif isinstance(answer, ShipmentReceived):
            lot = next(lot for lot in answer.batches if lot.batch == sent.batch)
            arrived.append(Arrival(lot, sent.mass_mg, answer.occurred_at))
    return Leg(at, event, tuple(arrived), tuple(waiting))


def run_of(at: RecordedEvent, event: Transformed, taken: Mapping[int, int]) -> Run:
    """A transformation with its sums; ``taken`` are those of substances taken (:func:`taken_by`)."""
    made: Counter[int] = Counter()
    useful: Counter[int] = Counter()
    for output in event.outputs:
        made.update(output.substances_mg)
        if not output.waste:
            useful.update(output.substances_mg)
    return Run(
        at=at,
        event=event,
        taken_mg=sum(item.mass_mg for item in event.inputs),
        made_mg=sum(item.mass_mg for item in event.outputs),
        taken=taken,
        made=dict(made),
        useful=dict(useful),
    )


def taken_by(event: Transformed) -> dict[int, int]:
    """What a transformation took, mg by substance."""
    taken: Counter[int] = Counter()
    for item in event.inputs:
        taken.update(item.substances_mg)
    return dict(taken)


def evidence_of(event: BatchMinted) -> tuple[Evidence, ...]:
    """The documents of a mint, each once."""
    return tuple({item.sha256: item for item in event.evidence}.values())
