"""The words for formats, readers and averages: for options and parameters, light to load.

Example:
    >>> of_family("idta")[0]
    'idta-nameplate'
"""

from __future__ import annotations

NAMES = (
    "catenax-battery-pass",
    "catenax-pcf",
    "catenax-pcf-component",
    "catenax-batch",
    "catenax-serial-part",
    "catenax-bom-as-built",
    "batterypass-general",
    "batterypass-carbon-footprint",
    "batterypass-circularity",
    "batterypass-material-composition",
    "batterypass-due-diligence",
    "idta-nameplate",
    "idta-handover-documentation",
    "idta-carbon-footprint",
    "idta-technical-data",
    "idta-product-condition",
    "idta-material-composition",
    "idta-circularity",
)
"""Formats, in the order in which they are listed."""
FAMILIES = ("catenax", "batterypass", "idta")
"""Words that stand for all formats of one origin."""
READERS = ("public", "legitimate-interest", "authorities", "complete")
"""For whom files are."""
AVERAGES = ("model", "battery")
"""Of which batteries figures are."""
NO_PASSPORTS = frozenset(each for each in NAMES if each.startswith("catenax-") and "battery-pass" not in each)
"""Formats of what companies tell each other, of which Annex XIII says nothing."""


def of_family(word: str) -> tuple[str, ...]:
    """The formats that a word stands for: itself, or those of a family."""
    return tuple(each for each in NAMES if each == word or (each.startswith(f"{word}-") and word in FAMILIES))
