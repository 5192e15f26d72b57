"""The CO2e of one kilogram of a batch, of which something may have been taken since it was made.

Example:
    >>> PerKilogram(co2e_mg=4 * 10**9, mass_mg=850 * 10**6, left=True).mg
    4705882
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from traceledger.model.arithmetic import nearest
from traceledger.model.frozen import frozen
from traceledger.model.units import MG_PER_KG

if TYPE_CHECKING:
    from traceledger.model.batches import Batch
    from traceledger.provenance.trace import Trace


@frozen
class PerKilogram:
    """The CO2e of one kilogram.

    Attributes:
        co2e_mg: the CO2e that is divided, mg.
        mass_mg: the mass by which it is divided, mg.
        left: whether that is what is left of the batch; else what it was made with.
    """

    co2e_mg: int
    mass_mg: int
    left: bool

    @property
    def mg(self) -> int:
        """Mg CO2e of one kilogram, to the nearest; 0 where there is no mass."""
        return nearest(self.co2e_mg * MG_PER_KG, self.mass_mg) if self.mass_mg else 0


def per_kilogram(traced: Trace, found: Batch) -> PerKilogram:
    """Of what is left, by the mass that is left; of an empty batch, and of what came back, of the whole.

    Args:
        traced: the batch, traced.
        found: the same, as it is now.
    """
    footprint = traced.footprint
    left = found.own_mg + found.inherited_mg
    if not found.mass_mg or found.taken_back or found.mass_mg == traced.made_mass_mg:
        return PerKilogram(footprint.used.total_mg, traced.made_mass_mg, left=False)
    if footprint.restated is not None and footprint.total_mg:
        # What was restated is in the mixture that is left as it is in the whole.
        left = nearest(left * footprint.used.total_mg, footprint.total_mg)
    return PerKilogram(left, found.mass_mg, left=True)
