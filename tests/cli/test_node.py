"""The chain served to other programs, described and verified."""

from __future__ import annotations

import json
import signal
import subprocess
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import EXECUTABLE, PASSPHRASE, Run, head
from traceledger.artifacts.calls import encode
from traceledger.config.networks import load
from traceledger.signing.keystore import KeyStore, LocalSigner
from traceledger.signing.places import Signer
from traceledger.signing.transaction import UnsignedTransaction, sign


class Node:
    """A node that runs, and JSON-RPC to it."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url = url
        self._network = load(folder / "networks.toml").get()
        self._store = KeyStore(self._network.keys)

    def call(self, method: str, *parameters: Any) -> dict[str, Any]:
        body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": parameters}).encode()
        request = urllib.request.Request(self.url, body, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=30) as answer:
            return dict(json.load(answer))

    def define_material(self, slug: str, signer: Signer) -> dict[str, Any]:
        """Send a transaction that defines a material."""
        nonce = int(self.call("eth_getTransactionCount", f"0x{signer.address.hex()}", "latest")["result"], 16)
        data = encode(
            "ParticipantRegistry", "defineMaterial", slug, slug, "", [], (False, False, 0, 0, []), []
        )
        registry = self._network.deployed().registry
        transaction = UnsignedTransaction(self._network.chain_id, nonce, 400_000, registry, data)
        return self.call("eth_sendRawTransaction", f"0x{sign(transaction, signer).hex()}")

    def signer(self, name: str) -> LocalSigner:
        return self._store.load(name, PASSPHRASE)


@pytest.fixture
def node(filled: Path) -> Iterator[Node]:
    process = subprocess.Popen(
        [str(EXECUTABLE), "node", "serve", "--port", "0", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stderr is not None
        assert process.stdout is not None
        said = process.stderr.readline()
        url = said.split(" at ")[1].split(";")[0]
        yield Node(url, filled)
        process.send_signal(signal.SIGINT)
        printed, _ = process.communicate(timeout=30)
        assert process.returncode == 0
        assert json.loads(printed) == {"url": url, "network": "local", "chain_id": "20260"}
    finally:
        process.kill()
        process.communicate()


def test_serves_and_admits(node: Node, filled: Path, cli: Run) -> None:
    number, _ = head(filled)
    assert int(node.call("eth_blockNumber")["result"], 16) == number
    stranger = LocalSigner(b"\x07" * 32)
    refusal = node.define_material("mica", stranger)["error"]["message"]
    assert "is not admitted" in refusal
    assert "result" in node.define_material("mica", node.signer("deployer"))
    assert head(filled)[0] == number + 1
    assert "mica" in cli("material", "list").out
    # A current operator may send; what the contracts think of it is another matter.
    assert "is not admitted" not in node.define_material("gold", node.signer("katanga"))["error"]["message"]


def test_admission_follows_the_ledger(node: Node, filled: Path, cli: Run) -> None:
    cli("key", "create", "second")
    assert "is not admitted" in node.define_material("gold", node.signer("second"))["error"]["message"]
    assert cli("participant", "operator", "add", "katanga", "second", "--as", "katanga").code == 0
    assert "is not admitted" not in node.define_material("gold", node.signer("second"))["error"]["message"]
    assert cli("participant", "operator", "revoke", "katanga", "second", "--yes").code == 0
    assert "is not admitted" in node.define_material("gold", node.signer("second"))["error"]["message"]


def test_the_port_is_taken(node: Node, cli: Run) -> None:
    outcome = cli("node", "serve", "--port", node.url.rsplit(":", 1)[1])
    assert (outcome.code, outcome.out) == (7, "")
    assert "is taken" in outcome.err


def test_status(filled: Path, cli: Run) -> None:
    found = cli("node", "status", "--json").document
    number, digest = head(filled)
    assert (found["head"], found["head_hash"]) == (number, f"0x{digest.hex()}")
    assert (found["chain_id"], found["index_lag"]) == ("20260", 0)
    assert found["bytes"] == (filled / ".traceledger/local/chain.sqlite").stat().st_size
    assert len(found["authority"]) == 42
    (filled / ".traceledger/local/index.sqlite").unlink()
    assert cli("node", "status", "--json").document["index_lag"] is None
    people = cli("node", "status").out
    assert "head_timestamp  20" in people


def test_verify(filled: Path, cli: Run) -> None:
    number, digest = head(filled)
    found = cli("node", "verify", "--json").document
    assert (found["valid"], found["blocks"], found["head"]) == (True, number + 1, number)
    assert (
        f"all blocks ({number + 1}) hold, up to block {number}:0x{digest.hex()}" in cli("node", "verify").out
    )
