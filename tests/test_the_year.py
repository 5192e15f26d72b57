"""The example's year: what was measured, corrected and taken back shows in the figures, and in a proof."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.proofs.support import about
from traceledger.client.client import Client, connect
from traceledger.config.networks import write_template
from traceledger.declaration import declare
from traceledger.documents import batches, traces
from traceledger.model.batches import Batch, BatchState
from traceledger.model.substances import number
from traceledger.provenance import Trace

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
CO, NI = number("Co"), number("Ni")
KG = 10**6


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """The example, and the rest of its year, on a chain of their own."""
    config = write_template(tmp_path_factory.mktemp("year"))
    with connect(config=config, passphrase=lambda _: "only a test") as client:
        client.deploy()
        client.submit(EXAMPLES / "cobalt-to-car.jsonl", create_keys=True)
        client.submit(EXAMPLES / "the-year.jsonl")
        client.sync()  # whichever test is first here
        yield client


@pytest.fixture(scope="module")
def car(client: Client) -> Trace:
    return client.trace("oem/VIN-3")


def held_now(client: Client, name: str) -> Batch:
    found = client.index.batch(client.batch_id(name))
    assert found is not None
    return found


def test_an_umpires_assay_is_booked_and_moves_no_origin(client: Client) -> None:
    lot = client.trace("zambezi/HX-0009")
    assert lot.booked_mg[CO] == 2_100_000
    assert [(origin.country, float(origin.share)) for origin in lot.origins] == [("ZM", 1.0)]


def test_the_history_of_a_lot_says_which_run_was_taken_back(client: Client) -> None:
    lot = held_now(client, "zambezi/HX-0009")
    told = batches.batch(client.index, lot, ())["events"]
    runs = [(each["event"], each["run"]) for each in told if "run" in each]
    assert runs == [
        ("Transformed", "kokkola/RUN-90"),
        ("TransformationReversed", "kokkola/RUN-90"),
        ("Transformed", "kokkola/RUN-90-2"),
    ]
    car = batches.batch(client.index, held_now(client, "oem/VIN-2"), ())["events"]
    assert [(each["event"], each["facility"]) for each in car if "facility" in each] == [
        ("Transformed", "oem/torslanda-assembly"),
        ("BatchTakenBack", "lusatia/schwarzheide-plant"),
        ("Transformed", "lusatia/schwarzheide-plant"),
    ]


def test_the_chain_of_custody_of_each_substance(client: Client, car: Trace) -> None:
    """One origin for lithium; four for cobalt, one of them untraced; of old stock alone, nothing is kept."""
    models = dict(car.chain_of_custody.named)
    assert (models["Li"], models["Co"]) == ("identity_preserved", "controlled_blending")
    assert dict(client.trace("kokkola/OLD-01").chain_of_custody.named) == {"Co": None}
    declared = declare(client.index, client.batch_id("oem/VIN-3"))
    assert {each.name: each.chain_of_custody for each in declared.substances} == models


def test_a_declaration_says_of_when_it_is(client: Client) -> None:
    client.sync()
    declared = declare(client.index, client.batch_id("oem/VIN-3"))
    newest = next(iter(client.chain.blocks(declared.chain.block, declared.chain.block)))
    assert declared.chain.newest_record_at == newest.ref.timestamp


def test_water_that_dried_off_takes_no_cobalt_along(client: Client) -> None:
    lot = held_now(client, "likasi/HYD-031")
    # 2 t were split off 4.465 t; 488 kg of the 2.44 t that arrived were refined.
    held = 1_562_750_000 - 1_562_750_000 * 2_000 // 4_465
    assert lot.mass_mg == 1_952 * KG
    assert lot.substances_mg[CO] == held - held * 488 // 2_440


def test_a_run_that_was_typed_wrongly_is_shown_and_counts_nowhere(client: Client, car: Trace) -> None:
    wrong = client.trace("kokkola/COS-90")
    assert wrong.state is BatchState.REVERSED
    assert wrong.footprint.own_mg > 558_000 * KG
    assert client.trace("kokkola/COS-90-2").footprint.own_mg == 1_115 * KG


def test_waste_bears_no_co2e_and_becomes_recycled_content(client: Client, car: Trace) -> None:
    assert client.trace("kokkola/RES-90-2").footprint.total_mg == 9 * KG  # its transport
    content = car.recycled_content[CO]
    assert float(content.waste_of_runs) == float(content.pre_consumer) > 0.16
    recycled = client.trace("lusatia/RCO-13")
    assert float(recycled.recycled_content[CO].pre_consumer) == 1.0
    assert float(recycled.traced_share[CO]) == 1.0


def test_the_cobalt_of_a_car_that_came_back_is_in_the_next_one(client: Client, car: Trace) -> None:
    content = car.recycled_content[CO]
    assert float(content.take_back) == float(content.post_consumer) > 0.48
    assert {(origin.transformation, origin.country) for origin in car.origins if origin.substance == NI} >= {
        ("lusatia/RC-14", "DE")
    }
    # The first life keeps its footprint.
    first = client.trace("oem/VIN-2")
    assert first.footprint.total_mg == client.trace("oem/VIN-1").footprint.total_mg
    assert held_now(client, "oem/VIN-2").own_mg == 0


def test_untraced_stock_is_never_traced(car: Trace) -> None:
    parts = car.traced[CO]
    assert float(parts.untraced) == pytest.approx(0.0961, abs=0.0001)
    rounded = json.loads(json.dumps(traces.trace(car)))
    assert rounded["traced_share"]["Co"] + rounded["untraced_share"]["Co"] == pytest.approx(1.0)
    assert [origin.country for origin in car.origins if origin.origin.slug == "untraced"] == [""]


def test_a_restated_footprint_stands_beside_the_recorded_one(client: Client) -> None:
    declared = declare(client.index, client.batch_id("oem/VIN-1"))
    restated = declared.footprint.restated
    assert restated is not None and restated.confirmed and restated.records == 1
    assert declared.used is restated
    assert restated.total_mg < declared.footprint.total_mg
    assert sum(restated.by_facility.values()) == sum(restated.by_scope.values()) == restated.total_mg
    # Of the lot, 69.417 t were recorded and 55 t are known: the car bears the difference in the same part.
    mine = "zambezi/kitwe-mine"
    part = declared.footprint.by_facility[mine] / 69_417
    assert restated.by_facility[mine] == pytest.approx(part * 55_000, abs=1)


@pytest.mark.parametrize(
    "batch", ["oem/VIN-2", "oem/VIN-3", "kokkola/COS-90", "likasi/HYD-031", "lusatia/RCO-13"]
)
def test_a_proof_says_the_same(client: Client, batch: str, tmp_path: Path) -> None:
    client.export_proof(batch, tmp_path / "proof")
    verified = about(tmp_path / "proof", client.trust_root())
    assert traces.trace(verified.trace) == traces.trace(client.trace(batch, as_of=verified.preamble.block))


def test_the_tolerance_that_an_assay_used_is_used_in_what_was_made_of_the_lot(client: Client) -> None:
    assert client.trace("zambezi/HX-0009").tolerance_bp[CO] == 60
    made = client.trace("kokkola/COS-90-2")
    assert (made.tolerance_bp[CO], made.tolerance_mass_bp) == (60, 0)


def test_flights_are_told_apart_in_the_footprint(client: Client, car: Trace) -> None:
    # 1.2 t over 433 kg, of which 15, 5 and 100 kg went into the next precursor; all of the second flight.
    flown = car.footprint.parts.aviation_mg
    assert flown == pytest.approx((1_200 * 120 / 433 + 540) * KG, abs=1)
    assert car.footprint.parts.removals_mg == 0
