"""Emissions of a year by group, beside the year before, the base year and a target.

The document is one of ``emissions report --json``.

Example:
    >>> from traceledger.languages import ENGLISH
    >>> year = {"scope1_mg": "2000000", "scope2_mg": "0", "scope3_mg": "1000000", "total_mg": "3000000"}
    >>> said = {"year": 2026, "by": "department", "total": {"2026": year}, "groups": []}
    >>> [cell.replace(chr(0xA0), " ") for cell in emissions_table(said, ENGLISH).rows[0]]
    ['In all', '2026', '2 kg', '0', '1 kg', '3 kg']
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from traceledger.languages import Language
from traceledger.pages import formats
from traceledger.pages.charts.compose import Sheet, amount, listed
from traceledger.pages.charts.marks import WIDE, Layout, Pattern, Picture, Table
from traceledger.pages.charts.rows import MOST_ROWS, Key, Pointer, Row, Span
from traceledger.pages.words import capital, word
from traceledger.pages.words import group as called

_SCOPES: tuple[tuple[str, Pattern], ...] = (("scope1", ""), ("scope2", "hatch"), ("scope3", "dots"))


def emissions(
    document: dict[str, Any], language: Language, *, layout: Layout = WIDE, name: str = "emissions"
) -> Picture:
    """A year's emissions.

    Args:
        document: as ``--json`` prints it.
        language: of the words.
        layout: how wide.
        name: begins the ids of the picture.
    """
    title = _title(document, language)
    sheet = Sheet(layout)
    if not any(_scopes(figures) != (0, 0, 0) for figures in document["total"].values()):
        nothing = language.gettext("No emissions were recorded in these years.")
        sheet.words(nothing)
        return sheet.picture(name, title, nothing)
    sheet.legend(_keys(document, language))
    sheet.heading(language.gettext("In all"))
    sheet.bars([_year(document, year, language) for year in sorted(document["total"])])
    if document["groups"]:
        sheet.heading(_grouped(document, language))
        sheet.bars(_groups(document, language))
    target = document.get("target")
    if target:
        _target(sheet, target, document, language)
    for sentence in _remarks(document, language):
        sheet.words(sentence)
    return sheet.picture(name, title, _description(document, language))


def emissions_table(document: dict[str, Any], language: Language) -> Table:
    """The same as rows: each group and year by scope; none is summed with others."""
    _ = language.gettext
    parts = [(_("In all"), document["total"])]
    parts += [(_group(document, each, language), each["figures"]) for each in document["groups"]]
    rows = tuple(
        (name, year, *(amount(mg, language) for mg in (*_scopes(figures), sum(_scopes(figures)))))
        for name, by_year in parts
        for year, figures in sorted(by_year.items())
    )
    columns = _("Group"), _("Year"), _("Scope 1"), _("Scope 2"), _("Scope 3"), _("CO2e")
    return Table(columns, rows, frozenset(range(2, 6)))


def _title(document: Mapping[str, Any], language: Language) -> str:
    values = {"year": document["year"], "participant": document.get("participant")}
    if document.get("participant"):
        return language.gettext("Emissions of %(participant)s in %(year)s") % values
    return language.gettext("Emissions of all companies in %(year)s") % values


def _grouped(document: Mapping[str, Any], language: Language) -> str:
    message = {
        "facility": language.gettext("By facility, %(year)s"),
        "participant": language.gettext("By company, %(year)s"),
        "department": language.gettext("By department, %(year)s"),
        "scope": language.gettext("By scope, %(year)s"),
        "process": language.gettext("By process, %(year)s"),
        "stage": language.gettext("By life-cycle stage, %(year)s"),
    }[document["by"]]
    return message % {"year": document["year"]}


def _scopes(figures: Mapping[str, Any]) -> tuple[int, ...]:
    return tuple(int(figures[f"{scope}_mg"]) for scope, _ in _SCOPES)


def _stacked(scopes: Sequence[int]) -> tuple[Span, ...]:
    """Side by side from zero: what is above it to the right, what is below it to the left."""
    spans = []
    above = below = 0
    for (role, pattern), mg in zip(_SCOPES, scopes, strict=True):
        begin = above if mg >= 0 else below
        spans.append(Span(begin, begin + mg, role, pattern))
        above, below = above + max(mg, 0), below + min(mg, 0)
    return tuple(spans)


def _year(document: Mapping[str, Any], year: str, language: Language) -> Row:
    figures = document["total"][year]
    each = figures.get("per_product_mg")
    detail = ""
    if each is not None:
        detail = language.gettext("%(amount)s per %(product)s") % {
            "amount": amount(int(each), language),
            "product": document["product"],
        }
    return Row(year, amount(int(figures["total_mg"]), language), _stacked(_scopes(figures)), detail=detail)


def _before(document: Mapping[str, Any]) -> str | None:
    """The year that groups are compared with: the one before, where anything was recorded in it."""
    year = str(document["year"] - 1)
    return year if year in document["total"] and any(_scopes(document["total"][year])) else None


def _groups(document: Mapping[str, Any], language: Language) -> list[Row]:
    groups = document["groups"]
    shown, others = groups, []
    if len(groups) > MOST_ROWS:
        shown, others = groups[: MOST_ROWS - 1], groups[MOST_ROWS - 1 :]
    rows = [_row(document, _group(document, each, language), [each["figures"]], language) for each in shown]
    if others:
        words = language.ngettext("%(num)s other, summed", "%(num)s others, summed", len(others))
        name = words % {"num": formats.number(len(others), language)}
        rows.append(_row(document, name, [each["figures"] for each in others], language))
    return rows


def _row(
    document: Mapping[str, Any], name: str, parts: Sequence[Mapping[str, Any]], language: Language
) -> Row:
    """A bar of one group, or of several together."""
    year, before = str(document["year"]), _before(document)
    scopes = [sum(each) for each in zip(*(_scopes(part[year]) for part in parts), strict=True)]
    pointers: tuple[Pointer, ...] = ()
    if before is not None:
        pointers = (Pointer(sum(sum(_scopes(part[before])) for part in parts), "earlier"),)
    return Row(name, amount(sum(scopes), language), _stacked(scopes), pointers)


def _group(document: Mapping[str, Any], group: Mapping[str, Any], language: Language) -> str:
    name: str = group["group"]
    if document["by"] == "stage":
        return capital(word(name, "stage", language))
    if document["by"] == "scope" and name in dict(_SCOPES):
        return language.gettext("Scope %(number)s") % {"number": name[-1]}
    return called(name, document["by"], language)


def _keys(document: Mapping[str, Any], language: Language) -> Iterator[Key]:
    for scope, pattern in _SCOPES:
        words = language.gettext("Scope %(number)s") % {"number": scope[-1]}
        yield Key(words, scope, pattern)
    before = _before(document)
    if before is not None:
        yield Key(language.gettext("In all, in %(year)s") % {"year": before}, "earlier", line=True)


def _target(sheet: Sheet, target: Mapping[str, Any], document: Mapping[str, Any], language: Language) -> None:
    sheet.heading(_aim(target, document, language))
    if target["base_mg"] is None or target["actual_mg"] is None:
        sheet.words(language.gettext("There is no figure for both years, so nothing can be said about it."))
        return
    base, actual = int(target["base_mg"]), int(target["actual_mg"])
    aimed = int(base * (100 - Decimal(str(target["percent"]))) / 100)
    allowed = () if target["allowed_mg"] is None else (Pointer(int(target["allowed_mg"]), "limit"),)
    years = {"year": target["base_year"]}, {"year": target["target_year"]}
    now = Row(str(document["year"]), amount(actual, language), (Span(0, actual, "plain"),), allowed)
    first = language.gettext("%(year)s, the base year") % years[0]
    last = language.gettext("%(year)s, as aimed at") % years[1]
    rows = [now, Row(last, amount(aimed, language), (Span(0, aimed, "rest", "hatch"),))]
    if target["base_year"] != document["year"]:
        rows.insert(0, Row(first, amount(base, language), (Span(0, base, "rest"),)))
    if allowed:
        words = language.gettext("What the straight path allows in %(year)s: %(amount)s") % {
            "year": document["year"],
            "amount": amount(int(target["allowed_mg"]), language),
        }
        sheet.legend([Key(words, "limit", line=True)])
    sheet.bars(rows)
    if target["reached"] is not None:
        sheet.words(_verdict(target, language))


def _verdict(target: Mapping[str, Any], language: Language) -> str:
    if target["reached"]:
        return language.gettext("It is on the path.")
    return language.gettext("It is above the path.")


def _aim(target: Mapping[str, Any], document: Mapping[str, Any], language: Language) -> str:
    message = {
        "product": language.gettext("Target: %(percent)s less by %(year)s than in %(base)s, per %(product)s"),
        "tonne": language.gettext(
            "Target: %(percent)s less by %(year)s than in %(base)s, per tonne of output"
        ),
        "absolute": language.gettext("Target: %(percent)s less by %(year)s than in %(base)s, in all"),
    }[target["measure"]]
    return message % {
        "percent": formats.percent(float(Decimal(str(target["percent"])) / 100), language),
        "year": target["target_year"],
        "base": target["base_year"],
        "product": document["product"],
    }


def _remarks(document: Mapping[str, Any], language: Language) -> Iterator[str]:
    _ = language.gettext
    year = str(document["year"])
    wrong = int(document.get("declared_in_error", {}).get(year, {}).get("total_mg", 0))
    if wrong:
        yield _("Declared in error, and in no total: %(amount)s.") % {"amount": amount(wrong, language)}
    changed = int(document.get("restated_mg", {}).get(year, 0))
    if changed:
        sign = "+" if changed > 0 else ""
        yield _("Restated since, and in these figures: %(amount)s.") % {
            "amount": sign + amount(changed, language)
        }
    waste = sum(int(each["made_mg"]) for each in document.get("on_waste", ()))
    if waste:
        yield _("On waste, and in no total: %(amount)s.") % {"amount": amount(waste, language)}
    yield _("CO2e where and when it arose; what batches inherited is not in here, so nothing counts twice.")


def _description(document: Mapping[str, Any], language: Language) -> str:
    years = [
        (year, amount(int(figures["total_mg"]), language))
        for year, figures in sorted(document["total"].items())
    ]
    values = {"years": listed(years, language), "groups": ""}
    said = language.gettext("Bars by scope. %(years)s.") % values
    if document["groups"]:
        groups = [(row.name, row.figure) for row in _groups(document, language)]
        said += f" {_grouped(document, language)}. {listed(groups, language)}."
    target = document.get("target")
    if target:
        said += f" {_aim(target, document, language)}."
        if target["reached"] is not None:
            said += f" {_verdict(target, language)}"
    return said
