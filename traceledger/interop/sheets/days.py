"""Dates that were written as text: what each says by itself, and what all of a column say together.

``03.04.2026`` has the day first: no language writes the month first with points between (CLDR). With slashes
or dashes it may be either, and only a day above 12 somewhere in the column tells.

Example:
    >>> moment_of("17/01/2026 06:00", "dmy"), moment_of("2026-01-17", "")
    ('2026-01-17T06:00:00Z', '2026-01-17')
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from traceledger.errors import InputError
from traceledger.interop.sheets.contents import trimmed
from traceledger.interop.sheets.grid import Cell, Kind
from traceledger.languages.phrases import Phrase, phrase

_CLOCK = (
    r"(?:[T ]+(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?P<part>[.,][0-9]{1,9})?)?)?"
)
_ZONE = r"\s*(?P<zone>Z|UTC|[+-][0-9]{2}:?[0-9]{2})?"
_YEAR_FIRST = re.compile(
    rf"(?P<year>[0-9]{{4}})(?P<gap>[-/.])(?P<month>[0-9]{{1,2}})(?P=gap)(?P<day>[0-9]{{1,2}}){_CLOCK}{_ZONE}",
    re.ASCII,
)
_COMPACT = re.compile(
    rf"(?P<year>(?:19|20)[0-9]{{2}})(?P<month>[0-9]{{2}})(?P<day>[0-9]{{2}}){_CLOCK}{_ZONE}", re.ASCII
)
_YEAR_LAST = re.compile(
    rf"(?P<one>[0-9]{{1,2}})(?P<gap>[-/.])(?P<two>[0-9]{{1,2}})(?P=gap)(?P<year>[0-9]{{4}}),?{_CLOCK}{_ZONE}",
    re.ASCII,
)
_MOST = 64


@dataclass(frozen=True, slots=True)
class Days:
    """How dates that are text are written in a column.

    Attributes:
        order: ``"dmy"`` or ``"mdy"`` of dates with the year last; empty if there are none, or none tells.
        example: the first cell that tells; ``None`` if the user said it.
    """

    order: str = ""
    example: Cell | None = None

    @classmethod
    def of(cls, cells: Iterable[Cell]) -> Days:
        """The style of the dates of a column, without its heading; what is no such date is passed over.

        Cells that contradict most are refused when they are read.
        """
        telling: dict[str, list[Cell]] = {"dmy": [], "mdy": []}
        for cell in cells:
            order = order_of(trimmed(cell.text)) if cell.kind is Kind.TEXT else ""
            if order:
                telling[order].append(cell)
        most = max(telling, key=lambda each: len(telling[each]))
        return cls(most, telling[most][0]) if telling[most] else cls()

    def read(self, cell: Cell, text: str) -> str:
        """A day, or a time with its zone, in ISO 8601.

        Raises:
            InputError: it is neither, could be either of two, or contradicts the others.
        """
        told = order_of(text)
        if self.order and told and told != self.order:
            raise self._contradiction(cell, text)
        if found := moment_of(text, self.order or told):
            return found
        if not self.order and not told and (moment_of(text, "dmy") and moment_of(text, "mdy")):
            what = phrase("in {text}, nothing tells the day from the month", text=_quoted(text))
            raise InputError(what, where=cell.place(), hint=_hint())
        raise InputError(phrase("{text} is not a date", text=_quoted(text)), where=cell.place(), hint=_hint())

    def _contradiction(self, cell: Cell, text: str) -> InputError:
        values = {"text": _quoted(text), "other": _quoted(self.example.text if self.example else self.order)}
        if self.order == "dmy":
            what = phrase("{text} has the month first, but {other} the day", **values)
        else:
            what = phrase("{text} has the day first, but {other} the month", **values)
        return InputError(what, where=cell.place(), hint=_hint())


def _quoted(text: str) -> str:
    return repr(text[:_MOST])


def _hint() -> Phrase:
    return phrase(
        "write year, month, day, such as 2026-01-17 or 2026-01-17 06:00, or format the cells as dates"
    )


def moment_of(text: str, order: str) -> str:
    """A date in ISO 8601, or a time with its zone, UTC where none is said; empty if it is neither.

    Args:
        text: as it was written.
        order: of dates with the year last; empty if it is not known.
    """
    if len(text) > _MOST:
        return ""
    found = _YEAR_FIRST.fullmatch(text) or _COMPACT.fullmatch(text)
    if found is not None:
        return _iso(found, found["month"], found["day"])
    found = _YEAR_LAST.fullmatch(text)
    if found is None or not order:
        return ""
    month, day = (found["two"], found["one"]) if order == "dmy" else (found["one"], found["two"])
    return _iso(found, month, day)


def order_by_number(text: str) -> str:
    """``dmy`` or ``mdy`` of a date with the year last of which a number above 12 tells; else empty."""
    found = _YEAR_LAST.fullmatch(trimmed(text)) if len(text) <= _MOST else None
    if found is None:
        return ""
    return "mdy" if int(found["two"]) > 12 else "dmy" if int(found["one"]) > 12 else ""


def order_of(text: str) -> str:
    """``dmy`` or ``mdy`` of a date with the year last; empty if it does not tell, or is none."""
    found = _YEAR_LAST.fullmatch(text) if len(text) <= _MOST else None
    if found is None:
        return ""
    if int(found["two"]) > 12:
        return "mdy"
    return "dmy" if int(found["one"]) > 12 or found["gap"] == "." else ""


def _iso(found: re.Match[str], month: str, day: str) -> str:
    """It in ISO 8601; empty where there is no such day or time."""
    clock = found["hour"], found["minute"], found["second"] or "00"
    try:
        whole = date(int(found["year"]), int(month), int(day))
        if clock[0] is None:
            # A day with a zone is no day that anybody writes.
            return "" if found["zone"] else whole.isoformat()
        hour, minute, second = map(int, clock)
        moment = datetime(whole.year, whole.month, whole.day, hour, minute, second)
    except ValueError:
        return ""
    zone = found["zone"] or "Z"
    part = (found["part"] or "").replace(",", ".")
    return f"{moment.isoformat()}{part}{'Z' if zone == 'UTC' else zone}"
