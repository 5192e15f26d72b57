"""The countries of the map, and pins that do not lie upon each other."""

from __future__ import annotations

import json
import math
import re
from itertools import combinations
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
