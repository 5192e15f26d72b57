"""What the walk reads: one step for each event that makes, mixes, measures or corrects, in chain order.

Masses are mg, CO2e mg, substances numbers, batches ids. An event that changes no mixture (a receipt, a
retirement, a hold) has no step: a loss takes the same part of everything. What was reversed keeps its step,
and its reversal has one; an error, or a restatement, that was withdrawn has none.

Example:
    >>> Added((3, 0), (Addition(7, 1, Emissions(scope3=2), own_after_mg=9),)).entries[0].weight
    1
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from traceledger.model.emissions import Emissions
from traceledger.model.frozen import frozen

At = tuple[int, ...]
"""Where a step stands, and what names its record; compares as block, transaction and log do."""


@frozen
class Minted:
    """New material; ``untraced`` if nobody can show where it comes from."""

    at: At
    batch: int
    emissions: Emissions
    untraced: bool = False


@frozen
class SplitOff:
    """A batch split off; ``before_mg`` is what its parent weighed before (only coefficients ask it)."""

    batch: int
    mass_mg: int = 0
    before_mg: int = 0


@frozen
class Split:
    """Batches were split off ``parent``, one after the other."""

    at: At
    parent: int
    children: tuple[SplitOff, ...]


@frozen
class Input:
    """What a run took of ``batch``, which weighed ``before_mg`` before (only coefficients ask it)."""

    batch: int
    own_mg: int
    inherited_mg: int
    substances_mg: Mapping[int, int]
    mass_mg: int = 0
    before_mg: int = 0


@frozen
class Output:
    """What a run made. ``weight``: by what burdens were allocated; ``emissions``: its part of the run's."""

    batch: int
    weight: int
    emissions: Emissions


@frozen
class Run:
    """A transformation; ``run`` is its id. Of a recycling run, what it made is an origin of its own."""

    at: At
    run: int
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    recycling: bool = False


@frozen
class Addition:
    """What one batch bears of added emissions: ``own_after_mg`` is its own pool after this entry.

    ``weight`` is that by which the emissions were allocated; 1 where there is one batch only.
    """

    batch: int
    weight: int
    emissions: Emissions
    own_after_mg: int


@frozen
class Added:
    """Emissions were added: of transport, by the masses shipped, or in custody."""

    at: At
    entries: tuple[Addition, ...]


@frozen
class Measured:
    """A lot that was measured again.

    Attributes:
        batch: its id.
        booked_mg: by substance, what was booked, signed.
        booked_mass_mg: the same of gross mass.
        raised: substances that had been recorded as zero when the batch was made, and are no more.
    """

    batch: int
    booked_mg: Mapping[int, int] = field(default_factory=dict)
    booked_mass_mg: int = 0
    raised: frozenset[int] = frozenset()


@frozen
class Remeasured:
    """Lots were measured again: one, or those of an answer to a shipment."""

    at: At
    lots: tuple[Measured, ...]


@frozen
class TakenBack:
    """A product came back; its CO2e left its pools."""

    at: At
    batch: int


@frozen
class PutBack:
    """What a reversal put back into ``batch``; the pools named ``after`` are those after this entry.

    ``child`` is the batch that had been split off, if it was.
    """

    batch: int
    own_mg: int
    inherited_mg: int
    own_after_mg: int
    inherited_after_mg: int
    child: int | None = None


@frozen
class Reversed:
    """The record ``of`` was reversed: a run (an entry per input, in its order), a take-back, or one child."""

    at: At
    of: At
    entries: tuple[PutBack, ...]


@frozen
class InError:
    """An error was declared in a batch; ``confirmed`` if not (only) by its maker."""

    at: At
    batch: int
    confirmed: bool


@frozen
class Restated:
    """The record ``of`` has other emissions now; ``used`` if they count: if they need it, once confirmed."""

    at: At
    of: At
    emissions: Emissions
    used: bool = True


Step = Minted | Split | Run | Added | Remeasured | TakenBack | Reversed | InError | Restated
"""Every step of a walk."""
