"""The figures of one group in one year: exact integers, mg and mg CO2e.

Example:
    >>> figures = Figures(scope1=3_000_000_000, output_mg=2_000_000_000, products=2)
    >>> figures.per_tonne_mg, figures.per_product_mg
    (1500000000, 1500000000)
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from fractions import Fraction

from traceledger.model.units import MG_PER_UNIT

_TONNE = MG_PER_UNIT["t"]


@dataclass(frozen=True, slots=True)
class Figures:
    """Emissions by scope (mg CO2e; ``primary`` is the part of all three from primary data) and output.

    ``output_mg`` is what was made, ``products`` how many products were made in the whole report in that year.
    """

    scope1: int = 0
    scope2: int = 0
    scope3: int = 0
    primary: int = 0
    output_mg: int = 0
    products: int = 0

    @property
    def total_mg(self) -> int:
        """The three scopes together."""
        return self.scope1 + self.scope2 + self.scope3

    @property
    def tonne(self) -> Fraction | None:
        """Mg CO2e per tonne of output, exactly; ``None`` where nothing was made."""
        return Fraction(self.total_mg * _TONNE, self.output_mg) if self.output_mg else None

    @property
    def product(self) -> Fraction | None:
        """Mg CO2e per product, exactly; ``None`` where none was made."""
        return Fraction(self.total_mg, self.products) if self.products else None

    @property
    def per_tonne_mg(self) -> int | None:
        """Mg CO2e per tonne of output, rounded down."""
        return None if self.tonne is None else int(self.tonne)

    @property
    def per_product_mg(self) -> int | None:
        """Mg CO2e per product, rounded down."""
        return None if self.product is None else int(self.product)

    def plus(self, other: Figures) -> Figures:
        """Both together, field by field."""
        return Figures(*(getattr(self, item.name) + getattr(other, item.name) for item in fields(self)))


def change(now: int, before: int) -> float | None:
    """Relative change in per cent; ``None`` where there was nothing before."""
    return float(Fraction(now - before, before) * 100) if before else None
