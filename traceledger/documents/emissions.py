"""The JSON of emissions by year, and the same as flat rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from traceledger.reporting.report import BASIS

if TYPE_CHECKING:
    from traceledger.reporting import EmissionsReport, Figures
    from traceledger.reporting import Path as ReductionPath


def emissions(report: EmissionsReport) -> dict[str, Any]:
    """A year's emissions by group, beside the year before and the base year."""
    earlier = [year for year in report.years if year != report.year]
    return {
        "year": report.year,
        "base_year": report.base_year,
        "by": report.by,
        "product": report.product,
        "participant": report.participant or None,
        "basis": BASIS,
        "total": _by_year(report.total),
        "change_percent": {str(year): report.change_since(year) for year in earlier},
        "groups": [{"group": row.group, "figures": _by_year(row.figures)} for row in report.rows],
        "declared_in_error": _by_year(report.in_error),
        "restated_mg": {str(year): str(change) for year, change in report.restated_mg.items()},
        "on_waste": [
            {"facility": row.facility, "made_mg": str(row.made_mg), "left_mg": str(row.left_mg)}
            for row in report.waste
        ],
        "target": _target(report.path) if report.path else None,
    }


def emissions_rows(report: EmissionsReport) -> list[dict[str, Any]]:
    """One flat row for each group and year, the total, and what was declared in error; as CSV has it."""
    parts = [*((row.group, row.figures) for row in report.rows)]
    parts += [("total", report.total), ("declared in error", report.in_error)]
    return [
        {"by": report.by, "group": group, "year": year} | _figures(figures[year])
        for group, figures in parts
        for year in report.years
    ]


def _by_year(figures: Mapping[int, Figures]) -> dict[str, Any]:
    return {str(year): _figures(found) for year, found in figures.items()}


def _figures(found: Figures) -> dict[str, Any]:
    return {
        "scope1_mg": str(found.scope1),
        "scope2_mg": str(found.scope2),
        "scope3_mg": str(found.scope3),
        "total_mg": str(found.total_mg),
        "primary_mg": str(found.primary),
        "output_mg": str(found.output_mg),
        "products": found.products,
        "per_tonne_mg": _text(found.per_tonne_mg),
        "per_product_mg": _text(found.per_product_mg),
    }


def _target(path: ReductionPath) -> dict[str, Any]:
    return {
        "measure": path.measure,
        "base_year": path.base_year,
        "target_year": path.target.year,
        "percent": float(path.target.percent),
        "base_mg": _text(path.base_mg),
        "allowed_mg": _text(path.allowed_mg),
        "actual_mg": _text(path.actual_mg),
        "reached": path.reached,
    }


def _text(milligrams: int | None) -> str | None:
    return None if milligrams is None else str(milligrams)
