"""Bars that lie one below the other, each beside its name and with its figure at its end.

The one arrangement of all charts here: a name has room in it, however long, and on a telephone it stands
above its bar. Whatever is drawn starts from zero.

Example:
    >>> from traceledger.pages.charts.marks import NARROW
    >>> row = Row("mining", "1.3 t", (Span(0, 13, "stage"),))
    >>> found = arranged([row], NARROW, top=0)
    >>> [type(mark).__name__ for mark in found.marks]
    ['Line', 'Text', 'Bar', 'Text']
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from traceledger.pages.charts.lettering import LINE, cut, width, wrapped
from traceledger.pages.charts.marks import Bar, Layout, Line, Mark, Pattern, Text

__all__ = [
    "MOST_ROWS",
    "Arranged",
    "Key",
    "Pointer",
    "Row",
    "Span",
    "arranged",
    "heading",
    "legend",
    "paragraph",
]

GAP = 8.0
BAR = 16.0
MOST_ROWS = 12
"""Beyond so many bars the smallest are summed as one."""
_LABELS = 0.36
"""The most of a wide picture's width that names take."""
_LEAST = 1.5
"""So wide is a bar at least that is not zero, pixels."""
_BOLD = 1.08
"""How much wider bold letters are than those that were measured."""


@dataclass(frozen=True, slots=True)
class Span:
    """A part of a bar, from one amount to another; in any unit, the same for all bars of a picture."""

    begin: float
    end: float
    role: str
    pattern: Pattern = ""


@dataclass(frozen=True, slots=True)
class Pointer:
    """A mark across a bar at an amount, with a sign of its own above it; empty: none."""

    at: float
    role: str
    sign: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A bar.

    Attributes:
        name: what it is about; anybody's words.
        figure: its amount, as written at its end.
        spans: its parts.
        pointers: marks across it.
        role: ``total`` where it sums up the others.
        step: where the next bar begins; a line leads there.
        detail: more about it, below its name.
    """

    name: str
    figure: str
    spans: tuple[Span, ...] = ()
    pointers: tuple[Pointer, ...] = ()
    role: str = ""
    step: float | None = None
    detail: str = ""

    @property
    def amounts(self) -> Iterator[float]:
        """Every amount at which something is drawn."""
        for span in self.spans:
            yield from (span.begin, span.end)
        yield from (pointer.at for pointer in self.pointers)


@dataclass(frozen=True, slots=True)
class Arranged:
    """Marks, and where they end downwards."""

    marks: tuple[Mark, ...]
    bottom: float


@dataclass(frozen=True, slots=True)
class _Scale:
    """Amounts to pixels."""

    low: float
    high: float
    left: float
    right: float

    def at(self, amount: float) -> float:
        whole = self.high - self.low
        return self.left + (self.right - self.left) * ((amount - self.low) / whole if whole else 0)


def arranged(rows: Sequence[Row], layout: Layout, *, top: float, most: float | None = None) -> Arranged:
    """Rows as bars.

    Args:
        rows: from above.
        layout: where the names stand.
        top: where they begin.
        most: an amount that has room in any case; by default the largest drawn.
    """
    figures = max((width(row.figure, layout.size) for row in rows), default=0) + GAP
    names = 0.0 if layout.narrow else _names_width(rows, layout)
    amounts = [amount for row in rows for amount in row.amounts]
    scale = _Scale(
        min(0.0, *amounts, 0.0), max(0.0, most or 0.0, *amounts, 0.0), names, layout.width - figures - GAP
    )
    marks: list[Mark] = []
    places = []
    aside = layout.width if any(row.pointers for row in rows) else None
    for row in rows:
        drawn, middle, top = _row(row, _named(row, names, layout), scale, layout, top, aside)
        marks += drawn
        places.append(middle)
    return Arranged((*_zero(places, scale, layout), *_joins(rows, places, scale), *marks), top)


def _names_width(rows: Iterable[Row], layout: Layout) -> float:
    texts = [text for row in rows for text in (row.name, row.detail)]
    widest = max((width(text, layout.size) for text in texts), default=0.0) * _BOLD
    return min(widest, layout.width * _LABELS) + GAP * 1.5


def _named(row: Row, names: float, layout: Layout) -> list[tuple[str, str]]:
    """The lines of a row's name and of its detail, each with its role."""
    room = names - GAP if names else layout.width
    role = row.role or "label"
    name = wrapped(row.name, room / _BOLD if row.role else room, layout.size, most=2)
    return [
        *((line, role) for line in name),
        *((line, "remark") for line in wrapped(row.detail, room, layout.size)),
    ]


