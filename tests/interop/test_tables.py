"""Tables as files: exact to the milligram, the same bytes each time, and nothing in them that acts."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.interop.tables import read
from traceledger.errors import InputError
from traceledger.interop.tables import files
from traceledger.interop.tables.columns import Column, Kind
from traceledger.interop.tables.declared import NOUNS
from traceledger.interop.tables.table import Source, Table, table

LARGE = 2**53 + 1
BEYOND = 2**63 + 5
FORMULA = "=HYPERLINK(1)"
MADE_AT = 1_768_629_600
COLUMNS = (
    Column("batch", "batch", Kind.TEXT, "batch"),
    Column("mass", "mass", Kind.MASS, "mass_mg"),
    Column("total", "total", Kind.CO2E, "total_mg"),
    Column("substance", "of it", Kind.MASSES, "held"),
    Column("share", "share", Kind.SHARE, "share"),
    Column("made", "made", Kind.TIME, "at"),
    Column("held", "held", Kind.FLAG, "is_held"),
)
FIRST = {"batch": FORMULA, "mass_mg": "8400000000", "total_mg": str(BEYOND), "held": {"Co": "5"}}
FIRST |= {"share": 0.333333333333333, "at": MADE_AT, "is_held": True}
SECOND = {"batch": "#N/A", "mass_mg": "-3", "total_mg": "0", "held": {"mica": str(LARGE)}, "share": 1}
ROWS: Sequence[dict[str, Any]] = (
    FIRST,
    SECOND | {"at": 2**64 - 1},
    {"batch": "0012", "held": {}, "at": "2026-01-17T06:00:00Z", "is_held": False},
    {"batch": "_x0041_\u2028,\"';\u202e 2026-01-17"},
)
SOURCE = Source((("network", "it's"), ("block", "7")), MADE_AT)


def written(form: str, made: Table) -> bytes:
    """The bytes of a table's file."""
    file = io.BytesIO()
    files.write(form, made, SOURCE, file)
    return file.getvalue()


@pytest.fixture(scope="module")
def made() -> Table:
    """A table with a bit of everything."""
    return table("batches", COLUMNS, ROWS)


@pytest.mark.parametrize("form", files.FORMS)
def test_what_is_read_back_is_the_table(form: str, made: Table, tmp_path: Path) -> None:
    content = written(form, made)
    assert content == written(form, made), "the same bytes each time"
    path = tmp_path / f"it.{form}"
    path.write_bytes(content)
    found = read(path, made)
    # A time that no calendar has is text, and in Parquet nothing.
    beyond = [row[6] for row in found]
    assert beyond in ([MADE_AT, f"{2**64 - 1} s after 1970", MADE_AT, None], [MADE_AT, None, MADE_AT, None])
    assert [row[:6] + row[7:] for row in found] == [row[:6] + row[7:] for row in made.rows]


def test_a_csv_is_known_to_be_utf8_and_calculates_nothing(made: Table) -> None:
    text = written("csv", made).decode("utf-8")
    assert text.startswith("\ufeffbatch,mass_mg,total_mg,substance_co_mg,substance_mica_mg,share,made,held\n")
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    assert rows[1][0] == f"'{FORMULA}"
    assert rows[2][1] == "-3"
    assert len(rows) == 1 + len(ROWS), "no text begins a line of its own"


def test_a_workbook_has_numbers_texts_and_its_source(made: Table, tmp_path: Path) -> None:
    import openpyxl

    content = written("xlsx", made)
    (tmp_path / "it.xlsx").write_bytes(content)
    book = openpyxl.load_workbook(tmp_path / "it.xlsx")
    heads, *rows = book["batches"].iter_rows()
    by_title = {cell.value: place for place, cell in enumerate(heads)}
    assert {cell.data_type for row in rows for cell in row} <= {"s", "n", "d", "b"}
    assert rows[0][0].value == FORMULA
    assert {row[0].number_format for row in rows} == {"@"}
    assert rows[0][by_title["mass (mg)"]].value == int(FIRST["mass_mg"])
    assert rows[0][by_title["made (UTC)"]].value == datetime(2026, 1, 17, 6)
    # A column with one amount that a spreadsheet would round is text, and in tonnes besides.
    assert rows[0][by_title["total (mg), text"]].value == str(BEYOND)
    assert rows[0][by_title["total (t)"]].value == BEYOND / 10**9
    assert dict(book["source"].iter_rows(values_only=True)) == {"network": "it's", "block": "7"}
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        assert b"2026-01-17T06:00:00Z" in parts.read("docProps/core.xml")
        assert b"<f>" not in b"".join(parts.read(name) for name in parts.namelist())


def test_parquet_has_exact_types_and_its_source(made: Table, tmp_path: Path) -> None:
    import duckdb

    path = tmp_path / "it.parquet"
    path.write_bytes(written("parquet", made))
    with duckdb.connect() as database:
        described = database.execute(f"DESCRIBE FROM '{path}'").fetchall()
        said = database.execute(f"SELECT key, value FROM parquet_kv_metadata('{path}')").fetchall()
        (share,) = database.execute(f"SELECT share FROM '{path}' LIMIT 1").fetchone() or (None,)
    types = {name: kind for name, kind, *_ in described}
    assert (types["mass_mg"], types["total_mg"]) == ("BIGINT", "DECIMAL(38,0)")
    assert (types["made"], types["held"]) == ("TIMESTAMP WITH TIME ZONE", "BOOLEAN")
    assert share == Decimal("0.333333333333333")
    assert dict(said) == {b"network": b"it's", b"block": b"7"}


def test_what_a_sheet_cannot_hold_is_refused() -> None:
    long = table("batches", COLUMNS[:1], [{"batch": "x" * 40_000}])
    with pytest.raises(InputError, match="longer than a cell holds"):
        written("xlsx", long)
    assert written("csv", long)
    with pytest.raises(InputError, match="does not say what to write"):
        files.form_of("batches.txt")


def test_columns_are_named_once_and_for_good() -> None:
    for noun in NOUNS.values():
        names = [column.name for column in noun.columns]
        assert len({*names}) == len(names)
        assert all(name.isidentifier() and name == name.lower() for name in names), names
        fields = [field.name for field in table(noun.member, noun.columns, []).fields]
        assert len({*fields}) == len(fields)
        assert {*noun.drop, noun.named_by.name} <= {*names}
