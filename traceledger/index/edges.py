"""How events concern batches, as rows of the index tell it.

Example:
    >>> from traceledger.events import BatchRetired
    >>> from traceledger.model.batches import Retirement
    >>> edges_of(BatchRetired(7, bytes(20), Retirement.DISPOSED, 0, "burnt", ()))
    {7: (<Edge.NAMED: 3>, <Sort.STORY: 0>)}
"""

from __future__ import annotations

from enum import IntEnum

from traceledger.events import LastingEvent, LedgerEvent, SplitReversed
from traceledger.events.facts import Role


class Edge(IntEnum):
    """How an event concerns a batch; numbers as in the index."""

    MADE = 0
    TAKEN = 1
    GIVEN_BACK = 2
    NAMED = 3
    RETURNED = 4


class Sort(IntEnum):
    """What an event of a batch is for a walk.

    A part of the key of the table, so that the newest event of a batch that concerns what is made of it is
    one look-up, however often something was taken of it for others.
    """

    STORY = 0
    TAKE = 1
    ANY_TIME = 2


_EDGES = {
    Role.MADE: (Edge.MADE, Sort.STORY),
    Role.TAKEN: (Edge.TAKEN, Sort.TAKE),
    Role.GIVEN_BACK: (Edge.GIVEN_BACK, Sort.STORY),
    Role.NAMED: (Edge.NAMED, Sort.STORY),
}
_RETURNED = (Edge.RETURNED, Sort.STORY)
_ANY_TIME = (Edge.NAMED, Sort.ANY_TIME)


def edges_of(event: LedgerEvent) -> dict[int, tuple[Edge, Sort]]:
    """By batch (id), how an event concerns it; a run may list one twice, and is one event of it."""
    if isinstance(event, LastingEvent):
        return {batch: _ANY_TIME for batch, _ in event.concerns}
    found: dict[int, tuple[Edge, Sort]] = {}
    for batch, role in event.concerns:
        found.setdefault(batch, _EDGES[role])
    if isinstance(event, SplitReversed):
        found[event.batch] = _RETURNED
    return found
