"""Doubts about cells that can be read: what a spreadsheet program may have made of them before."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal

from traceledger.errors import InputError
from traceledger.interop.sheets.contents import trimmed
from traceledger.interop.sheets.days import order_by_number
from traceledger.interop.sheets.grid import Cell, Kind
from traceledger.interop.sheets.numerals import Says, said_by
from traceledger.languages.phrases import phrase

_MONTH = "(?:jan|feb|mar|mär|apr|may|mai|jun|jul|aug|sep|oct|okt|nov|dec|dez)"
_MADE_DAY = re.compile(rf"[0-9]{{1,2}}[-. ]{{1,2}}{_MONTH}|{_MONTH}[-. ][0-9]{{2,4}}", re.IGNORECASE)
"""What spreadsheets make of 3-4 or SEP2."""
_MONTHS = 12
_THOUSAND = 1000


def warnings_of(cells: Iterable[Cell], heading: str = "") -> list[InputError]:
    """Doubts about a column of identifiers: numbers where others have zeros before them, days of a month.

    Args:
        cells: of the column, without its heading.
        heading: that.
    """
    column = [cell for cell in cells if not cell.empty]
    found = [
        InputError(
            phrase(
                "{text} may be a date that a spreadsheet made of an identifier", text=repr(trimmed(cell.text))
            ),
            where=cell.place(heading),
            hint=phrase("format the column as text, and write it again"),
        )
        for cell in _made_days(column)
    ]
    zeros = next((cell for cell in column if _has_zeros(cell)), None)
    if zeros is None:
        return found
    width = len(trimmed(zeros.text))
    doubtful = [cell for cell in column if cell.kind is Kind.NUMBER and len(cell.text) < width]
    return found + [
        InputError(
            phrase(
                "{text} is a number, and may have lost the zeros that {other} has",
                text=repr(trimmed(cell.text)),
                other=repr(trimmed(zeros.text)),
            ),
            where=cell.place(heading),
            hint=phrase("format the column as text, and write it again"),
        )
        for cell in doubtful
    ]


def _made_days(column: list[Cell]) -> list[Cell]:
    """Cells that look like days; only the first where most do, which is how somebody calls their lots."""
    found = [cell for cell in column if _is_made_day(cell)]
    return found[:1] if len(found) * 2 > len(column) else found


def _is_made_day(cell: Cell) -> bool:
    return cell.kind is Kind.TEXT and _MADE_DAY.fullmatch(trimmed(cell.text)) is not None


def _has_zeros(cell: Cell) -> bool:
    text = trimmed(cell.text)
    return cell.kind is Kind.TEXT and text.isdigit() and len(text) > 1 and text.startswith("0")


def turned(cells: Iterable[Cell], heading: str = "") -> list[InputError]:
    """Doubts about a column of dates: those that a program could turn became dates, and the others text.

    A program that takes the month first makes the 3rd of April of 04/03, and leaves 17/03 as text.
    """
    column = [*cells]
    days = [cell for cell in column if cell.moment is not None]
    text = next((cell for cell in column if cell.kind is Kind.TEXT and order_by_number(cell.text)), None)
    if text is None or any(cell.moment is not None and cell.moment.day > _MONTHS for cell in days):
        return []
    return [
        InputError(
            phrase(
                "day and month of {text} may be exchanged: a spreadsheet left {other} as text",
                text=cell.moment.date().isoformat(),
                other=repr(trimmed(text.text)),
            ),
            where=cell.place(heading),
            hint=phrase("look at it, and format the whole column in the same way"),
        )
        for cell in days
        if cell.moment is not None and cell.moment.day != cell.moment.month
    ]


def grown(cells: Iterable[Cell], heading: str = "") -> list[InputError]:
    """Doubts about a column of amounts: numbers that a program may have read without their decimal sign.

    One that takes a point for what parts thousands makes 1234 of 1.234, and leaves 24.56 as text.
    """
    column = [*cells]
    text = next((cell for cell in column if said_by(cell) in (Says.POINT, Says.COMMA)), None)
    if text is None:
        return []
    return [
        InputError(
            phrase(
                "{text} may have lost its decimal sign: a spreadsheet left {other} as text",
                text=repr(cell.text),
                other=repr(trimmed(text.text)),
            ),
            where=cell.place(heading),
            hint=phrase("look at it, and format the whole column in the same way"),
        )
        for cell in column
        if cell.kind is Kind.NUMBER and cell.number is not None and _is_thousands(cell.number)
    ]


def _is_thousands(number: Decimal) -> bool:
    return abs(number) >= _THOUSAND and number == number.to_integral_value()
