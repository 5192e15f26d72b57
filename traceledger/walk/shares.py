"""Where a substance comes from, and how much of it reaches its origin untouched by error.

Passes are fed the steps newest first, each once, and hold no more than what is still on its way.

Example:
    >>> of_nobody = Minted(at=1, batch=1, place=1, untraced=1, emitted=(0, 0, 0, 0))
    >>> traced([of_nobody], asked=1, substance=27).untraced == ONE
    True
"""

from __future__ import annotations

from collections.abc import Container, Hashable, Iterable, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple, TypeVar, assert_never

from traceledger.errors import VerificationError
from traceledger.model.hexadecimal import id_text
from traceledger.walk.division import ONE
from traceledger.walk.steps import (
    Added,
    At,
    Delivered,
    InError,
    Measured,
    Minted,
    Numbers,
    Restated,
    Reversed,
    Run,
    Split,
    Step,
    TakenBack,
    Told,
    Withdrawn,
    made_by,
)

K = TypeVar("K", bound=Hashable)


class End(StrEnum):
    """Where a weight ends. ``IN_ERROR`` ends only traced weights."""

    MINTED = "minted"
    UNTRACED = "untraced"
    RECYCLED = "recycled"
    TAKEN_BACK = "taken_back"
    IN_ERROR = "in_error"


class Origin(NamedTuple):
    """An origin: the key of a batch or, of what a recycling run made, where that run stands."""

    end: End
    id: int


class Traced(NamedTuple):
    """Four parts of :data:`~traceledger.walk.ONE` that sum to it."""

    traced: int
    untraced: int
    declared: int
    confirmed: int


