"""Whoever changes the index without this program is noticed: in any table, any column, by one bit."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.index.support import DEPLOYED, indexed, open_index
from tests.simulator import World
from traceledger.errors import VerificationError
from traceledger.index import Contracts, Index
from traceledger.index.database import Database
from traceledger.index.schema import HOT, SEEN, TABLES, TALLIED
from traceledger.index.seals import Watch, columns, sealed
from traceledger.index.verification import verify


@pytest.fixture(scope="module")
def world() -> World:
    return World(seed=7).run(120)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, world: World) -> Path:
    path = tmp_path_factory.mktemp("whole") / "i.db"
    indexed(path, world).close()
    with closing(opened(path)) as connection:
        for table in TALLIED:
            if connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,):
                connection.execute(f"INSERT INTO {table} VALUES ({made_up(connection, table)})")
        connection.commit()
        tallied(connection)
    Index.open(path, Contracts.of(world.chain, DEPLOYED)).close()
    return path


def opened(path: Path) -> sqlite3.Connection:
    """The file as one opens it who knows of the seals' functions, and of nothing else."""
    connection = sqlite3.connect(path)
    Watch().attach(connection)
    return connection


def made_up(connection: sqlite3.Connection, table: str) -> str:
    """Values for a row of a table that the simulator leaves empty."""
    kinds = {"INTEGER": "1", "BLOB": "x'01'", "TEXT": "'[]'", "": "1"}
    rows = connection.execute(f"PRAGMA table_info({table})").fetchall()
    values = ", ".join(kinds[kind] for _, name, kind, *_ in rows if name != "seal")
    return f"{values}, sealed('{table}', {values})" if table in HOT else values


def tallied(connection: sqlite3.Connection) -> None:
    """Count anew what the tables hold, so that rows that were put there belong to it."""
    for table in TALLIED:
        seals = [seal for (seal,) in connection.execute(f"SELECT seal FROM {table}")]
        values = (table, len(seals), sum(seals) % 2**56)
        connection.execute("INSERT OR REPLACE INTO tally VALUES (?, ?, ?)", values)
    connection.commit()


@pytest.fixture
def edited(tmp_path: Path, whole: Path) -> Iterator[Path]:
    path = tmp_path / "i.db"
    shutil.copy(whole, path)
    yield path


def other(value: Any) -> Any:
    """Another value of the same kind."""
    match value:
        case bytes():
            return bytes([value[0] ^ 1, *value[1:]]) if value else b"\1"
        case str():
            return value + "0" if value.isdigit() else f"{value} "
        case int():
            return value + 1000
        case _:
            return 1


def change(path: Path, statement: str, values: tuple[Any, ...] = ()) -> None:
    """Edit the stored bytes of a row, its seal apart, as whoever goes round SQLite's generated columns."""
    with closing(sqlite3.connect(path)) as connection:
        connection.create_function("sealed", -1, lambda *_: 0, deterministic=True)
        connection.create_function("intact", -1, lambda *_: 1, deterministic=True)
        connection.create_function("doubted", 0, lambda: 1, deterministic=True)
        connection.execute("PRAGMA ignore_check_constraints = ON")
        connection.execute(statement, values)
        connection.commit()


def columns_of(table: str) -> list[str]:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(TABLES)
        return [name for name in columns(connection, table) if name != "seal"]


@pytest.mark.parametrize("table", TALLIED)
def test_every_column_of_every_table_is_guarded(
    tmp_path: Path, whole: Path, world: World, table: str
) -> None:
    for column in columns_of(table):
        path = tmp_path / f"{column}.db"
        shutil.copy(whole, path)
        with closing(opened(path)) as connection:
            query = f"SELECT {column} FROM {table} ORDER BY {', '.join(columns_of(table))} LIMIT 1"
            (value,) = connection.execute(query).fetchone()
        where = f"{column} IS ?" if value is not None else f"{column} IS ? AND 1"
        change(path, f"UPDATE {table} SET {column} = ? WHERE {where}", (other(value), value))
        with pytest.raises(VerificationError, match=rf"index .*{table}.*index verify.*index rebuild"):
            open_index(path, world.chain)


@pytest.mark.parametrize("table", SEEN)
def test_a_row_is_checked_when_it_is_read(edited: Path, world: World, table: str) -> None:
    """Also where the file seems untouched: bits that a disk lost change no time and no size."""
    with open_index(edited, world.chain) as index:
        (column, *_) = reversed(columns_of(table))
        (value,) = index.database.one(f"SELECT {column} FROM {table}") or (None,)
        # Where the column is of the key, several rows cannot all have that value.
        change(edited, f"UPDATE OR IGNORE {table} SET {column} = ?", (other(value),))
        with pytest.raises(VerificationError, match=rf"index .*table {table} .*index verify"):
            index.database.all(f"SELECT * FROM {table}")


