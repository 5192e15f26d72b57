"""One walk up from a batch: all that a trace asks of the steps of its lineage, in one pass over them.

A walk begins plain. If it meets something on which all takes depend (a reversal, a take-back, a measurement,
parts of emissions), or errors or restatements are known of what it reached, it is walked once more with all
that these need. So what is asked of a source does not grow with the lineage.

Example:
    >>> from traceledger.provenance.told import Told
    >>> walk_up(Told({}, lambda _: None), Asked(7, 0, 0, {}), None, lambda place, tag: tag).counting.batches
    Traceback (most recent call last):
    ...
    traceledger.errors.VerificationError: the event that made batch 0x...07 is missing
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from typing import Protocol

from traceledger.model.frozen import frozen
from traceledger.provenance.source import Steps
from traceledger.walk import (
    At,
    Bearing,
    Burdens,
    Consumer,
    Counting,
    InError,
    Mixing,
    Restated,
    Step,
    errors_in,
)
from traceledger.walk.steps import PLAIN, Numbers, record_of


@frozen
class Asked:
    """The batch that is asked about.

    Attributes:
        key: its key in the source.
        own_mg: the own CO2e that it was made with, mg.
        inherited_mg: the same of what it inherited.
        substances_mg: what it was made with, by number.
    """

    key: int
    own_mg: int
    inherited_mg: int
    substances_mg: Mapping[int, int]


@frozen
class Recorded:
    """What a record emitted, as it was first recorded, and at which place."""

    place: int
    emitted: Numbers


@frozen
class Walked:
    """What one walk found.

    Attributes:
        counting: which batches and events there are.
        mixes: by substance number, ascending, where it comes from.
        burdens: the CO2e.
        marks: errors and restatements, in chain order.
        errors: the batches in error, each with whether that is confirmed.
        bearing: the coefficients, where something asks for them.
        marked: the same by what consumed the records, where something was restated.
        records: what was recorded by those that were restated, or tell parts.
    """

    counting: Counting
    mixes: dict[int, Mixing]
    burdens: Burdens
    marks: tuple[Step, ...] = ()
    errors: Mapping[int, bool] = field(default_factory=dict)
    bearing: Bearing | None = None
    marked: Bearing | None = None
    records: Mapping[At, Recorded] = field(default_factory=dict)

    @property
    def restatements(self) -> tuple[Restated, ...]:
        """What was restated, in chain order."""
        return tuple(step for step in self.marks if isinstance(step, Restated))


class _Pass(Protocol):
    def undo(self, step: Step) -> None: ...


class _Records:
    """Keeps what records first said, of those that are asked for, and of those that tell parts."""

    def __init__(self, wanted: frozenset[At]) -> None:
        self._wanted = wanted
        self.found: dict[At, Recorded] = {}

    def undo(self, step: Step) -> None:
        record = record_of(step)
        if record is not None and (step.at in self._wanted or len(record[1]) > PLAIN):
            self.found[step.at] = Recorded(*record)


def walk_up(
    steps: Steps, asked: Asked, before: At | None, consumer: Consumer, *, records: bool = False
) -> Walked:
    """Walk up from a batch.

    Args:
        steps: the source.
        asked: the batch.
        before: only what stands before; ``None``: everything.
        consumer: how a run marks the CO2e of what it took.
        records: whether what each single record emitted is kept.

    Raises:
        VerificationError: the steps do not fit together.
    """
    found = _plain(asked, consumer, records=records)
    passes: list[_Pass] = [*found.mixes.values(), found.burdens]
    plain = _feed(steps, asked, before, found.counting, passes, plain=True)
    if plain and not any(True for _ in steps.marked(found.counting.reached, before)):
        return _finished(found)
    return _finished(_whole(steps, asked, before, consumer, records=records))


def _plain(asked: Asked, consumer: Consumer, *, records: bool) -> Walked:
    numbers = sorted(number for number, mass in asked.substances_mg.items() if mass)
    return Walked(
        Counting(asked.key),
        {number: Mixing(number, asked.key, {}) for number in numbers},
        _burdens(asked, consumer, records=records),
    )


def _burdens(
    asked: Asked, consumer: Consumer, *, records: bool, restated: frozenset[At] = frozenset()
) -> Burdens:
    keep = None if records else restated
    return Burdens(asked.key, asked.own_mg, asked.inherited_mg, consumer, keep)


def _whole(steps: Steps, asked: Asked, before: At | None, consumer: Consumer, *, records: bool) -> Walked:
    """The walk with all that errors, restatements, reversals and measurements need."""
    first = Counting(asked.key)
    _feed(steps, asked, before, first, ())
    said = list(steps.marked(first.reached | first.returned, before))
    first.mark(said)
    marks = tuple({step.at: step for step, _ in reversed(said)}.values())
    errors = errors_in(marks)
    numbers = {number for number, mass in asked.substances_mg.items() if mass} | first.raised
    restated = frozenset(step.of for step in marks if isinstance(step, Restated))
    kept = _Records(restated)
    found = Walked(
        Counting(asked.key),
        {number: Mixing(number, asked.key, errors) for number in sorted(numbers)},
        _burdens(asked, consumer, records=records, restated=restated),
        marks,
        errors,
        Bearing(asked.key) if first.asks_coefficients else None,
        Bearing(asked.key, consumer) if restated else None,
        kept.found,
    )
    passes: list[_Pass] = [*found.mixes.values(), found.burdens, kept]
    passes += [each for each in (found.bearing, found.marked) if each is not None]
    _feed(steps, asked, before, found.counting, passes)
    found.counting.mark(said)
    return found


def _feed(
    steps: Steps,
    asked: Asked,
    before: At | None,
    counting: Counting,
    passes: Sequence[_Pass],
    *,
    plain: bool = False,
) -> bool:
    """Feed all steps, newest first (W1); whether a plain walk was enough."""
    last: At | None = None
    for step, by in steps.upstream(asked.key, before, all_takes=not plain):
        counting.see(step, by)
        if plain and counting.asks_all:
            return False
        if step.at != last:
            last = step.at
            for each in passes:
                each.undo(step)
    return True


def _finished(found: Walked) -> Walked:
    found.counting.finish()
    found.burdens.finish()
    return found


def in_error(marks: Iterable[Step], errors: Mapping[int, bool]) -> tuple[int, ...]:
    """The batches in error, once each."""
    return tuple(
        dict.fromkeys(step.batch for step in marks if isinstance(step, InError) and step.batch in errors)
    )
