"""The founded network runs: what up, down and status say, and that it survives what happens to validators."""

from __future__ import annotations

import secrets
import socket
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import run_command
from tests.network.live import LiveNetwork, until
from traceledger.network.found import Founding, found
from traceledger.signing.keystore import LocalSigner
from traceledger.signing.transaction import UnsignedTransaction, sign

pytestmark = [pytest.mark.real("geth")]


def send_for_nothing(network: LiveNetwork, place: int) -> str:
    """Hand a transaction that offers nothing for gas to one validator; its hash."""
    transaction = UnsignedTransaction(network.running.manifest.chain_id, 0, 21_000, bytes(20), b"")
    raw = sign(transaction, LocalSigner(secrets.token_bytes(32)))
    sent: str = network.ask(place, "eth_sendRawTransaction", "0x" + raw.hex())
    return sent


def test_the_genesis_hash_is_the_engines(network: LiveNetwork) -> None:
    first = network.ask(0, "eth_getBlockByNumber", "0x0", False)
    assert network.running.manifest.genesis_hash == bytes.fromhex(first["hash"][2:])
    assert int(network.ask(0, "eth_chainId"), 16) == network.running.manifest.chain_id


def test_blocks_are_made_by_all_every_second_with_no_base_fee(network: LiveNetwork) -> None:
    begun = network.head()
    network.wait_blocks(12 + 4)  # the newest blocks may still be replaced
    blocks = [network.ask(0, "eth_getBlockByNumber", hex(begun + place), False) for place in range(1, 12)]
    times = [int(block["timestamp"], 16) for block in blocks]
    assert all(later - earlier >= 1 for earlier, later in pairwise(times))
    assert all("baseFeePerGas" not in block for block in blocks)
    everyone = {node.address for node in network.nodes}
    until(lambda: network.control(0).recent_sealers(12) == everyone, "blocks of all")
    assert set(network.control(1).validators()) == everyone


def test_status_tells_of_every_validator(network: LiveNetwork) -> None:
    def shown() -> list[dict[str, Any]]:
        outcome = run_command("network", "status", str(network.folder), "--json")
        assert (outcome.code, outcome.err) == (0, "")
        nodes: list[dict[str, Any]] = outcome.document["nodes"]
        return nodes

    assert [node["name"] for node in shown()] == [f"validator-{place}" for place in range(1, 5)]
    assert all(node["running"] and node["validator"] and node["head"] > 0 for node in shown())
    # One that was slow at its last turns has not signed of late.
    until(lambda: all(node["signing"] and node["peers"] == 3 for node in shown()), "all sign")
    assert "validator-4" in run_command("network", "status", str(network.folder)).out


def test_up_refuses_when_all_run(network: LiveNetwork) -> None:
    again = run_command("network", "up", str(network.folder), "--binary", str(network.binary))
    assert again.code == 7
    assert "already running" in again.err


def test_a_killed_validator_is_seen_and_comes_back(network: LiveNetwork) -> None:
    network.kill(3)
    shown = run_command("network", "status", str(network.folder), "--json").document["nodes"][3]
    assert (shown["running"], shown["died"], shown["head"]) == (False, True, None)
    network.wait_blocks(6)
    network.restart(3)
    assert network.peers(3) == 3


def test_a_partition_stops_both_halves_and_heals(network: LiveNetwork) -> None:
    network.partition([0, 3], [1, 2])
    stopped = [network.head(place) for place in range(4)]
    with pytest.raises(AssertionError, match="block"):
        network.wait_blocks(4, seconds=6)
    # Nothing is mined now: what the neighbour knows of a transaction, it took from the other's pool.
    sent = send_for_nothing(network, 0)
    until(lambda: network.ask(3, "eth_getTransactionByHash", sent) is not None, "gossip")
    assert network.ask(1, "eth_getTransactionByHash", sent) is None
    network.heal()
    assert network.head() > max(stopped)
    until(lambda: network.ask(1, "eth_getTransactionReceipt", sent) is not None, "receipt")


def test_a_network_that_makes_blocks_is_not_rewound(network: LiveNetwork) -> None:
    begun = network.head(3)
    refused = run_command("network", "rewind", str(network.folder), "validator-4")
    assert refused.code == 2
    assert "the network makes blocks" in refused.err
    assert network.head(3) >= begun


def test_a_port_in_use_is_named(tmp_path: Path, geth: Path) -> None:
    made = found(tmp_path / "net", Founding("n", "geth-clique", 1, 7))
    with socket.create_server(("127.0.0.1", made.nodes[0].rpc_port)):
        refused = run_command("network", "up", str(tmp_path / "net"), "--binary", str(geth))
    assert refused.code == 7
    assert f"port {made.nodes[0].rpc_port} of validator-1 is in use" in refused.err


def test_a_validator_that_ends_at_once_is_reported_with_its_log(tmp_path: Path, geth: Path) -> None:
    found(tmp_path / "net", Founding("n", "geth-clique", 1, 7))
    (tmp_path / "net" / "validator-1" / "password").write_text("wrong\n")
    refused = run_command("network", "up", str(tmp_path / "net"), "--binary", str(geth))
    assert refused.code == 7
    assert "validator-1 ended: Fatal" in refused.err
    assert "node.log" in refused.err


def test_one_validator_runs_goes_down_and_keeps_its_chain(tmp_path: Path, geth: Path) -> None:
    folder = str(tmp_path / "net")
    found(tmp_path / "net", Founding("n", "geth-clique", 1, 7))
    heads = []
    for _ in range(2):
        assert run_command("network", "up", folder, "--binary", str(geth)).code == 0
        heads.append(run_command("network", "status", folder, "--json").document["nodes"][0]["head"])
        ended = run_command("network", "down", folder, "--json")
        assert ended.document["ended"] == ["validator-1"]
    assert heads[1] >= heads[0] > 0
    assert run_command("network", "down", folder, "--json").document["ended"] == []


def test_zero_priced_transactions_travel_between_nodes(network: LiveNetwork) -> None:
    sent = send_for_nothing(network, 1)
    until(lambda: network.ask(3, "eth_getTransactionReceipt", sent) is not None, "receipt")
