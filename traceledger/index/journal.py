"""Takes blocks back that a chain has replaced: what they changed is noted as long as they are not final.

While the journal records, triggers of this connection put every change of every table into the table
``undo``. Final blocks are written without them, and so cost nothing more.

Example:
    >>> import tempfile
    >>> from pathlib import Path
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     database = Database.open(Path(folder) / "index.db")
    ...     journal = Journal(database)
    ...     with database.writing():
    ...         journal.begin(7, b"hash")
    ...         database.run("INSERT INTO main.mandatory VALUES (1, 'producer', '[]', '[]')")
    ...     with database.writing():
    ...         journal.undo(after=6)
    ...     database.one("SELECT count(*) FROM mandatory")
    ...     database.close()
    (0,)
"""

from __future__ import annotations

from typing import Any

from traceledger.index.database import Database
from traceledger.index.schema import DERIVED, HOT, UNDO_VALUES
from traceledger.model.frozen import frozen

_ADDED, _CHANGED, _REMOVED = "added", "changed", "removed"
_EVENTS = {_ADDED: "INSERT", _CHANGED: "UPDATE", _REMOVED: "DELETE"}
_NOTED = ("block", "log", "sent", "operation", *DERIVED)
_VALUES = ", ".join(f"v{number}" for number in range(UNDO_VALUES))


@frozen
class _Table:
    """A table whose changes are noted. ``rowid`` is whether it has row ids, which then identify a row."""

    name: str
    columns: tuple[str, ...]
    rowid: bool

    def trigger(self, change: str) -> str:
        """The statement that makes the trigger for one kind of change."""
        side = "new" if change == _ADDED else "old"
        values = [f"{side}.{column}" for column in self.columns]
        places = ", ".join(f"v{number}" for number in range(len(values)))
        place = f"{side}.rowid" if self.rowid else "NULL"
        block = "(SELECT max(number) FROM recent)"
        row = f"{block}, '{self.name}', '{change}', {place}, {', '.join(values)}"
        note = f"INSERT INTO undo (block, name, change, place, {places}) VALUES ({row})"  # noqa: S608
        event = f"AFTER {_EVENTS[change]} ON main.{self.name}"
        # TEMP: of this connection only, so that a process that dies leaves no trigger behind.
        return f"CREATE TEMP TRIGGER undo_{self.name}_{change} {event} BEGIN {note}; END"

    def remove(self, database: Database, place: int | None, values: tuple[Any, ...]) -> None:
        """Delete one row."""
        key = "rowid" if self.rowid else ", ".join(self.columns)
        wanted = [place] if self.rowid else values
        marks = ", ".join("?" * len(wanted))
        database.run(f"DELETE FROM main.{self.name} WHERE ({key}) = ({marks})", wanted)  # noqa: S608

    def restore(self, database: Database, place: int | None, values: tuple[Any, ...]) -> None:
        """Insert one row where it was."""
        if self.name in HOT:
            database.add(self.name, [values])
            return
        columns = ("rowid", *self.columns) if self.rowid else self.columns
        row = (place, *values) if self.rowid else values
        marks = ", ".join("?" * len(row))
        database.run(f"INSERT INTO main.{self.name} ({', '.join(columns)}) VALUES ({marks})", row)  # noqa: S608


class Journal:
    """Notes what blocks change, and undoes it. Every method belongs inside a write transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(self, block: int, hash_: bytes) -> None:
        """Note from now on what changes, as done by this block, which follows those noted before."""
        self._database.run("INSERT INTO recent VALUES (?, ?)", (block, hash_))
        if not self._recording():
            for table in self._tables().values():
                for change in _EVENTS:
                    self._database.run(table.trigger(change))

    def stop(self) -> None:
        """Note nothing any more."""
        for name in self._recording():
            self._database.run(f"DROP TRIGGER temp.{name}")

    def undo(self, *, after: int) -> None:
        """Take back what all blocks after that one changed, the last change first."""
        self.stop()
        tables = self._tables()
        query = f"SELECT name, change, place, {_VALUES} FROM undo WHERE block > ? ORDER BY step DESC"  # noqa: S608
        for name, change, place, *noted in self._database.all(query, [after]):
            table = tables[name]
            values = tuple(noted[: len(table.columns)])
            # A changed row is removed and put back, which needs no statement for each set of columns.
            if change != _REMOVED:
                table.remove(self._database, place, values)
            if change != _ADDED:
                table.restore(self._database, place, values)
        self._database.run("DELETE FROM undo WHERE block > ?", [after])
        self._database.run("DELETE FROM recent WHERE number > ?", [after])

    def forget(self, *, until: int) -> None:
        """Drop what would undo the blocks up to that one: they are final."""
        self._database.run("DELETE FROM undo WHERE block <= ?", [until])
        self._database.run("DELETE FROM recent WHERE number <= ?", [until])

    def _recording(self) -> list[str]:
        rows = self._database.all("SELECT name FROM sqlite_temp_master WHERE name LIKE 'undo_%'")
        return [name for (name,) in rows]

    def _tables(self) -> dict[str, _Table]:
        return {name: self._table(name) for name in _NOTED}

    def _table(self, name: str) -> _Table:
        columns = tuple(self._database.columns(name))
        # SQLite tells nowhere else whether a table has row ids.
        query = "SELECT sql LIKE '%WITHOUT ROWID' FROM main.sqlite_master WHERE name = ?"
        return _Table(name, columns, rowid=self._database.one(query, [name]) == (0,))
