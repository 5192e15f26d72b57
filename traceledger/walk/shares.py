"""Where a substance comes from, and how much of it reaches its origin untouched by error.

Example:
    >>> from traceledger.model.emissions import Emissions
    >>> of_nobody = Minted((1, 0), batch=1, emissions=Emissions(), untraced=True)
    >>> traced([of_nobody], asked=1, substance=27).untraced == ONE
    True
"""

from __future__ import annotations

from collections.abc import Container, Hashable, Iterable, Mapping, Sequence
from enum import Enum
from typing import NamedTuple, TypeVar, assert_never

from traceledger.errors import VerificationError
from traceledger.model.arithmetic import allocate
from traceledger.model.hexadecimal import id_text
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

K = TypeVar("K", bound=Hashable)


class End(Enum):
    """Where a weight ends. ``IN_ERROR`` ends only traced weights."""

    MINTED = "minted"
    UNTRACED = "untraced"
    RECYCLED = "recycled"
    TAKEN_BACK = "taken_back"
    IN_ERROR = "in_error"


class Origin(NamedTuple):
    """An origin: the id of a batch or, of what a recycling run made, of that run."""

    end: End
    id: int


class Traced(NamedTuple):
    """Four parts of :data:`~traceledger.walk.ONE` that sum to it."""

    traced: int
    untraced: int
    declared: int
    confirmed: int


def origins(steps: Sequence[Step], asked: int, substance: int) -> dict[Origin, int]:
    """The weight of every origin that can be reached, also where nothing of it is left of 2^128.

    Args:
        steps: what happened to the batch and all upstream, in chain order.
        asked: the batch's id.
        substance: its number; one that the batch was made with, or that was raised from zero since.

    Returns:
        Weights that sum to :data:`~traceledger.walk.ONE`.

    Raises:
        VerificationError: the steps do not lead back to origins.
    """
    return _Walk(steps, asked, substance, errors=(), through_runs=False).run()


def origins_by_station(
    steps: Sequence[Step], made: Mapping[int, int], substance: int, stations: Mapping[int, K]
) -> dict[K | None, dict[Origin, int]]:
    """Where a substance of many batches comes from, apart by what it went through last on its way to them.

    One walk for all: each weight begins where its batch was made, so that what happened to one batch later
    changes nothing of what came of it into another. Weights end at batches in error.

    Args:
        steps: what happened to the batches and all upstream, in chain order.
        made: the weight with which each batch begins: the substance in it, mg times
            :data:`~traceledger.walk.ONE`, for instance.
        substance: its number.
        stations: by batch what it is called; of several on the way the one nearest to the product counts,
            the batch itself included.

    Returns:
        By the station's name, ``None`` for what went through none: the weights by origin. All together sum to
        what is in ``made``.

    Raises:
        VerificationError: the steps do not lead back to origins.
    """
    errors = errors_in(steps)
    walks = {
        name: _Walk(steps, None, substance, errors=errors, through_runs=False)
        for name in dict.fromkeys(stations.values())
    }
    before = _Walk(
        steps,
        None,
        substance,
        errors=errors,
        through_runs=False,
        handed={batch: walks[name] for batch, name in stations.items()},
    )
    for step in reversed(steps):
        for batch in _made_by(step):
            if batch in made:
                before.arrive(batch, made[batch])
        for walk in (before, *walks.values()):
            walk.undo(step)
    return {None: before.ended()} | {name: walk.ended() for name, walk in walks.items()}


def _made_by(step: Step) -> tuple[int, ...]:
    match step:
        case Minted():
            return (step.batch,)
        case Run():
            return tuple(made.batch for made in step.outputs)
        case Split():
            return tuple(child.batch for child in step.children)
        case Added() | Remeasured() | TakenBack() | Reversed() | InError() | Restated():
            return ()
        case _:
            assert_never(step)


def passages(steps: Sequence[Step], asked: int, substance: int) -> dict[tuple[At, int], int]:
    """What part of a substance went through each mint, run and addition; arguments as for `origins`.

    Returns:
        By where the step stands, and the batch that it made, or to which it added: the weight of the
        substance that was in that batch then and came into the asked one, of :data:`~traceledger.walk.ONE`.
        A product that was taken back stands by its take-back.

    Raises:
        VerificationError: the steps do not lead back to origins.
    """
    walk = _Walk(steps, asked, substance, errors=(), through_runs=False)
    walk.run()
    return walk.went


def traced(steps: Sequence[Step], asked: int, substance: int) -> Traced:
    """How much of a substance reaches its origin, and why the rest does not; arguments as for `origins`.

    Raises:
        VerificationError: the steps do not lead back to origins.
    """
    errors = errors_in(steps)
    # W8: a weight ends at the first batch in error, so that counts before what lies behind it.
    ended = _Walk(steps, asked, substance, errors=errors, through_runs=True).run()
    sums = dict.fromkeys(Traced._fields, 0)
    for origin, weight in ended.items():
        sums[_part(origin, errors)] += weight
    return Traced(**sums)


