"""What was made of given batches, and how much of it comes from them: the walk the other way.

Example:
    >>> bag = Split(at=2, parent=1, children=((2, 1, 4),))
    >>> spread([bag], roots={1}, substance=27).weights[2] == ONE
    True
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from traceledger.walk.division import ONE
from traceledger.walk.steps import (
    KINDS,
    At,
    Delivered,
    Handlers,
    Measured,
    Minted,
    Numbers,
    Reversed,
    Run,
    Split,
    Step,
    TakenBack,
    Withdrawn,
)


class Spread(NamedTuple):
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
    walk = Spreading(roots, [substance])
    do_all([walk.handlers], steps)
    return walk.found()[substance]


def do_all(passes: Sequence[Handlers], steps: Iterable[Step]) -> None:
    """Feed steps, in chain order, to passes that go the way down."""
    # By kind what is done, looked up once: there may be millions of steps.
    doing = {kind: [table[kind] for table in passes if kind in table] for kind in KINDS}
    for step in steps:
        for do in doing[type(step)]:
            do(step)


class Spreading:
    """Substances, followed; fed the steps oldest first.

    Args:
        roots: keys of the batches.
        substances: their numbers.
    """

    def __init__(self, roots: Collection[int], substances: Iterable[int]) -> None:
        self._roots = frozenset(roots)
        # Products that were taken back; not of roots.
        self._stopped: set[int] = set()
        self._spreads = {number: Spread(dict.fromkeys(roots, ONE), set()) for number in sorted(substances)}

    def found(self) -> dict[int, Spread]:
        """What came of the batches by substance, once all steps are done."""
        return self._spreads

    @property
    def handlers(self) -> Handlers:
        """What it does, by kind of step."""
        return {
            Split: self._split,
            Run: self._run,
            Measured: self._measured,
            TakenBack: self._take_back,
            Delivered: self._deliver,
        }

    def _measured(self, step: Measured) -> None:
        for batch, number in step.raised:
            if number in self._spreads and batch not in self._roots:
                self._spreads[number].weights[batch] = 0

    def _take_back(self, step: TakenBack) -> None:
        if step.batch not in self._roots:
            # W15: a second life is none of the first; one that is asked about itself is followed.
            self._stopped.add(step.batch)

    def _deliver(self, step: Delivered) -> None:
        self._stopped.discard(step.batch)

    def _split(self, step: Split) -> None:
        for weights, _ in self._spreads.values():
            weight = 0 if step.parent in self._stopped else weights.get(step.parent, 0)
            for child in step.children:
                weights[child[0]] = ONE if child[0] in self._roots else weight

    def _run(self, step: Run) -> None:
        columns = {column[0]: column for column in step.substances}
        for number, (weights, used) in self._spreads.items():
            weight = self._mean(step, columns[number], weights, used) if number in columns else 0
            for output in step.outputs:
                batch = output[0]
                weights[batch] = ONE if batch in self._roots else weight

    def _mean(self, step: Run, column: Numbers, weights: Mapping[int, int], used: set[int]) -> int:
        """W15: the mean of the inputs, by what was taken of the substance."""
        stopped = self._stopped
        whole = passed = 0
        for taken, mass in zip(step.inputs, column[1:], strict=False):
            if mass:
                batch = taken[0]
                used.add(batch)
                whole += mass
                if batch in weights and batch not in stopped:
                    passed += weights[batch] * mass
        return passed // whole if whole else 0


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
        self._made_by: dict[At, list[int]] = {}
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

    @property
    def handlers(self) -> Handlers:
        """What it does, by kind of step."""
        return {
            Minted: self._mint,
            Split: self._split,
            Run: self._run,
            Measured: self._measured,
            TakenBack: self._take_back,
            Delivered: self._deliver,
            Reversed: self._reverse,
            Withdrawn: self._withdraw,
        }

    def _mint(self, step: Minted) -> None:
        self._make(step.at, [step.batch], passes=False)

    def _split(self, step: Split) -> None:
        passes = step.parent in self._reached and step.parent not in self._stopped
        self._make(step.at, [child[0] for child in step.children], passes=passes)

    def _take_back(self, step: TakenBack) -> None:
        if step.batch in self._reached and step.batch not in self._asked:
            self._stopped[step.batch] = []

    def _deliver(self, step: Delivered) -> None:
        self._stopped.pop(step.batch, None)

    def _reverse(self, step: Reversed) -> None:
        children = [child for *_, child in step.entries if child]
        # Of a split each child is reversed alone, of a run all that it made.
        self._unmade.update(children or self._made_by.get(step.of, ()))

    def _withdraw(self, step: Withdrawn) -> None:
        self._void.update((batch, of) for batch, of in step.entries)
        self._unmade.update(batch for batch, of in step.entries if batch in self._made_by.get(of, ()))

    def _measured(self, step: Measured) -> None:
        for batch, number in step.raised:
            self._raised.setdefault((batch, number), set()).add(step.at)

    def _run(self, step: Run) -> None:
        passes = False
        for taken in step.inputs:
            batch = taken[0]
            if batch in self._stopped:
                self._stopped[batch].append(step.at)
            elif batch in self._reached:
                passes = True
        self._make(step.at, [output[0] for output in step.outputs], passes=passes)

    def _make(self, at: At, batches: Iterable[int], *, passes: bool) -> None:
        made = [batch for batch in batches if passes or batch in self._roots]
        if not made:
            return
        self._made_by[at] = made
        self._reached.update(made)
        if passes:
            self._asked.difference_update(made)
