"""From a spreadsheet to the lines that an operations file would have, and every fault at its cell.

Rows of one operation::

    its sheet            a row begins an operation; or goes on with the one above: it has the same key, says
                         nothing else that is said once, or the same, and lists something
    sheets of its lists  each row is an item, joined by the key
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from traceledger.errors import InputError, Place
from traceledger.interop.sheets import examples
from traceledger.interop.sheets.cells import Entry, entries
from traceledger.interop.sheets.columns import REMARK, Column, List, no_operation
from traceledger.interop.sheets.contained import overfull
from traceledger.interop.sheets.doubted import doubts_of
from traceledger.interop.sheets.drafts import Draft
from traceledger.interop.sheets.grid import Book, Row, column_of
from traceledger.interop.sheets.heads import Table
from traceledger.interop.sheets.order import ordered
from traceledger.interop.sheets.tables import Layout, Terms, layouts, unread
from traceledger.languages.phrases import phrase
from traceledger.operations.base import By
from traceledger.operations.catalogue import by_name, parsed
from traceledger.operations.file import Line, Unsound


@dataclass(frozen=True, slots=True)
class Read:
    """What a spreadsheet says.

    Attributes:
        lines: its operations in the order in which they run, numbered from 1; first, as number 0, what is
            wrong with sheets and columns as a whole.
        drafts: by number, where its operations and their values stand.
        warnings: what was read with a doubt.
    """

    lines: tuple[Line | Unsound, ...]
    drafts: dict[int, Draft]
    warnings: tuple[InputError, ...]


def read(book: Book, terms: Terms) -> Read:
    """The operations of a spreadsheet."""
    laid_out, faults = layouts(book, terms)
    reader = _Reader(terms)
    for layout in laid_out:
        faults += layout.faults
        reader.operations(layout)
    for layout in laid_out:
        reader.lists(layout)
    faults += reader.faults + [fault for layout in laid_out for fault in _nobody_acts(layout, reader)]
    faults += _lists_missing(laid_out)
    drafts = reader.drafts
    order = ordered([(draft.sheet, draft.document) for draft in drafts])
    numbered = {number: drafts[position] for number, position in enumerate(order, start=1)}
    lines: list[Line | Unsound] = [Unsound(0, tuple(faults))] if faults else []
    lines += [_line(number, draft, _absent(laid_out, draft)) for number, draft in numbered.items()]
    if not lines and not faults:
        where = Place(book.name)
        empty = InputError(phrase("there are no operations in this file"), where=where)
        lines = [Unsound(0, (empty,))]
    return Read(
        tuple(lines), numbered, (*book.warnings, *unread(book, terms, laid_out), *doubts_of(laid_out))
    )


@dataclass(frozen=True, slots=True)
class _Found:
    """The cells of a row: those that are understood, and what is wrong with the others."""

    good: Sequence[Entry]
    bad: Sequence[InputError]

    @classmethod
    def of(cls, table: Table, row: Row) -> _Found:
        """Read them."""
        found = [*entries(table, row)]
        return cls(
            [each for each in found if isinstance(each, Entry)],
            [each for each in found if isinstance(each, InputError)],
        )


class _Reader:
    """Puts operations together from the rows of sheets, one after another."""

    def __init__(self, terms: Terms) -> None:
        self.drafts: list[Draft] = []
        self.faults: list[InputError] = []
        self._named: dict[tuple[str, str], list[Draft]] = {}
        self._act_as = terms.act_as

    def operations(self, layout: Layout) -> None:
        """Read a sheet whose rows are operations."""
        last: Draft | None = None
        for row in layout.rows:
            op = layout.operation(row)
            table = layout.tables.get(op)
            if table is None:
                self._without_operation(layout, row, op)
                last = None
            elif not table.listed:
                last = self._row(table, row, last)

    def _without_operation(self, layout: Layout, row: Row, op: str) -> None:
        if layout.chooser is None:
            return
        where = layout.sheet.place(row.number, layout.chooser)
        if op:
            self.faults.append(no_operation(op, where))
        else:
            self.faults.append(InputError(phrase("this row does not say its operation"), where=where))

    def _row(self, table: Table, row: Row, last: Draft | None) -> Draft | None:
        found = _Found.of(table, row)
        good, bad = found.good, found.bad
        if (example := _example(good, bad, table)) is not None:
            self.faults += example
            return last
        good = [entry for entry in good if entry.column.word != REMARK]
        if not good and not bad:
            return last
        once = {entry.column.word: entry for entry in good if table.form.once(entry.column.word)}
        if last is None or not _goes_on(last, table, once, good, bad):
            last = self._begun(table, row, once)
        for fault in bad:
            last.fault(_path_of(fault, table), fault)
        for each in table.form.lists:
            for entry in good:
                if entry.column.word == each.word:
                    last.several(entry)
            self._item(last, table, each, row, found)
        return last

    def _begun(self, table: Table, row: Row, once: dict[str, Entry]) -> Draft:
        """A new operation, with what it says once."""
        form, place = table.form, table.sheet.place(row.number)
        draft = Draft(form, table.sheet.name, place, {"op": form.op})
        for word, value in table.constants.items():
            if word not in once and form.once(word):
                draft.say(word, value, place)
            elif word in once and str(once[word].value) != str(value):
                draft.fault(word, _contradicts(once[word], value))
        for word, entry in once.items():
            draft.say(word, entry.value, entry.cell.place(entry.heading))
        if "as" not in draft.document and self._act_as and by_name(form.op).row().takes_as:
            draft.document["as"] = self._act_as
        for placed in table.columns:
            column, cell = placed.column, row.at(placed.index)
            empty = cell is None or cell.empty
            if column.required and empty and form.once(column.word) and column.word not in draft.said:
                where = table.sheet.place(row.number, placed.index, placed.heading)
                draft.fault(column.word, InputError(phrase("this cell must not be empty"), where=where))
        self.drafts.append(draft)
        self._named.setdefault((form.op, draft.key), []).append(draft)
        return draft

    def _item(self, draft: Draft, table: Table, listed: List, row: Row, found: _Found) -> None:
        """An item of a list, and which of its cells must not be empty."""
        inside = [entry for entry in found.good if _is_of(entry.column, listed)]
        if inside:
            draft.list(listed, inside, table.sheet.place(row.number))
        elif not any(_is_in(fault, table, listed) for fault in found.bad):
            return
        placed = {each.column.word: each for each in table.columns}
        for column in listed.columns:
            there = placed.get(column.word)
            cell = row.at(there.index) if there else None
            if not column.required or (cell is not None and not cell.empty) or column.word in table.missing:
                continue
            what, where = phrase("this cell must not be empty"), table.sheet.place(row.number)
            if there is None:
                what = phrase("{column} is missing in this row", column=repr(column.word))
            else:
                where = table.sheet.place(row.number, there.index, there.heading)
            draft.fault(listed.word, InputError(what, where=where))

    def lists(self, layout: Layout) -> None:
        """Read a sheet whose rows are items of a list."""
        for table in layout.tables.values():
            if not table.listed:
                continue
            listed = {each.word: each for each in table.form.lists}[table.listed]
            for row in layout.rows:
                self._listed(table, listed, row)

    def _listed(self, table: Table, listed: List, row: Row) -> None:
        found = _Found.of(table, row)
        good, bad = found.good, found.bad
        if (example := _example(good, bad, table)) is not None:
            self.faults += example
            return
        if not bad and not any(_is_of(entry.column, listed) for entry in good):
            return
        said = {entry.column.word: entry for entry in good}
        key = said.get(table.form.key)
        acting = str(said["as"].value) if "as" in said else ""
        named = [] if key is None else self._named.get((table.form.op, str(key.value)), [])
        drafts = [draft for draft in named if acting in ("", draft.document.get("as"))]
        if len(drafts) != 1:
            self.faults += bad
            self.faults += _not_joined(table, row, key, drafts)
            return
        for fault in bad:
            drafts[0].fault(listed.word, fault)
        self._item(drafts[0], table, listed, row, found)


def _contradicts(entry: Entry, value: str | bool | int) -> InputError:
    what = phrase(
        "the mapping file says {value} of every row, and this cell {text}",
        value=repr(str(value)),
        text=repr(str(entry.value)),
    )
    hint = phrase("take it out of the constants, or pass over the column")
    return InputError(what, where=entry.cell.place(entry.heading), hint=hint)


def _column_of(fault: InputError, table: Table) -> Column | None:
    """The column of a cell that is wrong."""
    spot = fault.where.spot if isinstance(fault.where, Place) else None
    index = 0 if spot is None else column_of(spot.column)
    return next((placed.column for placed in table.columns if placed.index == index), None)


def _is_in(fault: InputError, table: Table, listed: List) -> bool:
    """Whether a cell that is wrong stands in a column of the items of a list."""
    column = _column_of(fault, table)
    return column is not None and _is_of(column, listed)


def _is_of(column: Column, listed: List) -> bool:
    return column.word.startswith(f"{listed.word}.")


def _goes_on(
    last: Draft, table: Table, once: dict[str, Entry], good: Iterable[Entry], bad: Sequence[InputError]
) -> bool:
    """Whether a row goes on with the operation above it."""
    if last.form.op != table.form.op or last.sheet != table.sheet.name:
        return False
    listing = [entry.column for entry in good if entry.column.word not in once]
    lists = [
        each
        for each in table.form.lists
        if any(column.word == each.word or _is_of(column, each) for column in listing)
    ]
    if not once:
        return bool(lists or bad)
    if last.form.key not in once or not all(
        word in last.said and last.said[word] == entry.value for word, entry in once.items()
    ):
        return False
    return any(each.word != "evidence" for each in lists) or (set(once) == {last.form.key} and bool(lists))


def _example(good: Sequence[Entry], bad: Sequence[InputError], table: Table) -> list[InputError] | None:
    """Of the example row of a template, what is wrong with it; ``None``: it is no example."""
    remarks = [entry for entry in good if entry.column.word == REMARK]
    if not remarks or not examples.is_marked(str(remarks[0].value)):
        return None
    expected = examples.rows(placed.column for placed in table.columns)
    said = {entry.column.word: entry for entry in good if entry.column.word != REMARK}
    changed = [
        entry
        for word, entry in said.items()
        if not examples.is_same(expected.get(word, ""), entry.value, entry.cell.text)
    ]
    if not changed and not bad:
        return []
    where = changed[0].cell.place(changed[0].heading) if changed else bad[0].where
    what = phrase("this row is marked as an example, but somebody wrote into it")
    hint = phrase("empty the cell that says that it is an example, or delete the row")
    return [InputError(what, where=where, hint=hint)]


def _path_of(fault: InputError, table: Table) -> str:
    """The field of a cell that is wrong."""
    column = _column_of(fault, table)
    if column is None:
        return ""
    return column.word if table.form.once(column.word) else column.word.partition(".")[0]


def _not_joined(table: Table, row: Row, key: Entry | None, drafts: Sequence[Draft]) -> list[InputError]:
    """Why an item belongs to no operation; nothing, if the cell that says to which is wrong itself."""
    if key is None:
        placed = next((each for each in table.columns if each.column.word == table.form.key), None)
        cell = row.at(placed.index) if placed else None
        if cell is not None and not cell.empty:
            return []
        where = table.sheet.place(row.number)
        if placed is not None:
            where = table.sheet.place(row.number, placed.index, placed.heading)
        what = phrase("this row does not say which {key} it belongs to", key=table.form.key)
        return [InputError(what, where=where)]
    where = key.cell.place(key.heading)
    if drafts:
        rows = " and ".join(str(draft.place) for draft in drafts)
        what = phrase("this may belong to several rows: {rows}", rows=rows)
        return [InputError(what, where=where, hint=phrase("list it in their own rows"))]
    what = phrase("no row of {operation} is called {name}", operation=table.form.op, name=repr(key.value))
    return [InputError(what, where=where, hint=phrase("add that row, or correct the name"))]


def _nobody_acts(layout: Layout, reader: _Reader) -> list[InputError]:
    """Of a sheet of which only participants may act, that none does, once."""
    for table in layout.tables.values():
        own = [
            draft for draft in reader.drafts if draft.form is table.form and draft.sheet == layout.sheet.name
        ]
        lacking = [draft for draft in own if "as" not in draft.document and "as" not in draft.faulted]
        if lacking and len(lacking) == len(own) and table.form.by is By.PARTICIPANT and not table.listed:
            for draft in lacking:
                draft.faulted.add("as")
                draft.document["as"] = None
            what = phrase("nothing says which company acts")
            hint = phrase("say it with --as, or in a column 'as'")
            return [InputError(what, where=layout.sheet.place(table.head), hint=hint)]
    return []


def _lists_missing(laid_out: Sequence[Layout]) -> list[InputError]:
    """Lists that an operation needs and that stand nowhere in the file, once for each."""
    found = []
    for layout in laid_out:
        for table in layout.tables.values():
            if table.listed or not layout.rows:
                continue
            for each in table.form.lists:
                if each.required and not _has_list(laid_out, table, each):
                    what = phrase(
                        "nothing lists the {list} of {operation}", list=each.word, operation=table.form.op
                    )
                    columns = ", ".join(column.word for column in each.columns if column.required)
                    hint = phrase(
                        "add the columns {columns}, or a sheet named {sheet}",
                        columns=columns,
                        sheet=repr(f"{table.form.op}.{each.word}"),
                    )
                    found.append(InputError(what, where=layout.sheet.place(table.head), hint=hint))
    return found


def _has_list(laid_out: Iterable[Layout], table: Table, listed: List) -> bool:
    here = any(placed.column.word == listed.word or _is_of(placed.column, listed) for placed in table.columns)
    return here or any(
        other.form is table.form and other.listed == listed.word
        for layout in laid_out
        for other in layout.tables.values()
    )


def _absent(laid_out: Sequence[Layout], draft: Draft) -> set[str]:
    """Fields of which it was said once that their column, or list, is missing."""
    found = set()
    for layout in laid_out:
        for table in layout.tables.values():
            if table.form is draft.form and (table.listed or layout.sheet.name == draft.sheet):
                found |= {word.partition(".")[0] if table.listed else word for word in table.missing}
                if not table.listed:
                    found |= {
                        each.word
                        for each in draft.form.lists
                        if each.required and not _has_list(laid_out, table, each)
                    }
    return found


def _line(number: int, draft: Draft, absent: set[str]) -> Line | Unsound:
    """The operation, or all that is wrong with it."""
    silent = draft.faulted | absent
    document = {name: value for name, value in draft.document.items() if value is not None}
    found = parsed(document)
    faults = [*draft.faults]
    if isinstance(found, list):
        faults += [draft.origin.fault(fault) for fault in found if not _is_said(fault, silent)]
    else:
        faults += overfull(found, draft)
    if faults or isinstance(found, list) or "as" in draft.faulted:
        return Unsound(number, tuple(faults), document)
    return Line(number, found, document)


def _is_said(fault: InputError, silent: set[str]) -> bool:
    """Whether a fault follows from one that is said already."""
    where = fault.where
    return any(
        where == path or where.startswith(f"{path}.") or path.startswith(f"{where}.")
        for path in silent
        if path
    )
