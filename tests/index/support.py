"""What the index tests share."""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from tests.simulator import ASSURANCE, LEDGER, MANAGER, REGISTRY, World
from traceledger.config.networks import Contracts as Deployed
from traceledger.index import Contracts, Index, ReadableChain
from traceledger.index.log_chunks import unpacked
from traceledger.index.schema import DERIVED, RAW
from traceledger.index.seals import Watch, columns

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
        rows = sorted(map(repr, rows_of(connection, table, "seal")))
        total.update(f"{table}{len(rows)}".encode() + "\n".join(rows).encode())
    connection.close()
    return total.hexdigest()


def rows_of(connection: sqlite3.Connection, table: str, *more: str) -> list[tuple[Any, ...]]:
    """The rows of a table, with more columns before its own.

    Of ``log``, one for each log: how many stand in one row follows from how the chain was read.
    """
    names = ", ".join((*more, *columns(connection, table)))
    if table != "log":
        return connection.execute(f"SELECT {names} FROM {table}").fetchall()
    bodies = connection.execute("SELECT body FROM log ORDER BY position")
    return [log for (body,) in bodies for log in unpacked(body)]


def forge(path: Path, *statements: str) -> None:
    """Change rows of an index as somebody can who computes seals and tallies anew."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        watch = Watch()
        watch.attach(connection)
        connection.execute("BEGIN IMMEDIATE")
        watch.begin(connection)
        for statement in statements:
            connection.execute(statement)
        watch.write(connection)
        connection.execute("COMMIT")
