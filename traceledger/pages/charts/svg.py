"""Pictures as SVG: inside a page, where its style sheet colours them, or as a file that stands alone.

Example:
    >>> from traceledger.pages.charts.marks import Picture
    >>> from traceledger.languages import ENGLISH
    >>> empty = Picture("none", "Nothing", "There is nothing to show.", 320, 40, ())
    >>> svg(empty, ENGLISH).splitlines()[1]
    Markup('<title id="none-title">Nothing</title>')
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from functools import cache
from typing import Any

from markupsafe import Markup

from traceledger.languages import Language
from traceledger.pages.charts.lettering import wrapped
from traceledger.pages.charts.marks import Mark, Picture, Text
from traceledger.pages.environment import render
from traceledger.pages.frame import pictures_sheet, stylesheet

_MARGIN = 20
_TITLE = 17
_TITLE_LINE = 22
_PROPERTY = re.compile(r"--([\w-]+):\s*([^;]+);")
_USED = re.compile(r"var\(--([\w-]+)")


@dataclass(frozen=True, slots=True)
class _Sheet:
    """What is seen of a picture's plane, and the title on it; pixels."""

    x: float
    y: float
    width: float
    height: float
    title: tuple[Text, ...] = ()


def svg(
    picture: Picture, language: Language, *, standalone: bool = False, shared_land: bool = False
) -> Markup:
    """The picture.

    Args:
        picture: what is drawn.
        language: of its words.
        standalone: a file of its own, with a title that is seen, its colours and its background inside.
        shared_land: of a map, its countries stand elsewhere in the page: ``map.shapes.land``.
    """
    sheet = (
        _with_title(picture) if standalone else _Sheet(0, 0, _short(picture.width), _short(picture.height))
    )
    marks = tuple(_rounded(mark) for mark in picture.marks)
    return render(
        "charts/picture.svg",
        language,
        picture=replace(picture, marks=marks),
        id=picture.name,
        sheet=sheet,
        standalone=standalone,
        shared_land=shared_land,
        style=standalone_style() if standalone else "",
    )


def _with_title(picture: Picture) -> _Sheet:
    lines = wrapped(picture.title, picture.width / 1.1, _TITLE, most=3)
    above = _TITLE_LINE * len(lines) + 12
    title = tuple(Text(0, _TITLE_LINE * (at + 1) - above - 4, line) for at, line in enumerate(lines))
    return _Sheet(
        -_MARGIN,
        -above - _MARGIN,
        _short(picture.width + 2 * _MARGIN),
        _short(picture.height + above + 2 * _MARGIN),
        title,
    )


def _rounded(mark: Mark) -> Mark:
    """With places to a tenth of a pixel: more would only be longer."""
    numbers: dict[str, Any] = {each.name: getattr(mark, each.name) for each in fields(mark)}
    changed: Any = {name: _short(each) for name, each in numbers.items() if isinstance(each, float)}
    rounded: Mark = replace(mark, **changed)
    return rounded


def _short(number: float) -> float:
    near = round(number, 1)
    return int(near) if near == int(near) else near


@cache
def standalone_style() -> Markup:
    """Rules for pictures, and of the style sheet of pages the colours that they use, light and dark."""
    light, _, rest = stylesheet().partition("@media (prefers-color-scheme: dark)")
    dark = rest.partition("@media")[0]
    rules = pictures_sheet()
    used = set(_USED.findall(rules))
    day, night = (" ".join(_properties(part, used)) for part in (light, dark))
    # Ours, and XML holds none of it for a tag.
    night = f"@media (prefers-color-scheme: dark) {{ :root {{ {night} }} }}"
    return Markup(f":root {{ {day} }}\n{night}\n{rules}")  # noqa: S704


def _properties(sheet: str, used: set[str]) -> Iterator[str]:
    values: dict[str, str] = {}
    for name, value in _PROPERTY.findall(sheet):
        if name in used:
            # The first one is of all languages, later ones of some.
            values.setdefault(name, value)
    yield from (f"--{name}: {value};" for name, value in values.items())
