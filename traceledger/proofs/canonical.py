r"""Canonical JSON, as far as proof files use it (RFC 8785 without fractions and with ASCII names of fields).

A value has exactly one text: fields sorted, no blanks, integers only. Reading refuses every other text, so
that two different files are never the same proof.

Example:
    >>> dumps({"b": 1, "a": "é"})
    b'{"a":"\xc3\xa9","b":1}'
    >>> loads(b'{"a":1}')
    {'a': 1}
"""

from __future__ import annotations

import json
from typing import Any

from pydantic_core import from_json

from traceledger.errors import InputError
from traceledger.model.hexadecimal import hexed
from traceledger.storage import json_text

_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
_LARGEST = 2**53 - 1
_MOST_CONTAINERS = 200_000
_MOST_SIGNS = 1_500_000


def dumps(value: object) -> bytes:
    """The canonical text of a value, UTF-8."""
    return _ENCODER.encode(value).encode("utf-8")


def loads(text: bytes) -> Any:
    """The value of a canonical text.

    Raises:
        InputError: it is no JSON, nests too deeply, holds too many lists and objects, or is not written
            canonically.
    """
    value = parsed(text)
    require_canonical(value, text)
    return value


def parsed(text: bytes) -> Any:
    """The value of a text that need not be canonical: whoever asks must look at that.

    Raises:
        InputError: it is no JSON, nests too deeply, or holds too many lists and objects.
    """
    _require_modest(text)
    # L2: pydantic's parser refuses more than 200 levels; json of the standard library has no limit but the
    # stack.
    try:
        return from_json(text, allow_inf_nan=False)
    except ValueError:
        raise InputError("not JSON", hint="the file is damaged, or no proof file") from None


def require_canonical(value: object, text: bytes) -> None:
    """That a text is the canonical one of the value that was parsed from it.

    Raises:
        InputError: it is not.
    """
    # E2: one value, one text. A name that stands twice, a blank, another order: gone once it is written
    # again.
    try:
        canonical = dumps(value) == text
    except (UnicodeEncodeError, RecursionError, ValueError):
        canonical = False
    if not canonical:
        json_text.loads(text)  # names what stands twice, if that is why
        raise InputError("not canonical JSON", hint="a proof file is used as it was written, byte for byte")


def _require_modest(text: bytes) -> None:
    """Refuse, before any value is made, what would take much time and memory.

    Signs inside texts count too: the limits are far above what a proof file needs.
    """
    if len(text) <= _MOST_CONTAINERS:  # cannot hold so many: most lines end here
        return
    # L2: an empty list takes 2 bytes in the text, and 56 in memory.
    containers = text.count(b"[") + text.count(b"{")
    if containers > _MOST_CONTAINERS or text.count(b",") + text.count(b'"') > _MOST_SIGNS:
        raise InputError("a line holds too many values", hint=f"at most {_MOST_CONTAINERS} lists and objects")


def canonical_bytes(value: object, *, size: int | None = None) -> bytes:
    """The bytes that are written as ``0x`` and lower-case digits; ``size`` is how many they must be.

    Raises:
        InputError: it is not written so.
    """
    if isinstance(value, str):
        try:
            data = bytes.fromhex(value[2:])
        except ValueError:
            data = b""
        # E5: bytes.fromhex takes blanks and capitals.
        if hexed(data) == value and size in (None, len(data)):
            return data
    what = "hexadecimal bytes" if size is None else f"{size} bytes in hexadecimal"
    raise InputError(f"not {what}", hint="written as 0x and lower-case digits")


def natural(value: object) -> int:
    """A JSON number that is a natural number below 2^53.

    Raises:
        InputError: it is none.
    """
    # E4: bool is an int for isinstance.
    if type(value) is int and 0 <= value <= _LARGEST:
        return value
    raise InputError("not a whole number from 0 to 2^53 - 1")


def decimal(value: object) -> int:
    """A natural number of any size up to 2^256, written as a decimal string.

    Raises:
        InputError: it is not written so.
    """
    # E4: isdigit alone takes other scripts' digits, and int() of a long text takes quadratic time.
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 78:
        number = int(value)
        if str(number) == value:
            return number
    raise InputError("not a whole number as a decimal string")
