"""What went through each mint, run and addition on its way to the asked batch, and where lots were used next.

A pass beside that of origins, for who asks for journeys; fed the steps newest first, before it.

Example:
    >>> mixing, reached = Mixing([27], 1, {}), {1}
    >>> passing = Passing(mixing, reached)
    >>> passing.handlers[Minted](Minted(at=5, batch=1, place=1, untraced=0, emitted=(0, 0, 0, 0)))
    >>> passing.went[27][5, 1] == 2**128
    True
"""

from __future__ import annotations

from collections.abc import Container
from typing import NamedTuple

from traceledger.walk.shares import Mixing
from traceledger.walk.steps import (
    Added,
    At,
    Delivered,
    Handlers,
    Measured,
    Minted,
    Numbers,
    Run,
    Split,
    TakenBack,
    Withdrawn,
)


class Used(NamedTuple):
    """Batches were used at a place: taken by a run, or taken back."""

    place: int
    batches: Numbers


class Divided(NamedTuple):
    """A batch of the lineage was split off another."""

    parent: int
    child: int


class Passing:
    """What passed where.

    Args:
        mixing: the walk of origins, whose weights are read before each step is undone.
        reached: keys of the batches of the lineage, as far as it is walked.

    Attributes:
        went: by substance, and by where a step stands and the batch that it made, or to which it added: the
            weight of the substance that was in that batch then and came into the asked one, of
            :data:`~traceledger.walk.ONE`. A product that was taken back stands by its take-back.
        uses: where batches were used, and what of them was split off, newest first.
        measured: measurements by where they stand.
        void: what was withdrawn: batches, and where it stands.
    """

    def __init__(self, mixing: Mixing, reached: Container[int]) -> None:
        self._weights = mixing.weights
        self._reached = reached
        self._passed: set[At] = set()
        self._came_back: dict[int, int] = {}
        self.went: dict[int, dict[tuple[At, int], int]] = {number: {} for number in mixing.substances}
        self.uses: list[Used | Divided] = []
        self.measured: dict[At, Measured] = {}
        self.void: set[tuple[int, At]] = set()

    @property
    def handlers(self) -> Handlers:
        """What it does, by kind of step."""
        return {
            Minted: self._pass_mint,
            Run: self._pass_run,
            Split: self._pass_split,
            Added: self._pass_addition,
            Measured: self._keep_measured,
            TakenBack: self._pass_take_back,
            Delivered: self._pass_delivery,
            Withdrawn: self._keep_withdrawn,
        }

    def _pass(self, at: At, batch: int) -> None:
        for number, weight in self._weights.get(batch, {}).items():
            self.went[number][at, batch] = weight

    def _pass_mint(self, step: Minted) -> None:
        self._pass(step.at, step.batch)
        self._make(step.batch)

    def _pass_run(self, step: Run) -> None:
        made = [output[0] for output in step.outputs if output[0] in self._reached]
        if made:
            self.uses.append(Used(step.place, tuple([taken[0] for taken in step.inputs])))
        for batch in reversed(made):
            self._pass(step.at, batch)
            self._make(batch)

    def _pass_split(self, step: Split) -> None:
        # Nothing happens to the material; the first child is the last to be undone.
        for child in reversed(step.children):
            if child[0] in self._reached:
                self.uses.append(Divided(step.parent, child[0]))
                self._make(child[0])

    def _pass_addition(self, step: Added) -> None:
        for entry in step.entries:
            self._pass(step.at, entry[0])

    def _pass_take_back(self, step: TakenBack) -> None:
        self._pass(step.at, step.batch)
        if step.at not in self._passed:
            self._came_back.setdefault(step.batch, step.place)

    def _make(self, batch: int) -> None:
        """What came back was brought to who took it back, whatever it was used for since."""
        place = self._came_back.pop(batch, None) if self._came_back else None
        if place is not None:
            self.uses.append(Used(place, (batch,)))

    def _pass_delivery(self, step: Delivered) -> None:
        self._passed.add(step.of)

    def _keep_measured(self, step: Measured) -> None:
        self.measured[step.at] = step

    def _keep_withdrawn(self, step: Withdrawn) -> None:
        self.void.update((batch, of) for batch, of in step.entries)
