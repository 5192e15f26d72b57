r"""From a cell to what an operations file would say: text, quantities with their unit, dates, flags.

What a number written as text means depends on the style of the file, and what a date means on that of its
column: both are decided over many cells, never from one.

Example:
    >>> from traceledger.interop.sheets.grid import read
    >>> rows = read(b"batch;mass (t)\nKOL-1;24,5\nKOL-2;3,75\n", "lots.csv").sheets[0].rows
    >>> style = Style.of([row.cells[1] for row in rows[1:]])
    >>> mass = Column("mass (t)", unit=heading_of("mass (t)").unit, style=style)
    >>> mass.quantity(rows[1].cells[1])
    '24.5 t'
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from typing import assert_never

from traceledger.errors import InputError
from traceledger.interop.sheets.contents import trimmed
from traceledger.interop.sheets.days import Days
from traceledger.interop.sheets.doubts import warnings_of
from traceledger.interop.sheets.grid import Cell, Kind
from traceledger.interop.sheets.numerals import Says, Style, apart, numeral
from traceledger.interop.sheets.units_said import Heading, amount_unit, heading_of, require_amounts, unit_of
from traceledger.languages.phrases import Phrase, phrase
from traceledger.model.text import composed, fault_of

__all__ = ["Column", "Days", "Heading", "Style", "heading_of", "require_amounts", "unit_of", "warnings_of"]

_SCIENTIFIC = re.compile(r"[0-9](?:[.,][0-9]+)?E\+[0-9]{1,3}", re.IGNORECASE | re.ASCII)
_COUNTED = re.compile(r"[0-9]{5}(?:[.,][0-9]+)?", re.ASCII)
"""A day as spreadsheets count them, from 1927 to 2173."""
_COMPACT_DAYS = range(19_000_101, 21_000_101)
_MOST_SHOWN = 64
_TRUE = frozenset(
    ("true", "yes", "y", "x", "1", "wahr", "ja", "sant", "sand", "waar", "vrai", "oui", "是", "真")
)
_FALSE = frozenset(
    (
        "false",
        "no",
        "n",
        "0",
        "falsch",
        "nein",
        "nej",
        "nee",
        "falskt",
        "falsk",
        "onwaar",
        "faux",
        "non",
        "否",
        "假",
    )
)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a sheet: reads its cells, each as what an operations file would say.

    Every method raises :class:`InputError` with the place of the cell, also where the cell is empty: ask
    :attr:`Cell.empty` first where it may be.

    Attributes:
        heading: what stands above it.
        unit: of its numbers, where it is said: in the heading, in a mapping file.
        style: how numbers are written.
        days: how dates are written.
    """

    heading: str = ""
    unit: str = ""
    style: Style = field(default_factory=Style)
    days: Days = field(default_factory=Days)

    def text(self, cell: Cell) -> str:
        """Text for people, trimmed, in NFC; a number or a date as it is shown."""
        self._require(cell)
        match cell.kind:
            case Kind.TEXT | Kind.DATE:
                return self._clean(cell)
            case Kind.NUMBER if not cell.lost and not cell.dressed and not cell.unit:
                return cell.text
            case _:
                raise self._fault(cell, phrase("{text} is not text", text=_quoted(cell)), _as_text())

    def identifier(self, cell: Cell) -> str:
        """A lot, a site, a document: text, or a number that has lost no digits (``1234.0`` is ``1234``)."""
        self._require(cell)
        if cell.kind is Kind.TEXT:
            text = self._clean(cell)
            if _SCIENTIFIC.fullmatch(text):
                what = phrase("{text} is a number that has lost its digits", text=_quoted(cell))
                raise self._fault(cell, what, _as_text())
            return text
        if cell.kind is not Kind.NUMBER:
            what = phrase(
                "{text} became {kind} and is no identifier any more", text=_quoted(cell), kind=_called(cell)
            )
            raise self._fault(cell, what, _as_text())
        if cell.lost:
            what = phrase("{text} has lost digits: spreadsheets keep 15 of a number", text=_quoted(cell))
            raise self._fault(cell, what, _as_text())
        if cell.dressed or cell.unit:
            what = phrase("the number {text} is shown with other text, by its format", text=_quoted(cell))
            raise self._fault(cell, what, _as_text())
        if "." in cell.text or cell.text.startswith("-"):
            what = phrase(
                "{text} is a number, not an identifier: zeros at its end may be lost", text=_quoted(cell)
            )
            raise self._fault(cell, what, _as_text())
        return cell.text

    def quantity(self, cell: Cell, unit: str = "") -> str:
        """A mass or an amount of CO2e with its unit: ``"24.5 t"``.

        Args:
            cell: a number, or text that may have a unit of its own.
            unit: of this cell, from a column of units; before that of the heading.
        """
        digits, behind = self._number(cell)
        own, co2e = self._unit(cell, behind) if behind else ("", False)
        said = self._unit(cell, unit)[0] if unit else self.unit
        if own and said and own != said:
            what = phrase(
                "{text} is in {own}, but the column is in {said}", text=_quoted(cell), own=own, said=said
            )
            raise self._fault(cell, what, phrase("write it in {said}", said=said))
        if not own and not said:
            what = phrase("{text} has no unit", text=_quoted(cell))
            hint = phrase("write it in the cell, such as 24 t, or in the heading, such as mass (t)")
            raise self._fault(cell, what, hint)
        return f"{digits} {own or said}{' CO2e' if co2e else ''}"

    def percent(self, cell: Cell) -> str:
        """A percentage: ``"87.5 %"``; a number formatted so, or with ``%`` in the cell or the heading."""
        digits, behind = self._number(cell)
        if behind not in ("", "%"):
            what = phrase("{text} is not a percentage", text=_quoted(cell))
            raise self._fault(cell, what, _as_percent())
        if behind == "%" and cell.kind is Kind.NUMBER:
            digits = _plain(Decimal(digits) * 100)
        elif not behind and self.unit != "%":
            what = phrase("{text} may be a percentage or a part of one", text=_quoted(cell))
            raise self._fault(cell, what, _as_percent())
        return f"{digits} %"

    def integer(self, cell: Cell) -> int:
        """A whole number."""
        digits, behind = self._number(cell)
        number = Decimal(digits)
        if behind or number != int(number) or cell.lost:
            what = phrase("{text} is not a whole number", text=_quoted(cell))
            raise self._fault(cell, what, phrase("write digits only"))
        return int(number)

    def degrees(self, cell: Cell) -> str:
        """Decimal degrees: ``"-10.72"``."""
        text = trimmed(cell.text).removesuffix("°").rstrip()
        found = numeral(text) if cell.kind is Kind.TEXT else None
        if found is not None and found.says is Says.EITHER and not self.style.sure:
            # There are no thousands of degrees.
            return found.by_point if "." in found.by_point else found.by_comma
        digits, behind = self._number(cell)
        if behind.strip("° "):
            what = phrase("{text} is not a number of degrees", text=_quoted(cell))
            raise self._fault(cell, what, phrase("write decimal degrees, such as -10.72"))
        return digits

    def time(self, cell: Cell) -> str:
        """A time in ISO 8601 with its zone, UTC where none is said: ``"2026-01-17T06:00:00Z"``."""
        found = self.day(cell)
        return found if "T" in found else f"{found}T00:00:00Z"

    def day(self, cell: Cell) -> str:
        """A day, ``"2026-01-17"``, or a time."""
        self._require(cell)
        if cell.moment is not None:
            return cell.moment.date().isoformat() if cell.day else f"{cell.moment.isoformat()}Z"
        text = self._clean(cell)
        whole = cell.kind is Kind.NUMBER and text.isdigit() and int(text) in _COMPACT_DAYS
        if cell.kind is Kind.TEXT or whole:
            if _COUNTED.fullmatch(text):
                raise self._counted(cell)
            with self._placed(cell):
                return self.days.read(cell, text)
        if cell.kind is Kind.NUMBER:
            raise self._counted(cell)
        what = phrase("{text} is {kind}, not a date", text=_quoted(cell), kind=_called(cell))
        raise self._fault(cell, what, _as_day())

    def flag(self, cell: Cell) -> bool:
        """True or false; also yes and no in the languages of the product."""
        self._require(cell)
        word = self._clean(cell).casefold()
        if word in _TRUE:
            return True
        if word in _FALSE:
            return False
        what = phrase("{text} is neither yes nor no", text=_quoted(cell))
        raise self._fault(cell, what, phrase("write yes or no"))

    def _number(self, cell: Cell) -> tuple[str, str]:
        """The digits of a cell with a decimal point, and what stands behind them."""
        self._require(cell)
        if cell.kind is Kind.NUMBER and cell.number is not None:
            if cell.dressed:
                what = phrase("{text} is shown as another number, by its format", text=_quoted(cell))
                raise self._fault(
                    cell, what, phrase("give the cell the format of a plain number, and look at it")
                )
            if cell.lost:
                what = phrase("{text} has lost digits: spreadsheets keep 15 of a number", text=_quoted(cell))
                raise self._fault(cell, what, _as_text())
            return _plain(cell.number), trimmed(cell.unit)
        if cell.kind is not Kind.TEXT:
            what = phrase("{text} is {kind}, not a number", text=_quoted(cell), kind=_called(cell))
            raise self._fault(cell, what, phrase("format the cell as a number, and write it again"))
        digits, behind = apart(self._clean(cell))
        if not digits:
            what = phrase("{text} is not a number", text=_quoted(cell))
            raise self._fault(
                cell, what, phrase("write digits, and a sign before decimals if need be, such as 24.5")
            )
        with self._placed(cell):
            return self.style.read(cell, digits), behind

    def _unit(self, cell: Cell, text: str) -> tuple[str, bool]:
        with self._placed(cell):
            return amount_unit(text)

    @contextmanager
    def _placed(self, cell: Cell) -> Iterator[None]:
        """Faults inside the block are those of this cell."""
        try:
            yield
        except InputError as error:
            raise InputError(error.what, hint=error.hint, where=cell.place(self.heading)) from None

    def _fault(self, cell: Cell, what: str, hint: str) -> InputError:
        return InputError(what, hint=hint, where=cell.place(self.heading))

    def _require(self, cell: Cell) -> None:
        """Refuse a cell in which nothing stands that anybody wrote."""
        match cell.kind:
            case Kind.EMPTY:
                raise self._fault(cell, phrase("the cell is empty"), phrase("fill it in"))
            case Kind.ERROR if cell.text.startswith("##"):
                what = phrase("the file has number signs instead of the value")
                raise self._fault(cell, what, phrase("widen the column and export it again"))
            case Kind.ERROR:
                what = phrase("the cell holds the error {code}", code=cell.text[:_MOST_SHOWN])
                raise self._fault(cell, what, phrase("mend its formula, or write the value"))
            case Kind.UNCALCULATED:
                what = phrase("the file has a formula here, without its result")
                hint = phrase("open it in a spreadsheet program and save it there, or write the value")
                raise self._fault(cell, what, hint)
            case Kind.TEXT | Kind.NUMBER | Kind.DATE | Kind.DURATION | Kind.FLAG:
                return
            case _:
                assert_never(cell.kind)

    def _clean(self, cell: Cell) -> str:
        """Its text, trimmed and in NFC, without anything that steers what shows it."""
        text = composed(trimmed(cell.text))
        if "\n" in text or "\r" in text:
            raise self._fault(cell, phrase("the text has a line break"), phrase("write it on one line"))
        if wrong := fault_of(text):
            raise self._fault(cell, _steering(wrong), phrase("write it anew"))
        return text

    def _counted(self, cell: Cell) -> InputError:
        what = phrase("{text} is a number, perhaps of a day as spreadsheets count them", text=_quoted(cell))
        return self._fault(cell, what, _as_day())


