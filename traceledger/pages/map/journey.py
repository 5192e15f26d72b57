"""The journey of a substance as a map: where it was found, made into something, and brought.

The steps are those of ``journeys`` in the document of ``declaration show``. Where nobody recorded where
exactly a place is, it is marked in the middle of its country, and the picture says so.

Example:
    >>> from traceledger.languages import ENGLISH
    >>> mine = {"facility": "a/mine", "facility_name": "Pit 4", "participant": "a", "participant_name": "A",
    ...         "country": "CD", "latitude": None, "longitude": None}
    >>> step = {"step": "origin", "origin": "mined", "process": None, "from": None, "at": mine,
    ...         "first_at": 0, "last_at": 0, "share": 1.0}
    >>> [stop.name for stop in stops([step], ENGLISH)]
    ['Pit 4']
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from traceledger.languages import Language
from traceledger.pages import formats
from traceledger.pages.charts.compose import Sheet, listed
from traceledger.pages.charts.lettering import LINE, cut
from traceledger.pages.charts.marks import WIDE, Curve, Dot, Layout, Line, Mark, Picture, Plane, Table, Text
from traceledger.pages.charts.rows import Arranged
from traceledger.pages.map.pins import Point, apart
from traceledger.pages.map.plane import plane_of
from traceledger.pages.map.projection import projected
from traceledger.pages.map.shapes import point
from traceledger.pages.words import capital, word

MOST_STOPS = 24
"""Beyond so many places, those of a country are one."""
PIN = 10.0
_LEAST_WIDTH = 420.0
_MARGIN = 0.14


@dataclass(frozen=True, slots=True)
class Stop:
    """A place on the way.

    Attributes:
        key: what tells it from others.
        name: its own, or the company's.
        country: ISO 3166-1 alpha-2.
        place: in units of the map; ``None`` where nobody knows.
        exact: whether its coordinates were recorded.
        what: what happened there, in words.
        origin: whether something began there.
        when: first and last time, UTC seconds.
    """

    key: tuple[str, ...]
    name: str
    country: str
    place: Point | None
    exact: bool
    what: tuple[str, ...]
    origin: bool
    when: tuple[int, int]


def journey(
    steps: Sequence[Mapping[str, Any]],
    substance: str,
    language: Language,
    *,
    layout: Layout = WIDE,
    name: str = "journey",
) -> Picture:
    """The map.

    Args:
        steps: of one substance.
        substance: its symbol.
        language: of the words.
        layout: how wide.
        name: begins the ids of the picture.
    """
    title = language.gettext("The journey of %(substance)s") % {"substance": _called(substance, language)}
    found = stops(steps, language)
    sheet = Sheet(layout)
    places = [stop.place for stop in found if stop.place is not None]
    if not places:
        nothing = language.gettext("No place is known where it has been.")
        sheet.words(nothing)
        return sheet.picture(name, title, nothing)
    visited = {stop.country for stop in found if stop.place is not None}
    plane = plane_of(places, visited, layout, least=_LEAST_WIDTH, margin=_MARGIN)
    sheet.put(Arranged(tuple(_drawn(found, steps, plane)), plane.height + 8))
    sheet.put(_listing(found, layout, language, top=sheet.bottom))
    for sentence in _remarks(found, language):
        sheet.words(sentence)
    said = listed(((stop.name, _where(stop, language)) for stop in found), language)
    description = language.gettext("A map with numbered places, joined by what was transported: %(list)s.")
    return replace(sheet.picture(name, title, description % {"list": said}), plane=plane)


def journey_table(steps: Sequence[Mapping[str, Any]], substance: str, language: Language) -> Table:
    """Every step with its place, company, dates and share; none is left out."""
    _ = language.gettext
    rows = tuple(
        (
            _done(step, language),
            _place_name(step["at"]),
            step["at"]["participant_name"],
            formats.country(step["at"]["country"], language),
            formats.date(step["first_at"], language),
            formats.date(step["last_at"], language),
            formats.percent(step["share"], language),
        )
        for step in steps
    )
    share = _("Share of %(substance)s") % {"substance": _called(substance, language)}
    columns = _("What"), _("Place"), _("Company"), _("Country"), _("First"), _("Last"), share
    return Table(columns, rows, frozenset({6}))


def stops(steps: Sequence[Mapping[str, Any]], language: Language) -> list[Stop]:
    """The places of a journey, in the order in which it came to them; by country where they are very many."""
    found = _stops(steps, language, by_country=False)
    return found if len(found) <= MOST_STOPS else _stops(steps, language, by_country=True)


def _stops(steps: Sequence[Mapping[str, Any]], language: Language, *, by_country: bool) -> list[Stop]:
    known: dict[tuple[str, ...], Stop] = {}
    for step in steps:
        for place, begins in ((step["from"], True), (step["at"], False)):
            if place is None:
                continue
            key = _key(place, by_country=by_country)
            new = _stop(key, step, place, language, begins=begins, by_country=by_country)
            old = known.get(key)
            known[key] = new if old is None else _joined(old, new)
    return list(known.values())


def _key(place: Mapping[str, Any], *, by_country: bool) -> tuple[str, ...]:
    return (place["country"],) if by_country else (place["participant"], place["facility"] or "")


def _stop(
    key: tuple[str, ...],
    step: Mapping[str, Any],
    place: Mapping[str, Any],
    language: Language,
    *,
    begins: bool,
    by_country: bool,
) -> Stop:
    exact = place["latitude"] is not None and place["longitude"] is not None and not by_country
    where = projected(place["longitude"], place["latitude"]) if exact else point(place["country"])
    name = formats.country(place["country"], language) if by_country else _place_name(place)
    what = () if step["step"] == "transport" else (_done(step, language),)
    time = step["first_at"] if begins else step["last_at"]
    return Stop(key, name, place["country"], where, exact, what, step["step"] == "origin", (time, time))


def _joined(old: Stop, new: Stop) -> Stop:
    return Stop(
        old.key,
        old.name,
        old.country,
        old.place,
        old.exact,
        tuple(dict.fromkeys((*old.what, *new.what))),
        old.origin or new.origin,
        (min(old.when[0], new.when[0]), max(old.when[1], new.when[1])),
    )


def _place_name(place: Mapping[str, Any]) -> str:
    name: str = place["facility_name"] or place["facility"] or place["participant_name"]
    return name


def _called(substance: str, language: Language) -> str:
    return word(substance, "substance", language)


def _done(step: Mapping[str, Any], language: Language) -> str:
    if step["step"] == "origin":
        return word(step["origin"], "origin", language)
    if step["step"] == "transport":
        return word("transport", "process", language)
    return word(step["process"], "process", language)


def _drawn(found: Sequence[Stop], steps: Sequence[Mapping[str, Any]], plane: Plane) -> Iterator[Mark]:
    numbers = {stop.key: at for at, stop in enumerate(found, 1) if stop.place is not None}
    placed = [stop for stop in found if stop.place is not None]
    places = [plane.pixels(stop.place) for stop in placed if stop.place is not None]
    pins = apart(places, PIN, (0, 0, plane.width, plane.height))
    at = {stop.key: pin for stop, pin in zip(placed, pins, strict=True)}
    for pin, place in zip(pins, places, strict=True):
        if math.dist(pin, place) > PIN * 0.7:
            yield Line(*pin, *place, "leader")
            yield Dot(*place, 2.5, "place")
    by_country = bool(found) and len(found[0].key) == 1
    for start, end in _legs(steps, by_country=by_country):
        if start in at and end in at:
            yield Curve(_arc(at[start], at[end]), "leg", arrow=True)
    for stop in placed:
        pin, kind = at[stop.key], "-origin" if stop.origin else ""
        yield Dot(*pin, PIN, f"pin{kind}")
        yield Text(pin[0], pin[1] + 4.3, str(numbers[stop.key]), f"number{kind}", "middle")


def _legs(
    steps: Sequence[Mapping[str, Any]], *, by_country: bool
) -> dict[tuple[tuple[str, ...], tuple[str, ...]], None]:
    """From place to place, each once."""
    ends = (
        (_key(step["from"], by_country=by_country), _key(step["at"], by_country=by_country))
        for step in steps
        if step["from"] is not None
    )
    return dict.fromkeys((start, end) for start, end in ends if start != end)


def _arc(start: Point, end: Point) -> str:
    """A bow between two pins, from edge to edge."""
    (x1, y1), (x2, y2) = start, end
    far = math.dist(start, end) or 1.0
    bend = 0.16 if far > 4 * PIN else 0.05
    middle = ((x1 + x2) / 2 + (y2 - y1) * bend, (y1 + y2) / 2 - (x2 - x1) * bend)
    first, last = _edge(start, middle, PIN), _edge(end, middle, PIN + 1.5)
    return "M{:.1f} {:.1f}Q{:.1f} {:.1f} {:.1f} {:.1f}".format(*first, *middle, *last)


def _edge(center: Point, toward: Point, radius: float) -> Point:
    far = math.dist(center, toward) or 1.0
    part = min(1.0, radius / far)
    return center[0] + (toward[0] - center[0]) * part, center[1] + (toward[1] - center[1]) * part


def _listing(found: Sequence[Stop], layout: Layout, language: Language, *, top: float) -> Arranged:
    """The numbers and what they mean, in two columns where there is room."""
    columns = 1 if layout.narrow else 2
    room = layout.width / columns - 30 - (0 if layout.narrow else 12)
    line = layout.size * LINE
    each = line * 2 + 8
    lines = math.ceil(len(found) / columns)
    marks: list[Mark] = []
    for number, stop in enumerate(found):
        x = (number // lines) * layout.width / columns
        y = top + (number % lines) * each
        kind = "-origin" if stop.origin else ""
        marks += [
            Dot(x + PIN + 1, y + line, PIN, f"pin{kind}"),
            Text(x + PIN + 1, y + line + 4.3, str(number + 1), f"number{kind}", "middle"),
            Text(x + 30, y + line * 0.85, cut(stop.name, room, layout.size)),
            Text(x + 30, y + line * 1.85, cut(_where(stop, language), room, layout.size), "remark"),
        ]
    return Arranged(tuple(marks), top + lines * each)


def _where(stop: Stop, language: Language) -> str:
    country = formats.country(stop.country, language)
    between = language.gettext("; ")
    done = between.join(stop.what)
    if stop.name == country or not done:
        return capital(done or country)
    return language.gettext("%(name)s: %(figure)s") % {"name": country, "figure": done}


def _remarks(found: Sequence[Stop], language: Language) -> Iterator[str]:
    if any(len(stop.key) == 1 for stop in found):
        yield language.gettext("There are many places; those of one country are shown as one.")
    elif not all(stop.exact for stop in found):
        yield language.gettext(
            "Places whose coordinates nobody recorded stand in the middle of their country."
        )
    unknown = [stop.name for stop in found if stop.place is None]
    if unknown:
        yield language.gettext("Not on the map: %(list)s") % {"list": ", ".join(unknown)}
