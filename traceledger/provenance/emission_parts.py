"""What a batch bears of the parts told beside the scopes: biogenic, land use, aviation, and removals.

Example:
    >>> EmissionParts(biogenic_mg=3).removals_mg
    0
"""

from __future__ import annotations

from collections.abc import Iterator

from traceledger.model.emissions import Emissions
from traceledger.model.frozen import frozen
from traceledger.provenance.lineage import Lineage
from traceledger.replay.emissions import emitting
from traceledger.walk import At, Coefficients, Step, in_force, weighted


@frozen
class EmissionParts:
    """Milligrams CO2e that a batch bears of each; removals are an amount of their own, never netted."""

    biogenic_mg: int = 0
    land_use_mg: int = 0
    aviation_mg: int = 0
    removals_mg: int = 0

    @property
    def texts(self) -> dict[str, str]:
        """Each as text, by the name of its field."""
        return {name: str(getattr(self, name)) for name in self.__dataclass_fields__}


def emission_parts(upstream: Lineage, steps: tuple[Step, ...], borne: Coefficients | None) -> EmissionParts:
    """What a batch bears of each: of every record, its part times the coefficient; rounded once (W12, W13).

    Args:
        upstream: the batch's lineage, up.
        steps: its steps.
        borne: the coefficients of its records; ``None`` where nothing asks for them, these parts included.
    """
    if borne is None:
        return EmissionParts()
    restated = in_force(steps)
    told = [
        (_parts(restated.get(at, emissions)), borne.records.get(at, 0))
        for at, emissions in dict(_records(upstream)).items()
    ]
    return EmissionParts(*(weighted((parts[place], part) for parts, part in told) for place in range(4)))


def _records(upstream: Lineage) -> Iterator[tuple[At, Emissions]]:
    for recorded in upstream.recorded:
        if (emits := emitting(recorded.event)) is not None:
            yield recorded.position, emits.emissions


def _parts(emissions: Emissions) -> tuple[int, int, int, int]:
    return emissions.biogenic, emissions.land_use, emissions.aviation, emissions.removals
