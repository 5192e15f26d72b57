"""The ledger's events as the steps of :mod:`traceledger.walk`: the one place that says what each event means.

The index translates each event when it writes it, the verifier when it reads a proof; from then on shares,
footprints and counts are computed from steps, which are integers.

Example:
    >>> Place(bytes(20), FACILITY, 7, "mining", 0).process
    'mining'
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol, assert_never

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
from traceledger.model.batches import Beginning, Difference, Origin, RecordKind
from traceledger.model.registry import Facility
from traceledger.replay.emissions import Occurrence, occurred_where
from traceledger.replay.emissions import Place as PlaceKind
from traceledger.replay.held import MASS, Held, used_of
from traceledger.replay.records import parts_of
from traceledger.walk.steps import (
    FROM_USE,
    FROM_WASTE,
    Added,
    At,
    Delivered,
    InError,
    Measured,
    Minted,
    Restated,
    Reversed,
    Run,
    Split,
    Step,
    TakenBack,
    Told,
    Withdrawn,
    emitted_of,
)

FACILITY, TRANSPORT, CUSTODY = 0, 1, 2
"""What kind of place it is, as rows have it."""
_SORTS = {PlaceKind.FACILITY: FACILITY, PlaceKind.TRANSPORT: TRANSPORT, PlaceKind.CUSTODY: CUSTODY}


class Place(NamedTuple):
    """Where emissions arose, and all by which they are broken down; many steps have the same.

    Attributes:
        participant: address of who emitted.
        sort: :data:`FACILITY`, :data:`TRANSPORT` or :data:`CUSTODY`.
        facility: id of the facility; 0 where it was at none.
        process: as breakdowns by process call it.
        recycles: 1 for a recycling run, or a mint by a recycler.
    """

    participant: bytes
    sort: int
    facility: int
    process: str
    recycles: int


class Made(NamedTuple):
    """How a batch came to be.

    Attributes:
        batch: its id.
        creator: address of who made it.
        identifier: the creator's own text.
        how: minted, and of which origin, or by a run; a split child as its parent.
        facility: id of where it was made; of a split child where its parent was.
        material: id of its material.
        at: where the event stands that made it.
        order: by which batches stand in the order in which they were made.
    """

    batch: int
    creator: bytes
    identifier: str
    how: Beginning
    facility: int
    material: int
    at: At
    order: tuple[int, ...]


class Before(Protocol):
    """What is known before an event, for who translates it."""

    def key(self, batch: int) -> int:
        """The key of a batch (by id), also of one that the event makes."""

    def held(self, batch: int) -> Held | None:
        """What a batch holds; ``None``: it is not followed. It is not changed."""

    def made_with(self, batch: int) -> Mapping[int, int]:
        """The substances with which a batch was made, mg by number."""

    def made_at_site(self, batch: int) -> Facility | None:
        """Where a batch was made, of a split child where its parent was; ``None`` where it is not known."""

    def came_back(self, batch: int) -> bool:
        """Whether a batch was taken back, by a take-back that was not reversed."""

    def second_life(self, batch: int) -> bool:
        """Whether a batch, or what it was split off, was taken back, by one that was not reversed."""

    def place(self, place: Place) -> int:
        """The number of a place, the same for the same."""

    def made_at(self, batch: int) -> At | None:
        """Where the event stands that made a batch."""

    def record_at(self, kind: RecordKind, record: int) -> At | None:
        """Where a record stands whose emissions can be restated."""

    def reversed_at(self, event: ReversingEvent, batch: int) -> At | None:
        """Where the record stands that a reversal takes back of a batch."""

    def event_at(self, at: At) -> LedgerEvent | None:
        """An event of the past."""


def step_of(event: LedgerEvent, at: At, before: Before) -> Step:
    """What an event means for shares, CO2e and counts.

    Args:
        event: the event.
        at: where it stands.
        before: what is known before it.

    Raises:
        VerificationError: it shares its emissions over nothing.
    """
    match event:
        case BatchMinted() | BatchSplit() | Transformed():
            return _making(event, at, before)
        case BatchRetired():
            return Told(at, len(parts_of(event)))
        case ShipmentRejected() | ShipmentCancelled() | StockAssigned():
            return Told(at)
        case BatchHeld() | BatchReleased() | TitleTransferred():
            return Told(at)
        case ErrorDeclared():
            # Rule 8: declared by who made the batch, confirmed by an auditor.
            return InError(at, before.key(event.batch), int(event.by_auditor))
        case EmissionsRestated() | RestatementConfirmed():
            return _restated(event, at, before)
        case _:
            return _mixing(event, at, before)


def _mixing(
    event: ShipmentOffered
    | EmissionsAdded
    | ShipmentReceived
    | BatchRemeasured
    | BatchTakenBack
    | ReversingEvent,
    at: At,
    before: Before,
) -> Step:
    match event:
        case ShipmentOffered() | EmissionsAdded():
            return _added(event, at, before)
        case ShipmentReceived() | BatchRemeasured():
            return _measured(event, at, before)
        case BatchTakenBack():
            place = Place(event.recycler, FACILITY, event.facility, "", 0)
            return TakenBack(
                at, before.key(event.batch), before.place(place), event.own_mg, event.inherited_mg
            )
        case SplitReversed() | TransformationReversed() | TakeBackReversed():
            return _put_back(event, at, before)
        case MintReversed() | ReceiptReversed() | RetirementReversed() | ErrorReversed():
            return _withdrawn(event, at, before)
        case _:
            assert_never(event)


def place_of(event: EmittingEvent, where: Occurrence) -> Place:
    """The place of an event's emissions.

    Args:
        event: the event.
        where: where they arose.
    """
    sort, facility = _SORTS[where.place], where.facility or 0
    return Place(where.participant, sort, facility, where.process, int(recycles(event)))


def recycles(event: EmittingEvent) -> bool:
    """Whether an event recycles: a recycling run, or a mint by a recycler."""
    if isinstance(event, BatchMinted):
        return event.origin in (Origin.POST_CONSUMER, Origin.PRE_CONSUMER)
    return isinstance(event, Transformed) and event.recycling


def _place(event: EmittingEvent, *, made_at: Facility | None = None) -> Place:
    return place_of(event, occurred_where(event, made_at))


def _making(event: BatchMinted | BatchSplit | Transformed, at: At, before: Before) -> Step:
    match event:
        case BatchMinted():
            place = before.place(_place(event))
            untraced = int(event.origin is Origin.UNTRACED)
            return Minted(at, before.key(event.batch), place, untraced, emitted_of(event.emissions))
        case BatchSplit():
            held = before.held(event.parent)
            mass_mg = held.mass_mg if held else 0
            children = []
            for child in event.children:
                children.append((before.key(child.taken.batch), child.taken.mass_mg, mass_mg))
                mass_mg -= child.taken.mass_mg
            used = tuple(each for pair in held.used.items() for each in pair) if held else ()
            return Split(at, before.key(event.parent), tuple(children), used)
        case Transformed():
            return _run(event, at, before)
        case _:
            assert_never(event)


def _run(event: Transformed, at: At, before: Before) -> Run:
    taken_of = dict.fromkeys(taken.batch for taken in event.inputs)
    known = {batch: held for batch in taken_of if (held := before.held(batch))}
    mass_mg = {batch: held.mass_mg for batch, held in known.items()}
    inputs = []
    for taken in event.inputs:
        before_mg = mass_mg.get(taken.batch, 0)
        # The same batch may be listed twice: one take after the other.
        mass_mg[taken.batch] = before_mg - taken.mass_mg
        inputs.append((before.key(taken.batch), taken.mass_mg, before_mg, taken.own_mg, taken.inherited_mg))
    masses = [taken.substances_mg for taken in event.inputs]
    numbers = dict.fromkeys(number for each in masses for number, mg in each.items() if mg)
    made = [(before.key(output.batch), output.weight) for output in event.outputs]
    return Run(
        at,
        before.place(_place(event)),
        _recycling(event, before),
        emitted_of(event.emissions),
        tuple(inputs),
        tuple((number, *(each.get(number, 0) for each in masses)) for number in numbers),
        tuple(made),
        tuple(
            (key, number, points)
            for (key, _), output in zip(made, event.outputs, strict=True)
            for number, points in used_of(output.substances_mg, known.values()).items()
            if points
        ),
    )


def _recycling(event: Transformed, before: Before) -> int:
    if not event.recycling:
        return 0
    # Rule 9: a recycling run takes only what was taken back, or only waste.
    used = any(before.second_life(taken.batch) for taken in event.inputs)
    return FROM_USE if used else FROM_WASTE


def _added(event: ShipmentOffered | EmissionsAdded, at: At, before: Before) -> Added:
    if isinstance(event, EmissionsAdded):
        place = _place(event, made_at=before.made_at_site(event.batch))
        entries: Sequence[tuple[int, int, int]] = [(before.key(event.batch), 1, event.own_mg)]
        back: tuple[int, ...] = ()
    else:
        place = _place(event)
        entries = [(before.key(lot.batch), lot.mass_mg, lot.own_mg) for lot in event.batches]
        back = tuple(before.key(lot.batch) for lot in event.batches if before.came_back(lot.batch))
    return Added(at, before.place(place), emitted_of(event.emissions), tuple(entries), back)


def _measured(event: ShipmentReceived | BatchRemeasured, at: At, before: Before) -> Step:
    if isinstance(event, BatchRemeasured):
        now = event.mass_mg, event.substances_mg
        found = {event.batch: (now, event.by_auditor)}
    else:
        found = {
            lot.batch: ((lot.mass_mg, lot.substances_mg), False)
            for lot in event.batches
            if lot.difference is Difference.MEASUREMENT
        }
    parts = len(parts_of(event))
    if not found:
        return Told(at, parts)
    lots, booked, raised, used = [], [], [], []
    for batch, (now, by_auditor) in found.items():
        held = before.held(batch)
        if held is None:
            continue
        key, measured = before.key(batch), held.copy()
        mass_mg, substances_mg = measured.measure(*now, by_auditor=by_auditor)
        lots.append(key)
        booked += [(key, number, mg) for number, mg in {MASS: mass_mg, **substances_mg}.items() if mg]
        used += [(key, number, points) for number, points in measured.used.items() if points]
        raised += [(key, number) for number in _raised(batch, substances_mg, before)]
    return Measured(at, parts, tuple(lots), tuple(booked), tuple(raised), tuple(used))


def _raised(batch: int, booked_mg: Mapping[int, int], before: Before) -> list[int]:
    """W4: the substances that were recorded as zero at making, and are no more."""
    more = [number for number, mg in booked_mg.items() if mg > 0]
    made = before.made_with(batch) if more else {}
    return [number for number in more if not made.get(number, 0)]


def _put_back(
    event: SplitReversed | TransformationReversed | TakeBackReversed, at: At, before: Before
) -> Step:
    match event:
        case SplitReversed():
            back = event.put_back
            own, inherited = _after(before, event.parent, back.own_mg, back.inherited_mg)
            # A child that was split off for others, and of which no event is told, added nothing either.
            of = before.made_at(event.batch)
            pools = back.own_mg, back.inherited_mg, own, inherited
            entry = (before.key(event.parent), *pools, before.key(event.batch))
            return Reversed(at, at if of is None else of, (entry,))
        case TransformationReversed():
            of = before.record_at(RecordKind.TRANSFORMATION, event.transformation)
            if of is None:
                return Told(at)
            entries, gone = [], dict[int, tuple[int, int]]()
            for taken in event.inputs:
                so_far = gone.get(taken.batch, (0, 0))
                more = so_far[0] + taken.own_mg, so_far[1] + taken.inherited_mg
                gone[taken.batch] = more
                after = _after(before, taken.batch, *more)
                entries.append((before.key(taken.batch), taken.own_mg, taken.inherited_mg, *after, 0))
            return Reversed(at, of, tuple(entries))
        case TakeBackReversed():
            of = before.reversed_at(event, event.batch)
            life = None if of is None else before.event_at(of)
            if of is None or not isinstance(life, BatchTakenBack):
                return Told(at)
            after = _after(before, event.batch, life.own_mg, life.inherited_mg)
            return Delivered(at, of, before.key(event.batch), life.own_mg, life.inherited_mg, *after)
        case _:
            assert_never(event)


def _after(before: Before, batch: int, own_mg: int, inherited_mg: int) -> tuple[int, int]:
    """Own and inherited pool of a batch once so much came back."""
    held = before.held(batch)
    return (held.own_mg + own_mg, held.inherited_mg + inherited_mg) if held else (own_mg, inherited_mg)


def _withdrawn(
    event: MintReversed | ReceiptReversed | RetirementReversed | ErrorReversed, at: At, before: Before
) -> Withdrawn:
    batches = event.batches if isinstance(event, ReceiptReversed) else (event.batch,)
    found = ((batch, before.reversed_at(event, batch)) for batch in batches)
    return Withdrawn(at, tuple((before.key(batch), of) for batch, of in found if of is not None))


def _restated(event: EmissionsRestated | RestatementConfirmed, at: At, before: Before) -> Step:
    of = before.record_at(event.kind, event.record)
    record = None if of is None else before.event_at(of)
    if of is None or record is None:
        return Told(at)  # A record of which nothing is known here.
    # Rule 8: of what was restated, the last that counts; less, or more of it primary, once confirmed.
    used = event.counts if isinstance(event, EmissionsRestated) else True
    # Who restates a record of somebody else is an auditor.
    by_auditor = isinstance(event, RestatementConfirmed) or event.author != record.author
    return Restated(at, of, int(used), int(by_auditor), emitted_of(event.emissions))
