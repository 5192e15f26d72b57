"""What is in what: pallets, boxes and whatever else packing events name as a parent.

A ledger of custody knows lots, not packaging. So what packing says is kept while documents are captured, and
where a pallet is shipped, what is in it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from traceledger.interop.epcis.capture.scene import Thing
    from traceledger.interop.epcis.capture.verdicts import EventPlace

_DEEPEST = 20


@dataclass(slots=True)
class Containers:
    """Contents of containers, by canonical key."""

    _inside: dict[str, dict[str, Thing]] = field(default_factory=dict)
    _packed: dict[str, list[EventPlace]] = field(default_factory=dict)

    def pack(self, parent: str, things: Sequence[Thing], place: EventPlace) -> None:
        """Things are put into a container."""
        self._inside.setdefault(parent, {}).update({thing.key: thing for thing in things})
        self._packed.setdefault(parent, []).append(place)

    def unpack(self, parent: str, things: Sequence[Thing]) -> None:
        """Things are taken out of a container: all of them where none is named (EPCIS 2.0, 7.4.3)."""
        inside = self._inside.get(parent, {})
        for key in [thing.key for thing in things] or list(inside):
            inside.pop(key, None)

    def contents(self, key: str, depth: int = 0) -> list[Thing]:
        """All that is in a container, containers in it opened; empty where nothing is known to be."""
        found: list[Thing] = []
        if depth < _DEEPEST:
            for thing in self._inside.get(key, {}).values():
                found += self.contents(thing.key, depth + 1) or [thing]
        return found

    def evidence(self, key: str, depth: int = 0) -> list[EventPlace]:
        """The packing events of a container and of those in it."""
        found = list(self._packed.get(key, []))
        if depth < _DEEPEST:
            for inner in self._inside.get(key, {}):
                found += self.evidence(inner, depth + 1)
        return found
