"""The declaration as a page: every number of it is that of the trace, in the language's own format."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.pages.reading import Page
from traceledger.client.client import connect
from traceledger.declaration import declare
from traceledger.documents import declarations, traces
from traceledger.languages import ENGLISH, LANGUAGES, Language, language
from traceledger.pages import formats
from traceledger.pages.declaration import used
from traceledger.pages.published import FunctionalUnit
from traceledger.pages.publishing import Proved, Publication, folder_of
from traceledger.pages.site import LIMIT
from traceledger.pages.word_tables import WORDS
from traceledger.pages.words import word

Document = dict[str, Any]
SECTIONS = [
    "In four figures",
    "Carbon footprint by life-cycle stage",
    "From origin to product",
    "Recycled content beside the legal minimum",
    "Who took part",
    "What was put right on the way",
    "What is not known",
    "How to check it",
    "Downloads",
    "Method and sources",
]
"""In the order in which a reader meets them."""


@pytest.fixture(scope="session")
def told(example: Path) -> dict[str, tuple[Document, Document]]:
    """Of two cars of the example the declaration and the trace."""
    found = {}
    with connect(config=example / "networks.toml") as client:
        client.sync()
        for name in ("oem/VIN-1", "oem/VIN-3"):
            declared = declarations.declaration(declare(client.index, client.batch_id(name)))
            found[name] = json.loads(json.dumps((declared, traces.trace(client.trace(name)))))
    return found


def page(document: Document, spoken: Language, **how: Any) -> Page:
    made = folder_of(document, Publication(languages=(spoken,), **how))
    return Page(made.files["index.html"])


def plain(text: str) -> str:
    return " ".join(text.split())


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


@pytest.mark.parametrize("code", [each.code for each in LANGUAGES])
@pytest.mark.parametrize("name", ["oem/VIN-1", "oem/VIN-3"])
def test_every_figure_is_that_of_the_trace(
    told: dict[str, tuple[Document, Document]], name: str, code: str
) -> None:
    document, trace = told[name]
    spoken = language(code)
    read = page(document, spoken, url="https://cars.example", kwh=None)
    whole = trace["co2e"].get("restated", trace["co2e"])

    _four_figures(read, trace, whole, spoken)
    _stages(read, trace, whole, spoken)
    _breakdowns(read, whole, spoken)
    _recycled(read, trace, spoken)
    for value, shown in read.figures:
        assert shown in forms(value, spoken), (value, shown)


def forms(value: str, spoken: Language) -> set[str]:
    """How a value may be written: in the language's format of its kind."""
    number = float(value)
    found = {plain(formats.percent(value, spoken))} if number <= 1 else set()
    if "." not in value and "e" not in value:
        found |= {"0"} if not int(value) else set()
        found |= {plain(formats.mass(value, spoken)), plain(formats.co2e(value, spoken))}
        found |= {plain(f"{formats.co2e(value, spoken, digits=3)}/{unit}") for unit in ("kg", "kWh")}
    return found


def _four_figures(read: Page, trace: Document, whole: Document, spoken: Language) -> None:
    shown = dict(read.figures)
    total, primary = int(whole["total_mg"]), int(whole["primary_mg"])
    assert plain(formats.co2e(total, spoken)) == shown[str(total)]
    share = next(value for value, text in read.figures if value not in (str(total),) and "." in value)
    assert float(share) == pytest.approx(primary / total, abs=1e-15)
    masses = {name: int(mg) for name, mg in trace["made_substances_mg"].items()}
    traced = sum(trace["traced_share"][name] * mg for name, mg in masses.items()) / sum(masses.values())
    recycled = sum(
        (each["post_consumer"] + each["pre_consumer"]) * masses[name]
        for name, each in trace["recycled_content"].items()
    ) / sum(masses.values())
    values = [float(value) for value, _ in read.figures]
    assert any(value == pytest.approx(traced, abs=1e-12) for value in values)
    assert any(value == pytest.approx(recycled, abs=1e-12) for value in values)
    per_kg = formats.per_kg(total, trace["made_mass_mg"], spoken)
    assert plain(per_kg) in read.text


