"""Audits, emissions, differences, blocks and lineages as the explorer answers them, from a real server."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.web.conftest import Get, Serve

GRAPH = "/batches/oem/VIN-1/graph"


def test_an_issue_leads_to_the_events_behind_it(get: Get) -> None:
    found = get("/audit.json").json()
    (issue,) = [each for each in found["issues"] if each["subject"]["name"] == "katanga/ORE-2026-014"][:1]
    assert issue["links"] == [{"kind": "facilities", "name": "katanga/kolwezi-pit-4"}]
    (event,) = issue["events"]
    block = get(f"/blocks/{event['block']}.json").json()
    logs = {each["log"]: each["event"] for run in block["transactions"] for each in run["events"]}
    assert logs[event["log"]] == event["event"] == "BatchMinted"
    page = get("/audit").text
    assert get(f"/events/{event['block']}/{event['log']}").status_code == 200
    assert f'href="/events/{event["block"]}/{event["log"]}"' in page
    assert f'id="log-{event["log"]}"' in get(f"/blocks/{event['block']}").text


def test_issues_are_listed_by_rule_and_level_and_in_pieces(get: Get) -> None:
    whole = get("/audit.json?limit=500").json()
    assert sum(whole["by_rule"].values()) == whole["found"] == len(whole["issues"])
    rule = whole["issues"][0]["rule"]
    only = get(f"/audit.json?rule={rule}").json()
    assert {each["rule"] for each in only["issues"]} == {rule}
    assert (only["counts"], only["by_rule"]) == (whole["counts"], whole["by_rule"])
    medium = get("/audit.json?level=medium").json()
    assert {each["level"] for each in medium["issues"]} == {"medium"}
    pieces: list[Any] = []
    following: str | None = "/audit.json?limit=7"
    while following:
        piece = get(following).json()
        pieces += piece["issues"]
        cursor = piece["page"]["next"]
        following = f"/audit.json?limit=7&cursor={cursor}" if cursor else None
    assert pieces == whole["issues"]


def test_an_audit_says_of_which_block_it_is_and_explains_its_rules(get: Get) -> None:
    found = get("/audit.json").json()
    assert found["block"] == get("/status.json").json()["block"]
    assert f"As of block {found['block']};" in get("/audit").text
    assert {each["rule"] for each in found["about"]} == set(found["by_rule"])


def test_differences_by_year_are_the_sum_of_their_rows(get: Get) -> None:
    found = get("/differences.json").json()
    assert found["differences"]
    for each in found["by_year"]:
        rows = [
            int(row["net_mg"])
            for row in found["differences"]
            if (row["substance"], row["year"]) == (each["substance"], each["year"])
        ]
        assert sum(rows) == int(each["net_mg"])
    assert "<svg" in get("/differences").text


def test_emissions_are_compared_with_what_the_server_was_told(serve: Serve, workspace: Path) -> None:
    (workspace / "departments.toml").write_text(
        '[departments]\n"kokkola/kokkola-refinery" = "Refining <b>"\n"zambezi/kitwe-mine" = "Mines"\n'
    )
    told = ("--departments", "departments.toml", "--base-year", "2025", "--target", "50% by 2030")
    server = serve(*told, "--measure", "absolute")
    import httpx

    with httpx.Client(base_url=server.url, timeout=120) as client:
        found = client.get("/emissions.json?by=department&year=2026").json()
        assert {"Refining <b>", "Mines"} <= {each["group"] for each in found["groups"]}
        target = found["target"]
        assert (target["measure"], target["base_year"], target["target_year"]) == ("absolute", 2025, 2030)
        page = client.get("/emissions?by=department&year=2026").text
        assert "Refining &lt;b&gt;" in page
        assert "Refining <b>" not in page
        # Before the base year there is nothing to be compared with.
        assert client.get("/emissions.json?year=2024").json()["target"] is None
        own = client.get("/emissions.json?base_year=2025&target=10%25+by+2027&year=2026").json()
        assert (own["target"]["percent"], own["target"]["target_year"]) == (10, 2027)


def test_the_groups_of_emissions_come_in_pieces(get: Get) -> None:
    whole = get("/emissions.json?year=2026").json()
    first = get("/emissions.json?year=2026&limit=3").json()
    assert first["groups"] == whole["groups"][:3]
    second = get(f"/emissions.json?year=2026&limit=3&cursor={first['page']['next']}").json()
    assert second["groups"] == whole["groups"][3:6]
    assert second["total"] == whole["total"]


def test_a_block_shows_its_events_in_pieces(get: Get) -> None:
    block = max(get("/blocks.json").json()["blocks"], key=lambda each: each["events"])
    first = get(f"/blocks/{block['block']}.json?limit=5").json()
    assert sum(len(each["events"]) for each in first["transactions"]) == 5
    rest = get(f"/blocks/{block['block']}.json?limit=500&cursor={first['page']['next']}").json()
    assert sum(len(each["events"]) for each in rest["transactions"]) == block["events"] - 5


def test_the_status_says_nothing_of_the_machine(get: Get, example: Path) -> None:
    for address in ("/status", "/status.json"):
        text = get(address).text
        assert str(example.parent) not in text
        assert not re.search(r"sqlite|/home|/tmp|keystore", text)


def test_a_lineage_is_drawn_in_slices_as_its_page_says(get: Get) -> None:
    closed = get(f"{GRAPH}.json").json()
    assert closed["batches"] == 28
    assert sum(box["batches"] for box in closed["boxes"]) == 28
    opened = closed["boxes"][0]["group"]
    document = get(f"{GRAPH}.json?open={opened}").json()
    assert document["opened"] == [opened]
    page = get(f"{GRAPH}?open={opened}").text
    for box in document["boxes"]:
        if box["kind"] == "batch":
            owner, _, identifier = box["batch"].partition("/")
            assert f'href="/batches/{owner}/{identifier}"' in page
    everything = get(f"{GRAPH}.json?open=all").json()
    assert sum(box["kind"] == "batch" for box in everything["boxes"]) == 28


def test_the_table_of_a_lineage_opens_and_closes_groups_without_javascript(get: Get) -> None:
    page = get(f"{GRAPH}?lang=de").text
    (opening, *_) = re.findall(rf'href="({GRAPH}\?[^"#]*open=[0-9a-f]+[^"#]*)', page)
    opened = get(opening.replace("&amp;", "&")).text
    assert 'lang="de"' in opened
    assert opened.count('class="member"') >= 1
    (closing, *_) = re.findall(rf'href="({GRAPH}\?lang=de)#', opened)
    assert 'class="member"' not in get(closing).text


@pytest.mark.parametrize(
    ("query", "status"),
    [("slice=7", 404), ("slice=-1", 400), ("open=x", 400), ("by=name", 400), ("direction=left", 400)],
)
def test_what_cannot_be_drawn_is_said(query: str, status: int, get: Get) -> None:
    answer = get(f"{GRAPH}.json?{query}")
    assert answer.status_code == status
    assert answer.json()["hint"]


def test_as_many_groups_are_opened_as_the_address_has_room_for(get: Get) -> None:
    """The page names up to 250; browsers encode the commas between them."""
    opened = ",".join(f"{number:012x}" for number in range(250))
    assert get(f"{GRAPH}.json", params={"open": opened, "direction": "up", "slice": 0}).status_code == 200


def test_a_lineage_goes_down_and_back_in_time(get: Get) -> None:
    down = get("/batches/likasi/HYD-031/graph.json?direction=down").json()
    assert down["direction"] == "down"
    assert down["batches"] > 1
    before = get("/batches/likasi/HYD-031/graph.json?direction=down&as_of=10").json()
    assert before["as_of"] == 10
    assert before["batches"] < down["batches"]