def errors_in(steps: Iterable[Step]) -> dict[int, bool]:
    """The batches in error, each with whether that is confirmed."""
    errors: dict[int, bool] = {}
    for step in steps:
        if isinstance(step, InError):
            # W8: confirmed comes before declared.
            errors[step.batch] = errors.get(step.batch, False) or step.confirmed
    return errors


def _part(origin: Origin, errors: Mapping[int, bool]) -> str:
    match origin.end:
        case End.MINTED | End.TAKEN_BACK | End.RECYCLED:
            return "traced"
        case End.UNTRACED:
            return "untraced"
        case End.IN_ERROR:
            return "confirmed" if errors[origin.id] else "declared"
        case _:
            assert_never(origin.end)


class _Walk:
    """One walk back. A batch with a weight, even of zero, is one that can be reached.

    What arrives at a batch of ``handed`` goes on in another walk over the same steps.
    """

    def __init__(
        self,
        steps: Sequence[Step],
        asked: int | None,
        substance: int,
        *,
        errors: Container[int],
        through_runs: bool,
        handed: Mapping[int, _Walk] | None = None,
    ) -> None:
        self._steps = steps
        self._asked = asked
        self._substance = substance
        self._errors = errors
        self._through_runs = through_runs
        self._handed = handed or {}
        self._weights: dict[int, int] = {}
        self._ended: dict[Origin, int] = {}
        self._passed: set[At] = set()
        self.went: dict[tuple[At, int], int] = {}

    def run(self) -> dict[Origin, int]:
        if self._asked is not None:
            self.arrive(self._asked, ONE)
        # W1: newest first.
        for step in reversed(self._steps):
            self._note(step)
            self.undo(step)
        return self.ended()

    def ended(self) -> dict[Origin, int]:
        """Where all weights ended, once all steps are undone."""
        for batch in self._weights:
            raise VerificationError(f"the event that made batch {id_text(batch)} is missing")
        return self._ended

    def _note(self, step: Step) -> None:
        match step:
            case Minted() | TakenBack():
                batches: tuple[int, ...] = (step.batch,)
            case Run():
                batches = tuple(made.batch for made in step.outputs)
            case Added():
                batches = tuple(entry.batch for entry in step.entries)
            case Split() | Remeasured() | Reversed() | InError() | Restated():
                return
            case _:
                assert_never(step)
        self.went.update(
            ((step.at, batch), self._weights[batch]) for batch in batches if batch in self._weights
        )

    def undo(self, step: Step) -> None:
        """What a step did to the weights, backwards."""
        match step:
            case Minted():
                # W4: a mint is an origin.
                self._end(End.UNTRACED if step.untraced else End.MINTED, step.batch)
            case Split():
                self._undo_split(step)
            case Run():
                self._undo_run(step)
            case Remeasured():
                self._undo_measuring(step)
            case TakenBack():
                self._undo_take_back(step)
            case Reversed():
                self._passed.add(step.of)
            case Added() | InError() | Restated():
                return
            case _:
                assert_never(step)

    def _undo_split(self, step: Split) -> None:
        for child in step.children:
            if child.batch in self._weights:
                # W4: a split child has its parent's mix.
                self.arrive(step.parent, self._weights.pop(child.batch))

    def _undo_measuring(self, step: Remeasured) -> None:
        for lot in step.lots:
            if self._substance in lot.raised:
                # W4: what was raised from zero is of no known origin.
                self._end(End.UNTRACED, lot.batch)

    def _undo_take_back(self, step: TakenBack) -> None:
        # W5: the first life stays with the product; older takes are behind this step, and pass.
        if step.batch != self._asked and step.at not in self._passed:
            self._end(End.TAKEN_BACK, step.batch)

    def _undo_run(self, step: Run) -> None:
        reached = [made.batch for made in step.outputs if made.batch in self._weights]
        if not reached:
            return
        masses = [taken.substances_mg.get(self._substance, 0) for taken in step.inputs]
        if not any(masses):
            # W4: what was made of nothing is of no known origin.
            for batch in reached:
                self._end(End.UNTRACED, batch)
            return
        # W3: what reaches the outputs is summed before it is divided.
        weight = sum(self._weights.pop(batch) for batch in reached)
        if step.recycling and not self._through_runs:
            # W6: what a recycling run made is an origin of its own.
            self._add(Origin(End.RECYCLED, step.run), weight)
            return
        for taken, mass, part in zip(step.inputs, masses, allocate(weight, masses), strict=True):
            # W7: what is reached is listed, whatever is left of its weight.
            if mass:
                self.arrive(taken.batch, part)

    def arrive(self, batch: int, weight: int) -> None:
        """A weight comes to a batch."""
        if batch in self._handed:
            self._handed[batch].arrive(batch, weight)
        elif batch in self._errors:
            self._add(Origin(End.IN_ERROR, batch), weight)
        else:
            self._weights[batch] = self._weights.get(batch, 0) + weight

    def _end(self, end: End, batch: int) -> None:
        if batch in self._weights:
            self._add(Origin(end, batch), self._weights.pop(batch))

    def _add(self, origin: Origin, weight: int) -> None:
        self._ended[origin] = self._ended.get(origin, 0) + weight
