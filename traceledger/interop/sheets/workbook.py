"""A workbook (.xlsx) as a book: values by python-calamine, and by the XML what it does not say."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Context, Decimal, InvalidOperation
from math import isfinite
from typing import TYPE_CHECKING, Any

from traceledger.interop.sheets.contents import kind_of
from traceledger.interop.sheets.formats import Shown, shown
from traceledger.interop.sheets.grid import (
    FAULTS_MARK,
    MOST_CELLS,
    Book,
    Cell,
    Hidden,
    Kind,
    Origin,
    Row,
    Sheet,
)
from traceledger.interop.sheets.package import Package, damaged, packed
from traceledger.interop.sheets.sheet_xml import Fact, SheetFacts, facts_of, too_large
from traceledger.interop.sheets.standing_out import flaws_of
from traceledger.interop.sheets.workbook_xml import Listed, Structure, structure_of

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

_DIGITS = 15
"""What spreadsheets keep of a number."""
_AS_SHOWN = Context(prec=_DIGITS)
_SPARED = ("docProps/", "xl/media/", "xl/drawings/", "xl/charts/", "xl/pivot", "xl/embeddings/", "customXml/")
"""Folders of parts that no cell is in."""


def book_of(content: bytes, name: str, hidden: Hidden) -> Book:
    """The sheets of a workbook.

    Raises:
        InputError: it is damaged, or larger than allowed.
    """
    package = Package.opened(content, name)
    wanted = [each for each in package.names() if each.endswith((".xml", ".rels"))]
    parts = package.parts(each for each in wanted if not each.startswith(_SPARED))
    structure = structure_of(parts, name)
    sheets: list[Sheet] = []
    count = 0
    with _opened(parts, name) as workbook:
        for listed in structure.sheets:
            origin, facts = Origin(name, listed.name), SheetFacts()
            if listed.part in parts:
                facts = facts_of(parts[listed.part], origin, stale=structure.stale)
            count += facts.bottom * facts.right
            if count > MOST_CELLS:
                raise too_large(origin.place())
            sheet = _Reader(listed, facts, structure, hidden).sheet(workbook, name)
            passed = sheet.hidden and hidden is Hidden.SKIP
            if not passed and not _lists_faults(sheet):
                sheets.append(sheet)
    return Book(name, tuple(sheets), workbook=True)


def _lists_faults(sheet: Sheet) -> bool:
    """Whether it was written by who gave the workbook back, with its faults marked."""
    return bool(sheet.rows) and sheet.rows[0].number == 1 and sheet.rows[0].cells[0].text == FAULTS_MARK


def _opened(parts: dict[str, bytes], name: str) -> CalamineWorkbook:
    import python_calamine

    try:
        return python_calamine.load_workbook(io.BytesIO(packed(parts)))
    except (python_calamine.CalamineError, OSError, ValueError):
        raise damaged(name) from None


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads one sheet."""

    listed: Listed
    facts: SheetFacts
    structure: Structure
    hidden: Hidden

    def sheet(self, workbook: CalamineWorkbook, name: str) -> Sheet:
        origin = Origin(name, self.listed.name)
        values = _values(workbook, origin) if self.facts.cells else iter(())
        skipped = self.hidden is Hidden.SKIP
        rows = []
        for number, row in enumerate(values, start=1):
            if number > self.facts.bottom:
                break
            if skipped and number in self.facts.rows:
                continue
            cells = tuple(self._cells(row, number, origin))
            if any(not cell.empty for cell in cells):
                rows.append(Row(number, cells))
        flaws = flaws_of(self.facts, origin, self.hidden, whole=self.listed.hidden)
        return Sheet(origin, tuple(rows), self.listed.hidden, flaws)

    def _cells(self, values: list[Any], row: int, origin: Origin) -> Iterator[Cell]:
        gone = self._columns() if self.hidden is Hidden.SKIP else frozenset()
        for column, value in enumerate(values[: self.facts.right], start=1):
            fact = self.facts.cells.get((row, column))
            if fact is None or column in gone:
                yield Cell(origin, row, column)
            else:
                yield self._cell(value, fact, Cell(origin, row, column))

    def _columns(self) -> frozenset[int]:
        spans = (range(first, min(last, self.facts.right) + 1) for first, last in self.facts.columns)
        return frozenset(column for span in spans for column in span)

    def _cell(self, value: Any, fact: Fact, bare: Cell) -> Cell:
        at = bare.origin, bare.row, bare.column
        if fact.kind is Kind.ERROR or fact.kind is Kind.UNCALCULATED:
            return Cell(*at, fact.kind, fact.written)
        match value:
            case bool():
                return Cell(*at, Kind.FLAG, "true" if value else "false")
            case int() | float():
                # No spreadsheet writes one that is not finite; other programs write NaN.
                is_number = isfinite(value)
                return self._number(value, fact, bare) if is_number else Cell(*at, Kind.ERROR, str(value))
            case datetime() | date():
                return _date(value, bare)
            case time() | timedelta():
                return Cell(*at, Kind.DURATION, str(value))
            case _:
                text = str(value)
                kind = kind_of(text)
                # A formula would be one: what is text here, a spreadsheet shows as text.
                kind = Kind.TEXT if kind is Kind.UNCALCULATED else kind
                return Cell(*at, kind, "" if kind is Kind.EMPTY else text)

    def _number(self, value: float, fact: Fact, bare: Cell) -> Cell:
        exact = _decimal(fact.written if fact.kind is Kind.NUMBER else "", value)
        number = _AS_SHOWN.plus(exact)
        look = self._shown(fact.style)
        digits = f"{number:f}"
        if "." in digits:
            digits = digits.rstrip("0").rstrip(".")
        whole, point, decimals = digits.partition(".")
        filled = whole if whole.startswith("-") else whole.zfill(look.digits)
        return Cell(
            bare.origin,
            bare.row,
            bare.column,
            Kind.NUMBER,
            filled + point + decimals,
            number=number,
            unit=look.unit,
            dressed=look.dressed,
            lost=abs(exact) >= 10**_DIGITS,
        )

    def _shown(self, style: int) -> Shown:
        formats = self.structure.formats
        return shown(formats[style]) if style < len(formats) and formats[style] else Shown()


def _values(workbook: CalamineWorkbook, origin: Origin) -> Iterable[list[Any]]:
    """The rows from the first one and from column A on, as many as have something in them."""
    import python_calamine

    try:
        sheet = workbook.get_sheet_by_name(origin.sheet)
        return sheet.to_python(skip_empty_area=False)
    except (python_calamine.CalamineError, OSError, ValueError, OverflowError):
        raise damaged(origin.file) from None


def _decimal(written: str, value: float) -> Decimal:
    try:
        found = Decimal(written)
    except InvalidOperation:
        found = Decimal(repr(value))
    # No spreadsheet has numbers beyond 1E+308; written out, larger ones would fill the memory.
    return found if found.is_finite() and abs(found.adjusted()) < 310 else Decimal(repr(value))


def _date(value: date, bare: Cell) -> Cell:
    at = bare.origin, bare.row, bare.column
    if isinstance(value, datetime):
        # Days are counted as binary fractions: 6 o'clock may be a few microseconds less.
        moment = (value + timedelta(milliseconds=5)).replace(microsecond=0)
        moment = moment if abs(moment - value) <= timedelta(milliseconds=5) else value
        return Cell(*at, Kind.DATE, moment.isoformat(" "), moment=moment)
    moment = datetime(value.year, value.month, value.day)
    return Cell(*at, Kind.DATE, value.isoformat(), moment=moment, day=True)
