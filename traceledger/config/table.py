"""A table of a configuration file, its fields taken and checked one by one.

By hand: to import pydantic takes longer than to read a batch from the index, and every command reads
networks.toml.

Example:
    >>> table = Table({"chain_id": 7}, "networks.toml: networks.local")
    >>> table.take("chain_id", whole(1, 2**63)), table.take("url", text, None)
    (7, None)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from traceledger.errors import InputError
from traceledger.model.hexadecimal import parsed_address, parsed_hash

Value = TypeVar("Value")
Check = Callable[[object], Value]
"""Gives the value of a field, or raises ``ValueError`` that says what it must be."""


class Table:
    """The fields of one table that were not taken yet.

    Args:
        document: the table, as read.
        place: where it stands, for messages.

    Raises:
        InputError: it is no table.
    """

    def __init__(self, document: object, place: str) -> None:
        if not isinstance(document, Mapping):
            raise InputError("must be a table", where=place)
        self._left = dict(document)
        self.place = place

    def need(self, field: str, check: Check[Value]) -> Value:
        """The value of a field that must be there.

        Raises:
            InputError: it is missing, or not what it must be.
        """
        if field not in self._left:
            raise InputError("is missing", where=f"{self.place}.{field}")
        return self._checked(field, check)

    def take(self, field: str, check: Check[Value], default: Value | None = None) -> Value | None:
        """The value of a field that may be left out.

        Raises:
            InputError: it is not what it must be.
        """
        return self._checked(field, check) if field in self._left else default

    def end(self) -> None:
        """All that may be there has been taken.

        Raises:
            InputError: there is more.
        """
        for field in self._left:
            raise InputError("there is no such field", where=f"{self.place}.{field}")

    def _checked(self, field: str, check: Check[Value]) -> Value:
        try:
            return check(self._left.pop(field))
        except ValueError as fault:
            raise InputError(str(fault), where=f"{self.place}.{field}") from None


def text(value: object) -> str:
    """Text that can be a path or an address."""
    if not isinstance(value, str):
        raise ValueError("must be text")
    if "\0" in value:  # no system call takes it, so that using it would fail anywhere
        raise ValueError("must hold no zero character")
    return value


def texts(value: object) -> tuple[str, ...]:
    """One text or several, as a list."""
    if not isinstance(value, list) or not value:
        raise ValueError("must be a list of texts")
    return tuple(map(text, value))


def whole(least: int, below: int) -> Check[int]:
    """A whole number from ``least`` up, smaller than ``below``."""

    def check(value: object) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value < below:
            raise ValueError(f"must be a whole number from {least}, smaller than {below}")
        return value

    return check


def seconds(value: object) -> float:
    """A duration above 0 and up to 600 s."""
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 < value <= 600:
        raise ValueError("must be a number of seconds above 0, at most 600")
    return float(value)


def address(value: object) -> bytes:
    """A 20-byte address."""
    found = parsed_address(value) if isinstance(value, str) else None
    if found is None:
        raise ValueError("an address is 0x and 40 hexadecimal digits")
    return found


def digest(value: object) -> bytes:
    """A 32-byte hash."""
    found = parsed_hash(value) if isinstance(value, str) else None
    if found is None:
        raise ValueError("a hash is 0x and 64 hexadecimal digits")
    return found
