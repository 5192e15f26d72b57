"""The lineage graph of a real ledger with some hundred batches."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx

from tests.browser.servers import serving
from tests.clients import new_client
from tests.web.asking import asking
from traceledger.web.settings import Limits, Settings

AT = "2026-02-01T00:00:00Z"
LOTS = 300


def _operations() -> list[dict[str, Any]]:
    """A mine whose ore is split into many lots, from which a refinery beside it makes batches."""
    lots = [f"L-{each}" for each in range(LOTS)]
    splits = [
        {"op": "split", "as": "mine", "batch": "ORE", "into": [{"batch": lot, "mass": "1 t"} for lot in part]}
        for part in (lots[at : at + 30] for at in range(0, LOTS, 30))
    ]
    runs = [
        {"op": "transform", "as": "mine", "transformation": f"R-{at}", "facility": "works"}
        | {"process": "refining", "inputs": [{"batch": lot} for lot in lots[at : at + 30]]}
        | {
            "outputs": [
                {"batch": f"P-{at}", "material": "salt", "mass": "1 t", "substances": {"Co": "90 kg"}}
            ]
        }
        | {"losses": "balance"}
        for at in range(0, LOTS, 30)
    ]
    ends = [{"batch": f"P-{at}"} for at in range(0, LOTS, 30)]
    return [
        {"op": "define_material", "material": "ore", "name": "Ore", "substances": ["Co"]},
        {"op": "define_material", "material": "salt", "name": "Salt", "substances": ["Co"]},
        {"op": "register_participant", "participant": "mine", "name": "Mine", "country": "FI"}
        | {"roles": ["producer"]},
        {"op": "register_facility", "as": "mine", "facility": "pit", "kind": "mine", "country": "FI"},
        {"op": "register_facility", "as": "mine", "facility": "works", "kind": "refinery", "country": "FI"},
        {"op": "approve_origin", "facility": "mine/pit", "material": "ore", "capacity_per_year": "900 t"},
        {"op": "mint", "as": "mine", "batch": "ORE", "material": "ore", "facility": "pit", "mass": "400 t"}
        | {"substances": {"Co": "40 t"}, "origin": "mined", "emissions": {"scope1": "3 t"}, "at": AT},
        *(each | {"at": AT} for each in (*splits, *runs)),
        {"op": "transform", "as": "mine", "transformation": "LAST", "facility": "works", "at": AT}
        | {"process": "refining", "inputs": ends, "losses": "balance"}
        | {"outputs": [{"batch": "END", "material": "salt", "mass": "1 t", "substances": {"Co": "90 kg"}}]},
    ]


def test_some_hundred_batches_are_drawn_as_they_were_recorded(tmp_path: Path) -> None:
    file = tmp_path / "operations.jsonl"
    file.write_text("".join(json.dumps(each) + "\n" for each in _operations()))
    folder = tmp_path / "it"
    folder.mkdir()
    with new_client(folder) as client:
        client.submit(file, create_keys=True)
        client.sync()
        ask = asking(client, Settings(limits=Limits(lineage_batches=LOTS)), "http://localhost")
        for path in ("/api/v1/batches/mine/END/lineage", "/batches/mine/END/graph.json"):
            refused = ask(path)
            assert (refused.status_code, refused.json()["code"]) == (413, "answer-too-large")
            assert f"this one has {LOTS + 12}" in refused.json()["detail"]
        assert ask("/batches/mine/P-0/graph.json").status_code == 200
    with serving(folder) as server, httpx.Client(base_url=server.url, timeout=120) as get:
        first = get.get("/batches/mine/END/graph.json?open=all").json()
        assert (first["batches"], first["groups"], first["slices"]) == (LOTS + 12, 2, 2)
        slices = [first, get.get("/batches/mine/END/graph.json?open=all&slice=1").json()]
        boxes = {box["box"]: box for each in slices for box in each["boxes"]}
        made_of: dict[str, set[str]] = {}
        for line in (line for each in slices for line in each["lines"]):
            made_of.setdefault(boxes[line["to"]]["name"], set()).add(boxes[line["from"]]["name"])
        assert made_of["mine/P-30"] == {f"mine/L-{each}" for each in range(30, 60)}
        assert made_of["mine/END"] == {f"mine/P-{at}" for at in range(0, LOTS, 30)}
        assert made_of["mine/L-7"] == {"mine/ORE"}
