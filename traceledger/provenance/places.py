"""Where the records of a lineage emitted: the names of the cells that a walk finds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from traceledger.events import EmissionsAdded, EmittingEvent, RecordedEvent
from traceledger.model.emissions import SCOPES
from traceledger.model.frozen import frozen
from traceledger.model.registry import Facility
from traceledger.names import Names
from traceledger.provenance.lineage import Lineage
from traceledger.provenance.nodes import Creation
from traceledger.replay.emissions import emitting, occurred_where, place_name
from traceledger.walk import UNIT, At, Cell, rounded


@frozen
class Breakdown:
    """CO2e by place, by process and by scope, mg; each sums to the same."""

    by_facility: dict[str, int]
    by_process: dict[str, int]
    by_scope: dict[str, int]


class Places:
    """Where the records of a lineage emitted, and by which process."""

    def __init__(self, upstream: Lineage, names: Names) -> None:
        self._names = names
        self._events: dict[At, RecordedEvent] = {}
        self._sites: dict[int, Facility | None] = {}
        self._known: dict[At, tuple[str, str]] = {}
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
            place, process = self._of(at)
            places[place] += amount
            processes[process] += amount
            scopes[SCOPES[scope]] += amount
        by_scope = rounded({scope: scopes.get(scope, 0) for scope in SCOPES}, whole=UNIT)
        return Breakdown(_rows(places), _rows(processes), by_scope)

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


def _rows(amounts: Mapping[str, int]) -> dict[str, int]:
    # W13: by the names' UTF-8 bytes, which is the order of code points; amounts of the walk's units.
    return rounded(dict(sorted(amounts.items())), whole=UNIT)
