"""Every emission that the ledger recorded, once, where and when it arose.

Four events emit: a mint, a transformation, an addition in custody, and a shipment (its transport). What they
emitted is shared over their batches as the contracts share it, so that what was booked on a batch declared
in error can be told apart; the shares of an event sum to what it emitted, to the milligram. What was reversed
counts nowhere (Rule 8). Where a record was restated and that counts, its emissions are the restated ones.

Events are read one after the other, and only their sums stay, whatever their number.
"""

from __future__ import annotations

import operator
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple, Protocol, TypeVar

from traceledger.events import (
    EmissionsRestated,
    EmittingEvent,
    Position,
    RecordedEvent,
    RestatementConfirmed,
    Transformed,
)
from traceledger.model.arithmetic import allocate
from traceledger.model.batches import Batch, BatchState
from traceledger.model.emissions import Emissions
from traceledger.model.registry import Facility, Material, Participant
from traceledger.names import Listed, Names
from traceledger.provenance.stages import Stage, StageTable
from traceledger.replay import year_of
from traceledger.replay.emissions import Occurrence, emitting, occurred_where, shares
from traceledger.replay.records import RecordId, record_of
from traceledger.replay.telling import recycles
from traceledger.reporting.stages import Fates, Lot, passes_on

Key = TypeVar("Key", bound=Hashable)


class Source(Protocol):
    """The part of an index that a report reads."""

    def each_event(self) -> Iterable[RecordedEvent]:
        """Every event that concerns a batch, in chain order, read piece by piece."""

    def each_lasting(self) -> Iterable[RecordedEvent]:
        """Those of them that hold at any time: errors and restatements, in chain order."""

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
    """What was emitted in a year, at a place and by a process.

    Attributes:
        year: calendar year (UTC) of the claimed times.
        where: where it arose, who emitted, and by which process.
        in_error: whether it is what was booked on batches in which an error was declared.
        stage: its life-cycle stage; ``None`` where records were collected without stages.
        emissions: by scope, and the primary part, mg CO2e.
        restated_mg: how much more than was recorded first (negative: less), where it was restated; else 0.
    """

    year: int
    where: Occurrence
    in_error: bool
    stage: Stage | None
    emissions: Emissions
    restated_mg: int = 0


