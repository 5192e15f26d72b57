"""The tables of an outbox file, and their check of its own: a seal for each row, and a tally of all.

A row that something else than this program changed does not fit its seal; one that was lost or put there does
not fit the tally. All of it is read when the file is opened: what was signed and may still be mined must not
be forgotten, nor what happened be told otherwise. Seals are no secrets (:mod:`traceledger.index.seals`).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any

from traceledger.index.seals import sealed
from traceledger.signing.transaction import transaction_hash

LIVE = "state IN ('signed', 'sent', 'mined')"
"""The condition of an unfinished transaction."""

COLUMNS = (
    "id, sender, nonce, hash, raw, actor, target, digest, occurrence, operation, source, born, state,"
    " block, block_hash, position, succeeded, taken_by, signed_at, changed_at"
)
"""The columns of an entry, but its seal."""

_SEALED = COLUMNS.removeprefix("id, ")
_META = "chain_id, genesis_hash, entries, seals"
_ID, _HASH, _RAW = 0, 3, 4

TABLES = (
    "CREATE TABLE meta (one INTEGER PRIMARY KEY CHECK (one = 1), chain_id TEXT NOT NULL,"
    " genesis_hash BLOB NOT NULL, entries INTEGER NOT NULL, seals INTEGER NOT NULL,"
    f" seal INTEGER AS (sealed({_META})) STORED)",
    "CREATE TABLE entry (id INTEGER PRIMARY KEY AUTOINCREMENT, sender BLOB NOT NULL, nonce INTEGER NOT NULL,"
    " hash BLOB NOT NULL UNIQUE, raw BLOB NOT NULL, actor BLOB NOT NULL, target BLOB NOT NULL,"
    " digest BLOB NOT NULL, occurrence INTEGER NOT NULL, operation TEXT NOT NULL, source TEXT NOT NULL,"
    " born INTEGER, state TEXT NOT NULL, block INTEGER, block_hash BLOB, position INTEGER,"
    " succeeded INTEGER, taken_by BLOB, signed_at INTEGER NOT NULL, changed_at INTEGER NOT NULL,"
    f" seal INTEGER AS (sealed({_SEALED})) STORED)",
    f"CREATE UNIQUE INDEX one_a_nonce ON entry (sender, nonce) WHERE {LIVE}",
    f"CREATE UNIQUE INDEX one_an_operation ON entry (actor, target, digest) WHERE {LIVE}",
    "CREATE INDEX entry_state ON entry (state)",
)
"""The statements that make them."""

_CHANGES = {
    "INSERT": ("+ 1", "+ new.seal"),
    "UPDATE": ("", "+ new.seal - old.seal"),
    "DELETE": ("- 1", "- old.seal"),
}
_COUNTED = "CREATE TEMP TABLE IF NOT EXISTS counted (entries INTEGER NOT NULL, seals INTEGER NOT NULL)"


def attach(connection: sqlite3.Connection) -> None:
    """Give a connection the function that seals rows."""
    connection.create_function("sealed", -1, sealed, deterministic=True)


def watch(connection: sqlite3.Connection) -> None:
    """Count from now on what this connection changes, for :func:`tally`; the tables are there."""
    # TEMP: of this connection only, so that what another program changes is not counted.
    connection.execute(_COUNTED)
    connection.execute("INSERT INTO counted SELECT 0, 0 WHERE NOT EXISTS (SELECT 1 FROM counted)")
    for change, (rows, seals) in _CHANGES.items():
        counted = f"UPDATE counted SET entries = entries {rows}, seals = seals {seals}"  # noqa: S608
        connection.execute(
            f"CREATE TEMP TRIGGER IF NOT EXISTS tally_{change} AFTER {change} ON main.entry"
            f" BEGIN {counted}; END"
        )


def tally(connection: sqlite3.Connection) -> None:
    """Add to the tally what was changed, before a transaction is committed: once, however much it was."""
    connection.execute(
        "UPDATE meta SET entries = entries + (SELECT entries FROM counted),"
        " seals = seals + (SELECT seals FROM counted)"
    )
    connection.execute("UPDATE counted SET entries = 0, seals = 0")


def fault(connection: sqlite3.Connection) -> str | None:
    """What is wrong with a file, all of which is read, as a phrase; ``None``: nothing."""
    (found,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
    if found != "ok":
        return f"is damaged: {found}"
    made = connection.execute(
        "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'"
    )
    if {sql for (sql,) in made} != set(TABLES):
        return "has other tables than this program makes"
    about = connection.execute(f"SELECT seal, {_META} FROM meta").fetchall()  # noqa: S608
    if len(about) != 1 or about[0][0] != sealed(*about[0][1:]):
        return "has a first row that something else than this program changed"
    entries = seals = 0
    for *row, seal in connection.execute(f"SELECT {COLUMNS}, seal FROM entry ORDER BY id"):  # noqa: S608
        if not holds(row, seal):
            return changed(row)
        entries, seals = entries + 1, seals + seal
    if (entries, seals) != tuple(about[0][-2:]):
        return "has lost transactions, or was given some, without this program"
    return None


def holds(row: Sequence[Any], seal: Any) -> bool:
    """Whether a row (of :data:`COLUMNS`) is as this program wrote it, and its hash that of its bytes."""
    return bool(seal == sealed(*row[1:]) and transaction_hash(row[_RAW]) == row[_HASH])


def changed(row: Sequence[Any]) -> str:
    """What is said of a row that does not hold."""
    return f"has a transaction, number {row[_ID]}, that something else than this program changed"
