"""What is read of workbooks: every kind of cell, and what a sheet says besides its values."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.interop.raw_workbooks import number, packed, parts, text, workbook
from traceledger.errors import InputError, Place, Spot
from traceledger.interop.sheets.grid import Hidden, Kind, Sheet, read
from traceledger.interop.sheets.marked import marked

ROWS = {
    "1": text("A1", "Deliveries of January"),
    "3": text("A3", "batch") + text("B3", "mass (t)") + text("C3", "at") + text("E3", "price"),
    "4": number("A4", "1234.0") + number("B4", "0.30000000000000004") + number("C4", "46039.25", 2),
    "5": number("A5", "4012345678901234567") + number("B5", "24", 4) + number("C5", "46039", 1),
    "6' hidden='1": number("A6", "17", 5) + number("B6", "0.5", 3) + number("C6", "46039"),
    "7": "<c r='A7' t='e'><v>#N/A</v></c><c r='B7'><f>A1*2</f></c><c r='C7'><f>A1*2</f><v>7</v></c>",
    "8": number("A8", "12", 7) + number("B8", "24000", 6) + "<c r='C8' t='b'><v>1</v></c>",
    "9": "<c r='A9' t='str'><f>B1</f><v></v></c><c r='B9' s='1'/>",
    "12": text("A12", chr(0xA0) + " "),
    "13": text("A13", "KOL-9") + text("E13", "7"),
    "900": "<c r='B900' s='1'/>",
}
DATA = (
    '<cols><col min="5" max="5" width="9" hidden="1"/></cols><sheetData>'
    + "".join(f"<row r='{row}'>{cells}</row>" for row, cells in ROWS.items())
    + '</sheetData><mergeCells><mergeCell ref="A1:E1"/><mergeCell ref="A13:B14"/><mergeCell ref="A20:B20"/>'
    "</mergeCells>"
)


def sheet_of(content: bytes, **asked: Hidden) -> Sheet:
    return read(content, "lots.xlsx", **asked).sheets[0]


def test_every_kind_of_cell_is_read_as_the_spreadsheet_shows_it() -> None:
    sheet = sheet_of(workbook({"Mints": DATA}))
    cells = {f"{cell.place().spot.cell}": cell for row in sheet.rows for cell in row if not cell.empty}  # type: ignore[union-attr]
    shown = {name: (cell.kind, cell.text) for name, cell in cells.items()}
    assert [row.number for row in sheet.rows] == [1, 3, 4, 5, 6, 7, 8, 13]
    assert shown["A4"] == (Kind.NUMBER, "1234")
    assert (shown["B4"], cells["B4"].number) == ((Kind.NUMBER, "0.3"), Decimal("0.3"))
    assert shown["C4"] == (Kind.DATE, "2026-01-17 06:00:00")
    assert (cells["C5"].moment, cells["C5"].day) == (datetime(2026, 1, 17), True)
    assert cells["A5"].lost
    assert not cells["A4"].lost
    assert (cells["B5"].unit, cells["B6"].unit, shown["A6"][1]) == ("kg", "%", "00017")
    assert shown["C6"] == (Kind.NUMBER, "46039")
    assert (shown["A7"], cells["B7"].kind, shown["C7"]) == (
        (Kind.ERROR, "#N/A"),
        Kind.UNCALCULATED,
        (Kind.NUMBER, "7"),
    )
    assert (cells["A8"].dressed, cells["B8"].dressed, shown["C8"]) == (True, True, (Kind.FLAG, "true"))


def test_what_is_hidden_or_merged_is_named_and_harmless_where_nothing_stands() -> None:
    unseen = f"<sheetData><row r='1'>{text('A1', 'batch')}</row></sheetData>"
    content = workbook({"Mints": DATA, "Lists": unseen}, states={"Lists": "veryHidden"})
    sheet = sheet_of(content)
    said = [fault.sentence.partition(" (")[0] for fault in sheet.faults(3)]
    assert said == [
        "lots.xlsx: Mints, column E: column E is hidden, and something stands in it",
        "lots.xlsx: Mints, row 6: row 6 is hidden, and something stands in it",
        "lots.xlsx: Mints!A13: the cells A13:B14 are merged into one",
    ]
    assert len(sheet.faults()) == 4  # the title too, for who reads from the first row on
    assert [each.hidden for each in read(content, "lots.xlsx").sheets] == [False, True]
    hidden = read(content, "lots.xlsx").sheets[1].faults()
    assert [fault.sentence.partition(" (")[0] for fault in hidden] == [
        "lots.xlsx: Lists: the sheet is hidden"
    ]
    assert len(read(content, "lots.xlsx", hidden=Hidden.SKIP).sheets) == 1

    skipped, seen = sheet_of(content, hidden=Hidden.SKIP), sheet_of(content, hidden=Hidden.READ)
    assert [row.number for row in skipped.rows] == [1, 3, 4, 5, 7, 8, 13]
    assert skipped.rows[-1].at(5) is None or skipped.rows[-1].cells[4].empty
    assert [row.number for row in seen.rows] == [1, 3, 4, 5, 6, 7, 8, 13]
    assert len(skipped.faults(3)) == len(seen.faults(3)) == 1


def test_days_since_1904_and_results_that_nobody_calculated() -> None:
    data = (
        f"<sheetData><row r='1'>{number('A1', '44577', 1)}<c r='B1'><f>1+1</f><v>0</v></c></row></sheetData>"
    )
    mac = sheet_of(workbook({"Mints": data}, properties='date1904="1"')).rows[0]
    assert (mac.cells[0].text, mac.cells[1].text) == ("2026-01-17", "0")
    # Programs that cannot calculate write 0, and that everything is to be calculated when it is opened.
    stale = sheet_of(workbook({"Mints": data}, calculation='fullCalcOnLoad="1"')).rows[0]
    assert stale.cells[1].kind is Kind.UNCALCULATED


ENTITY = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'


@pytest.mark.parametrize(
    ("part", "old", "new", "said"),
    [
        ("xl/worksheets/sheet1.xml", "<worksheet", ENTITY + "<worksheet", "is damaged"),
        ("xl/workbook.xml", "<workbook ", ENTITY + "<workbook ", "is damaged"),
        ("xl/worksheets/sheet1.xml", "</worksheet>", "", "is damaged"),
        ("xl/worksheets/sheet1.xml", "r='B900' s='1'/>", "r='XFD900'><v>1</v></c>", "Mints!XFD900"),
        ("xl/worksheets/sheet1.xml", "r='B900' s='1'/>", "r='A1048576'><v>1</v></c>", "Mints!A1048576"),
        ("xl/worksheets/sheet1.xml", "<mergeCells>", "<mergeCells><mergeCell ref='A0:B'/>", "is damaged"),
        ("xl/_rels/workbook.xml.rels", "rId1", "rId8", "is damaged"),
        ("xl/worksheets/sheet1.xml", "<sheetData>", "<sheetData>" + "<x>" * 11_000_000, "10 million tags"),
        ("xl/worksheets/sheet1.xml", "<v>1234.0</v>", f"<v>1{'0' * 400}</v>", ""),
        ("xl/worksheets/sheet1.xml", "<v>1234.0</v>", "<v>NaN</v>", ""),
    ],
)
def test_planted_faults_end_in_a_sentence(part: str, old: str, new: str, said: str) -> None:
    contents = parts({"Mints": DATA})
    assert old in contents[part]
    content = packed(contents | {part: contents[part].replace(old, new, 1)})
    if not said:
        assert read(content, "lots.xlsx").sheets[0].rows
        return
    with pytest.raises(InputError, match=said) as refused:
        read(content, "lots.xlsx")
    assert refused.value.hint


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from(sorted(parts({"Mints": DATA}))),
    st.integers(0, 4000),
    st.binary(max_size=8),
    st.booleans(),
)
def test_any_damage_is_read_or_ends_in_a_sentence(part: str, at: int, junk: bytes, whole: bool) -> None:
    contents = {name: content.encode() for name, content in parts({"Mints": DATA}).items()}
    old = packed(contents) if whole else contents[part]
    new = old[:at] + junk + old[at + len(junk) :]
    content = new if whole else packed(contents | {part: new})
    try:
        read(content, "lots.xlsx")
        marked(content, [InputError("wrong", where=Place("lots.xlsx", spot=Spot("Mints", 13, "B")))])
    except InputError as error:
        assert error.hint


def test_an_archive_that_lies_about_its_size_is_not_unpacked() -> None:
    contents = parts({"Mints": DATA})
    size = 2_000_011
    sound = packed(contents | {"xl/sharedStrings.xml": b"<sst>" + b" " * (size - 11) + b"</sst>"})
    for told, said in ((11, "damaged"), (201_000_000, "more than 200 MB")):
        lying = sound.replace(size.to_bytes(4, "little"), told.to_bytes(4, "little"))
        assert lying != sound
        with pytest.raises(InputError, match=said):
            read(lying, "lots.xlsx")
