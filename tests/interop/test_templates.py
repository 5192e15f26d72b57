"""Templates: what they write, filled in, is what an operations file would say, for every operation."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from traceledger.errors import InputError
from traceledger.interop.asked import Asked
from traceledger.interop.reading import source_of
from traceledger.interop.sheets.columns import forms
from traceledger.interop.sheets.headings import heading, plain, title
from traceledger.interop.sheets.template import Offered, content
from traceledger.languages import ENGLISH, LANGUAGES, Language, language
from traceledger.operations.catalogue import parsed
from traceledger.operations.fields import Thing
from traceledger.operations.file import Line, Unsound
from traceledger.sending.lines import Source

GERMAN = language("de")
FORMS = [*forms()]


def filled(data: bytes, spoken: Language) -> Workbook:
    """A template whose example is written once more, without the words that it is one."""
    book = load_workbook(BytesIO(data))
    for sheet in book.worksheets:
        if sheet.title in (title("explanations", spoken), title("lists", spoken)):
            continue
        for example in [*sheet[2]][:-1]:
            cell = sheet.cell(3, example.column, example.value)
            cell.number_format = example.number_format
            if isinstance(example.value, str):
                cell.data_type = "s"
    return book


def read(book: Workbook, **asked: Any) -> Source:
    target = BytesIO()
    book.save(target)
    return source_of(target.getvalue(), Asked(**asked), name="filled.xlsx")


@pytest.mark.parametrize("spoken", [ENGLISH, GERMAN], ids=["en", "de"])
def test_a_template_that_is_filled_in_says_every_operation(spoken: Language) -> None:
    operations = [form.op for form in FORMS] if spoken == ENGLISH else ["mint", "transform"]
    data = content(operations, language=spoken)
    (empty,) = source_of(data, name="empty.xlsx").lines
    assert isinstance(empty, Unsound)
    assert [fault.what for fault in empty.faults] == ["there are no operations in this file"]
    source = read(filled(data, spoken))
    assert source.warnings == ()
    assert sorted(document["op"] for document in source.documents) == sorted(operations)
    forms_by_name = {form.op: form for form in FORMS}
    for line in source.lines:
        assert isinstance(line, Line), getattr(line, "faults", None)
        assert line.operation == parsed(line.document)
        form = forms_by_name[line.operation.op]
        given = {column.word for column in form.columns if column.required}
        assert given <= {*line.document, "of.record", "of.name"}
        assert {each.word for each in form.lists if each.apart} <= set(line.document)


def test_headings_of_a_sheet_differ_in_every_language() -> None:
    """Else a column would be read as another one."""
    for form in FORMS:
        sheets = [form.all_columns, *(form.list_columns(each.word) for each in form.lists if form.key)]
        for spoken in LANGUAGES:
            for columns in sheets:
                called = [plain(heading(column.word, form.op, spoken)) for column in columns]
                assert len(set(called)) == len(called), (form.op, spoken.code)
    for spoken in LANGUAGES:
        names = [form.op for form in FORMS]
        names += [f"{form.op}.{each.word}" for form in FORMS for each in form.lists if each.apart]
        titles = [plain(title(name, spoken)) for name in [*names, "explanations", "lists"]]
        assert len(set(titles)) == len(titles), spoken.code


def test_an_example_that_somebody_wrote_over_is_never_passed_over() -> None:
    book = filled(content(["mint"], language=ENGLISH), ENGLISH)
    sheet = book["New lots"]
    sheet["D2"] = 25
    (faults, line) = read(book).lines
    assert isinstance(faults, Unsound)
    assert isinstance(line, Line)
    (fault,) = faults.faults
    assert str(fault.where) == "filled.xlsx: 'New lots'!D2 (Gross mass)"
    assert fault.what == "this row is marked as an example, but somebody wrote into it"


def test_what_the_ledger_says_is_offered_as_text_and_never_as_a_formula() -> None:
    hostile = '=HYPERLINK("http://evil.example","a")'
    names: dict[Thing, tuple[str, ...]] = {"material": (hostile, "cobalt"), "facility": ("a/+1",)}
    offered = Offered(names=names, substances=(27, 28), known=True)
    book = load_workbook(BytesIO(content(["mint"], language=ENGLISH, offered=offered)))
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d"}
    columns = [[cell.value for cell in column if cell.value] for column in book["Lists"].columns]
    lists = {first: more for first, *more in columns}
    assert lists["material"] == ["cobalt"]
    assert lists["facility"] == ["a/+1"]
    assert book["Lists"].sheet_state == "hidden"
    headings = [cell.value for cell in book["New lots"][1]]
    assert "Contains: cobalt" in headings
    assert "Contains: nickel" in headings
    rules = book["New lots"].data_validations.dataValidation
    assert {str(rule.sqref).split(":")[0] for rule in rules} >= {"B2", "C2"}
    with pytest.raises(InputError, match="there is no operation 'mnt'"):
        source_of(b"a\n", Asked(operation="mnt"), name="a.csv")
