"""The pictures of a declaration: inside its page, laid out for wide and for narrow screens, and as files.

Example:
    >>> NAMES["footprint"]
    'co2e-by-stage'
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from markupsafe import Markup

from traceledger.languages import Language
from traceledger.pages.charts.marks import NARROW, WIDE, Layout, Picture
from traceledger.pages.charts.recycled import recycled
from traceledger.pages.charts.svg import svg
from traceledger.pages.charts.waterfall import waterfall
from traceledger.pages.declaration import used
from traceledger.pages.environment import render
from traceledger.pages.map.journey import journey
from traceledger.pages.map.shapes import land
from traceledger.pages.published import NO_PICTURE, Pictures

NAMES = {"footprint": "co2e-by-stage", "recycled": "recycled-content", "journey": "journey"}
"""What files of pictures are called, without language and ending."""
Draw = Callable[[Layout, str], Picture]


def pictures_of(document: Mapping[str, Any], language: Language) -> tuple[Pictures, dict[str, str]]:
    """The pictures of a page, and the same as files by name."""
    read = {**document, "co2e": _declared(document)}
    files: dict[str, str] = {}
    drawn: list[Picture] = []

    def file(name: str) -> str:
        return f"{name}.{language.code}.svg"

    def put(name: str, draw: Draw, *, shared_land: bool = False) -> Markup:
        both = [draw(layout, f"{name}-{at}") for at, layout in enumerate((WIDE, NARROW))]
        drawn.extend(both)
        files[file(name)] = str(svg(both[0], language, standalone=True))
        return _inside(both, language, shared_land=shared_land)

    def stages(layout: Layout, name: str) -> Picture:
        return waterfall(read, language, layout=layout, name=name)

    def content(layout: Layout, name: str) -> Picture:
        return recycled(read, language, layout=layout, name=name)

    footprint = put(NAMES["footprint"], stages)
    bars = put(NAMES["recycled"], content) if document["substances"] else NO_PICTURE
    maps, beside = {}, {}
    for at, (substance, steps) in enumerate(document["journeys"].items()):

        def travels(layout: Layout, name: str, steps: Any = steps, substance: str = substance) -> Picture:
            return journey(steps, substance, language, layout=layout, name=name)

        numbered = f"{NAMES['journey']}-{at + 1}"
        maps[substance], beside[substance] = put(numbered, travels, shared_land=True), file(numbered)
    return Pictures(footprint, bars, land(drawn) if maps else NO_PICTURE, maps, beside), files


def _declared(document: Mapping[str, Any]) -> dict[str, Any]:
    """The footprint that the page declares, by itself: what was recorded before is told in words."""
    whole = used(document)
    return {name: whole[name] for name in ("total_mg", "own_mg", "inherited_mg", "by_stage", "own_by_stage")}


def _inside(both: list[Picture], language: Language, *, shared_land: bool = False) -> Markup:
    wide, narrow = (svg(each, language, shared_land=shared_land) for each in both)
    return render("declaration/picture.html", language, title=both[0].title, wide=wide, narrow=narrow)
