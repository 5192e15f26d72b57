"""The JSON of recycled content by Article 8 of Regulation (EU) 2023/1542, and the same as flat rows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from traceledger.model.article_8 import TARGET_YEARS
from traceledger.model.shares import Share

if TYPE_CHECKING:
    from fractions import Fraction

    from traceledger.events import Position
    from traceledger.provenance.article_8 import Article8Content, Part
    from traceledger.reporting.recycled import RecycledReport, RecycledRow


def recycled(report: RecycledReport, basis: str) -> dict[str, Any]:
    """The figures by model, year, plant and metal."""
    return {
        "basis": basis,
        "recycled": [_row(row) | {"batch_names": list(row.batches)} for row in report.rows],
        "declared_in_error": list(report.in_error),
    }


def recycled_rows(report: RecycledReport) -> list[dict[str, Any]]:
    """One flat row for each model, year, plant and metal."""
    return [_row(row) for row in report.rows]


def _row(row: RecycledRow) -> dict[str, Any]:
    return {
        "year": row.year,
        "material": row.material,
        "facility": row.facility,
        "metal": row.metal,
        "batches": len(row.batches),
        **content(row.content),
        "minimum_percent": {str(year): row.minimum.percent(year) for year in TARGET_YEARS},
        "meets": {str(year): meets(row.share, row.minimum.percent(year)) for year in TARGET_YEARS},
        "events": places(row.events),
    }


def content(found: Article8Content) -> dict[str, Any]:
    """One metal's figures: masses to the milligram, and exactly in 2^-128 mg."""
    return {
        "mass_mg": str(found.mass_mg),
        "base_mg": str(found.base_mg),
        "counted_mg": str(found.counted_mg),
        "share": None if found.share is None else float(Share.near(found.share)),
        **{f"{kind.value}_mg": str(mass) for kind, mass in found.masses_mg.items()},
        "exact": {"unit": "2^-128 mg", "counted": str(found.counted), "base": str(found.base)},
        "not_counted": [_part(part) for part in found.uncounted],
    }


def meets(found: Fraction | None, percent: int) -> bool | None:
    """Whether an exact share reaches a minimum; ``None``: there is none to compare."""
    return None if found is None else found * 100 >= percent


def places(events: Iterable[Position]) -> list[str]:
    """Where events stand, each ``BLOCK/LOG``."""
    return [at.reference for at in events]


def why_not(part: Part) -> str:
    """Why what was recovered does not count, in a clause."""
    if part.active is False:
        return "it is in no active material"
    if part.active is None:
        return "nothing shows that it is in active materials"
    return "nothing shows that it is battery manufacturing waste"


def _part(part: Part) -> dict[str, Any]:
    return {
        "origin": part.origin,
        "facility": part.facility or None,
        "recovery": part.recovery.value,
        "mass_mg": str(part.mass_mg),
        "why": why_not(part),
        "events": places(part.events),
    }
