"""The sheet of a template that explains it: each operation, each column, what it means, and an example."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from traceledger.interop.sheets.columns import Column, Kind, OperationForm
from traceledger.interop.sheets.headings import heading, title
from traceledger.languages import Language, pgettext

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet


_HEADINGS = (
    pgettext("explanations", "Sheet"),
    pgettext("explanations", "Column"),
    pgettext("explanations", "Word in files"),
    pgettext("explanations", "Needed"),
    pgettext("explanations", "What it is"),
    pgettext("explanations", "How it is written"),
    pgettext("explanations", "Example"),
)
_NOTES = (
    pgettext(
        "explanations", "One row is one operation. Lots of a run or a shipment have sheets of their own."
    ),
    pgettext("explanations", "Columns may be moved, removed and added, as long as their headings stay."),
    pgettext("explanations", "Times are UTC. Amounts have a unit: in the cell, in the heading, or beside."),
    pgettext("explanations", "The grey row is an example; it is passed over."),
)
_WITHOUT_LEDGER = pgettext(
    "explanations", "Made without a ledger: names of materials, sites, companies and lots are not listed."
)
_KINDS = {
    Kind.IDENTIFIER: pgettext("explanations", "text, with all its digits"),
    Kind.TEXT: pgettext("explanations", "text"),
    Kind.WORD: pgettext("explanations", "one of the list"),
    Kind.QUANTITY: pgettext("explanations", "a number with a unit: mg, g, kg or t"),
    Kind.PERCENT: pgettext("explanations", "a percentage"),
    Kind.RANGE: pgettext("explanations", "two percentages: 30 % - 40 %"),
    Kind.INTEGER: pgettext("explanations", "a whole number"),
    Kind.DEGREES: pgettext("explanations", "decimal degrees"),
    Kind.TIME: pgettext("explanations", "a date, or a date and a time"),
    Kind.DAY: pgettext("explanations", "a date, which counts to its end where it ends something"),
    Kind.FLAG: pgettext("explanations", "yes or no"),
}
_SEVERAL = pgettext("explanations", "several with semicolons between them")
_NEEDED = pgettext("explanations", "yes")
_WIDTHS = (18, 28, 24, 9, 60, 40, 34)


def explain(
    sheet: Worksheet,
    made: Iterable[tuple[OperationForm, str, tuple[Column, ...]]],
    language: Language,
    *,
    known: bool,
) -> None:
    """Fill the sheet.

    Args:
        sheet: an empty one.
        made: the sheets of the template: form, name, columns.
        language: in which; what few fields mean that no form of the desk has is said in English.
        known: whether a ledger was asked for names.
    """
    from openpyxl.styles import Alignment, Font

    from traceledger.interop.sheets.template import write

    for note in (*_NOTES, *(() if known else (_WITHOUT_LEDGER,))):
        sheet.append([language.pgettext("explanations", note)])
    sheet.append([])
    sheet.append([language.pgettext("explanations", text) for text in _HEADINGS])
    for cell in sheet[sheet.max_row]:
        cell.font = Font(bold=True)
    for form, name, columns in made:
        for column in columns:
            row = sheet.max_row + 1
            for index, text in enumerate(_row(form, name, column, language), start=1):
                write(sheet.cell(row, index), text)
                sheet.cell(row, index).alignment = Alignment(wrap_text=True, vertical="top")
    for letter, width in zip("ABCDEFG", _WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width


def _row(form: OperationForm, name: str, column: Column, language: Language) -> list[str]:
    how = language.pgettext("explanations", _KINDS[column.kind])
    if column.many:
        how += f"; {language.pgettext('explanations', _SEVERAL)}"
    if 0 < len(column.choices) <= 12:
        how += f": {', '.join(column.choices)}"
    return [
        title(name, language),
        heading(column.word, form.op, language),
        column.word,
        language.pgettext("explanations", _NEEDED) if column.required else "",
        language.pgettext("help", column.help.replace("``", "")) if column.help else "",
        how,
        column.example,
    ]
