"""What the walk reads: one step for each event of the ledger, as small integers.

Masses are mg, CO2e mg, substances numbers (0: the gross mass). A batch stands as a *key*, whatever integer
the source of the steps calls it by. Inside a step stand flat sequences of integers, named where they are
unpacked: millions of them are read from rows, and an object for each would cost more than all that is done
with it.

``emitted`` is three scopes and the primary part of them and, where anything is told beside these, biogenic,
land use, aviation and removals (:data:`~traceledger.model.emissions.EMISSION_FIELDS`).

Example:
    >>> Added(at=3, place=1, emitted=(0, 0, 2, 0), entries=((7, 1, 9),)).entries[0]
    (7, 1, 9)
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

from traceledger.model.emissions import Emissions

At = int
"""Where a step stands, and what names its record; compares as chain order does."""
Numbers = Sequence[int]
"""Several integers that belong together."""
NONE: tuple[Numbers, ...] = ()
"""No entries."""


class Told(NamedTuple):
    """What changes no mixture: a receipt as sent or with a loss, a retirement, a hold.

    ``parts``: how many parts of it can be reversed, each alone.
    """

    at: At
    parts: int = 0


class Minted(NamedTuple):
    """New material. ``untraced``: 1 if nobody can show where it comes from. ``place``: where it emitted."""

    at: At
    batch: int
    place: int
    untraced: int
    emitted: Numbers


class Split(NamedTuple):
    """Batches were split off ``parent``, one after the other.

    ``children``: of each its key, its mass, and what the parent weighed before. ``used``: the tolerance used
    that they copy, a substance and basis points by turns.
    """

    at: At
    parent: int
    children: Sequence[Numbers]
    used: Numbers = ()


class Run(NamedTuple):
    """A transformation.

    ``recycling``: :data:`FROM_USE` or :data:`FROM_WASTE` if what it made is an origin of its own, else 0.
    ``inputs``: of each take the batch, the mass taken, the mass before, own and inherited CO2e taken.
    ``substances``: of each its number, then what was taken of it with each input. ``outputs``: batches, and
    the weights by which burdens were allocated. ``used``: batch, substance and basis points of tolerance.
    """

    at: At
    place: int
    recycling: int
    emitted: Numbers
    inputs: Sequence[Numbers]
    substances: Sequence[Numbers]
    outputs: Sequence[Numbers]
    used: Sequence[Numbers] = NONE


class Added(NamedTuple):
    """Emissions were added, of transport or in custody.

    ``entries``: of each batch its key, the weight by which they were allocated, and its own pool after it.
    ``back``: those of them, of a shipment, that had been taken back, whatever became of the take-back since.
    """

    at: At
    place: int
    emitted: Numbers
    entries: Sequence[Numbers]
    back: Numbers = ()


class Measured(NamedTuple):
    """Lots that were measured again: one, or those of an answer to a shipment.

    ``parts``: as of :class:`Told`. ``lots``: the batches. ``booked``: batch, substance, mg booked, signed.
    ``raised``: batch and substance that was recorded as zero at making, and is no more. ``used``: batch,
    substance, basis points of tolerance used from now on.
    """

    at: At
    parts: int
    lots: Numbers
    booked: Sequence[Numbers] = NONE
    raised: Sequence[Numbers] = NONE
    used: Sequence[Numbers] = NONE


class TakenBack(NamedTuple):
    """A product came back to ``place``; the CO2e given here left its pools."""

    at: At
    batch: int
    place: int
    own_mg: int
    inherited_mg: int


class Reversed(NamedTuple):
    """The record ``of`` was reversed: a run (an entry per input, in its order), or the split of one child.

    ``entries``: batch, own and inherited CO2e put back, own and inherited pool after it, and the child that
    had been split off, or 0.
    """

    at: At
    of: At
    entries: Sequence[Numbers]


class InError(NamedTuple):
    """An error was declared in a batch; ``confirmed``: 1 if by an auditor, 0 if by its maker."""

    at: At
    batch: int
    confirmed: int


class Withdrawn(NamedTuple):
    """A record that changed no mixture, or an error, was reversed; ``entries``: batch, and where it stands.

    Walking newest first it is met before what it withdraws.
    """

    at: At
    entries: Sequence[Numbers]


class Restated(NamedTuple):
    """The record ``of`` has other emissions now. ``used``: 1 if they count. ``by_auditor``: who says so."""

    at: At
    of: At
    used: int
    by_auditor: int
    emitted: Numbers


class Delivered(NamedTuple):
    """The take-back ``of`` was reversed: its CO2e is in the pools again, which are these after it."""

    at: At
    of: At
    batch: int
    own_mg: int
    inherited_mg: int
    own_after_mg: int
    inherited_after_mg: int


Step = (
    Told
    | Minted
    | Split
    | Run
    | Added
    | Measured
    | TakenBack
    | Reversed
    | InError
    | Withdrawn
    | Restated
    | Delivered
)
"""Every step of a walk."""

KINDS: tuple[type[Step], ...] = (
    *(Told, Minted, Split, Run, Added, Measured),
    *(TakenBack, Reversed, InError, Withdrawn, Restated, Delivered),
)
"""The steps by the number of their kind, as rows have it."""
_NUMBERS = {kind: number for number, kind in enumerate(KINDS)}

FROM_USE, FROM_WASTE = 1, 2
"""What a recycling run took: products that were taken back, or waste of other runs (Rule 9)."""

SCOPES, PRIMARY = 3, 3
"""How many scopes come first in ``emitted``, and which of it is the primary part."""
PLAIN = 4
"""How long ``emitted`` is where no parts are told beside it."""


Handlers = dict[type[Any], Callable[[Any], None]]
"""What a pass does at a step, by the step's kind; kinds that are not there change nothing for it.

