"""In which column each group stands, in which order there, and how high: layered drawing (Sugiyama, 1981).

Columns and order are those of closed groups. Opening some makes them larger, and only what stands below one
in its column, or in a column to the right, gives way.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from traceledger.model.frozen import frozen

Link = tuple[int, int]
"""From a group to one that took of it."""

WIDTH, HEIGHT = 216, 84
PASSAGE_HEIGHT = 12
GAP = 20
_SWEEPS = 4
_MOST_PASSAGES = 4_000
"""Beyond so many, lines go straight: it would be a picture of passages."""


@frozen
class Slot:
    """A place in a column: of a group, or of a line that passes it."""

    column: int
    y: int
    height: int


@frozen
class Columns:
    """By group its slot, by link its passages from left to right, and by column its slots downwards.

    Slots are numbered; the first are those of the groups.
    """

    slots: tuple[Slot, ...]
    passages: Mapping[Link, tuple[int, ...]]
    order: tuple[tuple[int, ...], ...]


def columns_of(count: int, links: Iterable[Link], *, late: bool) -> Columns:
    """Where groups stand.

    Args:
        count: how many groups there are.
        links: from group to group, none twice, without a circle.
        late: each as far to the right as possible (towards what was made of all), else to the left.
    """
    known = sorted(links)
    column = _columns(count, known, late=late)
    drawing = _Drawing(column, known)
    return drawing.drawn()


def _columns(count: int, links: Sequence[Link], *, late: bool) -> list[int]:
    steps = [(b, a) for a, b in links] if late else list(links)
    after: dict[int, list[int]] = defaultdict(list)
    waiting = [0] * count
    for a, b in steps:
        after[a].append(b)
        waiting[b] += 1
    distance = [0] * count
    ready = [each for each in range(count) if not waiting[each]]
    for each in ready:
        for other in after[each]:
            distance[other] = max(distance[other], distance[each] + 1)
            waiting[other] -= 1
            if not waiting[other]:
                ready.append(other)
    last = max(distance, default=0)
    return [last - each for each in distance] if late else distance


class _Drawing:
    def __init__(self, column: Sequence[int], links: Sequence[Link]) -> None:
        self._column = list(column)
        self._groups = len(column)
        self._before: dict[int, list[int]] = defaultdict(list)
        self._after: dict[int, list[int]] = defaultdict(list)
        self._passages: dict[Link, tuple[int, ...]] = {}
        spans = sum(column[b] - column[a] - 1 for a, b in links)
        for link in links:
            self._lead(link, through=spans <= _MOST_PASSAGES)
        width = max(column, default=-1) + 1
        self._order: list[list[int]] = [[] for _ in range(width)]
        for slot, at in enumerate(self._column):
            self._order[at].append(slot)
        self._rank = [0] * len(self._column)

    def _lead(self, link: Link, *, through: bool) -> None:
        start, end = link
        passages: list[int] = []
        if through:
            for column in range(self._column[start] + 1, self._column[end]):
                passages.append(len(self._column))
                self._column.append(column)
        for a, b in zip([start, *passages], [*passages, end], strict=True):
            self._after[a].append(b)
            self._before[b].append(a)
        self._passages[link] = tuple(passages)

    def drawn(self) -> Columns:
        for order in self._order:
            self._number(order)
        for _ in range(_SWEEPS):
            for order in self._order[1:]:
                self._arrange(order, self._before)
            for order in self._order[-2::-1]:
                self._arrange(order, self._after)
        tops = self._tops()
        slots = tuple(Slot(at, tops[slot], self._height(slot)) for slot, at in enumerate(self._column))
        return Columns(slots, self._passages, tuple(map(tuple, self._order)))

    def _arrange(self, order: list[int], beside: Mapping[int, list[int]]) -> None:
        """In the order of the mean place of what is beside them."""

        def mean(slot: int) -> float:
            found = beside.get(slot)
            return sum(self._rank[each] for each in found) / len(found) if found else self._rank[slot]

        order.sort(key=lambda slot: (mean(slot), self._rank[slot]))
        self._number(order)

    def _number(self, order: Sequence[int]) -> None:
        for rank, slot in enumerate(order):
            self._rank[slot] = rank

    def _height(self, slot: int) -> int:
        return HEIGHT if slot < self._groups else PASSAGE_HEIGHT

    def _tops(self) -> list[int]:
        centre = [0.0] * len(self._column)
        for order in self._order:
            self._settle(order, [0.0] * len(order), centre)
        for _ in range(_SWEEPS):
            for order in (*self._order, *self._order[::-1]):
                wanted = [self._wanted(slot, centre) for slot in order]
                self._settle(order, wanted, centre)
        return self._whole(centre)

    def _wanted(self, slot: int, centre: Sequence[float]) -> float:
        beside = [*self._before.get(slot, ()), *self._after.get(slot, ())]
        return sum(centre[each] for each in beside) / len(beside) if beside else centre[slot]

    def _settle(self, order: Sequence[int], wanted: Sequence[float], centre: list[float]) -> None:
        """As near to what is wanted as the order and the gaps allow (isotonic regression)."""
        offsets, at = [], 0.0
        for number, slot in enumerate(order):
            if number:
                at += (self._height(order[number - 1]) + self._height(slot)) / 2 + GAP
            offsets.append(at)
        for slot, offset, level in zip(order, offsets, _rising(wanted, offsets), strict=True):
            centre[slot] = level + offset

    def _whole(self, centre: Sequence[float]) -> list[int]:
        tops = [0] * len(centre)
        for order in self._order:
            end = None
            for slot in order:
                top = round(centre[slot] - self._height(slot) / 2)
                tops[slot] = top if end is None else max(top, end + GAP)
                end = tops[slot] + self._height(slot)
        return tops


def _rising(wanted: Sequence[float], offsets: Sequence[float]) -> list[float]:
    """The rising numbers nearest to ``wanted - offsets``: pool adjacent violators."""
    pools: list[tuple[float, int]] = []
    for value, offset in zip(wanted, offsets, strict=True):
        total, count = value - offset, 1
        while pools and pools[-1][0] / pools[-1][1] > total / count:
            before, many = pools.pop()
            total, count = total + before, count + many
        pools.append((total, count))
    return [total / count for total, count in pools for _ in range(count)]
