"""A ledger of two companies with clerks, made once."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser import ledgers
from tests.clients import client_of
from tests.desk.browsing import Browser, desk_of
from tests.once import once


def _with_clerks(example: Path, folder: Path) -> None:
    """The example, and a second clerk of its refiner."""
    shutil.copytree(example, folder, dirs_exist_ok=True)
    with client_of(folder) as client:
        second = client.create_key("kokkola-anna")
        client.add_operator("kokkola", second.address, act_as="kokkola")
        client.sync()


@pytest.fixture(scope="session")
def desk_ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the example and clerks: to be read only."""
    example = once(tmp_path_factory, "example-of-browser", ledgers.example)
    return once(tmp_path_factory, "desk", lambda folder: _with_clerks(example, folder))


@pytest.fixture
def folder(desk_ledger: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return Path(shutil.copytree(desk_ledger, tmp_path / "it"))


@pytest.fixture
def browser(folder: Path) -> Iterator[Browser]:
    """The desk of kokkola, and a browser that was let in."""
    with desk_of(folder, "kokkola") as found:
        yield found
