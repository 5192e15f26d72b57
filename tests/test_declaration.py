"""The Product Sustainability Declaration: its values, its JSON, and how it looks."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.console import Console

from tests.clients import new_client, write
from traceledger.cli import main
from traceledger.cli.declaration import DeclarationView
from traceledger.cli.output import console
from traceledger.client.client import Client
from traceledger.declaration import Declaration, declare
from traceledger.documents import declarations, explored
from traceledger.errors import ExitCode, UnknownNameError
from traceledger.index import Index
from traceledger.model.article_8 import MINIMUMS
from traceledger.model.batches import BatchState
from traceledger.model.substances import number as substance
from traceledger.provenance import trace

CO, LI, NI, PB = map(substance, ("Co", "Li", "Ni", "Pb"))
OPERATIONS = [
    {"op": "define_material", "material": "ore", "name": "Ore", "substances": ["Co", "Mn"]},
    {"op": "define_material", "material": "scrap", "name": "Scrap", "substances": ["Co"]},
    {"op": "define_material", "material": "metal", "name": "Metal", "substances": ["Co", "Mn"]},
    {"op": "define_material", "material": "sand", "name": "Sand", "substances": []},
    {"op": "register_participant", "participant": "mine", "name": "Mine", "country": "CD"},
    {"op": "register_participant", "participant": "works", "name": "Works", "country": "FI"},
    {"op": "register_facility", "as": "mine", "facility": "pit", "kind": "mine", "country": "CD"},
    {"op": "register_facility", "as": "works", "facility": "yard", "kind": "recycler", "country": "FI"},
    {"op": "register_facility", "as": "works", "facility": "hall", "kind": "smelter", "country": "FI"},
    {"op": "approve_origin", "facility": "mine/pit", "material": "ore", "capacity_per_year": "100 t"},
    {"op": "approve_origin", "facility": "mine/pit", "material": "sand", "capacity_per_year": "100 t"},
    {"op": "approve_origin", "facility": "works/yard", "material": "scrap", "capacity_per_year": "100 t"},
    {
        "op": "mint",
        "as": "mine",
        "batch": "A",
        "material": "ore",
        "facility": "pit",
        "mass": "10 t",
        "substances": {"Co": "600 kg", "Mn": "50 kg"},
        "origin": "mined",
        "emissions": {"scope1": "3 t", "primary": "2 t"},
        "at": 1768716000,
    },
    {
        "op": "mint",
        "as": "mine",
        "batch": "SAND",
        "material": "sand",
        "facility": "pit",
        "mass": "1 t",
        "origin": "mined",
        "at": 1768716000,
    },
    {
        "op": "mint",
        "as": "works",
        "batch": "S",
        "material": "scrap",
        "facility": "yard",
        "mass": "1 t",
        "substances": {"Co": "150 kg"},
        "origin": "post_consumer",
        "emissions": {"scope2": "100 kg"},
        "at": 1768716000,
    },
    {
        "op": "mint",
        "as": "works",
        "batch": "P",
        "material": "scrap",
        "facility": "yard",
        "mass": "1 t",
        "substances": {"Co": "50 kg"},
        "origin": "pre_consumer",
        "at": 1768716000,
    },
    {
        "op": "ship",
        "as": "mine",
        "shipment": "T",
        "batches": ["A"],
        "to": "works",
        "emissions": {"scope3": "400 kg"},
        "at": 1768716000,
    },
    {"op": "receive", "as": "works", "shipment": "mine/T", "at": 1768716000},
    {
        "op": "transform",
        "as": "works",
        "transformation": "R",
        "facility": "hall",
        "process": "smelting",
        "inputs": [{"batch": "mine/A"}, {"batch": "S"}, {"batch": "P"}],
        "outputs": [
            {
                "batch": "M",
                "material": "metal",
                "mass": "850 kg",
                "substances": {"Co": "800 kg", "Mn": "50 kg"},
            }
        ],
        "emissions": {"scope1": "500 kg", "primary": "500 kg"},
        "at": 1768716000,
    },
]


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    folder = tmp_path_factory.mktemp("declaration")
    with new_client(folder) as client:
        client.submit(write(folder / "operations.jsonl", OPERATIONS), create_keys=True)
        client.sync()
        yield client


@pytest.fixture(scope="module")
def declared(client: Client) -> Declaration:
    return declare(client.index, client.batch_id("works/M"))


def drawn(declared: Declaration, *, width: int = 80, encoding: str = "utf-8") -> str:
    stream = io.TextIOWrapper(io.BytesIO(), encoding=encoding, newline="")
    Console(file=stream, width=width, markup=False).print(DeclarationView(declared))
    stream.flush()
    stream.seek(0)
    return stream.read()


def test_footprint(declared: Declaration) -> None:
    whole = declared.footprint

    assert whole.own_mg == 500 * 10**6
    assert whole.inherited_mg == 3500 * 10**6
    assert whole.primary_share == 2500 / 4000
    assert whole.by_process == {
        "mining": 3000 * 10**6,
        "recycling": 100 * 10**6,
        "smelting": 500 * 10**6,
        "transport": 400 * 10**6,
    }
    assert sum(whole.by_facility.values()) == sum(whole.by_scope.values()) == whole.total_mg


def test_substances(declared: Declaration) -> None:
    cobalt, manganese = sorted(declared.substances, key=lambda item: -item.substance)

    assert [(item.batch, float(item.share)) for item in cobalt.origins] == [
        ("mine/A", 0.75),
        ("works/S", 0.1875),
        ("works/P", 0.0625),
    ]
    assert cobalt.recycled_share == 0.25
    assert cobalt.minimum == MINIMUMS[CO]
    assert (manganese.recycled_share, manganese.minimum) == (0.0, None)


def test_minimum_shares_are_those_of_the_regulation() -> None:
    """Regulation (EU) 2023/1542, Article 8, paragraphs 2 and 3."""
    minimums = {n: (item.percent_2031, item.percent_2036) for n, item in MINIMUMS.items()}
    assert minimums == {CO: (16, 26), PB: (85, 85), LI: (6, 12), NI: (6, 15)}


def test_it_names_what_it_was_computed_from(client: Client, declared: Declaration) -> None:
    head, contracts = client.chain.head(), client.network.deployed()
    chain = declared.chain

    assert (chain.block, chain.block_hash) == (head.number, head.hash)
    assert (chain.chain_id, chain.genesis_hash) == (client.chain.chain_id, client.chain.genesis_hash())
    assert (chain.ledger, chain.registry) == (contracts.ledger, contracts.registry)


def test_a_new_index_gives_the_same(client: Client, declared: Declaration, tmp_path: Path) -> None:
    contracts = client.network.deployed()
    with Index.rebuild(tmp_path / "index.sqlite", client.chain, contracts) as index:
        assert declare(index, declared.batch_id) == declared


def test_unknown_batch(client: Client) -> None:
    with pytest.raises(UnknownNameError):
        declare(client.index, 1)


def test_document(declared: Declaration) -> None:
    document = json.loads(json.dumps(declarations.declaration(declared)))

    assert document["co2e"]["total_mg"] == "4000000000"
    assert document["made_by"] == {"participant": "works", "name": "Works", "country": "FI"}
    assert document["made_at"]["facility"] == "hall"
    assert document["substances"]["Co"]["made_mass_mg"] == "800000000"
    assert document["substances"]["Co"]["recycled_minimum_percent"] == {"2031": 16, "2036": 26}
    assert "recycled_minimum_percent" not in document["substances"]["Mn"]
    assert not document["tainted"]


def test_own_and_inherited_sum_to_each_stage(declared: Declaration) -> None:
    whole = declared.footprint

    assert sum(whole.own_by_stage.values()) == whole.own_mg
    assert whole.own_by_stage.keys() == whole.by_stage.keys()
    assert all(0 <= own <= whole.by_stage[stage] for stage, own in whole.own_by_stage.items())


def test_journey_of_each_substance(declared: Declaration) -> None:
    cobalt = declarations.declaration(declared)["journeys"]["Co"]

    told = [(step["step"], step["origin"], step["process"], step["share"]) for step in cobalt]
    assert told == [
        ("origin", "mined", None, 0.75),
        ("origin", "post_consumer", None, 0.1875),
        ("origin", "pre_consumer", None, 0.0625),
        ("transport", None, None, 0.75),
        ("run", None, "smelting", 1.0),
    ]
    road = cobalt[3]
    assert (road["from"]["facility"], road["at"]["facility"], road["by"]) == (
        "mine/pit",
        "works/hall",
        "mine",
    )
    assert road["materials"] == [{"material": "ore", "name": "Ore"}]
    manganese = declarations.declaration(declared)["journeys"]["Mn"]
    assert [(step["step"], step["share"]) for step in manganese] == [
        ("origin", 1.0),
        ("transport", 1.0),
        ("run", 1.0),
    ]


def test_shares_of_origins_are_those_of_the_journey(declared: Declaration) -> None:
    document = declarations.declaration(declared)
    for name, statement in document["substances"].items():
        begun = sum(step["share"] for step in document["journeys"][name] if step["step"] == "origin")
        assert begun == pytest.approx(sum(origin["share"] for origin in statement["origins"]), abs=1e-12)


def test_per_kilogram_divides_what_is_left(client: Client) -> None:
    """A tank that was topped up is not its history; an empty one is."""
    whole = declare(client.index, client.batch_id("works/M")).per_kg
    empty = declare(client.index, client.batch_id("mine/A")).per_kg

    assert (whole.co2e_mg, whole.mass_mg, whole.left) == (4 * 10**9, 850 * 10**6, False)
    assert whole.mg == 4705882
    assert (empty.mass_mg, empty.left) == (10**10, False)


def test_a_part_taken_is_not_in_the_figure_per_kilogram(tmp_path: Path) -> None:
    """What was added after 400 of 1,000 kg were split off is divided by what is left, everywhere."""
    with new_client(tmp_path) as client:
        client.submit(write(tmp_path / "operations.jsonl", OPERATIONS[:14]), create_keys=True)
        client.split("SAND", [{"batch": "HEAP", "mass": "400 kg"}], act_as="mine", at=1768716000)
        client.add_emissions(
            "SAND", emissions={"scope1": "6 t"}, reason="drying", act_as="mine", at=1768716000
        )
        client.sync()
        number = client.batch_id("mine/SAND")
        sand = declare(client.index, number)
        assert (sand.per_kg.co2e_mg, sand.per_kg.mass_mg, sand.per_kg.left) == (6 * 10**9, 600 * 10**6, True)
        assert "10 kg CO2e per kg of what is left" in drawn(sand)
        batch = client.index.batch(number)
        assert batch is not None
        page = explored.batch(client.index, batch, trace(client.index, number, records=True), ())
        assert page["per_kg"] == declarations.declaration(sand)["per_kg"]


def test_what_is_not_known(declared: Declaration) -> None:
    unknown = declarations.declaration(declared)["unknown"]

    assert unknown["not_measured_mg"] == str(1500 * 10**6)
    assert unknown["without_primary_mg"] == {
        "mine (transport)": str(400 * 10**6),
        "works/yard": str(100 * 10**6),
    }
    assert unknown["stages_without_data"] == ["main_production", "distribution", "end_of_life"]
    assert unknown["without_assessment"] == ["mine", "works"]
    assert unknown["untraced_share"] == unknown["private_texts"] == {}


def test_suppliers_of_the_lineage(declared: Declaration) -> None:
    suppliers = declarations.declaration(declared)["suppliers"]

    assert [(each["participant"], each["may_act"]) for each in suppliers] == [("mine", True), ("works", True)]


@pytest.mark.parametrize("width", [80, 100, 200])
def test_it_fits(declared: Declaration, width: int) -> None:
    lines = drawn(declared, width=width).splitlines()
    assert max(map(len, lines)) <= min(width, 96)
    assert any(f"0x{declared.chain.block_hash.hex()}" in line for line in lines)


def test_it_shows_what_matters(declared: Declaration) -> None:
    text = drawn(declared)
    for shown in (
        "works/M",
        "4 t",
        "62.5 %",
        "smelting",
        "works/hall",
        "mine/pit (CD)",
        "post-consumer",
        "16 % reached",
        "26 % below",
        "none declared in error",
    ):
        assert shown in text


def test_ascii_terminals_get_ascii(declared: Declaration) -> None:
    assert "####" in drawn(declared, encoding="ascii")


def test_what_others_wrote_does_not_steer_the_terminal(
    declared: Declaration, capsys: pytest.CaptureFixture[str]
) -> None:
    hostile = Declaration(
        **{name: getattr(declared, name) for name in declared.__slots__} | {"material_name": "\x1b[2J gold"}
    )
    console().print(DeclarationView(hostile))
    assert "\x1b[2J" not in capsys.readouterr().out


def test_nothing_emitted_and_nothing_tracked(client: Client) -> None:
    sand = declare(client.index, client.batch_id("mine/SAND"))

    assert sand.substances == ()
    assert sand.footprint.primary_share == 0.0
    assert "Origins" not in drawn(sand)
    assert "0 mg" in drawn(sand)


def test_command(client: Client, declared: Declaration, capsys: pytest.CaptureFixture[str]) -> None:
    config = str(client.network.source)

    assert main(["--config", config, "declaration", "show", "works/M", "--json"]) == ExitCode.OK
    assert json.loads(capsys.readouterr().out) == declarations.declaration(declared)
    assert main(["--config", config, "declaration", "show", "works/M"]) == ExitCode.OK
    assert "Product Sustainability Declaration" in capsys.readouterr().out
    assert main(["--config", config, "declaration", "show", "works/NONE"]) == ExitCode.INPUT
    failed = capsys.readouterr()
    assert not failed.out
    assert "works/NONE" in failed.err


def test_a_declared_error_taints_and_untraces(client: Client) -> None:
    """Last: it changes the chain that the tests above share."""
    client.declare_error("works/S", act_as="works", reason="incorrect_data", at=1768716001)
    client.sync()
    tainted = declare(client.index, client.batch_id("works/M"))
    cobalt = next(item for item in tainted.substances if item.substance == CO)

    assert tainted.tainted
    (error,) = tainted.corrections
    assert (error.kind, error.by, error.of) == ("error", "works", "works/S")
    assert float(tainted.unknown.untraced[CO]) == 0.1875
    assert float(cobalt.traced_share) == 0.8125
    assert tainted.state is BatchState.ACTIVE
    assert "an error was declared" in drawn(tainted)