@pytest.mark.parametrize("table", TALLIED)
def test_rows_that_were_lost_or_added_are_missed(edited: Path, world: World, table: str) -> None:
    with closing(opened(edited)) as connection:
        listed = ", ".join(columns_of(table))
        row = connection.execute(f"SELECT {listed} FROM {table}").fetchone()
    before = edited.read_bytes()
    change(edited, f"DELETE FROM {table}")
    with pytest.raises(VerificationError, match=rf"index has lost rows of its table {table}.*index verify"):
        open_index(edited, world.chain)
    edited.write_bytes(before)
    if table in {"meta", "cursor", "final"}:
        return  # these have one row
    with closing(opened(edited)) as connection:
        # By one who knows how a seal is made, and not of tallies.
        added = tuple(map(other, row))
        added = (*added, sealed(table, *added)) if table in HOT else added
        connection.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(added))})", added)
        connection.commit()
    with pytest.raises(VerificationError, match=rf"index has lost rows of its table {table}, or was given"):
        open_index(edited, world.chain)


def test_slugs_that_were_swapped_are_noticed(edited: Path, world: World) -> None:
    swap = "UPDATE participant SET slug = CASE slug WHEN 'firm-0' THEN 'firm-9' ELSE slug END"
    change(edited, swap)
    with pytest.raises(VerificationError, match="table participant"):
        open_index(edited, world.chain)


def test_another_programs_statement_cannot_write_at_all(edited: Path) -> None:
    refused = pytest.raises(sqlite3.OperationalError, match="unknown function")
    with closing(sqlite3.connect(edited)) as connection, refused:
        connection.execute("UPDATE batch SET mass = 0")


@pytest.mark.parametrize(
    "statement",
    [
        "DROP INDEX batch_custodian",
        "CREATE TRIGGER more AFTER INSERT ON batch BEGIN DELETE FROM pause; END",
        "CREATE VIEW pauses AS SELECT 1",
        "CREATE TABLE other (x)",
    ],
)
def test_a_schema_of_others_is_noticed(edited: Path, world: World, statement: str) -> None:
    change(edited, statement)
    with pytest.raises(VerificationError, match="other tables than this program makes"):
        open_index(edited, world.chain)
    Index.rebuild(edited, world.chain, DEPLOYED).close()
    open_index(edited, world.chain).close()


def test_bits_anywhere_are_noticed_or_harmless(tmp_path: Path, world: World) -> None:
    path = tmp_path / "i.db"
    with indexed(path, world) as index:
        expected = (index.batches(), index.participants(), index.shipments())
        follows = Contracts.of(world.chain, DEPLOYED)
    content, random, noticed = path.read_bytes(), Random(11), 0
    for _ in range(60):
        flipped = bytearray(content)
        at = random.randrange(len(content))
        flipped[at] ^= 1 << random.randrange(8)
        path.write_bytes(flipped)
        os.utime(path, (1, 1))
        try:
            with Index.open(path, follows) as index:
                assert (index.batches(), index.participants(), index.shipments()) == expected
        except VerificationError:
            noticed += 1
    assert noticed > 10  # Most of so small a file is the free space of its pages.


def test_verifying_says_where_it_differs(edited: Path, tmp_path: Path, world: World) -> None:
    path = tmp_path / "v.db"
    indexed(path, world).close()
    assert verify(path, world.chain, DEPLOYED).holds
    change(path, "UPDATE participant SET country = 'XK' WHERE slug = 'firm-0'")
    before = path.read_bytes()
    verdict = verify(path, world.chain, DEPLOYED)
    assert [
        (each.table, each.column, each.index) for each in verdict.differences if each.column != "seal"
    ] == [("participant", "country", "XK")]
    assert path.read_bytes() == before


def test_verifying_sees_what_the_seals_cannot(tmp_path: Path, world: World) -> None:
    """Who computes seals and tallies anew deceives every command but this."""
    path = tmp_path / "v.db"
    indexed(path, world).close()
    database = Database.open(path)
    with database.writing():
        ((seal, row),) = database.sealed("batch", "WHERE number = 1", [])
        mass = columns_of("batch").index("mass")
        database.change("batch", [(*row[:mass], row[mass] + 1, *row[mass + 1 :])], seal)
        database.run("DELETE FROM main.shipment WHERE rowid = 1")
    database.close()
    open_index(path, world.chain).close()
    found = verify(path, world.chain, DEPLOYED).differences
    assert {(each.table, each.column) for each in found} == {
        ("batch", "mass"),
        ("batch", "seal"),
        ("shipment", ""),
    }
    assert next(each.chain for each in found if each.table == "shipment")
