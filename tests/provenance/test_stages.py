"""Life-cycle stages: the table, and where transport and recycling belong."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.clients import new_client, write
from traceledger.cli import main
from traceledger.client.client import Client
from traceledger.errors import ExitCode, InputError
from traceledger.provenance import Stage, load_stages, trace
from traceledger.provenance.stages import packaged, packaged_text
from traceledger.reporting import Request, collect, report

AT = 1768716000


def op(verb: str, who: str | None = None, **fields: Any) -> dict[str, Any]:
    return {"op": verb, **({"as": who} if who else {}), **fields}


def done(verb: str, who: str, **fields: Any) -> dict[str, Any]:
    return op(verb, who, at=AT, **fields)


def emits(mass: str) -> dict[str, Any]:
    return {"emissions": {"scope1": mass}}


COBALT = {"R3": "100 g"}


def run(name: str, process: str, facility: str, inputs: list[str], output: str, mass: str) -> dict[str, Any]:
    what = {"transformation": name, "process": process, "facility": facility, **emits(mass)}
    taken = [{"batch": batch} for batch in inputs]
    made = [
        {"batch": output, "material": "metal", "mass": "1 t", "substances": {"Co": COBALT.get(name, "1 kg")}}
    ]
    return done("transform", "works", **what, inputs=taken, outputs=made, losses="balance")


def sent(name: str, who: str, batch: str, to: str, mass: str) -> list[dict[str, Any]]:
    offer = done("ship", who, shipment=name, batches=[batch], to=to, emissions={"scope3": mass})
    return [offer, done("receive", to, shipment=f"{who}/{name}")]


def minted(who: str, batch: str, material: str, facility: str, origin: str, mass: str) -> dict[str, Any]:
    what = {"batch": batch, "material": material, "facility": facility, "mass": "1 t", "origin": origin}
    return done("mint", who, **what, substances={"Co": "1 kg"}, **emits(mass))


def refined(name: str, batch: str, mass: str, output: str) -> dict[str, Any]:
    return run(name, "refining", "hall", [batch], output, "0 g") | {
        "inputs": [{"batch": batch, "mass": mass}]
    }


CAPACITY = "900 t"
BEFORE = {"at": AT - 60 * 86_400}
OPERATIONS = [
    *(op("define_material", material=m, name=m, substances=["Co"]) for m in ("ore", "scrap", "metal")),
    *(
        op("register_participant", participant=p, name=p, country="FI")
        for p in ("mine", "works", "shop", "yard")
    ),
    op("register_facility", "mine", facility="pit", kind="mine", country="FI"),
    op("register_facility", "yard", facility="yard", kind="recycler", country="FI"),
    op("register_facility", "works", facility="hall", kind="works", country="FI"),
    op("register_facility", "works", facility="store", kind="warehouse", country="FI"),
    op("approve_origin", facility="mine/pit", material="ore", capacity_per_year=CAPACITY),
    op("approve_origin", facility="yard/yard", material="scrap", capacity_per_year=CAPACITY),
    minted("mine", "ORE", "ore", "pit", "mined", "1 g"),
    minted("yard", "SCRAP", "scrap", "yard", "post_consumer", "20 g"),
    *sent("A", "mine", "ORE", "works", "300 g"),
    *sent("B", "yard", "SCRAP", "works", "4 kg"),
    run("R1", "refining", "hall", ["mine/ORE"], "M1", "50 kg"),
    run("R2", "Cell Production", "hall", ["M1", "yard/SCRAP"], "CELL", "600 kg"),
    done("add_emissions", "works", batch="CELL", reason="ageing", emissions={"scope2": "7 t"}),
    *sent("C", "works", "CELL", "shop", "80 t"),
    done("split", "shop", batch="works/CELL", into=[{"batch": "ONE", "mass": "500 kg"}]),
    # A year before: of what was shipped a quarter is refined, half of a part of it, and the rest is left.
    minted("mine", "OLD", "ore", "pit", "mined", "1 g") | BEFORE,
    *(each | BEFORE for each in sent("D", "mine", "OLD", "works", "800 g")),
    done("split", "works", batch="mine/OLD", into=[{"batch": "PART", "mass": "500 kg"}]) | BEFORE,
    refined("R3", "PART", "250 kg", "M3") | BEFORE,
]
G = 1000


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    folder = tmp_path_factory.mktemp("stages")
    with new_client(folder) as client:
        client.submit(write(folder / "operations.jsonl", OPERATIONS), create_keys=True)
        client.sync()
        yield client


def test_transport_and_recycling_go_where_they_are_consumed(client: Client) -> None:
    assert client.trace("works/CELL").footprint.by_stage == {
        "distribution": 80_000_000 * G,
        "end_of_life": 0,
        # The scrap, its transport, and the run that took them.
        "main_production": 604_020 * G,
        # Nothing names ageing, nor the kind of the hall.
        "not_assigned": 7_000_000 * G,
        "raw_material_acquisition": 50_301 * G,
    }


def test_what_nothing_consumed(client: Client) -> None:
    """Recycled material by itself is of the end of life; its own transport is its distribution."""
    scrap = client.trace("yard/SCRAP").footprint.by_stage
    assert {name: mg for name, mg in scrap.items() if mg} == {
        "distribution": 4_000 * G,
        "end_of_life": 20 * G,
    }


def test_a_part_that_was_split_off_was_distributed_before(client: Client) -> None:
    whole, part = (client.trace(name).footprint.by_stage for name in ("works/CELL", "shop/ONE"))
    assert {name: 2 * mg for name, mg in part.items()} == whole


def test_emissions_of_a_year_by_stage(client: Client) -> None:
    """All of the year is in one product and its part: the report says what their footprint says."""
    found = report(collect(client.index, packaged()), Request(year=2026, by="stage"))
    rows = {row.group: row.figures[2026].total_mg for row in found.rows}
    assert sum(rows.values()) == found.total[2026].total_mg
    whole = client.trace("works/CELL").footprint.by_stage
    assert {name: mg for name, mg in rows.items() if mg} == {name: mg for name, mg in whole.items() if mg}


def test_what_was_not_used_yet_is_on_its_way(client: Client) -> None:
    found = report(collect(client.index, packaged()), Request(year=2025, by="stage"))
    rows = {row.group: row.figures[2025].total_mg for row in found.rows}
    assert rows == {"raw_material_acquisition": 1 * G + 200 * G, "distribution": 600 * G}


def test_another_table(client: Client, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A consortium's own, named in networks.toml, is what every command computes with."""
    network = client.network
    table = '[process]\n"refining" = "main_production"\n[kind]\nworks = "main_production"\n'
    (tmp_path / "own.toml").write_text(f'{table}[process_at.WORKS]\nageing = "end_of_life"\n', "utf-8")
    expected = {
        "distribution": 80_000_000 * G,
        # At the works it is what the table says of both; of the product itself nothing consumed it.
        "end_of_life": 7_000_000 * G,
        "main_production": 654_320 * G,
        "not_assigned": 1 * G,
        "raw_material_acquisition": 0,
    }
    stages = load_stages(tmp_path / "own.toml")
    assert trace(client.index, client.batch_id("works/CELL"), stages=stages).footprint.by_stage == expected
    config = tmp_path / "networks.toml"
    text = network.source.read_text("utf-8").replace(
        'path = ".traceledger/local"', f'path = "{network.folder}"\nstages = "own.toml"', 1
    )
    config.write_text(text, "utf-8")
    for command in (("trace",), ("footprint",), ("declaration", "show")):
        assert main(["--config", str(config), *command, "works/CELL", "--json"]) == ExitCode.OK
        shown = json.loads(capsys.readouterr().out)["co2e"]["by_stage"]
        assert {name: int(mg) for name, mg in shown.items()} == expected
    (tmp_path / "own.toml").unlink()
    assert main(["--config", str(config), "trace", "works/CELL"]) == ExitCode.INPUT
    assert "own.toml" in capsys.readouterr().err


