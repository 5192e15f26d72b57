"""Where the records of a lineage emitted, by which process and in which stage: names for a walk's cells."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Mapping
from dataclasses import field

from traceledger.events import (
    BatchMinted,
    EmissionsAdded,
    EmittingEvent,
    Position,
    RecordedEvent,
    ShipmentOffered,
    Transformed,
)
from traceledger.model.arithmetic import nearest
from traceledger.model.batches import Origin
from traceledger.model.emissions import SCOPES, Emissions
from traceledger.model.frozen import frozen
from traceledger.model.registry import Facility
from traceledger.names import Names
from traceledger.provenance.lineage import Lineage
from traceledger.provenance.nodes import Creation
from traceledger.provenance.stages import Stage, StageTable
from traceledger.replay.emissions import Occurrence, emitting, occurred_where, place_name
from traceledger.walk import UNIT, At, Cell, Tag, by_consumer, rounded


@frozen
class Breakdown:
    """CO2e by place, by process and by scope, mg; each sums to the same."""

    by_facility: dict[str, int]
    by_process: dict[str, int]
    by_scope: dict[str, int]


@frozen
class _Known:
    """What is known of a record; ``stage`` is what it has by itself, whatever consumed what it emitted."""

    place: str
    process: str
    stage: Stage


@frozen
class RecordShare:
    """What one record emitted of a batch's CO2e.

    Attributes:
        block: the block that holds the record.
        log_index: which of its logs; not compared, as a proof file knows their order only.
        place: where it emitted, as in ``by_facility``.
        process: by which process, as in ``by_process``.
        stage: in which life-cycle stage, as in ``by_stage``; what several runs consumed may be in several.
        mg: how much, mg CO2e.
    """

    block: int
    log_index: int = field(compare=False)
    place: str
    process: str
    stage: str
    mg: int

    @property
    def at(self) -> Position:
        """Where the record stands in the chain."""
        return Position(self.block, self.log_index)


@frozen
class Staged:
    """CO2e by life-cycle stage, what of each stage is own CO2e, and what each record emitted; mg."""

    by_stage: dict[str, int]
    own_by_stage: dict[str, int]
    by_record: tuple[RecordShare, ...]


class Places:
    """Where the records of a lineage emitted, by which process, and in which stage by a table."""

    def __init__(self, upstream: Lineage, names: Names, table: StageTable) -> None:
        self._names = names
        self._table = table
        self._taken_back = {batch: node.taken_back for batch, node in upstream.told.items()}
        self._events: dict[At, RecordedEvent] = {}
        self._sites: dict[int, Facility | None] = {}
        self._known: dict[At, _Known] = {}
        for batch, node in upstream.told.items():
            self._sites[batch] = self._made_at(node.creation)
            self._events[node.creation.at.position] = node.creation.at
            self._events.update((item.position, item) for item in node.later)

    def breakdown(self, cells: Mapping[Cell, int]) -> Breakdown:
        """The cells summed by place, by process and by scope, and rounded; places and processes sorted."""
        places: dict[str, int] = defaultdict(int)
        processes: dict[str, int] = defaultdict(int)
        scopes: dict[str, int] = defaultdict(int)
        for (at, scope), amount in cells.items():
            known = self._of(at)
            places[known.place] += amount
            processes[known.process] += amount
            scopes[SCOPES[scope]] += amount
        by_scope = rounded({scope: scopes.get(scope, 0) for scope in SCOPES}, whole=UNIT)
        return Breakdown(_rows(places), _rows(processes), by_scope)

    def staged(
        self, cells: Mapping[Cell, int], weights: Mapping[Cell, Mapping[Tag, int]], own: Container[At]
    ) -> Staged:
        """The cells by stage and by record, each divided by the weights of what consumed it.

        Args:
            cells: what each record emitted, by scope, in the walk's units.
            weights: of each cell, by the stage of the run that consumed it.
            own: where the records stand that emitted the batch's own CO2e.
        """
        amounts: dict[tuple[At, str], int] = defaultdict(int)
        for at, tag, amount in by_consumer(cells, weights):
            amounts[at, self.stage(at, tag).value] += amount
        by_stage = _rows(_by_stage(amounts))
        return Staged(
            by_stage=by_stage,
            own_by_stage=_parts_of(
                by_stage, _by_stage({key: amount for key, amount in amounts.items() if key[0] in own})
            ),
            by_record=self._records(amounts),
        )

    def without_primary(self, cells: Mapping[Cell, int], restated: Mapping[At, Emissions]) -> dict[str, int]:
        """By place, what the records emitted that state no primary data, as they are used; sorted."""
        places: dict[str, int] = defaultdict(int)
        for (at, _), amount in cells.items():
            if not self._emissions(at, restated).primary:
                places[self._of(at).place] += amount
        return _rows(places)

    def _emissions(self, at: At, restated: Mapping[At, Emissions]) -> Emissions:
        if at in restated:
            return restated[at]
        event = emitting(self._events[at].event)
        if event is None:
            raise TypeError("only what emits has CO2e")
        return event.emissions

    def _records(self, amounts: Mapping[tuple[At, str], int]) -> tuple[RecordShare, ...]:
        """In chain order; together they are the whole, to the milligram."""
        shares = rounded(dict(sorted(amounts.items())), whole=UNIT)
        return tuple(
            RecordShare(at[0], at[1], self._of(at).place, self._of(at).process, stage, mg)
            for (at, stage), mg in shares.items()
        )

    def stage(self, at: At, tag: Tag) -> Stage:
        """The stage of what a record emitted; ``tag``: that of the run which consumed it, if one did.

        So it is the tag of what a run took, too.
        """
        own = self._of(at).stage
        if tag and own in (Stage.DISTRIBUTION, Stage.END_OF_LIFE):
            # Earlier transport, and recycling, belong to the stage of the run that consumes them.
            return Stage(tag)
        return own

    def _of(self, at: At) -> _Known:
        if at not in self._known:
            event = emitting(self._events[at].event)
            if event is None:
                raise TypeError("only what emits has CO2e")
            where = occurred_where(event, self._bearer(event))
            stage = self._own_stage(event, where, self._events[at].position)
            self._known[at] = _Known(place_name(where, self._names), where.process, stage)
        return self._known[at]

    def _own_stage(self, event: EmittingEvent, where: Occurrence, at: Position) -> Stage:
        lots = event.batches if isinstance(event, ShipmentOffered) else ()
        back = (self._taken_back.get(lot.batch) for lot in lots)
        came_back = any(each and each < at for each in back)
        return own_stage(event, where, self._names, self._table, came_back=came_back)

    def _bearer(self, event: EmittingEvent) -> Facility | None:
        """Where the batch was made to which emissions were added in custody."""
        return self._sites.get(event.batch) if isinstance(event, EmissionsAdded) else None

    def _made_at(self, creation: Creation) -> Facility | None:
        """The facility where a batch was made; a split child has its parent's."""
        if creation.facility is None:
            # Behind a product that was taken back nothing is known.
            return self._sites.get(creation.parents[0])
        return self._names.site(creation.facility)


