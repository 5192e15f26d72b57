"""Booked differences over time: what measurements found more or less, by substance and year.

Example:
    >>> from traceledger.languages import ENGLISH
    >>> row = {"participant": "kokkola", "facility": "kokkola/plant", "material": "cobalt-hydroxide",
    ...        "substance": "Co", "year": 2026, "more": 0, "less": 1, "net_mg": "-20000000",
    ...        "minted_mg": "0", "throughput_mg": "8000000000"}
    >>> [cell.replace(chr(0xA0), " ") for cell in differences_table([row], ENGLISH).rows[0]]
    ['Cobalt', '2026', 'kokkola/plant', 'cobalt-hydroxide', '-20 kg', '8 t']
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from traceledger.languages import Language
from traceledger.pages.charts.compose import Sheet, amount, listed
from traceledger.pages.charts.marks import WIDE, Layout, Picture, Table
from traceledger.pages.charts.rows import MOST_ROWS, Key, Row, Span
from traceledger.pages.words import capital, word


def differences(
    found: Sequence[Mapping[str, Any]],
    language: Language,
    *,
    layout: Layout = WIDE,
    name: str = "differences",
) -> Picture:
    """The net of each year, substance by substance.

    Args:
        found: ``differences`` of a document of ``audit``.
        language: of the words.
        layout: how wide.
        name: begins the ids of the picture.
    """
    title = language.gettext("Booked differences by year")
    sheet = Sheet(layout)
    if not found:
        nothing = language.gettext("No difference was booked.")
        sheet.words(nothing)
        return sheet.picture(name, title, nothing)
    sheet.legend(
        (
            Key(language.gettext("found more"), "more"),
            Key(language.gettext("found less"), "less", "hatch"),
        )
    )
    said = []
    for symbol, years in _by_substance(found).items():
        substance = capital(word(symbol, "substance", language))
        rows = [_row(str(year), mg, language) for year, mg in sorted(years.items())][-MOST_ROWS:]
        sheet.heading(substance)
        sheet.bars(rows)
        pairs = listed(((row.name, row.figure) for row in rows), language)
        said.append(language.gettext("%(name)s: %(figure)s") % {"name": substance, "figure": pairs})
    description = language.gettext("Bars to the right were found more, to the left less. %(list)s.")
    return sheet.picture(name, title, description % {"list": ". ".join(said)})


def differences_table(found: Sequence[Mapping[str, Any]], language: Language) -> Table:
    """The same as rows, each place and material apart, beside what went through there."""
    _ = language.gettext
    rows = tuple(
        (
            capital(word(each["substance"], "substance", language)),
            str(each["year"]),
            each["facility"] or each["participant"],
            each["material"],
            _signed(int(each["net_mg"]), language),
            amount(int(each["throughput_mg"]), language),
        )
        for each in sorted(found, key=lambda each: (each["substance"], each["year"], each["participant"]))
    )
    columns = _("Substance"), _("Year"), _("Place"), _("Material"), _("Difference"), _("Went through")
    return Table(columns, rows, frozenset({4, 5}))


def _by_substance(found: Sequence[Mapping[str, Any]]) -> dict[str, dict[int, int]]:
    sums: dict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for each in found:
        sums[each["substance"]][each["year"]] += int(each["net_mg"])
    return dict(sorted(sums.items()))


def _row(year: str, mg: int, language: Language) -> Row:
    span = Span(0, mg, "more") if mg >= 0 else Span(0, mg, "less", "hatch")
    return Row(year, _signed(mg, language), (span,))


def _signed(milligrams: int, language: Language) -> str:
    return f"{'+' if milligrams > 0 else ''}{amount(milligrams, language)}"
