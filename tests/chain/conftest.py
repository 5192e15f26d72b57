"""Chains to test: embedded, the same behind a node, and a real anvil."""

from __future__ import annotations

import re
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.chain import support
from tests.conftest import require_tool
from traceledger.chain.base import Chain
from traceledger.chain.embedded import EmbeddedChain
from traceledger.chain.node import NodeServer
from traceledger.chain.rpc import RpcChain


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
    command = [require_tool("anvil"), "--port", "0", "--chain-id", str(support.CHAIN_ID)]
    command += ["--hardfork", "prague", "--gas-limit", "30000000000", "--gas-price", "0"]
    command += ["--block-base-fee-per-gas", "0", "--timestamp", str(support.START)]
    with (
        (tmp_path / "anvil.log").open("w+") as log,
        subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT) as process,
    ):
        try:
            yield f"http://127.0.0.1:{_listening_port(tmp_path / 'anvil.log', process)}"
        finally:
            process.terminate()


def _listening_port(log: Path, process: subprocess.Popen[bytes]) -> str:
    for _ in range(300):
        found = re.search(r"Listening on 127\.0\.0\.1:(\d+)", log.read_text())
        if found:
            return found[1]
        if process.poll() is not None:
            break
        threading.Event().wait(0.1)
    pytest.fail(f"anvil did not start: {log.read_text()}")


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
