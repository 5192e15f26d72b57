"""Numbers that were written as text: what each says by itself, and what all of a file say together.

``1.234`` is a number with decimals to one reader and a thousand to another. One value never decides that; but
``24,5`` can only have a decimal comma, and where several such stand in a file and none against them, the
others are read the same way.

Example:
    >>> [numeral(text).says.name for text in ("1.234,5", "1'234", "1.234")]
    ['COMMA', 'NOTHING', 'EITHER']
    >>> numeral("1.234").read(Decimals.COMMA), numeral("1.234").read(Decimals.POINT)
    ('1234', '1.234')
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from traceledger.errors import InputError
from traceledger.interop.sheets.contents import trimmed
from traceledger.interop.sheets.grid import Cell, Decimals, Kind
from traceledger.languages.phrases import Phrase, phrase

_DECIDING = 2
"""Cells that must say the same before others, which could mean either, are read so."""
_GAPS = " \u00a0\u2007\u2009\u202f'\u2019"
"""What stands between thousands besides point and comma: blanks of several widths, apostrophes."""
_MINUS = str.maketrans("\u2212\u2010\u2013", "---")
_NUMERAL = re.compile(rf"(?P<sign>[+-]?)(?P<body>[0-9.,{_GAPS}]*[0-9])", re.ASCII)
_GROUPED = re.compile(rf"[0-9]{{1,3}}(?P<gap>[{_GAPS}.,])[0-9]{{3}}(?:(?P=gap)[0-9]{{3}})*", re.ASCII)
_LEADING = re.compile(rf"[+-]?[0-9.,{_GAPS}]*[0-9]", re.ASCII)
_MOST = 64


class Says(Enum):
    """What a number says about the sign before decimals."""

    NOTHING = "nothing"
    EITHER = "either"
    POINT = "point"
    COMMA = "comma"


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number as it was written: its digits by either reading, with a point, and what it says."""

    by_point: str
    by_comma: str
    says: Says

    def read(self, decimals: Decimals | None) -> str:
        """Its digits, where the sign before decimals is known, or says itself what it is."""
        return self.by_comma if decimals is Decimals.COMMA else self.by_point


def numeral(text: str) -> Numeral | None:
    """What a text says, if it is a number; thousands are apart by groups of three digits, or not at all."""
    found = _NUMERAL.fullmatch(text.translate(_MINUS)) if len(text) <= _MOST else None
    if found is None:
        return None
    sign, body = found["sign"].removeprefix("+"), found["body"]
    marks = [each for each in body if each in ".,"]
    if not marks:
        whole = _ungrouped(body)
        return None if whole is None else Numeral(sign + whole, sign + whole, Says.NOTHING)
    last = marks[-1]
    if len(marks) > 1 and len(set(marks)) == 1:
        # Several of one kind only part thousands, so that the other one stands before decimals.
        whole = _ungrouped(body)
        says = Says.COMMA if last == "." else Says.POINT
        return None if whole is None else Numeral(sign + whole, sign + whole, says)
    head, _, decimals = body.rpartition(last)
    whole = _ungrouped(head or "0")
    if whole is None or last in head or not decimals.isdigit():
        return None
    says = Says.COMMA if last == "," else Says.POINT
    number = f"{sign}{whole}.{decimals}"
    if len(decimals) != 3 or not head.isdigit() or len(head) > 3 or head.startswith("0"):
        return Numeral(number, number, says)
    thousands = sign + head + decimals
    if last == ",":
        return Numeral(thousands, number, Says.EITHER)
    return Numeral(number, thousands, Says.EITHER)


def _ungrouped(text: str) -> str | None:
    """The digits of a whole number; ``None`` where they are not in groups of three."""
    if text.isdigit():
        return text
    found = _GROUPED.fullmatch(text)
    return text.replace(found["gap"], "") if found else None


def apart(text: str) -> tuple[str, str]:
    """A number that begins a text, and the rest of it, which is a unit if it is anything."""
    found = _LEADING.match(text.translate(_MINUS))
    return (text[: found.end()], text[found.end() :].strip()) if found else ("", text)


