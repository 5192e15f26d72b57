"""Compares an index with the chain: another is made from block 0 in a temporary file, and row held by row.

Nothing of the old rows is used, and nothing is written to their file. Both end at the same block, the one at
which the old index stands, or at the chain's head where it does not say one that there is.

Example:
    >>> Difference("participant", "0x0a", "slug", "katanga", "kokkola").column
    'slug'
"""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from traceledger.chain.base import Block, BlockRef
from traceledger.errors import VerificationError
from traceledger.index.database import INDEX_FILE, Database
from traceledger.index.followed import Contracts, Followed, ReadableChain
from traceledger.index.log_chunks import KeptLog, unpacked, written_by
from traceledger.index.schema import DERIVED, ORDERED, RAW
from traceledger.index.seals import Watch, columns
from traceledger.index.store import Index
from traceledger.model.frozen import frozen
from traceledger.model.hexadecimal import hexed
from traceledger.model.progress import Progress

_COMPARED = ("meta", *RAW, *DERIVED)


@frozen
class Difference:
    """One place in which an index is not as the chain makes it.

    Attributes:
        table: the table.
        row: what identifies the row, its key's parts separated by blanks.
        column: the column; empty where the row is in one of the two only.
        index: what the index holds there; ``None``: nothing.
        chain: what follows from the chain; ``None``: nothing.
    """

    table: str
    row: str
    column: str
    index: str | None
    chain: str | None


@frozen
class Verdict:
    """What came of comparing.

    Attributes:
        path: the index file.
        block: number of the block up to which it was compared.
        rows: how many rows follow from the chain.
        differences: all places that differ.
        faults: what else is wrong with the file, as phrases that follow "the index".
    """

    path: Path
    block: int
    rows: int
    differences: tuple[Difference, ...]
    faults: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether nothing differs and nothing is wrong."""
        return not (self.differences or self.faults)


@frozen
class _UpTo:
    """A chain that ends at an earlier block."""

    chain: ReadableChain
    last: BlockRef

    @property
    def chain_id(self) -> int:
        return self.chain.chain_id

    def genesis_hash(self) -> bytes:
        return self.chain.genesis_hash()

    def head(self) -> BlockRef:
        return self.last

    def final(self) -> BlockRef:
        final = self.chain.final()
        return final if final.number < self.last.number else self.last

    def block_ref(self, number: int) -> BlockRef | None:
        return self.chain.block_ref(number) if number <= self.last.number else None

    def blocks(self, first: int, last: int) -> Iterator[Block]:
        return self.chain.blocks(first, min(last, self.last.number))


def verify(
    path: Path, chain: ReadableChain, deployed: Followed, *, progress: Progress | None = None
) -> Verdict:
    """Recompute an index from the chain, and say where the file differs.

    Args:
        path: the index file; it is only read, and others may write to it meanwhile.
        chain: the chain.
        deployed: where the contracts are.
        progress: told how many blocks are done, of how many.

    Raises:
        VerificationError: there is no file, it is no index of this release, or SQLite cannot read it.
        NetworkError: the chain gave no blocks.
    """
    if not path.is_file():
        raise VerificationError("there is no index", where=str(path), hint="run `traceledger index sync`")
    with tempfile.TemporaryDirectory(prefix="traceledger-") as folder:
        old, new = Path(folder) / "old.sqlite", Path(folder) / "new.sqlite"
        last = _copy(path, old, chain)
        with Index.open(new, Contracts.of(chain, deployed)) as fresh:
            fresh.sync(_UpTo(chain, last), progress=progress)
        with INDEX_FILE.explaining(path), closing(INDEX_FILE.connect(new)) as connection:
            Watch().attach(connection)
            connection.execute("ATTACH DATABASE ? AS old", (str(old),))
            rows = sum(
                connection.execute(f"SELECT count(*) FROM main.{table}").fetchone()[0]  # noqa: S608
                for table in _COMPARED
            )
            found = [each for table in _COMPARED for each in _differing(connection, table)]
        with INDEX_FILE.explaining(path), closing(INDEX_FILE.connect(old)) as connection:
            watch = Watch()
            watch.attach(connection)
            wrong = () if found else tuple(watch.faults(connection))
    return Verdict(path, last.number, rows, tuple(found), wrong)


def _copy(path: Path, to: Path, chain: ReadableChain) -> BlockRef:
    """Copy the index as it is at one moment; returns the block at which it stands."""
    database = Database(path, believed=True)
    try:
        database.require_ours()
        database.copy(to)
    finally:
        database.close()
    with INDEX_FILE.explaining(path), closing(INDEX_FILE.connect(to)) as connection:
        row = connection.execute("SELECT block FROM main.cursor").fetchone()
    stands = row[0] if row and isinstance(row[0], int) and row[0] >= 0 else None
    return (chain.block_ref(stands) if stands is not None else None) or chain.head()


def _differing(connection: sqlite3.Connection, table: str) -> Iterator[Difference]:
    """What of a table differs, by the rows' keys."""
    if table == "log":
        yield from _differing_logs(connection)
        return
    names = [*(["rowid"] if table in ORDERED else []), "seal", *columns(connection, table)]
    keys = [row[1] for row in connection.execute(f"PRAGMA main.table_info({table})") if row[5]]
    old, new = (_only(connection, table, names, keys, *each) for each in (("old", "main"), ("main", "old")))
    for key in sorted({**old, **new}, key=repr):
        place = " ".join(map(_shown, key))
        if key not in old or key not in new:
            yield Difference(table, place, "", _row(names, old.get(key)), _row(names, new.get(key)))
            continue
        for name, was, right in zip(names, old[key], new[key], strict=True):
            if (type(was), was) != (type(right), right):
                yield Difference(table, place, name, _shown(was), _shown(right))


