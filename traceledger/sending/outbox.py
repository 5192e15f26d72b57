"""The outbox: every transaction that this machine has signed for a network, recorded before it is sent.

One SQLite file in the network's folder. The states of a transaction::

      signed  recorded, perhaps sent --> sent  a node took it --> mined  in a block that may be replaced
        |                                 |     ^                   |  |
        |                                 |     +-- taken back -----+  +--> final   in a block that stays
        +------------------+--------------+                            +--> failed  without effect, in a
                           |                                                        block that stays
                           v
        dead    it can never be mined: another one has its nonce (taken_by), or it was given up
                (loose: without a proof; the very same bytes recorded again are unfinished again)

``signed``, ``sent`` and ``mined`` are unfinished. The file itself sees to it that no account has two
unfinished transactions of one nonce, and no operation two at all.

Example:
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with Outbox.open(Path(folder) / "outbox.sqlite", chain_id=7, genesis_hash=bytes(32)) as outbox:
    ...         outbox.unfinished()
    []
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

from traceledger.errors import NetworkError, TraceLedgerError, VerificationError
from traceledger.model.keccak import keccak
from traceledger.sending import outbox_tables
from traceledger.sending.outbox_tables import COLUMNS, LIVE
from traceledger.signing.transaction import transaction_hash
from traceledger.storage.sqlite import SqliteFile

State = Literal["signed", "sent", "mined", "final", "failed", "dead"]
"""Where a transaction stands; see the module."""

UNFINISHED: tuple[State, ...] = ("signed", "sent", "mined")
"""States that something may still change."""

APPLICATION_ID = 0x544C4F42
VERSION = 2
_HASHES_AT_ONCE = 500
"""Of an SQLite statement's variables: every release takes 999."""
OUTBOX_FILE = SqliteFile(
    "the outbox",
    mend="move it away and submit the files again: what has happened is passed over",
    aftermath="nothing more was sent",
    busy_seconds=20,
)


@dataclass(frozen=True, slots=True)
class OperationKey:
    """What an operation is recognised by: who acts, on which contract, and what its call is known again by.

    ``digest`` is the Keccak-256 of that (``artifacts/identity.py``).
    """

    actor: bytes
    target: bytes
    digest: bytes

    @classmethod
    def of(cls, actor: bytes, target: bytes, identity: bytes) -> OperationKey:
        """The key of a call that is known again by that."""
        return cls(actor, target, keccak(identity))


@dataclass(frozen=True, slots=True)
class Draft:
    """A signed transaction that is to be recorded.

    Args:
        sender: the address that signed it.
        nonce: its place among the sender's transactions.
        raw: its bytes.
        key: which operation it performs.
        occurrence: which of several equal operations, from 1.
        operation: the operation's name, for people.
        source: the line of a file, or the command, that asked for it.
        born: number of a final block after which the nonce was still free; ``None`` if that is not known.
    """

    sender: bytes
    nonce: int
    raw: bytes
    key: OperationKey
    occurrence: int
    operation: str
    source: str
    born: int | None


@dataclass(frozen=True, slots=True)
class Entry:
    """A recorded transaction. ``taken_by`` is the hash of the one that took a dead one's nonce.

    ``block``, ``block_hash`` and ``position`` (its index in the block) say where it is mined, and
    ``succeeded`` whether it had an effect there. Times are UTC seconds.
    """

    id: int
    sender: bytes
    nonce: int
    hash: bytes
    raw: bytes
    key: OperationKey
    occurrence: int
    operation: str
    source: str
    born: int | None
    state: State
    block: int | None
    block_hash: bytes | None
    position: int | None
    succeeded: bool | None
    taken_by: bytes | None
    signed_at: int
    changed_at: int

    @property
    def unfinished(self) -> bool:
        """Whether anything may still become of it."""
        return self.state in UNFINISHED

    @property
    def loose(self) -> bool:
        """Whether it was given up without a proof, so that somebody may still have it mined."""
        return (self.state == "dead" and self.taken_by is None) or (
            self.state == "failed" and self.block is None
        )

    @property
    def place(self) -> tuple[int, int] | None:
        """Block and position in it, by which mined transactions are ordered."""
        return None if self.block is None or self.position is None else (self.block, self.position)

    def moved(self, state: State, **changes: Any) -> Entry:
        """The same transaction in another state."""
        return replace(self, state=state, changed_at=int(time.time()), **changes)


