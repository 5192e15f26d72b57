"""Tables and fields on a terminal of any width: names and dates stay in one piece.

Columns become narrower at their blanks first; then the least important ones are left out, and named below;
where too few would be left, each row becomes a card. What goes into a pipe has all the room there is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rich import box
from rich.cells import cell_len
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderableType

_NUMBER = r"[+-]?[\d.,]*\d (?:mg|g|kg|t|%|s|kB|MB|GB)(?: CO2e)?(?![^\s,;:.)])[,;:.)]*"
_WORD = re.compile(rf"(?:{_NUMBER}|\S+)\s*|\s+")
"""What is never divided: a word, or a number with its unit."""
_NAME = re.compile(r"[\x21-\x7e]{1,120}")
"""What may be wider than the screen, and be copied in one piece; anything else that long is folded."""
_LONGEST = 20
"""Cells of a word that is no name in one piece: beyond it is divided, where there is no room."""
_GAP = 2
_Widths = Mapping[str, tuple[int, int]]
"""By head, the least and the most cells that the column takes."""
_LEAST_VALUE = 30
"""Cells that the value of a field needs beside its label; with less it stands below."""


@dataclass(frozen=True)
class Fitted:
    """A table that is fitted when it is drawn.

    Attributes:
        columns: the heads.
        rows: the cells, each a text, or what is drawn already.
        right: heads of columns that are aligned to the right.
        drop: heads in the order in which they are left out; then those from the right.
        more: what else shows all columns, such as an option.
    """

    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]
    right: Sequence[str] = ()
    drop: Sequence[str] = ()
    more: str = ""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[RenderableType]:
        """The table, what is left out of it, or a card for each row."""
        width = options.max_width
        natural = {head: self._width(console, options, index) for index, head in enumerate(self.columns)}
        kept = self._kept(natural, width)
        if (widths := self._fit(kept, natural, width)) is None:
            yield from self._cards()
            return
        yield self._table(kept, widths)
        yield from self._left_out(kept)

    def _kept(self, natural: _Widths, width: int) -> list[str]:
        """The columns for which there is room, or as many as may be left out, left out."""
        gone: list[str] = []
        for going in self._going():
            if self._fit(self._without(gone), natural, width) is not None:
                break
            gone.append(going)
        # A narrow one may have gone before a wide one did, and have room now.
        for head in reversed(gone):
            less = [each for each in gone if each != head]
            if self._fit(self._without(less), natural, width) is not None:
                gone = less
        return self._without(gone)

    def _without(self, gone: Sequence[str]) -> list[str]:
        return [head for head in self.columns if head not in gone]

    def _going(self) -> list[str]:
        """Which columns may be left out, first the least important; the first, and half of all, stay."""
        rest = [head for head in reversed(self.columns[1:]) if head not in self.drop]
        order = [head for head in self.drop if head in self.columns[1:]] + rest
        return order[: len(self.columns) - max(2, (len(self.columns) + 1) // 2)]

    def _width(self, console: Console, options: ConsoleOptions, index: int) -> tuple[int, int]:
        """The least and the most cells that a column takes."""
        head = cell_len(self.columns[index])
        least, most = head, head
        for row in self.rows:
            cell = row[index]
            if isinstance(cell, Text):
                least, most = max(least, _least(cell.plain)), max(most, _most(cell.plain))
            else:
                wide = Measurement.get(console, options, cell)
                least, most = max(least, wide.minimum), max(most, wide.maximum)
        return least, most

    def _fit(self, kept: Sequence[str], natural: _Widths, width: int) -> list[int] | None:
        room = width - 2 * len(kept) + 1
        widths = [natural[head][1] for head in kept]
        least = [natural[head][0] for head in kept]
        if sum(least) > room:
            return None
        while sum(widths) > room:
            # Whatever has most to give gives first, so that columns of words become equally wide.
            index = max(range(len(kept)), key=lambda at: (widths[at] > least[at], widths[at]))
            widths[index] -= 1
        return widths

    def _table(self, kept: Sequence[str], widths: Sequence[int]) -> Table:
        # No name may begin a line, as a report of ours does: every line begins with a blank.
        drawn = Table(box=box.SIMPLE_HEAD, padding=(0, 0, 0, 1), show_edge=False)
        for head, width in zip(kept, widths, strict=True):
            drawn.add_column(
                head, justify="right" if head in self.right else "left", no_wrap=True, min_width=width
            )
        places = [(self.columns.index(head), width) for head, width in zip(kept, widths, strict=True)]
        for row in self.rows:
            cells = ((row[index], width) for index, width in places)
            drawn.add_row(
                *(wrapped(cell, width) if isinstance(cell, Text) else cell for cell, width in cells)
            )
        return drawn

    def _left_out(self, kept: Sequence[str]) -> Iterator[RenderableType]:
        gone = ", ".join(head for head in self.columns if head not in kept)
        if gone:
            yield Text(f" columns not shown: {gone} ({self.more}a wider terminal, or --json)", style="dim")

    def _cards(self) -> Iterator[RenderableType]:
        for number, row in enumerate(self.rows):
            if number:
                yield Text("")
            yield Pairs([(head, cell) for head, cell in zip(self.columns, row, strict=True)])


@dataclass(frozen=True)
class Pairs:
    """Labels and values, a pair a line; a value stands below its label where there is little room."""

    pairs: Sequence[tuple[str, Any]]
    style: str = "dim"

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[RenderableType]:
        """The lines."""
        width = options.max_width
        label = max((cell_len(name) for name, _ in self.pairs), default=0)
        beside = width - label - _GAP
        for name, value in self.pairs:
            head = Text(name, style=self.style)
            if not isinstance(value, Text):
                grid = Table.grid(padding=(0, _GAP))
                grid.add_row(head, value)
                yield grid
                continue
            below = beside < min(_LEAST_VALUE, max(_most(value.plain), 1)) or _least(value.plain) > beside
            indent = _GAP if below and name else label + _GAP
            if below and name:
                yield head
            lines = wrapped(value, max(width - indent, 1)).split("\n", allow_blank=True)
            for number, line in enumerate(lines):
                blank = " " * (indent - (0 if number or below or not name else cell_len(name)))
                start = Text() if number or below or not name else head.copy()
                drawn = Text.assemble(start, blank, line, no_wrap=True, overflow="ignore")
                yield drawn


def wrapped(text: Text, width: int) -> Text:
    """The text in lines of so many cells, divided at blanks; a name that is longer stays in one piece."""
    lines = []
    for line in text.split("\n", allow_blank=True):
        offsets, used, at = [], 0, 0
        for piece in _pieces(line.plain, width):
            if used and used + cell_len(piece.rstrip()) > width:
                offsets.append(at)
                used = 0
            used, at = used + cell_len(piece), at + len(piece)
        for part in line.divide(offsets):
            part.rstrip()
            lines.append(part)
    return Text("\n").join(lines)


def _pieces(line: str, width: int) -> Iterator[str]:
    for match in _WORD.finditer(line):
        word = match.group()
        if cell_len(word.rstrip()) <= width or _NAME.fullmatch(word.rstrip()):
            yield word
        else:
            yield from word


def _most(text: str) -> int:
    return max(map(cell_len, text.split("\n")), default=0)


def _least(text: str) -> int:
    """Cells without which a word would be divided."""
    words = (match.group().strip() for match in _WORD.finditer(text))
    return max(map(_room, words), default=0)


def _room(word: str) -> int:
    return cell_len(word) if _NAME.fullmatch(word) else min(cell_len(word), _LONGEST)
