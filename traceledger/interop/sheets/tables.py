"""Which sheets of a file are read, and which operation's rows each of them holds.

A sheet is known by its name, as a template writes it in any language; by a mapping file; by a column that
says the operation; or by what the user says. Everything that concerns a whole sheet or column is said once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath

from traceledger.errors import InputError
from traceledger.interop.sheets.columns import OPERATION, form_of, forms, no_operation
from traceledger.interop.sheets.contents import trimmed
from traceledger.interop.sheets.grid import Book, Decimals, Row, Sheet
from traceledger.interop.sheets.headings import NOT_OPERATIONS, called, plain, titled
from traceledger.interop.sheets.heads import Rows, Table, table_of
from traceledger.interop.sheets.mapping import SheetMapping, SpreadsheetMapping
from traceledger.languages.phrases import phrase
from traceledger.model import spelling


@dataclass(frozen=True, slots=True)
class Terms:
    """How a spreadsheet is read, after what the user says and the mapping file.

    Attributes:
        operation: which operation its rows are, where nothing else tells.
        act_as: short name of the participant that acts, where no column says it.
        decimal: the sign before decimals of numbers that are text, where they do not tell.
        sheets: those to read; none: all that hold operations.
        mapping: how the sheets of others are read.
    """

    operation: str = ""
    act_as: str = ""
    decimal: Decimals | None = None
    sheets: tuple[str, ...] = ()
    mapping: SpreadsheetMapping | None = None


@dataclass(frozen=True, slots=True)
class Layout:
    """A sheet as it is read.

    Attributes:
        sheet: the sheet.
        rows: those below the headings that count.
        tables: by operation; by nothing where all rows are of one.
        chooser: index of the column that says the operation; ``None``: all rows are of one.
        faults: what is wrong with the sheet, its headings and its numbers as a whole.
    """

    sheet: Sheet
    rows: tuple[Row, ...]
    tables: Mapping[str, Table]
    chooser: int | None
    faults: tuple[InputError, ...] = ()

    def operation(self, row: Row) -> str:
        """The operation that the row says, as it stands there; empty where no column says it."""
        return "" if self.chooser is None else _operation_of(row, self.chooser)


@dataclass(frozen=True, slots=True)
class _Plan:
    """How a sheet is to be read."""

    sheet: Sheet
    operation: str
    listed: str
    mapping: SheetMapping = field(default_factory=SheetMapping)


def operation_meant(text: str) -> str:
    """The operation that is named so: in a template's words too; the text itself if none is."""
    found = titled(text)
    return found if found and "." not in found and found not in NOT_OPERATIONS else text.strip()


def _operation_of(row: Row, chooser: int) -> str:
    cell = row.at(chooser)
    return "" if cell is None or cell.empty else operation_meant(cell.text)


def require_operation(name: str, where: str = "--operation") -> None:
    """Refuse an operation that there is not, or a list that it has not.

    Raises:
        InputError: there is none of that name.
    """
    operation, _, listed = name.partition(".")
    known = {form.op: form for form in forms()}
    if operation and operation not in known:
        raise no_operation(operation, where)
    if listed and listed not in {each.word for each in known[operation].lists}:
        what = phrase("{operation} has no list {name}", operation=operation, name=repr(listed))
        raise InputError(what, where=where)


def layouts(book: Book, terms: Terms) -> tuple[list[Layout], list[InputError]]:
    """The sheets of a file that hold operations, and what is wrong with the choice of them."""
    plans, faults = _plans(book, terms)
    return [_laid_out(plan, terms) for plan in plans], faults


def _plans(book: Book, terms: Terms) -> tuple[list[_Plan], list[InputError]]:
    chosen = [sheet for sheet in book.sheets if not terms.sheets or _is_asked(sheet, terms)]
    absent = [name for name in terms.sheets if book.sheet(name) is None]
    faults = [_no_sheet(book, name) for name in absent]
    if terms.mapping is not None:
        return _mapped(book, chosen, terms.mapping, faults)
    plans = []
    for sheet in chosen:
        if not sheet.rows:
            continue
        name = titled(sheet.name) or (titled(PurePath(book.name).stem) if len(chosen) == 1 else "")
        if name in NOT_OPERATIONS:
            continue
        if _chooser(sheet.rows[0]) is not None:
            name = ""  # What rows say themselves counts more than what their file is called.
        operation, _, listed = (name or terms.operation).partition(".")
        if not operation and _chooser(sheet.rows[0]) is None:
            faults.append(_no_operation(sheet, book))
            continue
        plans.append(_Plan(sheet, operation, listed))
    return plans, faults


def _is_asked(sheet: Sheet, terms: Terms) -> bool:
    return sheet.name.casefold() in {name.casefold() for name in terms.sheets}


