"""Translates events into steps as they are indexed, and keeps these (:mod:`traceledger.replay.telling`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from traceledger.events import LedgerEvent, ReversingEvent
from traceledger.index.database import Database
from traceledger.index.ledger_state import SqlState
from traceledger.index.schema import id_blob
from traceledger.index.step_rows import step_body
from traceledger.index.things import ThingWriter
from traceledger.model.batches import RecordKind
from traceledger.model.registry import Facility
from traceledger.replay.held import MASS, Held
from traceledger.replay.telling import Place, step_of

_PLACE = """SELECT number FROM place WHERE (participant, facility) = (?, ?)
    AND (sort, process, recycles) = (?, ?, ?)"""


class StepWriter:
    """Implements :class:`traceledger.replay.telling.Before` for the index, and writes steps.

    Args:
        database: the index file.
        things: gives numbers to things.
        state: the ledger's state, in which the event is not applied yet.
        event_at: gives the ledger's event at a position that was recorded before.
        taken_back: gives the position of what a reversal takes back of a batch.
        record_at: gives the position of a record, by its kind and id.
    """

    def __init__(
        self,
        database: Database,
        things: ThingWriter,
        state: SqlState,
        *,
        event_at: Callable[[int], LedgerEvent],
        taken_back: Callable[[ReversingEvent, int], int],
        record_at: Callable[[RecordKind, int], int | None],
    ) -> None:
        self._database = database
        self._things = things
        self._state = state
        self.event_at: Callable[[int], LedgerEvent | None] = event_at
        self.reversed_at: Callable[[ReversingEvent, int], int | None] = taken_back
        self.record_at = record_at
        self._places: dict[Place, int] = {}
        self._new_places: list[tuple[int, int, int, int, str, int]] = []
        self._last_place: int | None = None
        self._sites: dict[int, Facility | None] = {}
        self._steps: list[tuple[int, int, str]] = []

    def write(self, event: LedgerEvent, position: int) -> None:
        """Keep what an event means, before it is applied."""
        self._steps.append((position, *step_body(step_of(event, position, self))))

    def flush(self) -> None:
        """Write what is still in memory."""
        self._database.add("place", self._new_places)
        self._database.add("step", self._steps)
        self._new_places, self._steps = [], []

    def key(self, batch: int) -> int:
        """Its number."""
        return self._state.number(batch)

    def held(self, batch: int) -> Held | None:
        """What it holds."""
        found = self._state.batch(batch)
        if found is None:
            return None
        pools = {**dict.fromkeys(found.tracked, 0), **found.substances_mg}
        numbers = (MASS, *found.tracked)
        used = dict(zip(numbers, found.differences, strict=True)) if found.differences else {}
        return Held(found.mass_mg, found.own_mg, found.inherited_mg, pools, used, found.primary_mg)

    def made_with(self, batch: int) -> Mapping[int, int]:
        """The substances with which it was made."""
        position = self._state.made_at(batch)
        event = None if position is None else self.event_at(position)
        made = () if event is None else event.makes
        return next((new.substances_mg for new in made if new.batch == batch), {})

    def made_at_site(self, batch: int) -> Facility | None:
        """Where it was made."""
        found = self._state.batch(batch)
        if found is None:
            return None
        if found.facility not in self._sites:
            query = "SELECT participant, identifier, name, kind, country, latitude, longitude FROM facility"
            row = self._database.one(f"{query} WHERE id = ?", [id_blob(found.facility)])
            self._sites[found.facility] = None if row is None else Facility(found.facility, *row)
        return self._sites[found.facility]

    def came_back(self, batch: int) -> bool:
        """Whether it was taken back."""
        return self._state.came_back(batch)

    def second_life(self, batch: int) -> bool:
        """Whether it, or what it was split off, was taken back."""
        found = self._state.batch(batch)
        return found is not None and found.taken_back

    def place(self, place: Place) -> int:
        """Its number."""
        if place not in self._places:
            self._places[place] = self._kept_place(place)
        return self._places[place]

    def made_at(self, batch: int) -> int | None:
        """Where the event stands that made it."""
        return self._state.made_at(batch)

    def _kept_place(self, place: Place) -> int:
        who = self._things.number(place.participant)
        where = self._things.number(id_blob(place.facility)) if place.facility else 0
        rest = (place.sort, place.process, place.recycles)
        row = self._database.one(_PLACE, (who, where, *rest))
        if row is not None:
            return int(row[0])
        if self._last_place is None:
            (self._last_place,) = self._database.one("SELECT ifnull(max(number), 0) FROM main.place") or (0,)
        self._last_place += 1
        self._new_places.append((self._last_place, who, where, *rest))
        return self._last_place
