"""Which part of a record's emissions a batch bears: for restatements, parts of emissions, and bookings.

Example:
    >>> mine = Minted(at=1, batch=1, place=1, untraced=0, emitted=(5, 0, 0, 0))
    >>> bag = Split(at=2, parent=1, children=((2, 1, 4),))
    >>> coefficients([mine, bag], asked=2).records[1] * 4 == ONE
    True
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from traceledger.errors import VerificationError
from traceledger.model.frozen import frozen
from traceledger.model.hexadecimal import id_text
from traceledger.walk.co2e import UNCONSUMED, Consumer, Tag, keeps
from traceledger.walk.division import ONE
from traceledger.walk.restatements import weighted
from traceledger.walk.steps import (
    Added,
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
    undo_all,
)

Parts = dict[Tag, int]
"""What a batch bears of something by the runs that consumed it, of 2^128."""
_NONE: Parts = {}


class Booked(NamedTuple):
    """What was booked of a lot, and the part of that which the batch bears.

    Attributes:
        at: where the step stands that says so.
        batch: the lot.
        number: the substance; 0 for the gross mass.
        mg: how much, signed.
        part: of 2^128.
    """

    at: At
    batch: int
    number: int
    mg: int
    part: int


class Bearing:
    """The coefficients, walked back; fed the steps newest first, *all* takes of the batches among them.

    ``records`` has those of every mint, run and addition of which it bears any, ``booked`` those of what was
    measured.

    Args:
        asked: the batch's key.
        consumer: how a run marks what it took.
    """

    def __init__(self, asked: int, consumer: Consumer = keeps) -> None:
        self._asked = asked
        self._consumer = consumer
        # W12: all of the batch is the batch, throughout.
        self._parts: dict[int, Parts] = {asked: {UNCONSUMED: ONE}}
        self._aside: dict[At, list[Parts]] = {}
        self._void: set[tuple[int, At]] = set()
        self.records: dict[At, Parts] = {}
        self.booked: list[Booked] = []

    @property
    def handlers(self) -> Handlers:
        """What it does, by kind of step: it notes the coefficient of the step, and goes back behind it."""
        return {
            Run: self._undo_run,
            Split: self._undo_split,
            Minted: self._undo_mint,
            Added: self._undo_addition,
            Measured: self._measured,
            TakenBack: self._undo_take_back,
            Reversed: self._undo_reversal,
            Delivered: self._undo_delivery,
            Withdrawn: self._undo_withdrawal,
        }

    def _undo_split(self, step: Split) -> None:
        # W12: within one event, last first.
        for child, mass_mg, before_mg in reversed(step.children):
            self._join(step.parent, self._parts.pop(child, _NONE), mass_mg, before_mg)

    def _undo_mint(self, step: Minted) -> None:
        self._note(step.at, self._parts.pop(step.batch, _NONE))

    def _undo_addition(self, step: Added) -> None:
        self._note(step.at, self._mean([entry[:2] for entry in step.entries]))

    def _undo_take_back(self, step: TakenBack) -> None:
        if step.batch != self._asked:
            # W12: what was made since has nothing of the first life, unless that was reversed.
            (self._parts[step.batch],) = self._aside.pop(step.at, [_NONE])

    def _undo_delivery(self, step: Delivered) -> None:
        self._aside[step.of] = [self._of(step.batch)]

    def _undo_withdrawal(self, step: Withdrawn) -> None:
        self._void.update((batch, of) for batch, of in step.entries)

    def _of(self, batch: int) -> Parts:
        return self._parts.get(batch, _NONE)

    def _note(self, at: At, parts: Parts) -> None:
        if parts:
            self.records[at] = parts

    def _measured(self, step: Measured) -> None:
        for batch, number, mg in reversed(step.booked):
            if (batch, step.at) not in self._void:
                self.booked.append(Booked(step.at, batch, number, mg, whole(self._of(batch))))

    def _mean(self, weights: Sequence[Numbers]) -> Parts:
        if len(weights) == 1:
            ((batch, weight),) = weights
            return self._of(batch) if weight else {}
        in_all = sum([weight for _, weight in weights])
        sums: Parts = {}
        for batch, weight in weights:
            for tag, part in self._of(batch).items():
                sums[tag] = sums.get(tag, 0) + part * weight
        return {tag: amount // in_all for tag, amount in sums.items() if amount >= in_all} if in_all else {}

    def _undo_run(self, step: Run) -> None:
        # W12: the mean over the outputs, weighted as they were allocated.
        mean = self._mean(step.outputs)
        self._note(step.at, mean)
        for output in step.outputs:
            self._parts.pop(output[0], None)
        taken_for = mean if self._consumer is keeps else self._consumed(step.place, mean)
        back = self._aside.pop(step.at, None) or [taken_for] * len(step.inputs)
        # W12: within one event, last first.
        for (batch, mass_mg, before_mg, _, _), parts in zip(
            reversed(step.inputs), reversed(back), strict=True
        ):
            self._join(batch, parts, mass_mg, before_mg)

    def _consumed(self, place: int, made: Parts) -> Parts:
        """What a run made, marked as what it took."""
        taken_for: Parts = {}
        for tag, part in made.items():
            of = self._consumer(place, tag)
            taken_for[of] = taken_for.get(of, 0) + part
        return taken_for

    def _join(self, batch: int, parts: Parts, mass_mg: int, before_mg: int) -> None:
        """Go back behind a take."""
        held = self._parts.get(batch, _NONE)
        if not (parts or held) or batch == self._asked:
            return
        if not 0 < mass_mg <= before_mg:
            raise VerificationError(f"more was taken of batch {id_text(batch)} than it weighed")
        if mass_mg == before_mg:
            # All that was left of it: it was nothing else.
            self._parts[batch] = parts
            return
        mixed = {
            tag: (held.get(tag, 0) * (before_mg - mass_mg) + parts.get(tag, 0) * mass_mg) // before_mg
            for tag in {**held, **parts}
        }
        self._parts[batch] = {tag: part for tag, part in mixed.items() if part}

    def _undo_reversal(self, step: Reversed) -> None:
        # W12: what was put back bears what the batch bears to which it returned.
        aside = []
        for batch, *_, child in step.entries:
            if child:
                self._parts[child] = self._of(batch)
            else:
                aside.append(self._of(batch))
        if aside:
            self._aside[step.of] = aside


def whole(parts: Mapping[Tag, int]) -> int:
    """All of it, whatever consumed it."""
    return sum(parts.values())


def booked_of(booked: Sequence[Booked]) -> dict[int, int]:
    """What a batch bears of what was booked, mg by substance, 0 being the gross mass; signed."""
    numbers = dict.fromkeys(each.number for each in booked)
    # W12: what was booked, times the part of the lot that the batch is, rounded once.
    return {
        number: weighted((each.mg, each.part) for each in booked if each.number == number)
        for number in numbers
    }


@frozen
class Coefficients:
    """Parts of 2^128.

    Attributes:
        records: of every mint, run and addition that it bears any of, by where its step stands.
        booked: all that was booked where lots were measured again, with the part that the batch bears.
    """

    records: dict[At, int]
    booked: tuple[Booked, ...]


def coefficients(steps: Sequence[Step], asked: int) -> Coefficients:
    """Which part of each record a batch bears.

    Args:
        steps: what happened to the batch and all upstream, in chain order, with *all* takes of these, also
            for others, and the masses before them.
        asked: the batch's key.

    Raises:
        VerificationError: more was taken of a batch than it weighed.
    """
    walk = Bearing(asked)
    undo_all(walk.handlers, steps)
    return Coefficients(
        {at: whole(parts) for at, parts in walk.records.items()}, tuple(reversed(walk.booked))
    )
