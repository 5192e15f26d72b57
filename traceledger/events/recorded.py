"""A ledger event together with its place in the chain.

Example:
    >>> Position(block=3, log_index=0) < Position(block=3, log_index=1)
    True
"""

from __future__ import annotations

from typing import ClassVar, NamedTuple

from traceledger.events.ledger import LedgerEvent, MakingEvent
from traceledger.model.frozen import frozen


class Position(NamedTuple):
    """Where in the chain an event stands; positions compare in chain order."""

    block: int
    log_index: int

    @property
    def reference(self) -> str:
        """``BLOCK/LOG``, as documents name the event."""
        return f"{self.block}/{self.log_index}"


@frozen
class RecordedEvent:
    """A ledger event as the chain recorded it.

    Attributes:
        timestamp: the block's, UTC seconds.
        held: whether it holds the event, so that asking for that costs nothing.
    """

    held: ClassVar[bool] = True
    block: int
    timestamp: int
    transaction_index: int
    log_index: int
    transaction_hash: bytes
    event: LedgerEvent

    @property
    def makes(self) -> bool:
        """Whether it makes batches."""
        return isinstance(self.event, MakingEvent)

    @property
    def position(self) -> Position:
        """Its place in chain order, unique on the chain."""
        return Position(self.block, self.log_index)