def _steering(wrong: str) -> Phrase:
    """What is wrong with a text, of what :func:`fault_of` says in English."""
    kind, _, code = wrong.rpartition(" ")
    if kind.endswith("override"):
        return phrase("the text holds a character that turns its direction {code}", code=code)
    if kind.endswith("control character"):
        return phrase("the text holds a control character {code}", code=code)
    return phrase("the text holds a character that nobody can see {code}", code=code)


def _plain(number: Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _quoted(cell: Cell) -> str:
    text = trimmed(cell.text)
    return repr(text if len(text) <= _MOST_SHOWN else f"{text[:_MOST_SHOWN]}…")


def _called(cell: Cell) -> Phrase:
    """What a cell holds, with its article."""
    match cell.kind:
        case Kind.DATE:
            return phrase("a date")
        case Kind.DURATION:
            return phrase("a time of day or a duration")
        case Kind.FLAG:
            return phrase("true or false")
        case Kind.NUMBER:
            return phrase("a number")
        case Kind.TEXT | Kind.EMPTY | Kind.ERROR | Kind.UNCALCULATED:
            return phrase("text")
        case _:
            assert_never(cell.kind)


def _as_text() -> Phrase:
    return phrase("format the column as text, and write it again")


def _as_percent() -> Phrase:
    return phrase("write it with its sign, such as 87.5 %, or % in the heading")


def _as_day() -> Phrase:
    return phrase("format the cell as a date, or write it as text, such as 2026-01-17")
