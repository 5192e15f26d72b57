"""Which batches and events a lineage has, and what in it asks for more than the plain walk.

What is fed may be more than the lineage: the one rule of what belongs to it stands here. An event belongs
that made one of its batches, names the asked one, or names another one before that was last taken of; a
declaration of error, or a restatement, at any time.

Example:
    >>> counting = Counting(asked=2)
    >>> for step, by in ((Split(9, 1, ((2, 1, 4),)), 0), (Minted(5, 1, 1, 0, (0, 0, 0, 0)), 0)):
    ...     counting.see(step, by)
    >>> counting.batches, counting.events, sorted(counting.reached)
    (2, 2, [1, 2])
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any, assert_never

from traceledger.errors import VerificationError
from traceledger.model.hexadecimal import id_text
from traceledger.walk.steps import (
    PLAIN,
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

_REVERSING = Reversed, Delivered, Withdrawn


class Counting:
    """Counts what belongs to the lineage of a batch; fed the steps newest first.

    Attributes:
        batches: how many, the asked one included; products where the lineage stops too.
        places: where all that belongs to it stands, what was reversed and reversals included; errors and
            restatements last.
        events: how many belong to it; without what was reversed, and without reversals.
        reversed: how many reversals belong to it.
        reached: keys of the batches.
        open: those of them whose making was not met yet.
        returned: keys of what was split off them and came back by a reversal: none of the batches.
        came_back: products that came back before they were last taken of, and where to (a place).
        recycling: where the recycling runs stand, and what they took.
        stopped: those of them at which the lineage stops.
        asks_all: whether something in it depends on all takes of its batches.
        asks_coefficients: whether something in it needs the coefficients of records.
        raised: the substances of the asked batch that were raised from zero.
        used: the tolerance that the asked batch has used: basis points by substance.
    """

    def __init__(self, asked: int) -> None:
        self._asked = asked
        self.open = {asked}
        self.returned: set[int] = set()
        self._second_lives: set[int] = set()
        self._passed: set[At] = set()
        self._undone: dict[At, int] = defaultdict(int)
        self._void: set[tuple[int, At]] = set()
        self._last: At | None = None
        self._measured = False
        self.batches = 1
        self.places: list[At] = []
        self.events = 0
        self.reversed = 0
        self.reached = {asked}
        self.came_back: dict[int, int] = {}
        self.recycling: dict[At, int] = {}
        self.stopped: set[int] = set()
        self.asks_all = False
        self.asks_coefficients = False
        self.raised: set[int] = set()
        self.used: dict[int, int] = {}

    def see(self, step: Step, by: int) -> None:
        """Take note of the next older step.

        Args:
            step: what happened.
            by: the batch by whose history it came; 0: it made what is reached.
        """
        if not by or by in self.open:
            self.handlers[type(step)](step, by)

    @property
    def handlers(self) -> dict[type[Step], Callable[[Any, int], None]]:
        """What it notes of each kind of step, of what is open or made what is: for who feeds it many."""
        return {
            Told: self._see_plain,
            Minted: self._see_mint,
            Split: self._see_split,
            Run: self._see_run,
            Added: self._see_addition,
            Measured: self._see_measured,
            TakenBack: self._see_taken_back,
            Reversed: self._see_reversed,
            InError: self._see_plain,
            Withdrawn: self._see_withdrawn,
            Restated: self._see_plain,
            Delivered: self._see_delivered,
        }

    def _see_plain(self, step: Step, by: int) -> None:
        if by not in self.returned:
            self._count(step)

    def _see_addition(self, step: Added, by: int) -> None:
        if len(step.emitted) > PLAIN:
            self.asks_all = self.asks_coefficients = True
        if by not in self.returned:
            self._count(step)

    def _see_measured(self, step: Measured, by: int) -> None:
        self._see_plain(step, by)
        self.asks_all = self.asks_coefficients = True
        if self._asked not in step.lots or (self._asked, step.at) in self._void:
            return
        self.raised.update(number for batch, number in step.raised if batch == self._asked)
        if not self._measured:
            # Rule 5: the newest measurement says what is used.
            self._measured = True
            self.used = {number: points for batch, number, points in step.used if batch == self._asked}

    def _see_withdrawn(self, step: Withdrawn, by: int) -> None:
        self._see_plain(step, by)
        self._void.update((batch, of) for batch, of in step.entries)

    def _see_reversed(self, step: Reversed, by: int) -> None:
        if by == self._asked:  # What others got and gave back does not belong.
            self._count(step)
        self.asks_all = True
        for batch, *_, child in step.entries:
            if child and batch in self.open:
                self.returned.add(child)
                self.open.add(child)

    def _see_delivered(self, step: Delivered, by: int) -> None:
        self._see_plain(step, by)
        self.asks_all = True
        self._passed.add(step.of)

    def _see_taken_back(self, step: TakenBack, by: int) -> None:
        self._see_plain(step, by)
        if step.at in self._passed:
            return
        self.came_back.setdefault(step.batch, step.place)
        if step.batch != self._asked:
            self.asks_all = True
            self._second_lives.add(step.batch)

    def finish(self) -> None:
        """Check that the lineage was told to its end.

        Raises:
            VerificationError: the event that made a batch was not among the steps.
        """
        for batch in self.open:
            raise VerificationError(f"the event that made batch {id_text(batch)} is missing")

    def mark(self, marks: Iterable[tuple[Step, int]]) -> None:
        """Take note of what is said of the batches at any time: errors, and restatements.

        Args:
            marks: what is said, each with the batch of which it is said, newest first.
        """
        for step, by in marks:
            if by not in self.returned:
                self._count(step)
            if isinstance(step, Restated):
                self.asks_all = self.asks_coefficients = True

    def _count(self, step: Step) -> None:
        if step.at == self._last:
            return  # It came by another batch's history, too.
        self._last = step.at
        self.places.append(step.at)
        if isinstance(step, _REVERSING):
            self.reversed += 1
            undone = [of for _, of in step.entries] if isinstance(step, Withdrawn) else [step.of]
            for of in undone:
                self._undone[of] += 1
            return
        # What was reversed in all its parts happened, and counts for nothing.
        parts_undone = self._undone.pop(step.at, 0) if self._undone else 0
        if not parts_undone or parts_undone < _parts(step):
            self.events += 1

    def _see_mint(self, step: Minted, by: int) -> None:
        batch = step.batch
        if len(step.emitted) > PLAIN:
            self.asks_all = self.asks_coefficients = True
        if batch in self.open:
            self.open.remove(batch)
            if batch not in self.returned or by == self._asked:
                self._count(step)
        elif by == self._asked:
            self._count(step)

    def _see_split(self, step: Split, by: int) -> None:
        made = self.open.intersection([child[0] for child in step.children])
        if self._leave(step, by, made):
            if self._asked in made and not self._measured:
                self.used = dict(zip(step.used[0::2], step.used[1::2], strict=True))
            self._reach(made, (step.parent,))

    def _see_run(self, step: Run, by: int) -> None:
        if len(step.emitted) > PLAIN:
            self.asks_all = self.asks_coefficients = True
        made = self.open.intersection([output[0] for output in step.outputs])
        if self._leave(step, by, made):
            if self._asked in made and not self._measured:
                self.used = {number: points for batch, number, points in step.used if batch == self._asked}
            if step.recycling:
                self.recycling[step.at] = step.recycling
            self._reach(made, dict.fromkeys([taken[0] for taken in step.inputs]))

    def _leave(self, step: Minted | Split | Run, by: int, made: set[int]) -> bool:
        """Go behind the making of what is open; whether there was any."""
        # What was taken of a batch for others does not belong; of the asked one everything does.
        if by == self._asked or not (made <= self.returned if self.returned else not made):
            self._count(step)
        self.open -= made
        return bool(made)

    def _reach(self, made: set[int], taken: Iterable[int]) -> None:
        """What was made was made of these."""
        if self._second_lives or self.returned:
            ended = made & self._second_lives
            if made <= ended | self.returned:
                self.stopped |= ended
                return
            # What was taken of a product before it came back is of its first life.
            self._second_lives.difference_update(taken)
        reached = self.reached
        for batch in taken:
            if batch not in reached:
                reached.add(batch)
                self.open.add(batch)
                self.batches += 1


def _parts(step: Step) -> int:
    """How many parts of it are reversed, each alone."""
    match step:
        case Told() | Measured():
            return step.parts
        case Split():
            return len(step.children)
        case Minted() | Run() | TakenBack() | InError():
            return 1
        case Added() | Restated() | Reversed() | Withdrawn() | Delivered():
            return 0
        case _:
            assert_never(step)
