"""Where an operation stands in a spreadsheet: its row, and the cell of each of its values.

Example:
    >>> from traceledger.errors import Spot
    >>> cell = Place("lots.xlsx", spot=Spot("Lots", 7, "C", "Mass"))
    >>> origin = Origin(Place("lots.xlsx", spot=Spot("Lots", 7)), {"mass": cell}, {"mass": "24 x"})
    >>> print(origin.fault(InputError("unknown unit 'x'", where="mass")))
    lots.xlsx: Lots!C7 (Mass): unknown unit 'x'
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from traceledger.errors import InputError, Place


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an operation was read.

    Attributes:
        place: where it begins.
        cells: places of its values, by their paths in an operations file.
        document: what an operations file would say.
    """

    place: Place
    cells: Mapping[str, Place] = field(default_factory=dict)
    document: Mapping[str, Any] = field(default_factory=dict)

    def fault(self, error: InputError) -> InputError:
        """The same fault at the cell that it is about; at the row where that cannot be told."""
        found = self._cell_of(error)
        where = self.place.within(error.where) if found is None else found
        return type(error)(error.what, hint=error.hint, where=where)

    def _cell_of(self, error: InputError) -> Place | None:
        if error.where in self.cells:
            return self.cells[error.where]
        # "scope1: unknown unit" of emissions, "katanga/A: …" of lots.
        inner = f"{error.where}.{error.what.partition(': ')[0]}"
        if inner in self.cells:
            return self.cells[inner]
        parts = error.where.split(".") if error.where else []
        inside = {path: place for path, place in self.cells.items() if _fits(parts, path.split("."))}
        quoted = {str(place): place for path, place in inside.items() if self._is_quoted(path, error.what)}
        whole = {str(place): place for place in inside.values()} if parts else {}
        for found in (quoted, whole):
            if len(found) == 1:
                return next(iter(found.values()))
        return None

    def _is_quoted(self, path: str, what: str) -> bool:
        """Whether the value at a path is what a sentence speaks of."""
        value = _value_at(self.document, path)
        return isinstance(value, str) and (repr(value) in what or f" {value} " in f" {what} ")


def _fits(wanted: Sequence[str], path: Sequence[str]) -> bool:
    """Whether a path is the one that is meant, or inside of it; numbers of items may have been left out."""
    plain = [part for part in path if not part.isdigit()]
    return [*path[: len(wanted)]] == [*wanted] or plain[: len(wanted)] == [*wanted]


def _value_at(document: Any, path: str) -> Any:
    """What stands at a path; of what an object says of a name, the name; ``None`` if nothing does."""
    if not path:
        return document
    if isinstance(document, list):
        head, _, rest = path.partition(".")
        return _value_at(document[int(head)], rest) if head.isdigit() and int(head) < len(document) else None
    if not isinstance(document, Mapping):
        return None
    # A name may have points in it: the longest that fits is meant.
    names = (name for name in document if path == name or path.startswith(f"{name}."))
    name = max(names, key=len, default="")
    if not name:
        return None
    rest = path.removeprefix(name).removeprefix(".")
    found = _value_at(document[name], rest)
    return name if not rest and isinstance(found, Mapping) else found
