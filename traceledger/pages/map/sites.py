"""Sites on a map: a dot where each lies, or in the middle of its country where nobody recorded where.

Example:
    >>> from traceledger.pages.languages import ENGLISH
    >>> site = {"facility": "a/pit", "name": "Pit 4", "kind": "mine", "country": "CD",
    ...         "latitude": None, "longitude": None}
    >>> sites([site], ENGLISH).title
    'Sites'
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from traceledger.pages import formats
from traceledger.pages.charts.compose import Sheet, listed
from traceledger.pages.charts.marks import WIDE, Dot, Layout, Mark, Picture, Plane, Table, Text
from traceledger.pages.charts.rows import Arranged
from traceledger.pages.languages import Language
from traceledger.pages.map.projection import WIDTH, projected
from traceledger.pages.map.shapes import Window, height, point, seen
from traceledger.pages.words import word

_DOT = 4.5
_SEVERAL = 10.0
_FEW = 320.0
_MARGIN = 0.12
Site = Mapping[str, Any]


def sites(
    found: Sequence[Site], language: Language, *, layout: Layout = WIDE, name: str = "sites"
) -> Picture:
    """The map; arguments as of :func:`traceledger.pages.map.journey.journey`."""
    title, sheet = language.gettext("Sites"), Sheet(layout)
    places = [place for place in map(_place, found) if place is not None]
    if not places:
        nothing = language.gettext("No place is known.")
        sheet.words(nothing)
        return sheet.picture(name, title, nothing)
    plane = _plane(places, {site["country"] for site in found}, layout)
    sheet.put(Arranged(tuple(_dots(found, plane)), plane.height + 8))
    if any(site["latitude"] is None for site in found):
        sheet.words(
            language.gettext("A ring stands in the middle of a country: where exactly is not recorded.")
        )
    countries = Counter(formats.country(site["country"], language) for site in found)
    said = listed(((country, str(count)) for country, count in sorted(countries.items())), language)
    description = language.gettext("A map of the sites; how many by country: %(list)s.") % {"list": said}
    drawn = sheet.picture(name, title, description)
    return Picture(drawn.name, drawn.title, drawn.description, drawn.width, drawn.height, drawn.marks, plane)


def sites_table(found: Sequence[Site], language: Language) -> Table:
    """Each site with its kind, country and place."""
    _ = language.gettext
    rows = tuple(
        (
            site["facility"],
            site["name"],
            word(site["kind"], "facility", language),
            formats.country(site["country"], language),
            _written(site, language),
        )
        for site in found
    )
    return Table((_("Site"), _("Name"), _("Kind"), _("Country"), _("Latitude, longitude")), rows)


def _written(site: Site, language: Language) -> str:
    if site["latitude"] is None:
        return language.gettext("not recorded")
    numbers = (formats.number(site[side], language, decimals=3) for side in ("latitude", "longitude"))
    return "; ".join(numbers)


def _place(site: Site) -> tuple[float, float] | None:
    """In units of the map."""
    if site["latitude"] is None:
        return point(site["country"])
    return projected(site["longitude"], site["latitude"])


def _plane(places: Sequence[tuple[float, float]], visited: set[str], layout: Layout) -> Plane:
    """The part of the map that has all places, with something around them."""
    tall = round(layout.width * (0.8 if layout.narrow else 0.54))
    xs, ys = [x for x, _ in places], [y for _, y in places]
    wide = max(_FEW, (max(xs) - min(xs)) * (1 + 2 * _MARGIN))
    wide = max(wide, (max(ys) - min(ys)) * (1 + 2 * _MARGIN) * layout.width / tall)
    wide = min(wide, WIDTH, height() * layout.width / tall)
    high = wide * tall / layout.width
    left = min(max((min(xs) + max(xs) - wide) / 2, 0), WIDTH - wide)
    top = min(max((min(ys) + max(ys) - high) / 2, 0), height() - high)
    window = (round(left, 1), round(top, 1), round(wide, 1), round(high, 1))
    return Plane(0, 0, layout.width, tall, window, seen(Window(*window), visited))


def _dots(found: Sequence[Site], plane: Plane) -> Iterator[Mark]:
    scale = plane.width / plane.window[2]
    counts = Counter((_place(site), site["latitude"] is not None) for site in found)
    for (place, exact), count in counts.items():
        if place is None:
            continue
        x, y = (place[0] - plane.window[0]) * scale, (place[1] - plane.window[1]) * scale
        if count == 1:
            yield Dot(x, y, _DOT if exact else _DOT + 1.5, "pin-origin" if exact else "pin")
        else:
            yield Dot(x, y, _SEVERAL, "pin-origin" if exact else "pin")
            yield Text(x, y + 4.3, str(count), "number-origin" if exact else "number", "middle")