class Shares:
    """One walk back of one substance. A batch with a weight, even of zero, is one that can be reached.

    Args:
        substance: its number.
        weights: by batch, the weights with which the walk begins.
        asked: the batch that does not stop at its own take-back.
        errors: batches in error, at which a weight ends where it arrives.
        through_runs: whether it walks on through recycling runs.
        handed: by batch, the walk in which what arrives there goes on.
    """

    def __init__(
        self,
        substance: int,
        weights: Mapping[int, int],
        *,
        asked: int | None = None,
        errors: Container[int] = (),
        through_runs: bool = False,
        handed: Mapping[int, Shares] | None = None,
    ) -> None:
        self._substance = substance
        self._asked = asked
        self._errors = errors
        self._through_runs = through_runs
        self._handed = handed or {}
        self._stops_nowhere = not errors and not handed
        self._passed: set[At] = set()
        self._void: set[tuple[int, At]] = set()
        self._ended: dict[Origin, int] = {}
        self.weights: dict[int, int] = {}
        for batch, weight in weights.items():
            self.arrive(batch, weight)

    def fork_through_runs(self) -> Shares:
        """The same walk up to here, going on through recycling runs."""
        other = Shares(self._substance, self.weights, asked=self._asked, through_runs=True)
        other._ended, other._passed, other._void = dict(self._ended), set(self._passed), set(self._void)
        return other

    def ended(self) -> dict[Origin, int]:
        """Where all weights ended, once all steps are undone.

        Raises:
            VerificationError: the event that made a batch was not among them.
        """
        for batch in self.weights:
            raise VerificationError(f"the event that made batch {id_text(batch)} is missing")
        return self._ended

    def undo(self, step: Step) -> None:
        """What a step did to the weights, backwards."""
        match step:
            case Minted():
                # W4: a mint is an origin.
                self._end(End.UNTRACED if step.untraced else End.MINTED, step.batch)
            case Run():
                self._undo_run(step)
            case Split():
                for child in step.children:
                    if child[0] in self.weights:
                        # W4: a split child has its parent's mix.
                        self.arrive(step.parent, self.weights.pop(child[0]))
            case Told() | Added():
                return
            case _:
                self._undo_rare(step)

    def _undo_rare(
        self, step: Measured | TakenBack | Delivered | Withdrawn | Reversed | InError | Restated
    ) -> None:
        match step:
            case Measured():
                for batch, number in step.raised:
                    if number == self._substance and (batch, step.at) not in self._void:
                        # W4: what was raised from zero is of no known origin.
                        self._end(End.UNTRACED, batch)
            case TakenBack():
                # W5: the first life stays with the product; older takes are behind this step, and pass.
                if step.batch != self._asked and step.at not in self._passed:
                    self._end(End.TAKEN_BACK, step.batch)
            case Delivered():
                self._passed.add(step.of)
            case Withdrawn():
                self._void.update((batch, of) for batch, of in step.entries)
            case Reversed() | InError() | Restated():
                return
            case _:
                assert_never(step)

    def _undo_run(self, step: Run) -> None:
        weights = self.weights
        reached = [batch for batch, _ in step.outputs if batch in weights]
        if not reached:
            return
        masses = taken_of(step, self._substance)
        whole = sum(masses)
        if not whole:
            # W4: what was made of nothing is of no known origin.
            for batch in reached:
                self._end(End.UNTRACED, batch)
            return
        # W3: what reaches the outputs is summed before it is divided.
        weight = sum([weights.pop(batch) for batch in reached])
        if step.recycling and not self._through_runs:
            # W6: what a recycling run made is an origin of its own.
            self._add(Origin(End.RECYCLED, step.at), weight)
            return
        running = given = 0
        # Allocate, as `model.arithmetic` has it. It stands here, as does what `arrive` does most often: both
        # are done for every input of every run, and calls and lists took longer than all the rest.
        for taken, mass in zip(step.inputs, masses, strict=True):
            if not mass:
                continue
            running += mass
            until = weight if running == whole else weight * running // whole
            # W7: what is reached is listed, whatever is left of its weight.
            if self._stops_nowhere:
                weights[taken[0]] = weights.get(taken[0], 0) + until - given
            else:
                self.arrive(taken[0], until - given)
            given = until

    def arrive(self, batch: int, weight: int) -> None:
        """A weight comes to a batch."""
        if batch in self._handed:
            self._handed[batch].arrive(batch, weight)
        elif batch in self._errors:
            self._add(Origin(End.IN_ERROR, batch), weight)
        else:
            self.weights[batch] = self.weights.get(batch, 0) + weight

    def _end(self, end: End, batch: int) -> None:
        weight = self.weights.pop(batch, None)
        if weight is not None:
            self._add(Origin(end, batch), weight)

    def _add(self, origin: Origin, weight: int) -> None:
        self._ended[origin] = self._ended.get(origin, 0) + weight


class Mixing:
    """The origins of one substance of a batch, and how much of it is traced, in one go.

    Args:
        substance: its number.
        asked: the batch.
        errors: the batches in error, each with whether that is confirmed.
    """

    def __init__(self, substance: int, asked: int, errors: Mapping[int, bool]) -> None:
        self.substance = substance
        self._asked = asked
        self._errors = errors
        self._origins = Shares(substance, {asked: ONE}, asked=asked)
        # W8 is the same walk until there is an error, or a recycling run to walk through.
        self._traced = (
            Shares(substance, {asked: ONE}, asked=asked, errors=errors, through_runs=True) if errors else None
        )

    def undo(self, step: Step) -> None:
        """What a step did, backwards."""
        if self._traced is not None:
            self._traced.undo(step)
        elif isinstance(step, Run) and step.recycling:
            self._traced = self._origins.fork_through_runs()
            self._traced.undo(step)
        self._origins.undo(step)

    def origins(self) -> dict[Origin, int]:
        """The weight of every origin that can be reached; they sum to :data:`~traceledger.walk.ONE`.

        Raises:
            VerificationError: the steps do not lead back to origins.
        """
        found = self._origins.ended()
        if sum(found.values()) != ONE:
            raise VerificationError(
                f"not all of substance {self.substance} in batch {id_text(self._asked)} has an origin"
            )
        return found

    def traced(self) -> Traced:
        """How much reaches its origin, and why the rest does not.

        Raises:
            VerificationError: the steps do not lead back to origins.
        """
        ended = (self._traced or self._origins).ended()
        sums = dict.fromkeys(Traced._fields, 0)
        for origin, weight in ended.items():
            sums[_part(origin, self._errors)] += weight
        return Traced(**sums)


