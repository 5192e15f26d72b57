"""What is exported and captured into an empty ledger gives the same traces, to the milligram."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.clients import client_of, new_client, write
from tests.interop.official import faults
from tests.once import once
from tests.reference import rarer
from traceledger.client.client import Client
from traceledger.documents import traces
from traceledger.interop.directory import Directory
from traceledger.interop.epcis import documents, export
from traceledger.interop.epcis.capture import Verdict, missing, plan
from traceledger.interop.epcis.writing import dumps, kilograms, kilograms_text
from traceledger.interop.referee.checking import check
from traceledger.model.units import parse_mass

EXAMPLE = Path(__file__).resolve().parents[3] / "examples" / "cobalt-to-car.jsonl"
#: Seed and operations of ledgers with answers lot by lot, measurements, reversals, restatements.
LEDGERS = [(2, 130), (7, 100)]
_AT, _PAPER = "2026-09-01T00:00:00Z", [{"uri": "https://example.org/audit.pdf", "sha256": "22" * 32}]
_LATER: list[dict[str, Any]] = [
    {"op": "add_emissions", "batch": "HYD-031", "record": "STORE", "reason": "storage"},
    {"op": "ship", "batches": ["HYD-031"], "shipment": "REST", "to": "kokkola"},
]
_RESTATED: list[dict[str, Any]] = [
    {"op": "restate_emissions", "of": of, "reason": "audited", "evidence": _PAPER}
    for of in ({"record": "likasi/STORE"}, {"shipment": "likasi/REST"})
]
LATER = [
    each | {"as": "likasi", "at": _AT, "emissions": {"scope1": amount}}
    for amount, some in (("9 kg", _LATER), ("7 kg", _RESTATED))
    for each in some
]
"""Records of what was left of a lot after the cars' part was split off it, restated: traces count these."""
SELF = ("id", "block", "time", "as_of")
"""What a trace says, anywhere in it, of its chain: ids follow from keys, blocks from when it was sent."""


def filled(folder: Path, *, seed: int, operations: int) -> None:
    with new_client(folder / "it") as client:
        ops = rarer.build(seed, operations=operations).ops
        client.submit(write(folder / "ops.jsonl", ops), create_keys=True, block_size=100)
        client.sync()


def begun(folder: Path) -> None:
    with new_client(folder / "it") as client:
        client.submit(EXAMPLE, create_keys=True)
        client.submit(write(folder / "later.jsonl", LATER))
        client.sync()


@pytest.fixture(scope="module", params=[*LEDGERS, None], ids=str)
def ledger(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    if request.param is None:
        folder = once(tmp_path_factory, "epcis-example", begun)
    else:
        seed, operations = request.param
        make = partial(filled, seed=seed, operations=operations)
        folder = once(tmp_path_factory, f"epcis-random-{seed}", make)
    with client_of(folder / "it") as client:
        yield client


def names(client: Client) -> list[str]:
    """Full names of its batches, those that were made last first: their lineages are the longest."""
    return [client.names().shown(batch.id) for batch in reversed(client.index.batches())]


def exported(client: Client, name: str) -> bytes:
    return dumps(export.lineage(client.index, client.batch_id(name)).document).encode()


def events(client: Client, name: str) -> list[dict[str, Any]]:
    document = export.lineage(client.index, client.batch_id(name)).document
    found: list[dict[str, Any]] = document["epcisBody"]["eventList"]
    return found


def told(client: Client, name: str) -> dict[str, Any]:
    """A trace with its counts, but for what it says of the chain."""

    def others(found: dict[str, Any]) -> dict[str, Any]:
        return {key: value for key, value in found.items() if key not in SELF}

    found: dict[str, Any] = json.loads(json.dumps(traces.trace(client.trace(name))), object_hook=others)
    assert {"events", "batches", "reversed"} <= set(found)
    return found


def captured(content: bytes, folder: Path) -> Client:
    """A new ledger with what a document says."""
    client = new_client(folder)
    read = documents.read(content, "lineage.json")
    assert not read.refused
    needed = missing([read], client.index)
    found = plan([read], Directory(client.index), client.index, definitions=needed)
    assert {row.verdict for row in found.rows} == {Verdict.BECOMES}
    client.submit(found.source(), create_keys=True)
    client.sync()
    return client


def test_the_same_traces(ledger: Client, tmp_path: Path) -> None:
    found = names(ledger)
    for number, name in enumerate((found[0], found[len(found) // 3])):
        with captured(exported(ledger, name), tmp_path / str(number)) as again:
            assert told(again, name) == told(ledger, name), name


def test_what_a_company_took_part_in(ledger: Client, tmp_path: Path) -> None:
    """Alone it is the company's own; with all that it follows from it can be captured anew."""
    lot = ledger.index.batches()[-1]
    whose = partial(export.company, ledger.index, lot.custodian, since=0, until=2**40)
    own, whole = (whose(whole=each).document["epcisBody"]["eventList"] for each in (False, True))
    assert {each["eventID"] for each in own} <= {each["eventID"] for each in whole}
    assert own
    name = ledger.names().shown(lot.id)
    with captured(dumps(whose(whole=True).document).encode(), tmp_path / "again") as again:
        assert told(again, name)["co2e"] == told(ledger, name)["co2e"]
        assert told(again, name)["origins"] == told(ledger, name)["origins"]


def test_the_official_schema_and_ours_take_it(ledger: Client, shared: Path) -> None:
    schema = shared / "data/schemas/epcis/epcis-json-schema.json"
    for name in names(ledger)[:12]:
        content = exported(ledger, name)
        assert faults(schema, json.loads(content)) == []
        assert not documents.read(content, "lineage.json").refused


def test_the_referee_finds_nothing_wrong(ledger: Client) -> None:
    """Masses, substances and CO2e of what is written add up."""
    for name in names(ledger)[:8]:
        found = check(exported(ledger, name), name)
        assert found.sound, found.faults


def test_it_is_the_same_every_time(ledger: Client) -> None:
    name = names(ledger)[0]
    assert exported(ledger, name) == exported(ledger, name)
    ids = [each["eventID"] for each in events(ledger, name) if "errorDeclaration" not in each]
    assert len(set(ids)) == len(ids)


def test_every_digit_of_a_mass() -> None:
    for mg in (0, 1, 10, 999_999, 1_000_000, 19_980_000_001, 2**54 - 1):
        written = json.loads(dumps({"quantity": kilograms(mg)}), parse_float=Decimal, parse_int=Decimal)
        assert written["quantity"] * 10**6 == mg
        assert parse_mass(kilograms_text(mg)) == mg