def _differing_logs(connection: sqlite3.Connection) -> Iterator[Difference]:
    """What differs of logs, one by one: how many stand in one row follows from how the chain was read."""
    old, new = _logs(connection, "old"), _logs(connection, "main")
    was, right = next(old, None), next(new, None)
    while was is not None or right is not None:
        if right is None or (was is not None and was.position < right.position):
            yield Difference("log", str(was and was.position), "", _row(KeptLog._fields, was), None)
            was = next(old, None)
        elif was is None or right.position < was.position:
            yield Difference("log", str(right.position), "", None, _row(KeptLog._fields, right))
            right = next(new, None)
        else:
            for name, had, due in zip(KeptLog._fields, was, right, strict=True):
                if had != due:
                    yield Difference("log", str(right.position), name, _shown(had), _shown(due))
            was, right = next(old, None), next(new, None)


def _logs(connection: sqlite3.Connection, schema: str) -> Iterator[KeptLog]:
    """The logs of one of two files, but those in a row that is not one the program makes."""
    query = f"SELECT position, contracts, body FROM {schema}.log ORDER BY position"  # noqa: S608
    for position, contracts, body in connection.execute(query):
        try:
            logs = unpacked(body) if isinstance(body, bytes) else ()
        except VerificationError:
            continue
        if logs and (position, contracts) == (logs[0].position, written_by(logs)):
            yield from logs


def _only(
    connection: sqlite3.Connection, table: str, names: list[str], keys: list[str], one: str, other: str
) -> dict[tuple[Any, ...], tuple[Any, ...]]:
    """The rows that one of two files has as they are, and the other has not, by their keys."""
    listed = ", ".join(names)
    query = f"SELECT {listed} FROM {one}.{table} EXCEPT SELECT {listed} FROM {other}.{table}"  # noqa: S608
    places = [names.index(key) for key in keys]
    return {tuple(row[at] for at in places): row for row in connection.execute(query)}


def _row(names: Sequence[str], row: tuple[Any, ...] | None) -> str | None:
    if row is None:
        return None
    return ", ".join(f"{name} {_shown(value)}" for name, value in zip(names, row, strict=True))


def _shown(value: Any) -> str:
    return hexed(value) if isinstance(value, bytes) else "nothing" if value is None else str(value)
