"""What the index tests share."""

from __future__ import annotations

import hashlib
import sqlite3
from pathlib import Path

from tests.simulator import ASSURANCE, LEDGER, MANAGER, REGISTRY, World
from traceledger.config.networks import Contracts as Deployed
from traceledger.index import Contracts, Index, ReadableChain
from traceledger.index.schema import DERIVED, RAW
from traceledger.index.seals import columns

DEPLOYED = Deployed(
    access_manager=MANAGER,
    registry=REGISTRY,
    ledger=LEDGER,
    assurance=ASSURANCE,
    handling=b"\x5e" * 20,
    corrections=b"\x6e" * 20,
    safeguard=b"\x7e" * 20,
)


def open_index(path: Path, chain: ReadableChain) -> Index:
    return Index.open(path, Contracts.of(chain, DEPLOYED))


def indexed(path: Path, world: World) -> Index:
    index = open_index(path, world.chain)
    index.sync(world.chain)
    return index


def digest(path: Path) -> str:
    """SHA-256 over all rows of all tables, sorted."""
    connection = sqlite3.connect(path)
    total = hashlib.sha256()
    for table in (*RAW, *DERIVED):
        names = ", ".join(("seal", *columns(connection, table)))
        rows = sorted(map(repr, connection.execute(f"SELECT {names} FROM {table}")))
        total.update(f"{table}{len(rows)}".encode() + "\n".join(rows).encode())
    connection.close()
    return total.hexdigest()
