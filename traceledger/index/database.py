"""One SQLite file: how it is opened, how it is known that nobody else wrote to it, and what failures mean.

Before the file is read, and before each write, it must be as this program left it (:mod:`~.stamp`); where it
is not, all of it is checked once (:mod:`~.seals`). Each row that is read is checked besides.

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
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import Any

from traceledger.errors import InputError, VerificationError
from traceledger.index import stamp
from traceledger.index.schema import APPLICATION_ID, LASTING, VERSION
from traceledger.index.seals import Watch, columns, sealed, statements
from traceledger.storage.connections import Connections
from traceledger.storage.locks import held
from traceledger.storage.sqlite import SqliteFile

REBUILD = "run `traceledger index rebuild`"
DIFFERS = f"`traceledger index verify` says what differs; to mend it, {REBUILD}"
# A power cut may take the last blocks: the chain has them.
INDEX_FILE = SqliteFile(
    "the index", mend=REBUILD, unusable=InputError, synchronous="NORMAL", cache_kib=32_000
)

_AT_ONCE = 500
_TOGETHER = 50  # Rows that one statement adds: it takes two thirds of the time of as many statements.


class Database:
    """An index file, on a connection for each thread. Any number may read beside the one that writes (WAL).

    Args:
        path: the file.
        busy_seconds: how long to wait for another process that writes; default: a minute.
        believed: whether what it holds is not checked, as it is to be emptied, or compared.
    """

    def __init__(self, path: Path, *, busy_seconds: float | None = None, believed: bool = False) -> None:
        self.path = path
        self._believed = believed
        self._watch = Watch()
        self._connections = _connections(path, busy_seconds, self._watch)
        self._writer = 0
        self._names: dict[str, list[str]] = {}

    @classmethod
    def open(cls, path: Path, *, any_version: bool = False, busy_seconds: float | None = None) -> Database:
        """Open an index file; makes an empty one where there is none.

        Args:
            path: the file.
            any_version: accept an index of another release, or a changed one, in order to empty it.
            busy_seconds: how long to wait for another process that writes; default: a minute.

        Raises:
            VerificationError: the file is damaged, of another program, or of another release, or something
                else than this program has changed what it holds.
            InputError: the file cannot be opened.
        """
        wait = INDEX_FILE.busy_seconds if busy_seconds is None else busy_seconds
        database = cls(path, busy_seconds=wait, believed=any_version)
        try:
            if database._is_blank():
                database._create(wait)
            database.require_ours(any_version=any_version)
            database.require_unchanged()
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
            database = Database(path, busy_seconds=busy_seconds, believed=True)
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
            with self.emptying():
                self.make_tables()
                self.run(f"PRAGMA application_id={APPLICATION_ID}")

    def require_ours(self, *, any_version: bool = False) -> None:
        """Refuse another program's file, and that of another release.

        Raises:
            VerificationError: it is one.
        """
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
        for statement in statements():
            self.run(statement)
        self.run(f"PRAGMA user_version={VERSION}")
        with self._connections.here() as connection, INDEX_FILE.explaining(self.path):
            self._watch.cover(connection)
            self._watch.begin(connection)

    def drop_tables(self) -> None:
        """Drop all tables, inside the transaction that is open."""
        with self._connections.here() as connection, INDEX_FILE.explaining(self.path):
            self._watch.uncover(connection)
        kinds = "type IN ('table', 'view') AND name NOT LIKE 'sqlite_%'"
        for kind, name in self.all(f"SELECT type, name FROM main.sqlite_master WHERE {kinds}"):  # noqa: S608
            self.run(f'DROP {kind} main."{name}"')

    def copy(self, to: Path) -> None:
        """Copy the file as it is at one moment, whoever writes meanwhile."""
        with self._connections.here() as connection, INDEX_FILE.explaining(self.path):
            target = sqlite3.connect(to)
            try:
                connection.backup(target)
            finally:
                target.close()

    def version(self) -> int:
        """A number that another connection changes when it commits, and nothing that this thread writes."""
        (found,) = self.one("PRAGMA data_version") or (0,)
        return int(found)

    def require_unchanged(self) -> None:
        """Refuse a file that something else than this program has written to, unless all of it holds.

        Raises:
            VerificationError: something else has changed what it holds.
        """
        if self._believed or stamp.is_noted(self.path):
            return
        with self.reading():
            # Before it is read: what is written meanwhile must not pass for what was read.
            seen = stamp.look(self.path)
            self._require_sound()
        if stamp.look(self.path) == seen:
            stamp.note(self.path, seen)

    def _require_sound(self) -> None:
        with self._connections.here() as connection, INDEX_FILE.explaining(self.path):
            found = next(self._watch.faults(connection), None)
        if found is not None:
            raise VerificationError(f"the index {found}", where=str(self.path), hint=DIFFERS)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """One write transaction; all of it or, on any error, nothing. Inside of one: a part of that.

        Raises:
            VerificationError: something else than this program has changed what the file holds.
        """
        if self._writer == threading.get_ident():
            yield
            return
        with self._transaction():
            # Under the writer's lock, so that nothing comes in between.
            if not (self._believed or stamp.is_noted(self.path)):
                self._require_sound()
            with self._connections.here() as connection, INDEX_FILE.explaining(self.path):
                self._watch.begin(connection)
            yield

    @contextmanager
    def emptying(self) -> Iterator[None]:
        """One write transaction, whatever the file holds: it is to hold nothing of that afterwards."""
        with self._transaction():
            yield
        self._believed = False

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self.run("BEGIN IMMEDIATE")
        self._writer = threading.get_ident()
        try:
            yield
            with self._connections.here() as connection, INDEX_FILE.explaining(self.path):
                self._watch.write(connection)
            self.run("COMMIT")
        except BaseException:
            self._roll_back()
            raise
        finally:
            self._writer = 0
        stamp.note(self.path, stamp.look(self.path))

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
    def interrupting(self, is_late: Callable[[], bool], steps: int) -> Iterator[None]:
        """Inside, what this thread asks breaks off once it is late.

        Args:
            is_late: asked every so often while a statement runs.
            steps: after so many instructions of SQLite's machine.
        """
        with self._connections.here() as connection:
            connection.set_progress_handler(is_late, steps)
        try:
            yield
        finally:
            if self._connections.open:
                with self._connections.here() as connection:
                    connection.set_progress_handler(None, 0)

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
        # SQLite computes for a row that is written, too, whether it is intact: of a new seal, for nothing.
        self._watch.doubt(" FROM " in statement)
        try:
            self.all(statement, values)
        finally:
            self._watch.doubt(True)

    def add(self, table: str, rows: Iterable[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
        """Add rows to a table of :data:`~.schema.HOT`, inside a write transaction; returns them sealed."""
        new = self._watch.sealing(table, rows)
        if new:
            row, whole = f"({', '.join('?' * len(new[0]))})", len(new) // _TOGETHER * _TOGETHER
            some = (list(chain.from_iterable(new[at : at + _TOGETHER])) for at in range(0, whole, _TOGETHER))
            self.run_many(f"INSERT INTO main.{table} VALUES {', '.join([row] * _TOGETHER)}", some)  # noqa: S608
            self.run_many(f"INSERT INTO main.{table} VALUES {row}", new[whole:])  # noqa: S608
        return new

    def change(self, table: str, rows: Iterable[tuple[Any, ...]], before: int) -> list[tuple[Any, ...]]:
        """Change rows of a table of :data:`~.schema.HOT`, inside a write transaction; returns them sealed.

        Args:
            table: its name.
            rows: as they are from now on; the first column is the key, and stays.
            before: the sum of the seals that they have now, as :meth:`sealed` gives them.
        """
        changed = self._watch.resealing(table, rows, before)
        if changed:
            names, lasting = [*self.columns(table), "seal"], LASTING.get(table, ())
            # A column that is set costs the entry of each index that has it, also where it stays as it was.
            places = ((name, place) for place, name in enumerate(names[1:], 2) if name not in lasting)
            values = ", ".join(f"{name} = ?{place}" for name, place in places)
            self.run_many(f"UPDATE main.{table} SET {values} WHERE {names[0]} = ?1", changed)  # noqa: S608
        return changed

    def sealed(self, table: str, condition: str, values: Sequence[Any]) -> list[tuple[int, tuple[Any, ...]]]:
        """Rows of a table of :data:`~.schema.HOT` with their seals, as who is to change them needs them.

        Raises:
            VerificationError: one of them has another seal than its own.
        """
        query = f"SELECT seal, {', '.join(self.columns(table))} FROM main.{table} {condition}"  # noqa: S608
        found = [(seal, tuple(row)) for seal, *row in self.all(query, values)]
        for seal, row in found:
            if seal != sealed(table, *row):
                raise self.altered(table)
        return found

    def columns(self, table: str) -> list[str]:
        """The columns of a table but those of its check."""
        if table not in self._names:
            with self._connections.here() as connection:
                self._names[table] = columns(connection, table)
        return self._names[table]

    def run_many(self, statement: str, rows: Iterable[Sequence[Any]]) -> None:
        """Execute one statement, which only writes, for every row."""
        with self._connections.here() as connection:
            self._watch.doubt(False)
            try:
                connection.executemany(statement, rows)
            except (sqlite3.Error, OverflowError) as error:
                raise self._explain(error) from error
            finally:
                self._watch.doubt(True)

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

    def each(self, query: str, values: Sequence[Any]) -> Iterator[list[tuple[Any, ...]]]:
        """The rows, some at a time, so that only these are in memory."""
        cursor = None
        while True:
            with self._connections.here() as connection:
                try:
                    if cursor is None:
                        cursor = connection.execute(query, values)
                    rows = cursor.fetchmany(_AT_ONCE)
                except (sqlite3.Error, OverflowError) as error:
                    raise self._explain(error) from error
            if not rows:
                return
            yield rows

    def close(self) -> None:
        """Close the file, for all threads."""
        unchanged = not self._believed and self._connections.open and stamp.is_noted(self.path)
        self._connections.close()
        # The last to close it folds the write-ahead log into the file.
        if unchanged and not stamp.is_noted(self.path):
            stamp.note(self.path, stamp.look(self.path))

    def altered(self, table: str) -> VerificationError:
        """The error for a row of a table whose seal is not its own."""
        what = f"the index has a row in its table {table} that something else than this program changed"
        return VerificationError(what, where=str(self.path), hint=DIFFERS)

    def _explain(self, error: Exception) -> Exception:
        if not self._connections.open:
            return self._connections.closed_error()
        if self._watch.altered:
            table, self._watch.altered = self._watch.altered, ""
            return self.altered(table)
        if isinstance(error, sqlite3.Error):
            return INDEX_FILE.explain(self.path, error)
        return VerificationError("the chain states a quantity that no batch can hold", where=self.path)


def _connections(path: Path, busy_seconds: float | None, watch: Watch) -> Connections:
    def connect() -> sqlite3.Connection:
        connection = INDEX_FILE.connect(path, busy_seconds=busy_seconds, any_thread=True)
        try:
            with INDEX_FILE.explaining(path):
                watch.attach(connection)
                if connection.execute("PRAGMA user_version").fetchone() == (VERSION,):
                    watch.cover(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    return Connections(connect, "the index is closed")
