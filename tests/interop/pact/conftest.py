"""The small ledger, and what reads it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.clients import client_of
from tests.interop.pact import ledger
from tests.once import once
from traceledger.client.client import Client
from traceledger.interop.masterdata import load, parse
from traceledger.interop.pact.catalogue import Catalogue

CatalogueOf = Callable[..., Catalogue]


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The ledger of ``tests/interop/pact/ledger.py``, to be read only."""
    return once(tmp_path_factory, "pact-ledger", ledger.make)


@pytest.fixture(scope="module")
def client(folder: Path) -> Iterator[Client]:
    with client_of(folder) as opened:
        yield opened


@pytest.fixture
def catalogue(client: Client, folder: Path) -> CatalogueOf:
    """Footprints of the ledger with master data: those of the folder, or a text."""

    def made(text: str | None = None) -> Catalogue:
        known = load(folder / "acme.toml") if text is None else parse(text)
        return Catalogue(client.index, known)

    return made
