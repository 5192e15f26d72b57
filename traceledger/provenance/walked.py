"""One walk up from a batch: all that a trace asks of the steps of its lineage, in one pass over them.

A walk begins plain. If it meets something on which all takes depend (a reversal, a take-back, a measurement,
parts of emissions), or errors or restatements are known of what it reached, it is walked once more with all
that these need. What that is, is nearly always known before, from what is said of the batches upstream; where
the walk finds more, it is walked again with that. What is asked of a source does not grow with the lineage.

Example:
    >>> from traceledger.provenance.told import Told
    >>> walk_up(Told({}, lambda _: None), Asked(7, 0, 0, {}), None, lambda place, tag: tag).counting.batches
    Traceback (most recent call last):
    ...
    traceledger.errors.VerificationError: the event that made batch 0x...07 is missing
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field
from typing import TYPE_CHECKING, Protocol

from traceledger.model.frozen import changed, frozen
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
from traceledger.walk.steps import EMITTING, KINDS, PLAIN, Added, Handlers, Minted, Numbers, Run

if TYPE_CHECKING:
    from traceledger.walk.passing import Passing


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
        mixing: where its substances come from.
        burdens: the CO2e.
        marks: errors and restatements, in chain order.
        errors: the batches in error, each with whether that is confirmed.
        bearing: the coefficients, where something asks for them.
        marked: the same by what consumed the records, where something was restated.
        records: what was recorded by those that were restated, or tell parts.
        passing: what went where on its way, where that is asked for.
    """

    counting: Counting
    mixing: Mixing
    burdens: Burdens
    marks: tuple[Step, ...] = ()
    errors: Mapping[int, bool] = field(default_factory=dict)
    bearing: Bearing | None = None
    marked: Bearing | None = None
    records: Mapping[At, Recorded] = field(default_factory=dict)
    passing: Passing | None = None

    @property
    def restatements(self) -> tuple[Restated, ...]:
        """What was restated, in chain order."""
        return tuple(step for step in self.marks if isinstance(step, Restated))


class _Pass(Protocol):
    @property
    def handlers(self) -> Handlers: ...


class _Records:
    """Keeps what records first said, of those that are asked for, and of those that tell parts."""

    def __init__(self, wanted: frozenset[At]) -> None:
        self._wanted = wanted
        self.found: dict[At, Recorded] = {}

    @property
    def handlers(self) -> Handlers:
        return dict.fromkeys(EMITTING, self._keep)

    def _keep(self, step: Minted | Run | Added) -> None:
        if step.at in self._wanted or len(step.emitted) > PLAIN:
            self.found[step.at] = Recorded(step.place, step.emitted)


@frozen
class More:
    """What is asked beside shares and CO2e.

    Attributes:
        records: what each single record emitted.
        passing: what went where on its way (:mod:`traceledger.walk.passing`).
    """

    records: bool = False
    passing: bool = False


NOTHING_MORE = More()


def walk_up(
    steps: Steps, asked: Asked, before: At | None, consumer: Consumer, more: More = NOTHING_MORE
) -> Walked:
    """Walk up from a batch.

    Args:
        steps: the source.
        asked: the batch.
        before: only what stands before; ``None``: everything.
        consumer: how a run marks the CO2e of what it took.
        more: what else is asked.

    Raises:
        VerificationError: the steps do not fit together.
    """
    numbers = frozenset(number for number, mass in asked.substances_mg.items() if mass)
    found, passes = _begun(asked, consumer, _Needs(numbers), more)
    plain = _feed(steps, asked, before, found.counting, passes, plain=True)
    if plain and not any(True for _ in steps.marked(found.counting.reached, before)):
        return _finished(found)
    said = tuple(steps.marked(steps.made_of(asked.key), before))
    needs = _Needs(numbers, said, coefficients=found.counting.asks_coefficients)
    while True:
        found, passes = _begun(asked, consumer, needs, more)
        counting = found.counting
        _feed(steps, asked, before, counting, passes)
        said = tuple(steps.marked(counting.reached | counting.returned, before))
        counting.mark(said)
        known = _Needs(numbers | counting.raised, said, coefficients=counting.asks_coefficients)
        if known.within(needs):
            return _finished(changed(found, marks=known.marks, errors=known.errors))
        needs = known


