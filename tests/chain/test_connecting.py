"""Connecting to an rpc network of networks.toml: which chain it must be."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.chain import support
from tests.chain.support import ALICE, deploy
from tests.faulty_endpoint import FaultyEndpoint, changed
from traceledger.chain.embedded import EmbeddedChain
from traceledger.chain.node import NodeServer
from traceledger.config.connection import open_chain
from traceledger.config.networks import CONTRACTS, Network, load
from traceledger.errors import InputError, NetworkError

OTHER = "0x" + "17" * 32


def network(folder: Path, url: str, *fields: str) -> Network:
    path = folder / "networks.toml"
    lines = ['default = "n"', "[networks.n]", 'kind = "rpc"', f'url = "{url}"', 'path = "local"']
    path.write_text("\n".join([*lines, f"chain_id = {support.CHAIN_ID}", *fields]) + "\n")
    return load(path).get()


def test_the_first_genesis_is_remembered(tmp_path: Path, node: NodeServer, embedded: EmbeddedChain) -> None:
    entry = network(tmp_path, node.url)
    open_chain(entry).close()
    assert entry.genesis_file.read_text() == f"0x{embedded.genesis_hash().hex()}\n"
    open_chain(entry).close()
    entry.genesis_file.write_text(OTHER)
    with pytest.raises(NetworkError, match=r"the chain begins with block 0x.*, expected 0x1717"):
        open_chain(entry)
    entry.genesis_file.write_text("0x12")
    with pytest.raises(NetworkError, match="does not hold the hash of a block"):
        open_chain(entry)


def test_the_entry_says_which_genesis(tmp_path: Path, node: NodeServer, embedded: EmbeddedChain) -> None:
    entry = network(tmp_path, node.url, f'genesis_hash = "{OTHER}"')
    with pytest.raises(NetworkError, match="expected 0x1717"):
        open_chain(entry)
    right = network(tmp_path, node.url, f'genesis_hash = "0x{embedded.genesis_hash().hex()}"')
    open_chain(right).close()
    assert not right.genesis_file.exists()


def test_the_contracts_are_looked_at_whatever_is_done(
    tmp_path: Path, node: NodeServer, embedded: EmbeddedChain
) -> None:
    (made,) = embedded.send([deploy(ALICE)])
    assert made.contract is not None
    table = ["[networks.n.contracts]", *(f'{name} = "0x{made.contract.hex()}"' for name in CONTRACTS)]
    with pytest.raises(NetworkError, match="is another contract, or another release"):
        open_chain(network(tmp_path, node.url, *table))
    with (
        FaultyEndpoint(node.url, changed(lambda name, _, it: "0x" if name == "eth_getCode" else it)) as bare,
        pytest.raises(NetworkError, match="has no code"),
    ):
        open_chain(network(tmp_path, bare.url, *table))


@pytest.mark.parametrize(("seconds", "right"), [("0.5", True), ("600", True), ("0", False), ("601", False)])
def test_time_limits(tmp_path: Path, seconds: str, right: bool) -> None:
    field = f"timeout_seconds = {seconds}"
    if right:
        assert network(tmp_path, "http://127.0.0.1:9", field).timeout_seconds == float(seconds)
        return
    with pytest.raises(InputError, match="timeout_seconds"):
        network(tmp_path, "http://127.0.0.1:9", field)
