"""A batch that was drawn from often: its page shows the beginning, and what the rest comes to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.scale import asking
from tests.scale.making import make
from traceledger.documents import batches, explored, traces
from traceledger.index import Index
from traceledger.model.batches import Batch
from traceledger.provenance import trace

EVENTS = 900


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    chain, _ = make("tank", EVENTS)
    with asking.indexed(chain, tmp_path_factory.mktemp("tank") / "index.sqlite") as found:
        yield found


@pytest.fixture(scope="module")
def tank(index: Index) -> Batch:
    return max(index.batches(), key=lambda batch: index.story.count(batch.id))


@pytest.fixture(scope="module")
def whole(index: Index, tank: Batch) -> dict[str, Any]:
    return batches.batch(index, tank, ())


def test_the_page_shows_the_first_events_and_what_the_others_moved(
    index: Index, tank: Batch, whole: dict[str, Any]
) -> None:
    page = explored.batch(index, tank, trace(index, tank.id), ())
    assert len(whole["events"]) > 2 * explored.MOST
    assert page["events"] == whole["events"][: explored.MOST]
    assert page["made_into"] == whole["made_into"][: explored.MOST]
    assert page["counts"]["events"] == len(whole["events"])
    assert page["counts"]["outputs"] == len(whole["made_into"])
    masses = page["masses"]
    shown = [each["moved_mg"] for each in masses["movements"]]
    assert masses["left_mg"] == whole["masses"]["left_mg"]
    for what, left in masses["left_mg"].items():
        assert sum(int(each.get(what, 0)) for each in (*shown, masses["later_mg"])) == int(left)


def test_the_api_says_how_much_it_left_out(index: Index, tank: Batch, whole: dict[str, Any]) -> None:
    document = batches.batch(index, tank, (), most=10)
    assert document["events"] == whole["events"][:10]
    counts = {"events": len(whole["events"]), "made_into": len(whole["made_into"]), "most": 10}
    assert document["counts"] == counts


@pytest.mark.parametrize("newest", [False, True])
def test_pieces_together_are_the_whole_history(index: Index, tank: Batch, newest: bool) -> None:
    found, after = [], None
    while piece := index.story.events(tank.id, after=after, newest=newest, most=70):
        assert len(piece) <= 70
        found += [recorded for _, recorded in piece]
        after = piece[-1][0]
    history = index.history(tank.id)
    assert found == list(reversed(history) if newest else history)


def test_origins_that_are_left_out_are_summed(tmp_path: Path) -> None:
    chain, _ = make("tree", EVENTS)
    batch = next(iter(asking.asked(chain).values()))
    with asking.indexed(chain, tmp_path / "index.sqlite") as index:
        traced, found = trace(index, batch), index.batch(batch)
        assert found is not None
        page = explored.batch(index, found, traced, ())
    shown, left = page["trace"]["origins"], page["origins_left"]
    assert len(shown) == explored.MOST < page["counts"]["origins"] == len(traced.origins)
    assert sum(each["origins"] for each in left) == len(traced.origins) - explored.MOST
    for substance in {each["substance"] for each in shown}:
        rows = [each for each in (*shown, *left) if each["substance"] == substance]
        assert sum(each["share"] for each in rows) == pytest.approx(1)


def test_earlier_lives_that_are_left_out_are_counted(tmp_path: Path) -> None:
    chain, _ = make("loops", 8 * (explored.MOST + 50))
    batch = next(iter(asking.asked(chain).values()))
    with asking.indexed(chain, tmp_path / "index.sqlite") as index:
        traced, found = trace(index, batch), index.batch(batch)
        assert found is not None
        page = explored.batch(index, found, traced, ())
    whole = traces.trace(traced)["earlier_life"]
    assert page["trace"]["earlier_life"] == whole[: explored.MOST]
    assert page["counts"]["earlier_lives"] == len(whole) > explored.MOST


def test_of_an_unknown_batch_there_is_nothing(index: Index) -> None:
    assert index.story.events(7, most=5) == []
    assert index.story.count(7) == index.story.count_made_of(7) == 0
    assert index.story.made_of(7, most=5) == []
