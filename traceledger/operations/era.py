"""Times that are refused unless it is said that they are meant: those before 1990.

A cell that was empty, a day count that a program took for seconds, a year typed with two digits: all of them
give a time soon after 1970. Stock that is older than 1990 does exist, and its line says ``"historic": true``.

Example:
    >>> from traceledger.model.units import parse_duration
    >>> RECENT - 20 * parse_duration("365 days") - 5 * parse_duration("1 day")
    0
"""

from __future__ import annotations

from functools import cache

from traceledger.errors import InputError
from traceledger.model.units import format_time
from traceledger.operations.base import Base
from traceledger.operations.declared import declared
from traceledger.operations.fields import Form

RECENT = 631_152_000
"""The first second of 1990, UTC."""


def too_early(operation: Base) -> list[InputError]:
    """A fault for each time of an operation that is before 1990, unless it is said to be historic."""
    if operation.historic:
        return []
    found = ((word, getattr(operation, name)) for name, word in _times(type(operation)))
    return [
        InputError(
            f"{format_time(time)} is before 1990",
            where=word,
            hint='check the date; if it is meant, add "historic": true',
        )
        for word, time in found
        if isinstance(time, int) and time < RECENT
    ]


@cache
def _times(kind: type[Base]) -> tuple[tuple[str, str], ...]:
    return tuple((item.name, item.word) for item in declared(kind) if item.value.form is Form.TIME)
