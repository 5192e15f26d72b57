"""The index follows a chain that reorganises: whatever happened, it equals one that is built from zero."""

from __future__ import annotations

import sqlite3
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from tests.forks import Forks
from tests.index.support import DEPLOYED, open_index, rows_of
from traceledger.chain.base import BlocksChangedError
from traceledger.errors import VerificationError
from traceledger.index import Index
from traceledger.index.schema import DERIVED, FOLLOWING, RAW, TABLES

WITHOUT_ROWID = {
    statement.split()[2] for statement in TABLES.split(";\n") if statement.endswith("WITHOUT ROWID")
}


def content(path: Path) -> dict[str, list[Any]]:
    """All rows of all tables with their row ids; of ``undo`` the order, but not the numbers, of its steps."""
    connection = sqlite3.connect(path)
    found: dict[str, list[Any]] = {}
    for table in (*RAW, *DERIVED, *FOLLOWING):
        more = () if table in WITHOUT_ROWID or table == "undo" else ("rowid",)
        rows = rows_of(connection, table, *more)
        found[table] = [row[1:] for row in rows] if table == "undo" else rows
    connection.close()
    return found


def require_rebuilt(path: Path, forks: Forks) -> None:
    """The index is the same as one that is built from zero."""
    with tempfile.TemporaryDirectory() as folder:
        Index.rebuild(Path(folder) / "i.db", forks.chain, DEPLOYED).close()
        expected = content(Path(folder) / "i.db")
    found = content(path)
    for table, rows in expected.items():
        assert found[table] == rows, table


GROW = st.tuples(st.just("grow"), st.integers(1, 5))
FORK = st.tuples(st.just("fork"), st.integers(1, 8), st.integers(0, 8))
SYNC = st.tuples(st.just("sync"), st.integers(0, 1))
DISTURBED = st.tuples(st.just("disturbed"), st.integers(0, 1), st.integers(0, 5), FORK)
REOPEN = st.tuples(st.just("reopen"), st.integers(0, 1))
ABORT = st.tuples(st.just("abort"), st.integers(0, 1))
DAYS = st.lists(st.one_of(GROW, FORK, SYNC, SYNC, DISTURBED, REOPEN, ABORT), min_size=4, max_size=16)


class Follow:
    """Two connections to one index file, that follow one chain in turns."""

    def __init__(self, path: Path, forks: Forks) -> None:
        self.path, self.forks = path, forks
        self.indexes = [open_index(path, forks.chain) for _ in range(2)]

    def close(self) -> None:
        for index in self.indexes:
            index.close()

    def day(self, action: str, *how: Any) -> None:
        getattr(self, action)(*how)

    def grow(self, blocks: int) -> None:
        self.forks.grow(blocks)

    def fork(self, depth: int, blocks: int) -> None:
        self.forks.fork(depth, blocks)

    def sync(self, which: int) -> None:
        self.indexes[which].sync(self.forks.chain)
        require_rebuilt(self.path, self.forks)

    def disturbed(self, which: int, after: int, fork: tuple[str, int, int]) -> None:
        """The chain reorganises once while it is read."""
        left = [after]

        def disturb(_number: int) -> None:
            left[0] -= 1
            if left[0] == 0:
                self.forks.fork(*fork[1:])

        self.forks.chain.disturb = disturb
        self.indexes[which].sync(self.forks.chain)
        self.forks.chain.disturb = None
        self.sync(which)

    def reopen(self, which: int) -> None:
        self.indexes[which].close()
        self.indexes[which] = open_index(self.path, self.forks.chain)

    def abort(self, which: int) -> None:
        """Writing fails in the last block of a run: nothing of the run stays."""
        before = content(self.path)
        self.forks.chain.final()
        self.forks.grow(1)
        self.forks.chain.deadly = True
        with pytest.raises(KeyboardInterrupt):
            self.indexes[which].sync(self.forks.chain)
        self.forks.chain.deadly = False
        after = content(self.path)
        assert after["cursor"] <= before["cursor"]
        assert after["cursor"] != before["cursor"] or after == before
        self.sync(which)


@settings(max_examples=15)
@given(seed=st.integers(0, 99), lag=st.integers(0, 6), run=st.sampled_from((1, 3, 256)), days=DAYS)
def test_after_any_reorganisation_it_equals_a_rebuilt_one(seed: int, lag: int, run: int, days: Any) -> None:
    with tempfile.TemporaryDirectory() as folder:
        following = Follow(Path(folder) / "i.db", Forks(seed, lag=lag))
        following.forks.chain.at_once = run
        for day in days:
            following.day(*day)
        following.sync(0)
        following.close()