@frozen
class _Needs:
    """What a walk must know before it begins.

    Attributes:
        numbers: the substances to follow.
        said: errors and restatements, each with the batch of which it is said, newest first; more of them
            than concern the lineage change nothing.
        coefficients: whether something asks for the coefficients of records.
    """

    numbers: frozenset[int]
    said: tuple[tuple[Step, int], ...] = ()
    coefficients: bool = False

    @property
    def marks(self) -> tuple[Step, ...]:
        """What is said, once each, in chain order."""
        return tuple({step.at: step for step, _ in reversed(self.said)}.values())

    @property
    def errors(self) -> dict[int, bool]:
        """The batches in error, each with whether that is confirmed."""
        return errors_in(self.marks)

    def within(self, other: _Needs) -> bool:
        """Whether who knows the other knew all of this."""
        known = {(step.at, batch) for step, batch in other.said}
        return (
            self.numbers <= other.numbers
            and self.coefficients <= other.asks_coefficients
            and all((step.at, batch) in known for step, batch in self.said)
        )

    @property
    def restated(self) -> frozenset[At]:
        """Where the records stand that were restated."""
        return frozenset(step.of for step, _ in self.said if isinstance(step, Restated))

    @property
    def asks_coefficients(self) -> bool:
        """Whether coefficients are found."""
        return self.coefficients or bool(self.restated)


def _begun(asked: Asked, consumer: Consumer, needs: _Needs, more: More) -> tuple[Walked, tuple[_Pass, ...]]:
    """What a walk will find, and the passes that find it."""
    restated = needs.restated
    kept = _Records(restated)
    keep = None if more.records else restated
    counting, mixing = Counting(asked.key), Mixing(needs.numbers, asked.key, needs.errors)
    found = Walked(
        counting,
        mixing,
        Burdens(asked.key, asked.own_mg, asked.inherited_mg, consumer, keep),
        bearing=Bearing(asked.key) if needs.asks_coefficients else None,
        marked=Bearing(asked.key, consumer) if restated else None,
        records=kept.found,
        passing=_passing(mixing, counting) if more.passing else None,
    )
    # What passes is read before the origins are undone.
    passes: tuple[_Pass | None, ...] = (
        found.passing,
        mixing,
        found.burdens,
        found.bearing,
        found.marked,
        # Where nothing asks for coefficients, nothing was restated, and no record tells parts.
        kept if needs.asks_coefficients else None,
    )
    return found, tuple(each for each in passes if each is not None)


def _passing(mixing: Mixing, counting: Counting) -> Passing:
    # A trace does not ask for it, and does not load it.
    from traceledger.walk.passing import Passing

    return Passing(mixing, counting.reached)


def _feed(
    steps: Steps,
    asked: Asked,
    before: At | None,
    counting: Counting,
    passes: Iterable[_Pass],
    *,
    plain: bool = False,
) -> bool:
    """Feed all steps, newest first (W1); whether a plain walk was enough."""
    last: At | None = None
    # By kind what is done, looked up once: a walk has millions of steps.
    seeing, tables = counting.handlers, [each.handlers for each in passes]
    doing = {kind: (seeing[kind], [table[kind] for table in tables if kind in table]) for kind in KINDS}
    opened = counting.open
    for step, by in steps.upstream(asked.key, before, all_takes=not plain):
        see, undoing = doing[type(step)]
        if not by or by in opened:
            # As `Counting.see` has it, whose call takes longer.
            see(step, by)
            if plain and counting.asks_all:
                return False
        at = step.at
        if at != last:
            last = at
            for undo in undoing:
                undo(step)
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
