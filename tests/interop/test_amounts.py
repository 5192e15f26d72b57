"""What cells mean: quantities under the style of a file, identifiers, dates under that of a column."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from traceledger.documents.errors import failed
from traceledger.errors import InputError
from traceledger.interop.sheets.amounts import Column, Days, Style, heading_of, unit_of, warnings_of
from traceledger.interop.sheets.contents import kind_of
from traceledger.interop.sheets.grid import Cell, Decimals, Kind, Origin
from traceledger.model.units import format_mass, parse_mass

MINTS = Origin("lots.xlsx", "Mints")


def cells(*texts: str) -> list[Cell]:
    return [Cell(MINTS, row, 3, kind_of(text), text) for row, text in enumerate(texts, start=2)]


def number(written: str, **more: Any) -> Cell:
    return Cell(MINTS, 9, 3, Kind.NUMBER, written, number=Decimal(written), **more)


def read_all(texts: list[str], said: Decimals | None = None, unit: str = "t") -> list[str]:
    """Each amount as it is read, or where and why it is refused."""
    found = cells(*texts)
    column = Column("mass", unit=unit, style=Style.of(found, said))
    return [said_of(column.quantity, cell) for cell in found]


def said_of(read: Callable[[Cell], Any], cell: Cell) -> Any:
    try:
        return read(cell)
    except InputError as error:
        assert error.hint
        return error.sentence.partition(" (mass): ")[2].partition(" (")[0]


def test_the_style_of_numbers_is_that_of_the_whole_file() -> None:
    comma = ["24,5", "3,75 t", "1.234", "1.234,5", "1.234.567", "12"]
    assert read_all(comma) == ["24.5 t", "3.75 t", "1234 t", "1234.5 t", "1234567 t", "12 t"]
    point = ["24.5", "3.75", "1,234", "1'234.5", "1 234", "1\u202f234.25", "0.125", "\u22121"]
    read = ["24.5 t", "3.75 t", "1234 t", "1234.5 t", "1234 t", "1234.25 t", "0.125 t", "-1 t"]
    assert read_all(point) == read
    # One value never decides what another means, and none that could be either decides at all.
    unsure = "'1.234' could be 1.234 or 1234, and the file does not tell which"
    assert read_all(["1.234"]) == [unsure]
    assert read_all(["24,5", "1.234"]) == ["24.5 t", unsure]
    assert read_all(["1.234", "5.678", "9"])[0::2] == [unsure, "9 t"]
    assert read_all(["1.234", "1,234"], Decimals.COMMA) == ["1234 t", "1.234 t"]
    assert read_all(["1.234", "1,234"], Decimals.POINT) == ["1.234 t", "1234 t"]


def test_cells_that_contradict_the_others_are_named() -> None:
    found = read_all(["24,5", "3,75", "1.5", "7,25", "1.234"])
    assert found[2] == "'1.5' has a decimal point, but '24,5' in C2 a comma"
    assert found[:2] + found[3:4] == ["24.5 t", "3.75 t", "7.25 t"]
    assert found[4] == "1234 t"  # what the file could mean otherwise is told by the cell that says so
    torn = read_all(["24,5", "3,75", "1.5", "7.25", "1.234"])
    assert "could be 1.234 or 1234" in torn[4]
    assert read_all(["24.5"], Decimals.COMMA) == [
        "'24.5' has a decimal point, and this file was said to have commas"
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("24O", "unknown unit 'O'"),
        ("24-25 t", "unknown unit '-25 t'"),
        ("ca. 24 t", "is not a number"),
        ("(24)", "is not a number"),
        ("24,5,3", "is not a number"),
        ("12.34.56", "is not a number"),
        ("1,23,456", "is not a number"),
        ("24 kg", "'24 kg' is in kg, but the column is in t"),
        ("24 Mg", "the unit 'Mg' is understood differently"),
        ("24 tons", "none of the metric system"),
        ("5,00-", "unknown unit '-'"),
        ("\uff12\uff14", "is not a number"),
        ("#N/A", "the cell holds the error #N/A"),
        ("=A1*2", "a formula here, without its result"),
        ("####", "number signs instead of the value"),
        (" \u00a0\u200b", "the cell is empty"),
        ("24\nt", "has a line break"),
        ("2\u202e4 t", "turns its direction (U+202E)"),
        ("2\u200b4 t", "nobody can see (U+200B)"),
    ],
)
def test_what_is_no_amount_is_refused_with_its_cell(text: str, said: str) -> None:
    with pytest.raises(InputError) as refused:
        Column("mass", unit="t").quantity(*cells(text))
    assert str(refused.value).startswith("lots.xlsx: Mints!C2 (mass): ")
    assert said in str(refused.value)
    assert refused.value.hint


def test_units_stand_in_heading_cell_format_or_column() -> None:
    mass = Column(unit=heading_of("Masse [kg]").unit)
    assert mass.quantity(number("24")) == "24 kg"
    assert Column().quantity(number("24", unit="kg")) == "24 kg"
    assert Column().quantity(number("24"), unit="TNE") == "24 t"
    assert Column().quantity(*cells("1.5 Tonnen")) == "1.5 t"
    assert Column(unit="t").quantity(*cells("40 t CO2e")) == "40 t CO2e"
    for cell in (number("24"), *cells("24")):
        with pytest.raises(InputError, match=r"has no unit .*mass .t."):
            Column().quantity(cell)
    for cell in (number("24", dressed=True), number("0.5", unit="%"), number("24", unit="€")):
        with pytest.raises(InputError):
            mass.quantity(cell)
    heads = [
        "mass_kg",
        "mass in kg",
        "质量\uff08千克\uff09",
        "scope1 (kg CO₂e)",
        "share (%)",
        "ship_to",
        "batch",
        "Mass (wet)",
    ]
    assert [(heading_of(each).name, heading_of(each).unit) for each in heads] == [
        *[("mass", "kg")] * 2,
        ("质量", "kg"),
        ("scope1", "kg"),
        ("share", "%"),
        *[(each, "") for each in heads[5:]],
    ]
    assert [unit_of(each) for each in ("KGM", "TO", "grams", "mg", "metric tons")] == [
        "kg",
        "t",
        "g",
        "mg",
        "t",
    ]


def test_headings_are_written_in_many_ways() -> None:
    heads = [
        "Gross mass (kg) *",
        "Gewicht KG",
        "Masse (in t)",
        "Nettogewicht [KGM]:",
        "Site T",
        "valid to",
        "mass/kg",
    ]
    assert [(heading_of(each).name, heading_of(each).unit) for each in heads] == [
        ("Gross mass", "kg"),
        ("Gewicht", "kg"),
        ("Masse", "t"),
        ("Nettogewicht", "kg"),
        ("Site T", ""),
        ("valid to", ""),
        ("mass", "kg"),
    ]


def test_an_identifier_is_what_it_was_before_a_spreadsheet_took_it_for_a_number() -> None:
    lots = Column("batch")
    assert lots.identifier(number("1234")) == "1234"
    assert lots.identifier(number("00123")) == "00123"
    assert lots.identifier(*cells("\ufeff\u00a0KOL-1 ")) == "KOL-1"
    assert lots.identifier(*cells("Kolwezi\u0301")) == "Kolwez\u00ed"
    moment = Cell(MINTS, 9, 3, Kind.DATE, "2026-04-03", moment=datetime(2026, 4, 3), day=True)
    lost = [number("4012345678901230000", lost=True), *cells("4.01235E+18"), number("1.1"), moment]
    for cell in [*lost, number("7", unit="kg"), Cell(MINTS, 9, 3, Kind.FLAG, "true"), *cells("#REF!")]:
        with pytest.raises(InputError, match=r"Mints!C[29] \(batch\): ") as refused:
            lots.identifier(cell)
        assert refused.value.hint
    column = [*cells("0042", "0043"), number("44"), number("12345")]
    assert [each.what for each in warnings_of(column)] == [
        "'44' is a number, and may have lost the zeros that '0042' has"
    ]
    assert len(warnings_of(cells("3-Apr", "KOL-1", "Sep-02", "May"))) == 2


def test_an_amount_of_more_digits_than_a_spreadsheet_keeps_is_refused() -> None:
    mass = Column("mass (mg)", unit="mg")
    assert mass.quantity(number("123456789012345")) == "123456789012345 mg"
    with pytest.raises(InputError, match="has lost digits"):
        mass.quantity(number("1234567890123456", lost=True))


def days_of(*texts: str, said: str = "") -> list[str]:
    found = cells(*texts)
    column = Column("mass", days=Days(said) if said else Days.of(found))
    return [said_of(column.day, cell) for cell in found]


def test_the_order_of_day_and_month_is_that_of_the_column() -> None:
    assert days_of("2026-01-17", "2026/1/7", "20260117") == ["2026-01-17", "2026-01-07", "2026-01-17"]
    assert days_of("17/01/2026", "03/04/2026 06:30") == ["2026-01-17", "2026-04-03T06:30:00Z"]
    assert days_of("01/17/2026", "03/04/2026") == ["2026-01-17", "2026-03-04"]
    assert days_of("03.04.2026") == ["2026-04-03"]
    assert days_of("03/04/2026") == ["in '03/04/2026', nothing tells the day from the month"]
    assert days_of("03/04/2026", said="mdy") == ["2026-03-04"]
    torn = days_of("17/01/2026", "18/01/2026", "01/19/2026")
    assert torn[2] == "'01/19/2026' has the month first, but '17/01/2026' the day"
    assert days_of("2026-01-17 06:00:30,5", "2026-01-17T06:00Z", "2026-01-17 06:00+02:00") == [
        "2026-01-17T06:00:30.5Z",
        "2026-01-17T06:00:00Z",
        "2026-01-17T06:00:00+02:00",
    ]
    for text in ("31.02.2026", "17.01.26", "17 Jan 2026", "06:00", "2026-13-01", "01/17/2026 6:00 PM"):
        assert days_of(text) == [f"{text!r} is not a date"]
    assert "perhaps of a day as spreadsheets count them" in days_of("46039,25")[0]


def test_dates_numbers_and_flags_of_a_workbook() -> None:
    column = Column("mass")
    moment = Cell(MINTS, 9, 3, Kind.DATE, "2026-01-17 06:00:00", moment=datetime(2026, 1, 17, 6))
    day = Cell(MINTS, 9, 3, Kind.DATE, "2026-01-17", moment=datetime(2026, 1, 17), day=True)
    assert (column.time(moment), column.day(day)) == ("2026-01-17T06:00:00Z", "2026-01-17")
    assert (column.time(day), column.day(number("20260117"))) == ("2026-01-17T00:00:00Z", "2026-01-17")
    assert "a day as spreadsheets count them" in said_of(column.day, number("46039"))
    assert "not a date" in said_of(column.day, Cell(MINTS, 9, 3, Kind.DURATION, "06:00:00"))
    assert (column.percent(number("0.875", unit="%")), column.percent(*cells("87.5 %"))) == ("87.5 %",) * 2
    assert Column(unit="%").percent(number("87.5")) == "87.5 %"
    assert "may be a percentage or a part" in said_of(column.percent, number("0.875"))
    assert (column.integer(number("20")), column.integer(*cells("1 000"))) == (20, 1000)
    assert "whole number" in said_of(column.integer, number("20.5"))
    assert [column.degrees(each) for each in cells("-10.72", "25,474", "8.5°")] == ["-10.72", "25.474", "8.5"]
    assert [column.flag(each) for each in cells("ja", "NEIN", "是", "x", "0")] == [
        True,
        False,
        True,
        True,
        False,
    ]
    assert "neither yes nor no" in said_of(column.flag, cells("maybe")[0])


@settings(max_examples=150, deadline=None)
@given(
    st.integers(0, 10**15),
    st.sampled_from((".", ",")),
    st.sampled_from(("", " ", "\u00a0", "\u202f", "'", "\u2019", "group")),
)
def test_no_amount_is_read_as_another(milligrams: int, decimal: str, gap: str) -> None:
    amount, _, unit = format_mass(milligrams).partition(" ")
    whole, point, decimals = amount.partition(".")
    between = ("," if decimal == "." else ".") if gap == "group" else gap
    text = f"{int(whole):,}".replace(",", between) + (decimal + decimals if point else "")
    told = cells(text, f"1{decimal}5", f"2{decimal}25")
    read = Column(style=Style.of(told), unit=unit).quantity(told[0])
    assert parse_mass(read) == milligrams
    alone = cells(text)
    try:
        read = Column(style=Style.of(alone), unit=unit).quantity(alone[0])
    except InputError as error:
        assert "could be" in error.what
    else:
        assert parse_mass(read) == milligrams


@settings(max_examples=150, deadline=None)
@given(st.lists(st.text(max_size=20), min_size=1, max_size=4))
def test_any_text_is_read_or_refused_with_a_sentence(texts: list[str]) -> None:
    found = cells(*texts)
    column = Column("mass", style=Style.of(found), days=Days.of(found))
    kinds = (column.text, column.identifier, column.quantity, column.percent, column.integer)
    for read in (*kinds, column.degrees, column.time, column.day, column.flag):
        for cell in found:
            try:
                read(cell)
            except InputError as error:
                assert str(error).startswith("lots.xlsx: Mints!C")
    warnings_of(found)


def test_a_fault_knows_sheet_row_and_column_also_as_a_document() -> None:
    with pytest.raises(InputError) as refused:
        Column("mass (t)").quantity(*cells("24"))
    told = failed(refused.value)["error"]
    assert (told["file"], told["sheet"], told["row"], told["column"], told["heading"]) == (
        "lots.xlsx",
        "Mints",
        2,
        "C",
        "mass (t)",
    )
    assert (told["where"], told["line"], told["field"]) == ("lots.xlsx: Mints!C2 (mass (t))", None, None)
