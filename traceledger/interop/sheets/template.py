"""A workbook to fill in: a sheet for each operation and for each of its lists, with what there is to choose.

Nothing in it is protected, and nothing in it is needed: columns may be moved, added and removed. What it
writes, filled in, is read by ``rows.py``.

Example:
    >>> from traceledger.languages import ENGLISH
    >>> book = workbook(["mint"], language=ENGLISH)
    >>> [sheet.title for sheet in book.worksheets]
    ['New lots', 'Explanations', 'Lists']
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any, assert_never

from traceledger.interop.sheets import examples
from traceledger.interop.sheets.columns import EVERY, REMARK, Column, Kind, OperationForm, form_of
from traceledger.interop.sheets.explanations import explain
from traceledger.interop.sheets.grid import letters_of
from traceledger.interop.sheets.headings import heading, title
from traceledger.languages import Language
from traceledger.model.substances import symbol
from traceledger.operations.fields import Thing
from traceledger.operations.readers import parse_time

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

MOST_NAMES = 5_000
"""Names that a list offers."""
_LAST_ROW = 10_000
"""Down to here cells offer their lists."""
_FORMULAS = ("=", "+", "-", "@")
_WIDEST, _NARROWEST = 40, 12
_FORMATS = {
    Kind.IDENTIFIER: "@",
    Kind.TEXT: "@",
    Kind.WORD: "@",
    Kind.RANGE: "@",
    Kind.PERCENT: "0.00 %",
    Kind.TIME: "yyyy-mm-dd hh:mm",
    Kind.DAY: "yyyy-mm-dd",
}


@dataclass(frozen=True, slots=True)
class Offered:
    """What a ledger has to choose from.

    Attributes:
        names: full names by the kind of thing: companies, materials, sites, lots, shipments.
        substances: numbers of those to have columns for.
        known: whether a ledger was asked.
    """

    names: Mapping[Thing, Sequence[str]] = field(default_factory=dict)
    substances: tuple[int, ...] = ()
    known: bool = False


NOTHING = Offered()


def workbook(operations: Sequence[str], *, language: Language, offered: Offered = NOTHING) -> Workbook:
    """The template.

    Args:
        operations: their names.
        language: of headings and explanations.
        offered: what lists offer beside what never changes.

    Raises:
        KeyError: there is no such operation.
    """
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.worksheets[0])
    maker = _Maker(book, language, offered)
    forms = [form_of(op) for op in dict.fromkeys(operations)]
    for form in forms:
        apart = [each for each in form.lists if each.apart]
        maker.sheet(form, form.op, _own_columns(form))
        for each in apart:
            maker.sheet(form, f"{form.op}.{each.word}", form.list_columns(each.word))
    explain(book.create_sheet(title("explanations", language)), maker.made, language, known=offered.known)
    maker.lists()
    return book


def content(operations: Sequence[str], *, language: Language, offered: Offered = NOTHING) -> bytes:
    """The same as the bytes of a file."""
    target = BytesIO()
    workbook(operations, language=language, offered=offered).save(target)
    return target.getvalue()


def _own_columns(form: OperationForm) -> tuple[Column, ...]:
    """The columns of an operation's own sheet: lists that have a sheet are left to that."""
    apart = {each.word for each in form.lists if each.apart}
    of_lists = {column.word for each in form.lists if each.word in apart for column in each.columns}
    beside = {each.word for each in form.lists if not each.apart and each.word != "evidence"}
    left_out = {column.word for each in form.lists if each.word in beside for column in each.columns}
    elsewhere = apart | of_lists | left_out
    found = [column for column in form.all_columns if column.usual and column.word not in elsewhere]
    if len(found) == 1:  # a sheet of remarks alone would say nothing
        found = [*form.all_columns]
    # What is left of lists need not be there at all.
    return tuple(_last(replace(each, required=each.required and form.once(each.word)) for each in found))


def _last(columns: Iterable[Column]) -> list[Column]:
    """Units stand beside what they are of, who acts and remarks at the end."""
    found = [*columns]
    for unit in [column for column in found if column.word in {each.unit for each in found}]:
        found.remove(unit)
        last = max(place for place, column in enumerate(found) if column.unit == unit.word)
        found.insert(last + 1, unit)
    return [column for column in found if column.word != REMARK] + [
        column for column in found if column.word == REMARK
    ]


