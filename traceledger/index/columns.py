"""Values of :mod:`traceledger.model` kept one a row: what is read, written and changed follows from columns.

Example:
    >>> from traceledger.model.evidence import Evidence
    >>> table = Table("paper", Evidence, (Column("a", "uri"), Column("b", "sha256", bytes.hex, changes=True)))
    >>> table.put
    'INSERT INTO main.paper (a, b) VALUES (?, ?) ON CONFLICT (a) DO UPDATE SET b = excluded.b'
    >>> table.row(Evidence("urn:x", b"1")), table.value(("urn:x", "31"))
    (('urn:x', '31'), Evidence(uri='urn:x', sha256='31'))
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import cached_property
from operator import attrgetter
from typing import Any, Generic, TypeVar, cast

Kept = TypeVar("Kept")
Convert = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Column:
    """A column that holds a field of a value.

    Attributes:
        name: the column's.
        field: the field's.
        write: makes what is stored of what the field holds; ``None`` stores it as it is.
        read: the inverse.
        changes: whether the field may change once the value is kept.
    """

    name: str
    field: str
    write: Convert | None = None
    read: Convert | None = None
    changes: bool = False


@dataclass(frozen=True)
class Table(Generic[Kept]):
    """A table of values of one kind; its first column is its key.

    Attributes:
        name: the table's, as in :data:`traceledger.index.schema.TABLES`.
        kind: a dataclass.
        columns: one for each field of the kind, in the order of the fields.

    Raises:
        TypeError: a field has no column, or they stand in another order.
    """

    name: str
    kind: Callable[..., Kept]
    columns: tuple[Column, ...]

    def __post_init__(self) -> None:
        held = [column.field for column in self.columns]
        wanted = [field.name for field in fields(cast("Any", self.kind))]
        if held != wanted:
            raise TypeError(f"the columns of table {self.name} hold {held}; its values have {wanted}")

    @cached_property
    def names(self) -> str:
        """Names of the columns, for SELECT."""
        return ", ".join(column.name for column in self.columns)

    @cached_property
    def put(self) -> str:
        """The statement that keeps a value, or what changed of it."""
        key, marks = self.columns[0].name, ", ".join("?" * len(self.columns))
        changed = ", ".join(f"{each.name} = excluded.{each.name}" for each in self.columns if each.changes)
        insert = f"INSERT INTO main.{self.name} ({self.names}) VALUES ({marks})"  # noqa: S608  (no value is in it)
        return f"{insert} ON CONFLICT ({key}) DO UPDATE SET {changed}"

    def row(self, value: Kept) -> tuple[Any, ...]:
        """A value in the order of the columns."""
        pairs = zip(self._write, self._fields(value), strict=True)
        return tuple(part if write is None else write(part) for write, part in pairs)

    def value(self, row: tuple[Any, ...]) -> Kept:
        """The inverse of :meth:`row`."""
        pairs = zip(self._read, row, strict=True)
        return self.kind(*[part if read is None else read(part) for read, part in pairs])

    @cached_property
    def _fields(self) -> Callable[[Kept], tuple[Any, ...]]:
        return attrgetter(*[column.field for column in self.columns])

    @cached_property
    def _write(self) -> tuple[Convert | None, ...]:
        return tuple(column.write for column in self.columns)

    @cached_property
    def _read(self) -> tuple[Convert | None, ...]:
        return tuple(column.read for column in self.columns)
