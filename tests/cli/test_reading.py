"""What the command says of batches: for people on stdout, and as one JSON document."""

from __future__ import annotations

import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.conftest import Run, head
from tests.cli.test_keys import on_terminal
from traceledger.index.database import Database

GS1 = "lusatia/https://id.example/01/04012345000009/10/R1"
pytestmark = pytest.mark.usefixtures("filled")


def test_trace_has_the_fields_promised(cli: Run) -> None:
    found = cli("trace", "kokkola/BLEND", "--json").document
    assert found["batch"] == "kokkola/BLEND"
    assert re.fullmatch("0x[0-9a-f]{64}", found["id"])
    assert (found["material"], found["custodian"], found["state"]) == ("cobalt-sulfate", "kokkola", "active")
    assert found["mass_mg"] == found["made_mass_mg"] == str(9 * 10**9)
    assert found["substances_mg"] == {"Co": str(1_800_000_000)}
    co2e = found["co2e"]
    for breakdown in ("by_facility", "by_scope"):
        assert sum(map(int, co2e[breakdown].values())) == int(co2e["total_mg"])
    assert int(co2e["own_mg"]) + int(co2e["inherited_mg"]) == int(co2e["total_mg"])
    assert set(co2e["by_scope"]) == {"scope1", "scope2", "scope3"}
    origins = {item["batch"]: item for item in found["origins"]}
    assert origins.keys() == {"katanga/KOL-1", GS1}
    assert sum(item["share"] for item in origins.values()) == pytest.approx(1)
    assert origins[GS1]["origin"] == "post_consumer"
    assert found["recycled_content"]["Co"]["post_consumer"] == origins[GS1]["share"]
    assert (found["traced_share"], found["tainted"]) == ({"Co": 1.0}, False)
    assert (found["batches"], found["events"]) == (6, 9)


def test_trace_for_people(cli: Run) -> None:
    outcome = cli("trace", "kokkola/BLEND")
    assert (outcome.code, outcome.err) == (0, "")
    for words in (
        "kokkola/BLEND",
        "9 t left of 9 t",
        "Co 1.8 t",
        "own",
        "inherited",
        "from primary data",
        "6 batches, 9 events",
    ):
        assert words in outcome.out
    assert re.search(rf"Co +[\d.]+ % .* post-consumer +{re.escape(GS1)} +lusatia/plant +DE", outcome.out)
    assert "tainted" not in outcome.out
    assert all(line == line.rstrip() for line in outcome.out.splitlines())


def test_a_batch_by_its_id_and_with_slashes_in_its_name(cli: Run) -> None:
    by_name = cli("trace", GS1, "--json").document
    assert by_name["batch"] == GS1
    assert cli("trace", by_name["id"], "--json").document == by_name


def test_as_of(cli: Run) -> None:
    now = cli("trace", "kokkola/BLEND", "--json").document
    block = now["created"]["block"]
    cli("batch", "retire", "BLEND", "--reason", "sold", "--as", "kokkola", "--yes")
    assert cli("trace", "kokkola/BLEND", "--json").document["state"] == "retired"
    then = cli("trace", "kokkola/BLEND", "--json", "--as-of", str(block)).document
    assert then["state"] == "active"
    assert cli("footprint", "kokkola/BLEND", "--json", "--as-of", str(block)).document["co2e"] == then["co2e"]


def test_tree_up(cli: Run) -> None:
    outcome = cli("trace", "kokkola/BLEND", "--tree")
    lines = outcome.out.splitlines()
    assert lines[0].startswith("kokkola/BLEND  cobalt-sulfate  9 t  blending, kokkola/refinery, FI  ")
    assert lines[1].startswith(
        "├── kokkola/COS-1  cobalt-sulfate  6 t taken  refining, kokkola/refinery, FI  "
    )
    assert lines[2].startswith(
        "│   ├── katanga/KOL-1-A  cobalt-hydroxide  6 t taken  split, katanga/pit-4, CD  "
    )
    assert lines[3].startswith(
        "│   │   └── katanga/KOL-1  cobalt-hydroxide  20 t taken  mined, katanga/pit-4, CD  "
    )
    assert lines[4].startswith(
        f"│   └── {GS1}  cobalt-hydroxide  3 t taken  post-consumer, lusatia/plant, DE  "
    )
    again = [line for line in lines if line.endswith("(see above)")]
    assert len(again) == 1
    assert "katanga/KOL-1-A" in again[0]
    assert sum("katanga/KOL-1  " in line for line in lines) == 1


def test_tree_depth(cli: Run) -> None:
    lines = cli("trace", "kokkola/BLEND", "--tree", "--depth", "1").out.splitlines()
    assert len(lines) == 5
    assert lines[2].endswith("… 2 more, and what is behind; see --depth")


