"""Doubts about identifiers that can be read: what a spreadsheet program may have made of them before."""

from __future__ import annotations

import re
from collections.abc import Iterable

from traceledger.errors import InputError
from traceledger.interop.sheets.contents import trimmed
from traceledger.interop.sheets.grid import Cell, Kind
from traceledger.languages.phrases import phrase

_MONTH = "(?:jan|feb|mar|mär|apr|may|mai|jun|jul|aug|sep|oct|okt|nov|dec|dez)"
_MADE_DAY = re.compile(rf"[0-9]{{1,2}}[-. ]{{1,2}}{_MONTH}|{_MONTH}[-. ][0-9]{{2,4}}", re.IGNORECASE)
"""What spreadsheets make of 3-4 or SEP2."""


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
        for cell in column
        if _is_made_day(cell)
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


def _is_made_day(cell: Cell) -> bool:
    return cell.kind is Kind.TEXT and _MADE_DAY.fullmatch(trimmed(cell.text)) is not None


def _has_zeros(cell: Cell) -> bool:
    text = trimmed(cell.text)
    return cell.kind is Kind.TEXT and text.isdigit() and len(text) > 1 and text.startswith("0")
