"""Alter the rows of a chain file, with SQL functions for what a block's row holds compressed."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from traceledger.chain.embedded.bodies import packed, unpacked


def _flipped(data: bytes) -> bytes:
    return data[:-1] + bytes([data[-1] ^ 1])


def _first(change: Callable[[bytes, bytes], list[tuple[bytes, bytes]]]) -> Callable[[bytes], bytes]:
    """Change the first transaction of a block and its receipt."""

    def changed(kept: bytes) -> bytes:
        first, *others = unpacked(kept)
        return packed([*change(*first), *others])

    return changed


_FUNCTIONS = {
    "raw_changed": _first(lambda raw, receipt: [(_flipped(raw), receipt)]),
    "receipt_changed": _first(lambda raw, receipt: [(raw, _flipped(receipt))]),
    "receipt_emptied": _first(lambda raw, _: [(raw, b"")]),
    "dropped": _first(lambda _raw, _receipt: []),
}


def alter(path: Path, *statements: str) -> None:
    """Run statements, each of which changes something."""
    with closing(sqlite3.connect(path)) as connection:
        for name, function in _FUNCTIONS.items():
            connection.create_function(name, 1, function)
        for statement in statements:
            assert connection.execute(statement).rowcount > 0
        connection.commit()
