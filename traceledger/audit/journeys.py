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

from bisect import bisect_left
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from math import asin, cos, radians, sin, sqrt

from traceledger.audit.facts import BatchFacts, Happening, Made, Run
from traceledger.audit.source import Coordinates
from traceledger.audit.values import Check, Issue
from traceledger.audit.view import AuditView
from traceledger.events import ShipmentOffered, ShipmentReceived
from traceledger.model.batches import BatchState

EARTH_KM = 6371.0088
"""Mean radius of the earth (IUGG, R1)."""
_HOUR = 3_600


@dataclass(frozen=True, slots=True)
class Journey:
    """A way from the facility ``origin`` to ``target`` (ids), of batches (numbers) that went together.

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


def journeys(
    view: AuditView, wanted: Callable[[Journey], bool], issues: Callable[[list[Journey]], Iterable[Issue]]
) -> Check:
    """All ways of batches between two facilities that say where they are; what went together is one.

    Args:
        view: the facts.
        wanted: which ways to keep, by where and when they led.
        issues: what follows from those.
    """
    used, lying = _Together(), _Together()

    def run(item: Run) -> None:
        for batch, taken in item.inputs:
            used.add(_journey(view, batch, item.facility, item.at, taken), wanted)

    def batch(lot: BatchFacts) -> None:
        received = any(item.kind is ShipmentReceived for item in lot.later)
        if received and lot.now.state is BatchState.ACTIVE:
            places = view.located(lot.now.custodian)
            # With several, nobody knows at which of them it lies.
            if len(places) == 1:
                lying.add(_journey(view, lot.number, places[0].id, None, lot.now.mass_mg), wanted)

    return Check(run=run, batch=batch, end=lambda: issues(used.joined(lying)))


class _Together:
    """Ways by where and when they led."""

    def __init__(self) -> None:
        self._found: dict[tuple[int, int, int, int], list[Journey]] = {}

    def add(self, found: Journey | None, wanted: Callable[[Journey], bool]) -> None:
        if found is not None and wanted(found):
            key = (found.origin, found.target, found.departed, found.arrived)
            self._found.setdefault(key, []).append(found)

    def joined(self, others: _Together) -> list[Journey]:
        """These, and others after them."""
        for key, found in others._found.items():
            self._found.setdefault(key, []).extend(found)
        return [_joined(found) for found in self._found.values()]


def _joined(found: list[Journey]) -> Journey:
    if len(found) == 1:
        return found[0]
    batches = tuple(dict.fromkeys(batch for one in found for batch in one.batches))
    return replace(found[0], batches=batches, mass_mg=sum(one.mass_mg for one in found))


def _journey(view: AuditView, batch: int, target: int, used: Happening | None, mass: int) -> Journey | None:
    begun, moves = _route(view, batch, used.number if used else None)
    origin = begun.now.facility
    if origin == target:
        return None
    here, there = view.place(origin), view.place(target)
    if here is None or there is None:
        return None
    km = great_circle_km(here, there)
    arrivals = [item for item in moves if item.kind is ShipmentReceived]
    done = {view.shipment(item.number) for item in arrivals}
    departures = [
        item for item in moves if item.kind is ShipmentOffered and view.shipment(item.number) in done
    ]
    if km <= view.settings.travel.ignore_km or not (departures or used):
        return None
    departed = departures[0] if departures else begun.making.at
    arrived = arrivals[-1] if arrivals else used or begun.making.at
    sender = departed.author if departures else begun.now.creator
    times = departed.occurred_at, arrived.occurred_at
    return Journey((batch,), origin, target, *times, km, mass, sender)


def _route(view: AuditView, batch: int, before: int | None) -> tuple[Made, list[Happening]]:
    """The batch of which this one was split, through all splits, and how both were moved, in chain order."""
    moves: list[Happening] = []
    while True:
        numbers = view.moves(batch)
        own = map(view.event, numbers if before is None else numbers[: bisect_left(numbers, before)])
        moves = [item for item in own if item.kind in (ShipmentOffered, ShipmentReceived)] + moves
        made = view.made(batch)
        if not made.making.split:
            return made, moves
        before, batch = made.making.at.number, made.making.parents[0]