def own_stage(
    event: EmittingEvent, where: Occurrence, names: Names, table: StageTable, *, came_back: bool
) -> Stage:
    """The stage of what an event emitted, as long as no run has consumed it.

    Args:
        event: the event.
        where: where it emitted.
        names: for the facility's kind.
        table: which stage is whose.
        came_back: whether what it is about had been taken back.
    """
    if isinstance(event, ShipmentOffered):
        return Stage.END_OF_LIFE if came_back else Stage.DISTRIBUTION
    if recycles(event):
        return Stage.END_OF_LIFE
    site = None if where.facility is None else names.site(where.facility)
    return table.stage(where.process, site.kind if site else "")


def recycles(event: EmittingEvent) -> bool:
    """Whether an event recycles: a recycling run, or a mint by a recycler."""
    if isinstance(event, BatchMinted):
        return event.origin in (Origin.POST_CONSUMER, Origin.PRE_CONSUMER)
    return isinstance(event, Transformed) and event.recycling


def _by_stage(amounts: Mapping[tuple[At, str], int]) -> dict[str, int]:
    """Summed by stage; none is left out."""
    stages = {each.value: 0 for each in Stage}
    for (_, stage), amount in amounts.items():
        stages[stage] += amount
    return stages


def _parts_of(whole: Mapping[str, int], units: Mapping[str, int]) -> dict[str, int]:
    """What amounts of the walk's units come to in milligrams; no row is above that of the whole."""
    rows = {stage: min(amount // UNIT, whole[stage]) for stage, amount in units.items()}
    left = nearest(sum(units.values()), UNIT) - sum(rows.values())
    # Whole milligrams that rounding down left over go where the largest parts were cut off.
    for stage in sorted(units, key=lambda each: units[each] % UNIT, reverse=True):
        more = min(left, 1, whole[stage] - rows[stage])
        rows[stage] += more
        left -= more
    return dict(sorted(rows.items()))


def _rows(amounts: Mapping[str, int]) -> dict[str, int]:
    # W13: by the names' UTF-8 bytes, which is the order of code points; amounts of the walk's units.
    return rounded(dict(sorted(amounts.items())), whole=UNIT)