def test_tree_as_json(cli: Run) -> None:
    found = cli("trace", "kokkola/BLEND", "--tree", "--json").document
    lineage = found["lineage"]
    assert [item["batch"] for item in lineage["batches"]][-1] == "kokkola/BLEND"
    assert len(lineage["batches"]) == found["batches"] == 6
    edge = {"parent": "katanga/KOL-1-A", "child": "kokkola/COS-2", "taken_mg": str(6 * 10**9)}
    assert edge in lineage["edges"]
    mined = lineage["batches"][0]
    assert (mined["batch"], mined["country"], mined["made_by"]) == ("katanga/KOL-1", "CD", "mined")


def test_down(cli: Run) -> None:
    found = cli("trace", "katanga/KOL-1", "--down", "--json").document
    reached = {item["batch"]: item for item in found["reached"]}
    assert reached.keys() == {
        "katanga/KOL-1",
        "katanga/KOL-1-A",
        "kokkola/COS-1",
        "kokkola/COS-2",
        "kokkola/BLEND",
    }
    assert found["custodians"] == ["katanga", "kokkola"]
    assert 0 < int(reached["kokkola/BLEND"]["substances_mg"]["Co"]) < 1_800_000_000
    assert reached["katanga/KOL-1"]["share"] == {"Co": 1.0}
    people = cli("trace", "katanga/KOL-1", "--down").out
    assert "4 batches made from it" in people
    assert re.search(r"kokkola/COS-2 +kokkola +consumed +0 mg", people)
    tree = cli("trace", "katanga/KOL-1", "--down", "--tree").out
    assert "kokkola/BLEND" in tree
    assert "9 t with kokkola: Co " in tree
    nothing = cli("trace", "kokkola/BLEND", "--down").out
    assert "0 batches made from it" in nothing


def test_tainted_is_said_first(cli: Run) -> None:
    cli("batch", "declare-error", GS1, "--reason", "did_not_occur", "--as", "lusatia", "--yes")
    outcome = cli("trace", "kokkola/BLEND")
    assert outcome.out.startswith(f"Faulty (tainted): an error is declared in {GS1}\n")
    assert "declared in error" in cli("trace", "kokkola/BLEND", "--tree").out
    assert cli("trace", "kokkola/BLEND", "--json").document["tainted"] is True


def test_footprint(cli: Run) -> None:
    found = cli("footprint", "kokkola/BLEND", "--json").document
    assert found["co2e"] == cli("trace", "kokkola/BLEND", "--json").document["co2e"]
    people = cli("footprint", "kokkola/BLEND").out
    for words in (
        "total",
        "katanga/pit-4",
        "katanga (transport)",
        "scope3",
        "refining",
        "from primary data",
        "%",
    ):
        assert words in people


def test_lists(cli: Run) -> None:
    batches = cli("batch", "list", "--json").document["batches"]
    assert [item["batch"] for item in batches] == [
        "katanga/KOL-1", GS1, "katanga/KOL-1-A", "kokkola/COS-1", "kokkola/COS-2", "kokkola/BLEND",
    ]  # fmt: skip
    held = cli("batch", "list", "--participant", "katanga", "--json").document["batches"]
    assert [item["batch"] for item in held] == ["katanga/KOL-1"]
    used = cli("batch", "list", "--state", "consumed", "--json").document["batches"]
    assert [item["batch"] for item in used] == ["kokkola/COS-2"]
    sulfate = cli("batch", "list", "--material", "cobalt-sulfate").out
    assert "kokkola/BLEND" in sulfate
    assert "katanga" not in sulfate
    participants = cli("participant", "list", "--json").document["participants"]
    assert [item["participant"] for item in participants] == ["katanga", "lusatia", "kokkola"]
    materials = cli("material", "list", "--json").document["materials"]
    assert [(item["material"], item["substances"]) for item in materials] == [
        ("cobalt-hydroxide", ["Co"]),
        ("cobalt-sulfate", ["Co"]),
    ]
    assert [
        item["facility"]
        for item in cli("facility", "list", "--participant", "kokkola", "--json").document["facilities"]
    ] == ["kokkola/refinery"]
    for noun in ("batch", "participant", "material", "facility", "network", "key"):
        assert cli(noun, "list").code == 0


def test_batch_show(cli: Run) -> None:
    people = cli("batch", "show", "katanga/KOL-1-A").out
    assert "made of          katanga/KOL-1" in people
    for event in ("BatchSplit", "ShipmentOffered", "ShipmentReceived", "Transformed"):
        assert event in people
    assert "katanga/SEA-1, to kokkola" in people