Who feeds a pass many steps looks it up itself. :mod:`tests.walk.test_kinds` says of each pass which kinds it
leaves out, so that a new kind is forgotten nowhere.
"""
EMITTING = Minted, Run, Added
"""What emits: these have ``place`` and ``emitted``."""


def kind_of(step: Step) -> int:
    """The number of its kind in :data:`KINDS`."""
    return _NUMBERS[type(step)]


def undo_one(handlers: Handlers, step: Step) -> None:
    """Do at one step what a pass does at its kind."""
    handler = handlers.get(type(step))
    if handler is not None:
        handler(step)


def undo_all(handlers: Handlers, steps: Sequence[Step]) -> None:
    """Do all steps, given in chain order, backwards."""
    # W1: newest first.
    for step in reversed(steps):
        undo_one(handlers, step)


@contextmanager
def no_search_for_cycles() -> Iterator[None]:
    """Values of a walk refer to no one that refers back, and go as soon as nothing refers to them.

    To search millions of them for cycles over and over took a sixth of a trace, and grew faster than it.
    """
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def emitted_of(emissions: Emissions) -> Numbers:
    """Emissions as steps have them."""
    plain = emissions.scope1, emissions.scope2, emissions.scope3, emissions.primary
    if not emissions.tells_parts:
        return plain
    return (*plain, emissions.biogenic, emissions.land_use, emissions.aviation, emissions.removals)


def emissions_of(emitted: Numbers) -> Emissions:
    """The same as a value."""
    return Emissions(*emitted)


def record_of(step: Step) -> tuple[int, Numbers] | None:
    """Place and emissions of what emits; else ``None``."""
    if isinstance(step, EMITTING):
        return step.place, step.emitted
    return None


def made_by(step: Step) -> tuple[int, ...]:
    """The batches that a step made."""
    if isinstance(step, Minted):
        return (step.batch,)
    if isinstance(step, Run):
        return tuple([output[0] for output in step.outputs])
    if isinstance(step, Split):
        return tuple([child[0] for child in step.children])
    return ()


def taken_by(step: Step) -> tuple[int, ...]:
    """The batches that a step took from to make others, once each."""
    if isinstance(step, Run):
        return tuple(dict.fromkeys([taken[0] for taken in step.inputs]))
    return (step.parent,) if isinstance(step, Split) else ()
