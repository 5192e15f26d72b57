"""To which life-cycle stages emissions belong, by what has become of the lots that bear them until now.

As in footprints (:mod:`traceledger.provenance.stages`), transport and recycling belong to the stage of the
run that consumes them. Here no product is asked about: what of a lot was taken since goes to the runs that
took it, by mass, and what is left is as a footprint of that lot has it now.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from traceledger.events import BatchSplit, BatchTakenBack, EmittingEvent, Position, RecordedEvent, Transformed
from traceledger.model.arithmetic import allocate
from traceledger.model.batches import Batch, BatchState
from traceledger.names import Names
from traceledger.provenance.places import own_stage
from traceledger.provenance.stages import Stage, StageTable
from traceledger.replay.emissions import Occurrence, emitting, occurred_where, weights

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


class Fates:
    """What became of lots.

    Args:
        ordered: all events, in chain order.
        batches: as they are now, by id.
        names: for the kinds of facilities.
    """

    def __init__(self, ordered: Sequence[RecordedEvent], batches: Mapping[int, Lot], names: Names) -> None:
        self._events = {item.position: item.event for item in ordered}
        self._batches = batches
        self._names = names
        self._takes: dict[int, list[tuple[Position, int, int | Transformed]]] = defaultdict(list)
        self._taken_back = {
            item.event.batch: item.position
            for item in ordered
            if isinstance(item.event, BatchTakenBack) and batches[item.event.batch].taken_back
        }
        for item in ordered:
            for batch, mass, target in self._taken(item):
                self._takes[batch].append((item.position, mass, target))

    def stages(self, at: Position, where: Occurrence, batch: int, table: StageTable) -> dict[Stage, int]:
        """Weights of the stages of what an event emitted for a batch; they sum to 2^128.

        Args:
            at: where the event stands.
            where: where it emitted.
            batch: the id of the batch that bears it.
            table: which stage is whose.
        """
        event = self._events[at]
        found = emitting(event)
        if found is None:
            raise TypeError("only what emits has a stage")
        own = self._own(found, where, batch, at, table)
        if own not in (Stage.DISTRIBUTION, Stage.END_OF_LIFE):
            return {own: _ONE}
        return self._consumed(batch, at, own, table)

    def _taken(self, item: RecordedEvent) -> Iterator[tuple[int, int, int | Transformed]]:
        """Of each batch what an event took, mg, and for which part or run; what was reversed took nothing."""
        event = item.event
        if isinstance(event, BatchSplit):
            for child in event.children:
                if not self._is_reversed(child.taken.batch):
                    yield event.parent, child.taken.mass_mg, child.taken.batch
        elif isinstance(event, Transformed) and not all(self._is_reversed(m.batch) for m in event.outputs):
            for taken in event.inputs:
                yield taken.batch, taken.mass_mg, event

    def _is_reversed(self, batch: int) -> bool:
        return self._batches[batch].state is BatchState.REVERSED

    def _own(
        self, event: EmittingEvent, where: Occurrence, batch: int, at: Position, table: StageTable
    ) -> Stage:
        back = self._taken_back.get(batch)
        return own_stage(event, where, self._names, table, came_back=back is not None and back < at)

    def _consumed(self, batch: int, at: Position, left: Stage, table: StageTable) -> dict[Stage, int]:
        """What runs took of a batch and its parts after an event; ``left``: the stage of what is left."""
        found: dict[Stage, int] = defaultdict(int)
        waiting = [(batch, at, _ONE, left)]
        while waiting:
            each, after, amount, rest = waiting.pop()
            takes = [take for take in self._takes[each] if take[0] > after]
            now = self._batches[each].mass_mg if each in self._batches else 0
            masses = [*(mass for _, mass, _ in takes), now]
            if not sum(masses):
                found[rest] += amount
                continue
            *parts, kept = allocate(amount, masses)
            found[rest] += kept
            for (position, _, target), part in zip(takes, parts, strict=True):
                if isinstance(target, int):
                    waiting.append((target, position, part, rest))
                elif (stage := self._of_run(target, table)) is not Stage.END_OF_LIFE:
                    found[stage] += part
                else:
                    made = [output.batch for output in target.outputs]
                    for output, share in zip(made, allocate(part, weights(target)), strict=True):
                        waiting.append((output, position, share, Stage.END_OF_LIFE))
        return {stage: found[stage] for stage in sorted(found) if found[stage]}

    def _of_run(self, run: Transformed, table: StageTable) -> Stage:
        return own_stage(run, occurred_where(run, None), self._names, table, came_back=False)
