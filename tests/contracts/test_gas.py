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


#: What one lot pays at most, as a multiple of the floor; runs and lists pay more (contracts/gas-snapshot.md).
_OF_FLOOR = 1.15
_OF_ONE_LOT = ("mint", "ship one batch", "receive one batch", "split one off", "add emissions", "retire")


def test_operations_of_one_lot_stay_near_their_floor(rows: list[Row]) -> None:
    found = {row.operation: row.transaction for row in rows}
    for operation in _OF_ONE_LOT:
        assert found[operation].gas <= _OF_FLOOR * found[operation].floor.gas, operation


def test_no_floor_is_above_what_was_paid(rows: list[Row]) -> None:
    for row in rows:
        assert row.transaction.floor.gas <= row.transaction.gas, row.operation


def test_the_committed_table_is_current(rows: list[Row]) -> None:
    committed, current = (text.splitlines() for text in (SNAPSHOT.read_text("utf-8"), table(rows)))
    stale = [pair for pair in zip(committed, current, strict=True) if not _alike(*pair)]
    assert not stale, "run python -m tests.contracts.gas"


def _alike(committed: str, current: str) -> bool:
    """Equal, but for the zeros in hashes of blocks, which who reverses or returns shows: 12 gas each."""
    if committed == current:
        return True
    one, other = ([cell.strip() for cell in line.split("|")] for line in (committed, current))
    return one[1] == other[1] and _shows_hashes(one[1]) and all(map(_near, one[2:], other[2:]))


def _near(one: str, other: str) -> bool:
    """Alike as figures of gas are, or as ratios of them."""
    return one == other or abs(_figure(one) - _figure(other)) <= (0.01 if "." in one else 120)


def _shows_hashes(operation: str) -> bool:
    return operation.startswith(("reverse a ", "restate a ", "return a "))


def _figure(cell: str) -> float:
    return float(cell.replace(",", ""))