@dataclass(frozen=True, slots=True)
class Style:
    """How numbers that are text are written in a file or sheet.

    Attributes:
        decimals: which sign stands before decimals; ``None`` if no cell tells.
        sure: whether what could mean either is read so: the user said it, or several cells do.
        example: the first cell that tells; ``None`` if the user said it.
    """

    decimals: Decimals | None = None
    sure: bool = False
    example: Cell | None = None

    @classmethod
    def of(cls, cells: Iterable[Cell], said: Decimals | None = None) -> Style:
        """The style of cells that are quantities: all of a file or sheet.

        Cells that contradict most are refused when they are read.

        Args:
            cells: those of columns of amounts, without their headings; others are passed over.
            said: what the user said, by option or mapping file.
        """
        if said is not None:
            return cls(said, sure=True)
        telling: dict[Decimals, list[Cell]] = {Decimals.POINT: [], Decimals.COMMA: []}
        for cell in cells:
            says = said_by(cell)
            if says is Says.POINT or says is Says.COMMA:
                telling[Decimals(says.value)].append(cell)
        most = max(telling, key=lambda each: len(telling[each]))
        if not telling[most]:
            return cls()
        # Cells that contradict the most are told, and nothing is sent before they agree.
        others = sum(len(telling[each]) for each in telling if each is not most)
        return cls(most, max(_DECIDING, others + 1) <= len(telling[most]), telling[most][0])

    def read(self, cell: Cell, text: str) -> str:
        """The digits of a number that a cell holds as text, with a decimal point.

        Raises:
            InputError: it is no number, could be either of two, or contradicts the others.
        """
        found = numeral(text)
        if found is None:
            raise InputError(
                phrase("{text} is not a number", text=_quoted(text)), where=cell.place(), hint=_hint()
            )
        if found.says is Says.EITHER and not self.sure:
            raise _ambiguous(found, cell, text)
        told = found.says.value if found.says in (Says.POINT, Says.COMMA) else ""
        if self.decimals is not None and told and told != self.decimals.value:
            raise self._contradiction(cell, trimmed(cell.text))
        return found.read(self.decimals)

    def _contradiction(self, cell: Cell, text: str) -> InputError:
        comma = self.decimals is Decimals.COMMA
        if self.example is None:
            what = (
                phrase(
                    "{text} has a decimal point, and this file was said to have commas", text=_quoted(text)
                )
                if comma
                else phrase(
                    "{text} has a decimal comma, and this file was said to have points", text=_quoted(text)
                )
            )
        else:
            other = self.example.place().spot
            values = {
                "text": _quoted(text),
                "other": _quoted(self.example.text),
                "cell": other.cell if other else "",
            }
            what = (
                phrase("{text} has a decimal point, but {other} in {cell} a comma", **values)
                if comma
                else phrase("{text} has a decimal comma, but {other} in {cell} a point", **values)
            )
        return InputError(
            what, where=cell.place(), hint=phrase("write all numbers of the file in the same way")
        )


def said_by(cell: Cell) -> Says:
    """What a cell says about the sign before decimals, if it is a number that is text."""
    if cell.kind is not Kind.TEXT:
        return Says.NOTHING
    found = numeral(apart(trimmed(cell.text))[0])
    return found.says if found else Says.NOTHING


def _ambiguous(found: Numeral, cell: Cell, text: str) -> InputError:
    what = phrase(
        "{text} could be {one} or {other}, and the file does not tell which",
        text=_quoted(text),
        one=found.by_point,
        other=found.by_comma,
    )
    hint = phrase("say --decimal comma or --decimal point, or write it without a sign between thousands")
    return InputError(what, where=cell.place(), hint=hint)


def _hint() -> Phrase:
    return phrase("write digits, and a sign before decimals if need be, such as 24.5")


def _quoted(text: str) -> str:
    return repr(text[:_MOST])
