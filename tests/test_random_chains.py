"""Random supply chains through the client: every figure of a trace against the independent calculation."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from tests.clients import check_contracts_and_index, new_client, write
from tests.proofs.support import about
from tests.reference import rarer
from tests.reference.chains import Builder, build
from tests.reference.provenance import Figures, Replay, full_name
from tests.reference.values import SCOPES, SYMBOLS, Batch
from traceledger.client.client import Client
from traceledger.documents import batches, traces
from traceledger.model.substances import number
from traceledger.provenance import Trace

THOROUGH = settings().max_examples >= 1000
#: Seed, operations, and operations of a block: long ones with ``--hypothesis-profile=thorough``.
CHAINS = [(1, 300, 100), (2, 240, 100), (5, 150, 1)] if THOROUGH else [(1, 190, 100), (5, 90, 1)]
OF_EVERY_KIND = [(2, 300, 100), (7, 130, 1)] if THOROUGH else [(2, 200, 100), (7, 100, 1)]

#: Shares are shown in units of this; each is off by no more than one.
UNIT = Decimal("1e-15")


@pytest.mark.parametrize(("seed", "operations", "block_size"), CHAINS)
def test_random_chain(seed: int, operations: int, block_size: int, tmp_path: Path) -> None:
    builder = build(seed, operations=operations)
    path = write(tmp_path / "operations.jsonl", builder.ops)
    with new_client(tmp_path) as client:
        submitted = client.submit(path, create_keys=True, block_size=block_size)
        assert (submitted.sent, submitted.skipped) == (operations, 0)
        check_traces(client, builder)
        check_masses(client, builder)
        check_contracts_and_index(client, builder.ledger)
        head = client.chain.head()
        again = client.submit(path, create_keys=True)
        assert (again.sent, again.skipped) == (0, operations)
        assert client.chain.head() == head


@pytest.mark.parametrize(("seed", "operations", "block_size"), OF_EVERY_KIND)
def test_random_chain_of_every_kind(seed: int, operations: int, block_size: int, tmp_path: Path) -> None:
    """With answers lot by lot, measurements, holds, second lives, reversals and restatements."""
    builder = rarer.build(seed, operations=operations)
    path = write(tmp_path / "operations.jsonl", builder.ops)
    with new_client(tmp_path) as client:
        submitted = client.submit(path, create_keys=True, block_size=block_size)
        assert (submitted.sent, submitted.skipped) == (operations, 0)
        check_contracts_and_index(client, builder.ledger)
        check_traces(client, builder, count_events=False)
        check_masses(client, builder)
        check_proofs(client, builder, tmp_path / "some.tlproof")
        again = client.submit(path, create_keys=True)
        assert (again.sent, again.skipped) == (0, operations)


def check_proofs(client: Client, builder: Builder, path: Path) -> None:
    """Of some batches, that a file alone shows what the index does."""
    trusted = client.trust_root()
    there = [full_name(name) for name, batch in builder.ledger.batches.items() if batch.state != "reversed"]
    for name in builder.rng.sample(there, 5):
        client.export_proof(name, path)
        assert about(path, trusted).trace == client.trace(name)


def check_traces(client: Client, builder: Builder, *, count_events: bool = True) -> None:
    """Of all batches but those that were reversed, which are shown as they were before."""
    replay = Replay(builder.ledger)
    for name, batch in builder.ledger.batches.items():
        if batch.state == "reversed":
            continue
        found = client.trace(full_name(name))
        check_tolerance(client, found)
        document = json.loads(json.dumps(traces.trace(found)))
        figures = replay.figures(name)
        assert document["batch"] == full_name(name)
        check_state(document, batch, replay.lives[name].raised)
        check_co2e(document["co2e"], figures)
        check_corrected(document, figures)
        check_origins(document, batch, figures, builder)
        assert document["batches"] == len(figures.upstream)
        if count_events:
            assert document["events"] == figures.events


def check_tolerance(client: Client, found: Trace) -> None:
    """The basis points used that follow from a lineage are those of the ledger, wherever it tells them."""
    batch = client.index.batch(found.id)
    assert batch is not None
    used = dict(zip((0, *batch.tracked), batch.tolerance_used, strict=True))
    if found.tolerance_bp is not None:
        assert found.tolerance_mass_bp == used[0]
        assert found.tolerance_bp == {number: used.get(number, 0) for number in found.tolerance_bp}


def check_masses(client: Client, builder: Builder) -> None:
    """Of every batch, that made, taken, lost, dried and booked sum to what is left, to the milligram."""
    for name, batch in builder.ledger.batches.items():
        found = client.index.batch(client.batch_id(full_name(name)))
        assert found is not None
        masses = json.loads(json.dumps(batches.batch(client.index, found, [])))["masses"]
        left = Counter({"mass": found.mass_mg})
        left.update({SYMBOLS[item]: mg for item, mg in found.substances_mg.items()})
        kinds = ("made_mg", "taken_mg", "lost_mg", "moisture_mg", "booked_mg", "reversed_mg")
        for each in ([masses[kind] for kind in kinds], [item["moved_mg"] for item in masses["movements"]]):
            summed = {key: sum(int(item.get(key, 0)) for item in each) for key in left}
            assert summed == dict(left), (name, batch.state)
        # A consumed batch holds no substance any more, and its movements come to zero of each.
        assert +Counter({key: int(mg) for key, mg in masses["left_mg"].items()}) == +left


def check_corrected(document: dict[str, Any], figures: Figures) -> None:
    """What restatements and measurements upstream come to."""
    co2e = document["co2e"]
    restated = co2e.get("restated", co2e)
    assert abs(int(restated["total_mg"]) - figures.restated_mg) <= 1
    assert abs(int(restated["primary_mg"]) - figures.restated_primary_mg) <= 1
    stages = {name: int(mg) for name, mg in restated["by_stage"].items()}
    assert sum(stages.values()) == int(restated["total_mg"])
    for name, mg in (dict.fromkeys(figures.restated_by_stage, 0) | stages).items():
        assert abs(mg - figures.restated_by_stage.get(name, 0)) <= 1, name
    for name, mg in document["booked_mg"].items():
        lane = 0 if name == "mass" else number(name)
        assert abs(int(mg) - figures.booked.get(lane, 0)) <= 1


def origin_of(item: dict[str, Any]) -> tuple[str, str]:
    """What an origin is, and its name; of a recycling run, the run's."""
    if "transformation" in item:
        return f"run {item['origin']}", item["transformation"]
    return item["origin"], item["batch"]


