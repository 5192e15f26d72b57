"""The example's packs, and what the example's master data says of them: read once, by all tests here."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.clients import client_of
from tests.conftest import ROOT
from traceledger.client.client import Client
from traceledger.interop import masterdata
from traceledger.interop.passport.batteries import Battery, Per
from traceledger.interop.passport.making import read
from traceledger.provenance.stages import packaged

GOTHIA = ROOT / "examples" / "masterdata" / "gothia.toml"
STAGES = packaged()


def battery_of(client: Client, batch: str, known: masterdata.MasterData, per: Per = Per.MODEL) -> Battery:
    """A battery of a client's ledger."""
    return read(client.index, client.batch_id(batch), known, per, STAGES)


@pytest.fixture(scope="session")
def client(example: Path) -> Iterator[Client]:
    """A client that only reads."""
    with client_of(example) as found:
        yield found


@pytest.fixture(scope="session")
def known() -> masterdata.MasterData:
    """The maker's master data."""
    return masterdata.load(GOTHIA)


@pytest.fixture(scope="session")
def battery(client: Client, known: masterdata.MasterData) -> Battery:
    """The pack of the first car, with the figures of its model, plant and year."""
    return battery_of(client, "oem/VIN-1", known)
