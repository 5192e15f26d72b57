"""Trie nodes and contract code by their Keccak-256 hash, read from the chain file through a cache.

What a hash names never changes, so a value read once may be kept for good, whoever writes meanwhile.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

from eth_hash.auto import keccak
from lru import LRU

from traceledger.chain.embedded.database import DAMAGE_HINT, begins, explained
from traceledger.errors import VerificationError
from traceledger.model.hexadecimal import hexed
from traceledger.storage.connections import Connections

CACHED_NODES = 20_000
"""How many values stay in memory; a trie node has at most 532 bytes, so about 10 MB."""


class NodeStore:
    """The ``node`` table as a mapping, with writes held back until :meth:`flush`.

    Args:
        connections: those to an open chain file.
        path: its path, for error messages.
    """

    def __init__(self, connections: Connections, path: Path) -> None:
        self._connections = connections
        self._path = path
        self._cache: LRU[bytes, bytes] = LRU(CACHED_NODES)
        self._pending: dict[bytes, bytes] = {}

    def get(self, key: bytes) -> bytes | None:
        """The value of ``key``, or ``None``."""
        value = self._pending.get(key)
        if value is None:
            value = self._cache.get(key)
        return self._read(key) if value is None else value

    def _read(self, key: bytes) -> bytes | None:
        """Look ``key`` up in the file: among the nodes, then among the block headers."""
        with explained(self._path, self._connections), self._connections.here() as connection:
            query = "SELECT value FROM node WHERE begins = ?"
            found = [row[0] for row in connection.execute(query, (begins(key),))]
            if not found:
                # py-evm asks for headers under their hashes like for any node.
                query = "SELECT header FROM block WHERE hash = ?"
                found = [row[0] for row in connection.execute(query, (key,))]
        if not found:
            return None
        value: bytes | None = next((each for each in found if keccak(each) == key), None)
        if value is None:
            raise VerificationError(
                f"what the chain file stores for the hash {hexed(key)} is altered",
                where=self._path,
                hint=DAMAGE_HINT,
            )
        self._cache[key] = value
        return value

    def __getitem__(self, key: bytes) -> bytes:
        value = self.get(key)
        if value is None:
            raise KeyError(key)
        return value

    def __setitem__(self, key: bytes, value: bytes) -> None:
        self._pending[key] = value

    def __contains__(self, key: object) -> bool:
        return isinstance(key, bytes) and self.get(key) is not None

    def flush(self, connection: sqlite3.Connection) -> None:
        """Write what was set since the last flush; the caller holds the transaction."""
        connection.executemany(
            "INSERT INTO node (begins, value) VALUES (?, ?)",
            [(begins(key), value) for key, value in self._pending.items()],
        )

    def keep(self) -> None:
        """After a commit: what was flushed is now a part of the chain."""
        for key, value in self._pending.items():
            self._cache[key] = value
        self._pending.clear()

    def forget(self) -> None:
        """After a rollback, or instead of a flush: drop what was set."""
        self._pending.clear()
