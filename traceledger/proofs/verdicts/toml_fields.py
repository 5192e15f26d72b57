r"""The fields of a TOML document that somebody else may have written, each known by its line and its key.

Example:
    >>> fields = Fields.of('[region]\ncountries = ["CN"]', "policy.toml")
    >>> fields.table("region").places("countries").line
    2
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from traceledger.errors import InputError, Place
from traceledger.model.spelling import hint
from traceledger.storage import toml_text

Value = TypeVar("Value")
Path = tuple[str | int, ...]
_HEAD = re.compile(r"\s*(\[\[?)\s*([^\]\n]+?)\s*\]\]?\s*(?:#.*)?")
_AT = re.compile(r"at (?:line (\d+)|end of document)")
_KEY = re.compile(
    r"""\s*((?:[A-Za-z0-9_-]+|"[^"\n]*"|'[^'\n]*')(?:\s*\.\s*(?:[A-Za-z0-9_-]+|"[^"\n]*"))*)\s*="""
)


class Fields:
    """One table, whose fields are taken one by one; what is left at the end is no field.

    Args:
        values: the table as read.
        path: where it stands in its document.
        lines: by path, the line of each key.
        file: its file's name, for messages.
    """

    def __init__(self, values: Mapping[str, Any], path: Path, lines: Mapping[Path, int], file: str) -> None:
        self._left = dict(values)
        self._known = list(values)
        self._path, self._lines, self._file = path, lines, file

    @classmethod
    def of(cls, text: str, file: str) -> Fields:
        """The whole document.

        Raises:
            InputError: it is no TOML; a key that is there twice among it.
        """
        try:
            values = toml_text.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise InputError(f"not valid TOML: {error}", where=_fault(text, str(error), file)) from None
        return cls(values, (), _lines(text), file)

    def __contains__(self, key: str) -> bool:
        return key in self._left

    @property
    def keys(self) -> list[str]:
        """The keys of the table, in its order."""
        return list(self._known)

    def places(self, *keys: str | int) -> Place:
        """Where a field stands: file, line as far as it is known, and key."""
        path = (*self._path, *keys)
        known = (path[:end] for end in range(len(path), 0, -1) if path[:end] in self._lines)
        line = self._lines.get(next(known, ()))
        return Place(self._file, line, ".".join(map(str, path)))

    def take(self, key: str, read: Callable[[Any], Value], how: str = "") -> Value | None:
        """The value of a field, read; ``None`` where it is not there. ``how`` says what to write.

        Raises:
            InputError: it is not what it must be.
        """
        if key not in self._left:
            return None
        try:
            return read(self._left.pop(key))
        except InputError as error:
            raise InputError(error.what, where=self.places(key), hint=error.hint or how) from None

    def need(self, key: str, read: Callable[[Any], Value], how: str) -> Value:
        """The same of one that must be there; ``how`` says what to write.

        Raises:
            InputError: it is missing, or not what it must be.
        """
        found = self.take(key, read, how)
        if found is None:
            raise InputError(f"{key} is missing", where=self.places(), hint=how)
        return found

    def table(self, key: str) -> Fields:
        """A table in it; an empty one where there is none.

        Raises:
            InputError: it is no table.
        """
        value = self._left.pop(key, {})
        if not isinstance(value, Mapping):
            raise InputError("it is not a table", where=self.places(key), hint=f"write [{key}]")
        return Fields(value, (*self._path, key), self._lines, self._file)

    def tables(self, key: str) -> list[Fields]:
        """The tables of a list of tables.

        Raises:
            InputError: it is no such list.
        """
        values = self._left.pop(key, [])
        if not isinstance(values, list) or not all(isinstance(value, Mapping) for value in values):
            raise InputError("it is not a list of tables", where=self.places(key), hint=f"write [[{key}]]")
        return [
            Fields(value, (*self._path, key, number), self._lines, self._file)
            for number, value in enumerate(values)
        ]

    def end(self, known: tuple[str, ...]) -> None:
        """That nothing else is in it; ``known`` are all keys that there are.

        Raises:
            InputError: there is.
        """
        for key in self._left:
            there = hint(key, known, otherwise=f"there are {', '.join(known)}")
            raise InputError(f"there is no {key!r} here", where=self.places(key), hint=there)


def _lines(text: str) -> dict[Path, int]:
    """The line of each table and key, as far as the text shows it without being parsed."""
    found: dict[Path, int] = {}
    counts: dict[Path, int] = {}
    table: Path = ()
    for number, line in enumerate(text.split("\n"), start=1):
        if head := _HEAD.fullmatch(line.rstrip("\r")):
            table = _keys(head[2])
            if head[1] == "[[":
                counts[table] = counts.get(table, -1) + 1
                found.setdefault(table, number)
                table = (*table, counts[table])
            found.setdefault(table, number)
        elif key := _KEY.match(line):
            path = (*table, *_keys(key[1]))
            for end in range(len(table) + 1, len(path) + 1):
                found.setdefault(path[:end], number)
    return found


def _fault(text: str, error: str, file: str) -> Place:
    """Where the text is no TOML, and the key or table of that line."""
    lines = text.rstrip().split("\n")
    found = _AT.search(error)
    if found is None:
        return Place(file)
    # What ends too early, or overwrites something in the last line, is said to be at the end.
    number = min(int(found[1] or len(lines)), len(lines))
    line = lines[number - 1].strip()
    key = _HEAD.fullmatch(line) or _KEY.match(line)
    return Place(file, number, ".".join(map(str, _keys(key[key.lastindex or 1]))) if key else "")


def _keys(dotted: str) -> Path:
    parts = re.findall(r'"([^"\n]*)"|\'([^\'\n]*)\'|([A-Za-z0-9_-]+)', dotted)
    return tuple(next(part for part in each if part) if any(each) else "" for each in parts)


# --- what values must be ------------------------------------------------------------------------------------


def text(value: Any) -> str:
    """A text with something in it.

    Raises:
        InputError: it is none.
    """
    if not isinstance(value, str) or not value.strip() or "\0" in value:
        raise InputError(f"{_shown(value)} is not text")
    return value


def texts(value: Any) -> tuple[str, ...]:
    """A list of texts, each once; one text alone is a list of one.

    Raises:
        InputError: it is something else, or one is there twice.
    """
    values = [value] if isinstance(value, str) else value
    if not isinstance(values, list) or not values:
        raise InputError(f"{_shown(value)} is not a list of texts")
    found = tuple(map(text, values))
    if twice := next((each for each in found if found.count(each) > 1), ""):
        raise InputError(f"{twice!r} is there twice")
    return found


def flag(value: Any) -> bool:
    """True or false.

    Raises:
        InputError: it is neither.
    """
    if not isinstance(value, bool):
        raise InputError(f"{_shown(value)} is neither true nor false")
    return value


def whole(value: Any) -> int:
    """A whole number.

    Raises:
        InputError: it is none.
    """
    if not isinstance(value, int) or isinstance(value, bool):
        raise InputError(f"{_shown(value)} is not a whole number")
    return value


def _shown(value: Any) -> str:
    told = repr(value)
    return told if len(told) <= 60 else told[:57] + "…"
