"""Tables as Parquet, for databases: flat columns of exact types, nothing escaped, and the source as metadata.

Amounts are 64-bit integers of mg, or decimals of 38 digits in a column that holds larger ones; shares
decimals of 15 places; times moments in UTC, and nothing where the calendar ends before.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, assert_never

from traceledger.errors import InputError
from traceledger.interop.tables.columns import Kind
from traceledger.interop.tables.table import Source, Table

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

INTEGER = 2**63 - 1
"""The largest of 64 bits."""
_LAST_TIME = 253_402_300_799
_SETTINGS: dict[str, str | bool | int | float | list[str]] = {
    # One file of the same bytes each time, made without a look into any network.
    "threads": "1",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
}


def write(table: Table, source: Source, file: BinaryIO) -> None:
    """Write a table, with where it comes from in the file's metadata.

    Raises:
        InputError: what writes it is not installed.
    """
    try:
        import duckdb
    except ImportError:
        raise InputError(
            "duckdb, which writes Parquet, is not installed",
            hint='run: pip install "traceledger-evm[parquet]"; or name a file .csv or .xlsx',
        ) from None
    with (
        tempfile.TemporaryDirectory(prefix="traceledger-") as folder,
        duckdb.connect(config=_SETTINGS) as database,
    ):
        path = Path(folder) / "table.parquet"
        _fill(database, table, Path(folder) / "rows.jsonl")
        database.execute(
            f"COPY rows TO {_quoted(str(path))} "
            f"(FORMAT parquet, COMPRESSION zstd, KV_METADATA {{{_metadata(source)}}})"
        )
        with path.open("rb") as made:
            shutil.copyfileobj(made, file)


def _fill(database: DuckDBPyConnection, table: Table, rows: Path) -> None:
    """Hand the rows over in a file: value by value it takes a hundred times as long."""
    kinds = [field.kind for field in table.fields]
    names = [str(place) for place in range(len(kinds))]
    with rows.open("w", encoding="utf-8") as file:
        for row in table.rows:
            said = {name: _text(value, kind) for name, value, kind in zip(names, row, kinds, strict=True)}
            file.write(json.dumps(said) + "\n")
    types = [_type(kind, [row[place] for row in table.rows]) for place, kind in enumerate(kinds)]
    read = ", ".join(f"{_quoted(name)}: {_quoted(type_)}" for name, type_ in zip(names, types, strict=True))
    named = ", ".join(f'"{name}" AS "{field.name}"' for name, field in zip(names, table.fields, strict=True))
    database.execute(
        f"CREATE TABLE rows AS SELECT {named} FROM read_json("  # noqa: S608
        f"{_quoted(str(rows))}, format = 'newline_delimited', columns = {{{read}}})"
    )


def _type(kind: Kind, values: Sequence[Any]) -> str:
    match kind:
        case Kind.TEXT | Kind.WORD | Kind.DIGEST | Kind.MASSES:
            return "VARCHAR"
        case Kind.MASS | Kind.CO2E | Kind.COUNT:
            large = any(value is not None and abs(value) > INTEGER for value in values)
            return "DECIMAL(38, 0)" if large else "BIGINT"
        case Kind.SHARE:
            return "DECIMAL(18, 15)"
        case Kind.NUMBER:
            return "DOUBLE"
        case Kind.TIME:
            return "TIMESTAMP WITH TIME ZONE"
        case Kind.FLAG:
            return "BOOLEAN"
        case _:
            assert_never(kind)


def _text(value: Any, kind: Kind) -> str | None:
    if value is None:
        return None
    if kind is Kind.TIME:
        from traceledger.model.units import format_time

        return format_time(value) if 0 <= value <= _LAST_TIME else None
    if kind is Kind.SHARE:
        return f"{Decimal(repr(value)):f}"
    return str(value)


def _metadata(source: Source) -> str:
    return ", ".join(f"{_quoted(name)}: {_quoted(value)}" for name, value in source.facts)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