def _row(
    row: Row,
    lines: Sequence[tuple[str, str]],
    scale: _Scale,
    layout: Layout,
    top: float,
    aside: float | None,
) -> tuple[list[Mark], float, float]:
    """Marks of a row, the middle of its bar, and where the next one begins.

    ``aside``: where figures end; ``None``: each stands at the end of its bar. Behind a pointer it would
    seem to be the pointer's.
    """
    line = layout.size * LINE
    above = line * 0.85 if any(pointer.sign for pointer in row.pointers) else 0.0
    if layout.narrow:
        texts = [Text(0, top + line * (at + 0.8), text, role) for at, (text, role) in enumerate(lines)]
        middle = top + line * len(lines) + above + 4 + BAR / 2
        bottom = middle + BAR / 2 + GAP * 1.25
    else:
        height = max(line * len(lines), BAR)
        middle = top + above + height / 2 + GAP * 0.75
        first = middle - line * (len(lines) - 1) / 2 + layout.size * 0.35
        texts = [Text(0, first + line * at, text, role) for at, (text, role) in enumerate(lines)]
        bottom = middle + height / 2 + GAP * 0.75
    figure = _figure(row, scale, middle + layout.size * 0.35, aside)
    bars = [bar for span in row.spans if (bar := _bar(span, scale, middle)) is not None]
    pointers = [mark for each in row.pointers for mark in _pointer(each, scale, middle, layout)]
    return [*texts, *bars, *pointers, figure], middle, bottom


def _figure(row: Row, scale: _Scale, y: float, aside: float | None) -> Text:
    role = f"figure {row.role}".strip()
    if aside is not None:
        return Text(aside, y, row.figure, role, "end")
    end = max((scale.at(amount) for amount in row.amounts), default=scale.at(0))
    return Text(end + GAP * 0.75, y, row.figure, role)


def _bar(span: Span, scale: _Scale, middle: float) -> Bar | None:
    if span.begin == span.end:
        return None
    left, right = sorted((scale.at(span.begin), scale.at(span.end)))
    return Bar(left, middle - BAR / 2, max(right - left, _LEAST), BAR, span.role, span.pattern)


def _pointer(pointer: Pointer, scale: _Scale, middle: float, layout: Layout) -> Iterator[Mark]:
    x = scale.at(pointer.at)
    yield Line(x, middle - BAR / 2 - 3, x, middle + BAR / 2 + 3, pointer.role)
    if pointer.sign:
        yield Text(x, middle - BAR / 2 - 5, pointer.sign, "sign", "middle")


def _zero(places: Sequence[float], scale: _Scale, layout: Layout) -> Iterator[Line]:
    """Where bars begin: a line through all of them, or beside each, where names stand between them."""
    x, reach = scale.at(0), BAR / 2 + 3
    if layout.narrow:
        yield from (Line(x, middle - reach, x, middle + reach) for middle in places)
    elif places:
        yield Line(x, places[0] - reach - 2, x, places[-1] + reach + 2)


def _joins(rows: Sequence[Row], places: Sequence[float], scale: _Scale) -> Iterator[Line]:
    for row, here, below in zip(rows, places, places[1:], strict=False):
        if row.step is not None:
            x = scale.at(row.step)
            yield Line(x, here + BAR / 2, x, below - BAR / 2, "join")


@dataclass(frozen=True, slots=True)
class Key:
    """An entry of a legend: how something is drawn, and what it is."""

    text: str
    role: str
    pattern: Pattern = ""
    line: bool = False


def legend(keys: Iterable[Key], layout: Layout, *, top: float) -> Arranged:
    """What roles and patterns mean, side by side as long as there is room."""
    line = layout.size * LINE
    marks: list[Mark] = []
    x, y = 0.0, top
    for key in keys:
        text = cut(key.text, layout.width - 20, layout.size)
        needed = 20 + width(text, layout.size) + GAP * 2
        if x and x + needed - GAP * 2 > layout.width:
            x, y = 0.0, y + line + 4
        middle = y + line / 2
        if key.line:
            marks.append(Line(x + 6, middle - 7, x + 6, middle + 7, key.role))
        else:
            marks.append(Bar(x, middle - 6, 12, 12, key.role, key.pattern))
        marks.append(Text(x + 20, middle + layout.size * 0.35, text, "label"))
        x += needed
    return Arranged(tuple(marks), y + line + GAP if marks else top)


def heading(text: str, layout: Layout, *, top: float) -> Arranged:
    """A line above a part of a picture."""
    return paragraph(text, layout, top=top, role="heading")


def paragraph(text: str, layout: Layout, *, top: float, role: str = "remark", most: int = 6) -> Arranged:
    """Words across the picture, in as many lines as they need."""
    line = layout.size * LINE
    lines = wrapped(text, layout.width / (_BOLD if role == "heading" else 1), layout.size, most=most)
    marks = tuple(Text(0, top + line * (at + 0.8), each, role) for at, each in enumerate(lines))
    return Arranged(marks, top + line * len(lines) + GAP * 0.5)
