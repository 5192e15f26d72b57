"""To which life-cycle stages emissions belong, by what has become of the lots that bear them until now.

As in footprints (:mod:`traceledger.provenance.stages`), transport and recycling belong to the stage of the
run that consumes them. Here no product is asked about: what of a lot was taken since goes to the runs that
took it, by mass, and what is left is as a footprint of that lot has it now.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from traceledger.events import (
    BatchSplit,
    BatchTakenBack,
    EmittingEvent,
    LedgerEvent,
    Position,
    RecordedEvent,
    Transformed,
)
from traceledger.model.arithmetic import allocate
from traceledger.model.batches import Batch, BatchState
from traceledger.names import Names
from traceledger.provenance.places import own_stage
from traceledger.provenance.stages import Stage, StageTable
from traceledger.replay.emissions import Occurrence, occurred_where, weights

_ONE = 1 << 128


class Lot(NamedTuple):
    """What a report asks of a batch as it is now: a tenth of what there is.

    Attributes:
        facility: id of where it was made.
        state: its state.
        mass_mg: its mass.
        burden_mg: its own and inherited CO2e, mg.
        wrong: an error was declared in it, by its maker or an auditor (Rule 8).
        taken_back: it came back (Rule 9).
    """

    facility: int
    state: BatchState
    mass_mg: int
    burden_mg: int
    wrong: bool
    taken_back: bool

    @classmethod
    def of(cls, batch: Batch) -> Lot:
        """That of a batch."""
        wrong, burden = batch.disputed or batch.error_by_auditor, batch.own_mg + batch.inherited_mg
        return cls(batch.facility, batch.state, batch.mass_mg, burden, wrong, batch.taken_back)


class _Recycling(NamedTuple):
    """A run whose outputs carry on what it took: the ids of these, and their weights."""

    outputs: tuple[int, ...]
    weights: tuple[int, ...]


class _Take(NamedTuple):
    """What an event took of a lot, mg: for a part (its id), a run of a stage, or a run that recycles."""

    at: Position
    mass_mg: int
    target: int | Stage | _Recycling


class Fates:
    """What became of lots, and so the stages of what was emitted for them. Events are seen in chain order.

    Args:
        lots: as they are now, by id.
        names: for the kinds of facilities.
        table: which stage is whose.
    """

    def __init__(self, lots: Mapping[int, Lot], names: Names, table: StageTable) -> None:
        self._lots = lots
        self._names = names
        self._table = table
        self._takes: dict[int, list[_Take]] = defaultdict(list)
        self._came_back: set[int] = set()

    def see(self, item: RecordedEvent) -> None:
        """Keep what an event took, and what came back."""
        event = item.event
        if isinstance(event, BatchTakenBack) and self._lots[event.batch].taken_back:
            self._came_back.add(event.batch)
        for batch, mass, target in self._taken(event):
            self._takes[batch].append(_Take(item.position, mass, target))

    def own(self, event: EmittingEvent, where: Occurrence, batch: int) -> Stage:
        """The stage of what the event seen last emitted for a batch, as long as no run consumes it."""
        return own_stage(event, where, self._names, self._table, came_back=batch in self._came_back)

    def parts(self, batch: int, at: Position, own: Stage) -> dict[Stage, int]:
        """Weights of the stages of what was emitted for a batch, when all events are seen; they sum to 2^128.

        Args:
            batch: its id.
            at: where the event stands that emitted.
            own: the stage of that as long as no run consumes it.
        """
        return self._consumed(batch, at, own) if passes_on(own) else {own: _ONE}

    def _taken(self, event: LedgerEvent) -> Iterator[tuple[int, int, int | Stage | _Recycling]]:
        """Of each batch what an event took, mg, and for what; what was reversed took nothing."""
        if isinstance(event, BatchSplit):
            for child in event.children:
                if not self._is_reversed(child.taken.batch):
                    yield event.parent, child.taken.mass_mg, child.taken.batch
        elif isinstance(event, Transformed) and not all(self._is_reversed(m.batch) for m in event.outputs):
            target = self._target(event)
            for taken in event.inputs:
                yield taken.batch, taken.mass_mg, target

    def _target(self, run: Transformed) -> Stage | _Recycling:
        stage = own_stage(run, occurred_where(run, None), self._names, self._table, came_back=False)
        if stage is not Stage.END_OF_LIFE:
            return stage
        return _Recycling(tuple(output.batch for output in run.outputs), tuple(weights(run)))

    def _is_reversed(self, batch: int) -> bool:
        return self._lots[batch].state is BatchState.REVERSED

    def _consumed(self, batch: int, at: Position, left: Stage) -> dict[Stage, int]:
        """What runs took of a batch and its parts after an event; ``left``: the stage of what is left."""
        found: dict[Stage, int] = defaultdict(int)
        waiting = [(batch, at, _ONE, left)]
        while waiting:
            each, after, amount, rest = waiting.pop()
            takes = [take for take in self._takes.get(each, ()) if take.at > after]
            now = self._lots[each].mass_mg if each in self._lots else 0
            masses = [*(take.mass_mg for take in takes), now]
            if not sum(masses):
                found[rest] += amount
                continue
            *parts, kept = allocate(amount, masses)
            found[rest] += kept
            for (position, _, target), part in zip(takes, parts, strict=True):
                if isinstance(target, Stage):
                    found[target] += part
                elif isinstance(target, int):
                    waiting.append((target, position, part, rest))
                else:
                    shares = allocate(part, target.weights)
                    for output, share in zip(target.outputs, shares, strict=True):
                        waiting.append((output, position, share, Stage.END_OF_LIFE))
        return {stage: found[stage] for stage in sorted(found) if found[stage]}


def passes_on(own: Stage) -> bool:
    """Whether what is of that stage belongs to the stage of the run that consumes it."""
    return own in (Stage.DISTRIBUTION, Stage.END_OF_LIFE)
