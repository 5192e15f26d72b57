r"""What stands in a spreadsheet: its sheets, rows and cells, as the file has them, whatever kind it is of.

Example:
    >>> book = read(b"batch;mass (t)\nKOL-1;24,5\n", "lots.csv")
    >>> sheet = book.sheets[0]
    >>> [[cell.text for cell in row.cells] for row in sheet.rows]
    [['batch', 'mass (t)'], ['KOL-1', '24,5']]
    >>> print(sheet.rows[1].cells[1].place("mass (t)"))
    lots.csv: B2 (mass (t))
"""

from __future__ import annotations

import errno
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import Enum, StrEnum
from pathlib import Path

from traceledger.errors import InputError, Place, Spot
from traceledger.languages.phrases import phrase
from traceledger.storage.files import content_of, explained

MOST_BYTES = 50_000_000
"""Bytes that a file may have."""
MOST_UNPACKED = 200_000_000
"""Bytes that the parts of a workbook may have, unpacked, all together."""
MOST_CELLS = 1_000_000
"""Cells with something in them that a file may have."""
MOST_ROWS = 100_000
"""The last row of a sheet that may have something in it."""
MOST_COLUMNS = 1_000
"""The last column of a sheet that may have something in it."""
MOST_SHEETS = 100
"""Sheets that a workbook may have."""
FAULTS = "Faults"
"""The sheet in which faults are listed in a workbook that was given back; it is not read."""
FAULTS_MARK = "traceledger: faults"
"""What stands in its first cell, whatever it is called."""


class Kind(Enum):
    """What a cell holds."""

    EMPTY = "nothing"
    TEXT = "text"
    NUMBER = "a number"
    DATE = "a date"
    DURATION = "a time of day or a duration"
    FLAG = "true or false"
    ERROR = "an error"
    UNCALCULATED = "a formula without its result"


class Hidden(StrEnum):
    """What is done about hidden rows, columns and sheets that have something in them."""

    REFUSE = "refuse"
    READ = "read"
    SKIP = "skip"


class Decimals(StrEnum):
    """Which sign stands before the decimals of numbers that are written as text."""

    POINT = "point"
    COMMA = "comma"


@dataclass(frozen=True, slots=True)
class Origin:
    """The sheet that a cell is of: its file as it was named, and its name, which CSV has none of."""

    file: str
    sheet: str = ""

    def place(self, row: int | None = None, column: int | None = None, heading: str = "") -> Place:
        """A place in it; rows and columns from 1."""
        letters = "" if column is None else letters_of(column)
        return Place(self.file, spot=Spot(self.sheet, row, letters, heading))


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell and what stands in it.

    Attributes:
        origin: the sheet.
        row: from 1, as the spreadsheet shows it.
        column: from 1.
        kind: what it holds.
        text: that as text: as it was written, of numbers all digits, of dates ISO 8601, of errors the code.
        number: of numbers their value, as spreadsheets show it: 15 significant digits.
        moment: of dates; without a zone, as spreadsheets keep them.
        day: of dates, whether it is a day, shown without a time.
        unit: of numbers, what their format shows behind them: ``%``, ``kg``; empty if nothing.
        dressed: of numbers, whether their format shows another number: text before it, thousands of it.
        lost: of numbers, whether they have more digits than spreadsheets keep.
    """

    origin: Origin
    row: int
    column: int
    kind: Kind = Kind.EMPTY
    text: str = ""
    number: Decimal | None = None
    moment: datetime | None = None
    day: bool = False
    unit: str = ""
    dressed: bool = False
    lost: bool = False

    @property
    def empty(self) -> bool:
        """Whether it holds nothing; blanks are nothing."""
        return self.kind is Kind.EMPTY

    def place(self, heading: str = "") -> Place:
        """Where it is."""
        return self.origin.place(self.row, self.column, heading)


@dataclass(frozen=True, slots=True)
class Row:
    """A row that is not blank.

    Attributes:
        number: from 1, as the spreadsheet shows it.
        cells: from column A to the last one of the sheet; of a ragged row, as many as it has.
        line: of a text file, the line on which it begins.
    """

    number: int
    cells: tuple[Cell, ...]
    line: int | None = None

    def __iter__(self) -> Iterator[Cell]:
        return iter(self.cells)

    def at(self, column: int) -> Cell | None:
        """The cell of a column, from 1; ``None`` where the row has ended."""
        return self.cells[column - 1] if 0 < column <= len(self.cells) else None


@dataclass(frozen=True, slots=True)
class Flaw:
    """Something of a sheet that must be mended, from one row to another; of whole columns, of row 0."""

    first: int
    last: int
    fault: InputError


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet.

    Attributes:
        origin: where it is from.
        rows: those that are not blank, in order.
        hidden: whether the workbook hides it.
        flaws: what is hidden, merged cells, ragged rows; :meth:`faults` tells them.
    """

    origin: Origin
    rows: tuple[Row, ...]
    hidden: bool = False
    flaws: tuple[Flaw, ...] = ()

    @property
    def name(self) -> str:
        """Its name; CSV has none."""
        return self.origin.sheet

    def faults(self, first: int = 1) -> list[InputError]:
        """What is wrong with it as a whole from a row on, such as that of the headings.

        A title above the headings may be of merged cells, say.
        """
        return [flaw.fault for flaw in self.flaws if flaw.last >= first or not flaw.last]

    def place(self, row: int | None = None, column: int | None = None, heading: str = "") -> Place:
        """A place in it; rows and columns from 1."""
        return self.origin.place(row, column, heading)


