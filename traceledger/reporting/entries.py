"""Every emission that the ledger recorded, once, where and when it arose.

Four events emit: a mint, a transformation, an addition in custody, and a shipment (its transport). What they
emitted is shared over their batches as the contracts share it, so that what was booked on a batch declared
in error can be told apart; the shares of an event sum to what it emitted, to the milligram. What was reversed
counts nowhere (Rule 8). Where a record was restated and that counts, its emissions are the restated ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from traceledger.events import (
    BatchSplit,
    EmissionsRestated,
    Position,
    RecordedEvent,
    RestatementConfirmed,
    Transformed,
)
from traceledger.model.batches import Batch, BatchState
from traceledger.model.emissions import Emissions
from traceledger.model.frozen import changed
from traceledger.model.registry import Facility, Material, Participant
from traceledger.names import Listed, Names
from traceledger.replay import year_of
from traceledger.replay.emissions import Occurrence, emitting, occurred_where, shares
from traceledger.replay.records import RecordId, record_of
from traceledger.replay.telling import recycles
from traceledger.reporting.stages import Fates, Lot


class Source(Protocol):
    """The part of an index that a report reads."""

    def each_event(self) -> Iterable[RecordedEvent]:
        """Every event that concerns a batch, in chain order, read piece by piece."""

    def histories(
        self, batches: Sequence[int], *, as_of: int | None = None, takes: bool = True
    ) -> Mapping[int, tuple[RecordedEvent, ...]]:
        """Every event that concerns each batch, in chain order."""

    def batches(self) -> list[Batch]:
        """All batches as they are now."""

    def each_batch(self) -> Iterable[Batch]:
        """All batches as they are now, read piece by piece."""

    def participants(self) -> list[Participant]:
        """All participants."""

    def facilities(self) -> list[Facility]:
        """All facilities."""

    def materials(self) -> list[Material]:
        """All materials."""


@dataclass(frozen=True, slots=True)
class Emitted:
    """Emissions of one event that were booked on one batch.

    Attributes:
        at: the event's place in the chain.
        year: calendar year (UTC) of the claimed time.
        where: where they arose, who emitted, and by which process.
        batch: id of the batch on which they were booked.
        emissions: by scope, mg CO2e.
        in_error: whether an error was declared in that batch.
        restated_mg: how much more than was recorded first (negative: less), where it was restated; else 0.
    """

    at: Position
    year: int
    where: Occurrence
    batch: int
    emissions: Emissions
    in_error: bool
    restated_mg: int = 0


@dataclass(frozen=True, slots=True)
class Wasted:
    """CO2e that sits on waste (Rule 6): no product bears it.

    Attributes:
        year: calendar year (UTC) of the run that made the waste.
        where: the run's facility, its company and its process.
        made_mg: own and inherited CO2e of the waste as made.
        left_mg: what of that the waste itself still holds; the rest went on with what was made of it, or with
            parts that were split off.
    """

    year: int
    where: Occurrence
    made_mg: int
    left_mg: int


@dataclass(frozen=True, slots=True)
class Produced:
    """A batch that was minted or made of others; those split off are not made anew.

    ``recycled``: by a recycling run, or minted by a recycler.
    """

    year: int
    where: Occurrence
    material: str
    mass_mg: int
    in_error: bool
    recycled: bool = False


@dataclass(frozen=True, slots=True)
class Records:
    """All that a report is computed from, in chain order, the names of things, and what became of lots."""

    emitted: tuple[Emitted, ...]
    produced: tuple[Produced, ...]
    names: Names
    wasted: tuple[Wasted, ...] = ()
    fates: Fates | None = None

    @property
    def years(self) -> tuple[int, ...]:
        """The years in which something was emitted or made, ascending."""
        found = {item.year for item in self.emitted} | {item.year for item in self.produced}
        return tuple(sorted(found))


def collect(source: Source) -> Records:
    """Read every emission and every product from a source."""
    batches = {item.id: Lot.of(item) for item in source.each_batch()}
    ordered = list(map(_slim, source.each_event()))
    registry = Listed(source.participants(), source.facilities(), source.materials())
    names = Names(registry)
    known = _Known(batches, registry.facilities, _withdrawn(ordered, batches), _restated(ordered))
    return Records(
        emitted=tuple(one for item in ordered for one in _emitted(item, known)),
        produced=tuple(one for item in ordered for one in _produced(item, known, names)),
        names=names,
        wasted=tuple(one for item in ordered for one in _wasted(item, known)),
        fates=Fates(ordered, batches, names),
    )


def _slim(item: RecordedEvent) -> RecordedEvent:
    """An event without its documents, of which a report says nothing: all events are in memory at once."""
    event = emitting(item.event)
    return item if event is None or not event.evidence else changed(item, event=changed(event, evidence=()))


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of batches, sites and records when all events are read."""

    batches: Mapping[int, Lot]
    facilities: Mapping[int, Facility]
    withdrawn: frozenset[int]
    restated: Mapping[RecordId, Emissions]

    def in_error(self, batch: int) -> bool:
        """Whether an error was declared in a batch, by its maker or an auditor (Rule 8)."""
        known = self.batches.get(batch)
        return known is not None and known.wrong


