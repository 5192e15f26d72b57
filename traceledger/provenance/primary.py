"""Which part of a footprint is primary data, recorded or restated.

Example:
    >>> float(primary_part(1, 4)), float(primary_part(5, 4)), float(primary_part(0, 0))
    (0.25, 1.0, 0.0)
"""

from __future__ import annotations

from traceledger.model.shares import NONE, WHOLE, Share


def primary_part(primary_mg: int, total_mg: int) -> Share:
    """The part from primary data (PACT ``primaryDataShare``); none where nothing was emitted.

    Allocation may round the primary pool a few milligrams above the total: then it is all.

    Args:
        primary_mg: from primary data, mg CO2e.
        total_mg: all of it, mg CO2e.
    """
    if not total_mg:
        return NONE
    return min(WHOLE, Share.of(primary_mg, total_mg))
