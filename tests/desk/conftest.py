"""A ledger of two companies with clerks, made once."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.clients import new_client
from tests.conftest import ROOT
from tests.desk.browsing import Browser, desk_of
from tests.once import once


def _example(folder: Path) -> None:
    """The example, and a second clerk of its refiner."""
    with new_client(folder) as client:
        client.submit(ROOT / "examples" / "cobalt-to-car.jsonl", create_keys=True)
        second = client.create_key("kokkola-anna")
        client.add_operator("kokkola", second.address, act_as="kokkola")
        client.sync()


@pytest.fixture(scope="session")
def desk_ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the example and clerks: to be read only."""
    return once(tmp_path_factory, "desk", _example)


@pytest.fixture
def folder(desk_ledger: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return Path(shutil.copytree(desk_ledger, tmp_path / "it"))


@pytest.fixture
def browser(folder: Path) -> Iterator[Browser]:
    """The desk of kokkola, and a browser that was let in."""
    with desk_of(folder, "kokkola") as found:
        yield found
