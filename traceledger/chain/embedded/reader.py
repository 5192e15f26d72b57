"""Read blocks, transactions, logs and receipts of a chain file with SQLite alone; no EVM is loaded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from traceledger.chain.base import LAST_BLOCK, Block, BlockRef, Log, Receipt, Transaction, topics_of
from traceledger.chain.embedded.database import DAMAGE_HINT, ChainIdentity, explained, identity
from traceledger.errors import VerificationError
from traceledger.model.frozen import frozen
from traceledger.storage.connections import Connections

_BLOCKS_PER_READ = 256
_LOGS_PER_READ = 1000
_REF = "SELECT number, hash, parent_hash, timestamp FROM block"
_TX = "SELECT block, hash, position, sender, recipient, nonce, input FROM tx"
_LOG = "SELECT block, address, topics, data, tx, position FROM log"

_PLACED_LOG = """
SELECT log.block, log.address, log.topics, log.data, log.tx, log.position, tx.hash,
    block.number, block.hash, block.parent_hash, block.timestamp
FROM log
JOIN tx ON tx.block = log.block AND tx.position = log.tx
JOIN block ON block.number = log.block
WHERE log.block BETWEEN ? AND ?"""


@frozen
class LogFilter:
    """Which logs to return: those of blocks ``first`` to ``last`` that match.

    ``addresses`` empty: any. ``topics[i]`` empty: any topic there; else one of those given.
    """

    first: int
    last: int
    addresses: tuple[bytes, ...] = ()
    topics: tuple[tuple[bytes, ...], ...] = ()

    def matches(self, log: Log) -> bool:
        """Whether the topics of ``log`` are among those wanted."""
        if len(self.topics) > len(log.topics):
            return False
        return all(
            not wanted or topic in wanted for wanted, topic in zip(self.topics, log.topics, strict=False)
        )


@frozen
class PlacedLog:
    """A log with its block and the hash of its transaction."""

    block: BlockRef
    transaction_hash: bytes
    log: Log


@frozen
class StoredTransaction:
    """A mined transaction as it was signed (``raw``), its consensus-encoded ``receipt``, and its place."""

    block: BlockRef
    transaction: Transaction
    raw: bytes
    receipt: bytes


def _log_of(row: tuple[Any, ...]) -> Log:
    _, address, topics, data, transaction, position = row
    return Log(address, topics_of(topics), data, transaction, position)


def _transaction_of(row: tuple[Any, ...]) -> Transaction:
    _, tx_hash, position, sender, recipient, nonce, data = row
    return Transaction(tx_hash, position, sender, recipient, nonce, data, succeeded=True)


class ChainReader:
    """Everything about a chain that its file answers without running a contract.

    Args:
        connections: those to an open chain file.
        path: its path, for error messages.
    """

    def __init__(self, connections: Connections, path: Path) -> None:
        self._connections = connections
        self._path = path
        with connections.here() as connection:
            self.identity: ChainIdentity = identity(connection, path)

    def rows(self, query: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """All rows of a query, with SQLite's errors explained."""
        with explained(self._path, self._connections), self._connections.here() as connection:
            return connection.execute(query, tuple(values)).fetchall()

    def _row(self, query: str, values: Sequence[object] = ()) -> tuple[Any, ...] | None:
        with explained(self._path, self._connections), self._connections.here() as connection:
            row: tuple[Any, ...] | None = connection.execute(query, tuple(values)).fetchone()
            return row

    def head(self) -> BlockRef:
        """The newest block.

        Raises:
            VerificationError: the file holds no block at all.
        """
        row = self._row(f"{_REF} ORDER BY number DESC LIMIT 1")
        if row is None:
            raise VerificationError("the chain file holds no block", where=self._path)
        return BlockRef(*row)

    def block_ref(self, number: int) -> BlockRef | None:
        """The block of that number, or ``None`` past the head."""
        if number > LAST_BLOCK:
            return None
        row = self._row(f"{_REF} WHERE number = ?", (number,))
        return None if row is None else BlockRef(*row)

    def block_ref_by_hash(self, block_hash: bytes) -> BlockRef | None:
        """The block of that hash, or ``None``."""
        row = self._row(f"{_REF} WHERE hash = ?", (block_hash,))
        return None if row is None else BlockRef(*row)

    def genesis_hash(self) -> bytes:
        """Hash of block 0."""
        genesis = self.block_ref(0)
        if genesis is None:
            raise VerificationError("the chain file has no block 0", where=self._path)
        return genesis.hash

    def header_rlp(self, number: int) -> bytes | None:
        """The RLP-encoded header of a block, seal included; its Keccak-256 is the block's hash."""
        row = self._row("SELECT header FROM block WHERE number = ?", (number,))
        return None if row is None else row[0]

    def receipt_rlps(self, number: int) -> list[bytes]:
        """The receipts of a block as they stand in its receipt trie (EIP-2718 encoding), in order."""
        found = self.rows("SELECT receipt FROM tx WHERE block = ? ORDER BY position", (number,))
        return [row[0] for row in found]

    def raw_transactions(self, number: int) -> list[bytes]:
        """The signed transactions of a block, as sent, in order."""
        found = self.rows("SELECT raw FROM tx WHERE block = ? ORDER BY position", (number,))
        return [row[0] for row in found]

    def blocks(self, first: int, last: int) -> Iterator[Block]:
        """Blocks ``first`` to ``last``, both included, in order; each is held against its sealed header.

        Raises:
            VerificationError: a block is missing, or its rows are not what its header vouches for.
        """
        from traceledger.chain.embedded.checking import RowsDifferError, check

        parent: BlockRef | None = None
        for start in range(max(first, 0), last + 1, _BLOCKS_PER_READ):
            span = (start, min(start + _BLOCKS_PER_READ - 1, last))
            for block, header, bodies in self._some_blocks(*span):
                try:
                    if parent is not None and block.ref.number != parent.number + 1:
                        raise RowsDifferError("the one before it is missing")
                    check(block, parent, header, bodies, of=self.identity)
                except RowsDifferError as error:
                    raise VerificationError(
                        f"block {block.ref.number} of the chain file does not hold: {error}",
                        where=str(self._path),
                        hint=DAMAGE_HINT,
                    ) from error
                parent = block.ref
                yield block

    def _some_blocks(self, first: int, last: int) -> Iterator[tuple[Block, bytes, list[tuple[bytes, bytes]]]]:
        """Blocks as their rows tell them, with their headers; transactions and receipts as encoded."""
        span = (first, last)
        columns = _REF.replace(" FROM", ", header FROM")
        refs = self.rows(f"{columns} WHERE number BETWEEN ? AND ? ORDER BY number", span)
        between = "WHERE block BETWEEN ? AND ? ORDER BY block, position"
        columns = _TX.replace(" FROM", ", raw, receipt FROM")
        sent = {
            number: list(group)
            for number, group in groupby(self.rows(f"{columns} {between}", span), lambda row: row[0])
        }
        logs = {
            number: tuple(_log_of(row) for row in group)
            for number, group in groupby(self.rows(f"{_LOG} {between}", span), lambda row: row[0])
        }
        for *row, header in refs:
            ref = BlockRef(*row)
            rows = sent.get(ref.number, [])
            transactions = tuple(_transaction_of(row[:7]) for row in rows)
            yield Block(ref, transactions, logs.get(ref.number, ())), header, [row[7:] for row in rows]

    def has_more_logs(self, wanted: LogFilter, most: int) -> bool:
        """Whether more than ``most`` logs are of the blocks and addresses wanted, whatever their topics."""
        query = "SELECT 1 FROM log WHERE block BETWEEN ? AND ?"
        if wanted.addresses:
            query += f" AND address IN ({','.join('?' * len(wanted.addresses))})"
        span = (wanted.first, wanted.last, *wanted.addresses, most)
        return self._row(f"{query} LIMIT 1 OFFSET ?", span) is not None

    def log_pages(self, wanted: LogFilter) -> Iterator[list[PlacedLog]]:
        """The logs that match, in chain order, as many at a time as one read finds; a page may be empty."""
        query = f"{_PLACED_LOG} AND (log.block, log.position) > (?, ?)"
        if wanted.addresses:
            query += f" AND log.address IN ({','.join('?' * len(wanted.addresses))})"
        query += f" ORDER BY log.block, log.position LIMIT {_LOGS_PER_READ}"
        after = (-1, -1)
        while True:
            rows = self.rows(query, (max(wanted.first, after[0]), wanted.last, *after, *wanted.addresses))
            logs = [(row, _log_of(row[:6])) for row in rows]
            yield [PlacedLog(BlockRef(*row[7:]), row[6], log) for row, log in logs if wanted.matches(log)]
            if len(rows) < _LOGS_PER_READ:
                return
            after = (rows[-1][0], rows[-1][5])

    def receipt(self, transaction_hash: bytes) -> Receipt | None:
        """The receipt of a mined transaction, or ``None``."""
        row = self._row(
            "SELECT block, position, gas_used, contract FROM tx WHERE hash = ?",
            (transaction_hash,),
        )
        if row is None:
            return None
        number, position, gas_used, contract = row
        ref = self.block_ref(number)
        if ref is None:
            raise VerificationError(f"block {number} is missing", where=self._path)
        found = self.rows(f"{_LOG} WHERE block = ? AND tx = ? ORDER BY position", row[:2])
        logs = tuple(_log_of(log) for log in found)
        return Receipt(transaction_hash, ref, position, True, gas_used, contract, logs)

    def stored_transaction(self, transaction_hash: bytes) -> StoredTransaction | None:
        """A mined transaction with its signed and its receipt's bytes, or ``None``."""
        columns = _TX.replace(" FROM", ", raw, receipt FROM")
        row = self._row(f"{columns} WHERE hash = ?", (transaction_hash,))
        if row is None:
            return None
        ref = self.block_ref(row[0])
        if ref is None:
            raise VerificationError(f"block {row[0]} is missing", where=self._path)
        return StoredTransaction(ref, _transaction_of(row[:7]), row[7], row[8])

    def stored_transactions(self, ref: BlockRef) -> list[StoredTransaction]:
        """The transactions of a block with their signed and their receipts' bytes, in order."""
        columns = _TX.replace(" FROM", ", raw, receipt FROM")
        found = self.rows(f"{columns} WHERE block = ? ORDER BY position", (ref.number,))
        return [StoredTransaction(ref, _transaction_of(row[:7]), row[7], row[8]) for row in found]

    def nonce(self, address: bytes) -> int:
        """How many transactions of ``address`` are mined."""
        row = self._row("SELECT MAX(nonce) FROM tx WHERE sender = ?", (address,))
        return 0 if row is None or row[0] is None else row[0] + 1

    def deployed_code(self, address: bytes) -> bytes | None:
        """The code of a contract that a transaction created, or ``None`` for any other address."""
        row = self._row(
            "SELECT value FROM tx JOIN node ON node.hash = tx.code_hash WHERE contract = ?",
            (address,),
        )
        return None if row is None else row[0]
