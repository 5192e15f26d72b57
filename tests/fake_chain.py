"""An in-memory chain that holds whatever a test puts into it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from eth_hash.auto import keccak

from traceledger.chain.base import Block, BlockRef, Log, Transaction

CHAIN_ID = 31_337


@dataclass
class FakeChain:
    """An in-memory chain: readable as :class:`traceledger.chain.base.Chain`.

    ``at_once`` is how many blocks it gives at the most when asked for more. What is in the block that
    :meth:`seal` will close is in ``transactions`` and ``logs``.
    """

    seed: int = 0
    chain_id: int = CHAIN_ID
    mined: list[Block] = field(default_factory=list)
    at_once: int | None = None
    transactions: list[Transaction] = field(default_factory=list)
    logs: list[Log] = field(default_factory=list)

    def __post_init__(self) -> None:
        if not self.mined:
            self.seal()

    def genesis_hash(self) -> bytes:
        return self.mined[0].ref.hash

    def head(self) -> BlockRef:
        return self.mined[-1].ref

    def final(self) -> BlockRef:
        return self.mined[-1].ref

    def block_ref(self, number: int) -> BlockRef | None:
        return self.mined[number].ref if number < len(self.mined) else None

    def blocks(self, first: int, last: int) -> Iterator[Block]:
        yield from self.mined[first : self.limited(first, last) + 1]

    def close(self) -> None:
        """It holds nothing open."""

    def limited(self, first: int, last: int) -> int:
        """The last block that is given to whoever asks for these."""
        return last if self.at_once is None else min(last, first + self.at_once - 1)

    @property
    def pending(self) -> int:
        """Number of the block that :meth:`seal` makes."""
        return len(self.mined)

    def transact(
        self, sender: bytes, to: bytes, data: bytes, logs: list[tuple[bytes, Any]], *, succeeded: bool = True
    ) -> list[int]:
        """Add a transaction with its logs (address, (topics, data)); returns their log indexes."""
        place = len(self.transactions)
        identity = bytes(keccak(f"{self.seed}/{self.pending}/{place}".encode()))
        self.transactions.append(Transaction(identity, place, sender, to, place, data, succeeded))
        first = len(self.logs)
        for address, (topics, payload) in logs:
            self.logs.append(Log(address, topics, payload, place, len(self.logs)))
        return list(range(first, len(self.logs)))

    def seal(self) -> None:
        """Close the block."""
        number = len(self.mined)
        parent = self.mined[-1].ref.hash if self.mined else bytes(32)
        content = "".join(f"{log.topics}{log.data!r}" for log in self.logs)
        identity = bytes(keccak(f"{self.seed}/{number}/{content}".encode() + parent))
        ref = BlockRef(number, identity, parent, 1_700_000_000 + number)
        self.mined.append(Block(ref, tuple(self.transactions), tuple(self.logs)))
        self.transactions, self.logs = [], []
