"""What a batch bears of the parts told beside the scopes: biogenic, land use, aviation, and removals.

Example:
    >>> EmissionParts(biogenic_mg=3).removals_mg
    0
"""

from __future__ import annotations

from traceledger.model.emissions import Emissions
from traceledger.model.frozen import frozen
from traceledger.provenance.walked import Walked
from traceledger.walk import emissions_of, in_force, weighted, whole


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


def emission_parts(found: Walked) -> EmissionParts:
    """What a batch bears of each: of every record, its part times the coefficient; rounded once (W12, W13).

    Args:
        found: the walk up from it.
    """
    if found.bearing is None:
        return EmissionParts()
    used = in_force(found.marks)
    told = [
        (_parts(used.get(at) or emissions_of(record.emitted)), whole(found.bearing.records.get(at, {})))
        for at, record in found.records.items()
    ]
    return EmissionParts(*(weighted((parts[place], part) for parts, part in told) for place in range(4)))


def _parts(emissions: Emissions) -> tuple[int, int, int, int]:
    return emissions.biogenic, emissions.land_use, emissions.aviation, emissions.removals
