"""A check of the index's own: each row has a seal, each table a tally of its rows and their seals.

Whoever writes to the file without knowing of them (another program, a person with the sqlite3 shell, a disk
that lost a bit) is noticed: a changed row by its seal, where it is read; one that was lost or put there, or
changed where nothing has read it yet, by :meth:`Watch.faults`, which reads all of the file. A seal is no
secret: who computes it anew is found by ``traceledger index verify`` alone, which asks the chain.

A seal is a generated column, so that SQLite computes it whenever a row is written, whichever statement
writes it; of the tables in ``HOT``, the writer computes it, of many rows at a time. A second column tells
whether it is right. What reads goes through a temporary view of the table, under the same name, which lets no
row pass whose seal is not its own.

Example:
    >>> sealed("pause", 7, 1) == sealed("pause", 7, 1), sealed("pause", 7, 1) == sealed("pause", 7, 0)
    (True, False)
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterable, Iterator
from functools import cache
from marshal import dumps
from typing import Any
from zlib import crc32

from traceledger.index.schema import HOT, ORDERED, SEEN, TABLES, TALLIED

_COLUMN = "seal INTEGER"
_SUM_BITS = 56  # A sum of two stays within SQLite's integers.
FORMAT = 2
"""Of marshal: the last in which equal values are always equal bytes."""
_COLUMNS = "SELECT name, hidden FROM pragma_table_xinfo(?, 'main')"
_CHANGES = (("INSERT", "1, new.seal"), ("UPDATE", "0, new.seal - old.seal"), ("DELETE", "-1, -old.seal"))


def sealed(*values: Any) -> int:
    """The seal of a row: of the table's name and the row's values, in the order of its columns."""
    return crc32(dumps(values, FORMAT))


@cache
def statements() -> tuple[str, ...]:
    """The statements that make the tables of an index, with their seals."""
    plain = sqlite3.connect(":memory:")
    try:
        plain.executescript(TABLES)
        return tuple(_sealing(plain, each) for each in TABLES.strip().rstrip(";").split(";\n"))
    finally:
        plain.close()


def _sealing(plain: sqlite3.Connection, statement: str) -> str:
    name = statement.split()[2]
    arguments = ", ".join(columns(plain, name))
    # A column of its own, and no condition of the view: into that SQLite would put what a query asks for in
    # place of what the row holds.
    whether = f"CASE WHEN doubted() THEN intact('{name}', seal, {arguments}) ELSE 1 END"
    check = f"intact INTEGER AS ({whether}) VIRTUAL"
    given = "NOT NULL" if name in HOT else f"AS (sealed('{name}', {arguments})) STORED"
    return statement.replace(_COLUMN, f"seal INTEGER {given}, {check}")


def columns(connection: sqlite3.Connection, table: str) -> list[str]:
    """The columns of a table but those of its check."""
    rows = connection.execute(_COLUMNS, (table,))
    return [name for name, hidden in rows if not hidden and name != "seal"]


class Watch:
    """What one open file knows of seals: the row that failed last, and what is to be added to the tallies.

    One connection writes at a time, so all of them share it.
    """

    def __init__(self) -> None:
        self.altered = ""
        """The table of a row whose seal is not its own; empty: none was met."""
        self._changes: dict[str, list[int]] = {}
        self._only_computed = False
        self._here = threading.local()

    def attach(self, connection: sqlite3.Connection) -> None:
        """Give a connection the functions that seals need."""
        connection.execute("PRAGMA temp_store = MEMORY")
        connection.create_function("sealed", -1, sealed, deterministic=True)
        connection.create_function("intact", -1, self._intact, deterministic=True)
        connection.create_function("doubted", 0, self._doubted, deterministic=True)
        connection.create_function("counted", 3, self._counted)

    def cover(self, connection: sqlite3.Connection) -> None:
        """Put the views that check each row before the tables of a connection."""
        for table in SEEN:
            names = columns(connection, table)
            if not names:  # an empty file: its tables come
                return
            shown = ", ".join([*(["rowid"] if table in ORDERED else []), *names])
            connection.execute(
                f"CREATE TEMP VIEW IF NOT EXISTS {table} AS SELECT {shown} FROM main.{table} WHERE intact"  # noqa: S608
            )

    def uncover(self, connection: sqlite3.Connection) -> None:
        """Take the views away: an index is made of a table, and would be looked for in the view."""
        for table in SEEN:
            connection.execute(f"DROP VIEW IF EXISTS temp.{table}")

    def begin(self, connection: sqlite3.Connection) -> None:
        """Count from now on what a write transaction changes."""
        self._changes.clear()
        made = "SELECT count(*) FROM sqlite_temp_master WHERE type = 'trigger' AND name LIKE 'tally_%'"
        if connection.execute(made).fetchone() == (len(_triggers()),):
            return
        for trigger in _triggers():
            connection.execute(trigger)

    def write(self, connection: sqlite3.Connection) -> None:
        """Add what was counted to the tallies, before the transaction is committed."""
        for table, (rows, seals) in self._changes.items():
            found = connection.execute("SELECT count, total FROM tally WHERE name = ?", (table,)).fetchone()
            count, total = found or (0, 0)
            connection.execute(
                "INSERT INTO tally VALUES (?, ?, ?) ON CONFLICT (name)"
                " DO UPDATE SET count = excluded.count, total = excluded.total",
                (table, count + rows, _wrapped(total + seals)),
            )
        self._changes.clear()

    def faults(self, connection: sqlite3.Connection) -> Iterator[str]:
        """What is wrong with a file, all of which is read: a phrase for each table, or for the file."""
        # SQLite's check computes every column; what fails there is told here with its table.
        self._only_computed = True
        (found,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
        self._only_computed = False
        if found != "ok":
            yield f"is damaged: {found}"
            return
        made = {sql for (sql,) in connection.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")}
        if made != set(statements()):
            yield "has other tables than this program makes"
            return
        tallies = {name: rest for name, *rest in connection.execute("SELECT name, count, total FROM tally")}
        for table in ("tally", *TALLIED):
            names = columns(connection, table)
            count = total = 0
            for seal, *values in connection.execute(f"SELECT seal, {', '.join(names)} FROM main.{table}"):  # noqa: S608
                if seal != sealed(table, *values):
                    yield f"has a row in its table {table} that something else than this program changed"
                    break
                count, total = count + 1, total + seal
            else:
                if table != "tally" and [count, _wrapped(total)] != tallies.get(table, [0, 0]):
                    yield f"has lost rows of its table {table}, or was given some, without this program"

    def sealing(self, table: str, rows: Iterable[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
        """Rows to be added to a table of :data:`HOT`, each with its seal at its end; counts them too."""
        sealed_rows, total = _sealed_rows(table, rows)
        if sealed_rows:
            self._counted(table, len(sealed_rows), total)
        return sealed_rows

    def resealing(self, table: str, rows: Iterable[tuple[Any, ...]], before: int) -> list[tuple[Any, ...]]:
        """The same of rows that change; ``before`` is the sum of the seals that they have now."""
        sealed_rows, total = _sealed_rows(table, rows)
        self._counted(table, 0, total - before)
        return sealed_rows

    def doubt(self, whether: bool) -> None:
        """Whether what this thread's statements read is checked; new rows, with new seals, need not be."""
        self._here.undoubted = not whether

    def _doubted(self) -> bool:
        return not getattr(self._here, "undoubted", False)

    def _intact(self, table: str, seal: Any, *values: Any) -> bool:
        if not self._only_computed and seal != sealed(table, *values):
            self.altered = table
            raise ValueError(table)
        return True

    def _counted(self, table: str, rows: int, seals: int) -> None:
        change = self._changes.setdefault(table, [0, 0])
        change[0] += rows
        change[1] += seals


def _sealed_rows(table: str, rows: Iterable[tuple[Any, ...]]) -> tuple[list[tuple[Any, ...]], int]:
    # Called by SQLite for each row, as for the other tables, the same took four times as long.
    found = [(*row, crc32(dumps((table, *row), FORMAT))) for row in rows]
    return found, sum(row[-1] for row in found)


@cache
def _triggers() -> tuple[str, ...]:
    """What makes the triggers that count; who adds rows to a hot table, or changes some, counts them."""
    return tuple(
        f"CREATE TEMP TRIGGER IF NOT EXISTS tally_{table}_{change} AFTER {change} ON main.{table}"
        f" BEGIN SELECT counted('{table}', {difference}); END"
        for table in TALLIED
        for change, difference in _CHANGES
        if change == "DELETE" or table not in HOT
    )


def _wrapped(total: int) -> int:
    return total % (1 << _SUM_BITS)
