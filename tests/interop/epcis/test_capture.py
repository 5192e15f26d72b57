"""Events of foreign systems become operations: each event one verdict, and nothing twice."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from tests.cli.conftest import run_command
from tests.clients import PASSPHRASE
from tests.interop.epcis import supply
from tests.interop.epcis.conftest import plan_of, verdicts
from traceledger.client.client import Client
from traceledger.errors import InputError
from traceledger.interop import masterdata
from traceledger.interop.epcis import documents
from traceledger.interop.epcis.capture import Verdict
from traceledger.model import gs1


def test_from_the_mine_to_the_car(client: Client) -> None:
    """What the parties' systems tell is a lineage on the ledger, whose CO2e is that of the events."""
    plan = plan_of(client, *supply.CHAIN)
    assert not plan.refused, [row for row in plan.rows if row.verdict is Verdict.REFUSED]
    ops = [operation["op"] for operation in plan.operations]
    assert ops == [
        *("mint", "ship", "receive", "transform", "ship", "receive", "transform", "transform"),
        *("ship", "receive", "transform", "retire"),
    ]
    client.submit(plan.source())
    trace = client.trace("cars/https://id.gs1.org/01/09521321000056/21/V1")
    assert trace.footprint.total_mg > 0


def test_captured_again_it_does_nothing(client: Client) -> None:
    """Not in another order, another file, another notation, nor in parts."""
    client.submit(plan_of(client, *supply.CHAIN).source())
    head = client.chain.head().number
    again = plan_of(client, *supply.CHAIN)
    assert not again.operations, again.operations
    assert set(verdicts(again)) == {"recorded"}, [(row.verdict, row.why) for row in again.rows]
    shuffled = plan_of(client, *reversed(supply.CHAIN), name="other.json")
    assert not shuffled.operations
    renamed = [each for each in supply.CHAIN if each is not supply.MINED]
    other = {**supply.MINED, "quantityList": [supply.kilograms(supply.ORE_LINK, 1000.0)]}
    assert not plan_of(client, other, *renamed, name="third.json").operations
    assert client.chain.head().number == head


def test_the_order_of_a_file_says_nothing(client: Client) -> None:
    """Times, and what needs what, do."""
    straight, back = plan_of(client, *supply.CHAIN), plan_of(client, *reversed(supply.CHAIN))
    assert [each["op"] for each in straight.operations] == [each["op"] for each in back.operations]
    assert not back.refused


def test_events_one_file_after_another(client: Client) -> None:
    """Each party captures its own."""
    for number, each in enumerate(supply.CHAIN):
        if each in (*supply.REFINED, *supply.PACK_MADE, *supply.ARRIVED, supply.PACKED, supply.SENT):
            continue
        plan = plan_of(client, each, name=f"{number}.json")
        if each is supply.MADE:
            break
        assert not plan.refused, plan.rows
        client.submit(plan.source())
    refined = plan_of(client, *supply.REFINED)
    client.submit(refined.source())
    client.submit(plan_of(client, supply.PACKED, supply.SENT, *supply.ARRIVED).source())
    client.submit(plan_of(client, supply.MADE).source())
    client.submit(plan_of(client, *supply.PACK_MADE).source())
    for each in supply.DELIVERED:
        plan = plan_of(client, each)
        assert verdicts(plan) == ["becomes"], plan.rows
        client.submit(plan.source())


def all_documents(shared: Path) -> list[Path]:
    """Documents of others that are valid, but for some of their events."""
    folder = shared / "data" / "epcis"
    found = [*folder.glob("documents/*.json"), *folder.glob("events/*.json"), *folder.glob("event-hash/*ld")]
    return [path for path in sorted(found) if "Query" not in path.name]


def keys_of_all(shared: Path) -> str:
    """Master data that know every key of these documents."""
    gtins: set[str] = set()
    glns: set[str] = set()
    for path in all_documents(shared):
        for event in documents.read(path.read_bytes(), path.name).events:
            for text in re.findall(r"https://id\.gs1\.org/[^'\" ,)]+", repr(event)):
                key = gs1.read(text)
                if key is not None and key.gtin:
                    gtins.add(key.gtin)
                if key is not None and key.gln:
                    glns.add(key.gln)
    others = "".join(f'[[sites]]\nfacility = "mine/pit"\ngln = "{each}"\n' for each in sorted(glns)[:1])
    listed = ", ".join(f'"{each}"' for each in sorted(gtins))
    return f'participant = "mine"\n{others}[[materials]]\nmaterial = "ore"\ngtins = [{listed}]\n'


@pytest.mark.parametrize("known", [False, True])
def test_documents_of_others_are_left_out_with_a_reason(client: Client, shared: Path, known: bool) -> None:
    """Event by event, on a ledger that has nothing of them and on one that knows their keys."""
    data = masterdata.parse(keys_of_all(shared)) if known else None
    for path in all_documents(shared):
        read = documents.read(path.read_bytes(), str(path))
        plan = client.capture(path, act_as="mine", masterdata=data)
        unread = {each.number for each in read.refused}
        for row in plan.rows:
            wanted = Verdict.REFUSED if row.place[1] in unread else Verdict.LEFT_OUT
            assert row.verdict is wanted and row.why, (path.name, row)


def test_documents_that_are_wrong_are_refused(client: Client, shared: Path) -> None:
    """As a whole, or at least one of their events."""
    for path in (shared / "data" / "epcis" / "invalid").iterdir():
        try:
            assert client.capture(path, act_as="mine").refused, path.name
        except InputError as error:
            assert error.where, path.name


def test_the_command_says_it_and_records_it(
    founded: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing without --submit, nothing where an event is refused, and nothing twice."""
    folder = Path(shutil.copytree(founded, tmp_path / "n"))
    monkeypatch.chdir(folder)
    monkeypatch.setenv("TRACELEDGER_PASSPHRASE", PASSPHRASE)
    (folder / "known.toml").write_text(supply.MASTERDATA)
    supply.written(folder, "right.json", supply.MINED, supply.SHIPPED, supply.RECEIVED)
    silent = {name: said for name, said in supply.SHIPPED.items() if name != "destinationList"}
    supply.written(folder, "wrong.json", supply.MINED, silent)
    capture = ("epcis", "capture", "--masterdata", "known.toml")
    dry = run_command(*capture, "right.json", "--json")
    assert dry.code == 0 and [each["verdict"] for each in dry.document["events"]] == [
        "becomes", "becomes", "left_out"
    ]  # fmt: skip
    assert dry.document["asked"] and dry.document["submitted"] is None
    refused = run_command(*capture, "wrong.json", "--submit")
    assert refused.code == 4 and "destinationList" in refused.err and "nothing was recorded" in refused.out
    skipping = run_command(*capture, "wrong.json", "--submit", "--skip-refused", "--json")
    assert skipping.code == 0 and skipping.document["submitted"]["sent"] == 1
    done = run_command(*capture, "right.json", "--submit")
    assert done.code == 0 and "1 operation sent" in done.out and "already recorded" in done.out
    again = run_command(*capture, "right.json", "--submit", "--json")
    assert again.document["operations"] == [] and again.document["counts"]["recorded"] == 2
