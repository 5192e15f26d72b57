"""What is wrong with a batch, now and as of an earlier block, is what the events of its lineage tell."""

from __future__ import annotations

from pathlib import Path

from tests.lively import Lively
from traceledger.provenance import lineage, trace_of
from traceledger.provenance.troubles import judged, named_in, troubles_of


def test_an_earlier_block_tells_what_its_events_tell(tmp_path: Path) -> None:
    world = Lively(tmp_path, seed=3)
    world.run(250)
    index = world.index
    head = index.head_block()
    assert head is not None
    own, upstream_too = 0, 0
    for lot in index.batches():
        born = index.steps.made([index.steps.key(lot.id) or 0]).popitem()[1].at >> 24
        for then in range(born, head, max(1, (head - born) // 6)):
            upstream = lineage(index, lot.id, as_of=then)
            found = trace_of(upstream, index)
            told = troubles_of(found, named_in(upstream, index), index)
            assert judged(index, lot.id, as_of=then) == (found, told), (lot.identifier, then)
            own += any(each.word == "on hold" for each in told)
            upstream_too += any("upstream" in each.word for each in told)
    assert own
    assert upstream_too
    world.close()
