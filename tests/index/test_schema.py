"""The schema of an index file, its version, and the columns that values are kept in."""

from __future__ import annotations

import hashlib
import sqlite3
from typing import Any

import pytest

from traceledger.index.columns import Table
from traceledger.index.rows import BATCH, SHIPMENT
from traceledger.index.schema import TABLES, VERSION

DIGESTS = {
    6: "cf3b5ff7b85b95a0c07ba4ea02faf33ff428ce057f862a4331799ec78d6cda0f",
    7: "28c38a66bc04686e2ffbecc2bf84bfe09297042cd1b910d376f1eb08fa7a401f",
    8: "08c19ca926dfb17fc77c1009248a5260a46b50e199d871bfdf6b277e9fa6c07f",
    9: "08c19ca926dfb17fc77c1009248a5260a46b50e199d871bfdf6b277e9fa6c07f",  # with other seals
    10: "715ccb30b53a2731b11ce09c21b4e97d721013adb38ca2b3e7c31445825e4ede",
    11: "9091916ba6bfe72308664843e0f5dd440b6a089c7cd2a2a69e1c45bc3a65b14c",
    12: "63d48c7416db38954ad2570e05e8adba664d036d1dae02cb98016d4d872c762f",
}
"""By version, the SHA-256 of its tables. Whoever changes these counts VERSION up and adds what it is then."""


def test_other_tables_have_another_version() -> None:
    assert DIGESTS[VERSION] == hashlib.sha256(TABLES.encode()).hexdigest()
    assert max(DIGESTS) == VERSION


@pytest.mark.parametrize("table", [BATCH, SHIPMENT], ids=lambda table: table.name)
def test_each_column_of_the_table_holds_a_field(table: Table[Any]) -> None:
    with sqlite3.connect(":memory:") as connection:
        connection.executescript(TABLES)
        columns = connection.execute(f"PRAGMA table_info({table.name})").fetchall()
    connection.close()
    assert [name for _, name, *_ in columns if name != "seal"] == [column.name for column in table.columns]
    assert [name for _, name, *_, key in columns if key] == [table.columns[0].name]


def test_a_field_without_a_column_is_refused() -> None:
    with pytest.raises(TypeError, match="the columns of table batch hold"):
        Table("batch", BATCH.kind, BATCH.columns[:-1])
