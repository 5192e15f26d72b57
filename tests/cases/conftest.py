"""Chains for the cases: what all begin with is put on a chain once, and copied for each."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cases.world import BASE, Trade, lot
from tests.clients import client_of, new_client, write


@pytest.fixture(scope="session")
def _bare(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A network with contracts."""
    folder = tmp_path_factory.mktemp("bare") / "network"
    new_client(folder).close()
    return folder


@pytest.fixture(scope="session")
def _begun(_bare: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A network on which the trade has begun."""
    folder = tmp_path_factory.mktemp("begun") / "network"
    shutil.copytree(_bare, folder)
    with client_of(folder) as client:
        client.submit(write(folder / "base.jsonl", [*BASE, lot()]), create_keys=True)
    return folder


@pytest.fixture
def trade(_begun: Path, tmp_path: Path) -> Iterator[Trade]:
    """The trade, with its first lot: ``quarry/L1``, 24 t, 8.4 t of cobalt, 40 t CO2e."""
    shutil.copytree(_begun, tmp_path / "network")
    with client_of(tmp_path / "network") as client:
        yield Trade(client, tmp_path)


@pytest.fixture(scope="session")
def _begun_elsewhere(_bare: Path, tmp_path_factory: pytest.TempPathFactory, shared: Path) -> Path:
    """A network on which the folder's base has run."""
    folder = tmp_path_factory.mktemp("elsewhere") / "network"
    shutil.copytree(_bare, folder)
    with client_of(folder) as client:
        client.submit(shared / "cases" / "base.jsonl", create_keys=True)
    return folder


@pytest.fixture
def begun_elsewhere(_begun_elsewhere: Path, tmp_path: Path) -> Iterator[Trade]:
    """The trade of the folder's files, after their base."""
    shutil.copytree(_begun_elsewhere, tmp_path / "network")
    with client_of(tmp_path / "network") as client:
        yield Trade(client, tmp_path)
