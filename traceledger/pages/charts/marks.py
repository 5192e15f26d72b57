"""What pictures are made of: marks with places, and the picture that holds them. Values, in pixels.

``y`` grows downwards. A mark's ``role`` is the class by which ``style/pictures.css`` colours it. No mark says
by its colour alone what it is: bars have a pattern or stand beside their name.

Example:
    >>> Bar(0, 0, 10, 4, "inherited", "hatch").pattern
    'hatch'
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

Pattern = Literal["", "hatch", "dots", "cross"]
Anchor = Literal["start", "middle", "end"]


@dataclass(frozen=True, slots=True)
class Text:
    """A line of text; ``y`` is its baseline. It is escaped and short enough already."""

    kind: ClassVar[str] = "text"
    x: float
    y: float
    text: str
    role: str = "label"
    anchor: Anchor = "start"


@dataclass(frozen=True, slots=True)
class Bar:
    """A rectangle; a pattern is drawn over its colour."""

    kind: ClassVar[str] = "bar"
    x: float
    y: float
    width: float
    height: float
    role: str
    pattern: Pattern = ""
    rounded: float = 0


@dataclass(frozen=True, slots=True)
class Line:
    """A straight line."""

    kind: ClassVar[str] = "line"
    x1: float
    y1: float
    x2: float
    y2: float
    role: str = "axis"


@dataclass(frozen=True, slots=True)
class Curve:
    """A path of SVG; ``arrow``: it ends in an arrowhead."""

    kind: ClassVar[str] = "curve"
    d: str
    role: str
    arrow: bool = False


@dataclass(frozen=True, slots=True)
class Dot:
    """A circle."""

    kind: ClassVar[str] = "dot"
    x: float
    y: float
    radius: float
    role: str


Mark = Text | Bar | Line | Curve | Dot


@dataclass(frozen=True, slots=True)
class Layout:
    """For how wide a place a picture is laid out.

    Attributes:
        width: of the picture, pixels.
        size: of its text, pixels; it stays readable where the picture is shown a tenth smaller.
        narrow: names stand above what they name, not beside it.
    """

    width: int
    size: float
    narrow: bool


WIDE = Layout(720, 13, narrow=False)
NARROW = Layout(320, 13, narrow=True)
"""For a telephone."""


@dataclass(frozen=True, slots=True)
class Land:
    """A country's shape, in units of the map: ``d`` is path data, ``code`` of ISO 3166-1."""

    code: str
    d: str
    role: str


@dataclass(frozen=True, slots=True)
class Plane:
    """A part of the map below the marks: where it lies in the picture, and what of the map it shows.

    Attributes:
        x: its left edge, pixels.
        y: its upper edge.
        width: pixels.
        height: pixels.
        window: what is seen, in units of the map: left, upper edge, width, height.
        land: the shapes there.
    """

    x: float
    y: float
    width: float
    height: float
    window: tuple[float, float, float, float]
    land: tuple[Land, ...]

    def pixels(self, place: tuple[float, float]) -> tuple[float, float]:
        """Where a place of the map, in its units, lies in the window."""
        left, top, wide, _ = self.window
        scale = self.width / wide
        return (place[0] - left) * scale, (place[1] - top) * scale


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture, drawn by ``templates/charts/picture.svg``.

    Attributes:
        name: a word that begins its ids; a page with several pictures of one kind gives each another.
        title: what it is, in a line.
        description: what it shows, with the figures, for who does not see it.
        width: pixels.
        height: pixels.
        marks: in the order in which they are drawn.
        plane: of a map, the land below the marks.
    """

    name: str
    title: str
    description: str
    width: float
    height: float
    marks: tuple[Mark, ...]
    plane: Plane | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """The numbers of a picture as rows: what is cut or summed there stands here in full.

    Attributes:
        columns: their names.
        rows: cells as shown, as many each as there are columns.
        numeric: which columns hold numbers, by place.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: frozenset[int] = frozenset()
