"""A second chain, in a temporary database, into which stored blocks are imported to check them."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterator

from eth.abc import BlockHeaderAPI
from eth.chains.base import BaseChain
from eth.db.atomic import AtomicDB
from eth.db.backends.base import BaseDB
from eth.db.chain import ChainDB
from eth_hash.auto import keccak
from eth_typing import Hash32

from traceledger.chain.embedded.rules import ledger_chain

_SCHEMA = """
CREATE TABLE node (key BLOB PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE passing (key BLOB PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
"""


class _TemporaryDB(BaseDB):
    """Keys and values in a private SQLite database, which spills to disk when it grows.

    ``passing`` keeps the transaction and receipt tries apart, which a chain file does not store.
    """

    def __init__(self) -> None:
        self.connection = sqlite3.connect("", isolation_level=None)
        self.connection.executescript(_SCHEMA)
        self.connection.execute("PRAGMA synchronous = OFF")
        self.connection.execute("BEGIN")

    def __getitem__(self, key: bytes) -> bytes:
        for table in ("node", "passing"):
            row = self.connection.execute(
                f"SELECT value FROM {table} WHERE key = ?",  # noqa: S608
                (key,),
            ).fetchone()
            if row is not None:
                value: bytes = row[0]
                return value
        raise KeyError(key)

    def __setitem__(self, key: bytes, value: bytes) -> None:
        self.connection.execute("INSERT OR REPLACE INTO node VALUES (?, ?)", (key, value))

    def __delitem__(self, key: bytes) -> None:
        self.connection.execute("DELETE FROM node WHERE key = ?", (key,))

    def _exists(self, key: bytes) -> bool:
        try:
            self[key]
        except KeyError:
            return False
        return True


class _ReplayDB(ChainDB):
    """py-evm's own database, with the nodes of transaction and receipt tries in a table apart."""

    def persist_trie_data_dict(self, trie_data_dict: dict[Hash32, bytes]) -> None:
        """Keep nodes of a transaction or receipt trie."""
        temporary: _TemporaryDB = self.db.wrapped_db  # type: ignore[attr-defined]
        temporary.connection.executemany(
            "INSERT OR REPLACE INTO passing VALUES (?, ?)", trie_data_dict.items()
        )


class Replay:
    """A chain of block 0 alone, to import blocks into; a context manager that drops it at the end.

    Args:
        genesis: the header of block 0.
        chain_id: the EIP-155 chain id.
    """

    def __init__(self, genesis: BlockHeaderAPI, chain_id: int) -> None:
        # Without a handler Python prints py-evm's warnings to standard error.
        logging.getLogger("eth").addHandler(logging.NullHandler())
        self._db = _TemporaryDB()
        chain_class = ledger_chain(chain_id).configure(chaindb_class=_ReplayDB)
        self.chain: BaseChain = chain_class.from_genesis_header(AtomicDB(self._db), genesis)

    def __enter__(self) -> Replay:
        return self

    def __exit__(self, *_: object) -> None:
        self._db.connection.close()

    def nodes(self) -> Iterator[tuple[bytes, bytes]]:
        """Every state node, code and header that the imported blocks made, by hash."""
        for key, value in self._db.connection.execute("SELECT key, value FROM node"):
            # py-evm keeps its lookups by number and by transaction among the same keys.
            if len(key) == 32 and keccak(value) == key:
                yield key, value