def _stages(read: Page, trace: Document, whole: Document, spoken: Language) -> None:
    rows = {row[0]: row[1:] for row in read.table(spoken.gettext("CO2e by life-cycle stage")).rows}
    for stage, mg in whole["by_stage"].items():
        row = rows.get(capital(word(stage, "stage", spoken)))
        if not int(mg):
            assert row is None or len(row) == 1
            continue
        own = int(whole["own_by_stage"][stage])
        amounts = [own, int(mg) - own, int(mg)]
        assert row is not None
        assert row[:3] == [plain(formats.co2e(each, spoken)) if each else "0" for each in amounts]
        assert row[3] == plain(formats.percent(int(mg) / int(whole["total_mg"]), spoken))
    assert sum(map(int, whole["own_by_stage"].values())) <= int(whole["total_mg"])
    assert set(trace["co2e"]["by_stage"]) == set(WORDS["stage"])


def _breakdowns(read: Page, whole: Document, spoken: Language) -> None:
    for title, name in (
        ("CO2e by place", "by_facility"),
        ("CO2e by process", "by_process"),
        ("CO2e by scope of the Greenhouse Gas Protocol", "by_scope"),
    ):
        table = read.table(spoken.gettext(title))
        amounts = sorted((int(mg) for mg in whole[name].values()), reverse=True)
        shown = amounts if len(amounts) <= 12 else [*amounts[:11], sum(amounts[11:])]
        assert [row[1] for row in table.rows[1:]] == [plain(formats.co2e(mg, spoken)) for mg in shown]
        total = sum(amounts)
        assert [row[2] for row in table.rows[1:]] == [
            plain(formats.percent(mg / total, spoken)) for mg in shown
        ]


def _recycled(read: Page, trace: Document, spoken: Language) -> None:
    table = read.table(spoken.gettext("Recycled content of each tracked substance"))
    rows = {row[0]: row[1:4] for row in table.rows[1:]}
    for name, content in trace["recycled_content"].items():
        shares = [content["post_consumer"], content["pre_consumer"]]
        assert rows[capital(word(name, "substance", spoken))] == [
            plain(formats.percent(share, spoken)) for share in (round(sum(shares), 15), *shares)
        ]


def test_journeys_are_those_of_the_document(told: dict[str, tuple[Document, Document]]) -> None:
    document, trace = told["oem/VIN-3"]
    read = page(document, ENGLISH)
    for name, steps in document["journeys"].items():
        caption = f"The journey of {word(name, 'substance', ENGLISH)}, step by step"
        rows = read.table(caption).rows[1:]
        assert [row[-1] for row in rows] == [plain(formats.percent(step["share"], ENGLISH)) for step in steps]
        for row, step in zip(rows, steps, strict=True):
            assert formats.date(step["first_at"], ENGLISH) in row[0]
            assert step["at"]["facility_name"] is None or step["at"]["facility_name"] in row[3]
        origins = [each for each in trace["origins"] if each["substance"] == name]
        begun = [step["share"] for step in steps if step["origin"]]
        assert sum(begun) == pytest.approx(sum(each["share"] for each in origins), abs=1e-12)


def test_sections_stand_in_their_order(told: dict[str, tuple[Document, Document]]) -> None:
    document, _ = told["oem/VIN-1"]
    read = page(document, ENGLISH, url="https://cars.example/declarations")

    assert [each for each in read.headings if each in SECTIONS] == SECTIONS
    assert read.headings[0] == "Read this first"
    assert "Jharkhand" in read.text
    assert "https://cars.example/declarations/oem-vin-1-" in read.text


def test_a_page_is_small_and_asks_for_nothing(told: dict[str, tuple[Document, Document]]) -> None:
    for document, _ in told.values():
        for spoken in LANGUAGES:
            html = folder_of(document, Publication(languages=(spoken,))).files["index.html"]
            assert len(html.encode()) < LIMIT
            read = Page(html)
            assert len(read.ids) == len(set(read.ids))
            loaded = [(tag, name) for tag, name, _ in read.attributes if name in ("src", "srcset", "data")]
            assert not loaded
            policy = next(value for _, name, value in read.attributes if value.startswith("default-src"))
            assert "unsafe" not in policy


def test_the_same_state_gives_the_same_bytes(told: dict[str, tuple[Document, Document]]) -> None:
    document, _ = told["oem/VIN-1"]
    how = Publication(languages=LANGUAGES, url="https://cars.example")
    assert folder_of(document, how) == folder_of(json.loads(json.dumps(document)), how)


def test_a_figure_per_kilowatt_hour(told: dict[str, tuple[Document, Document]]) -> None:
    from decimal import Decimal

    document, trace = told["oem/VIN-1"]
    read = page(document, ENGLISH, kwh=Decimal(78))
    unit = FunctionalUnit.of(document, Decimal(78), "kWh")

    assert unit.mg == round(int(trace["co2e"]["restated"]["total_mg"]) / 78)
    assert used(document) == document["co2e"]["restated"]
    assert plain(formats.co2e(unit.mg, ENGLISH, digits=3)) + "/kWh" in read.text
    assert "which whoever published this page states" in read.text


