"""Tables as workbooks: a sheet of rows, and a sheet that says where they come from.

Amounts are numbers in whole mg, with the unit in the heading. Excel shows 15 digits of a number, up to a
million tonnes: where a column holds one beyond, all of it is text, exact, so that nobody sums what is left of
it unawares, and the same follows in tonnes as numbers. Text is never a formula: cells say that they are text,
and are formatted as text, also for whoever edits one.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, BinaryIO

from traceledger.errors import InputError
from traceledger.interop.tables.columns import Kind
from traceledger.interop.tables.table import Field, Source, Table
from traceledger.model.text import escaped
from traceledger.model.units import MG_PER_UNIT, format_time

if TYPE_CHECKING:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

EXACT = 10**15 - 1
"""Up to here every digit of an integer is shown: spreadsheets keep 2^53, and show and write 15 digits."""
MOST_ROWS = 2**20 - 1
"""Rows of a sheet below its headings."""
MOST_LETTERS = 32_767
"""Letters of a cell."""
_SAFE = MOST_LETTERS // 10
"""However much of a text that long is written as escapes, it has room."""
_FORMATS = {
    Kind.TEXT: "@",
    Kind.WORD: "@",
    Kind.DIGEST: "@",
    Kind.MASS: "#,##0",
    Kind.CO2E: "#,##0",
    Kind.COUNT: "0",
    Kind.SHARE: "0.00%",
    Kind.NUMBER: "General",
    Kind.TIME: "yyyy-mm-dd hh:mm:ss",
    Kind.FLAG: "General",
}
_WIDTHS = {Kind.TEXT: 28, Kind.MASS: 20, Kind.CO2E: 20, Kind.TIME: 20}
_WIDTH = 12
_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_EARLIEST = (1980, 1, 1, 0, 0, 0)


def write(table: Table, source: Source, file: BinaryIO) -> None:
    """Write a table and where it comes from; the same table gives the same bytes.

    Raises:
        InputError: there are more rows, or longer texts, than a sheet holds.
    """
    from openpyxl import Workbook

    _require_room(table)
    book = Workbook(write_only=True)
    _fill(book.create_sheet(table.name[:31]), *_fitting(table))
    about = book.create_sheet("source")
    about.column_dimensions["A"].width, about.column_dimensions["B"].width = 24, 80
    names, values = _Cell(about, Kind.TEXT), _Cell(about, Kind.TEXT)
    for name, value in source.facts:
        about.append([names.of(name), values.of(value)])
    written = io.BytesIO()
    book.save(written)
    _copy_without_clock(written, file, source.at)


def _fitting(table: Table) -> tuple[list[Field], Iterator[list[Any]]]:
    """Fields and rows as a sheet can have them."""
    wide = {
        place
        for place, field in enumerate(table.fields)
        if field.kind in (Kind.MASS, Kind.CO2E, Kind.COUNT)
        and any(row[place] is not None and abs(row[place]) > EXACT for row in table.rows)
    }
    fields: list[Field] = []
    for place, field in enumerate(table.fields):
        if place not in wide:
            fields.append(field)
            continue
        fields.append(Field(field.name, f"{field.title}, text", Kind.TEXT))
        if field.kind is not Kind.COUNT:
            fields.append(Field(f"{field.name}_t", field.title.replace("(mg)", "(t)"), Kind.NUMBER))

    def fitted(row: Sequence[Any]) -> Iterator[Any]:
        for place, value in enumerate(row):
            if place not in wide:
                yield value
                continue
            yield None if value is None else str(value)
            if table.fields[place].kind is not Kind.COUNT:
                yield None if value is None else value / MG_PER_UNIT["t"]

    return fields, (list(fitted(row)) for row in table.rows)


def _fill(sheet: WriteOnlyWorksheet, fields: Sequence[Field], rows: Iterator[list[Any]]) -> None:
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    sheet.freeze_panes = "A2"
    for place, field in enumerate(fields, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = _WIDTHS.get(field.kind, _WIDTH)
    cells = [_Cell(sheet, Kind.TEXT) for _ in fields]
    for cell in cells:
        cell.drawn.font = Font(bold=True)
    sheet.append([cell.of(field.title) for cell, field in zip(cells, fields, strict=True)])
    columns = [_Cell(sheet, field.kind) for field in fields]
    written = 1
    for row in rows:
        sheet.append([cell.of(value) for cell, value in zip(columns, row, strict=True)])
        written += 1
    if fields:
        sheet.auto_filter.ref = f"A1:{get_column_letter(len(fields))}{written}"


class _Cell:
    """A cell of a column, filled anew for each row: to make and format one takes most of the time."""

    def __init__(self, sheet: WriteOnlyWorksheet, kind: Kind) -> None:
        from openpyxl.cell import WriteOnlyCell

        self._kind = kind
        self.drawn = WriteOnlyCell(sheet)
        self.drawn.number_format = _FORMATS.get(kind, "General")

    def of(self, value: Any) -> WriteOnlyCell | None:
        """The cell with a value; ``None`` where there is none."""
        if self._kind is Kind.TIME and value is not None:
            value = _moment(value) or format_time(value)
        if isinstance(value, str):
            value = _text(value)
        elif value is None:
            return None
        self.drawn.value = value
        if isinstance(value, str):
            # openpyxl takes text that begins with = for a formula, and #N/A for an error.
            self.drawn.data_type = "s"
        return self.drawn


def _text(text: str) -> str:
    """Text as a cell holds it: on one line, and nothing that a reader takes for a letter's number."""
    return _ESCAPE.sub("_x005F_", escaped(text))


def _require_room(table: Table) -> None:
    # Before anything is written: what writes sheets cannot be stopped between two rows.
    if len(table.rows) > MOST_ROWS:
        raise InputError(
            f"{len(table.rows):,} rows are more than a sheet holds, {MOST_ROWS:,}",
            hint="name a file .csv or .parquet, or choose fewer",
        )
    long = (value for row in table.rows for value in row if isinstance(value, str) and len(value) > _SAFE)
    for shown in map(_text, long):
        if len(shown) > MOST_LETTERS:
            raise InputError(
                f"a text of {len(shown):,} letters is longer than a cell holds, {MOST_LETTERS:,}",
                hint="name a file .csv or .parquet, or leave its column out with --columns",
            )


def _moment(seconds: int) -> datetime | None:
    """A time as a cell holds it, without its zone; ``None`` where the calendar ends before."""
    try:
        return datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None)
    except (OverflowError, ValueError, OSError):
        return None


def _copy_without_clock(written: io.BytesIO, file: BinaryIO, at: int) -> None:
    """The same file with the time of what it says in place of that at which it was written."""
    moment = (_moment(at) or datetime(1980, 1, 1)).strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    with zipfile.ZipFile(written) as made, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as copy:
        for entry in made.infolist():
            content = made.read(entry)
            if entry.filename == "docProps/core.xml":
                content = re.sub(rb"(<dcterms:\w+[^>]*>)[^<]*", lambda found: found[1] + moment, content)
            copy.writestr(zipfile.ZipInfo(entry.filename, _EARLIEST), content, zipfile.ZIP_DEFLATED)
