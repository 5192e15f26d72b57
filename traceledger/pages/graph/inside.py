"""The items of an opened group: in columns by what was made of what, those of one column in chain order.

A column that would be too high goes on beside itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from math import isqrt

from traceledger.model.frozen import frozen
from traceledger.pages.graph.values import Area, Item

WIDTH, HEIGHT, RUN = 168, 32, 24
GAP_X, GAP_Y = 36, 10
SIDE, TITLE, BOTTOM = 16, 44, 16
_LEAST_ROWS = 6


@frozen
class Inside:
    """Where each member is within its frame, in their order, and how large the frame is."""

    areas: tuple[Area, ...]
    width: int
    height: int


def inside(items: Sequence[Item], members: Sequence[int]) -> Inside:
    """Lay out the members of a group, which stand in chain order."""
    levels = _levels(items, members)
    rows = max(_LEAST_ROWS, isqrt(len(members) * 3))
    areas: dict[int, Area] = {}
    left, bottom = SIDE, TITLE
    ranks: dict[int, int] = {}
    for level in levels:
        level.sort(key=lambda each: (_mean(items[each], ranks), each))
        for number, member in enumerate(level):
            ranks[member] = number % rows
            areas[member] = _area(items[member], left, number, rows)
            bottom = max(bottom, areas[member].bottom)
        left += ((len(level) - 1) // rows + 1) * (WIDTH + GAP_X)
    return Inside(tuple(areas[each] for each in members), left - GAP_X + SIDE, bottom + BOTTOM)


def _area(item: Item, left: int, number: int, rows: int) -> Area:
    beside, below = divmod(number, rows)
    x, y = left + beside * (WIDTH + GAP_X), TITLE + below * (HEIGHT + GAP_Y)
    if item.run:
        return Area(x + (WIDTH - RUN) // 2, y + (HEIGHT - RUN) // 2, RUN, RUN)
    return Area(x, y, WIDTH, HEIGHT)


def _levels(items: Sequence[Item], members: Sequence[int]) -> list[list[int]]:
    """Each one level after the last of what it was made of here."""
    level: dict[int, int] = {}
    found: dict[int, list[int]] = defaultdict(list)
    for member in members:
        level[member] = max((level[each] + 1 for each in items[member].parents if each in level), default=0)
        found[level[member]].append(member)
    return [found[each] for each in range(len(found))]


def _mean(item: Item, ranks: dict[int, int]) -> float:
    beside = [ranks[each] for each in item.parents if each in ranks]
    return sum(beside) / len(beside) if beside else 0.0
