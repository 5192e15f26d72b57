"""Besu's formats, against what Besu's own source and documentation say; Besu itself is not needed.

Test vectors: ``RLPSubCommandTest`` of Besu (org.hyperledger.besu.cli.rlp), and the QBFT page of Besu's
documentation (docs/private-networks/how-to/configure/consensus/qbft.md).
"""

from __future__ import annotations

import json
import threading
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NoReturn

import pytest

from tests.cli.conftest import run_command
from traceledger.errors import NetworkError
from traceledger.network import manifest
from traceledger.network.control import QbftControl
from traceledger.network.engine_names import ENGINES
from traceledger.network.enode import Enode
from traceledger.network.found import Founding, found
from traceledger.network.lifecycle import Running
from traceledger.network.machine import Machine
from traceledger.network.manifest import Node
from traceledger.network.membership import Membership
from traceledger.network.processes import NodeProcess
from traceledger.network.qbft import extra_data

FIRST = bytes.fromhex("be068f726a13c8d46c44be6ce9d275600e1735a4")
SECOND = bytes.fromhex("5ff6f4b66a46a2b2310a6f3a93aaddc0d9a1c193")
ENODE = Enode(bytes(range(64)), "10.0.0.9", 30_303)


def test_extra_data_is_that_of_besus_command() -> None:
    """What ``besu rlp encode --type QBFT_EXTRA_DATA`` prints in Besu's test ``canEncodeToQbftExtraData``."""
    assert extra_data([FIRST, SECOND]).hex() == (
        "f84fa00000000000000000000000000000000000000000000000000000000000000000ea94be068f726a13c8d"
        "46c44be6ce9d275600e1735a4945ff6f4b66a46a2b2310a6f3a93aaddc0d9a1c193c080c0"
    )


def test_extra_data_is_that_of_besus_documented_genesis() -> None:
    documented = (
        "f87aa00000000000000000000000000000000000000000000000000000000000000000f8549464a702e6263b7297a9"
        "6638cac6ae65e6541f4169943923390ad55e90c237593b3b0e401f3b08a0318594aefdb9a738c9f433e5b6b212a6d6"
        "2f6370c2f69294c7eeb9a4e00ce683cf93039b212648e01c6c6b78c080c0"
    )
    validators = [
        bytes.fromhex(address)
        for address in (
            "64a702e6263b7297a96638cac6ae65e6541f4169",
            "3923390ad55e90c237593b3b0e401f3b08a03185",
            "aefdb9a738c9f433e5b6b212a6d62f6370c2f692",
            "c7eeb9a4e00ce683cf93039b212648e01c6c6b78",
        )
    ]
    assert extra_data(validators).hex() == documented
    empty = "e5a00000000000000000000000000000000000000000000000000000000000000000c0c080c0"
    assert extra_data([]).hex() == empty


def test_genesis_has_the_documented_fields(tmp_path: Path) -> None:
    made = found(tmp_path / "net", Founding("n", "besu-qbft", 4, 1337, block_seconds=5, timestamp=0x5B3D92D7))
    genesis = json.loads((tmp_path / "net" / "genesis.json").read_text())
    config = genesis.pop("config")
    assert config["qbft"] == {"blockperiodseconds": 5, "epochlength": 30_000, "requesttimeoutseconds": 10}
    assert (config["chainId"], config["londonBlock"], config["zeroBaseFee"]) == (1337, 0, True)
    assert genesis == {
        "nonce": "0x0",
        "timestamp": "0x5b3d92d7",
        "extraData": "0x" + extra_data(sorted(node.address for node in made.nodes)).hex(),
        "gasLimit": hex(made.gas_limit),
        "difficulty": "0x1",
        "mixHash": "0x63746963616c2062797a616e74696e65206661756c7420746f6c6572616e6365",
        "coinbase": "0x0000000000000000000000000000000000000000",
        "baseFeePerGas": "0x0",
        "alloc": {},
    }


