"""Ways that batches made between declared places, and how fast.

A batch begins where it was made; a batch that was split off begins where its parent did. It ends at the
facility that uses it, or, as long as nobody does, at its custodian's only facility that says where it is. In
between count the first departure and the last arrival, whoever carried it.

Example:
    >>> from traceledger.audit.source import Coordinates
    >>> kolwezi, kokkola = Coordinates(-10_716_000, 25_466_000), Coordinates(63_838_000, 23_130_000)
    >>> round(great_circle_km(kolwezi, kokkola))
    8292
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import asin, cos, radians, sin, sqrt

from traceledger.audit.source import Coordinates
from traceledger.audit.view import AuditView
from traceledger.events import Position, RecordedEvent, ShipmentOffered, ShipmentReceived
from traceledger.model.batches import BatchState

EARTH_KM = 6371.0088
"""Mean radius of the earth (IUGG, R1)."""
_HOUR = 3_600
_END = Position(2**63, 0)


@dataclass(frozen=True, slots=True)
class Journey:
    """A way from the facility ``origin`` to ``target`` (ids), of batches that went together.

    ``departed`` and ``arrived`` are claimed times; ``participant`` sent the batches first; ``mass_mg`` is
    what of them arrived or was used.
    """

    batches: tuple[int, ...]
    origin: int
    target: int
    departed: int
    arrived: int
    km: float
    mass_mg: int
    participant: bytes

    @property
    def hours(self) -> float:
        """How long it took as claimed; a time that runs backwards is none."""
        return max(0, self.arrived - self.departed) / _HOUR

    def faster_than(self, kmh: float) -> bool:
        """Whether it took less time than that speed needs."""
        return self.km > kmh * self.hours


def great_circle_km(here: Coordinates, there: Coordinates) -> float:
    """Length of the shortest way over a sphere (haversine formula)."""
    (lat1, lon1), (lat2, lon2) = here.degrees, there.degrees
    north, east = radians(lat2 - lat1) / 2, radians(lon2 - lon1) / 2
    chord = sin(north) ** 2 + cos(radians(lat1)) * cos(radians(lat2)) * sin(east) ** 2
    # Rounding can take the chord of two antipodes just above 1.
    return 2 * EARTH_KM * asin(min(1.0, sqrt(chord)))


def journeys(view: AuditView) -> list[Journey]:
    """All ways of batches between two facilities that say where they are; what went together is one."""
    together: dict[tuple[int, int, int, int], list[Journey]] = {}
    for batch, target, at, mass in _ends(view):
        found = _journey(view, batch, target, at, mass)
        if found is not None:
            key = (found.origin, found.target, found.departed, found.arrived)
            together.setdefault(key, []).append(found)
    return [_joined(found) for found in together.values()]


def _joined(found: list[Journey]) -> Journey:
    if len(found) == 1:
        return found[0]
    batches = tuple(dict.fromkeys(batch for one in found for batch in one.batches))
    return replace(found[0], batches=batches, mass_mg=sum(one.mass_mg for one in found))


def _ends(view: AuditView) -> Iterator[tuple[int, int, RecordedEvent | None, int]]:
    """Where batches were used (batch, facility, event, mass), and where the unused ones must lie."""
    for run in view.runs:
        for item in run.event.inputs:
            yield item.batch, run.event.facility, run.at, item.mass_mg
    for batch, facts in view.batches.items():
        received = any(isinstance(item.event, ShipmentReceived) for item in facts.later)
        if received and facts.now.state is BatchState.ACTIVE:
            places = view.located(facts.now.custodian)
            # With several, nobody knows at which of them it lies.
            if len(places) == 1:
                yield batch, places[0].id, None, facts.now.mass_mg


def _journey(
    view: AuditView, batch: int, target: int, used: RecordedEvent | None, mass: int
) -> Journey | None:
    root, moves = _route(view, batch, used.position if used else _END)
    begun = view.batches.get(root)
    if begun is None or begun.now.facility == target:
        return None
    here, there = view.place(begun.now.facility), view.place(target)
    if here is None or there is None:
        return None
    km = great_circle_km(here, there)
    arrivals = [item for item in moves if isinstance(item.event, ShipmentReceived)]
    done = {item.event.shipment for item in arrivals if isinstance(item.event, ShipmentReceived)}
    departures = [i for i in moves if isinstance(i.event, ShipmentOffered) and i.event.shipment in done]
    if km <= view.settings.travel.ignore_km or not (departures or used):
        return None
    departed = (departures[0] if departures else begun.making.at).event.occurred_at
    arrived = (arrivals[-1] if arrivals else used or begun.making.at).event.occurred_at
    first = departures[0].event if departures else None
    sender = first.sender if isinstance(first, ShipmentOffered) else begun.now.creator
    return Journey((batch,), begun.now.facility, target, departed, arrived, km, mass, sender)


def _route(view: AuditView, batch: int, before: Position) -> tuple[int, list[RecordedEvent]]:
    """The batch of which this one was split, through all splits, and how both were moved, in chain order."""
    moves: list[RecordedEvent] = []
    while (facts := view.batches.get(batch)) is not None:
        own = [
            item
            for item in view.moves_before(batch, before)
            if isinstance(item.event, ShipmentOffered | ShipmentReceived)
        ]
        moves = own + moves
        parent = facts.making.split_from
        if parent is None:
            break
        before, batch = facts.making.at.position, parent
    return batch, moves