@dataclass(frozen=True, slots=True)
class Wasted:
    """CO2e that sits on waste (Rule 6): no product bears it.

    Attributes:
        year: calendar year (UTC) of the runs that made the waste.
        where: the facility, its company and the process of the runs.
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
    """What was minted or made of others of a material in a year; batches split off are not made anew.

    ``batches``: how many. ``recycled``: by a recycling run, or minted by a recycler.
    """

    year: int
    where: Occurrence
    material: str
    in_error: bool
    recycled: bool
    mass_mg: int
    batches: int


@dataclass(frozen=True, slots=True)
class Records:
    """All that a report is computed from, summed, and the names of things.

    ``stages`` says which life-cycle stage is whose, where they were collected with stages.
    """

    emitted: tuple[Emitted, ...]
    produced: tuple[Produced, ...]
    names: Names
    wasted: tuple[Wasted, ...] = ()
    stages: StageTable | None = None

    @property
    def years(self) -> tuple[int, ...]:
        """The years in which something was emitted or made, ascending."""
        found = {item.year for item in self.emitted} | {item.year for item in self.produced}
        return tuple(sorted(found))


def collect(source: Source, stages: StageTable | None = None) -> Records:
    """Read every emission and every product from a source.

    Args:
        source: an :class:`traceledger.index.Index`, for instance.
        stages: which life-cycle stage is whose, where a report is to be broken down by stage: what became of
            all lots is in memory then, meanwhile.
    """
    registry = Listed(source.participants(), source.facilities(), source.materials())
    collecting = _Collecting(source, registry, stages)
    for item in source.each_event():
        collecting.see(item)
    return collecting.records()


def _lots(source: Source, *, exact: bool) -> dict[int, Lot]:
    """Batches as they are now, by id.

    Where masses are not asked for, which only what becomes of lots depends on, most are equal: one stands for
    all of these.
    """
    found, same = dict[int, Lot](), dict[Lot, Lot]()
    for item in source.each_batch():
        lot = Lot.of(item)
        if not exact:
            lot = lot._replace(mass_mg=0, burden_mg=lot.burden_mg if item.waste else 0)
        found[item.id] = same.setdefault(lot, lot)
    return found


def _restated(source: Source) -> dict[RecordId, Emissions]:
    """By record: its emissions as they were restated last, and count."""
    found: dict[RecordId, Emissions] = {}
    for item in source.each_lasting():
        match item.event:
            case EmissionsRestated(counts=True) | RestatementConfirmed() as event:
                found[RecordId(event.kind, event.record)] = event.emissions
    return found


class _Group(NamedTuple):
    """What is emitted together, but for its stage: the first fields of :class:`Emitted`."""

    year: int
    where: Occurrence
    in_error: bool


class _Passing(NamedTuple):
    """An emission whose stage only tells what became of the batch that bears it."""

    group: _Group
    own: Stage
    batch: int
    at: Position
    amounts: tuple[int, ...]
    restated_mg: int


class _Collecting:
    """Sums of what is seen; events are seen in chain order."""

    def __init__(self, source: Source, registry: Listed, stages: StageTable | None) -> None:
        self._lots = _lots(source, exact=stages is not None)
        self._restated = _restated(source)
        self._facilities = registry.facilities
        self._names = Names(registry)
        self._stages = stages
        self._fates = None if stages is None else Fates(self._lots, self._names, stages)
        self._withdrawn: set[int] = set()
        self._emitted: dict[tuple[_Group, Stage | None], list[int]] = {}
        self._passing: list[_Passing] = []
        self._produced: dict[tuple[int, Occurrence, str, bool, bool], list[int]] = {}
        self._wasted: dict[tuple[int, Occurrence], list[int]] = {}

    def see(self, item: RecordedEvent) -> None:
        """Add an event."""
        if self._fates is not None:
            self._fates.see(item)
        event = emitting(item.event)
        if event is None:
            return
        # Emissions are withdrawn with what made the batch. What was added to a part that was split off is its
        # parent's again when the split is reversed.
        reversed_ = (new.batch for new in event.makes if self._lots[new.batch].state is BatchState.REVERSED)
        self._withdrawn.update(reversed_)
        self._emit(event, item.position)
        self._produce(event)
        if isinstance(event, Transformed):
            self._waste(event)

    def records(self) -> Records:
        """The sums, when all is seen."""
        for each in self._passing:
            self._pass_on(each)
        self._passing = []
        emitted = (
            Emitted(*group, stage, Emissions(*amounts), restated)
            for (group, stage), (*amounts, restated) in self._emitted.items()
        )
        produced = (Produced(*group, mass, count) for group, (mass, count) in self._produced.items())
        wasted = (Wasted(*group, *amounts) for group, amounts in self._wasted.items())
        return Records(tuple(emitted), tuple(produced), self._names, tuple(wasted), self._stages)

    def _emit(self, event: EmittingEvent, at: Position) -> None:
        year, record = year_of(event.occurred_at), record_of(event)
        now = self._restated.get(record) if record else None
        before = shares(event)
        current = before if now is None else shares(replace(event, emissions=now))
        for share, old in zip(current, before, strict=True):
            total, first = share.emissions.total_mg, old.emissions.total_mg
            if share.batch in self._withdrawn or not (total or first):
                continue
            lot = self._lots.get(share.batch)
            where = occurred_where(event, self._facilities.get(lot.facility) if lot else None)
            group = _Group(year, where, self._in_error(share.batch))
            amounts = amounts_of(share.emissions)
            own = None if self._fates is None else self._fates.own(event, where, share.batch)
            if own is not None and passes_on(own):
                self._passing.append(_Passing(group, own, share.batch, at, amounts, total - first))
            else:
                add(self._emitted, (group, own), (*amounts, total - first))

    def _pass_on(self, each: _Passing) -> None:
        if self._fates is None:
            raise TypeError("only with stages anything waits for what becomes of it")
        parts = self._fates.parts(each.batch, each.at, each.own)
        divided = [allocate(mg, list(parts.values())) for mg in each.amounts]
        # A restatement is told of the whole, not of stages: it stands with the first of them.
        restated = [each.restated_mg, *[0] * (len(parts) - 1)]
        for stage, more, *amounts in zip(parts, restated, *divided, strict=True):
            add(self._emitted, (each.group, stage), (*amounts, more))

    def _produce(self, event: EmittingEvent) -> None:
        year, where = year_of(event.occurred_at), occurred_where(event, None)
        for new in event.makes:
            # Waste is no output that emissions could be divided by.
            if new.material is None or new.waste or new.batch in self._withdrawn:
                continue
            material, in_error = self._names.material(new.material), self._in_error(new.batch)
            add(self._produced, (year, where, material, in_error, recycles(event)), (new.mass_mg, 1))

    def _waste(self, event: Transformed) -> None:
        for made in event.outputs:
            burden = made.own_mg + made.inherited_mg
            if made.waste and burden and made.batch not in self._withdrawn:
                group = year_of(event.occurred_at), occurred_where(event, None)
                add(self._wasted, group, (burden, self._lots[made.batch].burden_mg))

    def _in_error(self, batch: int) -> bool:
        """Whether an error was declared in a batch, by its maker or an auditor (Rule 8)."""
        known = self._lots.get(batch)
        return known is not None and known.wrong


def amounts_of(emissions: Emissions) -> tuple[int, int, int, int]:
    """What a report counts: the three scopes, and the primary part."""
    return emissions.scope1, emissions.scope2, emissions.scope3, emissions.primary


def add(sums: dict[Key, list[int]], key: Key, amounts: Sequence[int]) -> None:
    """Add amounts to those of a key, each to its own."""
    known = sums.get(key)
    sums[key] = list(amounts) if known is None else [*map(operator.add, known, amounts)]
