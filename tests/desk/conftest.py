"""A ledger of two companies with clerks, made once."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser import ledgers
from tests.desk.browsing import Browser, desk_of
from tests.once import once
from traceledger.client.client import Client


def _with_clerks(client: Client) -> None:
    """A second clerk of the refiner."""
    ledgers.add_clerk(client, "kokkola", "kokkola-anna")


@pytest.fixture(scope="session")
def desk_ledger(example: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the example and clerks: to be read only."""
    return once(tmp_path_factory, "desk", lambda folder: ledgers.later(example, folder, _with_clerks))


@pytest.fixture
def folder(desk_ledger: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return Path(shutil.copytree(desk_ledger, tmp_path / "it"))


@pytest.fixture
def browser(folder: Path) -> Iterator[Browser]:
    """The desk of kokkola, and a browser that was let in."""
    with desk_of(folder, "kokkola") as found:
        yield found
