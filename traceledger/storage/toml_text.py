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
from typing import Any

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


def _exact(written: str) -> Any:
    # Loaded only then: decimals are not for commands that read.
    from decimal import Decimal

    return Decimal(written)
