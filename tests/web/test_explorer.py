"""The explorer's pages: every figure of a batch is the document's, and leads to the events behind it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.web.conftest import Get
from traceledger.documents import batches, explored
from traceledger.index.database import Database
from traceledger.index.disclosure import AS_RECORDED
from traceledger.index.reading import IndexReader
from traceledger.provenance.troubles import judged
from traceledger.web.paths import link

BATCHES = ("oem/VIN-1", "oem/VIN-3", "zambezi/HX-0009", "likasi/HYD-031", "kokkola/COS-90")
HOSTILE = (
    "<script>alert(1)</script>",
    "'; DROP TABLE word; --",
    "%' OR 1=1",
    "\x00\x1b[2J",
    "\u202egnp",
    "../../etc/passwd",
    "*" * 999,
    "\N{PILE OF POO}" * 100,
    "0x",
    "0x" + "f" * 63,
    "99999999999999999",
    "-1",
    "/",
    "katanga/",
    "NEAR(a b)",
)


class Parts(HTMLParser):
    """Amounts, links and ids of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.amounts: list[str] = []
        self.links: list[str] = []
        self.ids: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep what it says."""
        said = dict(attrs)
        if tag == "data":
            self.amounts.append(said.get("value") or "")
        if tag == "a" and said.get("href"):
            self.links.append(str(said["href"]))
        if said.get("id"):
            self.ids.add(str(said["id"]))


def page_of(get: Get, path: str) -> tuple[Parts, dict[str, Any], str]:
    """A page, its document, and its text."""
    page = get(path, headers={"Accept": "text/html", "Accept-Language": "en"})
    assert page.status_code == 200, page.text
    raw, _, query = path.partition("?")
    twin = "/index.json" if raw == "/" else f"{raw}.json"
    document = get(f"{twin}?{query}" if query else twin).json()
    return Parts(page.text), document, page.text


def texts(value: Any) -> Iterator[str]:
    """Every number and text in a document."""
    if isinstance(value, dict):
        for each in value.values():
            yield from texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from texts(each)
    else:
        yield str(value)


@pytest.mark.parametrize("name", BATCHES)
def test_every_amount_of_a_batch_is_the_documents(name: str, get: Get) -> None:
    parts, document, _ = page_of(get, link("batches", name))
    known = set(texts(document))
    assert parts.amounts
    assert [amount for amount in parts.amounts if amount not in known] == []
    used = document["trace"]["co2e"].get("restated", document["trace"]["co2e"])
    shown = set(parts.amounts)
    assert {
        used["total_mg"],
        document["mass_mg"],
        *used["by_scope"].values(),
        *used["by_stage"].values(),
    } <= shown
    assert {row["co2e_mg"] for row in document["records"]["rows"]} <= shown
    assert {event["mass_after_mg"] for event in document["events"]} <= shown


@pytest.mark.parametrize("name", BATCHES)
def test_figures_are_the_sums_of_their_rows(name: str, get: Get) -> None:
    document = get(link("batches", name) + ".json").json()
    records, masses = document["records"], document["masses"]
    emitted = sum(int(row["co2e_mg"]) for row in records["rows"]) + int(records["others"]["co2e_mg"])
    used = document["trace"]["co2e"].get("restated", document["trace"]["co2e"])
    assert str(emitted) == records["total_mg"] == used["total_mg"]
    moved = sum(int(each["moved_mg"]["mass"]) for each in masses["movements"])
    assert str(moved) == masses["left_mg"]["mass"] == document["mass_mg"]
    assert document["events"][-1]["mass_after_mg"] == document["mass_mg"]


def test_a_figure_leads_to_its_block_in_clicks(get: Get) -> None:
    parts, document, _ = page_of(get, "/batches/oem/VIN-3")
    figures = [each for each in parts.links if each.startswith("#")]
    assert figures and {each[1:] for each in figures} <= parts.ids
    rows = document["records"]["rows"]
    events = {f"/events/{row['block']}/{row['log']}" for row in rows}
    assert events <= set(parts.links)
    for address in sorted(events)[:5]:
        event, said, text = page_of(get, address)
        assert said["block_hash"] in text and said["data"] in text and said["transaction"] in text
        block = get(f"/blocks/{said['block']}.json?limit=500").json()
        assert block["hash"] == said["block_hash"] and f"/blocks/{said['block']}" in event.links
        raw = [
            each for every in block["transactions"] for each in every["events"] if each["log"] == said["log"]
        ]
        assert (raw[0]["topics"], raw[0]["data"]) == (said["topics"], said["data"])


def test_trouble_comes_first(get: Get) -> None:
    _, document, text = page_of(get, "/batches/oem/VIN-3")
    assert document["wrong"]
    assert text.index('id="trouble"') < text.index('class="figures"')


@pytest.mark.parametrize(
    "typed", ["VIN", "vin-3", "kokkola", "KOL", "0009", "zambezi/HX", "vehicle", "RUN-90", "7440-48"]
)
def test_the_search_finds_what_names_hold(typed: str, get: Get) -> None:
    found = get(f"/api/v1/search?{urlencode({'q': typed})}").json()["groups"]
    names = [f"{each['name']} {each['about']}".lower() for group in found for each in group["found"]]
    assert typed == "7440-48" or (
        names and any(typed.lower().replace("/hx", "/hx") in name for name in names)
    )
    page = get(f"/?{urlencode({'q': typed})}")
    for address in [each for each in Parts(page.text).links if each.count("/") >= 2 and "lang=" not in each][
        :12
    ]:
        assert get(address, headers={"Accept": "text/html"}).status_code == 200, address


def test_ids_and_hashes_are_found(get: Get) -> None:
    document = get("/batches/oem/VIN-3.json").json()
    event = get(f"/events/{document['events'][0]['block']}/{document['events'][0]['log']}.json").json()
    kinds = {
        document["id"]: "batch",
        document["id"][:12]: "batch",
        event["transaction"]: "transaction",
        event["block_hash"]: "block",
        str(event["block"]): "block",
        get("/participants/oem.json").json()["keys"][0]: "participant",
    }
    for typed, kind in kinds.items():
        groups = get(f"/api/v1/search?{urlencode({'q': typed})}").json()["groups"]
        assert kind in [group["kind"] for group in groups], typed


@pytest.mark.parametrize("typed", HOSTILE)
def test_hostile_questions_are_answered_plainly(typed: str, get: Get) -> None:
    answer = get(f"/?{urlencode({'q': typed})}", headers={"Accept": "text/html"})
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text and "\x1b" not in answer.text and "\u202e" not in answer.text


def test_what_is_too_long_is_refused(get: Get) -> None:
    assert get(f"/?{urlencode({'q': 'a' * 2001})}", headers={"Accept": "text/html"}).status_code == 400


def test_counts_beside_choices_are_true(get: Get) -> None:
    facets = get("/batches.json").json()["facets"]
    assert facets["total"] == facets["of"] == facets["counted"]
    for facet in ("material", "custodian", "maker", "facility", "state", "origin", "year", "trouble"):
        for choice in facets[facet]:
            query = urlencode({facet: choice["value"], "limit": 500})
            chosen = get(f"/batches.json?{query}").json()
            assert chosen["facets"]["total"] == len(chosen["batches"]) == choice["count"], (facet, choice)


def test_choices_hold_together(get: Get) -> None:
    found = get("/batches.json?state=active&material=cobalt-sulfate&maker=kokkola&limit=2").json()
    assert {(each["state"], each["material"]) for each in found["batches"]} == {("active", "cobalt-sulfate")}
    assert found["page"]["next"]
    more = get(
        f"/batches.json?state=active&material=cobalt-sulfate&maker=kokkola&limit=2&cursor={found['page']['next']}"
    ).json()
    names = [each["batch"] for each in (*found["batches"], *more["batches"])]
    assert len(set(names)) == len(names) > 2


@pytest.mark.parametrize(
    "path",
    ["/events/1/99999", "/events/x/1", "/events/99999999999999/1", "/runs/oem/none", "/batches?maker=nobody"],
)
def test_what_is_not_there_is_said(path: str, get: Get) -> None:
    answer = get(path, headers={"Accept": "text/html"})
    assert answer.status_code in (400, 404) and "Traceback" not in answer.text


def test_a_chosen_language_goes_along(get: Get) -> None:
    text = get("/batches/oem/VIN-3?lang=de", headers={"Accept": "text/html"}).text
    inside = [each for each in Parts(text).links if re.match("/(batches|events|materials)/", each)]
    assert inside and all("lang=" in each or ".json" in each for each in inside)
    assert 'name="lang" value="de"' in get("/?lang=de", headers={"Accept": "text/html"}).text


class Counting(Database):
    """An index file that counts what it is asked."""

    asked = 0

    def all(self, query: str, values: Any = ()) -> list[tuple[Any, ...]]:
        """Counts."""
        self.asked += 1
        return super().all(query, values)


@pytest.fixture
def counting(workspace: Path) -> Iterator[Counting]:
    database = Counting(next(workspace.glob(".traceledger/*/index.sqlite")))
    yield database
    database.close()


def test_a_longer_list_asks_no_more_questions(counting: Counting) -> None:
    index = IndexReader(counting, AS_RECORDED)
    everything = index.batches()
    asked = []
    for size in (5, len(everything)):
        before = counting.asked
        batches.batches(index, everything[:size])
        asked.append(counting.asked - before)
    assert asked[0] == asked[1] < 10


def test_a_batch_asks_few_questions_of_its_own(counting: Counting) -> None:
    """What is asked beyond tracing does not grow with what was made of it."""
    index, asked = IndexReader(counting, AS_RECORDED), {}
    for batch in index.batches():
        traced, troubles = judged(index, batch.id, records=True)
        with index.snapshot():  # as the server reads
            before = counting.asked
            explored.batch(index, batch, traced, troubles)
            asked[len(index.children(batch.id))] = counting.asked - before
    assert max(asked) >= 3
    assert max(asked.values()) <= 34, asked
