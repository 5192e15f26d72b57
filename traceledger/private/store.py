"""The openings of private texts that a network's folder holds: ``disclosures.sqlite``, for its owner's eyes.

An opening is stored before the commitment is sent: without its salt nobody can ever prove what was meant.
The same text of the same owner finds its opening again, so that an operation sent anew is the same operation.

Example:
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder, Disclosures(Path(folder) / "d.sqlite") as stored:
    ...     drafts = Drafts(stored)
    ...     commitment = drafts.commit(FieldKind.BATCH, bytes(20), "KOL-1")
    ...     drafts.save()
    ...     stored.opened(FieldKind.BATCH, bytes(20), commitment)
    'KOL-1'
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from traceledger.errors import InputError, VerificationError
from traceledger.model.commitments import FieldKind, Opening, is_commitment, new_opening
from traceledger.storage.connections import Connections
from traceledger.storage.files import OWNER_ONLY, ensure
from traceledger.storage.sqlite import SqliteFile

_APPLICATION_ID = 0x54724470
_RESTORE = "restore it from a backup"
DISCLOSURES_FILE = SqliteFile("the disclosures", mend=_RESTORE, unusable=InputError)
_COLUMNS = "kind, owner, salt, text"
_TABLES = f"""
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS opening (
    position INTEGER PRIMARY KEY, commitment TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, owner BLOB NOT NULL,
    salt BLOB NOT NULL, text TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS opening_text ON opening (text, owner, kind);
PRAGMA application_id={_APPLICATION_ID};
COMMIT;
"""


class Disclosures:
    """The openings stored in one file. There need not be a file before the first opening is stored."""

    def __init__(self, path: Path, *, busy_seconds: float | None = None) -> None:
        self.path = path
        self._busy_seconds = busy_seconds
        self._connections = Connections(self._connect, "the store of private texts is closed")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file, for all threads."""
        self._connections.close()

    def commitments(self, kind: FieldKind, owner: bytes, text: str) -> tuple[str, ...]:
        """The commitments to this text of this owner, the oldest first; one, but for imported ones."""
        found = self._select("WHERE (text, owner, kind) = (?, ?, ?)", (text, owner, kind.value))
        return tuple(opening.commitment for opening in found)

    def opening(self, commitment: str) -> Opening | None:
        """What opens a commitment, if it is known."""
        found = self._select("WHERE commitment = ?", (commitment,))
        return found[0] if found else None

    def opened(self, kind: FieldKind, owner: bytes | None, text: str) -> str:
        """The text behind the field ``kind`` of ``owner`` (``None``: whoever's it is).

        It is that of its commitment, where it is one, of that kind and owner, and what opens it is known.
        """
        found = self.opening(text) if is_commitment(text) else None
        return found.text if found and found.kind is kind and owner in (None, found.owner) else text

    def all_commitments(self, kind: FieldKind, owner: bytes) -> set[str]:
        """Every commitment of that kind and owner that is known."""
        return {
            opening.commitment
            for opening in self._select("WHERE (owner, kind) = (?, ?)", (owner, kind.value))
        }

    def all(self) -> list[Opening]:
        """Every opening, in the order in which they were stored."""
        return self._select("", ())

    def add(self, openings: Iterable[Opening]) -> int:
        """Store openings durably; returns how many were not known before.

        Raises:
            InputError: the file cannot be written.
        """
        rows = [(o.commitment, o.kind.value, o.owner, o.salt, o.text) for o in openings]
        if not rows:
            return 0
        # A text that was changed here is not found, and would be given a second opening.
        self.all()
        if self._connections.open:
            # SQLite would make it with the permissions of an ordinary file.
            ensure(self.path, mode=OWNER_ONLY)
        with self._connections.here() as connection:
            before = connection.total_changes
            with DISCLOSURES_FILE.transaction(connection, self.path):
                connection.executemany(
                    f"INSERT OR IGNORE INTO opening (commitment, {_COLUMNS}) VALUES (?, ?, ?, ?, ?)",  # noqa: S608
                    rows,
                )
            return connection.total_changes - before

    def _select(self, condition: str, values: Sequence[Any]) -> list[Opening]:
        if not self.path.exists() and self._connections.open:
            return []
        query = f"SELECT commitment, {_COLUMNS} FROM opening {condition} ORDER BY position"  # noqa: S608
        with self._connections.here() as connection, self._explaining():
            return [self._checked(*row) for row in connection.execute(query, values)]

    def _checked(self, commitment: str, kind: str, owner: bytes, salt: bytes, text: str) -> Opening:
        if kind in tuple(FieldKind):
            opening = Opening(FieldKind(kind), owner, salt, text)
            if opening.commitment == commitment:
                return opening
        raise self._damaged(f"what opens {commitment} does not open it")

    @contextmanager
    def _explaining(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            if self._connections.open:
                raise DISCLOSURES_FILE.explain(self.path, error) from error
            raise self._connections.closed_error() from error

    def _connect(self) -> sqlite3.Connection:
        connection = DISCLOSURES_FILE.connect(self.path, busy_seconds=self._busy_seconds, any_thread=True)
        try:
            with DISCLOSURES_FILE.explaining(self.path):
                (found,) = connection.execute("PRAGMA application_id").fetchone()
                tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
                if found != _APPLICATION_ID and tables:
                    raise self._damaged("this SQLite file holds no disclosures")
                if not tables:
                    connection.executescript(_TABLES)
                # What opens a commitment says itself whether it does; what is not found says nothing.
                (sound,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
                if sound != "ok":
                    raise self._damaged(f"the disclosures are damaged: {sound}")
        except BaseException:
            connection.close()
            raise
        return connection

    def _damaged(self, what: str) -> VerificationError:
        return VerificationError(what, where=self.path, hint=_RESTORE)


class Drafts:
    """The stored openings, and those made while planning, which :meth:`save` stores before anything is sent.

    Args:
        stored: the file.
    """

    def __init__(self, stored: Disclosures) -> None:
        self.stored = stored
        self._by_text: dict[tuple[FieldKind, bytes, str], Opening] = {}
        self._by_commitment: dict[str, Opening] = {}

    def commitments(self, kind: FieldKind, owner: bytes, text: str) -> tuple[str, ...]:
        """The commitments to this text of this owner, the one just made included."""
        made = self._by_text.get((kind, owner, text))
        return (made.commitment,) if made else self.stored.commitments(kind, owner, text)

    def commit(self, kind: FieldKind, owner: bytes, text: str) -> str:
        """The commitment to a text: the oldest one known, or else a new one."""
        known = self.commitments(kind, owner, text)
        if known:
            return known[0]
        opening = new_opening(kind, owner, text)
        self._by_text[kind, owner, text] = self._by_commitment[opening.commitment] = opening
        return opening.commitment

    def opened(self, kind: FieldKind, owner: bytes | None, text: str) -> str:
        """As :meth:`Disclosures.opened`, with what was just made."""
        made = self._by_commitment.get(text)
        if made is not None and made.kind is kind and owner in (None, made.owner):
            return made.text
        return self.stored.opened(kind, owner, text)

    @property
    def made(self) -> Collection[Opening]:
        """The openings that are not stored yet."""
        return self._by_commitment.values()

    def save(self) -> None:
        """Store what was made, durably.

        Raises:
            InputError: the file cannot be written; then nothing may be sent.
        """
        self.stored.add(self._by_text.values())
        self._by_text.clear()
        self._by_commitment.clear()
