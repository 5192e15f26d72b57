"""What a sheet's XML says and the reader of its values does not (ECMA-376, part 1, 18.3.1).

Which rows and columns are hidden, which cells are merged, which hold an error or a formula without its
result, and the digits of numbers as they stand in the file. Cells that are only formatted are not counted.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from traceledger.errors import InputError, Place
from traceledger.interop.sheets.grid import (
    MOST_CELLS,
    MOST_COLUMNS,
    MOST_ROWS,
    Kind,
    Origin,
    column_of,
    letters_of,
)
from traceledger.interop.sheets.package import damaged, parse, parser
from traceledger.languages.phrases import phrase

_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_LAST = (1_048_576, 16_384)
_MOST_COVERED = 2_000_000
"""Cells that merged blocks and links may cover."""
_MOST_WRITTEN = 400


@dataclass(slots=True)
class Fact:
    """What the XML says of a cell that has something in it."""

    kind: Kind | None = None
    written: str = ""
    style: int = 0


@dataclass(frozen=True, slots=True)
class Block:
    """Cells from one corner to the other, from 1."""

    top: int
    left: int
    bottom: int
    right: int

    def __str__(self) -> str:
        return f"{letters_of(self.left)}{self.top}:{letters_of(self.right)}{self.bottom}"


@dataclass(slots=True)
class SheetFacts:
    """What the XML of a sheet says.

    Attributes:
        cells: by row and column, of those that have something in them.
        rows: hidden ones.
        columns: hidden ones, from first to last.
        merged: blocks of cells that are shown as one.
        bottom: the last row with something in it.
        right: the last column with something in it.
    """

    cells: dict[tuple[int, int], Fact] = field(default_factory=dict)
    rows: set[int] = field(default_factory=set)
    columns: list[tuple[int, int]] = field(default_factory=list)
    merged: list[Block] = field(default_factory=list)
    bottom: int = 0
    right: int = 0


def facts_of(content: bytes, origin: Origin, *, stale: bool = False) -> SheetFacts:
    """What the XML of a sheet says.

    Args:
        content: the part.
        origin: the sheet, for faults.
        stale: whether no result of a formula in it counts, because the workbook says that all are to be
            calculated when it is opened: programs that cannot calculate write zeros and say so.

    Raises:
        InputError: it is damaged, or larger than allowed.
    """
    scan = _Scan(origin, stale)
    made = parser(origin.file)
    made.StartElementHandler = scan.start
    made.EndElementHandler = scan.end
    made.CharacterDataHandler = scan.text
    parse(made, content, origin.file)
    return scan.facts


class _Scan:
    """Handlers of the parser, and what they have found."""

    def __init__(self, origin: Origin, stale: bool) -> None:
        self.facts = SheetFacts()
        self._origin, self._stale = origin, stale
        self._row = self._column = 0
        self._attributes: Mapping[str, str] = {}
        self._formula = self._valued = self._reading = self._inside = False
        self._written = ""
        self._covered = 0

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        match name.rpartition(" ")[2]:
            case "row":
                self._begin_row(attributes)
            case "c":
                self._begin_cell(attributes)
            case "f":
                self._formula = self._inside
            case "v":
                self._reading = self._inside
            case "is":
                self._valued = self._inside
            case "col":
                self._column_of(attributes)
            case "mergeCell":
                self.facts.merged.append(self._block(attributes.get("ref", "")))
            case "hyperlink":
                self._block(attributes.get("ref", ""))

    def end(self, name: str) -> None:
        match name.rpartition(" ")[2]:
            case "v":
                self._reading = False
            case "c":
                self._end_cell()
                self._inside = False

    def text(self, data: str) -> None:
        if self._reading and len(self._written) < _MOST_WRITTEN:
            self._written += data

    def _begin_row(self, attributes: Mapping[str, str]) -> None:
        self._row = self._number(attributes.get("r"), self._row + 1)
        self._column = 0
        if self._row > _LAST[0]:
            raise damaged(self._origin.file)
        if _true(attributes.get("hidden")) or _zero(attributes.get("ht")):
            self.facts.rows.add(self._row)

    def _begin_cell(self, attributes: Mapping[str, str]) -> None:
        reference = _REFERENCE.fullmatch(attributes.get("r", ""))
        if reference:
            self._row, self._column = int(reference[2]), column_of(reference[1])
        else:
            self._column += 1
        self._attributes, self._written = attributes, ""
        self._formula = self._valued = self._reading = False
        self._inside = True

    def _end_cell(self) -> None:
        written = self._written.strip()
        if not (written or self._formula or self._valued):
            return
        kind = self._kind(written)
        if kind is Kind.EMPTY:
            return
        if self._row > MOST_ROWS or self._column > MOST_COLUMNS:
            raise too_large(self._origin.place(self._row, self._column))
        fact = Fact(kind, written, self._number(self._attributes.get("s"), 0))
        self.facts.cells[self._row, self._column] = fact
        self.facts.bottom = max(self.facts.bottom, self._row)
        self.facts.right = max(self.facts.right, self._column)
        if self.facts.bottom * self.facts.right > MOST_CELLS:
            raise too_large(self._origin.place(self._row, self._column))

    def _kind(self, written: str) -> Kind | None:
        kind = self._attributes.get("t", "n")
        if self._formula and (self._stale or (not written and kind != "str")):
            return Kind.UNCALCULATED
        if not written and not self._valued:
            return Kind.EMPTY
        return {"e": Kind.ERROR, "n": Kind.NUMBER, "b": Kind.FLAG}.get(kind)

    def _column_of(self, attributes: Mapping[str, str]) -> None:
        if _true(attributes.get("hidden")) or _zero(attributes.get("width")):
            first, last = self._number(attributes.get("min"), 0), self._number(attributes.get("max"), 0)
            self.facts.columns.append((first, last))

    def _block(self, reference: str) -> Block:
        """Cells from one corner to the other; who writes workbooks makes each of them."""
        first, _, last = reference.replace("$", "").partition(":")
        corners = _REFERENCE.fullmatch(first), _REFERENCE.fullmatch(last or first)
        if corners[0] is None or corners[1] is None:
            raise damaged(self._origin.file)
        (top, left), (bottom, right) = (
            (int(corner[2]), column_of(corner[1])) for corner in corners if corner is not None
        )
        self._covered += max(0, bottom - top + 1) * max(0, right - left + 1)
        if self._covered > _MOST_COVERED:
            raise too_large(self._origin.place(top, left))
        return Block(top, left, bottom, right)

    def _number(self, text: str | None, otherwise: int) -> int:
        if text is None:
            return otherwise
        if not (text.isascii() and text.isdigit() and len(text) < 10):
            raise damaged(self._origin.file)
        return int(text)


def too_large(where: Place) -> InputError:
    """The fault of a sheet in which something stands beyond what is read."""
    what = phrase(
        "something stands beyond {rows} rows, {columns} columns or {cells} cells",
        rows=MOST_ROWS,
        columns=MOST_COLUMNS,
        cells=MOST_CELLS,
    )
    return InputError(
        what, where=where, hint=phrase("delete it if it is there by mistake, or split the file")
    )


def _true(text: str | None) -> bool:
    return text in ("1", "true", "on")


def _zero(text: str | None) -> bool:
    return text is not None and not text.strip("0.") and "0" in text
