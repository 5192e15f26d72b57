"""What stands of the histories of batches, without what was reversed and its reversal (Rule 8).

Example:
    >>> Standing(frozenset()).of(7)
    ()
"""

from __future__ import annotations

from collections.abc import Container

from traceledger.events import BatchSplit, LedgerEvent, RecordedEvent, ReversingEvent, SplitReversed
from traceledger.replay.records import takes_back


class Standing:
    """Takes the events of a ledger in chain order, and keeps of each batch what was not taken back.

    Args:
        reversed_ids: the batches that are reversed; a split counts as long as one of its children does not.
    """

    def __init__(self, reversed_ids: Container[int]) -> None:
        self._reversed = reversed_ids
        self._kept: dict[int, list[RecordedEvent]] = {}

    def add(self, batch: int, event: LedgerEvent, kept: RecordedEvent) -> None:
        """Another event of a batch (id), which did not make it; ``kept`` is what is kept of the event."""
        if not isinstance(event, ReversingEvent):
            if not self._dissolved(event):
                self._kept.setdefault(batch, []).append(kept)
        elif not isinstance(event, SplitReversed):
            # Rule 8: a reversal is of the last record that it can be of.
            before = self._kept.get(batch, [])
            places = range(len(before) - 1, -1, -1)
            place = next((at for at in places if takes_back(event, before[at].event)), None)
            if place is not None:
                del before[place]

    def of(self, batch: int) -> tuple[RecordedEvent, ...]:
        """What happened to a batch (id) and was not taken back, in chain order; it is given once."""
        return tuple(self._kept.pop(batch, ()))

    def _dissolved(self, event: LedgerEvent) -> bool:
        """Whether an event is a split of which nothing is left."""
        return isinstance(event, BatchSplit) and all(new.batch in self._reversed for new in event.makes)
