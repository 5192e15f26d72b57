"""What came of batches, by the steps in an index: as events tell it, with as many questions however much."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path

import pytest

from tests.events_only import EventsOnly
from tests.provenance.test_indexed import Counting
from tests.scale import asking
from tests.scale.making import make
from traceledger.errors import UnknownNameError
from traceledger.events import MakingEvent, RecordedEvent
from traceledger.index import Index
from traceledger.index.disclosure import AS_RECORDED
from traceledger.index.reading import IndexReader
from traceledger.model.assurance import Finding, FindingState, Severity
from traceledger.model.batches import Batch, BatchState
from traceledger.model.frozen import changed
from traceledger.provenance.downstream import impact, reached_from
from traceledger.provenance.recall import recall


class Untranslated(EventsOnly):
    """An index without its steps: only its events tell."""

    def head_block(self) -> int | None:
        return self.index.head_block()

    def histories(
        self, batches: Sequence[int], *, as_of: int | None = None, takes: bool = True
    ) -> Mapping[int, tuple[RecordedEvent, ...]]:
        return self.index.histories(batches, as_of=as_of, takes=takes)

    def batch(self, batch: int) -> Batch | None:
        return self.index.batch(batch)

    def batches(self) -> list[Batch]:
        return self.index.batches()


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    """Everything that can happen, also reversals, take-backs and second lives."""
    chain, _ = make("mixed", 200)
    with asking.indexed(chain, tmp_path_factory.mktemp("mixed") / "i.db") as index:
        yield index


def test_steps_and_events_tell_the_same_of_every_batch(mixed: Index) -> None:
    told = Untranslated(mixed)
    head = mixed.head_block()
    assert head is not None
    beyond = 0
    for lot in mixed.batches():
        found = impact(mixed, lot.id)
        assert found == impact(told, lot.id)
        beyond += len(found.beyond)
        made = mixed.histories([lot.id], takes=False)[lot.id][0].block
        then = (made + head) // 2
        assert impact(mixed, lot.id, as_of=then) == impact(told, lot.id, as_of=then)
        with pytest.raises(UnknownNameError):
            impact(mixed, lot.id, as_of=made - 1)
    assert beyond
    assert any(lot.state is BatchState.REVERSED for lot in mixed.batches())


def test_several_batches_together_also_reversed_ones(mixed: Index) -> None:
    told = Untranslated(mixed)
    lots = [lot.id for lot in mixed.batches()]
    for some in (lots, lots[::3], lots[1::7], lots[-5:]):
        assert reached_from(mixed, some) == reached_from(told, some)


def questions(path: Path, shape: str, size: int) -> tuple[int, int, int]:
    """How many questions the batch of which most was made asks: now, as of earlier; and how many that are."""
    chain, _ = make(shape, size)
    asking.indexed(chain, path).close()
    database = Counting(path)
    index = IndexReader(database, AS_RECORDED)
    first = index.batches()[0].id
    asked = [0]
    for as_of in (None, None, index.head_block() or 0, (index.head_block() or 0) - 1):
        reached = impact(index, first, as_of=as_of).reached
        asked.append(database.asked)
    database.close()
    _, now, _, earlier = (after - before for before, after in pairwise(asked))
    return now, earlier, len(reached)


@pytest.mark.parametrize("shape", ["comb", "tank"])
def test_it_asks_as_much_however_much_was_made_of_it(tmp_path: Path, shape: str) -> None:
    few, few_earlier, some = questions(tmp_path / "short.db", shape, 300)
    now, earlier, more = questions(tmp_path / "long.db", shape, 900)
    assert more > 2 * some
    # Companies are named one by one, and more of them may hold what more was made.
    assert now - few <= 4
    assert earlier - few_earlier <= 4
    assert max(now, earlier) < 30


@pytest.mark.parametrize("place", [0, 40, 120])
def test_steps_and_events_recall_the_same(mixed: Index, place: int) -> None:
    told, lots = Untranslated(mixed), mixed.batches()
    (first, *_) = mixed.histories([lots[place].id], takes=False)[lots[place].id]
    assert isinstance(first.event, MakingEvent)
    since, then = first.event.occurred_at, ((mixed.head_block() or 0) + first.block) // 2
    for who in {lot.creator for lot in lots}:
        finding = Finding(
            *(1, who, "F", who, None, Severity.MAJOR, "quality", "x", FindingState.OPEN, 0, since)
        )
        for as_of in (None, then):
            assert recall(mixed, finding, as_of=as_of) == recall(told, finding, as_of=as_of)
    theirs = changed(finding, participant=first.event.makes[0].creator)
    assert recall(mixed, theirs).reached
