"""The schema of an index file, its version, and the columns that values are kept in."""

from __future__ import annotations

import hashlib
import sqlite3
from dataclasses import fields
from typing import Any

import pytest

from traceledger.index.rows import BATCH, SHIPMENT, batch_from, batch_row, things_in
from traceledger.index.schema import TABLES, VERSION
from traceledger.model.batches import Batch, BatchState, Retirement

DIGESTS = {
    6: "cf3b5ff7b85b95a0c07ba4ea02faf33ff428ce057f862a4331799ec78d6cda0f",
    7: "28c38a66bc04686e2ffbecc2bf84bfe09297042cd1b910d376f1eb08fa7a401f",
    8: "08c19ca926dfb17fc77c1009248a5260a46b50e199d871bfdf6b277e9fa6c07f",
    9: "08c19ca926dfb17fc77c1009248a5260a46b50e199d871bfdf6b277e9fa6c07f",  # with other seals
    10: "715ccb30b53a2731b11ce09c21b4e97d721013adb38ca2b3e7c31445825e4ede",
    11: "9091916ba6bfe72308664843e0f5dd440b6a089c7cd2a2a69e1c45bc3a65b14c",
    12: "a3eea84a2d31b13c22b0e3e60def89efafe6b0d1c9996c63268129bcd2a2e069",
    13: "a3eea84a2d31b13c22b0e3e60def89efafe6b0d1c9996c63268129bcd2a2e069",  # with other seals
}
"""By version, the SHA-256 of its tables. Whoever changes these counts VERSION up and adds what it is then."""


def test_other_tables_have_another_version() -> None:
    assert DIGESTS[VERSION] == hashlib.sha256(TABLES.encode()).hexdigest()
    assert max(DIGESTS) == VERSION


@pytest.mark.parametrize(("table", "listed"), [("batch", BATCH), ("shipment", SHIPMENT)])
def test_rows_are_read_and_written_in_the_order_of_the_columns(table: str, listed: str) -> None:
    with sqlite3.connect(":memory:") as connection:
        connection.executescript(TABLES)
        names = [name for _, name, *_ in connection.execute(f"PRAGMA table_info({table})")]
    connection.close()
    assert names == [*listed.replace(",", "").split(), "seal"]


def test_every_field_of_a_batch_is_kept() -> None:
    """Each field differs from its default, so that one which a row has no place for is missed."""
    made: dict[str, Any] = {
        field.name: value
        for field, value in zip(
            fields(Batch),
            (
                *(
                    1,
                    b"c" * 20,
                    "L",
                    2,
                    3,
                    b"d" * 20,
                    BatchState.RETIRED,
                    9,
                    8,
                    7,
                    6,
                    {27: 5},
                    (3, 27),
                    (1, -2),
                ),
                *(True,) * 7,
                *(4, True, True, 12, Retirement.DISPOSED, b"e" * 20, 11, 10, b"t" * 12),
            ),
            strict=True,
        )
    }
    ids: dict[bytes, int] = {}
    batch = Batch(**made)
    row = batch_row(batch, 1, 0, batch.events, lambda id_: ids.setdefault(id_, len(ids) + 1))
    assert batch_from(row, {number: id_ for id_, number in ids.items()}) == batch
    assert things_in([row]) == set(ids.values())
