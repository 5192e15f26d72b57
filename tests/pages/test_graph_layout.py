"""The layout of a lineage: nothing overlaps, no line goes back, opening moves only what must give way."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest

from tests.pages.lineages import supply_chain, tangled
from traceledger.pages.graph.grouping import ROUNDS, grouped
from traceledger.pages.graph.layout import layout
from traceledger.pages.graph.values import Box, Item, Kind, Layout

TANGLES = [(30, 3, 1), (60, 8, 2), (200, 5, 3), (200, 25, 4), (400, 60, 5), (1, 1, 6), (2, 1, 7)]


def _overlapping(boxes: list[Box]) -> list[tuple[Box, Box]]:
    """By a sweep from left to right over boxes of one kind of level."""
    found, open_boxes = [], list[Box]()
    for box in sorted(boxes, key=lambda each: each.area.x):
        open_boxes = [each for each in open_boxes if each.area.right > box.area.x]
        found += [(each, box) for each in open_boxes if each.area.overlaps(box.area)]
        open_boxes.append(box)
    return found


def _levels(found: Layout) -> tuple[list[Box], list[Box]]:
    whole = [box for box in found.boxes if box.kind in (Kind.GROUP, Kind.FRAME)]
    return whole, [box for box in found.boxes if box.kind in (Kind.BATCH, Kind.RUN)]


def _check(items: list[Item], found: Layout) -> None:
    whole, single = _levels(found)
    assert not _overlapping(whole)
    assert not _overlapping(single)
    frames = {box.group: box.area for box in whole if box.kind is Kind.FRAME}
    for box in single:
        frame = frames[box.group]
        assert frame.x < box.area.x and box.area.right < frame.right
        assert frame.y < box.area.y and box.area.bottom < frame.bottom
    for line in found.lines:
        source, target = found.boxes[line.source].area, found.boxes[line.target].area
        assert source.right < target.x
        ends = [source.right, *(each for way in line.passages for each in (way.left, way.right)), target.x]
        assert ends == sorted(ends)
    assert sum(box.members for box in whole) == sum(not item.run for item in items)
    assert [box.place for box in found.boxes] == list(range(len(found.boxes)))


@pytest.mark.parametrize("late", [True, False])
@pytest.mark.parametrize(("count", "keys", "seed"), TANGLES)
def test_nothing_overlaps_and_no_line_goes_back(count: int, keys: int, seed: int, late: bool) -> None:
    items = tangled(count, keys=keys, seed=seed)
    closed = layout(items, late=late)
    _check(items, closed)
    everything = [group.id for group in closed.groups]
    _check(items, layout(items, opened=everything, late=late))
    _check(items, layout(items, opened=everything[::2], late=late))


def test_every_take_is_drawn() -> None:
    items = supply_chain(500)
    closed = layout(items)
    opened = layout(items, opened=[group.id for group in closed.groups])
    takes = sum(len(item.parents) for item in items)
    assert sum(line.takes for line in opened.lines) == takes
    groups = grouped(items)
    between = sum(
        groups.of[parent] != groups.of[place] for place, item in enumerate(items) for parent in item.parents
    )
    assert sum(line.takes for line in closed.lines) == between


def test_opening_a_group_moves_only_what_stands_below_or_right_of_it() -> None:
    items = supply_chain(800, sites=6)
    closed = layout(items)
    whole, _ = _levels(closed)
    for opening in whole:
        opened = layout(items, opened=[opening.group])
        now = {box.group: box for box in _levels(opened)[0]}
        assert [box.group for box in opened.boxes[: len(whole)]] == [box.group for box in whole]
        for box in whole:
            after = now[box.group].area
            assert after.x == box.area.x or box.column > opening.column
            assert after.y == box.area.y or (box.column == opening.column and box.area.y > opening.area.y)
            assert (after.x, after.y) >= (box.area.x, box.area.y)
    assert layout(items, opened=["no such group"]) == closed


def test_the_same_lineage_is_drawn_the_same() -> None:
    items = supply_chain(400)
    assert layout(items) == layout(list(items))
    renamed = [Item(item.name, item.key, item.parents) for item in items]
    assert layout(renamed) == layout(items)


def test_groups_keep_their_ids_when_the_lineage_grows() -> None:
    items = supply_chain(400)
    before = {group.keys: group.id for group in layout(items[:300]).groups}
    after = {group.keys: group.id for group in layout(items).groups}
    assert len(before) > 10
    assert before.items() <= after.items()


def _scrap(rounds: int) -> list[Item]:
    """A plant whose scrap a recycler gives back, so often."""
    items = [Item("plant/0", "plant")]
    for turn in range(rounds):
        items.append(Item(f"recycler/{turn}", "recycler", (len(items) - 1,)))
        items.append(Item(f"plant/{turn + 1}", "plant", (len(items) - 1,)))
    return items


def test_each_time_round_a_circle_is_a_group_and_many_are_one() -> None:
    few = layout(_scrap(2))
    assert [len(group.members) for group in few.groups] == [1] * 5
    _check(_scrap(2), few)
    many = layout(_scrap(ROUNDS))
    assert [set(group.keys) for group in many.groups] == [{"plant", "recycler"}]
    _check(_scrap(ROUNDS), layout(_scrap(ROUNDS), opened=[many.groups[0].id]))


def test_a_long_circle_that_is_gone_once_is_no_knot() -> None:
    """A car is taken apart, and what was in it goes into another one: every place stands there twice."""
    places = ["refinery", "cathodes", "cells", "packs", "assembly", "recycler"]
    items = [
        Item(f"{place}/{turn}", place, (turn * 6 + each - 1,) if turn or each else ())
        for turn in range(2)
        for each, place in enumerate(places)
    ]
    found = layout(items)
    assert [len(group.members) for group in found.groups] == [1] * 12
    _check(items, found)


def test_a_chain_of_splits_at_one_place_is_one_group_and_goes_right() -> None:
    items = [Item(str(each), "mine", (each - 1,) if each else ()) for each in range(300)]
    closed = layout(items)
    assert [box.members for box in closed.boxes] == [300]
    opened = layout(items, opened=[closed.groups[0].id])
    lefts = [box.area.x for box in opened.boxes if box.kind is Kind.BATCH]
    assert all(a < b for a, b in pairwise(lefts))


def test_groups_stand_near_what_was_made_of_them_or_of_what_they_were_made() -> None:
    items = [
        Item("mine", "mine"),
        Item("refined", "refinery", (0,)),
        Item("late", "other mine"),
        Item("cell", "plant", (1, 2)),
    ]
    assert [box.column for box in layout(items).boxes if box.group == layout(items).groups[2].id] == [1]
    early = layout(items, late=False)
    assert [box.column for box in early.boxes if box.group == early.groups[2].id] == [0]


def test_no_batches_at_all_are_an_empty_picture() -> None:
    assert layout([]).boxes == ()


def test_the_work_grows_with_the_lineage_not_with_its_square() -> None:
    small, large = supply_chain(2_500), supply_chain(10_000)
    ratio = min(_seconds(large) for _ in range(3)) / min(_seconds(small) for _ in range(3))
    assert ratio < 10


def _seconds(items: list[Item]) -> float:
    start = time.process_time()
    layout(items, opened=[group.id for group in layout(items).groups])
    return time.process_time() - start
