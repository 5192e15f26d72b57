"""What is in what: pallets, boxes and whatever else packing events name as a parent.

A ledger of custody knows lots, not packaging. So what packing says is kept while documents are captured, and
where a pallet is shipped, what is in it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from traceledger.interop.epcis.capture.scene import Thing
    from traceledger.interop.epcis.capture.verdicts import EventPlace

_DEEPEST = 20


@dataclass(slots=True)
class Containers:
    """Contents of containers, by canonical key."""

    _inside: dict[str, list[Thing]] = field(default_factory=dict)
    _packed: dict[str, list[EventPlace]] = field(default_factory=dict)

    def pack(self, parent: str, things: Sequence[Thing], place: EventPlace) -> None:
        """Things are put into a container: of a lot, more than what is in it; an item is in it once."""
        inside = self._inside.setdefault(parent, [])
        for thing in things:
            if thing.quantity is not None or all(each.key != thing.key for each in inside):
                inside.append(thing)
        self._packed.setdefault(parent, []).append(place)

    def unpack(self, parent: str, things: Sequence[Thing]) -> None:
        """Things are taken out of a container: all of them where none is named (EPCIS 2.0, 7.4.3)."""
        if not things:
            self._inside.pop(parent, None)
        for thing in things:
            found = self._inside.get(parent, [])
            left = _without(thing, [each for each in found if each.key == thing.key])
            self._inside[parent] = [each for each in found if each.key != thing.key] + left

    def contents(self, key: str, depth: int = 0) -> list[Thing]:
        """All that is in a container, containers in it opened; empty where nothing is known to be."""
        found: list[Thing] = []
        if depth < _DEEPEST:
            for thing in self._inside.get(key, ()):
                found += self.contents(thing.key, depth + 1) or [thing]
        return found

    def within(self, key: str, depth: int = 0) -> set[str]:
        """The containers and things in a container, at any depth."""
        inner = {thing.key for thing in self._inside.get(key, ())} if depth < _DEEPEST else set()
        return inner.union(*(self.within(each, depth + 1) for each in inner))

    def evidence(self, key: str, depth: int = 0) -> list[EventPlace]:
        """The packing events of a container and of those in it."""
        found = list(self._packed.get(key, []))
        if depth < _DEEPEST:
            for inner in self._inside.get(key, ()):
                found += self.evidence(inner.key, depth + 1)
        return list(dict.fromkeys(found))


def _without(taken: Thing, inside: Sequence[Thing]) -> list[Thing]:
    """What stays of a lot in a container: nothing, where it is not said how much is taken out."""
    amount, uom = _amount(taken)
    if amount is None or any(_amount(each)[0] is None or _amount(each)[1] != uom for each in inside):
        return []
    left = []
    for each in inside:
        held = _amount(each)[0] or Decimal(0)
        part = min(amount, held)
        amount -= part
        if held > part and each.quantity is not None:
            left.append(replace(each, quantity=replace(each.quantity, amount=held - part)))
    return left


def _amount(thing: Thing) -> tuple[Decimal | None, str | None]:
    return (None, None) if thing.quantity is None else (thing.quantity.amount, thing.quantity.uom)
