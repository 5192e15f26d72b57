r"""Tables as CSV (RFC 4180): UTF-8 with a byte order mark, by which Excel knows it; amounts in whole mg.

Times are ISO 8601 in UTC. No text of others is a formula: :class:`~traceledger.model.text.Surface`.

Example:
    >>> import io
    >>> from traceledger.interop.tables.columns import Column, Kind
    >>> from traceledger.interop.tables.table import Source, table
    >>> columns, file = [Column("batch", "batch", Kind.TEXT, "batch")], io.BytesIO()
    >>> write(table("batches", columns, [{"batch": "=1"}]), Source((), 0), file)
    >>> file.getvalue().decode("utf-8-sig")
    "batch\n'=1\n"
"""

from __future__ import annotations

from typing import Any, BinaryIO

from traceledger.documents import flat
from traceledger.interop.tables.columns import Kind
from traceledger.interop.tables.table import Source, Table
from traceledger.model.units import format_time


def write(table: Table, _: Source, file: BinaryIO) -> None:
    """Write a table; where it comes from has no place in a file of rows alone."""
    kinds = [field.kind for field in table.fields]
    rows = ([_value(value, kind) for value, kind in zip(row, kinds, strict=True)] for row in table.rows)
    file.write(flat.written([field.name for field in table.fields], rows).encode("utf-8-sig"))


def _value(value: Any, kind: Kind) -> Any:
    return format_time(value) if kind is Kind.TIME and value is not None else value
