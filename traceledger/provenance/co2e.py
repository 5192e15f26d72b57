"""The footprint of a batch by facility, by process and by scope, as :mod:`traceledger.walk.co2e` finds it.

Example:
    >>> Footprint(own_mg=3, inherited_mg=4, primary_mg=9, by_facility={}, by_process={}, by_scope={}).total_mg
    7
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from traceledger.events import EmissionsAdded, EmittingEvent, RecordedEvent
from traceledger.model.emissions import SCOPES
from traceledger.model.frozen import frozen
from traceledger.model.registry import Facility
from traceledger.model.shares import NONE, WHOLE, Share
from traceledger.names import Names
from traceledger.provenance.lineage import Lineage
from traceledger.provenance.nodes import Creation
from traceledger.provenance.steps import steps_of
from traceledger.replay.emissions import emitting, occurred_where, place_name
from traceledger.walk import UNIT, At, Cell, Step, co2e, rounded


@frozen
class Footprint:
    """All CO2e that a batch was made with or that was added to it, mg CO2e, whatever was taken since.

    Each of the three breakdowns sums to :attr:`total_mg`; ``by_facility`` and ``by_process`` are sorted.
    """

    own_mg: int
    inherited_mg: int
    primary_mg: int
    by_facility: dict[str, int]
    by_process: dict[str, int]
    by_scope: dict[str, int]

    @property
    def total_mg(self) -> int:
        """Own and inherited together."""
        return self.own_mg + self.inherited_mg

    @property
    def primary_part(self) -> Share:
        """The part from primary data (PACT ``primaryDataShare``); none where nothing was emitted.

        Allocation may round the primary pool a few milligrams above the total: then it is all.
        """
        if not self.total_mg:
            return NONE
        return min(WHOLE, Share.of(self.primary_mg, self.total_mg))

    @property
    def primary_share(self) -> float:
        """:attr:`primary_part` from 0 to 1."""
        return float(self.primary_part)


def footprint(upstream: Lineage, names: Names) -> Footprint:
    """The footprint of a batch.

    Args:
        upstream: the batch's lineage, up.
        names: how its facilities and participants are called.

    Raises:
        VerificationError: the events' CO2e do not add up.
    """
    return footprint_of(upstream, names, steps_of(upstream))


def footprint_of(upstream: Lineage, names: Names, steps: Sequence[Step]) -> Footprint:
    """The same where the lineage's steps are there already."""
    creation = upstream.nodes[upstream.batch].creation
    found = co2e(steps, upstream.batch, creation.own_mg, creation.inherited_mg)
    places, processes, scopes = _Naming(upstream, names).sums(found.cells)
    return Footprint(
        own_mg=creation.own_mg + found.added.total_mg,
        inherited_mg=creation.inherited_mg,
        primary_mg=creation.primary_mg + found.added.primary,
        by_facility=_rows(places),
        by_process=_rows(processes),
        by_scope=rounded({scope: scopes.get(scope, 0) for scope in SCOPES}, whole=UNIT),
    )


def _rows(amounts: Mapping[str, int]) -> dict[str, int]:
    # W13: by the names' UTF-8 bytes, which is the order of code points; amounts of the walk's units.
    return rounded(dict(sorted(amounts.items())), whole=UNIT)


class _Naming:
    """Where the records of a lineage emitted, and by which process."""

    def __init__(self, upstream: Lineage, names: Names) -> None:
        self._names = names
        self._events: dict[At, RecordedEvent] = {}
        self._sites: dict[int, Facility | None] = {}
        self._known: dict[At, tuple[str, str]] = {}
        for batch, node in (upstream.nodes | upstream.returned).items():
            self._sites[batch] = self._made_at(node.creation)
            self._events[node.creation.at.position] = node.creation.at
            self._events.update((item.position, item) for item in node.later)

    def sums(self, cells: Mapping[Cell, int]) -> tuple[dict[str, int], dict[str, int], dict[str, int]]:
        """The cells summed by place, by process and by scope."""
        places: dict[str, int] = defaultdict(int)
        processes: dict[str, int] = defaultdict(int)
        scopes: dict[str, int] = defaultdict(int)
        for (at, scope), amount in cells.items():
            place, process = self._of(at)
            places[place] += amount
            processes[process] += amount
            scopes[SCOPES[scope]] += amount
        return places, processes, scopes

    def _of(self, at: At) -> tuple[str, str]:
        if at not in self._known:
            event = emitting(self._events[at].event)
            if event is None:
                raise TypeError("only what emits has CO2e")
            where = occurred_where(event, self._bearer(event))
            self._known[at] = place_name(where, self._names), where.process
        return self._known[at]

    def _bearer(self, event: EmittingEvent) -> Facility | None:
        """Where the batch was made to which emissions were added in custody."""
        return self._sites.get(event.batch) if isinstance(event, EmissionsAdded) else None

    def _made_at(self, creation: Creation) -> Facility | None:
        """The facility where a batch was made; a split child has its parent's."""
        if creation.facility is None:
            # Behind a product that was taken back nothing is known.
            return self._sites.get(creation.parents[0])
        return self._names.site(creation.facility)
