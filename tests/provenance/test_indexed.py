"""Traces from the steps in an index: what the events tell, by as many questions however long a lineage is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.scale import asking
from tests.scale.making import make
from traceledger.index.database import Database
from traceledger.index.disclosure import AS_RECORDED
from traceledger.index.reading import IndexReader
from traceledger.provenance import lineage, trace, trace_of
from traceledger.provenance.troubles import judged, named_in, troubles_of


class Counting(Database):
    """An index file that counts what it is asked."""

    asked = 0

    def all(self, query: str, values: Any = ()) -> list[tuple[Any, ...]]:
        """Counts."""
        self.asked += 1
        return super().all(query, values)

    def each(self, query: str, values: Any) -> Iterator[tuple[Any, ...]]:
        """Counts."""
        self.asked += 1
        return super().each(query, values)


def questions(path: Path, shape: str, size: int) -> tuple[int, int]:
    """How many questions the trace of the batch with the most upstream asks, and of how many that is."""
    chain, _ = make(shape, size)
    asking.indexed(chain, path).close()
    database = Counting(path)
    index = IndexReader(database, AS_RECORDED)
    batch = next(iter(asking.asked(chain).values()))
    batches = trace(index, batch).batches
    database.asked = 0
    trace(index, batch)
    asked = database.asked
    database.close()
    return asked, batches


@pytest.mark.parametrize("shape", ["tree", "comb", "tank", "wide"])
def test_a_trace_asks_as_much_however_long_the_lineage_is(tmp_path: Path, shape: str) -> None:
    few, some = questions(tmp_path / "short.db", shape, 100)
    as_few, more = questions(tmp_path / "long.db", shape, 600)
    assert more > 2 * some
    # Companies and sites are named one by one, and a longer lineage may name more of them.
    assert as_few - few <= 4
    assert as_few < 60


def test_steps_and_events_tell_the_same_of_every_batch(tmp_path: Path) -> None:
    chain, _ = make("mixed", 150)
    index = asking.indexed(chain, tmp_path / "index.db")
    head = index.head_block()
    assert head is not None
    for lot in index.batches():
        upstream = lineage(index, lot.id)
        found = trace_of(upstream, index)
        assert trace(index, lot.id) == found
        assert judged(index, lot.id) == (found, troubles_of(found, named_in(upstream, index), index))
        born = index.steps.made([index.steps.key(lot.id) or 0]).popitem()[1].at >> 24
        then = (born + head) // 2
        assert trace(index, lot.id, as_of=then) == trace_of(lineage(index, lot.id, as_of=then), index)
    index.close()
