"""Pictures say what their documents say, whoever named what is in them, however much it is."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest

from tests.pages import pictures as made
from tests.pages.pictures import HOSTILE, LAYOUTS, SVG, drawn, milligrams, outside, shows, texts
from traceledger.languages import ENGLISH, LANGUAGES, Language, language
from traceledger.pages.charts import bars
from traceledger.pages.charts.differences import differences, differences_table
from traceledger.pages.charts.emissions import emissions, emissions_table
from traceledger.pages.charts.figure import figure
from traceledger.pages.charts.lettering import cut, width, wrapped
from traceledger.pages.charts.lineage import MOST_NODES, lineage, lineage_table, nodes
from traceledger.pages.charts.marks import NARROW, WIDE, Bar, Layout, Picture, Text
from traceledger.pages.charts.recycled import recycled, recycled_table
from traceledger.pages.charts.svg import svg
from traceledger.pages.charts.waterfall import waterfall, waterfall_table
from traceledger.pages.environment import ABSENT
from traceledger.pages.map.journey import journey, journey_table

STAGES = {"main_production": (3 * 10**9, 14 * 10**9), "raw_material_acquisition": (2 * 10**9, 0)}
DIFFERENCE = {
    "participant": "kokkola",
    "facility": "kokkola/plant",
    "material": "cobalt-hydroxide",
    "throughput_mg": "8000000000",
}


def everything(name: str) -> list[tuple[Callable[..., Picture], tuple[Any, ...]]]:
    """Each picture, with what it is drawn of; texts of others are ``name``."""
    footprint = made.footprint(STAGES, places={name: 17 * 10**9, "b": 2 * 10**9}, batch=f"oem/{name}")
    figures = made.year(10**9, 2 * 10**9, 3 * 10**9)
    report = made.emissions({name: (figures, figures)}, participant=name, product=name)
    parts = {"post_consumer": 0.2, "pre_consumer": 0.1}
    substance = {"recycled_content": parts, "recycled_minimum_percent": {"2031": 16, "2036": 26}}
    origins = [{"country": "CD", "origin": "mined", "share": 1.0}]
    mine, plant = made.place(name, "CD"), made.place(f"{name}2", "FI", at=(63.8, 23.1))
    steps = [made.step("origin", mine), made.step("transport", plant, mine), made.step("run", plant)]
    booked = DIFFERENCE | {"substance": name, "year": 2026, "net_mg": "-20000000"}
    return [
        (waterfall, (footprint,)),
        (bars.facilities, (footprint,)),
        (bars.processes, (footprint,)),
        (bars.countries, (origins, "Co")),
        (recycled, ({"substances": {name: substance}},)),
        (emissions, (report,)),
        (differences, ([booked],)),
        (journey, (steps, name)),
        (lineage, (made.lineage([[], [0], [0, 1]], name=name),)),
    ]


@pytest.mark.parametrize("layout", LAYOUTS, ids=("wide", "narrow"))
@pytest.mark.parametrize("name", ("mine", *HOSTILE))
def test_any_name_stays_text_within_the_picture(name: str, layout: Layout) -> None:
    for draw, arguments in everything(name):
        picture = draw(*arguments, ENGLISH, layout=layout)
        root = drawn(picture, ENGLISH)
        assert not outside(root), draw
        for mark in picture.marks:
            if isinstance(mark, Text):
                wide = width(mark.text, layout.size)
                left = mark.x - {"start": 0, "middle": wide / 2, "end": wide}[mark.anchor]
                assert left >= -0.5, (draw, mark)
                assert left + wide <= picture.width + 0.5, (draw, mark)
            if isinstance(mark, Bar):
                assert mark.width >= 0 <= mark.x <= picture.width + 0.5


@pytest.mark.parametrize("spoken", LANGUAGES, ids=lambda each: each.code)
def test_it_is_described(spoken: Language) -> None:
    for draw, arguments in everything("mine"):
        root = drawn(draw(*arguments, spoken, name="one"), spoken)
        assert root.get("role") == "img"
        assert root.get("lang") == spoken.code
        title, description = (root.find(f"{SVG}{each}") for each in ("title", "desc"))
        assert title is not None and title.text
        assert description is not None and description.text
        assert (
            root.get("aria-labelledby")
            == f"{title.get('id')} {description.get('id')}"
            == "one-title one-desc"
        )


def test_ids_of_two_pictures_differ() -> None:
    (draw, arguments), *_ = everything("mine")
    one, other = (drawn(draw(*arguments, ENGLISH, name=name), ENGLISH) for name in ("a", "b"))
    ids = [element.get("id") for root in (one, other) for element in root.iter() if element.get("id")]
    assert len(ids) == len(set(ids)) == 12


def test_a_figure_in_a_page_has_no_style_of_its_own() -> None:
    footprint = made.footprint(STAGES)
    shown = figure(waterfall, waterfall_table, footprint, language=ENGLISH, name="footprint")
    root = ET.fromstring(f"<div>{shown}</div>")
    assert [root.findall(f".//{SVG}{tag}") for tag in ("style", "script")] == [[], []]
    assert not [element for element in root.iter() if element.get("style")]
    assert len(root.findall(f".//{SVG}svg[@role='img']")) == 2
    cells = [cell.text for cell in root.findall(".//tbody/tr/td")]
    assert cells == [cell for row in waterfall_table(footprint, ENGLISH).rows for cell in row]


@pytest.mark.parametrize("code", ("en", "de", "fr", "zh-Hans"))
def test_the_waterfall_has_the_numbers_of_the_document(code: str) -> None:
    spoken = language(code)
    document = made.footprint(STAGES | {"distribution": (0, 0), "not_assigned": (4_500_000, 1)})
    figures = list(texts(drawn(waterfall(document, spoken), spoken), "figure"))
    expected = [5 * 10**9 - 3 * 10**9, 17 * 10**9, 0, 4_500_001, 19_004_500_001]
    assert all(shows(*each, spoken) for each in zip(figures, expected, strict=True))
    total = sum(milligrams(each, spoken)[0] for each in figures[:-1])
    assert total == pytest.approx(milligrams(figures[-1], spoken)[0], rel=1e-3)


def test_a_restated_footprint_says_both_totals_and_the_change() -> None:
    document = made.footprint(STAGES)
    document["co2e"]["restated"] = {
        "total_mg": "18500000000",
        "own_by_stage": {"main_production": "13500000000", "raw_material_acquisition": "0"},
    }
    figures = list(texts(drawn(waterfall(document, ENGLISH), ENGLISH), "figure"))
    assert [milligrams(each, ENGLISH)[0] for each in figures[-3:]] == [19 * 10**9, -5 * 10**8, 185 * 10**8]
    assert waterfall_table(document, ENGLISH).rows[-1][1:] == ("5\u00a0t", "13.5\u00a0t", "18.5\u00a0t")


def test_negative_amounts_lie_on_the_other_side_of_zero() -> None:
    document = made.footprint({"main_production": (0, 5 * 10**9), "end_of_life": (-2 * 10**9, 0)})
    picture = waterfall(document, ENGLISH)
    for mark in picture.marks:
        if isinstance(mark, Bar):
            assert 0 < mark.width <= WIDE.width
    figures = list(texts(drawn(picture, ENGLISH), "figure"))
    assert [milligrams(each, ENGLISH)[0] for each in figures] == [5 * 10**9, -2 * 10**9, 3 * 10**9]


def test_the_smallest_of_forty_are_summed_and_counted() -> None:
    places = {f"site-{at:02}": (at + 1) * 10**9 for at in range(40)}
    picture = bars.facilities(made.footprint({}, places=places), ENGLISH)
    root = drawn(picture, ENGLISH)
    figures = [milligrams(each, ENGLISH)[0] for each in texts(root, "figure")]
    assert len(figures) == 12
    assert sum(figures) == sum(places.values())
    assert "29 others, summed" in list(texts(root))
    assert len(bars.facility_table(made.footprint({}, places=places), ENGLISH).rows) == 41


@pytest.mark.parametrize("layout", LAYOUTS, ids=("wide", "narrow"))
def test_nothing_is_said_in_words(layout: Layout) -> None:
    nothing = made.footprint({"main_production": (0, 0)})
    year = made.emissions({"plant": (made.year(0, 0, 0), made.year(0, 0, 0))})
    for picture in (
        waterfall(nothing, ENGLISH, layout=layout),
        bars.facilities(nothing, ENGLISH, layout=layout),
        bars.countries([], "Co", ENGLISH, layout=layout),
        recycled({"substances": {}}, ENGLISH, layout=layout),
        emissions(year, ENGLISH, layout=layout),
        differences([], ENGLISH, layout=layout),
        journey([], "Co", ENGLISH, layout=layout),
    ):
        said = " ".join(texts(drawn(picture, ENGLISH), "remark"))
        assert said == picture.description
        assert not any(isinstance(mark, Bar) for mark in picture.marks)


def test_emissions_sum_by_scope_and_name_their_target() -> None:
    figures = {f"plant-{at}": (made.year(at, at, at), made.year(10**9, at * 10**9, 0)) for at in range(15)}
    target = {"measure": "absolute", "base_year": 2025, "target_year": 2030, "percent": 50.0}
    amounts = {"base_mg": "200000000000", "allowed_mg": "180000000000", "actual_mg": "120000000000"}
    document = made.emissions(figures, target=target | amounts | {"reached": True})
    root = drawn(emissions(document, ENGLISH), ENGLISH)
    found = [milligrams(each, ENGLISH)[0] for each in texts(root, "figure")]
    assert found[:2] == [315, 120 * 10**9]
    assert sum(found[2:14]) == 120 * 10**9
    assert found[14:] == [200 * 10**9, 120 * 10**9, 100 * 10**9]
    assert "It is on the path." in list(texts(root))
    rows = emissions_table(document, ENGLISH).rows
    assert len(rows) == 2 * 16


@pytest.mark.parametrize("missing", ("base_mg", "actual_mg"))
def test_a_target_without_figures_says_that_nothing_can_be_said(missing: str) -> None:
    figures = made.year(1, 2, 3)
    target = {"measure": "product", "base_year": 2025, "target_year": 2030, "percent": 50.0}
    amounts = {"base_mg": "2", "allowed_mg": None, "actual_mg": "1", "reached": None}
    document = made.emissions({"a": (figures, figures)}, target=target | amounts | {missing: None})
    assert any("nothing can be said" in each for each in texts(drawn(emissions(document, ENGLISH), ENGLISH)))


def test_differences_of_a_year_are_netted_and_keep_their_sign() -> None:
    rows = [
        DIFFERENCE | {"substance": "Co", "year": year, "net_mg": str(mg)}
        for year, mg in ((2025, 5_000_000), (2025, -7_000_000), (2026, 3_000_000))
    ]
    figures = list(texts(drawn(differences(rows, ENGLISH), ENGLISH), "figure"))
    assert [milligrams(each, ENGLISH)[0] for each in figures] == [-2_000_000, 3_000_000]
    assert [row[4] for row in differences_table(rows, ENGLISH).rows] == [
        "+5\u00a0kg",
        "-7\u00a0kg",
        "+3\u00a0kg",
    ]


def test_recycled_content_stands_beside_both_minimums() -> None:
    parts = {"post_consumer": 0.18, "pre_consumer": 0.02}
    said = {"recycled_content": parts, "recycled_minimum_percent": {"2031": 16, "2036": 26}}
    document = {"substances": {"Co": said, "C": {"recycled_content": parts}}}
    found = list(texts(drawn(recycled(document, ENGLISH), ENGLISH)))
    assert "minimum 16% (2031), 26% (2036)" in found
    assert "no legal minimum" in found
    assert [row[3:] for row in recycled_table(document, ENGLISH).rows] == [
        ("20%", "16%", "26%"),
        ("20%", ABSENT, ABSENT),
    ]


def test_untraced_origins_are_of_no_country() -> None:
    origins = [
        {"country": "CD", "origin": "mined", "share": 0.25},
        {"country": "CD", "origin": "mined", "share": 0.5},
        {"country": "", "origin": "untraced", "share": 0.25},
    ]
    rows = bars.country_table(origins, "Co", ENGLISH).rows
    assert rows == (("Congo - Kinshasa", "75%"), ("Nobody knows: untraced", "25%"))


class TestLineage:
    """A lineage by batches, then by groups of them."""

    CHAIN = staticmethod(lambda count: [[at - 1] if at else [] for at in range(count)])

    @pytest.mark.parametrize("layout", LAYOUTS, ids=("wide", "narrow"))
    def test_every_batch_is_there(self, layout: Layout) -> None:
        document = made.lineage(self.CHAIN(MOST_NODES))
        root = drawn(lineage(document, ENGLISH, layout=layout), ENGLISH)
        figures = [milligrams(each, ENGLISH)[0] for each in texts(root, "figure")]
        assert figures == [(at + 1) * 10**6 for at in range(MOST_NODES)]

    @pytest.mark.parametrize(("sites", "way"), ((3, "facility"), (400, "country")))
    def test_a_large_one_is_grouped_and_says_so(self, sites: int, way: str) -> None:
        document = made.lineage(self.CHAIN(500), sites=sites)
        found, by = nodes(document, ENGLISH)
        assert by == way
        counts = [int(node.figure.split()[0]) for node in found]
        assert sum(counts) == 500
        picture = lineage(document, ENGLISH)
        assert any(each.startswith(f"500 batches, drawn by {way}") for each in texts(drawn(picture, ENGLISH)))
        assert len(lineage_table(document, ENGLISH).rows) == 500

    def test_what_was_made_of_something_stands_below_it(self) -> None:
        document = made.lineage([[], [], [0], [0, 1], [2, 3]])
        root = drawn(lineage(document, ENGLISH, layout=NARROW), ENGLISH)
        names = [each for each in texts(root) if each.startswith("B-")]
        order = [names.index(f"B-{at}") for at in range(5)]
        for at, parents in enumerate([[], [], [0], [0, 1], [2, 3]]):
            assert all(order[parent] < order[at] for parent in parents)


class TestJourney:
    """Places and what was brought from one to another."""

    def test_every_place_has_its_number_twice(self) -> None:
        places = [made.place(f"site {at}", code) for at, code in enumerate(("CD", "CD", "SG", "XK", "FJ"))]
        steps = [made.step("origin", places[0])]
        steps += [made.step("transport", b, a) for a, b in pairwise(places)]
        picture = journey(steps, "Co", ENGLISH)
        root = drawn(picture, ENGLISH)
        numbers = [*texts(root, "number"), *texts(root, "number-origin")]
        assert sorted(numbers) == sorted(2 * [str(at) for at in range(1, 6)])
        assert sum("marker-end" in element.attrib for element in root.iter()) == 4
        assert len(journey_table(steps, "Co", ENGLISH).rows) == 5

    def test_a_country_that_is_none_is_said_not_to_be_on_the_map(self) -> None:
        steps = [made.step("origin", made.place("here", "CD")), made.step("run", made.place("nowhere", ""))]
        assert "Not on the map: nowhere" in list(texts(drawn(journey(steps, "Co", ENGLISH), ENGLISH)))

    def test_many_places_are_shown_by_country(self) -> None:
        codes = ("CD", "ZM", "FI")
        steps = [made.step("run", made.place(f"p{at}", codes[at % 3])) for at in range(60)]
        root = drawn(journey(steps, "Co", ENGLISH), ENGLISH)
        assert len(list(texts(root, "number"))) == 6
        assert "There are many places; those of one country are shown as one." in list(texts(root))

    def test_maps_of_a_page_share_their_countries(self) -> None:
        from traceledger.pages.map.shapes import land

        steps = [made.step("origin", made.place("here", "CD"))]
        picture = journey(steps, "Co", ENGLISH)
        shared, alone = (svg(picture, ENGLISH, shared_land=each) for each in (True, False))
        assert len(shared) < len(alone) / 2
        root, defined = ET.fromstring(shared), ET.fromstring(land([picture]))
        ids = {element.get("id") for element in defined.iter() if element.get("id")}
        used = {element.get("href", "")[1:] for element in root.iter(f"{SVG}use")}
        assert "land-CD" in used <= ids


class TestLettering:
    """Text is measured without a font, and cut where a reader would cut it."""

    @pytest.mark.parametrize("text", HOSTILE)
    @pytest.mark.parametrize("room", (20, 60, 300))
    def test_it_has_room(self, text: str, room: int) -> None:
        for line in (cut(text, room, 13), *wrapped(text, room, 13)):
            assert width(line, 13) <= room

    def test_letters_keep_their_marks(self) -> None:
        shown = cut("e\u0323\u0301" * 40, 100, 13)
        assert shown.endswith("e\u0323\u0301…")

    def test_what_has_room_is_left_alone(self) -> None:
        assert cut("Kolwezi", 100, 13) == "Kolwezi"
        assert wrapped("", 100, 13) == ()
