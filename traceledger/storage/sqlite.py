"""SQLite files: how they are opened, their transactions, and what SQLite's failures mean to a user.

Example:
    >>> notes = SqliteFile("the notes", mend="restore them from a backup")
    >>> with notes.explaining(Path("notes.db")):
    ...     sqlite3.connect(":memory:").execute("SELECT * FROM missing")
    Traceback (most recent call last):
    traceledger.errors.VerificationError: notes.db: the notes are damaged: no such table: missing (restore \
them from a backup)
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Literal, NamedTuple

from traceledger.errors import BusyError, NetworkError, TraceLedgerError, VerificationError

_ROOM = "free some space"
_MAKE_ROOM = "see that the disk has space and that the folder can be written, and try again"
_PERMISSIONS = "mend the permissions of the file and of its folder"
_BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
#: What an unharmed file of ours never answers to our statements: its content or its tables are not ours.
_DAMAGE = (
    sqlite3.SQLITE_ERROR,
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_NOTADB,
    sqlite3.SQLITE_CONSTRAINT,
    sqlite3.SQLITE_FORMAT,
    sqlite3.SQLITE_MISMATCH,
)
_UNUSABLE = {
    sqlite3.SQLITE_FULL: ("the disk is full", _ROOM),
    sqlite3.SQLITE_IOERR: ("the disk refuses to read or write it", f"check the disk, and {_ROOM}"),
    sqlite3.SQLITE_READONLY: ("it is read-only", _PERMISSIONS),
    sqlite3.SQLITE_PERM: ("permission denied", _PERMISSIONS),
    sqlite3.SQLITE_AUTH: ("permission denied", _PERMISSIONS),
}


class SqliteFile(NamedTuple):
    """A kind of SQLite file: what people call it, how it is opened, and how its failures are told.

    Attributes:
        noun: what it is called, with its article; "the index". A plural one ends in "s".
        mend: the hint where it is damaged.
        unusable: the class of the error where it cannot be opened or written.
        aftermath: what follows from a failure to write; "nothing more was sent".
        busy_seconds: how long to wait for another process that writes.
        synchronous: ``FULL``: what was committed survives a power cut; ``NORMAL``: a killed process.
        cache_kib: memory for pages of the file, in KiB.
    """

    noun: str
    mend: str
    unusable: type[TraceLedgerError] = NetworkError
    aftermath: str = ""
    busy_seconds: float = 60.0
    synchronous: Literal["FULL", "NORMAL"] = "FULL"
    cache_kib: int = 2000

    def connect(
        self,
        path: Path,
        *,
        busy_seconds: float | None = None,
        immutable: bool = False,
        any_thread: bool = False,
    ) -> sqlite3.Connection:
        """Open a file, or make an empty one, without implicit transactions.

        Args:
            path: the file; its folder is made if need be.
            busy_seconds: how long to wait for another process that writes; default: as of this kind of file.
            immutable: read it as it is, without a lock or a write-ahead log: nobody can be writing it.
            any_thread: let other threads than this one use the connection; they take turns by themselves.

        Raises:
            VerificationError: it is no SQLite file.
            TraceLedgerError: of the class ``unusable``: it cannot be opened.
        """
        wait = self.busy_seconds if busy_seconds is None else busy_seconds
        uri = path.absolute().as_uri() + ("?immutable=1" if immutable else "")
        with self.explaining(path):
            if not immutable:
                self._make_folder(path)
            connection = sqlite3.connect(
                uri, uri=True, timeout=wait, isolation_level=None, check_same_thread=not any_thread
            )
            try:
                connection.execute(f"PRAGMA synchronous = {self.synchronous}")
                connection.execute(f"PRAGMA cache_size = -{self.cache_kib}")
                # Only a statement on the content opens the file.
                connection.execute("SELECT count(*) FROM sqlite_master")
            except BaseException:
                connection.close()
                raise
        return connection

    def copy(self, path: Path, to: Path) -> None:
        """Copy a file that need not be writable, nor its folder, as it is at one moment.

        Args:
            path: the file.
            to: the copy; nothing is there.

        Raises:
            VerificationError: it is no SQLite file.
            TraceLedgerError: of the class ``unusable``: it cannot be read, or the copy not be written.
        """
        with self.explaining(path):
            try:
                _copied(path, to, "mode=ro")
            except sqlite3.OperationalError:
                # A write-ahead log needs files beside it, which nobody can make there; so nobody writes.
                to.unlink(missing_ok=True)
                _copied(path, to, "immutable=1")

    @contextmanager
    def transaction(self, connection: sqlite3.Connection, path: Path) -> Iterator[None]:
        """One transaction that holds the writer's lock from its start: all of it or, on any error, nothing.

        Raises:
            BusyError: another process kept the lock.
            TraceLedgerError: as :meth:`explain` says.
        """
        with self.explaining(path):
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                connection.execute("COMMIT")
            except BaseException:
                # SQLite has rolled back by itself after some errors, such as a full disk.
                if connection.in_transaction:
                    connection.rollback()
                raise

    @contextmanager
    def explaining(self, path: Path) -> Iterator[None]:
        """A failure of SQLite inside the block, as :meth:`explain` says."""
        try:
            yield
        except (sqlite3.Error, UnicodeDecodeError) as error:
            raise self.explain(path, error) from error

    def explain(self, path: Path, error: sqlite3.Error | UnicodeDecodeError) -> TraceLedgerError:
        """What a failure of SQLite means to the user.

        Returns:
            A ``BusyError`` where another process is writing, a ``VerificationError`` where the file is
            damaged or not ours, an error of the class ``unusable`` where it cannot be opened or written.
        """
        where, after = str(path), f"; {self.aftermath}" if self.aftermath else ""
        are = "are" if self.noun.endswith("s") else "is"
        if isinstance(error, UnicodeDecodeError):
            # SQLite quotes the text of a damaged schema in its messages.
            return VerificationError(f"{self.noun} {are} damaged: no text", where=where, hint=self.mend)
        code = getattr(error, "sqlite_errorcode", None)
        primary = None if code is None else code & 0xFF
        if primary in _BUSY:
            what = f"{self.noun} {are} busy: another process is writing{after}"
            return BusyError(what, where=where, hint="try again when it has ended")
        if primary in _DAMAGE:
            return VerificationError(f"{self.noun} {are} damaged: {error}", where=where, hint=self.mend)
        if primary == sqlite3.SQLITE_CANTOPEN:
            return self._unopened(path, str(error))
        reason, hint = _UNUSABLE.get(primary or 0, (str(error), ""))
        return self.unusable(f"{self.noun} cannot be used: {reason}{after}", where=where, hint=hint)

    def _make_folder(self, path: Path) -> None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise self._unopened(path, error.strerror or str(error)) from None

    def _unopened(self, path: Path, reason: str) -> TraceLedgerError:
        after = f"; {self.aftermath}" if self.aftermath else ""
        return self.unusable(f"{self.noun} cannot be opened: {reason}{after}", where=path, hint=_MAKE_ROOM)


def _copied(path: Path, to: Path, how: str) -> None:
    source = sqlite3.connect(f"{path.absolute().as_uri()}?{how}", uri=True)
    with closing(source), closing(sqlite3.connect(to)) as target:
        source.backup(target)
