r"""Reading JSON: every document from outside is read here, and a name that stands twice is refused.

RFC 8259 lets a reader take whichever of two equal names it likes, so that two programs can read two different
documents from the same text. Nesting is bounded, and only numbers that JSON has are numbers.

Example:
    >>> loads('{"mass": "1 t"}')
    {'mass': '1 t'}
    >>> loads('{"mass": "1 t",\n "mass": "2 t"}', where="lot.json")
    Traceback (most recent call last):
    traceledger.errors.InputError: lot.json:2: the field 'mass' is given twice (leave one of them out)
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from traceledger.errors import InputError, Place

if TYPE_CHECKING:
    from decimal import Decimal

_SHOWN = 100
MOST_DIGITS = 1000
"""Of a number that is read exactly: what has more, or a larger exponent, is refused."""


class _TwiceError(Exception):
    """``name`` stands twice in one object."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class _LongError(Exception):
    """A number has too many digits."""


def loads(text: str | bytes, *, where: str = "", exact: bool = False) -> Any:
    """The value of a JSON text; bytes are UTF-8.

    Args:
        text: all of it.
        where: what it is called in messages: a file.
        exact: numbers with a fraction or an exponent are decimals, digit by digit as they are written.

    Raises:
        InputError: it is no JSON, nests too deeply, or names a field of an object twice; with the line where
            the text has several.
    """
    from pydantic_core import from_json

    try:
        decoded = text.decode("utf-8") if isinstance(text, bytes) else text
        from_json(decoded, allow_inf_nan=False)  # bounds the nesting, which json leaves to the stack
        number = _exactly if exact else None
        return json.loads(decoded, object_pairs_hook=_unique, parse_float=number)
    except _TwiceError as error:
        place = _placed(where, _line_of(error.name, decoded), decoded)
        name = error.name[:_SHOWN]
        what = f"the field {name!r} is given twice"
        raise InputError(what, where=place, hint="leave one of them out") from None
    except _LongError as error:
        raise InputError(
            f"the number {error} has more than {MOST_DIGITS} digits", where=where, hint="write fewer"
        ) from None
    except UnicodeError:
        raise InputError("not UTF-8", where=where) from None
    except ValueError as error:
        # The parser says where: "expected value at line 1 column 5".
        said, at, place = str(error).partition(" at line ")
        line, column, position = place.partition(" column ")
        said = f"{said} at{column}{position}" if at else said
        raise InputError(f"not JSON: {said}", where=_placed(where, int(line or 1), decoded)) from None


def _exactly(written: str) -> Decimal:
    # Loaded only then: decimals are not for commands that read.
    from decimal import Decimal

    number, _, exponent = written.lower().partition("e")
    # The exponent is measured before it is read: it may itself be of any length.
    long = len(number) > MOST_DIGITS or len(exponent.lstrip("+-0")) > len(str(MOST_DIGITS))
    if long or abs(int(exponent or 0)) > MOST_DIGITS:
        raise _LongError(written[:_SHOWN])
    return Decimal(written)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    document = dict(pairs)
    if len(document) != len(pairs):
        names = iter([name for name, _ in pairs])
        once = set(document)
        for name in names:
            if name not in once:
                raise _TwiceError(name)
            once.discard(name)
    return document


def _line_of(name: str, text: str) -> int | None:
    """The line in which a name stands for the second time; ``None`` if it stands in other objects too."""
    places = [found.start() for found in re.finditer(re.escape(json.dumps(name)) + r"\s*:", text)]
    return text.count("\n", 0, places[1]) + 1 if len(places) == 2 else None


def _placed(where: str, line: int | None, text: str) -> str:
    if line is None or "\n" not in text.strip():
        return where
    return Place(where, line) if where else f"line {line}"
