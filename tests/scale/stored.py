"""A chain in a file: blocks with their transactions and logs, read as an index reads any chain.

The file is SQLite, a row a block: its logs and transactions as plain tuples, compressed. It is nobody's
format but these tests': a chain of our own making may be read by ``marshal``, which costs the least beside
what is measured.
"""

from __future__ import annotations

import marshal
import sqlite3
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from eth_hash.auto import keccak

from traceledger.chain.base import Block, BlockRef, Log, Transaction

CHAIN_ID = 20_260
START = 1_780_000_000
"""When block 0 was made; the others follow by the second."""
_TABLES = """\
CREATE TABLE block (number INTEGER PRIMARY KEY, hash BLOB, parent BLOB, body BLOB);
CREATE TABLE said (name TEXT PRIMARY KEY, value TEXT);
"""
Emitted = tuple[bytes, tuple[bytes, ...], bytes]
"""A log: whose, its topics, its data."""


class Writer:
    """Writes a chain. Each transaction says who sent it, to whom, with what, and what was emitted."""

    def __init__(self, path: Path | str = ":memory:", *, a_block: int = 100) -> None:
        self.database = sqlite3.connect(path, isolation_level=None)
        self.database.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;" + _TABLES + "BEGIN;")
        self._a_block = a_block
        self._number, self._parent = 0, bytes(32)
        self._transactions: list[Any] = []
        self._logs: list[Any] = []
        self._nonces: dict[bytes, int] = {}
        self.seal()

    @property
    def time(self) -> int:
        """That of the block in the making."""
        return START + self._number

    def transact(self, sender: bytes, to: bytes, data: bytes, logs: Sequence[Emitted]) -> int:
        """Add one; returns the position of its last log: ``block << 24 | log``."""
        place, nonce = len(self._transactions), self._nonces.get(sender, 0)
        self._nonces[sender] = nonce + 1
        self._transactions.append((sender, to, nonce, data))
        self._logs += [(*log, place) for log in logs]
        position = self._number << 24 | len(self._logs) - 1
        if place + 1 == self._a_block:
            self.seal()
        return position

    def seal(self) -> None:
        """Close the block."""
        body = zlib.compress(marshal.dumps((self._transactions, self._logs)), 1)
        identity = bytes(keccak(self._parent + self._number.to_bytes(8, "big") + bytes(keccak(body))))
        row = (self._number, identity, self._parent, body)
        self.database.execute("INSERT INTO block VALUES (?, ?, ?, ?)", row)
        self._number, self._parent = self._number + 1, identity
        self._transactions, self._logs = [], []

    def finish(self, said: dict[str, str]) -> None:
        """Close the last block, and say what is to be known of the chain."""
        if self._transactions:
            self.seal()
        self.database.executemany("INSERT INTO said VALUES (?, ?)", said.items())
        self.database.execute("COMMIT")


class StoredChain:
    """A chain that was written: readable as :class:`traceledger.chain.base.Chain`; all of it is final.

    ``asked`` counts how often each block was given.
    """

    chain_id = CHAIN_ID

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        self.asked: dict[int, int] = {}
        (self._head,) = database.execute("SELECT max(number) FROM block").fetchone()

    @classmethod
    def open(cls, path: Path | str) -> StoredChain:
        """Of a file, which is only read."""
        return cls(sqlite3.connect(f"file:{path}?mode=ro", uri=True, check_same_thread=False))

    def said(self, name: str) -> str:
        """What is known of the chain: ``asked``, ``figures``, ``contracts``, ``shape``, as JSON."""
        row = self._database.execute("SELECT value FROM said WHERE name = ?", (name,)).fetchone()
        return str(row[0])

    def genesis_hash(self) -> bytes:
        return self._ref(0).hash

    def head(self) -> BlockRef:
        return self._ref(self._head)

    def final(self) -> BlockRef:
        return self.head()

    def block_ref(self, number: int) -> BlockRef | None:
        return self._ref(number) if 0 <= number <= self._head else None

    def _ref(self, number: int) -> BlockRef:
        query = "SELECT hash, parent FROM block WHERE number = ?"
        identity, parent = self._database.execute(query, (number,)).fetchone()
        return BlockRef(number, identity, parent, START + number)

    def blocks(self, first: int, last: int) -> Iterator[Block]:
        rows = self._database.execute(
            "SELECT number, hash, parent, body FROM block WHERE number BETWEEN ? AND ? ORDER BY number",
            (first, last),
        )
        for number, identity, parent, body in rows:
            self.asked[number] = self.asked.get(number, 0) + 1
            transactions, logs = marshal.loads(zlib.decompress(body))
            made = [
                Transaction(identity[:28] + place.to_bytes(4, "big"), place, sender, to, nonce, data, True)
                for place, (sender, to, nonce, data) in enumerate(transactions)
            ]
            emitted = [
                Log(where, topics, data, place, index)
                for index, (where, topics, data, place) in enumerate(logs)
            ]
            yield Block(BlockRef(number, identity, parent, START + number), tuple(made), tuple(emitted))

    def close(self) -> None:
        self._database.close()
