"""Chains to test: embedded, the same behind a node, and a real anvil."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.anvil import anvil
from tests.chain import support
from traceledger.chain.base import Chain
from traceledger.chain.embedded import EmbeddedChain
from traceledger.chain.node import NodeServer
from traceledger.chain.rpc.chain import RpcChain


@pytest.fixture
def chain_path(tmp_path: Path) -> Path:
    return tmp_path / "chain.db"


@pytest.fixture
def embedded(chain_path: Path) -> Iterator[EmbeddedChain]:
    sealer = support.sealer()
    with EmbeddedChain.create(
        chain_path,
        chain_id=support.CHAIN_ID,
        authority=sealer.address,
        timestamp=support.START,
        sealer=sealer,
    ) as chain:
        yield chain


@pytest.fixture
def node(embedded: EmbeddedChain) -> Iterator[NodeServer]:
    server = NodeServer(embedded)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.stop()
    thread.join()
    server.close()


@pytest.fixture
def over_node(node: NodeServer) -> Iterator[RpcChain]:
    with RpcChain.connect(node.url, expected_chain_id=support.CHAIN_ID) as chain:
        yield chain


@pytest.fixture
def anvil_url(tmp_path: Path) -> Iterator[str]:
    with anvil(tmp_path, support.CHAIN_ID, "--timestamp", str(support.START)) as url:
        yield url


@pytest.fixture
def over_anvil(anvil_url: str) -> Iterator[RpcChain]:
    with RpcChain.connect(anvil_url, expected_chain_id=support.CHAIN_ID) as chain:
        yield chain


@pytest.fixture(params=["embedded", "over_node", pytest.param("over_anvil", marks=pytest.mark.real("anvil"))])
def chain(request: pytest.FixtureRequest) -> Chain:
    """Each implementation of the interface in turn."""
    found: Chain = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def reopen(chain_path: Path) -> Callable[[], EmbeddedChain]:
    return lambda: EmbeddedChain.open(chain_path, sealer=support.sealer())
