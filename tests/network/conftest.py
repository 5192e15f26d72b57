"""A real network of four geth validators (Clique, a block a second), started once for a worker.

Each worker has a network of its own; ``tests/selection.py`` says which modules run in one worker. Test
modules that use it say so, which makes CI fail where geth is missing, and are listed there as waiting::

    pytestmark = [pytest.mark.real("geth")]

    def test_something(network: LiveNetwork, workspace: Path) -> None:
        # the working folder is empty but for a networks.toml whose default network is this one
        with traceledger.connect() as client: ...
        network.kill(2)            # kill -9
        network.restart(2)         # and back, in step with the others
        network.partition([0, 1], [2, 3])
        network.heal()

The network stays for the next test: chains are not reset, so use names of your own, or deploy contracts of
your own. Whatever a test broke is mended after it (``LiveNetwork.restore``).
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import require_tool
from tests.network.live import LiveNetwork
from traceledger.network.found import Founding, found
from traceledger.network.lifecycle import Running

CHAIN_ID = 20_261
PASSPHRASE = "correct horse"
UP_SECONDS = 240
"""For slow machines: a peer that was missed is dialled again after 35 s."""


@pytest.fixture(scope="session")
def geth() -> Path:
    """The geth that can seal Clique; skips where there is none."""
    return Path(require_tool("geth"))


@pytest.fixture(scope="session")
def _live(geth: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveNetwork]:
    folder = tmp_path_factory.mktemp("net") / "consortium"
    found(folder, Founding("consortium", "geth-clique", 4, CHAIN_ID))
    try:
        Running(folder).up(geth, wait=UP_SECONDS)
        yield LiveNetwork(folder, geth)
    finally:
        Running(folder).down()


@pytest.fixture
def network(_live: LiveNetwork) -> Iterator[LiveNetwork]:
    """Four validators that run, are connected and make blocks; mended after the test."""
    yield _live
    _live.restore()


@pytest.fixture
def workspace(network: LiveNetwork, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder: a networks.toml whose default is the network; the passphrase is set."""
    shutil.copy(network.config, tmp_path / "networks.toml")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("TRACELEDGER_NETWORKS", raising=False)
    monkeypatch.setenv("TRACELEDGER_PASSPHRASE", PASSPHRASE)
    return tmp_path
