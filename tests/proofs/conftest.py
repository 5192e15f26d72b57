"""One chain with the example's car on it, its trust root, and the car's proof file: made once a run."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.clients import client_of, new_client
from tests.proofs import rich_world as rich
from tests.proofs.rich_world import RichWorld
from tests.proofs.small_world import SmallWorld, build
from traceledger.client.client import Client
from traceledger.proofs import TrustRoot

ROOT = Path(__file__).resolve().parents[2]
BATCH = "oem/VIN-1"
__all__ = ["BATCH", "RichWorld", "SmallWorld", "World"]


@dataclass(frozen=True)
class World:
    """A network's folder, what a verifier believes of it, and a valid proof file."""

    folder: Path
    trusted: TrustRoot
    proof: Path
    batch: int

    def client(self) -> Client:
        return client_of(self.folder)


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    folder = tmp_path_factory.mktemp("proofs")
    with new_client(folder / "net") as client:
        client.submit(ROOT / "examples" / "cobalt-to-car.jsonl", create_keys=True, block_size=7)
        client.export_proof(BATCH, folder / "car.tlproof")
        trusted, batch = client.trust_root(), client.batch_id(BATCH)
    return World(folder / "net", trusted, folder / "car.tlproof", batch)


@pytest.fixture(scope="session")
def small_world(tmp_path_factory: pytest.TempPathFactory) -> SmallWorld:
    return build(tmp_path_factory.mktemp("small"))


@pytest.fixture(scope="session")
def rich_world(tmp_path_factory: pytest.TempPathFactory) -> RichWorld:
    return rich.build(tmp_path_factory.mktemp("rich"))
