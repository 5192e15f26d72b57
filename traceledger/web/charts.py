"""The charts of the explorer: documents as figures, wide and narrow, with their tables.

Example:
    >>> from traceledger.languages import ENGLISH
    >>> row = {"substance": "Co", "year": 2026, "net_mg": "2000000"}
    >>> "+2" in chart_of(ENGLISH, "differences", [row])
    True
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, assert_never

from markupsafe import Markup

from traceledger.languages import Language
from traceledger.pages import formats
from traceledger.pages.charts.differences import differences
from traceledger.pages.charts.emissions import emissions, emissions_table
from traceledger.pages.charts.figure import figure
from traceledger.pages.charts.marks import Table
from traceledger.pages.map.sites import sites, sites_table
from traceledger.pages.words import word

Kind = Literal["emissions", "differences", "sites"]


def chart_of(language: Language, kind: Kind, document: Any) -> Markup:
    """A picture of figures.

    Args:
        language: of its words.
        kind: which picture.
        document: what it shows: of emissions the document, of differences the net by substance and year,
            of sites their list.
    """
    match kind:
        case "emissions":
            return figure(emissions, emissions_table, document, language=language, name=kind)
        case "differences":
            return figure(differences, _by_year, document, language=language, name=kind)
        case "sites":
            return figure(sites, sites_table, document, language=language, name=kind)
        case _:
            assert_never(kind)


def _by_year(found: Sequence[Mapping[str, Any]], language: Language) -> Table:
    rows = tuple(
        (
            word(each["substance"], "substance", language),
            str(each["year"]),
            formats.mass(each["net_mg"], language),
        )
        for each in found
    )
    columns = language.gettext("Substance"), language.gettext("Year"), language.gettext("Difference")
    return Table(columns, rows, frozenset({2}))
