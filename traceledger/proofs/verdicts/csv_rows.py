"""Lists that people give as CSV: headings in the first line, in any order and any case, then a thing a row.

Both lists of verdicts, of entities and of costs, are read by the same rules (RFC 4180): UTF-8, with a byte
order mark or without, no more cells than headings, empty lines passed over.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from traceledger.errors import InputError, Place
from traceledger.storage.files import content_of, explained

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Listed(Generic[Row]):
    """A list that was read.

    Attributes:
        content: the bytes of its file.
        heads: its headings, in lower case.
        rows: what its lines say.
    """

    content: bytes
    heads: tuple[str, ...]
    rows: tuple[Row, ...]


def load(
    path: Path,
    most: int,
    headed: Callable[[Sequence[str], Place], None],
    row: Callable[[dict[str, str], Place], Row],
    hint: str,
) -> Listed[Row]:
    """Read a file.

    Args:
        path: the file.
        most: bytes that it may have.
        headed: refuses headings, which are given with their place.
        row: makes a thing of the cells of a line, by heading; a cell that is not there has no key.
        hint: what the file should be, for whatever is wrong with it.

    Raises:
        InputError: it cannot be read, is no CSV in UTF-8, or has a line with more cells than headings; or
            what ``headed`` and ``row`` raise.
    """
    with explained(path, verb="read"):
        content = content_of(path, most)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError("not valid UTF-8", where=Place(path), hint=hint) from None
    lines = csv.reader(io.StringIO(text, newline=""), strict=True)
    found: list[Row] = []
    try:
        heads = tuple(head.strip().casefold() for head in next(lines, []))
        headed(heads, Place(path, 1))
        for cells in filter(any, lines):
            place = Place(path, lines.line_num)
            if len(cells) > len(heads):
                raise InputError(f"{len(cells)} cells, under {len(heads)} headings", where=place, hint=hint)
            found.append(row(dict(zip(heads, cells, strict=False)), place))
    except csv.Error as error:
        raise InputError(f"not valid CSV: {error}", where=Place(path, lines.line_num), hint=hint) from None
    return Listed(content, heads, tuple(found))