def test_people_read_the_words_of_the_regulation(client: Client, capsys: pytest.CaptureFixture[str]) -> None:
    config = str(client.network.source)
    for command in (("trace",), ("footprint",), ("declaration", "show")):
        assert main(["--config", config, *command, "works/CELL"]) == ExitCode.OK
        shown = " ".join(capsys.readouterr().out.split())
        for words in ("distribution", "main product production", "not assigned"):
            assert words in shown


def test_the_package_s_table_is_one_to_copy(tmp_path: Path) -> None:
    (tmp_path / "copy.toml").write_text(packaged_text(), "utf-8-sig")
    assert load_stages(tmp_path / "copy.toml") == packaged() == load_stages(None)
    assert packaged().stage("MINING", "") is Stage.RAW_MATERIAL
    assert packaged().stage("stirring", "Refinery") is Stage.RAW_MATERIAL
    assert packaged().stage("stirring", "") is Stage.NOT_ASSIGNED


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("[process", "not valid TOML"),
        ('[process]\nmining = "distribution"', "'mining' is 'distribution'"),
        ('[process]\nmining = "not_assigned"', "'not_assigned'"),
        ("[kind]\nmine = 3", "'mine' is 3"),
        ("[kind]\nmine = []", "'mine' is"),
        ("process = 3", "not a table"),
        ("process_at = 3", "not a table of tables"),
        ("[process_at]\nmine = 3", "process_at.mine"),
        ('[procces]\nmining = "end_of_life"', "'procces' is no table"),
        ('[kind]\nMine = "end_of_life"\nmine = "end_of_life"', "there twice"),
    ],
)
def test_faults_of_a_table_say_where(text: str, wrong: str, tmp_path: Path) -> None:
    path = tmp_path / "stages.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(InputError) as refused:
        load_stages(path)
    assert wrong in str(refused.value)
    assert "stages.toml" in str(refused.value)


def test_a_table_that_is_no_text(tmp_path: Path) -> None:
    path = tmp_path / "stages.toml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match="not valid UTF-8"):
        load_stages(path)
    with pytest.raises(InputError, match="cannot be read"):
        load_stages(tmp_path)
