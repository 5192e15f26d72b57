"""The SQLite file of an embedded chain: schema, connections, transactions, and its errors in plain words.

One file holds everything. ``node`` has state and storage trie nodes and contract code, one behind the
other; they are found by how their Keccak-256 hashes begin, and what is found is hashed when it is read.
(In a table by hashes, which come in no order, each would be written into a page of its own.) ``block`` is
the chain itself: headers, and the transactions and receipts that they vouch for, which can be read without
running an EVM; by ``tx`` transactions are found. A block is written in one SQLite transaction, so a process
killed at any moment leaves the last whole block as the head.

The journal is a write-ahead log: readers and the writer do not wait for one another.
``synchronous=FULL`` makes every commit wait for the disk: a block whose receipts were given out
survives a power cut, and not only a kill. It costs well under a millisecond on a solid-state disk.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

from traceledger.errors import InputError, NetworkError, TraceLedgerError, VerificationError
from traceledger.model.frozen import frozen
from traceledger.storage.connections import Connections
from traceledger.storage.files import AlreadyThereError, drafting, make_folder
from traceledger.storage.sqlite import SqliteFile

APPLICATION_ID = 0x54524C43
"""``TRLC``: marks a SQLite file as an embedded chain (``PRAGMA application_id``)."""

SCHEMA_VERSION = 2
"""Version of the tables below (``PRAGMA user_version``)."""

_SCHEMA = """
CREATE TABLE chain (
    chain_id INTEGER NOT NULL,
    authority BLOB NOT NULL
) STRICT;
CREATE TABLE node (
    number INTEGER PRIMARY KEY,
    begins INTEGER NOT NULL,
    value BLOB NOT NULL
) STRICT;
CREATE INDEX node_by_hash ON node (begins);
CREATE TABLE block (
    number INTEGER PRIMARY KEY,
    hash BLOB NOT NULL UNIQUE,
    parent_hash BLOB NOT NULL,
    timestamp INTEGER NOT NULL,
    header BLOB NOT NULL,
    bodies BLOB NOT NULL
) STRICT;
CREATE TABLE tx (
    block INTEGER NOT NULL,
    position INTEGER NOT NULL,
    hash BLOB NOT NULL UNIQUE,
    sender BLOB NOT NULL,
    nonce INTEGER NOT NULL,
    contract BLOB,
    code_hash BLOB,
    PRIMARY KEY (block, position)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX tx_by_sender ON tx (sender, nonce);
CREATE INDEX tx_by_contract ON tx (contract) WHERE contract IS NOT NULL;
"""

_FOREIGN_HINT = "give the path of a chain made by `traceledger init`"
DAMAGE_HINT = "run `traceledger node verify` to find the damage, or restore a backup"
CHAIN_FILE = SqliteFile(
    "the chain database",
    mend=DAMAGE_HINT,
    aftermath="nothing more was written",
    busy_seconds=10,
    cache_kib=65_536,
)


def begins(digest: bytes) -> int:
    """How the hash of a node begins, as table ``node`` has it: 64 bits, signed."""
    return int.from_bytes(digest[:8], "big", signed=True)


@frozen
class ChainIdentity:
    """What a chain file says of itself: EIP-155 chain id, and the 20-byte address that seals blocks."""

    chain_id: int
    authority: bytes


def connect(path: Path, *, busy_seconds: float = CHAIN_FILE.busy_seconds) -> sqlite3.Connection:
    """Open an existing chain file and check that it is one.

    A file that this user may not write is opened for reading only.

    Args:
        path: the SQLite file.
        busy_seconds: how long to wait for another writer.

    Raises:
        NetworkError: no such file, made by something else, or by a newer TraceLedger.
        VerificationError: the file is damaged.
    """
    if not path.is_file():
        raise NetworkError("there is no chain file", where=path, hint="make one with `traceledger init`")
    try:
        return _opened(path, busy_seconds)
    except NetworkError:
        # A write-ahead log needs a file beside the database. Where none can be made, and so
        # nobody can be writing, the database is read as it is.
        if os.access(path.parent, os.W_OK) or path.with_name(f"{path.name}-wal").exists():
            raise
        return _opened(path, busy_seconds, immutable=True)


def _opened(path: Path, busy_seconds: float, *, immutable: bool = False) -> sqlite3.Connection:
    connection = CHAIN_FILE.connect(path, busy_seconds=busy_seconds, immutable=immutable, any_thread=True)
    try:
        with explained(path):
            _check_is_chain(connection, path)
            _set_up(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _set_up(connection: sqlite3.Connection) -> None:
    """Set the connection's options; see the module docstring for why."""
    # Refused on a file that is read-only: then nobody writes, and any journal will do.
    with contextlib.suppress(sqlite3.OperationalError):
        connection.execute("PRAGMA journal_mode = WAL")
    # 4,000 pages, 16 MB: the default of 1,000 is full after some 500 operations, and emptying it takes time.
    connection.execute("PRAGMA wal_autocheckpoint = 4000")


def _check_is_chain(connection: sqlite3.Connection, path: Path) -> None:
    """Refuse files of other programs and of newer releases."""
    application = connection.execute("PRAGMA application_id").fetchone()[0]
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if application != APPLICATION_ID:
        raise NetworkError("the file belongs to another program", where=path, hint=_FOREIGN_HINT)
    if version != SCHEMA_VERSION:
        raise NetworkError(
            f"the chain file has schema version {version}, this release reads {SCHEMA_VERSION}",
            where=path,
            hint="use the release of TraceLedger that wrote it, or a newer one",
        )


def identity(connection: sqlite3.Connection, path: Path) -> ChainIdentity:
    """The chain id and authority written in the file.

    Raises:
        VerificationError: the row is missing or malformed.
    """
    with explained(path):
        rows = connection.execute("SELECT chain_id, authority FROM chain").fetchall()
    if len(rows) != 1 or len(rows[0][1]) != 20:
        raise VerificationError(
            "the chain file does not say which chain it holds", where=path, hint=DAMAGE_HINT
        )
    return ChainIdentity(*rows[0])


@contextlib.contextmanager
def new_file(path: Path) -> Iterator[sqlite3.Connection]:
    """Make a chain file that appears at ``path`` whole, or not at all.

    Yields:
        A connection to the empty tables; what is written to it is kept if the block ends well.

    Raises:
        InputError: something is already at ``path``.
        NetworkError: the file cannot be written.
    """
    try:
        make_folder(path.parent, error=NetworkError)
        with drafting(path, error=NetworkError) as draft, CHAIN_FILE.explaining(path):
            connection = sqlite3.connect(draft, isolation_level=None)
            try:
                connection.executescript(_SCHEMA)
                connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
                connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
                yield connection
            finally:
                connection.close()
    except AlreadyThereError:
        raise InputError(
            "there is already a file", where=path, hint="choose another path, or open that chain"
        ) from None


def writing(connection: sqlite3.Connection, path: Path) -> AbstractContextManager[None]:
    """One SQLite transaction that holds the writer's lock from its start.

    Everything done inside is kept when the block ends well, and undone when it does not.

    Raises:
        NetworkError: another writer held the lock for too long, or the disk refused.
    """
    return CHAIN_FILE.transaction(connection, path)


@contextlib.contextmanager
def explained(path: Path, connections: Connections | None = None) -> Iterator[None]:
    """Turn SQLite's errors about ``path`` into errors that say how to mend them.

    Args:
        path: the file.
        connections: those to it, so that a use after they were closed is told from a fault.

    Raises:
        VerificationError: the file is damaged.
        NetworkError: it is busy, read-only, cannot be opened, or the disk is full.
    """
    try:
        with CHAIN_FILE.explaining(path):
            yield
    except TraceLedgerError as error:
        if connections is None or connections.open:
            raise
        raise connections.closed_error() from error
