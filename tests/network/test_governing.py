"""Members come and go on the running network, and strangers stay out."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import traceledger
from tests.cli.conftest import Outcome, run_command
from tests.network.live import LiveNetwork, until
from tests.proofs.support import about
from traceledger.network import allowlist
from traceledger.network.control import CliqueControl
from traceledger.network.found import Founding, found
from traceledger.network.lifecycle import Running
from traceledger.network.machine import Machine
from traceledger.network.manifest import Node
from traceledger.network.membership import Membership

MINT = """\
{"op":"define_material","material":"ore","name":"Ore","substances":["Co"]}
{"op":"register_participant","participant":"katanga","name":"Katanga Example Mining","country":"CD"}
{"op":"register_facility","as":"katanga","facility":"pit-4","kind":"mine","country":"CD"}
{"op":"approve_origin","facility":"katanga/pit-4","material":"ore","capacity_per_year":"9 t"}
{"op":"mint","as":"katanga","batch":"KOL-1","material":"ore","facility":"pit-4","mass":"2 t",\
"substances":{"Co":"8 kg"},"origin":"mined","at":"2026-01-17T06:00:00Z"}
"""
pytestmark = [pytest.mark.real("geth")]


@pytest.fixture
def governed(tmp_path: Path, geth: Path) -> Iterator[LiveNetwork]:
    """A network of its own, of three validators: members of the shared one do not change."""
    folder = tmp_path / "net"
    found(folder, Founding("governed", "geth-clique", 3, 20_262))
    try:
        Running(folder).up(geth)
        yield LiveNetwork(folder, geth)
    finally:
        Running(folder).down()


def run(network: LiveNetwork, *arguments: str) -> Outcome:
    """``network NOUN VERB DIR ARGUMENTS --json``, which must do."""
    done = run_command("network", *arguments[:2], str(network.folder), *arguments[2:], "--json")
    assert done.code == 0, done.err
    return done


def sealers(network: LiveNetwork, address: str) -> bool:
    return bytes.fromhex(address[2:]) in network.control(0).recent_sealers(8)


def members(network: LiveNetwork) -> set[str]:
    listed = run(network, "validator", "list").document["validators"]
    return {item["address"] for item in listed if item["validator"]}


def half_done(network: LiveNetwork, order: str, after: int, command: Callable[[Membership], object]) -> None:
    """The command, killed when so many nodes have been told."""
    told = iter(range(after))

    class Dying(CliqueControl):
        def __getattribute__(self, name: str) -> Any:
            if name == order and next(told, None) is None:
                raise ZeroDivisionError
            return super().__getattribute__(name)

    machine = Machine(control=lambda _, node, folder: Dying(node, folder))
    with pytest.raises(ZeroDivisionError):
        command(Membership(Running(network.folder, machine)))


def test_a_member_joins_votes_and_leaves(governed: LiveNetwork) -> None:
    founders = members(governed)
    assert founders == {f"0x{node.address.hex()}" for node in governed.running.manifest.nodes}

    made = run(governed, "node", "create", "newcomer").document
    address = bytes.fromhex(made["address"][2:])
    assert run(governed, "node", "add", made["enode"]).document["told"] == [
        "validator-1",
        "validator-2",
        "validator-3",
    ]
    governed.running.up(governed.binary, only=["newcomer"])
    assert governed.peers(3) == 3

    # One vote of three is not a majority, two are.
    assert run(governed, "validator", "propose", made["address"], "--only", "validator-1").document == {
        "address": made["address"],
        "add": True,
        "voting": ["validator-1"],
    }
    governed.wait_blocks(6)
    assert members(governed) == founders
    candidate = next(
        item
        for item in run(governed, "validator", "list").document["validators"]
        if item["address"] == made["address"]
    )
    assert (candidate["validator"], candidate["votes"]) == (False, {"validator-1": "add"})
    run(governed, "validator", "propose", made["address"], "--only", "validator-2")
    until(lambda: members(governed) == {*founders, made["address"]}, "the vote")
    until(lambda: sealers(governed, made["address"]), "a block of the newcomer")

    refused = run_command("network", "node", "remove", str(governed.folder), "newcomer", "--yes")
    assert refused.code == 2
    assert "newcomer is a validator" in refused.err

    already = run_command("network", "validator", "propose", str(governed.folder), made["address"])
    assert (already.code, already.out) == (0, f"{made['address']} is a validator already\n")
    half_done(governed, "discard", 1, lambda network: network.discard(address))
    assert len(run(governed, "validator", "discard", made["address"]).document["discarded"]) == 1
    half_done(governed, "propose", 1, lambda network: network.propose(address, add=False))
    assert (
        len(run(governed, "validator", "propose", made["address"], "--remove", "--yes").document["voting"])
        == 4
    )
    until(lambda: members(governed) == founders, "the second vote")
    half_done(governed, "expel", 1, lambda network: network.remove(network.named("newcomer")))
    assert len(run(governed, "node", "list").document["nodes"]) == 3
    assert run(governed, "node", "remove", "newcomer", "--yes").document["told"] == [
        "validator-1",
        "validator-2",
        "validator-3",
    ]
    until(lambda: governed.peers(3) == 0, "disconnection of the newcomer")
    governed.wait_blocks(3)
    assert len(run(governed, "node", "list").document["nodes"]) == 3


def test_a_stranger_with_the_genesis_and_all_enodes_cannot_join(
    governed: LiveNetwork, tmp_path_factory: pytest.TempPathFactory
) -> None:
    # Named by itself: below a folder with the test's name, the path of a node's socket is too long.
    stranger = tmp_path_factory.mktemp("own")
    for name in ("genesis.json", "network.json", allowlist.NODES_FILE):
        shutil.copy(governed.folder / name, stranger / name)
    own = Running(stranger)
    node = Membership(own).create("stranger")
    assert own.here == [node]
    try:
        own.up(governed.binary, wait=0)
        until(lambda: peers(own, node) == 0, "the stranger answers")
        begun = time.monotonic()
        while time.monotonic() - begun < 8:
            assert peers(own, node) == 0
            assert [governed.peers(place) for place in range(3)] == [2, 2, 2]
            time.sleep(0.5)
        assert int(own.control(node).ask("eth_blockNumber"), 16) == 0
        # The same node is let in as soon as it is admitted: what kept it out was the allowlist.
        run(governed, "node", "add", node.enode.url)
        until(lambda: peers(own, node) == 3, "peers of the admitted", 80)
        until(lambda: int(own.control(node).ask("eth_blockNumber"), 16) > 0, "blocks of the network")
    finally:
        own.down()


def test_proofs_from_before_and_after_a_validator_left(
    governed: LiveNetwork, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TRACELEDGER_PASSPHRASE", "only for tests")
    shutil.copy(governed.folder / "networks.toml", tmp_path)
    (tmp_path / "ops.jsonl").write_text(MINT)
    leaver = sorted(members(governed))[0]
    with traceledger.connect() as client:
        client.deploy()
        client.submit(tmp_path / "ops.jsonl", create_keys=True)
        mined = client.chain.head().number
        until(lambda: client.chain.final().number >= mined, "the last event is final")
        client.export_proof("katanga/KOL-1", tmp_path / "before.tlproof")
        run(governed, "validator", "propose", leaver, "--remove", "--yes")
        until(lambda: leaver not in members(governed), "the vote")
        left = governed.head()
        until(lambda: client.chain.final().number > left, "a block of those who stayed is final")
        client.export_proof("katanga/KOL-1", tmp_path / "after.tlproof")
        trusted = client.trust_root()
    assert [len(each.addresses) for each in trusted.validators.ranges] == [3, 2]
    for name in ("before", "after"):
        assert about(tmp_path / f"{name}.tlproof", trusted).trace.batch == "katanga/KOL-1"


def peers(running: Running, node: Node) -> int:
    return int(running.control(node).ask("net_peerCount"), 16)


def test_what_is_wrong_is_said(governed: LiveNetwork) -> None:
    folder = str(governed.folder)
    founder = f"0x{governed.running.manifest.nodes[0].address.hex()}"
    nobody = run_command("network", "validator", "propose", folder, "0x" + "ab" * 20, "--remove", "--yes")
    assert (nobody.code, nobody.out) == (0, f"0x{'ab' * 20} is no validator\n")
    for arguments, sentence in (
        (("validator", "propose", folder, "0xab"), "is not an address"),
        (("validator", "propose", folder, founder, "--only", "nobody"), "the keys of nobody are not here"),
        (("node", "add", folder, "enode://12@1.2.3.4:5"), "is not an enode URL"),
        (("node", "create", folder, "validator-1"), "there is a validator-1 already"),
        (("node", "create", folder, "../x"), "is not a name"),
        (("node", "create", folder, "new", "--host", "new.example"), "is not an IP address"),
    ):
        refused = run_command("network", *arguments)
        assert refused.code == 2, arguments
        assert sentence in refused.err
        assert refused.out == ""
    Running(governed.folder).down()
    silent = run_command("network", "validator", "list", folder)
    assert silent.code == 7
    assert "no node of this network runs here" in silent.err
