"""Phrases of the sentences that say what an operation does.

Example:
    >>> from traceledger.model.emissions import Emissions
    >>> amount(24 * 10**9, "ore", {27: 8_400_000_000}), emitting(Emissions(scope3=10**9))
    ('24 t of ore (Co 8.4 t)', ', emitting 1 t CO2e')
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from traceledger.model.emissions import Emissions
from traceledger.model.substances import symbol
from traceledger.model.units import format_mass


def amount(mass: int, material: str, substances: Mapping[int, int], pieces: int | None = None) -> str:
    """A mass in mg of a material, with its pieces, and what it holds of tracked substances."""
    counted = f" in {pieces} pieces" if pieces else ""
    held = by_substance(substances)
    return f"{format_mass(mass)} of {material}{counted}" + (f" ({held})" if held else "")


def by_substance(substances: Mapping[int, int]) -> str:
    """Masses in mg by substance."""
    return listed(f"{symbol(substance)} {format_mass(mass)}" for substance, mass in substances.items())


def emitting(emissions: Emissions) -> str:
    """Emissions, to be added to a sentence; nothing where there are none."""
    return f", emitting {format_mass(emissions.total_mg)} CO2e" if emissions.total_mg else ""


def because(reason: str) -> str:
    """A reason, to be added to a sentence; nothing where none is given."""
    return f": {reason}" if reason else ""


def listed(items: Iterable[str]) -> str:
    """``a, b and c``."""
    *first, last = [*items] or [""]
    return f"{', '.join(first)} and {last}" if first else last
