"""What each operation reads and writes, and so which operations must keep their order.

Two operations that touch the same thing, at least one of them writing it, keep the order of the file. All
others may run in any order with the same result: ids follow from names, and every pool is one batch's own.

Example:
    >>> mint, ship, other = (
    ...     Touched(reads=frozenset({("participant", 1)}), writes=frozenset({("batch", batch)}))
    ...     for batch in (7, 7, 8))
    >>> order([mint, ship, other])
    [(), (0,), ()]
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from traceledger.operations import entities
from traceledger.operations.actor import Actor
from traceledger.operations.base import Base, Entity
from traceledger.operations.directory import Directory


@dataclass(frozen=True, slots=True)
class Touched:
    """The things that an operation depends on (``reads``), and those that it changes (``writes``)."""

    reads: frozenset[Entity]
    writes: frozenset[Entity]

    @property
    def batches(self) -> tuple[int, ...]:
        """The batches that it changes: those that its events name."""
        return tuple(number for kind, number in self.writes if kind == "batch" and isinstance(number, int))


def order(operations: Sequence[Touched]) -> list[tuple[int, ...]]:
    """For each operation the positions of those before it that it must follow.

    Those that must be followed anyway, through another in between, may be left out.
    """
    writer: dict[Entity, int] = {}
    readers: dict[Entity, list[int]] = {}
    found = []
    for position, touched in enumerate(operations):
        needs = {writer[entity] for entity in touched.reads | touched.writes if entity in writer}
        for entity in touched.writes:
            needs.update(readers.pop(entity, ()))
            writer[entity] = position
        for entity in touched.reads - touched.writes:
            readers.setdefault(entity, []).append(position)
        needs.discard(position)
        found.append(tuple(sorted(needs)))
    return found


@dataclass(slots=True)
class Findings:
    """Whom findings are about: by the index, and by what is planned."""

    names: Directory
    _planned: dict[int, bytes] = field(default_factory=dict)

    def subject(self, finding: int) -> bytes | None:
        """Whom a finding is about; ``None``: nobody knows it."""
        if finding in self._planned:
            return self._planned[finding]
        known = self.names.known.finding(finding)
        return known.participant if known else None

    def raised(self, finding: int, subject: bytes) -> None:
        """A finding about that participant will be raised."""
        self._planned[finding] = subject


class Dependencies:
    """Says what operations touch, in a file's order. ``names`` has just learned what each one creates."""

    def __init__(self, names: Directory) -> None:
        self._names = names
        self._findings = Findings(names)

    def of(self, operation: Base) -> Touched:
        """What an operation touches, besides what whoever acts depends on.

        Raises:
            UnknownNameError: it names something unknown.
        """
        own = self._names.acting(operation.act_as) if operation.act_as else None
        reads, writes = operation.touches(Actor(own, self._names), self._findings)
        acting = set() if own is None else {entities.participant(own), entities.REQUIREMENTS}
        return Touched(frozenset(acting | set(reads)) - frozenset(writes), frozenset(writes))


def repeatable(operation: Base) -> bool:
    """Whether the contracts would let the very same operation happen twice."""
    return not operation.row().once