def test_the_proof_stands_beside(told: dict[str, tuple[Document, Document]]) -> None:
    document, _ = told["oem/VIN-1"]
    made = folder_of(document, Publication(), Proved("it.tlproof", 15))
    read = Page(made.files["index.html"])

    assert "traceledger proof verify it.tlproof oem/VIN-1 --trust-root trust-root.json" in read.text
    assert "it.tlproof" in read.links
    assert "it.tlproof" in made.entry.files


FAULTS = {
    "tainted": ("an error is declared in a/1", "An error is declared in a/1"),
    "suspended": (
        "katanga, whom its lineage names, is suspended",
        "Katanga, whom its lineage names, is suspended",
    ),
    "open finding": (
        "critical finding argus/1 about lot a/1 is open",
        "Critical finding argus/1 about lot a/1 is open",
    ),
    "frozen": ("it is frozen", "It is frozen"),
    "on hold upstream": ("on hold upstream: a/1", "On hold upstream: a/1"),
}


@pytest.mark.parametrize("fault", sorted(FAULTS))
def test_what_is_wrong_is_said_first(told: dict[str, tuple[Document, Document]], fault: str) -> None:
    clause, said = FAULTS[fault]
    document = told["oem/VIN-3"][0] | {"faults": [fault], "wrong": [clause]}
    read = page(document, ENGLISH)

    assert read.headings[0] == "Read this first"
    assert said in read.text


def test_an_untraced_part_is_among_what_is_not_known(told: dict[str, tuple[Document, Document]]) -> None:
    document = told["oem/VIN-3"][0] | {"faults": ["untraced"], "wrong": ["9.62 % of its Co is untraced"]}
    read = page(document, ENGLISH)

    assert "Read this first" not in read.headings
    assert "9.6% of the cobalt is of unknown origin" in read.text


def test_a_lot_of_nothing_tracked_has_a_page(told: dict[str, tuple[Document, Document]]) -> None:
    document = told["oem/VIN-3"][0] | {"substances": {}, "journeys": {}}
    document["unknown"] = document["unknown"] | {"untraced_share": {}}
    read = page(document, ENGLISH)

    assert "No substance is tracked in it, so no journey can be shown." in read.text


def _nothing(value: Any) -> Any:
    """The same with no CO2e anywhere."""
    if isinstance(value, dict):
        return {key: _nothing(each) for key, each in value.items()}
    return "0" if isinstance(value, str) and value.isdigit() else value


def test_no_recorded_co2e_is_not_called_a_footprint_of_nothing(
    told: dict[str, tuple[Document, Document]],
) -> None:
    document = dict(told["oem/VIN-3"][0])
    document["co2e"] = _nothing(document["co2e"])
    document["unknown"] = document["unknown"] | {"not_measured_mg": "0", "without_primary_mg": {}}
    read = page(document, ENGLISH)

    assert "No CO2e is recorded of it. That does not mean that none was emitted." in read.text
    assert "Carbon footprint \u2013 nothing is recorded" in read.text
    assert "Measured share \u2013 nothing is recorded" in read.text
    assert "is not measured" not in read.text
    assert "generic factors" not in read.text


def test_what_was_reversed_is_not_called_right(told: dict[str, tuple[Document, Document]]) -> None:
    document = told["oem/VIN-3"][0] | {"state": "reversed", "corrections": []}
    read = page(document, ENGLISH)

    assert "What made it was reversed: it never was." in read.text
    assert "Nothing on its way was taken back" not in read.text


def test_who_had_what_is_untraced_is_no_country_of_origin(
    told: dict[str, tuple[Document, Document]],
) -> None:
    document = dict(told["oem/VIN-3"][0])
    first = next(step for step in document["journeys"]["Co"] if step["origin"])
    untraced = first | {"origin": "untraced", "at": first["at"] | {"country": "FI"}}
    document["journeys"] = document["journeys"] | {"Co": [untraced]}
    read = page(document, ENGLISH)

    assert "1 origin · country not known" in read.text


