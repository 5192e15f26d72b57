"""The whole layout of a lineage, with some of its groups opened.

Example:
    >>> items = [Item("A", "mine"), Item("B", "mine"), Item("C", "plant", parents=(0, 1))]
    >>> closed = layout(items)
    >>> opened = layout(items, opened={closed.groups[0].id})
    >>> [(box.kind.value, box.area.x) for box in opened.boxes]
    [('frame', 0), ('group', 296), ('batch', 16), ('batch', 16)]
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from traceledger.pages.graph import columns as stacking
from traceledger.pages.graph.columns import Columns, Link, columns_of
from traceledger.pages.graph.grouping import Grouping, grouped
from traceledger.pages.graph.inside import Inside, inside
from traceledger.pages.graph.values import Area, Box, Item, Kind, Layout, Line, Passage

COLUMN_GAP = 80


def layout(items: Sequence[Item], *, opened: Collection[str] = (), late: bool = True) -> Layout:
    """Lay a lineage out.

    Args:
        items: batches and runs in chain order; parents stand before what was made of them.
        opened: ids of the groups that are opened; unknown ones count for nothing.
        late: groups stand as near as possible to what was made of them, else to what they were made of.
    """
    found = grouped(items)
    links = _links(items, found)
    columns = columns_of(len(found.groups), links, late=late)
    frames = {
        place: inside(items, group.members) for place, group in enumerate(found.groups) if group.id in opened
    }
    return _Placed(items, found, columns, frames).layout()


def _links(items: Sequence[Item], found: Grouping) -> dict[Link, None]:
    links: dict[Link, None] = {}
    for place, item in enumerate(items):
        for parent in item.parents:
            if found.of[parent] != found.of[place]:
                links[found.of[parent], found.of[place]] = None
    return links


class _Placed:
    """Groups first, from left to right and downwards; then what is in frames."""

    def __init__(
        self, items: Sequence[Item], found: Grouping, columns: Columns, frames: Mapping[int, Inside]
    ) -> None:
        self._items = items
        self._found = found
        self._columns = columns
        self._frames = frames
        self._lefts = self._columns_from_left()
        self._tops = self._downwards()
        self._boxes: list[Box] = []
        self._of_group: dict[int, int] = {}
        self._of_item: dict[int, int] = {}

    def layout(self) -> Layout:
        groups = [slot for order in self._columns.order for slot in order if slot < len(self._found.groups)]
        for group in groups:
            self._of_group[group] = len(self._boxes)
            self._boxes.append(self._whole(group))
        for group in groups:
            if group in self._frames:
                self._fill(group)
        return Layout(self._found.groups, tuple(self._boxes), self._lines(), _around(self._boxes))

    def _size(self, slot: int) -> tuple[int, int]:
        if slot in self._frames:
            return max(stacking.WIDTH, self._frames[slot].width), self._frames[slot].height
        return stacking.WIDTH, self._columns.slots[slot].height

    def _columns_from_left(self) -> list[int]:
        lefts = [0]
        for order in self._columns.order:
            lefts.append(lefts[-1] + max(self._size(slot)[0] for slot in order) + COLUMN_GAP)
        return lefts

    def _downwards(self) -> dict[int, int]:
        tops: dict[int, int] = {}
        for order in self._columns.order:
            pushed = 0
            for slot in order:
                tops[slot] = self._columns.slots[slot].y + pushed
                pushed += max(0, self._size(slot)[1] - self._columns.slots[slot].height)
        return tops

    def _whole(self, group: int) -> Box:
        column = self._columns.slots[group].column
        kind = Kind.FRAME if group in self._frames else Kind.GROUP
        area = Area(self._lefts[column], self._tops[group], *self._size(group))
        batches = sum(not self._items[each].run for each in self._found.groups[group].members)
        return Box(len(self._boxes), kind, self._found.groups[group].id, column, area, batches)

    def _fill(self, group: int) -> None:
        frame = self._boxes[self._of_group[group]]
        for item, area in zip(self._found.groups[group].members, self._frames[group].areas, strict=True):
            self._of_item[item] = len(self._boxes)
            at = Area(frame.area.x + area.x, frame.area.y + area.y, area.width, area.height)
            run = self._items[item].run
            kind = Kind.RUN if run else Kind.BATCH
            box = Box(len(self._boxes), kind, frame.group, frame.column, at, 0 if run else 1, item)
            self._boxes.append(box)

    def _shown(self, item: int) -> int:
        return self._of_item.get(item, self._of_group[self._found.of[item]])

    def _lines(self) -> tuple[Line, ...]:
        takes: dict[Link, int] = defaultdict(int)
        links: dict[Link, Link] = {}
        for place, item in enumerate(self._items):
            target = self._shown(place)
            for parent in item.parents:
                source = self._shown(parent)
                if source != target:
                    takes[source, target] += 1
                    links[source, target] = self._found.of[parent], self._found.of[place]
        found = [Line(*ends, count, self._passages(links[ends])) for ends, count in takes.items()]
        return tuple(sorted(found, key=lambda line: (max(line.source, line.target), line.source)))

    def _passages(self, link: Link) -> tuple[Passage, ...]:
        found = []
        for slot in self._columns.passages.get(link, ()):
            column, height = self._columns.slots[slot].column, self._columns.slots[slot].height
            left, right = self._lefts[column], self._lefts[column + 1] - COLUMN_GAP
            found.append(Passage(left, right, self._tops[slot] + height // 2))
        return tuple(found)


def _around(boxes: Sequence[Box]) -> Area:
    if not boxes:
        return Area(0, 0, 0, 0)
    left, top = min(box.area.x for box in boxes), min(box.area.y for box in boxes)
    right, bottom = max(box.area.right for box in boxes), max(box.area.bottom for box in boxes)
    return Area(left, top, right - left, bottom - top)
