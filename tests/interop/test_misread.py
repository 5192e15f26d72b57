"""Spreadsheets that say something else than they seem to: none is misread without a word."""

from __future__ import annotations

import io
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

from traceledger.interop.asked import Asked
from traceledger.interop.reading import source_of
from traceledger.interop.sheets.formats import shown
from traceledger.interop.sheets.mapping import parse
from traceledger.operations.file import Unsound
from traceledger.sending.lines import Source

MAPPING = """
as = "katanga"
[[sheet]]
operation = "mint"
{more}
[sheet.columns]
{columns}
[sheet.constants]
material = "cobalt-hydroxide"
facility = "pit-4"
origin = "mined"
at = "2026-01-17T06:00:00Z"
"""


def read(content: str | bytes, columns: str = "", more: str = "", tables: str = "") -> Source:
    mapping = parse(MAPPING.format(columns=columns, more=more) + tables)
    given = content.encode() if isinstance(content, str) else content
    return source_of(given, Asked(mapping=mapping), name="x")


def faults(source: Source) -> dict[str, str]:
    """What is wrong, by where."""
    unsound = [line for line in source.lines if isinstance(line, Unsound)]
    return {str(fault.where).removeprefix("x: "): fault.what for line in unsound for fault in line.faults}


@pytest.mark.parametrize(
    ("heading", "why"),
    [
        ("Emissionen kg CO2e/t", "for each of something else"),
        ("CO2e_kg_per_t", "for each of something else"),
        ("Emissionen (kg/t)", "for each of something else"),
        ("Émissions kg par tonne", "for each of something else"),
        ("Emissionen in 1000 kg", "in many of a unit"),
        ("Emissionen (10^3 kg)", "in many of a unit"),
        ("Emissionen Tsd. kg", "in many of a unit"),
        ("Emissionen (kg) x 1000", "in many of a unit"),
        ("Emissionen (lb)", "none of the metric system"),
        ("Emissionen (Mt)", "understood differently"),
    ],
)
def test_a_heading_of_other_amounts_is_refused(heading: str, why: str) -> None:
    # The column of units would give them one.
    columns = f'"{heading}" = "emissions.scope1"'
    found = faults(read(f"batch;mass (t);{heading};emissions.unit\nA;10;5;kg\n", columns))
    assert why in found["C1"]


@pytest.mark.parametrize(
    "heading", ["CO2e scope 1 (t)", "scope1_t", "scope1 [kg CO2e]", "emissions.scope1", "Scope1, kg"]
)
def test_a_heading_of_whole_amounts_is_not(heading: str) -> None:
    source = read(f"batch;mass (t);{heading}\nA;10 t;5{'' if 't' in heading[-3:] else ' kg'}\n")
    assert not [each for where, each in faults(source).items() if where == "C1"]


def test_a_mapping_file_contradicts_nothing_silently() -> None:
    found = faults(read("batch;mass (t)\nA;10\n", tables='[sheet.units]\nmass = "kg"\n'))
    assert found == {"B1": "the heading says t, the mapping file kg"}
    found = faults(read("batch;mass (t);Material\nA;10;nickel\nB;10;cobalt-hydroxide\nC;10;\n"))
    assert found == {
        "C2 (Material)": "the mapping file says 'cobalt-hydroxide' of every row, and this cell 'nickel'"
    }
    found = faults(read("batch;mass (t CO2e)\nA;10\n"))
    assert "of CO2e" in found["B1"]


def test_what_is_cancelled_is_passed_over_however_it_is_written() -> None:
    text = "batch;mass (t);Status\nA;10;Storniert\nB;10;storniert \nC;10;frei\n"
    source = read(text, '"Status" = ""', tables='[sheet.ignore]\nStatus = ["storniert"]\n')
    assert [each["batch"] for each in source.documents] == ["C"]


@pytest.mark.parametrize("total", ["Total", "SUMME:", "Totaal", "合计", "i alt"])
def test_a_row_of_totals_is_no_lot(total: str) -> None:
    found = faults(read(f"batch;mass (t)\nA;10\nB;20\n{total};30\n"))
    assert [*found] == ["A4 (batch)"] and "sums up" in found["A4 (batch)"]


def test_a_company_may_be_called_total() -> None:
    source = source_of(
        b"op;as;Shipment;Lot shipped;Receiver;at\nship;katanga;S1;L1;total;17.01.2026\n", name="x"
    )
    assert not faults(source) and source.documents[0]["to"] == "total"


@pytest.mark.parametrize("text", ['A;10;"note\nB;20;note"\nC;1;\nD;1;\n', 'A;"x;10\nB;y";20\nC;1;\nD;1;\n'])
def test_rows_that_quotation_marks_made_one_are_missed(text: str) -> None:
    source = read(f"batch;{'Note;mass (t)' if 'x' in text else 'mass (t);Note'}\n{text}", '"Note" = ""')
    assert any("rows of its own" in what for what in faults(source).values())


def workbook(rows: list[list[object]], *, other: str = "") -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "January"
    for row in rows:
        sheet.append(row)
    if other:
        book.create_sheet(other).append(["batch"])
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def test_what_a_spreadsheet_program_may_have_turned_is_doubted(tmp_path: Path) -> None:
    # The month was taken first: what could not be a month stayed text.
    rows: list[list[object]] = [["batch", "mass (t)", "as", "origin", "material", "facility", "at"]]
    more = ["katanga", "mined", "cobalt-hydroxide", "pit-4"]
    rows += [["A", 1, *more, datetime(2026, 3, 4)], ["B", 1, *more, "17/03/2026"]]
    source = source_of(workbook(rows), Asked(operation="mint"), name="x")
    assert [str(each.where) for each in source.warnings] == ["x: January!G2 (at)"]
    rows.append(["C", 1, *more, datetime(2026, 3, 18)])
    assert not source_of(workbook(rows), Asked(operation="mint"), name="x").warnings
    # A point parted thousands: 1.234 became 1234, and 24.56 stayed text.
    content = workbook([["batch", "mass (t)"], ["A", 1234], ["B", "24.56"], ["C", "3.75"], ["D", 17]])
    assert [str(each.where) for each in read(content, more='sheet = "January"').warnings] == [
        "x: January!B2 (mass (t))"
    ]


def test_a_sheet_that_is_not_read_is_named() -> None:
    content = workbook([["batch", "mass (t)"], ["A", 1]], other="February")
    source = read(content, more='sheet = "January"')
    assert [str(each.where) for each in source.warnings] == ["x: February"]
    assert len(source.documents) == 1


def test_a_format_that_changes_with_the_value_is_no_unit() -> None:
    assert shown('[<1]0.0" g";0.0" kg"').dressed
    assert shown('[>=1000]0.0," t";0" kg"').dressed
    assert not shown('[Red]0.0" kg"').dressed
    assert shown(";;;").dressed and shown('"12 t"').dressed
    assert not any(shown(plain).dressed for plain in ("", "@", "General", "0", "#,##0.00", "0_);(0)"))
