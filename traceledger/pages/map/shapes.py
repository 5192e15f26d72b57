"""The countries of the map: path data of their shapes, and a point in each, by ISO 3166-1 alpha-2 code.

Whatever has no shape at this scale, such as Singapore, has a point. Boundaries are those of Natural Earth,
which draws who governs a place, and are no statement about whose it is.

Example:
    >>> "SG" in shapes(), point("SG") == point("ZZ")
    (False, False)
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from markupsafe import Markup

from traceledger.languages import ENGLISH
from traceledger.pages.charts.marks import Land, Picture
from traceledger.pages.environment import render

_FILE = Path(__file__).with_name("countries.json")
_RING = re.compile(r"M(-?\d+) (-?\d+)l([^z]*)z")
_NUMBER = re.compile(r"-?\d+")


@dataclass(frozen=True, slots=True)
class Window:
    """A rectangle of the map, in its units."""

    x: float
    y: float
    width: float
    height: float

    def meets(self, other: Window) -> bool:
        """Whether they have something in common."""
        beside = self.x + self.width < other.x or other.x + other.width < self.x
        return not beside and self.y <= other.y + other.height and other.y <= self.y + self.height


@cache
def _data() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(_FILE.read_text("utf-8"))
    return loaded


def height() -> int:
    """How far down the map goes."""
    found: int = _data()["height"]
    return found


def shapes() -> Mapping[str, str]:
    """Path data by code; the empty code has what no country of ISO 3166-1 is."""
    found: Mapping[str, str] = _data()["shapes"]
    return found


def point(code: str) -> tuple[float, float] | None:
    """Where a country is marked; ``None`` where the code is no country's."""
    found = _data()["points"].get(code)
    return None if found is None else (found[0], found[1])


def seen(window: Window, visited: Iterable[str] = ()) -> tuple[Land, ...]:
    """The shapes that reach into a window; those of visited countries have their own role."""
    there = set(visited)
    return tuple(
        Land(code or "other", d, "visited" if code in there else "land")
        for code, d in shapes().items()
        if _extent(code).meets(window)
    )


def land(pictures: Iterable[Picture]) -> Markup:
    """The shapes of several maps of a page, once: what their ``svg(…, shared_land=True)`` refers to."""
    needed = {each.code: each for picture in pictures if picture.plane for each in picture.plane.land}
    return render("charts/land.svg", ENGLISH, shapes=[needed[code] for code in sorted(needed)])


@cache
def _extent(code: str) -> Window:
    xs: list[int] = []
    ys: list[int] = []
    for x, y, moves in _RING.findall(shapes()[code]):
        at = [int(x), int(y)]
        numbers = list(map(int, _NUMBER.findall(moves)))
        for dx, dy in [(0, 0), *zip(numbers[::2], numbers[1::2], strict=True)]:
            at = [at[0] + dx, at[1] + dy]
            xs.append(at[0])
            ys.append(at[1])
    return Window(min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys))
