"""Networks of anvil nodes, and clients of them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.anvil import anvil as running_anvil
from tests.clients import client_of, network_of
from traceledger.chain.base import Chain
from traceledger.chain.rpc.chain import RpcChain
from traceledger.chain.rpc.transactions import Tip
from traceledger.client.client import Client
from traceledger.model.patience import DEFAULT, Patience
from traceledger.network import node_questions
from traceledger.signing.keystore import KeyStore

CHAIN_ID = 4711


@contextmanager
def anvil(folder: Path, *options: str, base_fee: int = 0) -> Iterator[str]:
    """A running anvil whose blocks have a limit; its URL."""
    folder.mkdir(parents=True, exist_ok=True)
    with running_anvil(folder, CHAIN_ID, *options, gas_limit=3_000_000_000, base_fee=base_fee) as url:
        yield url


def ask(url: str, method: str, *params: Any) -> Any:
    """The result of one JSON-RPC call."""
    return node_questions.ask(url, method, *params, timeout=30)


def write_network(
    folder: Path, urls: Sequence[str], *, keys: Path | None = None, extra: str = "", contracts: str = ""
) -> Path:
    """A networks.toml with one network over JSON-RPC."""
    folder.mkdir(parents=True, exist_ok=True)
    shared = f'keys = "{keys}"\n' if keys else ""
    text = (
        'default = "net"\n[networks.net]\nkind = "rpc"\n'
        f'urls = {json.dumps(list(urls))}\npath = "net"\nchain_id = {CHAIN_ID}\n{shared}{extra}\n{contracts}'
    )
    path = folder / "networks.toml"
    path.write_text(text)
    return path


def deployed(folder: Path, urls: Sequence[str], *, extra: str = "", patience: Patience = DEFAULT) -> Client:
    """A client of a network on which the contracts have just been deployed; its keys are quick to unlock."""
    write_network(folder, urls, extra=extra)
    client = light(folder, patience=patience)
    client.deploy()
    return client


def light(folder: Path, *, patience: Patience = DEFAULT, chain: Chain | None = None) -> Client:
    """A client of the network in a folder, whose new keys are quick to unlock."""
    keys = KeyStore(network_of(folder).keys, light=True)
    return client_of(folder, patience=patience, chain=chain, keys=keys)


def contracts_of(folder: Path) -> str:
    """What the networks.toml of a folder says of the contracts, for one of another machine."""
    heading = "[networks.net.contracts]"
    return heading + (folder / "networks.toml").read_text().partition(heading)[2]


class BuiltUpon(RpcChain):
    """A network of which a block is taken for final once ``depth`` are built upon it."""

    depth = 0

    def tip(self) -> Tip:
        head = self.head()
        found = self.block_ref(max(head.number - self.depth, 0))
        assert found is not None
        return Tip(head, found)


def final_after(folder: Path, url: str, blocks: int, *, patience: Patience = DEFAULT) -> Client:
    """A client of the network in a folder that takes blocks for final once so many are built upon them."""
    chain = BuiltUpon.connect(url, expected_chain_id=CHAIN_ID)
    chain.depth = blocks
    return light(folder, patience=patience, chain=chain)
