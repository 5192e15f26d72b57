"""Reads the files of tables again, as the values that tables have."""

from __future__ import annotations

import csv
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from traceledger.interop.tables.columns import Kind
from traceledger.interop.tables.table import Field, Table
from traceledger.model.text import Surface, escaped

_ESCAPE = re.compile(r"_x005F_(?=x[0-9A-Fa-f]{4}_)")
_NUMBERS = (Kind.MASS, Kind.CO2E, Kind.COUNT)


def read(path: Path, written: Table) -> list[tuple[Any, ...]]:
    """The rows of a file, by the fields of the table that was written into it.

    Text that a file has escaped is given as it was, where escaping it gives what stands there.
    """
    rows = {".csv": _csv, ".xlsx": _xlsx, ".parquet": _parquet}[path.suffix](path, written)
    surface = {".csv": Surface.SPREADSHEET, ".xlsx": Surface.TERMINAL}.get(path.suffix)
    return [
        tuple(
            _original(value, was, surface) if surface and isinstance(was, str) else value
            for value, was in zip(row, original, strict=True)
        )
        for row, original in zip(rows, written.rows, strict=True)
    ]


def _original(value: Any, was: str, surface: Surface) -> Any:
    return was if (value or "") == escaped(was, surface) else value


def _csv(path: Path, written: Table) -> list[list[Any]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        heads, *rows = csv.reader(file)
    assert heads == [field.name for field in written.fields]
    return [[_typed(cell, field) for cell, field in zip(row, written.fields, strict=True)] for row in rows]


def _typed(cell: str, field: Field) -> Any:
    if cell == "":
        return None
    if field.kind in _NUMBERS:
        return int(cell)
    if field.kind in (Kind.SHARE, Kind.NUMBER):
        return float(cell)
    if field.kind is Kind.FLAG:
        return cell == "true"
    return _seconds(datetime.fromisoformat(cell)) if field.kind is Kind.TIME and cell[-1] == "Z" else cell


def _xlsx(path: Path, written: Table) -> list[list[Any]]:
    import openpyxl

    sheet = openpyxl.load_workbook(path)[written.name]
    heads, *rows = sheet.iter_rows(values_only=True)
    places = [
        next(place for place, head in enumerate(heads) if head in (field.title, f"{field.title}, text"))
        for field in written.fields
    ]
    return [
        [_cell(row[place], field) for place, field in zip(places, written.fields, strict=True)]
        for row in rows
    ]


def _cell(value: Any, field: Field) -> Any:
    if isinstance(value, datetime):
        return _seconds(value.replace(tzinfo=UTC))
    if isinstance(value, str):
        text = _ESCAPE.sub("_", value)
        return int(text) if field.kind in _NUMBERS else text
    return value


def _parquet(path: Path, written: Table) -> list[list[Any]]:
    import duckdb

    names = ", ".join(
        f'epoch("{field.name}")::BIGINT' if field.kind is Kind.TIME else f'"{field.name}"'
        for field in written.fields
    )
    with duckdb.connect() as database:
        rows = database.execute(f"SELECT {names} FROM '{path}'").fetchall()
    return [[_value(value, field) for value, field in zip(row, written.fields, strict=True)] for row in rows]


def _value(value: Any, field: Field) -> Any:
    return float(value) if value is not None and field.kind is Kind.SHARE else value


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())
