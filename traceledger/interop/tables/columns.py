"""Columns of tables: what each is called, what kind of value it has, and where in a document that stands.

Example:
    >>> mass = Column("mass", "mass", Kind.MASS, "mass_mg")
    >>> mass.value({"mass_mg": "24000000000"}), mass.field, mass.title
    (24000000000, 'mass_mg', 'mass (mg)')
    >>> Column("co2e", "CO2e", Kind.CO2E, "co2e.total_mg").value({"co2e": None}) is None
    True
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any, assert_never

from traceledger.model.frozen import frozen

Value = str | int | float | bool | None | Mapping[str, Any]
"""What a column has: of mass, CO2e, count and time (UTC seconds) an integer; ``None``: nothing."""


class Kind(StrEnum):
    """What a column's values are.

    A word is one of documents, in snake_case; a digest is shortened for people.
    """

    TEXT = "text"
    WORD = "word"
    DIGEST = "digest"
    MASS = "mass"
    CO2E = "co2e"
    MASSES = "masses"
    SHARE = "share"
    COUNT = "count"
    NUMBER = "number"
    TIME = "time"
    FLAG = "flag"

    @property
    def unit(self) -> str:
        """The unit in which files have it; empty where there is none."""
        if self is Kind.TIME:
            return "UTC"
        return "mg" if self in (Kind.MASS, Kind.CO2E, Kind.MASSES) else ""

    @property
    def to_the_right(self) -> bool:
        """Whether people read it at its right end."""
        return self in (Kind.MASS, Kind.CO2E, Kind.SHARE, Kind.COUNT, Kind.NUMBER)


class Shown(StrEnum):
    """When a column stands in a table for people that asks for none."""

    ALWAYS = "always"
    IF_ANY = "if any row has something there"
    ASKED = "asked"


@frozen
class Column:
    """A column of a noun's list.

    Attributes:
        name: for ``--columns``, in snake_case; it stays.
        heading: what stands above it.
        kind: what its values are. Of ``MASSES`` each substance becomes a column of its own in files.
        at: where its value stands in a row's document: members joined by dots, or what finds it.
        shown: when people see it who ask for no columns. Files have all.
    """

    name: str
    heading: str
    kind: Kind
    at: str | Callable[[Mapping[str, Any]], Any]
    shown: Shown = Shown.ALWAYS

    @property
    def field(self) -> str:
        """Its name in files, with the unit."""
        return f"{self.name}_mg" if self.kind.unit == "mg" else self.name

    @property
    def title(self) -> str:
        """Its heading in files, with the unit."""
        return f"{self.heading} ({self.kind.unit})" if self.kind.unit else self.heading

    def value(self, row: Mapping[str, Any]) -> Value:
        """What a row's document has there; amounts as integers, times as UTC seconds."""
        found = _found(row, self.at) if isinstance(self.at, str) else self.at(row)
        return _typed(found, self.kind)


def _found(row: Mapping[str, Any], path: str) -> Any:
    found: Any = row
    for member in path.split("."):
        found = found.get(member) if isinstance(found, Mapping) else None
    return found


def _typed(found: Any, kind: Kind) -> Value:
    if found is None:
        return None
    match kind:
        case Kind.MASS | Kind.CO2E | Kind.COUNT:
            return int(found)
        case Kind.MASSES:
            return {name: int(amount) for name, amount in found.items()}
        case Kind.TIME:
            return found if isinstance(found, int) else _seconds(found)
        case Kind.SHARE | Kind.NUMBER | Kind.FLAG:
            return found  # type: ignore[no-any-return]
        case Kind.TEXT | Kind.WORD | Kind.DIGEST:
            parts = found if isinstance(found, list | tuple) else [found]
            return ", ".join(map(str, parts))
        case _:
            assert_never(kind)


def _seconds(text: str) -> int:
    from datetime import datetime

    return int(datetime.fromisoformat(text).timestamp())
