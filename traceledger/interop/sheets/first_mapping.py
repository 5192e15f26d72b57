"""A first mapping file: every column of an operation, to be given the heading that it has elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from traceledger.interop.sheets.columns import EVERY, REMARK, form_of
from traceledger.interop.sheets.headings import heading
from traceledger.languages import Language

_BEGINNING = """\
# How a spreadsheet of others is read: traceledger submit EXPORT.csv --mapping THIS.toml
# traceledger help spreadsheets explains every key. Take away the "#" before what you fill in.

# decimal = "comma"
# as = "katanga"
"""
_SHEET = """
[[sheet]]
operation = "{op}"
# sheet = "Sheet1"      # of a workbook: its name
# headings = 1          # the row that holds the headings
# others = "ignore"     # columns that are not named below are passed over

[sheet.columns]
# "their heading" = "our column"; "" passes over a column
"""
_END = """
[sheet.units]
# mass = "kg"

[sheet.constants]
# origin = "mined"

[sheet.values.facility]
# "Plant 1" = "kolwezi-pit-4"

[sheet.ignore]
# "Status" = ["cancelled"]
"""


def first_mapping(operations: Iterable[str], language: Language) -> str:
    """The text of the file.

    Args:
        operations: their names; each gets a table ``[[sheet]]``.
        language: of what the columns are called beside.

    Raises:
        KeyError: there is no such operation.
    """
    return _BEGINNING + "".join(part for op in operations for part in _sheet(op, language))


def _sheet(op: str, language: Language) -> Iterator[str]:
    yield _SHEET.format(op=op)
    form = form_of(op)
    for column in form.all_columns:
        if column.word == REMARK:
            continue
        word = column.word.replace(EVERY, "Co")
        needed = "; needed" if column.required and form.once(column.word) else ""
        yield f'# "" = "{word}"  # {heading(word, op, language)}{needed}\n'
    yield _END
