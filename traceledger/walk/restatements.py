"""Emissions of the past that are known better: what a restated record means for a batch made since.

Example:
    >>> weighted([(3, ONE), (-1, ONE // 2)])
    3
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from traceledger.model.arithmetic import nearest
from traceledger.model.emissions import Emissions
from traceledger.walk.co2e import UNIT
from traceledger.walk.division import ONE
from traceledger.walk.steps import SCOPES, At, Numbers, Restated, Step, emissions_of, record_of


def in_force(steps: Iterable[Step]) -> dict[At, Emissions]:
    """By record, the emissions that were restated: of those that count, the last."""
    return {step.of: emissions_of(step.emitted) for step in steps if isinstance(step, Restated) and step.used}


def recorded(steps: Iterable[Step]) -> dict[At, Emissions]:
    """By record, the emissions as they were first recorded."""
    found = {}
    for step in steps:
        record = record_of(step)
        if record is not None:
            found[step.at] = emissions_of(record[1])
    return found


def restated_cell(emitted: Numbers, coefficient: int) -> list[int]:
    """What a batch bears of a restated record, by scope, in units of 2^-64 mg.

    Args:
        emitted: what the record emitted, as it is known now.
        coefficient: the part of it that the batch bears, of 2^128.
    """
    # W12: the new amount times the coefficient, in units.
    return [mg * coefficient // (ONE // UNIT) for mg in emitted[:SCOPES]]


def restated_primary(
    primary_mg: int,
    before: Mapping[At, Emissions],
    restatements: Mapping[At, Emissions],
    coefficients: Mapping[At, int],
) -> int:
    """The primary part, mg, where ``primary_mg`` is as recorded and ``before`` what records first said."""
    return primary_mg + weighted(
        (emissions.primary - before[at].primary, coefficients.get(at, 0))
        for at, emissions in restatements.items()
        if at in before
    )


def weighted(amounts: Iterable[tuple[int, int]]) -> int:
    """The sum of amounts, each times its coefficient of 2^128, to the nearest; amounts may be negative."""
    # W13: rounded once, as a sum.
    total = sum(amount * coefficient for amount, coefficient in amounts)
    return nearest(total, ONE)
