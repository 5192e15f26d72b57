"""What is wrong at a place of a document, and how places and values are shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from traceledger.storage.json_pointer import step

_SHOWN = 100
_LARGE = 10**100


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong at one place.

    Attributes:
        pointer: JSON Pointer of it in the document.
        what: what is wrong, as a clause.
        hint: how to mend it; may be empty.
    """

    pointer: str
    what: str
    hint: str = ""

    @property
    def sentence(self) -> str:
        """Place, what is wrong, and how to mend it."""
        mend = f" ({self.hint})" if self.hint else ""
        return f"{self.pointer or '/'}: {self.what}{mend}"


def escaped(part: str | int) -> str:
    """A part of a JSON Pointer, shortened where it is very long."""
    return step(str(part)[:_SHOWN])


def shown(value: Any) -> str:
    """A value as a message shows it: text and numbers shortened, others by their kind."""
    match value:
        case str():
            return repr(value if len(value) <= _SHOWN else value[:_SHOWN] + "…")
        case bool():
            return "true" if value else "false"
        case None:
            return "null"
        case Mapping():
            return "an object"
        case list():
            return "a list"
        case int() if abs(value) >= _LARGE:
            return "a very large number"
        case _:
            return str(value)[:_SHOWN]
