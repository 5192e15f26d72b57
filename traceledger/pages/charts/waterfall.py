"""A footprint as a waterfall: stage upon stage, own and inherited apart, up to what it is in all.

Example:
    >>> from traceledger.languages import ENGLISH
    >>> stages = {"main_production": "3000000", "raw_material_acquisition": "1000000"}
    >>> co2e = {"total_mg": "4000000", "own_mg": "3000000", "inherited_mg": "1000000", "by_stage": stages}
    >>> co2e["own_by_stage"] = {"main_production": "3000000", "raw_material_acquisition": "0"}
    >>> table = waterfall_table({"batch": "a/B", "co2e": co2e}, ENGLISH)
    >>> [row[-1].replace(chr(0xA0), " ") for row in table.rows]
    ['1 kg', '3 kg', '4 kg']
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from traceledger.languages import Language
from traceledger.pages.charts.compose import Sheet, amount, listed
from traceledger.pages.charts.marks import WIDE, Layout, Picture, Table
from traceledger.pages.charts.rows import Key, Row, Span
from traceledger.pages.word_tables import WORDS
from traceledger.pages.words import capital, word


@dataclass(frozen=True, slots=True)
class _Stage:
    """A stage's CO2e, mg; ``own`` is the part of it that was recorded of the batch itself."""

    name: str
    inherited: int
    own: int

    @property
    def whole(self) -> int:
        return self.inherited + self.own


@dataclass(frozen=True, slots=True)
class _Footprint:
    """What the picture is of; ``known``: all of it with what is known better since, ``None``: nothing is."""

    batch: str
    stages: tuple[_Stage, ...]
    recorded: _Stage
    known: _Stage | None

    @property
    def change(self) -> int:
        return self.known.whole - self.recorded.whole if self.known else 0


def waterfall(
    document: dict[str, Any], language: Language, *, layout: Layout = WIDE, name: str = "waterfall"
) -> Picture:
    """The footprint in a document of ``footprint``, ``trace`` or ``declaration``.

    Args:
        document: as ``--json`` prints it.
        language: of the words.
        layout: how wide.
        name: begins the ids of the picture.
    """
    found = _read(document, language)
    sheet = Sheet(layout)
    if not found.recorded.whole and not found.change:
        sheet.words(language.gettext("No CO2e was recorded."))
        return sheet.picture(name, _title(found, language), language.gettext("No CO2e was recorded."))
    sheet.legend(_keys(found, language))
    sheet.bars(list(_rows(found, language)))
    return sheet.picture(name, _title(found, language), _description(found, language))


def waterfall_table(document: dict[str, Any], language: Language) -> Table:
    """The same as rows: of each stage what is inherited, own, and both."""
    found = _read(document, language)
    rows = [_cells(stage, language) for stage in (*found.stages, found.recorded)]
    if found.known is not None:
        rows.append((language.gettext("Restated since"), "", "", _signed(found.change, language)))
        rows.append(_cells(found.known, language))
    _ = language.gettext
    columns = _("Life-cycle stage"), _("Inherited CO2e"), _("Own CO2e"), _("CO2e")
    return Table(columns, tuple(rows), frozenset({1, 2, 3}))


def _cells(stage: _Stage, language: Language) -> tuple[str, ...]:
    figures = (amount(each, language) for each in (stage.inherited, stage.own, stage.whole))
    return stage.name, *figures


def _read(document: dict[str, Any], language: Language) -> _Footprint:
    _ = language.gettext
    co2e = document["co2e"]
    own = co2e["own_by_stage"]
    stages = tuple(
        _Stage(
            capital(word(slug, "stage", language)),
            int(co2e["by_stage"][slug]) - int(own[slug]),
            int(own[slug]),
        )
        for slug in _ordered(co2e["by_stage"])
    )
    whole = int(co2e["inherited_mg"]), int(co2e["own_mg"])
    if "restated" not in co2e:
        return _Footprint(document["batch"], stages, _Stage(_("In all"), *whole), None)
    better = co2e["restated"]
    own_now = sum(map(int, better["own_by_stage"].values()))
    known = _Stage(_("In all, as known now"), int(better["total_mg"]) - own_now, own_now)
    return _Footprint(document["batch"], stages, _Stage(_("In all, as recorded"), *whole), known)


def _ordered(stages: dict[str, str]) -> list[str]:
    """In the order of a life; a document has them by name."""
    order = list(WORDS["stage"])
    return sorted(stages, key=lambda slug: (order.index(slug) if slug in order else len(order), slug))


def _rows(found: _Footprint, language: Language) -> Iterator[Row]:
    reached = 0
    for stage in found.stages:
        spans = _spans(reached, stage)
        reached += stage.whole
        yield Row(stage.name, amount(stage.whole, language), spans, step=reached)
    recorded, known = found.recorded, found.known
    step = None if known is None else recorded.whole
    yield Row(recorded.name, amount(recorded.whole, language), _spans(0, recorded), role="total", step=step)
    if known is None:
        return
    change = Span(recorded.whole, known.whole, "more" if found.change > 0 else "less", "cross")
    yield Row(
        language.gettext("Restated since"), _signed(found.change, language), (change,), step=known.whole
    )
    yield Row(known.name, amount(known.whole, language), _spans(0, known), role="total")


def _spans(begin: int, stage: _Stage) -> tuple[Span, ...]:
    middle = begin + stage.inherited
    return Span(begin, middle, "inherited", "hatch"), Span(middle, middle + stage.own, "own")


def _keys(found: _Footprint, language: Language) -> Iterator[Key]:
    shown = found.known or found.recorded
    figure = {"amount": amount(shown.inherited, language)}
    yield Key(language.gettext("Inherited from what went into it: %(amount)s") % figure, "inherited", "hatch")
    yield Key(language.gettext("Its own: %(amount)s") % {"amount": amount(shown.own, language)}, "own")


def _title(found: _Footprint, language: Language) -> str:
    return language.gettext("CO2e of %(batch)s by life-cycle stage") % {"batch": found.batch}


def _description(found: _Footprint, language: Language) -> str:
    pairs = [(stage.name, amount(stage.whole, language)) for stage in found.stages]
    said = language.gettext(
        "A waterfall of CO2e from stage to stage. %(stages)s. In all %(total)s, of which %(inherited)s are "
        "inherited from what went into it and %(own)s are its own."
    ) % {
        "stages": listed(pairs, language),
        "total": amount(found.recorded.whole, language),
        "inherited": amount(found.recorded.inherited, language),
        "own": amount(found.recorded.own, language),
    }
    if found.known is None:
        return said
    known = language.gettext("Restated since by %(change)s to %(known)s.") % {
        "change": _signed(found.change, language),
        "known": amount(found.known.whole, language),
    }
    return f"{said} {known}"


def _signed(milligrams: int, language: Language) -> str:
    return f"{'+' if milligrams > 0 else ''}{amount(milligrams, language)}"
