"""A table made of documents: fields of one kind each, and rows of plain values.

Example:
    >>> from traceledger.interop.tables.columns import Column, Kind
    >>> rows = [{"batch": "a/b", "held": {"Co": "5"}}, {"batch": "a/c", "held": {"Li": "7"}}]
    >>> made = table("batches", [Column("batch", "batch", Kind.TEXT, "batch"),
    ...     Column("substance", "of it", Kind.MASSES, "held")], rows)
    >>> [field.name for field in made.fields], made.rows
    (['batch', 'substance_li_mg', 'substance_co_mg'], (('a/b', None, 5), ('a/c', 7, None)))
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from traceledger.interop.tables.columns import Column, Kind, Value
from traceledger.model.frozen import frozen


@frozen
class Field:
    """A column of a table: its name, its heading with the unit, and what its values are."""

    name: str
    title: str
    kind: Kind


@frozen
class Table:
    """What is written: the name of what is listed, its fields, and rows of as many values each."""

    name: str
    fields: tuple[Field, ...]
    rows: tuple[tuple[Any, ...], ...]


@frozen
class Source:
    """Where a table comes from, as pairs of what and its value; made of the chain only, never of a clock."""

    facts: tuple[tuple[str, str], ...]
    at: int
    """Time of the block as of which it is, UTC seconds."""


def table(name: str, columns: Sequence[Column], documents: Iterable[Mapping[str, Any]]) -> Table:
    """The table of these columns, with a row for each document.

    Args:
        name: of what is listed, such as ``batches``.
        columns: in their order.
        documents: of the rows.
    """
    found = [[column.value(document) for column in columns] for document in documents]
    parts = [_parts(column, [row[place] for row in found]) for place, column in enumerate(columns)]
    fields = tuple(field for part in parts for field, _ in part)
    rows = tuple(
        tuple(_part(value, key) for value, part in zip(row, parts, strict=True) for _, key in part)
        for row in found
    )
    return Table(name, fields, rows)


def _parts(column: Column, values: Iterable[Value]) -> list[tuple[Field, str | None]]:
    """The fields that a column becomes, each with the key of its values."""
    if column.kind is not Kind.MASSES:
        return [(Field(column.field, column.title, column.kind), None)]
    names = {name for value in values if isinstance(value, Mapping) for name in value}
    return [
        (
            Field(f"{column.name}_{_word(name)}_mg", f"{column.heading} {name} (mg)".strip(), Kind.MASS),
            name,
        )
        for name in sorted(names, key=_order)
    ]


def _part(value: Value, key: str | None) -> Any:
    if key is None:
        return value
    return value.get(key) if isinstance(value, Mapping) else None


def _word(name: str) -> str:
    return "".join(letter if letter.isalnum() else "_" for letter in name.lower())


def _order(name: str) -> tuple[int, str]:
    from traceledger.errors import InputError
    from traceledger.model.substances import number

    try:
        return number(name), name
    except InputError:
        return 1 << 16, name