class Outbox:
    """An open outbox file. Any number of processes may read it; one at a time sends."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path = path
        self._connection = connection

    @classmethod
    def open(
        cls,
        path: Path,
        *,
        chain_id: int,
        genesis_hash: bytes | None,
        busy_seconds: float = OUTBOX_FILE.busy_seconds,
    ) -> Self:
        """Open the outbox of a chain; an empty one is made where there is none.

        Args:
            path: the file.
            chain_id: EIP-155 id of the chain.
            genesis_hash: hash of its block 0; ``None`` to only read an outbox that there is.
            busy_seconds: how long to wait for another process that writes.

        Raises:
            VerificationError: the file is damaged, or belongs to another chain or program.
            NetworkError: it cannot be written, or another process keeps it busy.
        """
        outbox = cls(path, OUTBOX_FILE.connect(path, busy_seconds=busy_seconds))
        try:
            outbox_tables.attach(outbox._connection)
            outbox._prepare(chain_id, genesis_hash)
        except BaseException:
            outbox.close()
            raise
        return outbox

    def _prepare(self, chain_id: int, genesis_hash: bytes | None) -> None:
        if genesis_hash is not None and not self._all("SELECT name FROM sqlite_master"):
            self._run("PRAGMA journal_mode=WAL")
            with OUTBOX_FILE.transaction(self._connection, self.path):
                if not self._all("SELECT name FROM sqlite_master"):
                    self._create(chain_id, genesis_hash)
        if self._all("PRAGMA application_id") != [(APPLICATION_ID,)]:
            raise VerificationError("this SQLite file is no outbox", where=self.path, hint="move it away")
        if self._all("PRAGMA user_version") != [(VERSION,)]:
            raise VerificationError(
                "the outbox is of another release", where=self.path, hint="use that release to empty it"
            )
        self._require_whole()
        ((known_id, known_genesis),) = self._all("SELECT chain_id, genesis_hash FROM meta")
        if (known_id, known_genesis) != (str(chain_id), genesis_hash or known_genesis):
            raise VerificationError(
                "the outbox belongs to another chain",
                where=self.path,
                hint="if the network was founded anew, move this file away",
            )
        with OUTBOX_FILE.explaining(self.path):
            outbox_tables.watch(self._connection)

    def _require_whole(self) -> None:
        with OUTBOX_FILE.explaining(self.path):
            # One snapshot: another process may be writing.
            self._connection.execute("BEGIN")
            try:
                fault = outbox_tables.fault(self._connection)
            finally:
                self._connection.rollback()
        if fault is not None:
            raise self._faulty(fault)

    def _faulty(self, fault: str) -> VerificationError:
        return VerificationError(f"the outbox {fault}", where=self.path, hint=OUTBOX_FILE.mend)

    def _create(self, chain_id: int, genesis_hash: bytes) -> None:
        for statement in outbox_tables.TABLES:
            self._run(statement)
        self._run("INSERT INTO meta VALUES (1, ?, ?, 0, 0)", (str(chain_id), genesis_hash))
        self._run(f"PRAGMA application_id={APPLICATION_ID}")
        self._run(f"PRAGMA user_version={VERSION}")

    def record(self, drafts: Sequence[Draft], *, instead_of: Iterable[Entry] = ()) -> list[Entry]:
        """Record signed transactions, all or none, so that they may be sent.

        The same bytes are one transaction: if they were given up before, it goes on.

        Args:
            drafts: what was signed.
            instead_of: those that they are to replace, given up at the same moment.

        Raises:
            NetworkError: the file cannot be written; or an unfinished transaction has one of the nonces, or
                performs one of the operations. Nothing may be sent then.
        """
        hashes, now = [transaction_hash(draft.raw) for draft in drafts], int(time.time())
        with self._writing():
            self._set(entry.moved("dead") for entry in instead_of)
            for known in self._of(hashes).values():
                if known.loose:
                    self._run("DELETE FROM entry WHERE id = ?", (known.id,))
            self._insert(drafts, hashes, now)
            numbers = dict(self._by_hash("hash, id", hashes))
        return [
            _recorded(numbers[digest], draft, digest, now)
            for draft, digest in zip(drafts, hashes, strict=True)
        ]

    def _insert(self, drafts: Sequence[Draft], hashes: Sequence[bytes], now: int) -> None:
        insert = (
            "INSERT INTO entry (sender, nonce, hash, raw, actor, target, digest, occurrence, operation,"
            " source, born, state, signed_at, changed_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'signed', ?, ?)"
        )
        rows = []
        for draft, digest in zip(drafts, hashes, strict=True):
            key = (draft.key.actor, draft.key.target, draft.key.digest, draft.occurrence)
            row = (draft.sender, draft.nonce, digest, draft.raw, *key, draft.operation, draft.source)
            rows.append((*row, draft.born, now, now))
        self._run_many(insert, rows)

    def update(self, entries: Iterable[Entry]) -> None:
        """Write down where transactions stand now.

        What a power failure takes of it is found out again: only what was signed must never be lost, and
        that is on the disk before it is sent (:meth:`record`).
        """
        self._run("PRAGMA synchronous = NORMAL")
        try:
            with self._writing():
                self._set(entries)
        finally:
            self._run(f"PRAGMA synchronous = {OUTBOX_FILE.synchronous}")

    def _set(self, entries: Iterable[Entry]) -> None:
        statement = (
            "UPDATE entry SET state = ?, block = ?, block_hash = ?, position = ?, succeeded = ?,"
            " taken_by = ?, changed_at = ? WHERE id = ?"
        )
        rows = []
        for entry in entries:
            place = (entry.block, entry.block_hash, entry.position, entry.succeeded)
            rows.append((entry.state, *place, entry.taken_by, entry.changed_at, entry.id))
        self._run_many(statement, rows)

    def unfinished(self) -> list[Entry]:
        """The transactions that are neither final nor failed nor dead, by sender and nonce."""
        return self._entries(f"WHERE {LIVE} ORDER BY sender, nonce")

    def overtaken(self) -> list[tuple[Entry, bytes]]:
        """Those given up whose nonces are used in final blocks, each with the transaction that did it.

        That can be the given up one itself: then it was mined after all.
        """
        taken = (
            "SELECT given.hash, COALESCE(taker.taken_by, taker.hash) FROM entry AS given"
            " JOIN entry AS taker ON taker.sender = given.sender AND taker.nonce = given.nonce"
            " AND taker.id <> given.id WHERE given.state = 'dead' AND given.taken_by IS NULL"
            " AND (taker.taken_by IS NOT NULL"
            " OR taker.state IN ('final', 'failed') AND taker.block IS NOT NULL)"
        )
        found = [(self.find(digest), taker) for digest, taker in self._all(taken)]
        return [(entry, taker) for entry, taker in found if entry is not None]

    def entries(self, *, last: int | None = None) -> list[Entry]:
        """All transactions in the order in which they were signed, or the ``last`` ones."""
        if last is None:
            return self._entries("ORDER BY id")
        return self._entries("ORDER BY id DESC LIMIT ?", (last,))[::-1]

    def find(self, transaction: bytes) -> Entry | None:
        """The transaction of that hash."""
        found = self._entries("WHERE hash = ?", (transaction,))
        return found[0] if found else None

    def _of(self, hashes: Sequence[bytes]) -> dict[bytes, Entry]:
        """The transactions of these hashes, as far as they are there."""
        entries = self._whole(self._by_hash(f"{COLUMNS}, seal", hashes))
        return {entry.hash: entry for entry in entries}

    def _by_hash(self, columns: str, hashes: Sequence[bytes]) -> Iterator[tuple[Any, ...]]:
        """Columns of the transactions of these hashes, as far as they are there."""
        for start in range(0, len(hashes), _HASHES_AT_ONCE):
            some = hashes[start : start + _HASHES_AT_ONCE]
            places = ", ".join("?" * len(some))
            yield from self._all(f"SELECT {columns} FROM entry WHERE hash IN ({places})", some)  # noqa: S608

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _entries(self, rest: str, values: Sequence[Any] = ()) -> list[Entry]:
        return self._whole(self._all(f"SELECT {COLUMNS}, seal FROM entry {rest}", values))  # noqa: S608

    def _whole(self, rows: Iterable[tuple[Any, ...]]) -> list[Entry]:
        """The entries of rows, each with its seal."""
        found = []
        for *row, seal in rows:
            if not outbox_tables.holds(row, seal):
                raise self._faulty(outbox_tables.changed(row))
            found.append(_entry(row))
        return found

    @contextmanager
    def _writing(self) -> Iterator[None]:
        with OUTBOX_FILE.transaction(self._connection, self.path):
            yield
            outbox_tables.tally(self._connection)

    def _run(self, statement: str, values: Sequence[Any] = ()) -> None:
        try:
            self._connection.execute(statement, values)
        except sqlite3.Error as error:
            raise _refused(self.path, error) from None

    def _run_many(self, statement: str, rows: Sequence[Sequence[Any]]) -> None:
        try:
            self._connection.executemany(statement, rows)
        except sqlite3.Error as error:
            raise _refused(self.path, error) from None

    def _all(self, query: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        try:
            return self._connection.execute(query, values).fetchall()
        except sqlite3.Error as error:
            raise _refused(self.path, error) from None


def _recorded(number: int, draft: Draft, digest: bytes, now: int) -> Entry:
    """What was just recorded, as it stands in the file."""
    what = (draft.key, draft.occurrence, draft.operation, draft.source, draft.born)
    place = (None,) * 5
    return Entry(number, draft.sender, draft.nonce, digest, draft.raw, *what, "signed", *place, now, now)


def _entry(row: Sequence[Any]) -> Entry:
    number, sender, nonce, digest, raw, actor, target, data, *rest = row
    occurrence, operation, source, born, state, block, block_hash, position, succeeded, *last = rest
    key = OperationKey(actor, target, data)
    worked = None if succeeded is None else bool(succeeded)
    place = (state, block, block_hash, position, worked)
    return Entry(number, sender, nonce, digest, raw, key, occurrence, operation, source, born, *place, *last)


def _refused(path: Path, error: sqlite3.Error) -> TraceLedgerError:
    """A failure of SQLite as what it means to the user."""
    # The file's two unique indexes are the only constraints that a sender can break.
    if isinstance(error, sqlite3.IntegrityError):
        return NetworkError(
            "an unfinished transaction has this nonce, or performs this operation",
            where=path,
            hint="run: traceledger outbox resume",
        )
    return OUTBOX_FILE.explain(path, error)
