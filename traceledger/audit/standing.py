"""What stands of a batch's history, without what was reversed and its reversal (Rule 8).

Example:
    >>> standing(7, (), frozenset())
    ()
"""

from __future__ import annotations

from collections.abc import Container

from traceledger.events import BatchSplit, LedgerEvent, RecordedEvent, ReversingEvent, SplitReversed
from traceledger.replay.records import takes_back


def standing(
    batch: int, history: tuple[RecordedEvent, ...], reversed_ids: Container[int]
) -> tuple[RecordedEvent, ...]:
    """What happened to a batch (id) and was not taken back, in chain order.

    Args:
        batch: the batch.
        history: its events, in chain order.
        reversed_ids: the batches that are reversed; a split counts as long as one of its children does not.
    """
    if not any(isinstance(item.event, ReversingEvent | BatchSplit) for item in history):
        return tuple(history)
    kept: list[RecordedEvent] = []
    for item in history:
        event = item.event
        if not isinstance(event, ReversingEvent):
            kept.append(item)
        elif not isinstance(event, SplitReversed):
            # Rule 8: a reversal is of the last record that it can be of.
            places = range(len(kept) - 1, -1, -1)
            place = next((at for at in places if takes_back(event, kept[at].event)), None)
            if place is not None:
                del kept[place]
    return tuple(item for item in kept if not _dissolved(item.event, reversed_ids))


def _dissolved(event: LedgerEvent, reversed_ids: Container[int]) -> bool:
    """Whether an event is a split of which nothing is left."""
    return isinstance(event, BatchSplit) and all(new.batch in reversed_ids for new in event.makes)
