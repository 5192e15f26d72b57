"""What took long to compute is kept, up to a number of values and of bytes."""

from __future__ import annotations

import sys
from typing import Any

import pytest

from traceledger.web.kept import Kept
from traceledger.web.sizes import bytes_of


def size_in_full(value: Any) -> int:
    """That of a value of lists, mappings and texts, each of which stands there once."""
    parts: list[Any] = list(value) if isinstance(value, list) else []
    if isinstance(value, dict):
        parts = [*value.keys(), *value.values()]
    return sys.getsizeof(value) + sum(map(size_in_full, parts))


@pytest.mark.parametrize("rows", [1, 10, 999, 1000, 1001, 30_000])
def test_an_estimate_is_near_the_truth(rows: int) -> None:
    listed = [
        {f"name {row}": f"{row:0{row % 50 + 9}}", f"more {row}": [f"text {row}"]} for row in range(rows)
    ]
    mapping = {f"key {row}": [f"value {row}", f"{row:090}"] for row in range(rows)}
    for value in (listed, mapping):
        assert bytes_of(value) == pytest.approx(size_in_full(value), rel=0.1)


def test_the_oldest_go_where_all_are_too_large() -> None:
    kept, made = Kept(10, most_bytes=3500), list[str]()

    def get(key: str, size: int) -> None:
        kept.get(key, lambda: made.append(key) or "x" * size)

    for key in "abcabc":
        get(key, 1000)
    assert made == ["a", "b", "c"]
    get("d", 1000)
    get("a", 1000)
    assert made == ["a", "b", "c", "d", "a"]


def test_the_newest_stays_however_large_it_is() -> None:
    kept = Kept(10, most_bytes=100)
    large = kept.get("large", lambda: "x" * 1000)
    assert kept.get("large", list) is large
    assert kept.get("next", lambda: "y") == "y"
    assert kept.get("large", lambda: "made again") == "made again"
