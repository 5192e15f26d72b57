"""How much of what was made comes from given batches: the walk the other way.

Example:
    >>> bag = Split(at=2, parent=1, children=((2, 1, 4),))
    >>> spread([bag], roots={1}, substance=27).weights[2] == ONE
    True
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import assert_never

from traceledger.model.frozen import frozen
from traceledger.walk.division import ONE
from traceledger.walk.shares import taken_of
from traceledger.walk.steps import (
    Added,
    Delivered,
    InError,
    Measured,
    Minted,
    Restated,
    Reversed,
    Run,
    Split,
    Step,
    TakenBack,
    Told,
    Withdrawn,
)


@frozen
class Spread:
    """What came of batches.

    Attributes:
        weights: by batch, the part of 2^128 of it that comes from them.
        taken: the batches of which something of the substance was taken to make others.
    """

    weights: dict[int, int]
    taken: set[int]


def spread(steps: Iterable[Step], roots: Collection[int], substance: int) -> Spread:
    """Follow a substance of some batches to everything that was made of them.

    Args:
        steps: what happened to them and all downstream, in chain order.
        roots: keys of the batches; one may be made of another.
        substance: its number.
    """
    walk = Spreading(roots, substance)
    for step in steps:
        walk.do(step)
    return walk.found()


class Spreading:
    """One substance, followed; fed the steps oldest first.

    Args:
        roots: keys of the batches.
        substance: its number.
    """

    def __init__(self, roots: Collection[int], substance: int) -> None:
        self._roots = frozenset(roots)
        self._substance = substance
        # Products that were taken back; not of roots.
        self._stopped: set[int] = set()
        self._taken: set[int] = set()
        self._weights = dict.fromkeys(roots, ONE)

    def found(self) -> Spread:
        """What came of the batches, once all steps are done."""
        return Spread(self._weights, self._taken)

    def do(self, step: Step) -> None:
        """Follow one step."""
        match step:
            case Split():
                weight = self._passes_on(step.parent)
                for child in step.children:
                    self._make(child[0], weight)
            case Run():
                self._run(step)
            case Told() | Minted() | Added():
                return
            case _:
                self._do_rare(step)

    def _do_rare(
        self, step: Measured | TakenBack | Delivered | Withdrawn | Reversed | InError | Restated
    ) -> None:
        match step:
            case Measured():
                for batch, number in step.raised:
                    if number == self._substance and batch not in self._roots:
                        self._weights[batch] = 0
            case TakenBack():
                if step.batch not in self._roots:
                    # W15: a second life is none of the first; one that is asked about itself is followed.
                    self._stopped.add(step.batch)
            case Delivered():
                self._stopped.discard(step.batch)
            case Reversed() | InError() | Withdrawn() | Restated():
                return
            case _:
                assert_never(step)

    def _passes_on(self, batch: int) -> int:
        return 0 if batch in self._stopped else self._weights.get(batch, 0)

    def _make(self, batch: int, weight: int) -> None:
        self._weights[batch] = ONE if batch in self._roots else weight

    def _run(self, step: Run) -> None:
        masses = taken_of(step, self._substance)
        whole = sum(masses)
        weight = 0
        if whole:
            took = [(taken[0], mass) for taken, mass in zip(step.inputs, masses, strict=False) if mass]
            self._taken.update(batch for batch, _ in took)
            # W15: the mean of the inputs, by what was taken of the substance.
            weight = sum(self._passes_on(batch) * mass for batch, mass in took) // whole
        for output in step.outputs:
            self._make(output[0], weight)
