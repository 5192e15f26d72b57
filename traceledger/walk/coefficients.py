"""Which part of a record's emissions a batch bears: for restatements, parts of emissions, and bookings.

Example:
    >>> from traceledger.model.emissions import Emissions
    >>> from traceledger.walk import SplitOff
    >>> mine = Minted((1, 0), batch=1, emissions=Emissions(scope1=5))
    >>> bag = Split((2, 0), parent=1, children=(SplitOff(batch=2, mass_mg=1, before_mg=4),))
    >>> coefficients([mine, bag], asked=2).records[1, 0] * 4 == ONE
    True
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from traceledger.errors import VerificationError
from traceledger.model.frozen import frozen
from traceledger.model.hexadecimal import id_text
from traceledger.walk.co2e import UNCONSUMED, Consumer, Tag, keeps
from traceledger.walk.division import ONE
from traceledger.walk.steps import (
    Added,
    At,
    InError,
    Measured,
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
class Coefficients:
    """Parts of 2^128.

    Attributes:
        records: of every mint, run and addition, by where its step stands.
        booked: every lot that was measured again, with the part of it that the batch bears.
    """

    records: dict[At, int]
    booked: tuple[tuple[Measured, int], ...]


def coefficients(steps: Sequence[Step], asked: int) -> Coefficients:
    """Which part of each record a batch bears.

    Args:
        steps: what happened to the batch and all upstream, in chain order, with *all* takes of these, also
            for others, and the masses before them.
        asked: the batch's id.

    Raises:
        VerificationError: more was taken of a batch than it weighed.
    """
    walk = _walked(steps, asked, keeps)
    records = {at: _whole(parts) for at, parts in walk.records.items()}
    return Coefficients(records, tuple((lot, _whole(parts)) for lot, parts in reversed(walk.booked)))


def consumed_parts(steps: Sequence[Step], asked: int, consumer: Consumer) -> dict[At, dict[Tag, int]]:
    """The coefficients of records by the runs that consumed what they emitted, walked tag by tag.

    Args:
        steps: as for :func:`coefficients`.
        asked: the batch's id.
        consumer: how a run marks what it took.

    Raises:
        VerificationError: more was taken of a batch than it weighed.
    """
    return _walked(steps, asked, consumer).records


def _walked(steps: Sequence[Step], asked: int, consumer: Consumer) -> _Walk:
    walk = _Walk(asked, consumer)
    for step in reversed(steps):
        walk.undo(step)
    return walk


_Parts = dict[Tag, int]
_NONE: _Parts = {}


def _whole(parts: _Parts) -> int:
    return sum(parts.values())


class _Walk:
    def __init__(self, asked: int, consumer: Consumer) -> None:
        self._asked = asked
        self._consumer = consumer
        # W12: all of the batch is the batch, throughout.
        self._parts: dict[int, _Parts] = {asked: {UNCONSUMED: ONE}}
        self._aside: dict[At, list[_Parts]] = {}
        self.records: dict[At, _Parts] = {}
        self.booked: list[tuple[Measured, _Parts]] = []

    def undo(self, step: Step) -> None:
        """Note the coefficient of a step, and go back behind it."""
        match step:
            case Minted():
                self.records[step.at] = self._of(step.batch)
            case Remeasured():
                self.booked.extend((lot, self._of(lot.batch)) for lot in reversed(step.lots))
            case Added():
                weights = [(entry.batch, entry.weight) for entry in step.entries]
                self.records[step.at] = self._mean(weights)
            case Split():
                self._undo_split(step)
            case Run():
                self._undo_run(step)
            case TakenBack():
                self._undo_take_back(step)
            case Reversed():
                self._undo_reversal(step)
            case InError() | Restated():
                return
            case _:
                assert_never(step)

    def _of(self, batch: int) -> _Parts:
        return self._parts.get(batch, _NONE)

    def _mean(self, weights: Sequence[tuple[int, int]]) -> _Parts:
        whole = sum(weight for _, weight in weights)
        sums: _Parts = {}
        for batch, weight in weights:
            for tag, part in self._of(batch).items():
                sums[tag] = sums.get(tag, 0) + part * weight
        return {tag: amount // whole for tag, amount in sums.items() if amount >= whole} if whole else {}

    def _undo_split(self, step: Split) -> None:
        # W12: within one event, last first.
        for child in reversed(step.children):
            self._join(step.parent, self._of(child.batch), child.mass_mg, child.before_mg)

    def _undo_take_back(self, step: TakenBack) -> None:
        if step.batch != self._asked:
            # W12: what was made since has nothing of the first life, unless that was reversed.
            (self._parts[step.batch],) = self._aside.pop(step.at, [_NONE])

    def _undo_run(self, step: Run) -> None:
        # W12: the mean over the outputs, weighted as they were allocated.
        mean = self._mean([(made.batch, made.weight) for made in step.outputs])
        self.records[step.at] = mean
        taken_for: _Parts = {}
        for tag, part in mean.items():
            of = self._consumer(step.at, tag)
            taken_for[of] = taken_for.get(of, 0) + part
        back = self._aside.pop(step.at, [taken_for] * len(step.inputs))
        # W12: within one event, last first.
        for taken, parts in zip(reversed(step.inputs), reversed(back), strict=True):
            self._join(taken.batch, parts, taken.mass_mg, taken.before_mg)

    def _join(self, batch: int, parts: _Parts, mass_mg: int, before_mg: int) -> None:
        """Go back behind a take."""
        held = self._of(batch)
        if batch == self._asked or not (parts or held):
            return
        if not 0 < mass_mg <= before_mg:
            raise VerificationError(f"more was taken of batch {id_text(batch)} than it weighed")
        mixed = {
            tag: (held.get(tag, 0) * (before_mg - mass_mg) + parts.get(tag, 0) * mass_mg) // before_mg
            for tag in {**held, **parts}
        }
        self._parts[batch] = {tag: part for tag, part in mixed.items() if part}

    def _undo_reversal(self, step: Reversed) -> None:
        # W12: what was put back bears what the batch bears to which it returned.
        aside = []
        for entry in step.entries:
            if entry.child is None:
                aside.append(self._of(entry.batch))
            else:
                self._parts[entry.child] = self._of(entry.batch)
        if aside:
            self._aside[step.of] = aside
