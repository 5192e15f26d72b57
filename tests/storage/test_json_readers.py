"""Whoever reads JSON refuses a field that stands twice, and names it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.clients import new_client
from traceledger.chain.embedded import EmbeddedChain
from traceledger.chain.node.dispatch import Dispatcher
from traceledger.errors import TraceLedgerError
from traceledger.network import manifest
from traceledger.network.files import read_document
from traceledger.operations import file as operations_file
from traceledger.proofs import canonical, trust
from traceledger.sending import transaction_file
from traceledger.signing.keystore import KeyStore

TWICE = '{"version": 3,\n "version": 3}'


def trust_root(folder: Path) -> None:
    (folder / "root.json").write_text(TWICE)
    trust.load(folder / "root.json")


def key(folder: Path) -> None:
    KeyStore(folder, light=True).create("quarry", "pass")
    path = folder / "quarry.json"
    path.write_text(path.read_text().replace('"version"', '"version": 3, "version"', 1))
    KeyStore(folder).load("quarry", "pass")


def signed_transactions(folder: Path) -> None:
    (folder / "signed.jsonl").write_text(TWICE.replace("\n", ""))
    transaction_file.read(folder / "signed.jsonl")


def network(folder: Path) -> None:
    (folder / manifest.FILE_NAME).write_text(TWICE)
    manifest.read(folder)


def sidecar(folder: Path) -> None:
    (folder / "static-nodes.json").write_text(TWICE)
    read_document(folder / "static-nodes.json")


def proof_line(_: Path) -> None:
    canonical.loads(b'{"version":3,"version":3}')


@pytest.mark.parametrize("read", [trust_root, key, signed_transactions, network, sidecar, proof_line])
def test_a_file(read: Callable[[Path], None], tmp_path: Path) -> None:
    with pytest.raises(TraceLedgerError, match="the field 'version' is given twice"):
        read(tmp_path)


def test_where_the_line_is_known_it_is_named(tmp_path: Path) -> None:
    for read in (trust_root, network, sidecar):
        with pytest.raises(TraceLedgerError, match="2"):
            read(tmp_path)


def test_a_line_of_operations(tmp_path: Path) -> None:
    path = tmp_path / "ops.jsonl"
    path.write_text('\n{"op": "retire", "op": "mint"}\n')
    (found,) = operations_file.read(path)
    assert isinstance(found, operations_file.Unsound)
    assert str(found.faults[0]) == f"{path}:2: the field 'op' is given twice (leave one of them out)"


def test_a_request_to_our_node(tmp_path: Path) -> None:
    with new_client(tmp_path) as client:
        assert isinstance(client.chain, EmbeddedChain)
        dispatcher = Dispatcher(client.chain)
        answer = dispatcher.answer(
            b'{"jsonrpc":"2.0","id":1,"method":"eth_chainId","method":"eth_blockNumber"}'
        )
        dispatcher.close()
    assert answer is not None
    assert b"'method' is given twice" in answer
