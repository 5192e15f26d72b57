"""One SQLite file: how it is opened, and what its failures mean to a user.

Example:
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     database = Database.open(Path(folder) / "index.db")
    ...     database.one("SELECT count(*) FROM batch")
    ...     database.close()
    (0,)
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from traceledger.errors import InputError, VerificationError
from traceledger.index.schema import APPLICATION_ID, TABLES, VERSION
from traceledger.storage.connections import Connections
from traceledger.storage.locks import held
from traceledger.storage.sqlite import SqliteFile

REBUILD = "run `traceledger index rebuild`"
# A power cut may take the last blocks: the chain has them.
INDEX_FILE = SqliteFile(
    "the index", mend=REBUILD, unusable=InputError, synchronous="NORMAL", cache_kib=32_000
)


class Database:
    """An index file, on a connection for each thread. Any number may read beside the one that writes (WAL).

    Args:
        path: the file.
        connections: those to it.
    """

    def __init__(self, path: Path, connections: Connections) -> None:
        self.path = path
        self._connections = connections

    @classmethod
    def open(cls, path: Path, *, any_version: bool = False, busy_seconds: float | None = None) -> Database:
        """Open an index file; makes an empty one where there is none.

        Args:
            path: the file.
            any_version: accept an index of another release, in order to empty it.
            busy_seconds: how long to wait for another process that writes; default: a minute.

        Raises:
            VerificationError: the file is damaged, of another program, or of another release.
            InputError: the file cannot be opened.
        """
        wait = INDEX_FILE.busy_seconds if busy_seconds is None else busy_seconds
        database = cls(path, _connections(path, wait))
        try:
            if database._is_blank():
                database._create(wait)
            database._require_ours(any_version)
        except BaseException:
            database.close()
            raise
        return database

    @staticmethod
    def readable(path: Path, *, busy_seconds: float | None = None) -> bool:
        """Whether SQLite can read the file from end to end, or there is none yet.

        Args:
            path: the file.
            busy_seconds: how long to wait for another process that writes; default: a minute.
        """
        if not path.exists():
            return True
        try:
            database = Database(path, _connections(path, busy_seconds))
            try:
                # Not integrity_check, which takes minutes where this takes seconds; what derived rows say is
                # checked by a rebuild.
                return database.one("PRAGMA quick_check(1)") == ("ok",)
            finally:
                database.close()
        except VerificationError:
            return False

    def _is_blank(self) -> bool:
        return self.one("PRAGMA application_id") == (0,) and self.one(
            "SELECT count(*) FROM sqlite_master"
        ) == (0,)

    def _create(self, wait: float) -> None:
        lock = self.path.with_name(self.path.name + ".lock")
        with held(lock, doing="making the index", seconds=wait, about=self.path):
            if not self._is_blank():
                return
            self.one("PRAGMA journal_mode=WAL")
            with self.writing():
                self.make_tables()
                self.run(f"PRAGMA application_id={APPLICATION_ID}")
                self.run(f"PRAGMA user_version={VERSION}")

    def _require_ours(self, any_version: bool) -> None:
        if self.one("PRAGMA application_id") != (APPLICATION_ID,):
            raise VerificationError(
                "this SQLite file is no TraceLedger index", where=self.path, hint="give another path"
            )
        if not any_version and self.one("PRAGMA user_version") != (VERSION,):
            raise VerificationError(
                "the index is of another release of TraceLedger", where=self.path, hint=REBUILD
            )

    def make_tables(self) -> None:
        """Create all tables, inside the transaction that is open."""
        # executescript would commit the transaction that is open.
        for statement in TABLES.split(";\n"):
            self.run(statement)

    def drop_tables(self) -> None:
        """Drop all tables, inside the transaction that is open."""
        names = self.all("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
        for (name,) in names:
            self.run(f'DROP TABLE "{name}"')
        self.run(f"PRAGMA user_version={VERSION}")

    @contextmanager
    def writing(self) -> Iterator[None]:
        """One write transaction; all of it or, on any error, nothing."""
        self.run("BEGIN IMMEDIATE")
        try:
            yield
            self.run("COMMIT")
        except BaseException:
            self._roll_back()
            raise

    @contextmanager
    def waiting(self, seconds: float) -> Iterator[None]:
        """Inside, this thread waits so long for another process that writes."""
        (before,) = self.one("PRAGMA busy_timeout") or (0,)
        self.run(f"PRAGMA busy_timeout = {round(seconds * 1000)}")
        try:
            yield
        finally:
            if self._connections.open:
                self.run(f"PRAGMA busy_timeout = {before}")

    @contextmanager
    def reading(self) -> Iterator[None]:
        """One snapshot: every read inside sees the same block."""
        with self._connections.here() as connection:
            inside = connection.in_transaction
        if inside:
            yield
            return
        self.run("BEGIN")
        try:
            yield
        finally:
            self._roll_back()

    def _roll_back(self) -> None:
        """End this thread's transaction, if it is in one; a file that was closed meanwhile has ended it."""
        if self._connections.open:
            with self._connections.here() as connection:
                if connection.in_transaction:
                    connection.rollback()

    def run(self, statement: str, values: Sequence[Any] = ()) -> None:
        """Execute one statement."""
        self.all(statement, values)

    def run_many(self, statement: str, rows: Iterable[Sequence[Any]]) -> None:
        """Execute one statement for every row."""
        with self._connections.here() as connection:
            try:
                connection.executemany(statement, rows)
            except (sqlite3.Error, OverflowError) as error:
                raise self._explain(error) from error

    def one(self, query: str, values: Sequence[Any] = ()) -> tuple[Any, ...] | None:
        """The first row, or ``None``."""
        rows = self.all(query, values)
        return rows[0] if rows else None

    def all(self, query: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """All rows."""
        with self._connections.here() as connection:
            try:
                return connection.execute(query, values).fetchall()
            except (sqlite3.Error, OverflowError) as error:
                raise self._explain(error) from error

    def close(self) -> None:
        """Close the file, for all threads."""
        self._connections.close()

    def _explain(self, error: Exception) -> Exception:
        if not self._connections.open:
            return self._connections.closed_error()
        if isinstance(error, sqlite3.Error):
            return INDEX_FILE.explain(self.path, error)
        return VerificationError("the chain states a quantity that no batch can hold", where=self.path)


def _connections(path: Path, busy_seconds: float | None) -> Connections:
    return Connections(
        lambda: INDEX_FILE.connect(path, busy_seconds=busy_seconds, any_thread=True), "the index is closed"
    )
