"""web3.py over embedded chains and rpc networks."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

import pytest
from web3.exceptions import ContractLogicError, Web3RPCError

from tests.clients import client_of, new_client
from tests.fake_chain import FakeChain
from traceledger.chain.base import Chain
from traceledger.chain.embedded import EmbeddedChain
from traceledger.chain.node import NodeServer
from traceledger.chain.web3py import web3_over
from traceledger.client.client import Client
from traceledger.errors import InputError


def check(client: Client) -> None:
    """That web3.py reads what the client reads, and only reads."""
    web3, head = client.web3(), client.chain.head()
    assert web3.is_connected()
    assert web3.eth.chain_id == client.network.chain_id
    block = web3.eth.get_block("latest")
    assert (block["number"], bytes(block["hash"])) == (head.number, head.hash)
    assert len(block["proofOfAuthorityData"]) > 32
    contracts = client.network.deployed()
    ledger = client.contract("BatchLedger")
    assert ledger.functions.admission().call() == web3.to_checksum_address(contracts.registry)
    assert ledger.functions.supportsInterface("0x80ac58cd").call()
    with pytest.raises(ContractLogicError):
        ledger.functions.ownerOf(1).call()
    with pytest.raises(Web3RPCError, match="only reads"):
        web3.eth.send_raw_transaction(b"\x00")
    with pytest.raises(Web3RPCError):
        web3.manager.request_blocking("eth_noSuchMethod", [])  # type: ignore[arg-type]


@contextmanager
def serving(node: NodeServer) -> Iterator[None]:
    """Serve until the end."""
    thread = threading.Thread(target=node.serve_forever)
    thread.start()
    try:
        yield
    finally:
        node.stop()
        thread.join()
        node.close()


def test_embedded(tmp_path: Path) -> None:
    with new_client(tmp_path) as client:
        check(client)


def test_over_json_rpc(tmp_path: Path) -> None:
    with new_client(tmp_path / "near") as near:
        contracts = near.network.deployed()
        node = NodeServer(cast(EmbeddedChain, near.chain))
        table = "".join(f'{name} = "0x{getattr(contracts, name).hex()}"\n' for name in contracts.__slots__)
        (tmp_path / "networks.toml").write_text(
            f'default = "far"\n[networks.far]\nkind = "rpc"\nurl = "{node.url}"\npath = "far"\n'
            f"chain_id = {near.network.chain_id}\n[networks.far.contracts]\n{table}"
        )
        with serving(node), client_of(tmp_path) as far:
            check(far)


def test_other_chains_are_refused() -> None:
    with pytest.raises(InputError, match="rpc networks"):
        web3_over(cast(Chain, FakeChain()))
