"""The operations file: UTF-8 JSON Lines, one operation a line (docs/operations.md)."""

from __future__ import annotations

import codecs
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from traceledger.errors import InputError, Place, Spot, place_of
from traceledger.operations.catalogue import Operation, parsed
from traceledger.storage.files import content_of, explained
from traceledger.storage.json_text import loads

_MAX_LINE_BYTES = 1_000_000
MOST_BYTES = 2**30
"""Bytes that a file of operations may have."""


@dataclass(frozen=True, slots=True)
class Line:
    """An operation and the number of its line, from 1. ``document`` is its JSON, if it was read from that."""

    number: int
    operation: Operation
    document: Any = None


@dataclass(frozen=True, slots=True)
class Unsound:
    """A line with faults. ``document`` is its JSON, as far as it is JSON."""

    number: int
    faults: tuple[InputError, ...]
    document: Any = None


class OperationsFileError(InputError):
    """A file has faults. ``faults`` lists them all, in the file's order.

    Args:
        path: the file.
        faults: what is wrong with it.
        aftermath: what of it was sent.
    """

    def __init__(
        self, path: Path | str, faults: Sequence[InputError], *, aftermath: str = "nothing was sent"
    ) -> None:
        self.faults = _in_order(faults)
        count = f"{len(faults)} fault{'s' if len(faults) > 1 else ''}"
        super().__init__(f"{count}; {aftermath}", where=Place(path))

    @property
    def further(self) -> tuple[InputError, ...]:
        """All of them."""
        return self.faults


def _in_order(faults: Sequence[InputError]) -> tuple[InputError, ...]:
    """Faults as they stand in the file: rows of spreadsheets run in the order of time."""
    spots = [place_of(fault.where).spot for fault in faults]
    sheets = {spot.sheet: number for number, spot in enumerate(filter(None, reversed(spots)))}

    def place(spot: Spot | None) -> tuple[int, int, int, str]:
        if spot is None:
            return (0, 0, 0, "")
        return (len(spots) - sheets[spot.sheet], spot.row or 0, len(spot.column), spot.column)

    order = sorted(range(len(spots)), key=lambda number: place(spots[number]))
    return tuple(faults[number] for number in order)


def read(path: Path) -> Iterator[Line | Unsound]:
    """The lines of a file in order; each fault names file, line and field. Blank lines are passed over.

    Raises:
        InputError: the file cannot be read.
    """
    yield from read_bytes(bytes_of(path), str(path))


def bytes_of(path: Path) -> bytes:
    """All that a file holds, of which it is not known yet what it is.

    Raises:
        InputError: it cannot be read, or is larger than any that is taken.
    """
    with explained(path, verb="read"):
        return content_of(path, MOST_BYTES)


def read_bytes(content: bytes, name: str) -> Iterator[Line | Unsound]:
    """The same of what a file holds; ``name`` is what it is called in messages."""
    for number, text in enumerate(content.removeprefix(codecs.BOM_UTF8).split(b"\n"), start=1):
        if text.strip():
            yield _line(name, number, text)


def _line(path: str, number: int, text: bytes) -> Line | Unsound:
    try:
        document = _document(text)
    except InputError as error:
        return Unsound(number, (placed(error, Place(path, number)),))
    found = parsed(document)
    if isinstance(found, list):
        return Unsound(number, tuple(placed(fault, Place(path, number)) for fault in found), document)
    return Line(number, found, document)


def placed(fault: InputError, place: Place) -> InputError:
    """The same fault with its line, such as ``file:3``, before its field."""
    return type(fault)(fault.what, hint=fault.hint, where=place.within(fault.where))


def _document(text: bytes) -> Any:
    if len(text) > _MAX_LINE_BYTES:
        raise InputError("the line is longer than a megabyte", hint="one operation a line")
    return loads(text)
