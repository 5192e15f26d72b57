"""The countries of the map, and pins that do not lie upon each other."""

from __future__ import annotations

import json
import math
import re
from itertools import combinations, pairwise
from pathlib import Path
from string import ascii_uppercase

import pytest

import traceledger
from traceledger.model import countries
from traceledger.pages.map.pins import apart
from traceledger.pages.map.projection import WIDTH, projected
from traceledger.pages.map.shapes import Window, height, point, seen, shapes

FILE = Path(traceledger.__file__).parent / "pages" / "map" / "countries.json"
CODES = [a + b for a in ascii_uppercase for b in ascii_uppercase]


def test_every_country_has_a_point_on_the_map() -> None:
    for code in filter(countries.exists, CODES):
        found = point(code)
        assert found is not None, code
        # Antarctica lies below the map.
        assert 0 <= found[0] <= WIDTH, code
        assert code in ("AQ", "GS", "BV", "HM") or 0 <= found[1] <= height(), code
    assert point("ZZ") is None


def test_it_is_small_and_says_whose_shapes_they_are() -> None:
    assert FILE.stat().st_size < 60_000
    licence = json.loads(FILE.read_text("utf-8"))["licence"]
    assert "Natural Earth" in licence and "ISC" in licence and "no statement" in licence


def test_shapes_stay_on_the_map_and_cross_no_edge() -> None:
    for code, d in shapes().items():
        assert re.fullmatch(r"(M-?\d+ -?\d+l[-\d ]+z)+", d), code
        for ring in re.findall(r"l([^z]*)z", d):
            numbers = list(map(int, re.findall(r"-?\d+", ring)))
            # Nothing at this scale has so long an edge: it would go once around the world.
            assert max(map(abs, numbers)) < 400, code


def test_a_country_is_marked_inside_its_largest_part() -> None:
    """To a unit of the map, of which the whole has 2,000: points are of finer shapes than those drawn.

    Of small islands another one may be the largest then.
    """
    for code, d in shapes().items():
        found, largest = point(code), max(rings(d), key=area)
        if found is not None and area(largest) > 25:
            x, y = found
            around = [(x + dx, y + dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1)]
            assert any(inside(each, largest) for each in around), code


def rings(d: str) -> list[list[tuple[int, int]]]:
    found = []
    for x, y, moves in re.findall(r"M(-?\d+) (-?\d+)l([^z]*)z", d):
        ring = [(int(x), int(y))]
        numbers = list(map(int, re.findall(r"-?\d+", moves)))
        for dx, dy in zip(numbers[::2], numbers[1::2], strict=True):
            ring.append((ring[-1][0] + dx, ring[-1][1] + dy))
        found.append(ring)
    return found


def area(ring: list[tuple[int, int]]) -> float:
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise([*ring, ring[0]]))) / 2


def inside(place: tuple[float, float], ring: list[tuple[int, int]]) -> bool:
    """Whether a line from there to the right crosses the ring an odd number of times."""
    x, y = place
    crossed = [
        a[0] + (y - a[1]) / (b[1] - a[1]) * (b[0] - a[0])
        for a, b in pairwise([*ring, ring[0]])
        if (a[1] > y) != (b[1] > y)
    ]
    return sum(each > x for each in crossed) % 2 == 1


@pytest.mark.parametrize(
    ("code", "longitude", "latitude"),
    (("CD", 25.5, -10.7), ("FI", 23.1, 63.8), ("AU", 115.8, -32.2), ("KR", 129.3, 36.0), ("SG", 103.8, 1.35)),
)
def test_a_place_is_near_its_country(code: str, longitude: float, latitude: float) -> None:
    x, y = projected(longitude, latitude)
    found = point(code)
    assert found is not None
    assert math.dist(found, (x, y)) < 220
    window = Window(x - 30, y - 30, 60, 60)
    assert code == "SG" or code in {each.code for each in seen(window)}


def test_visited_countries_have_a_role_of_their_own() -> None:
    everywhere = Window(0, 0, WIDTH, height())
    roles = {each.code: each.role for each in seen(everywhere, {"CD"})}
    assert roles["CD"] == "visited" and roles["ZM"] == "land" and len(roles) == len(shapes())


@pytest.mark.parametrize("count", (1, 2, 5, 24))
def test_pins_stand_apart_and_inside(count: int) -> None:
    pins = apart([(5.0, 5.0)] * count, 10, (0, 0, 320, 250))
    assert all(math.dist(a, b) >= 19 for a, b in combinations(pins, 2))
    assert all(10 <= x <= 310 and 10 <= y <= 240 for x, y in pins)
    assert pins == apart([(5.0, 5.0)] * count, 10, (0, 0, 320, 250))