def _mapped(
    book: Book, chosen: Sequence[Sheet], mapping: SpreadsheetMapping, faults: list[InputError]
) -> tuple[list[_Plan], list[InputError]]:
    """The plans of a mapping file; sheets that it does not name are not read, but named."""
    plans = []
    for each in mapping.sheets:
        found = book.sheet(each.sheet) if each.sheet else (chosen[0] if len(chosen) == 1 else None)
        if found is None:
            faults.append(_no_sheet(book, each.sheet))
        elif found in chosen:
            plans.append(_Plan(found, each.operation, each.listed, each))
    used = {plan.sheet.name for plan in plans}
    for sheet in chosen:
        known = titled(sheet.name)
        if sheet.name not in used and sheet.rows and known and known not in NOT_OPERATIONS:
            operation, _, listed = known.partition(".")
            plans.append(_Plan(sheet, operation, listed))
    return plans, faults


def unread(book: Book, terms: Terms, laid_out: Iterable[Layout]) -> list[InputError]:
    """Doubts about sheets in which something stands, and that a mapping file leaves out."""
    if terms.mapping is None or terms.sheets:
        return []
    read = {layout.sheet.name for layout in laid_out}
    hint = phrase("map it too, or say which are meant: --sheet")
    return [
        InputError(
            phrase("the mapping file does not name this sheet: it is not read"),
            where=sheet.place(),
            hint=hint,
        )
        for sheet in book.sheets
        if sheet.rows and sheet.name not in read and titled(sheet.name) not in NOT_OPERATIONS
    ]


def _no_sheet(book: Book, name: str) -> InputError:
    names = [sheet.name for sheet in book.sheets if sheet.name]
    if not name:
        what = phrase("the mapping file does not say which of the sheets is meant")
        return InputError(what, where=book.name, hint=phrase("one of {sheets}", sheets=", ".join(names)))
    hint = spelling.hint(name, names, phrase("there are {sheets}", sheets=", ".join(names))) if names else ""
    return InputError(phrase("there is no sheet {name}", name=repr(name)), where=book.name, hint=hint)


def _no_operation(sheet: Sheet, book: Book) -> InputError:
    hint = phrase(
        "name the sheet after its operation, add a column 'op', or say it: --operation mint, or --mapping;"
        " --sheet reads some sheets only"
    )
    what = phrase("nothing says which operation the rows of this sheet are")
    return InputError(what, where=sheet.place() if book.workbook else book.name, hint=hint)


def _chooser(head: Row) -> int | None:
    """The column that says the operation."""
    names = called(OPERATION, "")
    found = [cell.column for cell in head.cells if not cell.empty and plain(cell.text) in names]
    return found[0] if found else None


def _laid_out(plan: _Plan, terms: Terms) -> Layout:
    sheet, mapping = plan.sheet, plan.mapping
    rows = [row for row in sheet.rows if mapping.headings is None or row.number >= mapping.headings]
    if not rows or (mapping.headings is not None and rows[0].number != mapping.headings):
        what = phrase("there are no headings in row {row}", row=mapping.headings)
        return Layout(sheet, (), {}, None, (InputError(what, where=sheet.place(mapping.headings)),))
    head, *below = rows
    ignored, faults = _ignored(head, mapping)
    counted = tuple(row for row in below if not _is_ignored(row, ignored))
    faults = [*sheet.faults(head.number), *faults]
    chooser = _mapped_chooser(head, mapping) if not plan.operation else None
    if not plan.operation and chooser is None:
        faults.append(InputError(phrase("no column says the operation"), where=sheet.place(head.number)))
        return Layout(sheet, (), {}, None, tuple(faults))
    if chooser is None:
        whole = Rows(sheet, head, counted, mapping, terms.decimal)
        table = table_of(form_of(plan.operation), plan.listed, whole, faults)
        return Layout(sheet, counted, {"": table}, None, tuple(faults))
    known = {form.op for form in forms()}
    by_operation: dict[str, list[Row]] = {}
    for row in counted:
        by_operation.setdefault(_operation_of(row, chooser), []).append(row)
    tables = {
        op: table_of(form_of(op), "", Rows(sheet, head, tuple(own), mapping, terms.decimal, chooser), faults)
        for op, own in by_operation.items()
        if op in known
    }
    return Layout(sheet, counted, tables, chooser, tuple(faults))


def _mapped_chooser(head: Row, mapping: SheetMapping) -> int | None:
    named = {plain(name) for name, word in mapping.columns.items() if word == OPERATION}
    found = [cell.column for cell in head.cells if not cell.empty and plain(cell.text) in named]
    return found[0] if found else _chooser(head)


def _ignored(head: Row, mapping: SheetMapping) -> tuple[dict[int, set[str]], list[InputError]]:
    """What stands in rows that are passed over, folded, by the index of the column."""
    found: dict[int, set[str]] = {}
    faults = []
    for name, values in mapping.ignored.items():
        index = next((cell.column for cell in head.cells if plain(cell.text) == plain(name)), None)
        if index is None:
            what = phrase(
                "the mapping file ignores rows by {heading}, which is no heading", heading=repr(name)
            )
            faults.append(InputError(what, where=head.cells[0].origin.place(head.number)))
        else:
            found[index] = set(map(_folded, values))
    return found, faults


def _is_ignored(row: Row, ignored: Mapping[int, set[str]]) -> bool:
    return any(
        (cell := row.at(index)) is not None and _folded(cell.text) in said for index, said in ignored.items()
    )


def _folded(text: str) -> str:
    return trimmed(text).casefold()