def _withdrawn(ordered: Sequence[RecordedEvent], batches: Mapping[int, Lot]) -> frozenset[int]:
    """Batches whose emissions were withdrawn with what made them.

    What was added to a part that was split off is its parent's again when the split is reversed.
    """
    made = {
        new.batch for item in ordered if not isinstance(item.event, BatchSplit) for new in item.event.makes
    }
    return frozenset(batch for batch in made if batches[batch].state is BatchState.REVERSED)


def _restated(ordered: Sequence[RecordedEvent]) -> dict[RecordId, Emissions]:
    """By record: its emissions as they were restated last, and count."""
    found: dict[RecordId, Emissions] = {}
    for item in ordered:
        match item.event:
            case EmissionsRestated(counts=True) | RestatementConfirmed() as event:
                found[RecordId(event.kind, event.record)] = event.emissions
    return found


def _emitted(item: RecordedEvent, known: _Known) -> Iterator[Emitted]:
    event = emitting(item.event)
    if event is None:
        return
    record = record_of(event)
    now = known.restated.get(record) if record else None
    current = event if now is None else replace(event, emissions=now)
    for share, before in zip(shares(current), shares(event), strict=True):
        if share.batch in known.withdrawn or not (share.emissions.total_mg or before.emissions.total_mg):
            continue
        batch = known.batches.get(share.batch)
        where = occurred_where(event, known.facilities.get(batch.facility) if batch else None)
        yield Emitted(
            at=item.position,
            year=year_of(event.occurred_at),
            where=where,
            batch=share.batch,
            emissions=share.emissions,
            in_error=known.in_error(share.batch),
            restated_mg=share.emissions.total_mg - before.emissions.total_mg,
        )


def _produced(item: RecordedEvent, known: _Known, names: Names) -> Iterator[Produced]:
    event = emitting(item.event)
    if event is None:
        return
    where = occurred_where(event, None)
    for new in event.makes:
        # Waste is no output that emissions could be divided by.
        if new.material is None or new.waste or new.batch in known.withdrawn:
            continue
        yield Produced(
            year=year_of(event.occurred_at),
            where=where,
            material=names.material(new.material),
            mass_mg=new.mass_mg,
            in_error=known.in_error(new.batch),
            recycled=recycles(event),
        )


def _wasted(item: RecordedEvent, known: _Known) -> Iterator[Wasted]:
    event = item.event
    if not isinstance(event, Transformed):
        return
    for made in event.outputs:
        burden = made.own_mg + made.inherited_mg
        if not made.waste or not burden or made.batch in known.withdrawn:
            continue
        now = known.batches[made.batch]
        yield Wasted(
            year=year_of(event.occurred_at),
            where=occurred_where(event, None),
            made_mg=burden,
            left_mg=now.burden_mg,
        )
