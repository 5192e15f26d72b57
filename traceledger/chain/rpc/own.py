"""Transactions that were signed here, so that blocks that hold them need not be read whole.

A node is asked only for their hashes then. That a block has them is proven as ever: its header's root is made
of these very bytes. And who signed them need not be recovered from the signatures.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from traceledger.chain.base import Transaction
from traceledger.chain.rlp import decode
from traceledger.model.keccak import keccak

_MOST = 10_000
_FIRST_LEGACY_BYTE = 0xC0


@dataclass(frozen=True, slots=True)
class Own:
    """A signed transaction: its hash, its bytes, and whose signature they have."""

    hash: bytes
    raw: bytes
    sender: bytes

    def mined(self, at: int, *, succeeded: bool) -> Transaction:
        """The transaction as it stands in a block, at that index."""
        typed = self.raw[0] < _FIRST_LEGACY_BYTE
        fields: Any = decode(self.raw[1:] if typed else self.raw)
        to, _, data = fields[5:8] if typed else fields[3:6]
        nonce = int.from_bytes(fields[1 if typed else 0], "big")
        return Transaction(self.hash, at, self.sender, to or None, nonce, data, succeeded)


class OwnTransactions:
    """The newest of those that were signed here, by the hashes that nodes name them by, as text."""

    def __init__(self) -> None:
        self._known: dict[str, Own] = {}

    def __bool__(self) -> bool:
        return bool(self._known)

    def add(self, raw: bytes, sender: bytes) -> None:
        """Remember one; the oldest are forgotten."""
        digest = keccak(raw)
        self._known[f"0x{digest.hex()}"] = Own(digest, raw, sender)
        while len(self._known) > _MOST:
            del self._known[next(iter(self._known))]

    def all_of(self, hashes: Sequence[Any]) -> list[Own] | None:
        """Those of these hashes; ``None``: one of them is somebody else's."""
        found = [own for own in map(self._known.get, hashes) if own is not None]
        return found if len(found) == len(hashes) else None
