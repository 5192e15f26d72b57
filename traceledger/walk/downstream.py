"""What was made of given batches, and how much of it comes from them: the walk the other way.

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
    At,
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


class Reaching:
    """Follows batches to what was made of them; fed the steps oldest first.

    It stops at a product that was taken back: a second life is none of the first (W15). One that is asked
    about itself is followed. What is fed may be more, such as what was made of products that had come back.

    Args:
        roots: keys of the batches; one may be made of another.
    """

    def __init__(self, roots: Collection[int]) -> None:
        self._roots = frozenset(roots)
        # Roots that are made of others end as these do, where they come back.
        self._asked = set(roots)
        self._reached: set[int] = set()
        self._unmade: set[int] = set()
        self._made_by: dict[At, tuple[int, ...]] = {}
        self._stopped: dict[int, list[At]] = {}
        self._raised: dict[tuple[int, int], set[At]] = {}
        self._void: set[tuple[int, At]] = set()

    def batches(self) -> set[int]:
        """The roots and all that was made of them, without what was reversed."""
        return self._reached - self._unmade

    @property
    def reversed(self) -> set[int]:
        """Roots whose making was reversed."""
        return self._unmade & self._roots

    @property
    def beyond(self) -> tuple[At, ...]:
        """Where the runs stand that took of products after these had come back, in chain order."""
        return tuple(sorted({at for runs in self._stopped.values() for at in runs}))

    def was_raised(self, batch: int, substance: int) -> bool:
        """Whether a measurement ever found some of a substance where none was recorded at making."""
        return (batch, substance) in self._raised

    def raised(self) -> set[int]:
        """The substances of which a root was made with none, and some was found since, and holds."""
        return {
            number
            for (batch, number), places in self._raised.items()
            if batch in self._roots and any((batch, at) not in self._void for at in places)
        }

    def do(self, step: Step) -> None:
        """Follow one step."""
        match step:
            case Split():
                passes = self._passes_on(step.parent)
                self._make(step.at, (child[0] for child in step.children), passes=passes)
            case Run():
                self._run(step)
            case Minted():
                self._make(step.at, (step.batch,), passes=False)
            case Told() | Added():
                return
            case _:
                self._do_rare(step)

    def _do_rare(
        self, step: Measured | TakenBack | Delivered | Withdrawn | Reversed | InError | Restated
    ) -> None:
        match step:
            case TakenBack():
                if step.batch in self._reached and step.batch not in self._asked:
                    self._stopped[step.batch] = []
            case Delivered():
                self._stopped.pop(step.batch, None)
            case Reversed():
                children = [child for *_, child in step.entries if child]
                # Of a split each child is reversed alone, of a run all that it made.
                self._unmade.update(children or self._made_by.get(step.of, ()))
            case Withdrawn():
                self._void.update((batch, of) for batch, of in step.entries)
                self._unmade.update(batch for batch, of in step.entries if batch in self._made_by.get(of, ()))
            case Measured():
                for batch, number in step.raised:
                    self._raised.setdefault((batch, number), set()).add(step.at)
            case InError() | Restated():
                return
            case _:
                assert_never(step)

    def _passes_on(self, batch: int) -> bool:
        return batch in self._reached and batch not in self._stopped

    def _run(self, step: Run) -> None:
        inputs = dict.fromkeys(taken[0] for taken in step.inputs)
        for batch in inputs:
            if batch in self._stopped:
                self._stopped[batch].append(step.at)
        passes = any(map(self._passes_on, inputs))
        self._make(step.at, (output[0] for output in step.outputs), passes=passes)

    def _make(self, at: At, batches: Iterable[int], *, passes: bool) -> None:
        made = tuple(batch for batch in batches if passes or batch in self._roots)
        if not made:
            return
        self._made_by[at] = made
        self._reached.update(made)
        if passes:
            self._asked.difference_update(made)