def test_index(cli: Run, filled: Path) -> None:
    number, _ = head(filled)
    status = cli("index", "status", "--json").document
    assert (status["block"], status["final"], status["lag"], status["batches"]) == (number, number, 0, 6)
    cli("batch", "retire", "BLEND", "--reason", "sold", "--as", "kokkola", "--yes")
    assert cli("index", "status", "--json").document["lag"] == 1
    assert cli("index", "sync", "--json").document == {"added": 1, "block": number + 1}
    before = cli("trace", "kokkola/BLEND", "--json").document
    assert cli("index", "rebuild", "--json").document["batches"] == 6
    assert cli("trace", "kokkola/BLEND", "--json").document == before


def test_networks_and_contracts(cli: Run, filled: Path) -> None:
    (network,) = cli("network", "list", "--json").document["networks"]
    assert (network["network"], network["kind"], network["default"]) == ("local", "embedded", True)
    assert cli("network", "show", "local", "--json").document["contracts"] == network["contracts"]
    checked = cli("network", "check", "--json")
    assert checked.document["ok"] is True
    assert checked.err.count("ok: ") == 4
    shown = cli("contract", "show", "--json").document
    assert shown["deployer_is_consortium"] is True
    assert shown["contracts"]["ledger"]["address"] == network["contracts"]["ledger"]
    assert re.fullmatch("0x[0-9a-f]{64}", shown["contracts"]["ledger"]["code_hash"])
    (filled / ".traceledger/local/keys/deployer.json").unlink()
    assert cli("contract", "show", "--json").document["deployer_is_consortium"] is None


def test_what_others_wrote_does_not_steer_the_terminal(cli: Run, filled: Path) -> None:
    index = Database.open(filled / ".traceledger/local/index.sqlite")
    with index.writing():
        name = "\x1b[31m[bold]:boom:\x9b2J"
        index.run("UPDATE main.participant SET name = ? WHERE slug = 'katanga'", [name])
    index.close()
    people = cli("participant", "list").out
    assert r"\x1b[31m[bold]:boom:\x9b2J" in people
    assert "\x1b" not in people
    assert "\x9b" not in people


def test_a_deep_tree_is_whole_in_a_pipe_and_cut_on_a_terminal(cli: Run, filled: Path) -> None:
    operations = [
        {"op": "split", "as": "katanga", "batch": f"D{n}" if n else "KOL-1", "at": 1_770_000_000}
        | {"into": [{"batch": f"D{n + 1}", "mass": 10**9 - n}]}
        for n in range(60)
    ]
    Path("deep.jsonl").write_text("\n".join(map(json.dumps, operations)), "utf-8")
    assert cli("submit", "deep.jsonl").code == 0
    lines = cli("trace", "katanga/D60", "--tree").out.splitlines()
    assert len(lines) == 61
    assert lines[-1].lstrip(" └─").startswith("katanga/KOL-1  ")
    code, shown = on_terminal(["trace", "katanga/D60", "--tree"], [])
    assert code == 0
    assert "katanga/D50" in shown
    assert "katanga/D30" not in shown
    assert "see --depth" in shown


def test_an_index_that_somebody_edited_is_refused_and_compared(cli: Run, filled: Path) -> None:
    assert cli("index", "verify", "--json").document["holds"] is True
    file = filled / ".traceledger/local/index.sqlite"
    with closing(sqlite3.connect(file)) as connection:
        # By one who goes round the seals: two companies change their names.
        connection.create_function("sealed", -1, lambda *_: 0, deterministic=True)
        connection.create_function("intact", -1, lambda *_: 1, deterministic=True)
        connection.create_function("doubted", 0, lambda: 1, deterministic=True)
        for old, new in (("katanga", ""), ("oem", "katanga"), ("", "oem")):
            connection.execute("UPDATE participant SET slug = ? WHERE slug = ?", (new, old))
        connection.commit()
    commands = (
        "participant list",
        "batch list",
        "trace katanga/KOL-1",
        "index status",
        "index sync",
    )
    about = ("trace", "footprint", "batch show")
    for command in (*commands, *(f"{each} katanga/KOL-1" for each in about)):
        refused = cli(*command.split())
        assert (refused.code, refused.out) == (3, ""), command
        assert "table participant that something else than this program changed" in refused.err
        assert "`traceledger index verify`" in refused.err
    compared = cli("index", "verify", "--json")
    assert compared.code == 3
    assert {each["column"] for each in compared.document["differences"]} == {"slug", "seal"}
    assert "run `traceledger index rebuild`" in compared.err
    assert "katanga" in cli("index", "verify").out
    assert cli("index", "rebuild").code == 0
    assert cli("index", "verify").code == 0
