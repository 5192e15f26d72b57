"""Reading TOML that somebody else may have written: bounded, and with one error for all that is wrong.

Python's reader takes memory and time by the square of a key's parts, so that 200 kB of ``a.a.a…`` fill a
machine; deep nesting and long integers end it in errors that are none of TOML's.

Example:
    >>> loads('default = "local"')
    {'default': 'local'}
    >>> loads("a." * 2_000 + "b = 1")
    Traceback (most recent call last):
    tomllib.TOMLDecodeError: more than 1000 dots in line 1
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from traceledger.errors import InputError, TraceLedgerError
from traceledger.storage.files import explained, text_of

MOST_CHARACTERS = 2**20
"""Of one document: people write it by hand."""
_DOTS_OF_LINE = 1_000
_DOTS = 10_000


def loads(text: str, *, exact: bool = False) -> dict[str, Any]:
    """The document of a TOML text.

    Args:
        text: all of it.
        exact: numbers with a fraction are decimals, digit by digit as they are written.

    Raises:
        TOMLDecodeError: it is no TOML, or larger or more deeply nested than anything that people write.
    """
    if len(text) > MOST_CHARACTERS:
        raise tomllib.TOMLDecodeError(f"more than {MOST_CHARACTERS} characters")
    if text.count(".") > _DOTS:
        raise tomllib.TOMLDecodeError(f"more than {_DOTS} dots")
    for number, line in enumerate(text.split("\n"), start=1):
        if line.count(".") > _DOTS_OF_LINE:
            raise tomllib.TOMLDecodeError(f"more than {_DOTS_OF_LINE} dots in line {number}")
    try:
        return tomllib.loads(text, parse_float=_exact if exact else float)
    except tomllib.TOMLDecodeError:
        raise
    except RecursionError:
        raise tomllib.TOMLDecodeError("nests too deeply") from None
    except (
        ValueError,
        ArithmeticError,
    ):  # what Python says of an integer of thousands of digits, or of a date that is none
        raise tomllib.TOMLDecodeError("a number or date is out of range") from None


def document(text: str, where: str | Path, *, exact: bool = False) -> dict[str, Any]:
    """The same of a text that a person wrote; ``where`` is what it is called in messages.

    Raises:
        InputError: it is no TOML; the parser's sentence has the line.
    """
    try:
        return loads(text, exact=exact)
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"not valid TOML: {error}", where=where) from None


def read(path: Path, error: type[TraceLedgerError] = InputError) -> dict[str, Any]:
    """The document of a TOML file, which some editors begin with a byte order mark.

    Raises:
        TraceLedgerError: of the class ``error``: it cannot be read.
        InputError: it is no TOML, or not in UTF-8.
    """
    try:
        with explained(path, error, verb="read"):
            text = text_of(path, "utf-8-sig")
    except UnicodeDecodeError as fault:
        raise InputError(f"not valid UTF-8: {fault}", where=path) from None
    return document(text, path)


def _exact(written: str) -> Any:
    # Loaded only then: decimals are not for commands that read.
    from decimal import Decimal

    return Decimal(written)
