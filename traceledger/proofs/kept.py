r"""Events that take little memory: their logs are kept packed, and decoded again where they are asked for.

What makes batches is most of a large file, and such an event takes two kilobytes when it is decoded. A
verifier goes through them a few times in chain order, so those of the last few chunks are remembered.

Example:
    >>> logs = KeptLogs()
    >>> logs.keep(Log(b"", (bytes(32),), b"data", 0, 0)), logs.keep(Log(b"", (), b"more", 0, 0))
    (0, 1)
    >>> logs.log(0).data, logs.log(1).topics
    (b'data', ())
"""

from __future__ import annotations

import struct
import zlib
from functools import lru_cache
from typing import ClassVar, cast

from traceledger.chain.base import Log, topics_of
from traceledger.events import LedgerEvent, RecordedEvent, decode

_TOGETHER = 32
"""How many logs are compressed together: their zeros and addresses repeat."""
_NEWEST = 16
"""How many times so many are remembered."""
_LEVEL = 1
_SIZES = struct.Struct(">BI")
"""Of a log: how many bytes of topics stand before its data, and how many of data."""


class KeptLogs:
    """Logs by their numbers, in the order in which they came; whose they are, and where, is not kept."""

    def __init__(self) -> None:
        self._chunks: list[bytes] = []
        self._open: list[bytes] = []
        # Of each newest chunk its logs, those that were asked for decoded.
        self._unpacked = lru_cache(maxsize=_NEWEST)(self._unpack)

    def keep(self, log: Log) -> int:
        """Keep a log; returns its number."""
        number = len(self._chunks) * _TOGETHER + len(self._open)
        topics = b"".join(log.topics)
        self._open.append(_SIZES.pack(len(topics), len(log.data)) + topics + log.data)
        if len(self._open) == _TOGETHER:
            self._chunks.append(zlib.compress(b"".join(self._open), _LEVEL))
            self._open.clear()
        return number

    def log(self, number: int) -> Log:
        """A log."""
        chunk, place = divmod(number, _TOGETHER)
        if chunk == len(self._chunks):
            return _read(self._open[place])[0]
        return _logs(zlib.decompress(self._chunks[chunk]))[place]

    def event(self, number: int) -> LedgerEvent:
        """A log of the ledger, decoded; it must be one, as whoever kept it saw."""
        chunk, place = divmod(number, _TOGETHER)
        if chunk == len(self._chunks):
            return _decoded(self.log(number))
        found = self._unpacked(chunk)
        each = found[place]
        if isinstance(each, Log):
            each = found[place] = _decoded(each)
        return each

    def _unpack(self, chunk: int) -> list[Log | LedgerEvent]:
        return list(_logs(zlib.decompress(self._chunks[chunk])))


class KeptEvent(RecordedEvent):
    """A recorded event that does not hold what is recorded."""

    __slots__ = ("_logs", "_number")

    held: ClassVar[bool] = False
    _logs: KeptLogs
    _number: int

    @classmethod
    def of(cls, recorded: RecordedEvent, log: Log, logs: KeptLogs) -> KeptEvent:
        """The same without the event, whose log is kept with the others."""
        made = object.__new__(cls)
        for name in ("block", "timestamp", "transaction_index", "log_index", "transaction_hash"):
            object.__setattr__(made, name, getattr(recorded, name))
        object.__setattr__(made, "_logs", logs)
        object.__setattr__(made, "_number", logs.keep(log))
        return made

    @property
    def event(self) -> LedgerEvent:
        """What was recorded."""
        return self._logs.event(self._number)


def _logs(data: bytes) -> list[Log]:
    found, rest = [], 0
    while rest < len(data):
        log, rest = _read(data, rest)
        found.append(log)
    return found


def _read(data: bytes, start: int = 0) -> tuple[Log, int]:
    """The log at a position, and the position after it."""
    topics, size = _SIZES.unpack_from(data, start)
    start += _SIZES.size
    middle, end = start + topics, start + topics + size
    return Log(b"", topics_of(data[start:middle]), data[middle:end], 0, 0), end


def _decoded(log: Log) -> LedgerEvent:
    return cast(LedgerEvent, decode(log))
