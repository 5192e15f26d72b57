"""A lineage in boxes: whatever was made of something stands to the right of it or, in a long one, below it.

Example:
    >>> from traceledger.pages.charts.lineage_nodes import Node
    >>> ore, lump = Node("ORE", "ore", "a", "2 t", ()), Node("LUMP", "ore", "a", "1 t", (0,))
    >>> in_columns([ore, lump], top=0)[1] == 2 * WIDTH + GAP
    True
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from traceledger.pages.charts.lettering import cut, width
from traceledger.pages.charts.lineage_nodes import Node
from traceledger.pages.charts.marks import Bar, Curve, Mark, Text
from traceledger.pages.charts.rows import Arranged
from traceledger.pages.graph import columns as stacking
from traceledger.pages.graph.columns import Columns, columns_of

WIDTH, HEIGHT, GAP = 140.0, 62.0, 30.0
_SIZE = 13.0
_PAD = 9.0
_SCREEN = 1240
"""What a picture has room for on a screen, pixels."""


def in_columns(nodes: Sequence[Node], *, top: float) -> tuple[Arranged, float]:
    """The boxes and lines, and how wide they are.

    Args:
        nodes: parents before what was made of them.
        top: where they begin.
    """
    links = dict.fromkeys((parent, at) for at, node in enumerate(nodes) for parent in node.parents)
    columns = columns_of(len(nodes), links, late=True)
    placed = _Placed(columns, top, down=_is_better_down(columns))
    marks: list[Mark] = [placed.line(link) for link in links]
    for at, node in enumerate(nodes):
        marks += _box(node, *placed.corner(at))
    corners = [placed.corner(at) for at in range(len(nodes))]
    wide = max((x + WIDTH for x, _ in corners), default=0.0)
    bottom = max((y + HEIGHT for _, y in corners), default=top)
    return Arranged(tuple(marks), bottom + 4), wide


def _is_better_down(columns: Columns) -> bool:
    """Whether it is wider than a screen from left to right, and less wide downwards."""
    along = len(columns.order) * (WIDTH + GAP)
    across = max((slot.y + slot.height for slot in columns.slots), default=0) * WIDTH / stacking.HEIGHT
    return along > _SCREEN and across < along


@dataclass(frozen=True, slots=True)
class _Slot:
    """Where something lies along the way, and where across it, from edge to edge."""

    along: float
    across: float
    length: float
    breadth: float

    @property
    def middle(self) -> float:
        return self.across + self.breadth / 2


class _Placed:
    """Columns in pixels; ``down``: they lie below each other, as lines."""

    def __init__(self, columns: Columns, top: float, *, down: bool) -> None:
        self._columns = columns
        self._down = down
        self._top = top
        self._first = min((slot.y for slot in columns.slots), default=0)

    def corner(self, slot: int) -> tuple[float, float]:
        """The left upper one."""
        found = self._slot(slot)
        return self._turned(found.along, found.across)

    def line(self, link: tuple[int, int]) -> Mark:
        """From a box to another one, between the boxes on its way."""
        start, end = link
        first = self._slot(start)
        at, level = first.along + first.length, first.middle
        drawn = ["M" + self._point(at, level)]
        for slot in (*self._columns.passages.get(link, ()), end):
            found = self._slot(slot)
            half = (found.along - at) / 2
            ends = ((at + half, level), (found.along - half, found.middle), (found.along, found.middle))
            drawn.append("C" + " ".join(self._point(*each) for each in ends))
            at, level = found.along, found.middle
            if slot != end:
                at += found.length
                drawn.append("L" + self._point(at, level))
        return Curve("".join(drawn), "edge")

    def _slot(self, slot: int) -> _Slot:
        found = self._columns.slots[slot]
        length, breadth = (HEIGHT, WIDTH) if self._down else (WIDTH, HEIGHT)
        scale = breadth / stacking.HEIGHT
        return _Slot(
            found.column * (length + GAP), (found.y - self._first) * scale, length, found.height * scale
        )

    def _turned(self, along: float, across: float) -> tuple[float, float]:
        return (across, along + self._top) if self._down else (along, across + self._top)

    def _point(self, along: float, across: float) -> str:
        return "{:.1f} {:.1f}".format(*self._turned(along, across))


def _box(node: Node, x: float, y: float) -> Iterator[Mark]:
    yield Bar(x, y, WIDTH, HEIGHT, "box-asked" if node.asked else "box", rounded=2)
    if node.wrong:
        yield Bar(x, y, 5, HEIGHT, "wrong")
    elif node.stage:
        yield Bar(x, y, 8, HEIGHT, *node.stage)
    elif not node.parents:
        yield Bar(x, y, 5, HEIGHT, "origin")
    left, room = x + _PAD + 5, WIDTH - 2 * _PAD - 3
    yield Text(left, y + 18, cut(node.name, room / 1.08, _SIZE), "heading")
    yield Text(left, y + 35, cut(node.wrong or node.what, room, _SIZE), "label" if node.wrong else "remark")
    yield Text(x + WIDTH - _PAD, y + 52, node.figure, "figure", "end")
    rest = room - width(node.figure, _SIZE) - 8
    if node.more and not node.stage and rest > 30:
        yield Text(left, y + 52, cut(node.more, rest, _SIZE), "remark")
