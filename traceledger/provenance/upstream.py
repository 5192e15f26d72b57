"""What a walk up reached, and the events that belong to it, read some at a time."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from traceledger.events import BatchSplit, RecordedEvent
from traceledger.provenance.marks import Marks, held_and_recalled, marks_of
from traceledger.provenance.nodes import creations
from traceledger.provenance.source import Steps
from traceledger.provenance.walked import Walked
from traceledger.walk import At

if TYPE_CHECKING:
    from traceledger.names import Names
    from traceledger.walk.passing import Passing

_AT_ONCE = 5000
"""Events and batches that are read with one question."""


class Lot(NamedTuple):
    """A batch: its id, the address of who made it, and the id of its material."""

    batch: int
    creator: bytes
    material: int


class Upstream:
    """The lineage of a batch, up, as a walk found it.

    Args:
        steps: the source that was walked.
        found: the walk.
        before: the place before which the batch is told; ``None``: now.

    Attributes:
        steps: the source.
        found: the walk.
        before: the place before which the batch is told.
        lots: the batches of the lineage by key, and what came back to it by a reversal.
        sites: ids of the facilities where its batches were made.
        creators: addresses of who made them, and of who made what a product was split off at which it stops.
    """

    def __init__(self, steps: Steps, found: Walked, before: At | None) -> None:
        self.steps = steps
        self.found = found
        self.before = before
        self.lots: dict[int, Lot] = {}
        self.sites: set[int] = set()
        self.creators: set[bytes] = set()
        stopped = found.counting.stopped
        for some in _parts([*found.counting.reached, *found.counting.returned]):
            for key, made in steps.made(some).items():
                self.lots[key] = Lot(made.batch, made.creator, made.material)
                self.creators.add(made.creator)
                if key in found.counting.reached and key not in stopped:
                    self.sites.add(made.facility)
        if stopped:
            self._see_stopped(stopped)

    @cached_property
    def keys(self) -> dict[int, int]:
        """Keys of the batches of the lineage by their ids."""
        reached = self.found.counting.reached
        return {lot.batch: key for key, lot in self.lots.items() if key in reached}

    @property
    def passing(self) -> Passing:
        """What went where on its way.

        Raises:
            TypeError: the walk was not asked for it.
        """
        if self.found.passing is None:
            raise TypeError("the walk was not asked what passed where")
        return self.found.passing

    def events(self) -> Iterator[RecordedEvent]:
        """The events that belong to it, in chain order, each once (:meth:`Lineage.events`)."""
        for some in _parts(sorted(self.found.counting.places)):
            yield from self.steps.events(some).values()

    def marked(self, names: Names, asked: int) -> tuple[list[str], list[str]]:
        """Full names of its batches, but the asked one (by id), that are on hold, and that are recalled."""
        return held_and_recalled(self._marks(names, asked))

    def _marks(self, names: Names, asked: int) -> Iterator[tuple[str, Marks]]:
        for some in _parts(sorted(self.found.counting.reached)):
            for batch, history in self.steps.histories(some, self.before).items():
                if batch != asked:
                    made = creations(history[0])[batch]
                    yield names.full(made.creator, made.identifier), marks_of(history[1:])

    def _see_stopped(self, stopped: Collection[int]) -> None:
        """Of products where it stops: where they were made, and who made what they were split off."""
        waiting = {made.batch: made.at for made in self.steps.made(stopped).values()}
        first = True
        while waiting:
            events = self.steps.events(waiting.values())
            parents: dict[int, None] = {}
            for batch, at in waiting.items():
                made = creations(events[at])[batch]
                self.creators.add(made.creator)
                if isinstance(made.event, BatchSplit):
                    parents.update(dict.fromkeys(made.parents))
                elif first and made.facility is not None:
                    self.sites.add(made.facility)
            first = False
            keys = self.steps.keys(parents)
            waiting = {made.batch: made.at for made in self.steps.made(list(keys.values())).values()}


def _parts(keys: list[int]) -> Iterator[list[int]]:
    return (keys[first : first + _AT_ONCE] for first in range(0, len(keys), _AT_ONCE))
