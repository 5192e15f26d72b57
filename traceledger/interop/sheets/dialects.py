r"""Which sign divides the cells of a CSV file: told from all of its rows, not from the first.

Example:
    >>> dialect_of("batch;mass (t), wet;note\nKOL-1;24,5;a, b\nKOL-2;3,75;\n", "lots.csv").delimiter
    ';'
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from traceledger.errors import InputError, Place, Spot
from traceledger.interop.sheets.grid import MOST_CELLS, MOST_COLUMNS, MOST_ROWS
from traceledger.languages.phrases import phrase

DELIMITERS = (",", ";", "\t")
_NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "|"}
_SAID = re.compile(r'\ufeff?"?sep=(?P<delimiter>[,;|\t])"?(?:\r\n|\r|\n)', re.IGNORECASE)
"""The first line by which Excel is told the delimiter."""
_EVEN = 0.8
"""The part of the rows that must be as wide as most for a delimiter to be likely."""
_NEAR = 0.8
"""A second delimiter that explains the rows as well as this is a doubt."""


@dataclass(frozen=True, slots=True)
class Record:
    """A row as it was parsed, with its number and the line on which it begins, both from 1."""

    number: int
    line: int
    cells: list[str]


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a file was divided.

    Attributes:
        delimiter: between cells.
        width: cells of most rows.
        records: its rows, blank ones left out.
        fault: what stopped the reading, if anything did.
        even: the part of the rows that are as wide as most.
    """

    delimiter: str
    width: int
    records: tuple[Record, ...]
    fault: InputError | None
    even: float

    @property
    def fit(self) -> tuple[bool, bool, bool, float]:
        """How well it explains the file: whether at all, whether wholly, how evenly, into how much."""
        return self.width > 1, self.fault is None, self.even >= _EVEN, self.width * self.even


def dialect_of(text: str, name: str) -> Dialect:
    """Divide a text into rows and cells.

    Raises:
        InputError: two delimiters explain it equally, a quotation mark is not closed, or it is too large.
    """
    if said := _SAID.match(text):
        chosen = _tried(text[said.end() :], said["delimiter"], name, skipped=1)
    else:
        tried = sorted((_tried(text, each, name) for each in DELIMITERS), key=lambda one: one.fit)
        chosen, second = tried[-1], tried[-2]
        if second.fit[:3] == chosen.fit[:3] and second.width > 1 and second.fit[3] >= _NEAR * chosen.fit[3]:
            raise _undecided(chosen.delimiter, second.delimiter, name)
    if chosen.fault is not None:
        raise chosen.fault
    return chosen


def _tried(text: str, delimiter: str, name: str, *, skipped: int = 0) -> Dialect:
    records: list[Record] = []
    fault = None
    try:
        for record in _records(text, delimiter, name, skipped):
            records.append(record)
    except InputError as error:
        fault = error
    full = Counter(len(record.cells) for record in records)
    width = max(full, key=lambda each: (full[each], each), default=0)
    even = sum(1 for record in records if len(record.cells) == width) / max(1, len(records))
    return Dialect(delimiter, width, tuple(records), fault, even)


def _records(text: str, delimiter: str, name: str, skipped: int) -> Iterator[Record]:
    # With strict=False, the module would take text after a closing quotation mark for part of the cell.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number, line, count = 0, 1 + skipped, 0
    while True:
        number += 1
        try:
            cells = next(reader, None)
        except csv.Error:
            raise _unclosed(number, line, name) from None
        if cells is None:
            return
        count += len(cells)
        if any(cells):
            yield Record(number, line, cells)
        if number > MOST_ROWS or len(cells) > MOST_COLUMNS or count > MOST_CELLS:
            raise _too_large(name)
        line = reader.line_num + 1 + skipped


def _unclosed(row: int, line: int, name: str) -> InputError:
    what = phrase(
        "the quotation marks of this row, on line {line}, do not match, or a cell is too long", line=line
    )
    hint = phrase(
        'a cell that holds the delimiter stands in quotation marks, and a quotation mark in it is doubled: ""'
    )
    return InputError(what, where=Place(name, line, spot=Spot(row=row)), hint=hint)


def _undecided(one: str, other: str, name: str) -> InputError:
    what = phrase(
        "both {one} and {other} could be what divides the cells", one=_NAMES[one], other=_NAMES[other]
    )
    hint = phrase("say it in a first line of its own, such as sep=; or save it as Excel workbook (.xlsx)")
    return InputError(what, where=name, hint=hint)


def _too_large(name: str) -> InputError:
    what = phrase(
        "it has more than {rows} rows, {columns} columns or {cells} cells",
        rows=MOST_ROWS,
        columns=MOST_COLUMNS,
        cells=MOST_CELLS,
    )
    return InputError(what, where=name, hint=phrase("split it into several files"))