def origins(steps: Sequence[Step], asked: int, substance: int) -> dict[Origin, int]:
    """The weight of every origin that can be reached, also where nothing of it is left of 2^128.

    Args:
        steps: what happened to the batch and all upstream, in chain order.
        asked: the batch's key.
        substance: its number; one that the batch was made with, or that was raised from zero since.

    Returns:
        Weights that sum to :data:`~traceledger.walk.ONE`.

    Raises:
        VerificationError: the steps do not lead back to origins.
    """
    found = Shares(substance, {asked: ONE}, asked=asked)
    # W1: newest first.
    for step in reversed(steps):
        found.undo(step)
    return found.ended()


def traced(steps: Sequence[Step], asked: int, substance: int) -> Traced:
    """How much of a substance reaches its origin, and why the rest does not; arguments as for `origins`.

    Raises:
        VerificationError: the steps do not lead back to origins.
    """
    found = Mixing(substance, asked, errors_in(steps))
    for step in reversed(steps):
        found.undo(step)
    return found.traced()


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
    walks = {name: Shares(substance, {}, errors=errors) for name in dict.fromkeys(stations.values())}
    handed = {batch: walks[name] for batch, name in stations.items()}
    before = Shares(substance, {}, errors=errors, handed=handed)
    for step in reversed(steps):
        for batch in made_by(step):
            if batch in made:
                before.arrive(batch, made[batch])
        for walk in (before, *walks.values()):
            walk.undo(step)
    return {None: before.ended()} | {name: walk.ended() for name, walk in walks.items()}


def passages(steps: Sequence[Step], asked: int, substance: int) -> dict[tuple[At, int], int]:
    """What part of a substance went through each mint, run and addition; arguments as for `origins`.

    Returns:
        By where the step stands, and the batch that it made, or to which it added: the weight of the
        substance that was in that batch then and came into the asked one, of :data:`~traceledger.walk.ONE`.
        A product that was taken back stands by its take-back.

    Raises:
        VerificationError: the steps do not lead back to origins.
    """
    found = Shares(substance, {asked: ONE}, asked=asked)
    went: dict[tuple[At, int], int] = {}
    for step in reversed(steps):
        weights = found.weights
        went.update(((step.at, batch), weights[batch]) for batch in _passed_by(step) if batch in weights)
        found.undo(step)
    found.ended()
    return went


def errors_in(steps: Iterable[Step]) -> dict[int, bool]:
    """The batches in error, each with whether that is confirmed; what was withdrawn is none."""
    declared: dict[tuple[int, At], bool] = {}
    withdrawn: set[tuple[int, At]] = set()
    for step in steps:
        if isinstance(step, InError):
            declared[step.batch, step.at] = bool(step.confirmed)
        elif isinstance(step, Withdrawn):
            withdrawn.update((batch, of) for batch, of in step.entries)
    errors: dict[int, bool] = {}
    for (batch, at), confirmed in declared.items():
        if (batch, at) not in withdrawn:
            # W8: confirmed comes before declared.
            errors[batch] = errors.get(batch, False) or confirmed
    return errors


def taken_of(step: Run, substance: int) -> Numbers:
    """What a run took of a substance with each input; empty where it took nothing of it, or had none."""
    for column in step.substances:
        if column[0] == substance:
            return column[1:]
    return ()


def _passed_by(step: Step) -> tuple[int, ...]:
    """The batches of a step that a journey calls at: not a split, where nothing happens to the material."""
    match step:
        case TakenBack():
            return (step.batch,)
        case Added():
            return tuple(entry[0] for entry in step.entries)
        case Split():
            return ()
        case _:
            return made_by(step)


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