def test_a_long_random_life_reaches_every_table(tmp_path: Path) -> None:
    forks = Forks(5, lag=4)
    following = Follow(tmp_path / "i.db", forks)
    undone = 0
    for turn in range(60):
        forks.grow(turn % 4)
        following.sync(turn % 2)
        undone += forks.fork(1 + turn % 4, turn % 6)
        following.sync(turn % 2)
    assert undone > 100
    found = content(tmp_path / "i.db")
    assert [table for table, rows in found.items() if not rows] == []
    following.close()


def test_a_chain_that_is_final_at_once_leaves_no_journal(tmp_path: Path) -> None:
    forks = Forks(3, lag=0)
    forks.grow(20)
    with open_index(tmp_path / "i.db", forks.chain) as index:
        index.sync(forks.chain)
        assert index.status().final == index.status().block == forks.chain.head().number
    found = content(tmp_path / "i.db")
    assert (found["undo"], found["recent"]) == ([], [])


def test_blocks_become_final_without_new_ones(tmp_path: Path) -> None:
    forks = Forks(3, lag=5)
    forks.grow(20)
    with open_index(tmp_path / "i.db", forks.chain) as index:
        index.sync(forks.chain)
        head = forks.chain.head().number
        assert (index.status().block, index.status().final) == (head, head - 5)
        forks.chain.lag = 2
        assert index.sync(forks.chain) == 0
        assert index.status().final == head - 2
        require_rebuilt(tmp_path / "i.db", forks)


def test_going_back_past_what_was_final_is_refused(tmp_path: Path) -> None:
    forks = Forks(3, lag=3)
    forks.grow(20)
    final = forks.chain.final().number
    with open_index(tmp_path / "i.db", forks.chain) as index:
        index.sync(forks.chain)
        before = content(tmp_path / "i.db")
        forks.chain.settled = 0
        forks.chain.lag = 12
        forks.fork(10, 14)
        message = rf"no longer has the block {final} that was indexed and final.*index rebuild`\)"
        with pytest.raises(VerificationError, match=message):
            index.sync(forks.chain)
        assert content(tmp_path / "i.db") == before
    Index.rebuild(tmp_path / "i.db", forks.chain, DEPLOYED).close()
    require_rebuilt(tmp_path / "i.db", forks)


def test_a_node_that_is_behind_what_was_final_is_refused(tmp_path: Path) -> None:
    forks = Forks(3, lag=3)
    forks.grow(20)
    with open_index(tmp_path / "i.db", forks.chain) as index:
        index.sync(forks.chain)
        whole = list(forks.chain.mined)
        forks.chain.settled = 0
        forks.chain.mined = whole[:10]
        with pytest.raises(VerificationError, match=r"no longer has.*or wait, if the node at block 9"):
            index.sync(forks.chain)
        forks.chain.mined = whole
        index.sync(forks.chain)
        require_rebuilt(tmp_path / "i.db", forks)


def test_a_chain_that_never_stands_still_is_given_up(tmp_path: Path) -> None:
    forks = Forks(3, lag=6)
    forks.grow(20)
    with open_index(tmp_path / "i.db", forks.chain) as index:
        index.sync(forks.chain)
        forks.grow(4)
        forks.chain.disturb = lambda _number: forks.fork(4, 4) and None
        with pytest.raises(BlocksChangedError, match=r"does not follow.*try again"):
            index.sync(forks.chain)
        forks.chain.disturb = None
        index.sync(forks.chain)
        require_rebuilt(tmp_path / "i.db", forks)


def test_final_blocks_are_checked_against_the_final_one(tmp_path: Path) -> None:
    """Another node said what is final than the one that gives the blocks, and they disagree."""
    forks = Forks(3, lag=3)
    forks.grow(20)
    other = replace(forks.chain.final(), hash=bytes(32))
    with open_index(tmp_path / "i.db", forks.chain) as index:
        forks.chain.claimed = other
        with pytest.raises(BlocksChangedError, match=rf"block {other.number} does not follow.*try again"):
            index.sync(forks.chain)
        forks.chain.claimed = None
        assert index.status().block == other.number - 1
        index.sync(forks.chain)
        require_rebuilt(tmp_path / "i.db", forks)


def test_an_index_is_emptied_beside_one_that_records(tmp_path: Path) -> None:
    forks = Forks(3, lag=6)
    forks.grow(20)
    with open_index(tmp_path / "i.db", forks.chain) as index:
        index.sync(forks.chain)
        Index.rebuild(tmp_path / "i.db", forks.chain, DEPLOYED).close()
        assert not list(tmp_path.glob("*.damaged"))
        forks.fork(3, 5)
        index.sync(forks.chain)
        require_rebuilt(tmp_path / "i.db", forks)