@dataclass(frozen=True, slots=True)
class Book:
    """A file: a workbook, or a CSV file, which is one sheet without a name.

    Attributes:
        name: the file, as it was named.
        sheets: in its order.
        warnings: what was read with a doubt, for people: an encoding that was guessed.
        workbook: whether it is a workbook.
    """

    name: str
    sheets: tuple[Sheet, ...]
    warnings: tuple[InputError, ...] = ()
    workbook: bool = False

    def sheet(self, name: str) -> Sheet | None:
        """The sheet of that name, if there is one; spreadsheets do not tell capitals apart."""
        return next((sheet for sheet in self.sheets if sheet.name.casefold() == name.casefold()), None)


def letters_of(column: int) -> str:
    """The letters of a column, from 1.

    Example:
        >>> letters_of(1), letters_of(28), letters_of(16_384)
        ('A', 'AB', 'XFD')
    """
    letters = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def column_of(letters: str) -> int:
    """The column of some letters, from 1."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def read(source: Path | str | bytes, name: str = "", *, hidden: Hidden = Hidden.REFUSE) -> Book:
    """A workbook (.xlsx) or a CSV file, recognised by what is in it.

    Args:
        source: the file, or all its bytes.
        name: what it is called in messages; by default the file.
        hidden: what is done about hidden rows, columns and sheets.

    Raises:
        InputError: it cannot be read, is of another kind, or larger than the limits above. What is wrong with
            sheets and cells is not raised, but told by :meth:`Sheet.faults` and by who reads cells.
    """
    from traceledger.interop.sheets import csv_file, workbook
    from traceledger.interop.sheets.recognition import Format, recognised

    called = name or (str(source) if not isinstance(source, bytes) else "")
    content = source if isinstance(source, bytes) else bytes_of(Path(source), called)
    if len(content) > MOST_BYTES:
        raise _too_large(called)
    match recognised(content, called):
        case Format.WORKBOOK:
            return workbook.book_of(content, called, hidden)
        case Format.CSV:
            return csv_file.book_of(content, called)
        case Format.OPERATIONS:
            what = phrase("it is an operations file, not a spreadsheet")
            raise InputError(what, where=called, hint=phrase("give a workbook (.xlsx) or CSV"))


def bytes_of(path: Path, called: str = "") -> bytes:
    """All bytes of a file, if they are not too many.

    Raises:
        InputError: it cannot be read, or is larger than the limit.
    """
    with explained(path, verb="read"):
        try:
            return content_of(path, MOST_BYTES)
        except OSError as error:
            if error.errno == errno.EFBIG:
                raise _too_large(called or str(path)) from None
            raise


def _too_large(called: str) -> InputError:
    what = phrase("it has more than {most} MB", most=MOST_BYTES // 10**6)
    return InputError(what, where=called, hint=phrase("split it into several files"))
