"""Which column of a sheet is which, and what reads its cells; what is not known of them is said once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from traceledger.errors import InputError
from traceledger.interop.sheets import amounts
from traceledger.interop.sheets.columns import UNIT_OF_CO2E, Column, Kind, OperationForm, family_of
from traceledger.interop.sheets.grid import Cell, Decimals, Row, Sheet
from traceledger.interop.sheets.headings import heading, meant, plain
from traceledger.interop.sheets.mapping import SheetMapping
from traceledger.languages import ENGLISH
from traceledger.languages.phrases import phrase
from traceledger.model import spelling


@dataclass(frozen=True, slots=True)
class Placed:
    """A column of a sheet that is known.

    Attributes:
        index: from 1.
        heading: as the sheet has it.
        column: what it is; its word names the substance where there is one for each.
        reader: reads its cells.
        values: what is meant by what stands in them.
    """

    index: int
    heading: str
    column: Column
    reader: amounts.Column
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of one operation, or of one of its lists.

    Attributes:
        form: the operation's.
        listed: the list that they are of; empty: they are operations.
        sheet: where they stand.
        head: the row with the headings.
        columns: those that are known.
        constants: what every row says, by word.
        missing: words of required columns that are not there; it is said once.
    """

    form: OperationForm
    listed: str
    sheet: Sheet
    head: int
    columns: tuple[Placed, ...]
    constants: Mapping[str, str | bool | int]
    missing: frozenset[str]


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of a sheet under their headings.

    Attributes:
        sheet: where they stand.
        head: the row with the headings.
        below: those that are meant.
        mapping: what a mapping file says of them.
        decimal: the sign before decimals that the user says.
        chooser: index of the column that says the operation; ``None``: there is none.
    """

    sheet: Sheet
    head: Row
    below: tuple[Row, ...]
    mapping: SheetMapping
    decimal: Decimals | None
    chooser: int | None = None


def table_of(form: OperationForm, listed: str, rows: Rows, faults: list[InputError]) -> Table:
    """The table of rows of one operation, or of one of its lists; faults of its headings go to the list."""
    if listed and not form.key:
        listed = ""
    known = form.list_columns(listed) if listed else form.all_columns
    placed: dict[int, Column] = {}
    passed = {rows.chooser} if rows.chooser is not None else set()
    for cell in rows.head.cells:
        if cell.column in passed:
            continue
        if rows.chooser is not None and _is_empty(rows.below, cell.column):
            # It is there for other operations of the sheet.
            passed.add(cell.column)
            continue
        words = _words(cell, known, form.op, rows.mapping)
        if words is None:
            passed.add(cell.column)
            continue
        fault = _fault_of_heading(cell, words, placed.values(), known, form)
        if not words and (rows.mapping.others or _is_empty(rows.below, cell.column)):
            passed.add(cell.column)
        elif fault is not None:
            faults.append(fault)
            passed.add(cell.column)
        else:
            placed[cell.column] = _column(words[0], known)
            faults += _fault_of_unit(cell, placed[cell.column], rows.mapping)
    columns = _readers(rows, placed)
    constants = rows.mapping.constants
    missing = _missing(form, listed, known, {column.word for column in placed.values()} | set(constants))
    faults += [_missing_fault(form, word, rows) for word in missing]
    return Table(form, listed, rows.sheet, rows.head.number, columns, constants, frozenset(missing))


def _words(cell: Cell, known: Sequence[Column], op: str, mapping: SheetMapping) -> tuple[str, ...] | None:
    """The columns that a heading may mean; ``None``: it is passed over."""
    for name, word in mapping.columns.items():
        if name == cell.text or plain(name) == plain(cell.text):
            return (word,) if word else None
    if cell.empty:
        return ()
    return meant(cell.text, known, op) or meant(amounts.heading_of(cell.text).name, known, op)


def _is_empty(rows: Iterable[Row], index: int) -> bool:
    return all((cell := row.at(index)) is None or cell.empty for row in rows)


def _fault_of_heading(
    cell: Cell,
    words: Sequence[str],
    taken: Iterable[Column],
    known: Sequence[Column],
    form: OperationForm,
) -> InputError | None:
    where = cell.place()
    if len(words) > 1:
        what = phrase("the heading {heading} may mean several columns", heading=repr(cell.text))
        return InputError(what, where=where, hint=phrase("one of {words}", words=", ".join(words)))
    if not words and cell.empty:
        return InputError(
            phrase("this column has no heading"), where=where, hint=phrase("give it one, or empty it")
        )
    if not words:
        names = {plain(heading(column.word, form.op, ENGLISH)): column.word for column in known}
        near = spelling.meant(plain(cell.text), [*names, *(column.word for column in known)])
        hint = phrase("did you mean {word}?", word=names.get(near, near)) if near else _REMOVE
        what = phrase("{operation} has no column {name}", operation=form.op, name=repr(cell.text))
        return InputError(what, where=where, hint=hint)
    if any(words[0] == column.word for column in taken):
        what = phrase("the column {word} is there twice", word=words[0])
        return InputError(what, where=where, hint=phrase("remove one of them"))
    return None


def _fault_of_unit(cell: Cell, column: Column, mapping: SheetMapping) -> list[InputError]:
    """Of a heading of amounts, that its unit cannot be meant, or is another one than was said."""
    if column.kind is not Kind.QUANTITY:
        return []
    above, said = amounts.heading_of(cell.text), mapping.units.get(column.word, "")
    if above.co2e and column.unit != UNIT_OF_CO2E:
        what = phrase(
            "the heading {heading} is of CO2e, and the column {word} is not",
            heading=repr(cell.text),
            word=column.word,
        )
        return [InputError(what, where=cell.place(), hint=phrase("look which column is meant"))]
    if above.unit and said and above.unit != said:
        what = phrase("the heading says {above}, the mapping file {said}", above=above.unit, said=said)
        return [InputError(what, where=cell.place(), hint=phrase("take the unit out of the mapping file"))]
    if column.word in _RATES:
        return []
    try:
        amounts.require_amounts(cell.text)
    except InputError as error:
        return [InputError(error.what, where=cell.place(), hint=error.hint)]
    return []


_RATES = ("capacity_per_year",)
"""Amounts that are for each year: their headings may say so."""
_REMOVE = phrase("remove the column, or pass over it: --mapping")


def _column(word: str, known: Iterable[Column]) -> Column:
    """The column of a word, with its own word where there is one for each substance."""
    found = {column.word: column for column in known}
    return found[word] if word in found else replace(found[family_of(word)], word=word)


def _readers(rows: Rows, placed: Mapping[int, Column]) -> tuple[Placed, ...]:
    """The columns with what reads their cells, under one style of numbers for the sheet."""
    numbers = [index for index, column in placed.items() if column.kind in _NUMBERS]
    style = amounts.Style.of([*_cells(rows.below, numbers)], rows.decimal)
    found = []
    for index, column in placed.items():
        text = _text_at(rows.head, index)
        days, said = amounts.Days(), rows.mapping.days
        if column.kind in (Kind.TIME, Kind.DAY):
            days = amounts.Days(said) if said else amounts.Days.of([*_cells(rows.below, [index])])
        unit = amounts.heading_of(text).unit or rows.mapping.units.get(column.word, "")
        reader = amounts.Column(text, unit=unit, style=style, days=days)
        found.append(Placed(index, text, column, reader, rows.mapping.values.get(column.word, {})))
    return tuple(found)


_NUMBERS = (Kind.QUANTITY, Kind.PERCENT, Kind.INTEGER, Kind.DEGREES)


def _cells(rows: Iterable[Row], indices: Sequence[int]) -> Iterable[Cell]:
    for row in rows:
        yield from (cell for index in indices if (cell := row.at(index)) is not None)


def _text_at(head: Row, index: int) -> str:
    cell = head.at(index)
    return "" if cell is None else cell.text


def _missing(form: OperationForm, listed: str, known: Iterable[Column], there: set[str]) -> list[str]:
    """Words of the required columns that are not there."""
    own = {column.word for column in form.columns}
    started = {word.partition(".")[0] for word in there - own}
    return [
        column.word
        for column in known
        if column.required
        and column.word not in there
        and (column.word in own or listed or column.word.partition(".")[0] in started)
    ]


def _missing_fault(form: OperationForm, word: str, rows: Rows) -> InputError:
    what = phrase(
        "the column {heading} is missing, which {operation} needs",
        heading=repr(heading(word, form.op, ENGLISH)),
        operation=form.op,
    )
    where = rows.sheet.place(rows.head.number)
    return InputError(what, where=where, hint=phrase("add it, as {word}", word=repr(word)))
