"""The files into which tables are written, told by the end of their names.

Example:
    >>> form_of("batches.XLSX")
    'xlsx'
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import BinaryIO

from traceledger.errors import InputError
from traceledger.interop.tables.table import Source, Table

FORMS = ("csv", "xlsx", "parquet")
"""By the end of a file's name, what is written into it."""


def form_of(path: str | os.PathLike[str]) -> str:
    """What a file of that name is to be.

    Raises:
        InputError: its name does not say it.
    """
    end = Path(path).suffix.lower().removeprefix(".")
    if end not in FORMS:
        raise InputError(
            "its name does not say what to write", where=Path(path), hint="end it in .csv, .xlsx or .parquet"
        )
    return end


def write(form: str, table: Table, source: Source, file: BinaryIO) -> None:
    """Write a table in one of :data:`FORMS`.

    Raises:
        InputError: it cannot hold the table, or what writes it is not installed.
    """
    match form:
        case "csv":
            from traceledger.interop.tables import csv_file as writer
        case "xlsx":
            from traceledger.interop.tables import xlsx_file as writer  # type: ignore[no-redef]
        case _:
            from traceledger.interop.tables import parquet_file as writer  # type: ignore[no-redef]
    writer.write(table, source, file)