@pytest.mark.parametrize("accounts", [(), (FIRST,)])
def test_permissions_and_configuration(accounts: tuple[bytes, ...], tmp_path: Path) -> None:
    made = found(tmp_path / "net", Founding("n", "besu-qbft", 4, 1337, accounts=accounts))
    folder = tmp_path / "net" / "validator-1"
    permissions = tomllib.loads((folder / "permissions_config.toml").read_text())
    assert permissions == {
        "nodes-allowlist": [node.enode.url for node in made.nodes],
        "accounts-allowlist": [f"0x{account.hex()}" for account in accounts],
    }
    config = tomllib.loads((folder / "config.toml").read_text())
    assert config["permissions-nodes-config-file-enabled"] is True
    assert config["permissions-accounts-config-file-enabled"] is bool(accounts)
    assert config["min-gas-price"] == 0
    assert config["discovery-enabled"] is False
    assert config["genesis-file"] == "../genesis.json"
    start = (folder / "start").read_text()
    assert 'exec "${BESU:-besu}" --config-file=config.toml' in start


ANSWERS: dict[str, object] = {
    "qbft_getValidatorsByBlockNumber": [f"0x{FIRST.hex()}", f"0x{SECOND.hex()}"],
    "qbft_getPendingVotes": {f"0x{FIRST.hex()}": False},
    "qbft_proposeValidatorVote": True,
    "qbft_discardValidatorVote": True,
    "qbft_getSignerMetrics": [
        {"address": f"0x{FIRST.hex()}", "proposedBlockCount": "0x3", "lastProposedBlockNumber": "0x61"},
        {"address": f"0x{SECOND.hex()}", "proposedBlockCount": "0x0", "lastProposedBlockNumber": "0x0"},
    ],
    "eth_blockNumber": "0x64",
    "perm_reloadPermissionsFromFile": "Success",
    "admin_addPeer": True,
    "admin_removePeer": True,
}


