"""The operations file: UTF-8 JSON Lines, one operation a line (docs/operations.md)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic_core import from_json

from traceledger.errors import InputError
from traceledger.ledger.operations import Operation, faults_of, parse_operation

_MAX_LINE_BYTES = 1_000_000
_FAULTS_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Line:
    """An operation and the number of its line, from 1."""

    number: int
    operation: Operation


class OperationsFileError(InputError):
    """A file has faults; nothing of it was sent. ``faults`` lists them all, in the file's order."""

    def __init__(self, path: Path, faults: Sequence[InputError]) -> None:
        self.faults = tuple(sorted(faults, key=_line_of))
        count = f"{len(faults)} fault{'s' if len(faults) > 1 else ''}"
        shown = [str(fault) for fault in self.faults[:_FAULTS_SHOWN]]
        more = len(faults) - len(shown)
        rest = [f"and {more} more"] if more else []
        super().__init__("\n  ".join([f"{count}; nothing was sent", *shown, *rest]), where=str(path))


@dataclass(slots=True)
class Content:
    """What a file holds: sound lines, faults, and the documents of lines that are JSON but not sound."""

    lines: list[Line] = field(default_factory=list)
    faults: list[InputError] = field(default_factory=list)
    unsound: list[Any] = field(default_factory=list)


def read(path: Path) -> Content:
    """The operations of a file, and its faults, each with file, line and field.

    Blank lines are passed over. A line with a fault yields no operation.

    Raises:
        InputError: the file cannot be read.
    """
    found = Content()
    try:
        content = path.read_bytes()
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", where=str(path)) from None
    for number, text in enumerate(content.split(b"\n"), start=1):
        if not text.strip():
            continue
        try:
            document = _document(text)
        except InputError as error:
            found.faults.append(placed(error, path, number))
            continue
        faults = faults_of(document)
        found.faults.extend(placed(fault, path, number) for fault in faults)
        if faults:
            found.unsound.append(document)
        else:
            found.lines.append(Line(number, parse_operation(document)))
    return found


def _line_of(fault: InputError) -> int:
    """The line number in a place such as ``folder/file.jsonl:12: batch``."""
    return int(fault.where.partition(": ")[0].rpartition(":")[2])


def placed(fault: InputError, path: Path, number: int) -> InputError:
    """The same fault with file and line before its field."""
    field = f": {fault.where}" if fault.where else ""
    return type(fault)(fault.what, hint=fault.hint, where=f"{path}:{number}{field}")


def _document(text: bytes) -> Any:
    if len(text) > _MAX_LINE_BYTES:
        raise InputError("the line is longer than a megabyte", hint="one operation a line")
    try:
        decoded = text.decode("utf-8")
        from_json(decoded)  # bounds the nesting, which json.loads leaves to the interpreter's stack
        return json.loads(decoded, object_pairs_hook=_unique)
    except UnicodeDecodeError:
        raise InputError("the line is not UTF-8") from None
    except json.JSONDecodeError as error:
        raise InputError(f"not JSON: {error.msg} at column {error.colno}") from None
    except InputError:
        raise
    except ValueError as error:
        raise InputError(f"not JSON: {str(error).replace(' at line 1', ' at')}") from None


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    document = dict(pairs)
    if len(document) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise InputError(f"the field {twice!r} is given twice")
    return document