def test_what_was_found_only_later_counts_in_the_traced_share(
    told: dict[str, tuple[Document, Document]],
) -> None:
    document = dict(told["oem/VIN-3"][0])
    cobalt = document["substances"]["Co"] | {"made_mass_mg": "3", "traced_share": 1.0}
    nickel = cobalt | {"made_mass_mg": "0", "booked_mg": "1", "traced_share": 0.0}
    document["substances"] = {"Co": cobalt, "Ni": nickel}
    document["journeys"] = {}
    read = page(document, ENGLISH)

    assert "Traced share 75%" in read.text


@pytest.mark.parametrize(
    ("share", "shown", "said"),
    [(0.16, "16%", "reached"), (0.15996, "15.996%", "below"), (0.159, "15.9%", "below")],
)
def test_what_is_below_a_minimum_does_not_look_like_it(
    told: dict[str, tuple[Document, Document]], share: float, shown: str, said: str
) -> None:
    document = dict(told["oem/VIN-3"][0])
    cobalt = document["substances"]["Co"]
    content = cobalt["recycled_content"] | {"post_consumer": share, "pre_consumer": 0.0}
    document["substances"] = document["substances"] | {"Co": cobalt | {"recycled_content": content}}
    table = page(document, ENGLISH).table("Recycled content of each tracked substance")
    row = next(row for row in table.rows if row[0] == "Cobalt")

    assert row[1] == shown
    assert row[4] == f"16% {said}"


def test_a_huge_journey_still_fits(told: dict[str, tuple[Document, Document]]) -> None:
    document = dict(told["oem/VIN-1"][0])
    many = [
        step | {"at": step["at"] | {"facility": f"a/{n}", "facility_name": f"Site {n} {'x' * 60}"}}
        for n, step in enumerate(document["journeys"]["Co"] * 40)
    ]
    document["journeys"] = dict.fromkeys(document["journeys"], many)
    html = folder_of(document, Publication()).files["index.html"]

    assert len(html.encode()) < LIMIT
    assert "smaller steps are in declaration.json" in Page(html).text


def test_a_page_stays_small_whatever_is_in_it(told: dict[str, tuple[Document, Document]]) -> None:
    """Fewer steps, then fewer maps, those of risk materials last; and the page says where the others are."""
    document = json.loads(json.dumps(told["oem/VIN-1"][0]))
    cobalt, journey = document["substances"]["Co"], document["journeys"]["Co"]
    many = ["Co", *(name for name in WORDS["substance"] if name != "Co")][:20]
    for count in (8, len(many)):
        names = many[:count]
        document["substances"] = dict.fromkeys(names, cobalt)
        document["journeys"] = dict.fromkeys(names, journey)
        document["suppliers"] *= count // 2
        document["corrections"] *= count * 10
        written = folder_of(document, Publication()).files
        html = written["index.html"]
        assert len(html.encode()) < LIMIT
        left = re.findall(r'its map lies beside it: <a href="([^"]+)"', html)
        assert left and set(left) <= set(written)


def test_hostile_text_stays_text(told: dict[str, tuple[Document, Document]]) -> None:
    attack = "</style><script>alert(1)</script>\"'><img src=x onerror=alert(1)>\u202e{{ 7*7 }}"
    document = json.loads(json.dumps(told["oem/VIN-1"][0]).replace("Kolwezi pit 4", "MARK"))
    document = _replaced(document, "MARK", attack)
    document |= {"batch": f"oem/{attack}", "material_name": attack, "wrong": [attack], "faults": ["tainted"]}
    for name, content in folder_of(document, Publication(url="https://a.example")).files.items():
        if name.endswith((".html", ".svg")):
            read = Page(content)
            assert not {tag for tag, _, _ in read.attributes} & {"img"}, name
            assert not [name for _, name, _ in read.attributes if name.startswith("on")]
            assert "49" not in read.text.split("{{")[0][-3:]
            assert "\u202e" not in content


def _replaced(value: Any, mark: str, by: str) -> Any:
    if isinstance(value, dict):
        return {key: _replaced(each, mark, by) for key, each in value.items()}
    if isinstance(value, list):
        return [_replaced(each, mark, by) for each in value]
    return value.replace(mark, by) if isinstance(value, str) else value


def test_every_link_of_the_folder_leads_somewhere(
    told: dict[str, tuple[Document, Document]], tmp_path: Path
) -> None:
    document, _ = told["oem/VIN-1"]
    made = folder_of(document, Publication(languages=LANGUAGES))
    for name, content in made.files.items():
        if name.endswith(".html"):
            for link in Page(content).links:
                if link.startswith("#"):
                    assert link[1:] in Page(content).ids
                elif not link.startswith(("https://", "../index", "data:,")):
                    assert link in made.files, (name, link)
