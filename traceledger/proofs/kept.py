r"""Events that take little memory: they are kept packed, and unpacked again where they are asked for.

What makes batches is most of a large file, and such an event takes two kilobytes. A verifier goes through
them twice more in chain order, so those of the last few chunks are remembered.

Example:
    >>> from traceledger.events import BatchReleased
    >>> from traceledger.model.batches import HoldKind
    >>> packed, event = PackedEvents(), BatchReleased(7, bytes(20), HoldKind.CUSTODIAN, 0, "", ())
    >>> packed.event(packed.keep(event)) == event
    True
"""

from __future__ import annotations

import pickle
import zlib
from functools import lru_cache
from typing import ClassVar

from traceledger.events import LedgerEvent, RecordedEvent

_TOGETHER = 32
"""How many are packed together: their zeros and addresses repeat."""
_NEWEST = 8
"""How many times so many are remembered."""
_LEVEL = 1


class PackedEvents:
    """Events by their numbers, in the order in which they came."""

    def __init__(self) -> None:
        self._chunks: list[bytes] = []
        self._open: list[LedgerEvent] = []
        self._unpacked = lru_cache(maxsize=_NEWEST)(self._unpack)

    def keep(self, event: LedgerEvent) -> int:
        """Keep an event; returns its number."""
        self._open.append(event)
        number = len(self._chunks) * _TOGETHER + len(self._open) - 1
        if len(self._open) == _TOGETHER:
            self._chunks.append(zlib.compress(pickle.dumps(self._open, pickle.HIGHEST_PROTOCOL), _LEVEL))
            self._open = []
        return number

    def event(self, number: int) -> LedgerEvent:
        """An event by its number."""
        chunk, place = divmod(number, _TOGETHER)
        return (self._open if chunk == len(self._chunks) else self._unpacked(chunk))[place]

    def _unpack(self, chunk: int) -> list[LedgerEvent]:
        # Nobody else can have written it: it never left this object.
        found: list[LedgerEvent] = pickle.loads(zlib.decompress(self._chunks[chunk]))  # noqa: S301
        return found


class KeptEvent(RecordedEvent):
    """A recorded event that makes batches, and does not hold what is recorded."""

    __slots__ = ("_number", "_packed")

    held: ClassVar[bool] = False
    _packed: PackedEvents
    _number: int

    @classmethod
    def of(cls, recorded: RecordedEvent, packed: PackedEvents) -> KeptEvent:
        """The same without the event, which is kept with the others."""
        made, put = object.__new__(cls), object.__setattr__
        put(made, "block", recorded.block)
        put(made, "timestamp", recorded.timestamp)
        put(made, "transaction_index", recorded.transaction_index)
        put(made, "log_index", recorded.log_index)
        put(made, "transaction_hash", recorded.transaction_hash)
        put(made, "_packed", packed)
        put(made, "_number", packed.keep(recorded.event))
        return made

    @property
    def makes(self) -> bool:
        """Only such are kept, so that it need not be unpacked for this."""
        return True

    @property
    def event(self) -> LedgerEvent:
        """What was recorded."""
        return self._packed.event(self._number)
