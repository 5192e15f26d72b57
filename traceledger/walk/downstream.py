"""How much of what was made comes from given batches: the walk the other way.

Example:
    >>> from traceledger.walk import SplitOff
    >>> bag = Split((2, 0), parent=1, children=(SplitOff(batch=2),))
    >>> spread([bag], roots={1}, substance=27).weights[2] == ONE
    True
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import assert_never

from traceledger.model.frozen import frozen
from traceledger.walk.division import ONE
from traceledger.walk.steps import (
    Added,
    At,
    InError,
    Minted,
    Remeasured,
    Restated,
    Reversed,
    Run,
    Split,
    Step,
    TakenBack,
)


@frozen
class Spread:
    """What came of batches.

    Attributes:
        weights: by batch, the part of 2^128 of it that comes from them.
        beyond: ids of the runs that took of products that were taken back, where this stops.
    """

    weights: dict[int, int]
    beyond: tuple[int, ...]


def spread(steps: Iterable[Step], roots: Collection[int], substance: int) -> Spread:
    """Follow a substance of some batches to everything that was made of them.

    Args:
        steps: what happened to them and all downstream, in chain order.
        roots: ids of the batches; one may be made of another.
        substance: its number.
    """
    walk = _Walk(frozenset(roots), substance)
    for step in steps:
        walk.do(step)
    return Spread(walk.weights, tuple(dict.fromkeys(walk.beyond)))


class _Walk:
    def __init__(self, roots: frozenset[int], substance: int) -> None:
        self._roots = roots
        self._substance = substance
        self._taken_back: dict[At, int] = {}
        self.weights = dict.fromkeys(roots, ONE)
        self.beyond: list[int] = []

    def do(self, step: Step) -> None:
        """Follow one step."""
        match step:
            case Split():
                self._make([child.batch for child in step.children], self._passes_on(step.parent))
            case Run():
                self._run(step)
            case Remeasured():
                raised = (lot.batch for lot in step.lots if self._substance in lot.raised)
                self.weights.update((batch, 0) for batch in raised if batch not in self._roots)
            case TakenBack() if step.batch not in self._roots:
                # W15: a second life is none of the first; one that is asked about itself is followed.
                self._taken_back[step.at] = step.batch
            case Reversed():
                self._taken_back.pop(step.of, None)
            case Minted() | Added() | TakenBack() | InError() | Restated():
                return
            case _:
                assert_never(step)

    def _stops(self, batch: int) -> bool:
        return bool(self._taken_back) and batch in self._taken_back.values()

    def _passes_on(self, batch: int) -> int:
        return 0 if self._stops(batch) else self.weights.get(batch, 0)

    def _make(self, batches: Iterable[int], weight: int) -> None:
        self.weights.update((batch, ONE if batch in self._roots else weight) for batch in batches)

    def _run(self, step: Run) -> None:
        if any(self._stops(taken.batch) and taken.batch in self.weights for taken in step.inputs):
            self.beyond.append(step.run)
        masses = [taken.substances_mg.get(self._substance, 0) for taken in step.inputs]
        whole = sum(masses)
        parts = (self._passes_on(taken.batch) * mass for taken, mass in zip(step.inputs, masses, strict=True))
        # W15: the mean of the inputs, by what was taken of the substance.
        weight = sum(parts) // whole if whole else 0
        self._make([made.batch for made in step.outputs], weight)
