"""The rows of a list as a table: for people, and in files. Loaded by who draws or writes one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from rich.console import RenderableType

    from traceledger.cli.context import Session
    from traceledger.index import IndexReader
    from traceledger.interop.tables.columns import Column, Kind, Value
    from traceledger.interop.tables.declared import Noun

Row = Mapping[str, Any]


def write_table(
    session: Session,
    noun: Noun,
    rows: Iterable[Row],
    path: Path,
    index: IndexReader | None,
    *,
    columns: Sequence[Column] | None = None,
    filters: Mapping[str, object] | None = None,
) -> None:
    """Write rows as a table into a file, and print that.

    Raises:
        InputError: it cannot be written, cannot hold the table, or is there and would hold private texts.
    """
    from traceledger.documents import machine
    from traceledger.interop.tables import files
    from traceledger.interop.tables.table import table
    from traceledger.model.counting import counted
    from traceledger.storage.files import OWNER_ONLY, creating, replacing

    form = files.form_of(path)
    made = table(noun.member, columns or noun.columns, rows)
    # Private texts get into a file that is made for them alone.
    private = bool(getattr(index, "disclosed", {}))
    with creating(path, mode=OWNER_ONLY) if private else replacing(path) as file:
        files.write(form, made, _source(session, index, filters or {}, len(made.rows)), file)
    told = counted(len(made.rows), "row")
    document = machine.table_written(path, rows=len(made.rows), columns=[field.name for field in made.fields])
    session.output.result(document, lambda: f"{told} written to {path}")


def require_no_format(form: str | None) -> None:
    """That ``--format`` stands beside no file: its name says how it is written.

    Raises:
        InputError: it does.
    """
    from traceledger.errors import InputError

    if form is not None:
        raise InputError("the file's name says it already", where="--format", hint="leave it out beside -o")


def _source(session: Session, index: IndexReader | None, filters: Mapping[str, object], rows: int) -> Any:
    """Where a table comes from."""
    from traceledger.interop.tables.source import source

    return source(session.chosen().name, index, rows=rows, filters=filters)


def drawn(
    noun: Noun,
    rows: Sequence[Row],
    columns: Sequence[Column] | None = None,
    total: Row | None = None,
) -> RenderableType:
    """Rows as a table for people, with a last one that sums them up where it is given."""
    from traceledger.cli.output import table
    from traceledger.interop.tables.columns import Shown

    wanted = columns or [
        column
        for column in noun.columns
        if column.shown is Shown.ALWAYS
        or (column.shown is Shown.IF_ANY and any(column.value(row) for row in rows))
    ]
    lines = [[cell(column, column.value(row)) for column in wanted] for row in rows]
    if total is not None and rows:
        lines.append([str(total["label"]), *(_sum(column, total) for column in wanted[1:])])
    right = [column.heading for column in wanted if column.kind.to_the_right]
    drop = [noun.column(name).heading for name in noun.drop]
    more = "--columns, " if columns is None else ""
    return table([column.heading for column in wanted], lines, right=right, drop=drop, more=more)


def _sum(column: Column, total: Row) -> str:
    member = column.at.partition(".")[0] if isinstance(column.at, str) else ""
    return cell(column, column.value(total)) if member in total else ""


def cell(column: Column, value: Value) -> str:
    """A value for people."""
    return "" if value is None else _cell(column.kind, value)


def _cell(kind: Kind, value: Value) -> str:
    from traceledger.cli import figures
    from traceledger.interop.tables.columns import Kind
    from traceledger.model.units import format_time

    match kind:
        case Kind.MASS | Kind.CO2E if isinstance(value, int):
            return figures.mass(value)
        case Kind.MASSES if isinstance(value, Mapping):
            return ", ".join(f"{name} {figures.mass(mg)}" for name, mg in value.items())
        case Kind.TIME if isinstance(value, int):
            return format_time(value)
        case Kind.SHARE if isinstance(value, int | float):
            return figures.share(value)
        case Kind.FLAG:
            return "yes" if value else "no"
        case Kind.WORD:
            return str(value).replace("_", " ")
        case Kind.DIGEST:
            return f"{str(value)[:18]}…"
        case _:
            return str(value)
