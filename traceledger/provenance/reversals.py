"""Which events of a lineage were reversed: they stay in its history, and count as none of its events.

Example:
    >>> undone_among(())
    Undone(events=frozenset(), operations=0)
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from traceledger.events import Position, RecordedEvent, ReversingEvent
from traceledger.model.frozen import frozen

if TYPE_CHECKING:
    from traceledger.replay.records import Part


@frozen
class Undone:
    """What was reversed.

    Attributes:
        events: the operations of which all was reversed, and all reversals, by where they stand.
        operations: how many reversals there are; each child of a split, and each answer, is reversed alone.
    """

    events: frozenset[Position]
    operations: int


def undone_among(events: Sequence[RecordedEvent]) -> Undone:
    """What of these events, in chain order, was reversed by others of them."""
    if not any(isinstance(recorded.event, ReversingEvent) for recorded in events):
        return Undone(frozenset(), 0)
    # Of most batches nothing was reversed, and then this is not loaded.
    from traceledger.replay.records import parts_of, parts_reversed

    done: dict[Part, Position] = {}
    left: dict[Position, set[Part]] = {}
    undone: set[Position] = set()
    reversals = 0
    for recorded in events:
        event = recorded.event
        for each in parts_of(event):
            done[each] = recorded.position
            left.setdefault(recorded.position, set()).add(each)
        if not isinstance(event, ReversingEvent):
            continue
        reversals += 1
        undone.add(recorded.position)
        for each in parts_reversed(event):
            position = done.pop(each, None)
            if position is not None:
                left[position].discard(each)
                if not left[position]:
                    undone.add(position)
    return Undone(frozenset(undone), reversals)
