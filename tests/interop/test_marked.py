"""A spreadsheet given back: its faults marked, listed and linked, and nothing of it calculated or lost."""

from __future__ import annotations

import io

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.styles import Font

from tests.interop.raw_workbooks import packed, parts, text
from traceledger.errors import InputError, Place, Spot
from traceledger.interop.sheets.grid import FAULTS_MARK, Kind, read
from traceledger.interop.sheets.marked import marked
from traceledger.languages import language
from traceledger.languages.phrases import phrase

HOSTILE = '=HYPERLINK("http://evil.example";"x")\x1b[2J\u202e'


def fault(row: int | None, column: str = "", sheet: str = "Mints", what: str = HOSTILE) -> InputError:
    heading = "mass (t)" if column else ""
    place = Place("lots.xlsx", spot=Spot(sheet, row, column, heading)).within("mass (t)" if column else "")
    return InputError(what, hint="=1+1", where=place)


def a_workbook() -> bytes:
    book = openpyxl.Workbook()
    mints = book.worksheets[0]
    mints.title = "Mints"
    for row in (["batch", "mass (t)"], ["KOL-1", 24.5], ["KOL-2", "=B2*2"], ["=nothing", None]):
        mints.append(row)
    mints["B2"].font = Font(bold=True)
    mints["B2"].number_format = "0.00"
    mints["B3"].comment = Comment("ask Ngozi", "clerk")
    mints.freeze_panes = "A2"
    mints.merge_cells("D2:E4")
    book.create_sheet("Faults")["A1"] = "of the wells"
    book.create_sheet("Prix d'achat")["A1"] = 7
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def test_a_workbook_comes_back_with_its_faults_and_everything_else() -> None:
    found = [
        fault(2, "B"),
        fault(2, "B", what=phrase("{text} weighs too little", text="'24.5'")),
        fault(3, "B"),
        fault(4),
        fault(3, "E"),
        fault(1, "A", "Prix d'achat"),
        InputError("nothing says what it is", where=Place("lots.xlsx")),
    ]
    content = marked(a_workbook(), found, name="lots.xlsx", language=language("de"))
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book.sheetnames == ["Faults 2", "Mints", "Faults", "Prix d'achat"]
    mints, listed = book["Mints"], book["Faults 2"]
    assert (mints["B2"].value, mints["B2"].font.bold, mints["B2"].number_format) == (24.5, True, "0.00")
    assert (mints["B3"].value, mints.freeze_panes, book["Faults"]["A1"].value) == (
        "=B2*2",
        "A2",
        "of the wells",
    )
    assert mints["B2"].fill.start_color.rgb == "FFFFC7CE"
    assert mints["B2"].comment.text.count("[TraceLedger]") == 1
    assert "'24.5' weighs too little" in mints["B2"].comment.text
    assert mints["B3"].comment.text.startswith("ask Ngozi\n\n[TraceLedger]\n=HYPERLINK")
    assert mints["A4"].comment is not None
    assert mints["D2"].comment is not None

    rows = [[cell.value for cell in row] for row in listed.iter_rows(min_row=3)]
    assert [row[:3] for row in rows] == [
        *[["Mints", "B2", "mass (t)"]] * 2,
        ["Mints", "B3", "mass (t)"],
        ["Mints", "row 4", None],
        ["Mints", "E3", "mass (t)"],
        ["Prix d'achat", "A1", "mass (t)"],
        ["lots.xlsx", None, None],
    ]
    assert listed["B3"].hyperlink.location == "'Mints'!B2"
    assert listed["B8"].hyperlink.location == "'Prix d''achat'!A1"
    # What a fault quotes is text, whatever it looks like, and steers nothing.
    assert {cell.data_type for row in listed.iter_rows() for cell in row if cell.value} == {"s"}
    assert (listed["D3"].quotePrefix, listed["E3"].data_type) == (True, "s")
    assert "\\x1b[2J\\u202e" in listed["D3"].value
    assert [sheet.sheet_view.tabSelected for sheet in book.worksheets] == [True, False, False, False]


def test_it_is_read_again_without_the_list_and_marked_anew() -> None:
    once = marked(a_workbook(), [fault(2, "B"), fault(3, "B")])
    assert [sheet.name for sheet in read(once, "lots.xlsx").sheets] == ["Mints", "Faults", "Prix d'achat"]
    twice = openpyxl.load_workbook(io.BytesIO(marked(once, [fault(4, "A")])))
    mints = twice["Mints"]
    assert (mints["B2"].comment, mints["B2"].fill.fill_type, mints["B2"].font.bold) == (None, None, True)
    assert mints["B3"].comment.text == "ask Ngozi"
    assert mints["A4"].comment is not None
    assert [sheet.title for sheet in twice.worksheets if sheet["A1"].value == FAULTS_MARK] == ["Faults 2"]


def test_a_csv_file_becomes_a_workbook_of_text() -> None:
    content = 'batch;mass\r\n\r\n4012345678901234567;"=1+1"\r\n0042;1,5\r\n'.encode("utf-16")
    given = marked(content, [fault(3, "B", sheet="")], name="dir/mints.csv")
    book = openpyxl.load_workbook(io.BytesIO(given))
    assert book.sheetnames == ["Faults", "mints"]
    rows = [
        [(cell.value, cell.data_type, cell.number_format) for cell in row]
        for row in book["mints"].iter_rows()
    ]
    assert rows[2] == [("4012345678901234567", "s", "@"), ("=1+1", "s", "@")]
    assert rows[3] == [("0042", "s", "@"), ("1,5", "s", "@")]
    assert (book["mints"]["B3"].quotePrefix, book["mints"]["B3"].comment is not None) == (True, True)
    again = read(given, "mints.xlsx").sheets
    assert [[cell.text for cell in row] for row in again[0].rows][1:] == [
        ["4012345678901234567", "=1+1"],
        ["0042", "1,5"],
    ]
    assert all(cell.kind is Kind.TEXT for row in again[0].rows for cell in row)


def test_what_openpyxl_cannot_open_is_given_back_as_text() -> None:
    contents = parts({"Mints": f"<sheetData><row r='1'>{text('A1', 'batch')}</row></sheetData>"})
    broken = contents["xl/styles.xml"].replace('numFmtId="164"', 'numFmtId="x"')
    given = marked(packed(contents | {"xl/styles.xml": broken}), [fault(1, "A")], name="lots.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(given))
    assert book["Mints"]["A1"].value == "batch"
    assert "could not be kept" in book["Faults"]["D1"].value
    hostile = packed(contents | {"xl/drawings/drawing1.xml": "<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>"})
    assert read(hostile, "lots.xlsx").sheets  # what nobody reads harms nobody
    with pytest.raises(InputError, match="damaged"):
        marked(hostile, [])
    with pytest.raises(InputError, match="operations file"):
        marked(b'{"op": "mint"}', [])
