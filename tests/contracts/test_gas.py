"""The gas of typical operations: under its targets, and as the committed table says."""

from __future__ import annotations

import pytest

from tests.contracts.gas import SNAPSHOT, Row, Scenario, table


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    return list(Scenario().rows())


def test_every_operation_with_a_target_reaches_it(rows: list[Row]) -> None:
    limited = [row for row in rows if row.target is not None]
    assert len(limited) == 5
    for row in limited:
        assert row.transaction.gas <= row.target, row.operation


def test_the_committed_table_is_current(rows: list[Row]) -> None:
    assert SNAPSHOT.read_text("utf-8") == table(rows), "run python -m tests.contracts.gas"
