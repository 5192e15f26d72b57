"""From the cells of a row to the values of an operations file: one function for each kind of column."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, assert_never

from traceledger.errors import InputError
from traceledger.interop.sheets.amounts import heading_of, unit_of
from traceledger.interop.sheets.columns import UNIT, UNIT_OF_CO2E, UNITS, Column, Kind
from traceledger.interop.sheets.contents import trimmed
from traceledger.interop.sheets.grid import Cell, Row
from traceledger.interop.sheets.grid import Kind as CellKind
from traceledger.interop.sheets.heads import Placed, Table
from traceledger.languages.phrases import phrase

_APART = re.compile(r"[;\n]")


@dataclass(frozen=True, slots=True)
class Entry:
    """What a cell says.

    Attributes:
        column: of which column.
        value: as an operations file has it.
        cell: where it stands.
        heading: what stands above it.
    """

    column: Column
    value: Any
    cell: Cell
    heading: str


def entries(table: Table, row: Row) -> Iterator[Entry | InputError]:
    """What the cells of a row say that are not empty, or what is wrong with them."""
    units: dict[str, str] = {}
    unknown: set[str] = set()
    for placed in table.columns:
        cell = row.at(placed.index)
        if placed.column.word in (UNIT, UNIT_OF_CO2E) and cell is not None and not cell.empty:
            try:
                units[placed.column.word] = unit_of(placed.values.get(cell.text, cell.text))
            except InputError as error:
                unknown.add(placed.column.word)
                yield type(error)(error.what, hint=error.hint, where=cell.place(placed.heading))
    for placed in table.columns:
        cell = row.at(placed.index)
        if cell is None or cell.empty or placed.column.word in (UNIT, UNIT_OF_CO2E):
            continue
        try:
            value = _value(placed, cell, units.get(placed.column.unit, ""))
        except InputError as error:
            # What is wrong with the unit is said at its own cell, once.
            if placed.column.unit in unknown and (found := _in_any_unit(placed, cell)) is not None:
                yield Entry(placed.column, found, cell, placed.heading)
                continue
            yield (
                error
                if error.where
                else type(error)(error.what, hint=error.hint, where=cell.place(placed.heading))
            )
        else:
            yield Entry(placed.column, value, cell, placed.heading)


def _in_any_unit(placed: Placed, cell: Cell) -> Any:
    """What a cell says in some unit; ``None``: something else is wrong with it."""
    try:
        return _value(placed, cell, UNITS[-1])
    except InputError:
        return None


def _value(placed: Placed, cell: Cell, unit: str) -> Any:
    """What a cell says.

    Raises:
        InputError: it cannot be read as what the column holds.
    """
    column, reader = placed.column, placed.reader
    if cell.kind not in (CellKind.ERROR, CellKind.UNCALCULATED):
        for said in (cell.text, trimmed(cell.text)):
            if said in placed.values:
                return placed.values[said]
    match column.kind:
        case Kind.IDENTIFIER:
            text = reader.identifier(cell)
            if column.names in _WITH_COMMAS:  # A company may well be called Total.
                _require_own(text)
            return _several(text, column) if column.many else text
        case Kind.TEXT:
            text = reader.text(cell)
            return _several(text, column) if column.many else text
        case Kind.WORD:
            text = reader.text(cell)
            return (
                [_word(each, column) for each in _several(text, column)]
                if column.many
                else _word(text, column)
            )
        case Kind.QUANTITY:
            _agree(placed, unit)
            return reader.quantity(cell, unit)
        case Kind.PERCENT:
            return reader.percent(cell)
        case Kind.RANGE:
            return reader.text(cell)
        case Kind.INTEGER:
            return reader.integer(cell)
        case Kind.DEGREES:
            return reader.degrees(cell)
        case Kind.TIME:
            return reader.time(cell)
        case Kind.DAY:
            return reader.day(cell)
        case Kind.FLAG:
            return reader.flag(cell)
        case _:
            assert_never(column.kind)


def _agree(placed: Placed, unit: str) -> None:
    """Refuse a unit beside an amount that is not the one of its heading: either may be wrong.

    Raises:
        InputError: they differ.
    """
    above = heading_of(placed.heading).unit
    if unit and above and unit != above:
        what = phrase("the heading says {above}, the unit beside it {unit}", above=above, unit=unit)
        raise InputError(what, hint=phrase("empty the cell of the unit, or take the unit out of the heading"))


def _require_own(name: str) -> None:
    """Refuse what sums up the rows above: it is no lot, and its amount is theirs.

    Raises:
        InputError: it is called so.
    """
    if name.casefold().rstrip(":. ") in _TOTALS:
        raise InputError(
            phrase("{text} looks like the row that sums up the others", text=repr(name)),
            hint=phrase("delete that row; what is really called so goes into an operations file"),
        )


_TOTALS = frozenset(
    (
        *(
            "total",
            "totals",
            "subtotal",
            "grand total",
            "sum",
            "summe",
            "gesamt",
            "gesamtsumme",
            "zwischensumme",
        ),
        *(
            "summa",
            "totalt",
            "delsumma",
            "i alt",
            "ialt",
            "subtotaal",
            "totaal",
            "som",
            "somme",
            "sous-total",
        ),
        *("total général", "合计", "总计", "小计", "总和"),
    )
)


def _several(text: str, column: Column) -> list[str]:
    """The names or words of one cell.

    Raises:
        InputError: they may be one or several.
    """
    found = [part.strip() for part in _APART.split(text) if part.strip()]
    if "," not in text or len(found) > 1:
        return found
    if column.names in _WITH_COMMAS:
        raise InputError(
            phrase("whether {text} is one name or several cannot be told", text=repr(text)),
            hint=phrase("put semicolons between them, or give each a row"),
        )
    return [part.strip() for part in text.split(",") if part.strip()]


_WITH_COMMAS = ("batch", "facility", "shipment", "transformation", "record", "finding", "assessment")
"""Things whose names their makers choose, and in which there may be a comma."""


def _word(text: str, column: Column) -> str:
    """The word that is meant by another spelling; what is none of them is refused with the operation."""
    plain = text.strip().casefold().replace(" ", "_").replace("-", "_")
    return next((choice for choice in column.choices if choice.casefold() == plain), text)
