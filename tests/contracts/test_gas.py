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
        assert row.target is not None
        assert row.transaction.gas <= row.target, row.operation


def test_the_committed_table_is_current(rows: list[Row]) -> None:
    committed, current = (text.splitlines() for text in (SNAPSHOT.read_text("utf-8"), table(rows)))
    stale = [pair for pair in zip(committed, current, strict=True) if not _alike(*pair)]
    assert not stale, "run python -m tests.contracts.gas"


def _alike(committed: str, current: str) -> bool:
    """Equal, but for the zeros in hashes of blocks, which who reverses or returns shows: 12 gas each."""
    if committed == current:
        return True
    one, other = ([cell.strip() for cell in line.split("|")] for line in (committed, current))
    return one[1] == other[1] and _shows_hashes(one[1]) and abs(_gas(one[2]) - _gas(other[2])) <= 120


def _shows_hashes(operation: str) -> bool:
    return operation.startswith(("reverse a ", "restate a ", "return a "))


def _gas(cell: str) -> int:
    return int(cell.replace(",", ""))
