"""Documents of lists as flat rows, for spreadsheets: a column for each member, its path joined by dots.

Example:
    >>> print(csv([{"batch": "a/b", "co2e": {"own_mg": "5"}, "names": ["x", "=y"]}, {"batch": "=1"}]), end="")
    batch,co2e.own_mg,names
    a/b,5,"x, '=y"
    '=1,,
"""

from __future__ import annotations

import csv as comma
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from traceledger.model.text import Surface, escaped


def csv(rows: Sequence[Mapping[str, Any]]) -> str:
    """Rows as CSV (RFC 4180) with a line of their columns; no text of others is a formula."""
    flat = [dict(_members("", row)) for row in rows]
    columns = list(dict.fromkeys(name for row in flat for name in row))
    return written(columns, ([row.get(name) for name in columns] for row in flat))


def written(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """The same of columns and of rows with a value for each."""
    text = io.StringIO()
    writer = comma.writer(text, lineterminator="\n")
    writer.writerow([_cell(name) for name in columns])
    writer.writerows([_cell(value) for value in row] for row in rows)
    return text.getvalue()


def rows_of(document: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The rows of a list's document: its first member that is a list of objects."""
    lists = (value for value in document.values() if isinstance(value, list))
    return next((rows for rows in lists if all(isinstance(row, Mapping) for row in rows)), [])


def _members(at: str, value: Mapping[str, Any]) -> Iterable[tuple[str, Any]]:
    for name, each in value.items():
        path = f"{at}.{name}" if at else name
        if isinstance(each, Mapping):
            yield from _members(path, each)
        else:
            yield path, each


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return escaped(", ".join(_part(each) for each in value), Surface.SPREADSHEET)
    if isinstance(value, int | float):
        return str(value)
    # A number below zero is one, and no formula.
    text = str(value)
    return text if text.removeprefix("-").isdecimal() else escaped(text, Surface.SPREADSHEET)


def _part(value: object) -> str:
    if isinstance(value, Mapping):
        return "; ".join(f"{name}: {_part(each)}" for name, each in value.items())
    return str(value)
