"""A CSV file as a book: one sheet without a name."""

from __future__ import annotations

from collections.abc import Iterator

from traceledger.errors import InputError
from traceledger.interop.sheets.contents import kind_of, unquoted
from traceledger.interop.sheets.dialects import Dialect, Record, dialect_of
from traceledger.interop.sheets.encodings import decoded
from traceledger.interop.sheets.grid import Book, Cell, Flaw, Kind, Origin, Row, Sheet
from traceledger.languages.phrases import phrase, phrases

_MANY = 3
"""Columns from which on a cell that holds as many delimiters as a row is no text of people."""


def book_of(content: bytes, name: str) -> Book:
    """The rows of a CSV file.

    Raises:
        InputError: its encoding or its delimiter cannot be told, or it is too large.
    """
    text = decoded(content, name)
    dialect = dialect_of(text.text, name)
    origin = Origin(name)
    rows = tuple(_row(record, origin) for record in dialect.records)
    seen = tuple(row for row in rows if not all(cell.empty for cell in row.cells))
    flaws = (*_ragged(dialect, origin), *_swallowed(dialect, origin))
    warnings = _doubts(seen, name) if text.doubtful else ()
    return Book(name, (Sheet(origin, seen, flaws=flaws),), warnings)


def _row(record: Record, origin: Origin) -> Row:
    cells = []
    for column, written in enumerate(record.cells, start=1):
        text = unquoted(written)
        # What was quoted as ="…" is text, whatever it looks like.
        kind = kind_of(text)
        if kind is Kind.UNCALCULATED and text is not written:
            kind = Kind.TEXT
        cells.append(Cell(origin, record.number, column, kind, "" if kind is Kind.EMPTY else text))
    return Row(record.number, tuple(cells), record.line)


def _ragged(dialect: Dialect, origin: Origin) -> tuple[Flaw, ...]:
    """Rows that have more or fewer cells than most: what is in them may have moved to another column."""
    found = []
    for record in dialect.records:
        has, full = len(record.cells), dialect.width
        if has == full or (has > full and not any(cell.strip() for cell in record.cells[full:])):
            continue
        what = phrases(
            "this row, on line {line}, has {number} cell and most have {full}",
            "this row, on line {line}, has {number} cells and most have {full}",
            has,
            line=record.line,
            full=full,
        )
        hint = phrase("a cell that holds the delimiter or a line break stands in quotation marks")
        fault = InputError(what, where=origin.place(record.number), hint=hint)
        found.append(Flaw(record.number, record.number, fault))
    return tuple(found)


def _swallowed(dialect: Dialect, origin: Origin) -> Iterator[Flaw]:
    """Cells with a line break that hold as much as a row: marks of two rows made one of them."""
    if dialect.width < _MANY:
        return
    for record in dialect.records:
        for column, text in enumerate(record.cells, start=1):
            broken = "\n" in text or "\r" in text
            if not broken or text.count(dialect.delimiter) < dialect.width - 1:
                continue
            what = phrase("this cell, on line {line}, holds what may be rows of its own", line=record.line)
            hint = phrase("look at the quotation marks on its lines, or write it on one line")
            fault = InputError(what, where=origin.place(record.number, column), hint=hint)
            yield Flaw(record.number, record.number, fault)


def _doubts(rows: tuple[Row, ...], name: str) -> tuple[InputError, ...]:
    first = next(
        (cell for row in rows for cell in row.cells if not cell.text.isascii()),
        None,
    )
    what = phrase("it is not UTF-8, and was read as Windows-1252")
    if first is None:
        return (InputError(what, where=name),)
    what = phrase("it is not UTF-8, and was read as Windows-1252: {text}", text=repr(first.text[:60]))
    hint = phrase("look whether this is what stands there; CSV UTF-8 leaves no doubt")
    return (InputError(what, where=first.place(), hint=hint),)
