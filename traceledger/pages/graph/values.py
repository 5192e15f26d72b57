"""What goes into a layout and what comes out; lengths in CSS pixels, x to the right and y downwards.

Example:
    >>> Box(0, Kind.GROUP, "a1", 0, Area(10, 20, 200, 56), 3).area.right
    210
"""

from __future__ import annotations

from collections.abc import Hashable
from enum import StrEnum

from traceledger.model.frozen import frozen


class Kind(StrEnum):
    """What a box stands for."""

    GROUP = "group"
    FRAME = "frame"
    BATCH = "batch"
    RUN = "run"


@frozen
class Item:
    """A batch, or a run that joins many of them.

    Attributes:
        name: its full name.
        key: what it is grouped by.
        parents: what it was made of: places of earlier items.
        run: whether it is a run, which counts as no batch.
    """

    name: str
    key: Hashable
    parents: tuple[int, ...] = ()
    run: bool = False


@frozen
class Group:
    """Items that are one box as long as nobody opens it.

    Attributes:
        id: short text that names it, the same in every layout of the ledger.
        keys: the keys of its items; several where companies pass material round in a circle.
        members: places of its items, in chain order.
    """

    id: str
    keys: tuple[Hashable, ...]
    members: tuple[int, ...]


@frozen
class Area:
    """A rectangle, by its upper left corner."""

    x: int
    y: int
    width: int
    height: int

    @property
    def right(self) -> int:
        """Where it ends to the right."""
        return self.x + self.width

    @property
    def bottom(self) -> int:
        """Where it ends below."""
        return self.y + self.height

    def overlaps(self, other: Area) -> bool:
        """Whether they share more than an edge."""
        beside = self.right <= other.x or other.right <= self.x
        return not beside and self.y < other.bottom and other.y < self.bottom


@frozen
class Box:
    """Something drawn.

    Attributes:
        place: its number in the layout.
        kind: a closed group, the frame of an opened one, or a batch or run in a frame.
        group: id of the group that it is, or is in.
        column: of its group, from 0.
        area: where.
        members: how many batches it stands for.
        item: place of the batch or run; ``None`` for a group.
    """

    place: int
    kind: Kind
    group: str
    column: int
    area: Area
    members: int
    item: int | None = None


@frozen
class Passage:
    """Where a line crosses a column between other boxes: at the height ``y`` from ``left`` to ``right``."""

    left: int
    right: int
    y: int


@frozen
class Line:
    """Something of ``source`` was taken for ``target`` (places of boxes), ``takes`` times."""

    source: int
    target: int
    takes: int
    passages: tuple[Passage, ...] = ()


@frozen
class Layout:
    """Boxes and lines. Groups come first, so that whoever has only the beginning has the whole picture."""

    groups: tuple[Group, ...]
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]
    area: Area
