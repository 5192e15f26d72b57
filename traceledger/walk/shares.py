"""Where substances come from, and how much of them reaches their origins untouched by error.

Passes are fed the steps newest first, each once, and hold no more than what is still on its way. One pass
follows all substances: what is read of a step is read once.

Example:
    >>> of_nobody = Minted(at=1, batch=1, place=1, untraced=1, emitted=(0, 0, 0, 0))
    >>> traced([of_nobody], asked=1, substance=27).untraced == ONE
    True
"""

from __future__ import annotations

from collections.abc import Collection, Container, Hashable, Iterable, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple, TypeVar

from traceledger.errors import VerificationError
from traceledger.model.hexadecimal import id_text
from traceledger.walk.division import ONE
from traceledger.walk.steps import (
    At,
    Delivered,
    Handlers,
    InError,
    Measured,
    Minted,
    Numbers,
    Run,
    Split,
    Step,
    TakenBack,
    Withdrawn,
    made_by,
    undo_all,
    undo_one,
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


Held = dict[int, int]
"""Weights by substance: of what is reached, also those of zero."""
Ended = dict[End, dict[int, Held]]
"""Where weights ended, by the id of the origin."""


class Shares:
    """One walk back. A batch with a weight, even of zero, is one that can be reached.

    Args:
        weights: by batch and substance, the weights with which the walk begins.
        asked: the batch that does not stop at its own take-back.
        errors: batches in error, at which a weight ends where it arrives.
        through_runs: whether it walks on through recycling runs.
        handed: by batch, the walk in which what arrives there goes on.
    """

    def __init__(
        self,
        weights: Mapping[int, Mapping[int, int]],
        *,
        asked: int | None = None,
        errors: Container[int] = (),
        through_runs: bool = False,
        handed: Mapping[int, Shares] | None = None,
    ) -> None:
        self._asked = asked
        self._errors = errors
        self._through_runs = through_runs
        self._handed = handed or {}
        self._stops_nowhere = not errors and not handed
        self._passed: set[At] = set()
        self._void: set[tuple[int, At]] = set()
        self._ended: Ended = {end: {} for end in End}
        self._minted, self._untraced = self._ended[End.MINTED], self._ended[End.UNTRACED]
        self.weights: dict[int, Held] = {}
        for batch, held in weights.items():
            if held:
                self.arrive(batch, held)

    @property
    def handlers(self) -> Handlers:
        """What it does, by kind of step."""
        return {
            Minted: self.undo_mint,
            Run: self.undo_run,
            Split: self.undo_split,
            Measured: self._undo_measured,
            TakenBack: self._undo_take_back,
            Delivered: self._undo_delivery,
            Withdrawn: self._undo_withdrawal,
        }

    def fork_through_runs(self) -> Shares:
        """The same walk up to here, going on through recycling runs."""
        other = Shares(self.weights, asked=self._asked, through_runs=True)
        for end, ended in self._ended.items():
            other._ended[end].update((id_, dict(held)) for id_, held in ended.items())
        other._passed, other._void = set(self._passed), set(self._void)
        return other

    def ended(self) -> Ended:
        """Where all weights ended, once all steps are undone.

        Raises:
            VerificationError: the event that made a batch was not among them.
        """
        for batch in self.weights:
            raise VerificationError(f"the event that made batch {id_text(batch)} is missing")
        return self._ended

    def undo_mint(self, step: Minted) -> None:
        """W4: a mint is an origin."""
        held = self.weights.pop(step.batch, None)
        if held is not None:
            # As `_add` has it, whose call takes longer: most steps are mints.
            ended = self._untraced if step.untraced else self._minted
            if ended.setdefault(step.batch, held) is not held:
                _join(ended, step.batch, held)

    def undo_split(self, step: Split) -> None:
        """W4: a split child has its parent's mix."""
        weights = self.weights
        for child in step.children:
            if child[0] in weights:
                self.arrive(step.parent, weights.pop(child[0]))

    def undo_run(self, step: Run) -> None:
        """W3: what reaches the outputs is divided over the inputs, by what was taken of the substance."""
        weights = self.weights
        reached = [(output[0], weights.pop(output[0])) for output in step.outputs if output[0] in weights]
        if not reached:
            return
        _, held = reached[0]
        for number, *masses in step.substances:
            whole = sum(masses)
            if not whole:
                continue
            # W3: what reaches the outputs is summed before it is divided.
            weight = held.pop(number, None)
            if len(reached) > 1:
                weight = _popped(number, weight, reached)
            if weight is None:
                continue
            if step.recycling and not self._through_runs:
                # W6: what a recycling run made is an origin of its own.
                self._add(End.RECYCLED, step.at, {number: weight})
            else:
                self._divide(weight, step.inputs, masses, whole, number)
        for batch, rest in reached:
            if rest:
                # W4: what was made of nothing is of no known origin.
                self._add(End.UNTRACED, batch, rest)

    def _divide(
        self, weight: int, inputs: Sequence[Numbers], masses: Sequence[int], whole: int, number: int
    ) -> None:
        weights, stops_nowhere = self.weights, self._stops_nowhere
        running = given = 0
        # Allocate, as `model.arithmetic` has it. It stands here, as does what `arrive` does most often: both
        # are done for every input of every run, and calls and lists took longer than all the rest.
        for taken, mass in zip(inputs, masses, strict=True):
            if not mass:
                continue
            running += mass
            until = weight if running == whole else weight * running // whole
            # W7: what is reached is listed, whatever is left of its weight.
            if stops_nowhere:
                held = weights.get(taken[0])
                if held is None:
                    weights[taken[0]] = {number: until - given}
                else:
                    held[number] = held.get(number, 0) + until - given
            else:
                self.arrive(taken[0], {number: until - given})
            given = until

    def _undo_measured(self, step: Measured) -> None:
        for batch, number in step.raised:
            held = self.weights.get(batch)
            if held is not None and number in held and (batch, step.at) not in self._void:
                # W4: what was raised from zero is of no known origin.
                self._add(End.UNTRACED, batch, {number: held.pop(number)})
                if not held:
                    del self.weights[batch]

    def _undo_take_back(self, step: TakenBack) -> None:
        # W5: the first life stays with the product; older takes are behind this step, and pass.
        if step.batch != self._asked and step.at not in self._passed:
            held = self.weights.pop(step.batch, None)
            if held is not None:
                self._add(End.TAKEN_BACK, step.batch, held)

    def _undo_delivery(self, step: Delivered) -> None:
        self._passed.add(step.of)

    def _undo_withdrawal(self, step: Withdrawn) -> None:
        self._void.update((batch, of) for batch, of in step.entries)

    def arrive(self, batch: int, held: Mapping[int, int]) -> None:
        """Weights come to a batch."""
        if batch in self._handed:
            self._handed[batch].arrive(batch, held)
        elif batch in self._errors:
            self._add(End.IN_ERROR, batch, dict(held))
        else:
            _join(self.weights, batch, held)

    def _add(self, end: End, id_: int, held: Held) -> None:
        ended = self._ended[end]
        if ended.setdefault(id_, held) is not held:
            _join(ended, id_, held)


def _join(weights: dict[int, Held], batch: int, more: Mapping[int, int]) -> None:
    held = weights.setdefault(batch, {})
    for number, weight in more.items():
        held[number] = held.get(number, 0) + weight


def _popped(number: int, weight: int | None, reached: Sequence[tuple[int, Held]]) -> int | None:
    """What reaches several outputs of a run; ``weight`` has that of the first."""
    for _, held in reached[1:]:
        more = held.pop(number, None)
        if more is not None:
            weight = more if weight is None else weight + more
    return weight


class Mixing:
    """The origins of the substances of a batch, and how much of them is traced, in one go.

    Args:
        substances: their numbers.
        asked: the batch.
        errors: the batches in error, each with whether that is confirmed.
    """

    def __init__(self, substances: Collection[int], asked: int, errors: Mapping[int, bool]) -> None:
        self.substances = sorted(substances)
        self._asked = asked
        self._errors = errors
        begin = {asked: dict.fromkeys(self.substances, ONE)}
        self._origins = Shares(begin, asked=asked)
        # W8 is the same walk until there is an error, or a recycling run to walk through.
        self._traced = Shares(begin, asked=asked, errors=errors, through_runs=True) if errors else None

    @property
    def weights(self) -> Mapping[int, Held]:
        """By batch and substance, what is still on its way back to its origins."""
        return self._origins.weights

    @property
    def handlers(self) -> Handlers:
        """What it does, by kind of step."""
        most: Handlers = {Minted: self._undo_mint, Run: self._undo_run}
        return dict.fromkeys(self._origins.handlers, self._undo) | most

    def _undo(self, step: Step) -> None:
        for walk in (self._origins, self._traced):
            if walk is not None:
                undo_one(walk.handlers, step)

    def _undo_mint(self, step: Minted) -> None:
        self._origins.undo_mint(step)
        if self._traced is not None:
            self._traced.undo_mint(step)

    def _undo_run(self, step: Run) -> None:
        if self._traced is not None:
            self._traced.undo_run(step)
        elif step.recycling:
            self._traced = self._origins.fork_through_runs()
            self._traced.undo_run(step)
        self._origins.undo_run(step)

    def origins(self) -> Ended:
        """The weight of every origin that can be reached; of each substance they sum to 2^128.

        Raises:
            VerificationError: the steps do not lead back to origins.
        """
        found = self._origins.ended()
        sums = dict.fromkeys(self.substances, 0)
        for ended in found.values():
            _add_up(sums, ended.values())
        for number, whole in sums.items():
            if whole != ONE:
                raise VerificationError(
                    f"not all of substance {number} in batch {id_text(self._asked)} has an origin"
                )
        return found

    def traced(self) -> dict[int, Traced]:
        """By substance, how much reaches its origin, and why the rest does not.

        Raises:
            VerificationError: the steps do not lead back to origins.
        """
        ended = (self._traced or self._origins).ended()
        sums = {part: dict.fromkeys(self.substances, 0) for part in Traced._fields}
        for end in (End.MINTED, End.TAKEN_BACK, End.RECYCLED):
            _add_up(sums["traced"], ended[end].values())
        _add_up(sums["untraced"], ended[End.UNTRACED].values())
        for batch, held in ended[End.IN_ERROR].items():
            _add_up(sums["confirmed" if self._errors[batch] else "declared"], [held])
        return {number: Traced(*(each[number] for each in sums.values())) for number in self.substances}


def _add_up(sums: Held, ended: Iterable[Held]) -> None:
    for held in ended:
        for number, weight in held.items():
            sums[number] += weight


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
    found = Shares({asked: {substance: ONE}}, asked=asked)
    undo_all(found.handlers, steps)
    return _of_one(found.ended(), substance)


def _of_one(ended: Ended, substance: int) -> dict[Origin, int]:
    return {
        Origin(end, id_): held[substance]
        for end, found in ended.items()
        for id_, held in found.items()
        if substance in held
    }


def traced(steps: Sequence[Step], asked: int, substance: int) -> Traced:
    """How much of a substance reaches its origin, and why the rest does not; arguments as for `origins`.

    Raises:
        VerificationError: the steps do not lead back to origins.
    """
    found = Mixing([substance], asked, errors_in(steps))
    undo_all(found.handlers, steps)
    return found.traced()[substance]


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
    walks: dict[K | None, Shares] = {name: Shares({}, errors=errors) for name in stations.values()}
    handed = {batch: walks[name] for batch, name in stations.items()}
    before = Shares({}, errors=errors, handed=handed)
    handlers = [walk.handlers for walk in (before, *walks.values())]
    for step in reversed(steps):
        for batch in made_by(step):
            if batch in made:
                before.arrive(batch, {substance: made[batch]})
        for each in handlers:
            undo_one(each, step)
    return {name: _of_one(walk.ended(), substance) for name, walk in ({None: before} | walks).items()}


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
