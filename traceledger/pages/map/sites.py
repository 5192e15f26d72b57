"""Sites on a map: a dot where each lies, or in the middle of its country where nobody recorded where.

Example:
    >>> from traceledger.languages import ENGLISH
    >>> site = {"facility": "a/pit", "name": "Pit 4", "kind": "mine", "country": "CD",
    ...         "latitude": None, "longitude": None}
    >>> sites([site], ENGLISH).title
    'Sites'
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from traceledger.languages import Language
from traceledger.pages import formats
from traceledger.pages.charts.compose import Sheet, listed
from traceledger.pages.charts.marks import WIDE, Dot, Layout, Mark, Picture, Plane, Table, Text
from traceledger.pages.charts.rows import Arranged
from traceledger.pages.map.plane import plane_of
from traceledger.pages.map.projection import projected
from traceledger.pages.map.shapes import point
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
    visited = {site["country"] for site in found}
    plane = plane_of(places, visited, layout, least=_FEW, margin=_MARGIN)
    sheet.put(Arranged(tuple(_dots(found, plane)), plane.height + 8))
    if any(site["latitude"] is None for site in found):
        sheet.words(
            language.gettext("A ring stands in the middle of a country: where exactly is not recorded.")
        )
    countries = Counter(formats.country(site["country"], language) for site in found)
    said = listed(((country, str(count)) for country, count in sorted(countries.items())), language)
    description = language.gettext("A map of the sites; how many by country: %(list)s.") % {"list": said}
    return replace(sheet.picture(name, title, description), plane=plane)


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


def _dots(found: Sequence[Site], plane: Plane) -> Iterator[Mark]:
    counts = Counter((_place(site), site["latitude"] is not None) for site in found)
    for (place, exact), count in counts.items():
        if place is None:
            continue
        x, y = plane.pixels(place)
        if count == 1:
            yield Dot(x, y, _DOT if exact else _DOT + 1.5, "pin-origin" if exact else "pin")
        else:
            yield Dot(x, y, _SEVERAL, "pin-origin" if exact else "pin")
            yield Text(x, y + 4.3, str(count), "number-origin" if exact else "number", "middle")
