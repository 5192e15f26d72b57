"""Where the records of a lineage emitted, by which process and in which stage: names for a walk's cells."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Mapping

from traceledger.events import (
    BatchMinted,
    EmissionsAdded,
    EmittingEvent,
    Position,
    RecordedEvent,
    ShipmentOffered,
    Transformed,
)
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
        at: where the record stands in the chain; of a proof file, which knows no number of the log in its
            block, in the order of the chain only. So it is not compared.
        place: where it emitted, as in ``by_facility``.
        process: by which process, as in ``by_process``.
        stage: in which life-cycle stage, as in ``by_stage``; what several runs consumed may be in several.
        mg: how much, mg CO2e.
    """

    at: Position
    place: str
    process: str
    stage: str
    mg: int

    def __eq__(self, other: object) -> bool:
        """Whether it says the same of what was emitted."""
        return isinstance(other, RecordShare) and self._said == other._said

    def __hash__(self) -> int:
        """As it is compared."""
        return hash(self._said)

    @property
    def _said(self) -> tuple[int, str, str, str, int]:
        return self.at[0], self.place, self.process, self.stage, self.mg


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

    def by_stage(
        self, cells: Mapping[Cell, int], weights: Mapping[Cell, Mapping[Tag, int]]
    ) -> dict[str, int]:
        """The cells by stage, each divided by the weights of what consumed it; no stage is left out."""
        return _rows(self._stages(cells, weights))

    def own_by_stage(
        self,
        cells: Mapping[Cell, int],
        weights: Mapping[Cell, Mapping[Tag, int]],
        own: Container[At],
    ) -> dict[str, int]:
        """What of :meth:`by_stage` the records ``own`` emitted; no row is above that of all records."""
        whole = self.by_stage(cells, weights)
        units = self._stages({cell: amount for cell, amount in cells.items() if cell[0] in own}, weights)
        rows = {stage: min(amount // UNIT, whole[stage]) for stage, amount in units.items()}
        left = (2 * sum(units.values()) + UNIT) // (2 * UNIT) - sum(rows.values())
        # Whole milligrams that rounding down left over go where the largest parts were cut off.
        for stage in sorted(units, key=lambda each: units[each] % UNIT, reverse=True):
            more = min(left, 1, whole[stage] - rows[stage])
            rows[stage] += more
            left -= more
        return dict(sorted(rows.items()))

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

    def _stages(self, cells: Mapping[Cell, int], weights: Mapping[Cell, Mapping[Tag, int]]) -> dict[str, int]:
        stages = {each.value: 0 for each in Stage}
        for at, tag, amount in by_consumer(cells, weights):
            stages[self.stage(at, tag).value] += amount
        return stages

    def by_record(
        self, cells: Mapping[Cell, int], weights: Mapping[Cell, Mapping[Tag, int]]
    ) -> tuple[RecordShare, ...]:
        """The cells by record and stage, in chain order; together they are the whole, to the milligram."""
        amounts: dict[tuple[At, str], int] = defaultdict(int)
        for at, tag, amount in by_consumer(cells, weights):
            amounts[at, self.stage(at, tag).value] += amount
        shares = rounded(dict(sorted(amounts.items())), whole=UNIT)
        return tuple(
            RecordShare(Position(*at), self._of(at).place, self._of(at).process, stage, mg)
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


def _rows(amounts: Mapping[str, int]) -> dict[str, int]:
    # W13: by the names' UTF-8 bytes, which is the order of code points; amounts of the walk's units.
    return rounded(dict(sorted(amounts.items())), whole=UNIT)
