"""Raw logs as the index keeps them: some hundred in one compressed row.

What contracts write is mostly zeros and words that come again: kept apart, a log takes eight times as much.
A chunk holds what stands together in the chain; it ends where a run of blocks ends, so how logs are divided
follows from how the chain was read, and only what is in the chunks from the chain.

Example:
    >>> log = KeptLog(7 << 24, 99, 0, bytes(32), 1, bytes(32), b"data")
    >>> unpacked(packed([log])) == (log,)
    True
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from functools import lru_cache, reduce
from itertools import accumulate
from operator import or_
from struct import Struct, error, pack, unpack_from
from typing import NamedTuple

from traceledger.chain.base import Log, topics_of
from traceledger.errors import VerificationError
from traceledger.index.database import REBUILD
from traceledger.index.schema import split_position

MOST_LOGS = 128
"""Logs in one chunk: more hardly take less, and one log alone is read at the price of all."""
MOST_BYTES = 128 << 10
"""Bytes of data at which a chunk ends."""
_LEVEL = 1  # Level 3 takes a fifth longer for 5 % less.
_LARGEST = 1 << 28  # What a chunk may unpack to: many times what a block can hold.
_HEAD = Struct("<II")
_WORD = 32
_UNREADABLE = "the index has logs that cannot be read"


class KeptLog(NamedTuple):
    """A log of one of the contracts that are followed.

    Attributes:
        position: where it stands, :func:`~traceledger.index.schema.join_position`.
        timestamp: its block's time, UTC seconds.
        transaction_index: its transaction's place in the block.
        transaction_hash: of its transaction, 32 bytes.
        contract: which contract wrote it: its place in :attr:`Contracts.addresses
            <traceledger.index.followed.Contracts.addresses>`.
        topics: of 32 bytes each, one behind the other.
        data: the rest of it, ABI-encoded.
    """

    position: int
    timestamp: int
    transaction_index: int
    transaction_hash: bytes
    contract: int
    topics: bytes
    data: bytes

    def log(self, addresses: Sequence[bytes]) -> Log:
        """The log as the chain gave it; ``addresses`` are those of the contracts that are followed."""
        index = split_position(self.position)[1]
        return Log(addresses[self.contract], topics_of(self.topics), self.data, self.transaction_index, index)


def chunks_of(logs: Sequence[KeptLog]) -> Iterator[Sequence[KeptLog]]:
    """Logs in the pieces that are kept together."""
    first, size = 0, 0
    for place, log in enumerate(logs):
        size += len(log.data)
        if place - first + 1 == MOST_LOGS or size >= MOST_BYTES:
            yield logs[first : place + 1]
            first, size = place + 1, 0
    if first < len(logs):
        yield logs[first:]


def written_by(logs: Sequence[KeptLog]) -> int:
    """Which contracts wrote logs: a bit for each, as :attr:`KeptLog.contract` numbers them."""
    return reduce(or_, (1 << log.contract for log in logs), 0)


def packed(logs: Sequence[KeptLog]) -> bytes:
    """A chunk as it is kept: column by column, as like compresses best beside like."""
    positions, times, indexes, hashes, contracts, topics, data = zip(*logs, strict=True)
    which = list(zip((position >> 24 for position in positions), hashes, indexes, times, strict=True))
    transactions = dict.fromkeys(which)
    numbers = {key: number for number, key in enumerate(transactions)}
    count, others = len(logs), len(transactions)
    parts = [
        _HEAD.pack(count, others),
        pack(f"<{count}Q", *positions),
        pack(f"<{count}I", *map(numbers.__getitem__, which)),
        pack(f"<{count}B", *contracts),
        pack(f"<{count}B", *(len(each) // _WORD for each in topics)),
        pack(f"<{count}I", *map(len, data)),
        pack(f"<{others}I", *(index for _, _, index, _ in transactions)),
        pack(f"<{others}Q", *(time for *_, time in transactions)),
        *(hash_ for _, hash_, *_ in transactions),
        *topics,
        *data,
    ]
    return zlib.compress(b"".join(parts), _LEVEL)


class Chunk:
    """The logs of one row; each is taken out of it when it is asked for.

    Attributes:
        positions: where its logs stand, in the chain's order.
    """

    def __init__(self, content: bytes) -> None:
        count, others = _HEAD.unpack_from(content)
        columns, at = [], _HEAD.size
        for number, kind, width in (
            *((count, "Q", 8), (count, "I", 4), (count, "B", 1), (count, "B", 1), (count, "I", 4)),
            *((others, "I", 4), (others, "Q", 8)),
        ):
            columns.append(unpack_from(f"<{number}{kind}", content, at))
            at += number * width
        self.positions, self._of, self._contracts, topics, sizes, self._indexes, self._times = columns
        self._content, self._hashes = content, at
        self._topics = list(accumulate((_WORD * each for each in topics), initial=at + _WORD * others))
        self._data = list(accumulate(sizes, initial=self._topics[-1]))

    def __iter__(self) -> Iterator[KeptLog]:
        return map(self.log, range(len(self.positions)))

    def log(self, place: int) -> KeptLog:
        """The log at this place among its positions."""
        of, content = self._of[place], self._content
        sent = self._hashes + _WORD * of
        return KeptLog(
            self.positions[place],
            self._times[of],
            self._indexes[of],
            content[sent : sent + _WORD],
            self._contracts[place],
            content[self._topics[place] : self._topics[place + 1]],
            content[self._data[place] : self._data[place + 1]],
        )


@lru_cache(maxsize=64)  # Who reads one event often reads its neighbours next, and asks again.
def chunk(body: bytes) -> Chunk:
    """The logs that :func:`packed` put into a row.

    Raises:
        VerificationError: it is none that :func:`packed` made.
    """
    try:
        return Chunk(zlib.decompressobj().decompress(body, _LARGEST))
    except (zlib.error, error) as cause:
        raise VerificationError(_UNREADABLE, hint=REBUILD) from cause


def unpacked(body: bytes) -> tuple[KeptLog, ...]:
    """The inverse of :func:`packed`.

    Raises:
        VerificationError: it is none that :func:`packed` made.
    """
    try:
        return tuple(chunk(body))
    except IndexError as cause:
        raise VerificationError(_UNREADABLE, hint=REBUILD) from cause