@contextmanager
def endpoint(answers: dict[str, object]) -> Iterator[tuple[int, list[tuple[str, Any]]]]:
    """An endpoint that answers as Besu's API page shows, and keeps what it was asked."""
    asked: list[tuple[str, Any]] = []

    class Answers(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            (request,) = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            asked.append((request["method"], request["params"]))
            known = request["method"] in answers
            error = {"error": {"code": -32601, "message": "Method not found"}}
            outcome = {"result": answers[request["method"]]} if known else error
            body = json.dumps([{"jsonrpc": "2.0", "id": request["id"], **outcome}]).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server.server_port, asked
        finally:
            server.shutdown()
            thread.join()


def test_governing_asks_besu_as_its_api_documents() -> None:
    with endpoint(ANSWERS) as (port, asked):
        control = QbftControl(Node("validator-1", FIRST, bytes(64), "127.0.0.1", 1, port))
        control.ready()
        assert control.validators() == (FIRST, SECOND)
        assert control.votes() == {FIRST: False}
        assert control.recent_sealers(8) == {FIRST}
        control.propose(SECOND, add=True)
        control.propose(SECOND, add=False)
        control.discard(SECOND)
        control.admit(ENODE)
        control.expel(ENODE)
        control.admit_account(FIRST)
        control.expel_account(FIRST)
    assert asked == [
        ("qbft_getValidatorsByBlockNumber", ["latest"]),
        ("qbft_getPendingVotes", []),
        ("eth_blockNumber", []),
        ("qbft_getSignerMetrics", ["0x5d", "latest"]),
        ("qbft_proposeValidatorVote", [f"0x{SECOND.hex()}", True]),
        ("qbft_proposeValidatorVote", [f"0x{SECOND.hex()}", False]),
        ("qbft_discardValidatorVote", [f"0x{SECOND.hex()}"]),
        ("perm_reloadPermissionsFromFile", []),
        ("admin_addPeer", [ENODE.url]),
        ("perm_reloadPermissionsFromFile", []),
        ("admin_removePeer", [ENODE.url]),
        ("perm_reloadPermissionsFromFile", []),
        ("perm_reloadPermissionsFromFile", []),
    ]


def test_a_refusal_of_the_node_is_told() -> None:
    with endpoint({}) as (port, _):
        control = QbftControl(Node("validator-1", FIRST, bytes(64), "127.0.0.1", 1, port))
        with pytest.raises(NetworkError, match="the node refused: Method not found"):
            control.validators()
    with pytest.raises(NetworkError, match="cannot be reached"):
        control.validators()


def test_accounts_are_admitted_and_removed(tmp_path: Path) -> None:
    folder = tmp_path / "net"
    found(folder, Founding("n", "besu-qbft", 2, 1337, accounts=(FIRST,)))

    def allowed() -> list[str]:
        written = (folder / "validator-2" / "permissions_config.toml").read_text()
        accounts: list[str] = tomllib.loads(written)["accounts-allowlist"]
        assert json.loads((folder / "accounts-allowlist.json").read_text()) == accounts
        assert (
            run_command("network", "account", "list", str(folder), "--json").document["accounts"] == accounts
        )
        return accounts

    first, second = f"0x{FIRST.hex()}", f"0x{SECOND.hex()}"
    assert run_command("network", "account", "add", str(folder), second).code == 0
    assert allowed() == [first, second]
    # Admitting a node writes the configuration anew, and keeps the accounts.
    assert run_command("network", "node", "add", str(folder), ENODE.url).code == 0
    assert allowed() == [first, second]
    assert run_command("network", "account", "remove", str(folder), first, "--yes").code == 0
    assert allowed() == [second]
    refused = run_command("network", "account", "remove", str(folder), second, "--yes")
    assert refused.code == 2
    assert "is the last account" in refused.err
    again = run_command("network", "account", "remove", str(folder), first, "--yes")
    assert (again.code, again.out) == (0, f"was not there: {first}\n")
    assert allowed() == [second]


class Up(NodeProcess):
    """A node that runs, wherever."""

    @property
    def pid(self) -> int | None:
        return 1


def killed(*_: object) -> NoReturn:
    raise ZeroDivisionError


def test_what_was_half_done_is_completed(tmp_path: Path) -> None:
    """Killed when the files were written and no node was told; or one node of two did not answer."""
    folder = tmp_path / "net"
    with endpoint(ANSWERS) as (port, asked), endpoint({}) as (deaf, _):
        made = found(folder, Founding("n", "besu-qbft", 2, 1337, accounts=(FIRST,)))
        ports = {made.nodes[0].name: deaf, made.nodes[1].name: port}
        manifest.write(
            folder, made.with_nodes(replace(node, rpc_port=ports[node.name]) for node in made.nodes)
        )
        orders: list[Callable[[Membership], object]] = [
            lambda network: network.admit_account(SECOND),
            lambda network: network.remove_account(SECOND),
            lambda network: network.admit(ENODE),
            lambda network: network.remove(ENODE),
        ]
        for order in orders:
            with pytest.raises(ZeroDivisionError):
                order(Membership(Running(folder, Machine(process=Up, control=killed))))
            asked.clear()
            with pytest.raises(NetworkError) as again:
                order(Membership(Running(folder, Machine(process=Up))))
            assert "validator-1: the node refused" in str(again.value)
            assert "run the command again" in str(again.value)
            assert ("perm_reloadPermissionsFromFile", []) in asked


def test_a_network_without_rules_for_accounts_says_so(tmp_path: Path) -> None:
    for engine in ENGINES:
        found(tmp_path / engine, Founding("n", engine, 1, 1337))
        refused = run_command("network", "account", "add", str(tmp_path / engine), f"0x{FIRST.hex()}")
        assert refused.code == 2
        assert "takes transactions of all accounts" in refused.err
