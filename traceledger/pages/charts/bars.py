"""Amounts by name as bars: a footprint by place or process, and origins by country.

Example:
    >>> from traceledger.languages import ENGLISH
    >>> co2e = {"total_mg": "4000000", "by_process": {"mining": "3000000", "transport": "1000000"}}
    >>> [row[0] for row in process_table({"batch": "a/B", "co2e": co2e}, ENGLISH).rows]
    ['mining', 'transport', 'In all']
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from traceledger.documents import traces
from traceledger.languages import Language
from traceledger.pages import formats
from traceledger.pages.charts.compose import Sheet, amount, listed
from traceledger.pages.charts.marks import WIDE, Layout, Picture, Table
from traceledger.pages.charts.rows import MOST_ROWS, Row, Span
from traceledger.pages.words import group, word


@dataclass(frozen=True, slots=True)
class Amount:
    """A name, and how much of the whole is its; ``figure`` as written."""

    name: str
    size: float
    figure: str


def facilities(
    document: dict[str, Any], language: Language, *, layout: Layout = WIDE, name: str = "facilities"
) -> Picture:
    """Where the CO2e of a batch arose; the document is one of ``footprint``, ``trace`` or ``declaration``.

    Args:
        document: as ``--json`` prints it; restated amounts are shown, where there are some.
        language: of the words.
        layout: how wide.
        name: begins the ids of the picture.
    """
    title = language.gettext("CO2e of %(batch)s by place") % {"batch": document["batch"]}
    return _breakdown(document, "by_facility", title, language, layout, name)


def facility_table(document: dict[str, Any], language: Language) -> Table:
    """The same as rows; none is summed with others."""
    return _breakdown_table(document, "by_facility", language.gettext("Place"), language)


def processes(
    document: dict[str, Any], language: Language, *, layout: Layout = WIDE, name: str = "processes"
) -> Picture:
    """By which process the CO2e of a batch arose; arguments as of :func:`facilities`."""
    title = language.gettext("CO2e of %(batch)s by process") % {"batch": document["batch"]}
    return _breakdown(_worded(document, language), "by_process", title, language, layout, name)


def process_table(document: dict[str, Any], language: Language) -> Table:
    """The same as rows; none is summed with others."""
    return _breakdown_table(_worded(document, language), "by_process", language.gettext("Process"), language)


def _worded(document: dict[str, Any], language: Language) -> dict[str, Any]:
    """The document, with what processes are called; those of one name together."""
    used = traces.used(document["co2e"])
    named: dict[str, int] = {}
    for slug, mg in used["by_process"].items():
        name = word(slug, "process", language)
        named[name] = named.get(name, 0) + int(mg)
    return document | {"co2e": {"by_process": named}}


def countries(
    origins: Sequence[Mapping[str, Any]],
    substance: str,
    language: Language,
    *,
    layout: Layout = WIDE,
    name: str = "countries",
) -> Picture:
    """From which countries a substance comes.

    Args:
        origins: those of the substance, as documents of ``trace`` and ``declaration`` list them.
        substance: its symbol.
        language: of the words.
        layout: how wide.
        name: begins the ids of the picture.
    """
    title = language.gettext("Countries that %(substance)s comes from") % {
        "substance": word(substance, "substance", language)
    }
    return shares(_by_country(origins, language), title, language, layout=layout, name=name)


def country_table(origins: Sequence[Mapping[str, Any]], substance: str, language: Language) -> Table:
    """The same as rows."""
    rows = tuple((each.name, each.figure) for each in _by_country(origins, language))
    share = language.gettext("Share of %(substance)s") % {"substance": word(substance, "substance", language)}
    return Table((language.gettext("Country"), share), rows, frozenset({1}))


def shares(
    amounts: Sequence[Amount], title: str, language: Language, *, layout: Layout = WIDE, name: str = "shares"
) -> Picture:
    """Any parts of a whole as bars, the largest first, the smallest of many summed up.

    Args:
        amounts: largest first; sizes from 0 to 1.
        title: of the picture.
        language: of the words.
        layout: how wide.
        name: begins the ids of the picture.
    """
    rest = formats.percent(min(1.0, sum(each.size for each in amounts[MOST_ROWS - 1 :])), language)
    return _drawn(_Amounts(amounts, rest, most=1.0), title, language, layout, name)


def _breakdown(
    document: dict[str, Any], field: str, title: str, language: Language, layout: Layout, name: str
) -> Picture:
    sizes = _sizes(document, field, language)
    amounts = [Amount(key, mg, amount(mg, language)) for key, mg in sizes]
    rest = amount(sum(mg for _, mg in sizes[MOST_ROWS - 1 :]), language)
    total = amount(sum(mg for _, mg in sizes), language)
    return _drawn(_Amounts(amounts, rest, total), title, language, layout, name)


def _breakdown_table(document: dict[str, Any], field: str, column: str, language: Language) -> Table:
    sizes = _sizes(document, field, language)
    rows = [(key, amount(mg, language)) for key, mg in sizes]
    rows.append((language.gettext("In all"), amount(sum(mg for _, mg in sizes), language)))
    return Table((column, language.gettext("CO2e")), tuple(rows), frozenset({1}))


def _sizes(document: dict[str, Any], field: str, language: Language) -> list[tuple[str, int]]:
    """Mg by name, the largest first; as known now, where something was restated."""
    co2e = traces.used(document["co2e"])
    by = field.removeprefix("by_")
    pairs = [(group(key, by, language), int(mg)) for key, mg in co2e[field].items()]
    return sorted(pairs, key=lambda pair: (-pair[1], pair[0]))


def _by_country(origins: Sequence[Mapping[str, Any]], language: Language) -> list[Amount]:
    sums: dict[str, float] = {}
    for origin in origins:
        code = "" if origin["origin"] == "untraced" else origin["country"]
        sums[code] = sums.get(code, 0.0) + origin["share"]
    ordered = sorted(sums.items(), key=lambda pair: (-pair[1], pair[0]))
    unknown = language.gettext("Nobody knows: untraced")
    return [
        Amount(
            formats.country(code, language) if code else unknown,
            share,
            formats.percent(min(1.0, share), language),
        )
        for code, share in ordered
    ]


@dataclass(frozen=True, slots=True)
class _Amounts:
    """What is drawn.

    Attributes:
        amounts: largest first.
        rest: the figure of those beyond :data:`MOST_ROWS`.
        total: the figure of all of them; empty where everybody knows it.
        most: what has room in any case; ``None``: the largest of them.
    """

    amounts: Sequence[Amount]
    rest: str
    total: str = ""
    most: float | None = None


def _drawn(found: _Amounts, title: str, language: Language, layout: Layout, name: str) -> Picture:
    amounts, total = found.amounts, found.total
    sheet = Sheet(layout)
    if not amounts:
        sheet.words(language.gettext("Nothing was recorded."))
        return sheet.picture(name, title, language.gettext("Nothing was recorded."))
    shown, others = list(amounts), []
    if len(amounts) > MOST_ROWS:
        shown, others = shown[: MOST_ROWS - 1], shown[MOST_ROWS - 1 :]
    rows = [Row(each.name, each.figure, (Span(0, each.size, "plain"),)) for each in shown]
    if others:
        words = language.ngettext("%(num)s other, summed", "%(num)s others, summed", len(others))
        span = Span(0, sum(each.size for each in others), "rest", "dots")
        rows.append(Row(words % {"num": formats.number(len(others), language)}, found.rest, (span,)))
    said = listed(((row.name, row.figure) for row in rows), language)
    sheet.bars(rows, most=found.most)
    if total:
        sheet.heading(language.gettext("In all: %(total)s") % {"total": total})
        said = language.gettext("%(list)s. In all %(total)s.") % {"list": said, "total": total}
    return sheet.picture(name, title, language.gettext("Bars, the longest first. %(list)s") % {"list": said})
