"""Recycled content beside the legal minimum of 2031 and 2036.

Example:
    >>> from traceledger.languages import ENGLISH
    >>> parts = {"post_consumer": 0.18, "pre_consumer": 0.02}
    >>> said = {"recycled_content": parts, "recycled_minimum_percent": {"2031": 16, "2036": 26}}
    >>> recycled_table({"substances": {"Co": said}}, ENGLISH).rows
    (('Cobalt', '18%', '2%', '20%', '16%', '26%'),)
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from traceledger.languages import Language
from traceledger.pages import formats
from traceledger.pages.charts.compose import Sheet, listed
from traceledger.pages.charts.marks import WIDE, Layout, Picture, Table
from traceledger.pages.charts.rows import Key, Pointer, Row, Span
from traceledger.pages.environment import ABSENT
from traceledger.pages.words import capital, word


@dataclass(frozen=True, slots=True)
class _Content:
    """Recycled shares of one substance, 0 to 1, and the least that the law asks for, per cent by year."""

    substance: str
    post_consumer: float
    pre_consumer: float
    minimum: dict[str, int]

    @property
    def whole(self) -> float:
        return self.post_consumer + self.pre_consumer


def recycled(
    document: dict[str, Any], language: Language, *, layout: Layout = WIDE, name: str = "recycled"
) -> Picture:
    """Recycled content by substance, in a document of ``declaration show``.

    Args:
        document: as ``--json`` prints it.
        language: of the words.
        layout: how wide.
        name: begins the ids of the picture.
    """
    title = language.gettext("Recycled content beside the legal minimum")
    found = _read(document, language)
    sheet = Sheet(layout)
    if not found:
        nothing = language.gettext("No tracked substance is in it.")
        sheet.words(nothing)
        return sheet.picture(name, title, nothing)
    sheet.legend(_keys(found, language))
    sheet.bars([_row(each, language) for each in found])
    if any(each.minimum for each in found):
        sheet.words(_comparable(language))
    return sheet.picture(name, title, _description(found, language))


def recycled_table(document: dict[str, Any], language: Language) -> Table:
    """The same as rows."""
    _ = language.gettext
    rows = []
    for each in _read(document, language):
        least = (
            _percent(each.minimum[year], language) if each.minimum else ABSENT for year in ("2031", "2036")
        )
        parts = (each.post_consumer, each.pre_consumer, min(1.0, each.whole))
        rows.append((each.substance, *(formats.percent(part, language) for part in parts), *least))
    columns = (
        _("Substance"),
        _("Post-consumer"),
        _("Pre-consumer"),
        _("Recycled"),
        _("Minimum from August 2031"),
        _("Minimum from August 2036"),
    )
    return Table(columns, tuple(rows), frozenset(range(1, 6)))


def _read(document: dict[str, Any], language: Language) -> list[_Content]:
    return [
        _Content(
            capital(word(substance, "substance", language)),
            said["recycled_content"]["post_consumer"],
            said["recycled_content"]["pre_consumer"],
            said.get("recycled_minimum_percent", {}),
        )
        for substance, said in document["substances"].items()
    ]


def _row(each: _Content, language: Language) -> Row:
    spans = (
        Span(0, each.post_consumer, "post_consumer"),
        Span(each.post_consumer, each.whole, "pre_consumer", "hatch"),
    )
    figure = formats.percent(min(1.0, each.whole), language)
    return Row(each.substance, figure, spans, tuple(_pointers(each)), detail=_least(each, language))


def _pointers(each: _Content) -> Iterator[Pointer]:
    least = each.minimum
    if least and least["2031"] == least["2036"]:
        yield Pointer(least["2031"] / 100, "limit", "2031, 2036")
    elif least:
        yield Pointer(least["2031"] / 100, "limit", "2031")
        yield Pointer(least["2036"] / 100, "limit", "2036")


def _least(each: _Content, language: Language) -> str:
    if not each.minimum:
        return language.gettext("no legal minimum")
    return language.gettext("minimum %(first)s (2031), %(second)s (2036)") % {
        "first": _percent(each.minimum["2031"], language),
        "second": _percent(each.minimum["2036"], language),
    }


def _keys(found: list[_Content], language: Language) -> Iterator[Key]:
    yield Key(language.gettext("Post-consumer"), "post_consumer")
    yield Key(language.gettext("Pre-consumer"), "pre_consumer", "hatch")
    if any(each.minimum for each in found):
        yield Key(language.gettext("Legal minimum from that year"), "limit", line=True)


def _comparable(language: Language) -> str:
    return language.gettext(
        "The minimum of Regulation (EU) 2023/1542, Article 8, is about the active materials of batteries; "
        "the share shown here is of all of the substance in this product."
    )


def _description(found: list[_Content], language: Language) -> str:
    pairs = (
        (each.substance, f"{formats.percent(min(1.0, each.whole), language)} ({_least(each, language)})")
        for each in found
    )
    said = {"list": listed(pairs, language)}
    return language.gettext("Bars of the recycled share of each substance. %(list)s.") % said


def _percent(whole: int, language: Language) -> str:
    return formats.percent(whole / 100, language)