class _Maker:
    """Fills a workbook, and remembers which lists its sheets offer."""

    def __init__(self, book: Workbook, language: Language, offered: Offered) -> None:
        self.made: list[tuple[OperationForm, str, tuple[Column, ...]]] = []
        self._book, self._language, self._offered = book, language, offered
        self._lists: dict[str, Sequence[str]] = {}

    def sheet(self, form: OperationForm, name: str, columns: Iterable[Column]) -> None:
        """Add the sheet of an operation or of a list."""
        whole = tuple(each for column in columns for each in self._of_substances(column))
        self.made.append((form, name, whole))
        sheet = self._book.create_sheet(title(name, self._language))
        for index, column in enumerate(whole, start=1):
            self._column(sheet, index, column, form)
        sheet.freeze_panes = "A2"

    def _of_substances(self, column: Column) -> list[Column]:
        """One column for each substance of the ledger; without one, that of the example."""
        if not column.by_substance:
            return [column]
        numbers = self._offered.substances or (27,)
        found = [replace(column, word=column.word.replace(EVERY, symbol(number))) for number in numbers]
        return [each if each.word.endswith(".Co") else replace(each, example="") for each in found]

    def _column(self, sheet: Worksheet, index: int, column: Column, form: OperationForm) -> None:
        from openpyxl.styles import Font, PatternFill

        letter = letters_of(index)
        text = heading(column.word, form.op, self._language)
        head = sheet.cell(1, index)
        write(head, text)
        head.font = Font(bold=column.required)
        head.fill = PatternFill("solid", fgColor="DDE8F0" if column.required else "F2F2F2")
        dimension = sheet.column_dimensions[letter]
        dimension.width = min(max(len(text) + 3, _NARROWEST), _WIDEST)
        dimension.number_format = _FORMATS.get(column.kind, "General")
        example = sheet.cell(2, index)
        value = examples.mark(self._language) if column.word == REMARK else _shown(column)
        write(example, value)
        example.number_format = _FORMATS.get(column.kind, "General")
        example.font = Font(italic=True, color="808080")
        if choices := self._choices(column):
            self._offer(sheet, letter, column, *choices)

    def _choices(self, column: Column) -> tuple[str, Sequence[str]] | None:
        """The list that a column offers: its name on the sheet of lists, and what is in it."""
        if column.many or column.new:
            return None
        if column.kind is Kind.FLAG:
            yes, no = (self._language.pgettext("cell", word) for word in examples.FLAGS)
            return f"{yes}/{no}", (yes, no)
        if column.choices:
            name = "country" if column.word == "country" else "/".join(column.choices)[:60]
            return name, column.choices
        names = self._offered.names.get(column.names) if column.names else None
        return (str(column.names), names) if names else None

    def _offer(self, sheet: Worksheet, letter: str, column: Column, name: str, values: Sequence[str]) -> None:
        from openpyxl.worksheet.datavalidation import DataValidation

        # What begins like a formula would become one when it is chosen.
        safe = [value for value in values if not value.startswith(_FORMULAS)][:MOST_NAMES]
        self._lists.setdefault(name, safe)
        place = letters_of([*self._lists].index(name) + 1)
        sheet_name = title("lists", self._language).replace("'", "''")
        rule = DataValidation(
            type="list",
            formula1=f"'{sheet_name}'!${place}$2:${place}${len(self._lists[name]) + 1}",
            allow_blank=True,
            # A name that was made since may be typed all the same.
            errorStyle="stop" if column.choices else "information",
            showErrorMessage=True,
        )
        rule.add(f"{letter}2:{letter}{_LAST_ROW}")
        sheet.add_data_validation(rule)

    def lists(self) -> None:
        """Add the sheet from which the lists are offered; it is hidden, and anybody may show it."""
        sheet = self._book.create_sheet(title("lists", self._language))
        sheet.sheet_state = "hidden"
        for index, (name, values) in enumerate(self._lists.items(), start=1):
            sheet.column_dimensions[letters_of(index)].number_format = "@"
            write(sheet.cell(1, index), name)
            for row, value in enumerate(values, start=2):
                write(sheet.cell(row, index), value)


def write(cell: Any, value: object) -> None:
    """Put a value into a cell; text as text, whatever it begins with, as the ledger's may be anybody's."""
    cell.value = value if value != "" else None
    if isinstance(value, str) and value:
        cell.data_type = "s"
        cell.number_format = "@"
        cell.quotePrefix = value.startswith(_FORMULAS)


def _shown(column: Column) -> object:
    """The example of a column as a cell has it."""
    text = column.example
    if not text:
        return "t" if column.word.endswith("unit") else ""
    match column.kind:
        case Kind.QUANTITY:
            return _number(text.split()[0])
        case Kind.PERCENT:
            return _number(text.split()[0]) / 100
        case Kind.INTEGER:
            return int(text)
        case Kind.TIME | Kind.DAY:
            moment = datetime.fromtimestamp(parse_time(text if "T" in text else f"{text}T00:00:00Z"), UTC)
            return moment.replace(tzinfo=None)
        case Kind.IDENTIFIER | Kind.TEXT | Kind.WORD | Kind.RANGE | Kind.DEGREES | Kind.FLAG:
            return text
        case _:
            assert_never(column.kind)


def _number(text: str) -> float:
    """A number of an example, which has few digits; spreadsheets know no others."""
    return float(text)
