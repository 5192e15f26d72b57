"""A lineage downwards: a batch a line, joined by lanes beside them, as histories of source code are shown.

Example:
    >>> from traceledger.pages.charts.marks import NARROW
    >>> ore, lump = Node("ORE", "ore", "a", "2 t", ()), Node("LUMP", "ore", "a", "1 t", (0,))
    >>> [(lane.node, lane.number) for lane in lanes([ore, lump])]
    [(0, 0), (1, 0)]
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from traceledger.pages.charts.lettering import cut, width
from traceledger.pages.charts.lineage_nodes import Node
from traceledger.pages.charts.marks import Curve, Dot, Layout, Mark, Text
from traceledger.pages.charts.rows import Arranged

_LANE = 13.0
_ROW = 42.0
_DOT = 5.0


@dataclass(frozen=True, slots=True)
class Lane:
    """Where a node stands: the place in the list of nodes, and the number of its lane from the left."""

    node: int
    number: int


def lanes(nodes: Sequence[Node]) -> list[Lane]:
    """The nodes from above, each below those it was made of, in as few lanes as that order needs."""
    order = _downwards(nodes)
    waiting = [0] * len(nodes)
    for node in nodes:
        for parent in node.parents:
            waiting[parent] += 1
    lane_of: dict[int, int] = {}
    taken: set[int] = set()
    found = []
    for at in order:
        ended = []
        for parent in nodes[at].parents:
            waiting[parent] -= 1
            if not waiting[parent]:
                ended.append(lane_of[parent])
        taken.difference_update(ended)
        free = min(ended, default=next(each for each in range(len(nodes) + 1) if each not in taken))
        lane_of[at] = free
        if waiting[at]:
            taken.add(free)
        found.append(Lane(at, free))
    return found


def _downwards(nodes: Sequence[Node]) -> list[int]:
    """Parents first, those of one node together, so that few lanes run beside each other."""
    has_children = {parent for node in nodes for parent in node.parents}
    order: dict[int, None] = {}
    for last in range(len(nodes)):
        if last in has_children:
            continue
        path = [(last, iter(nodes[last].parents))]
        while path:
            at, rest = path[-1]
            parent = next((each for each in rest if each not in order), None)
            if parent is None:
                path.pop()
                order[at] = None
            else:
                path.append((parent, iter(nodes[parent].parents)))
    return list(order)


def in_lanes(nodes: Sequence[Node], layout: Layout, *, top: float) -> Arranged:
    """The list with its lanes.

    Args:
        nodes: parents before what was made of them.
        layout: how wide.
        top: where it begins.
    """
    found = lanes(nodes)
    rows = {lane.node: number for number, lane in enumerate(found)}
    numbers = {lane.node: lane.number for lane in found}
    gutter = (max((lane.number for lane in found), default=0) + 1) * _LANE + 6

    def spot(node: int) -> tuple[float, float]:
        return numbers[node] * _LANE + _DOT + 1, top + rows[node] * _ROW + 12

    marks: list[Mark] = [
        _line(spot(parent), spot(at)) for at, node in enumerate(nodes) for parent in node.parents
    ]
    for at, node in enumerate(nodes):
        x, y = spot(at)
        marks += _entry(node, x, y, gutter, layout)
    return Arranged(tuple(marks), top + len(found) * _ROW)


def _line(start: tuple[float, float], end: tuple[float, float]) -> Curve:
    """Down the lane of what was taken, and over to what was made of it just before that."""
    (x1, y1), (x2, y2) = start, end
    turn = y2 - _ROW * 0.6
    bow = f"C{x1:.1f} {y2 - 8:.1f} {x2:.1f} {turn + 4:.1f} {x2:.1f} {y2:.1f}"
    return Curve(f"M{x1:.1f} {y1:.1f}V{turn:.1f}{bow if x1 != x2 else f'V{y2:.1f}'}", "edge")


def _entry(node: Node, x: float, y: float, gutter: float, layout: Layout) -> Iterator[Mark]:
    role = "wrong" if node.wrong else "pin-origin" if node.asked else "pin" if node.parents else "origin"
    yield Dot(x, y, _DOT, role)
    room = layout.width - gutter
    yield Text(layout.width, y + 4.5, node.figure, "figure", "end")
    left = (room - width(node.figure, layout.size) - 10) / 1.08
    yield Text(gutter, y + 4.5, cut(node.name, left, layout.size), "heading" if node.asked else "label")
    more = ", ".join(each for each in (node.wrong, node.what, node.more) if each)
    yield Text(gutter, y + 20.5, cut(more, room, layout.size), "remark")
