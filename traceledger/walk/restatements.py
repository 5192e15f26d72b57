"""Emissions of the past that are known better: what a restated record means for a batch made since.

Example:
    >>> weighted([(3, ONE), (-1, ONE // 2)])
    3
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from traceledger.model.arithmetic import nearest
from traceledger.model.emissions import Emissions
from traceledger.walk.co2e import UNIT, Cell, scopes
from traceledger.walk.division import ONE
from traceledger.walk.steps import Added, At, Minted, Restated, Run, Step


def in_force(steps: Iterable[Step]) -> dict[At, Emissions]:
    """By record, the emissions that were restated: of those that count, the last."""
    return {step.of: step.emissions for step in steps if isinstance(step, Restated) and step.used}


def recorded(steps: Iterable[Step]) -> dict[At, Emissions]:
    """By record, the emissions as they were first recorded."""
    found: dict[At, Emissions] = {}
    for step in steps:
        if isinstance(step, Minted):
            found[step.at] = step.emissions
        elif isinstance(step, Run):
            found[step.at] = _sum(made.emissions for made in step.outputs)
        elif isinstance(step, Added):
            found[step.at] = _sum(entry.emissions for entry in step.entries)
    return found


def restated_cells(
    cells: Mapping[Cell, int], restatements: Mapping[At, Emissions], coefficients: Mapping[At, int]
) -> dict[Cell, int]:
    """The CO2e by record and scope, with the cells of restated records replaced; units of 2^-64 mg.

    Args:
        cells: as recorded.
        restatements: by record, what it emitted.
        coefficients: by record; one that is not there is none of the batch's.
    """
    found = {cell: amount for cell, amount in cells.items() if cell[0] not in restatements}
    for at, emissions in restatements.items():
        for scope, mg in enumerate(scopes(emissions)):
            # W12: the new amount times the coefficient, in units.
            amount = mg * coefficients.get(at, 0) // (ONE // UNIT)
            if amount:
                found[at, scope] = amount
    return found


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


def _sum(emissions: Iterable[Emissions]) -> Emissions:
    fields = ((each.scope1, each.scope2, each.scope3, each.primary) for each in emissions)
    return Emissions(*map(sum, zip(*fields, strict=True)))