def decimal(share: Fraction) -> Decimal:
    return Decimal(share.numerator) / Decimal(share.denominator)


def check_state(document: dict[str, Any], batch: Batch, found_later: Collection[int] = ()) -> None:
    assert document["material"] == batch.material
    assert document["custodian"] == batch.custodian
    assert document["state"] == batch.state
    assert int(document["mass_mg"]) == batch.pools.mass
    assert int(document["made_mass_mg"]) == batch.made.mass
    # What was found in it later was none when it was made.
    raised = {SYMBOLS[n]: 0 for n in found_later}
    made = raised | {SYMBOLS[n]: mass for n, mass in batch.made.substances.items() if mass}
    assert {name: int(mass) for name, mass in document["made_substances_mg"].items()} == made
    left = {name: batch.pools.substances[number(name)] for name in made}
    assert {name: int(mass) for name, mass in document["substances_mg"].items()} == left


def check_co2e(co2e: dict[str, Any], figures: Figures) -> None:
    assert int(co2e["own_mg"]) == figures.own_mg
    assert int(co2e["inherited_mg"]) == figures.inherited_mg
    assert int(co2e["total_mg"]) == figures.total_mg
    assert int(co2e["primary_mg"]) == figures.primary_mg
    assert set(co2e["by_scope"]) == set(SCOPES)
    for key in ("by_facility", "by_process", "by_stage", "by_scope"):
        found = {name: int(mg) for name, mg in co2e[key].items()}
        exact: dict[str, Fraction] = getattr(figures, key)
        assert sum(found.values()) == figures.total_mg, key
        for name, mg in (dict.fromkeys(exact, 0) | found).items():
            assert abs(mg - exact.get(name, 0)) <= 1, (key, name)


def check_origins(document: dict[str, Any], batch: Batch, figures: Figures, builder: Builder) -> None:
    left = {SYMBOLS[n]: mass for n, mass in batch.pools.substances.items()}
    found = {(origin_of(item), item["substance"]): item for item in document["origins"]}
    assert len(found) == len(document["origins"])
    expected = {(origin, full_name(name), substance) for (origin, name), substance in figures.origins}
    assert {(*origin, substance) for origin, substance in found} == expected
    for ((kind, origin), substance), share in figures.origins.items():
        item = found[(kind, full_name(origin)), substance]
        assert abs(Decimal(str(item["share"])) - decimal(share)) <= UNIT
        assert abs(int(item["mass_mg"]) - share * left[substance]) <= 1
        if kind in ("mined", "post_consumer", "pre_consumer"):
            minted = builder.ledger.batches[origin]
            assert item["facility"] == full_name(minted.facility)
            assert item["country"] == builder.ledger.facilities[minted.facility].country
    for substance, mass in left.items():
        parts = [int(item["mass_mg"]) for (_, of), item in found.items() if of == substance]
        assert sum(parts) == (mass if parts else 0)
    for name, kinds in figures.recycled.items():
        for kind, share in kinds.items():
            # A sum of shares as they are shown.
            shown = Decimal(str(document["recycled_content"][name][kind]))
            assert abs(shown - decimal(share)) <= UNIT * len(found)
    for name, parts in figures.traced.items():
        shown_parts = {
            kind: Decimal(str(document[f"{kind}_share"][name]))
            for kind in ("traced", "untraced", "declared", "confirmed")
        }
        assert sum(shown_parts.values()) == 1
        for kind, part in shown_parts.items():
            assert abs(part - decimal(parts.get(kind, Fraction(0)))) <= UNIT
    assert document["tainted"] == figures.tainted
