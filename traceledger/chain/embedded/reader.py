"""Read blocks, transactions, logs and receipts of a chain file with SQLite alone; no EVM is loaded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

from traceledger.chain.base import LAST_BLOCK, Block, BlockRef, Log, Receipt, Transaction
from traceledger.chain.embedded.bodies import fields_of, logs_of, transaction_of, unpacked
from traceledger.chain.embedded.database import DAMAGE_HINT, ChainIdentity, begins, explained, identity
from traceledger.chain.rlp import decode
from traceledger.errors import VerificationError
from traceledger.model.frozen import frozen
from traceledger.model.keccak import keccak
from traceledger.storage.connections import Connections

_BLOCKS_PER_READ = 256
_REF = "SELECT number, hash, parent_hash, timestamp FROM block"
_TX = "SELECT block, position, hash, sender, contract FROM tx"
_BLOOM_FIELD = 6


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
        """Whether address and topics of ``log`` are among those wanted."""
        if self.addresses and log.address not in self.addresses:
            return False
        if len(self.topics) > len(log.topics):
            return False
        return all(
            not wanted or topic in wanted for wanted, topic in zip(self.topics, log.topics, strict=False)
        )

    def may_match(self, bloom: bytes) -> bool:
        """Whether a block of that bloom may have a log that matches (yellow paper, section 4.3.1)."""
        bits = int.from_bytes(bloom, "big")
        return all(
            not wanted or any(bits & mask == mask for mask in map(_bloom_of, wanted))
            for wanted in (self.addresses, *self.topics)
        )


def _bloom_of(entry: bytes) -> int:
    """The three bits that an address or a topic sets."""
    digest = keccak(entry)
    return sum({1 << (int.from_bytes(digest[at : at + 2], "big") & 2047) for at in (0, 2, 4)})


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


def _stored(ref: BlockRef, at: int, sender: bytes, raw: bytes, receipt: bytes) -> StoredTransaction:
    return StoredTransaction(ref, transaction_of(at, raw, *fields_of(raw), sender), raw, receipt)


class ChainReader:
    """Everything about a chain that its file answers without running a contract.

    Args:
        connections: those to an open chain file.
        path: its path, for error messages.
    """

    def __init__(self, connections: Connections, path: Path) -> None:
        self._connections = connections
        self._path = path
        # Of the block that was read last: receipts are asked for one after another.
        self._last: tuple[bytes, list[tuple[bytes, bytes]], list[list[Any]]] = (b"", [], [])
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

    def bodies(self, number: int) -> list[tuple[bytes, bytes]]:
        """The signed transactions of a block, as sent, and their receipts as in its trie (EIP-2718).

        Raises:
            ValueError: what is stored is damaged.
        """
        row = self._row("SELECT bodies FROM block WHERE number = ?", (number,))
        return [] if row is None else unpacked(row[0])

    def receipt_rlps(self, number: int) -> list[bytes]:
        """The receipts of a block as they stand in its receipt trie (EIP-2718 encoding), in order."""
        with self._whole(number):
            return [receipt for _, receipt in self.bodies(number)]

    @contextmanager
    def _whole(self, number: int) -> Iterator[None]:
        """Say of which block it is that something cannot be read."""
        try:
            yield
        except (ValueError, IndexError, TypeError) as error:
            raise VerificationError(
                f"block {number} of the chain file does not hold: {error}",
                where=str(self._path),
                hint=DAMAGE_HINT,
            ) from error

    def blocks(self, first: int, last: int) -> Iterator[Block]:
        """Blocks ``first`` to ``last``, both included, in order; each is held against its sealed header.

        Raises:
            VerificationError: a block is missing, or is not what its header vouches for.
        """
        from traceledger.chain.embedded.checking import RowsDifferError, checked

        parent: BlockRef | None = None
        for ref, header, kept, rows in self._stored_blocks(first, last):
            with self._whole(ref.number):
                if parent is not None and ref.number != parent.number + 1:
                    raise RowsDifferError("the one before it is missing")
                block = checked(ref, parent, header, kept, rows, of=self.identity)
            parent = ref
            yield block

    def _stored_blocks(
        self, first: int, last: int
    ) -> Iterator[tuple[BlockRef, bytes, bytes, list[tuple[bytes, bytes, int]]]]:
        """Blocks with their headers, what holds their bodies, and hash, sender, nonce of the transactions."""
        columns = _REF.replace(" FROM", ", header, bodies FROM")
        for start in range(max(first, 0), last + 1, _BLOCKS_PER_READ):
            span = (start, min(start + _BLOCKS_PER_READ - 1, last))
            refs = self.rows(f"{columns} WHERE number BETWEEN ? AND ? ORDER BY number", span)
            if not refs:
                return  # Who asks may name a block that will not be for ages.
            found = self.rows(
                "SELECT block, hash, sender, nonce FROM tx WHERE block BETWEEN ? AND ?"
                " ORDER BY block, position",
                span,
            )
            sent = {number: [row[1:] for row in rows] for number, rows in groupby(found, itemgetter(0))}
            for *row, header, kept in refs:
                yield BlockRef(*row), header, kept, sent.get(row[0], [])

    def log_pages(self, wanted: LogFilter) -> Iterator[list[PlacedLog]]:
        """The logs that match, in chain order, those of a block at a time; blocks without any are passed by.

        A page may be empty, so that whoever asks can stop a search that finds little.
        """
        for ref, header, kept, rows in self._stored_blocks(wanted.first, wanted.last):
            with self._whole(ref.number):
                if not rows or not wanted.may_match(decode(header)[_BLOOM_FIELD]):
                    yield []
                    continue
                logs = logs_of([fields_of(receipt)[1] for _, receipt in unpacked(kept)])
                yield [
                    PlacedLog(ref, rows[log.transaction_index][0], log) for log in logs if wanted.matches(log)
                ]

    def receipt(self, transaction_hash: bytes) -> Receipt | None:
        """The receipt of a mined transaction, or ``None``."""
        found = self._found(transaction_hash)
        if found is None:
            return None
        ref, at, _, contract, _, receipts = found
        with self._whole(ref.number):
            gas = int.from_bytes(receipts[at][1], "big")
            before = int.from_bytes(receipts[at - 1][1], "big") if at else 0
            logs = tuple(log for log in logs_of(receipts) if log.transaction_index == at)
        return Receipt(transaction_hash, ref, at, True, gas - before, contract, logs)

    def stored_transaction(self, transaction_hash: bytes) -> StoredTransaction | None:
        """A mined transaction with its signed and its receipt's bytes, or ``None``."""
        found = self._found(transaction_hash)
        if found is None:
            return None
        ref, at, sender, _, bodies, _ = found
        with self._whole(ref.number):
            return _stored(ref, at, sender, *bodies[at])

    def _found(
        self, transaction_hash: bytes
    ) -> tuple[BlockRef, int, bytes, bytes | None, list[tuple[bytes, bytes]], list[list[Any]]] | None:
        """Where a transaction is: block and position; its sender; what it created; what is in the block."""
        row = self._row(f"{_TX} WHERE hash = ?", (transaction_hash,))
        if row is None:
            return None
        number, position, _, sender, contract = row
        ref = self.block_ref(number)
        if ref is None:
            raise VerificationError(f"block {number} is missing", where=self._path)
        block_hash, bodies, receipts = self._last  # at once, as another thread may be reading
        if block_hash != ref.hash:
            with self._whole(number):
                bodies = self.bodies(number)
                receipts = [fields_of(receipt)[1] for _, receipt in bodies]
            self._last = (ref.hash, bodies, receipts)
        return ref, position, sender, contract, bodies, receipts

    def stored_transactions(self, ref: BlockRef) -> list[StoredTransaction]:
        """The transactions of a block with their signed and their receipts' bytes, in order."""
        senders = self.rows("SELECT sender FROM tx WHERE block = ? ORDER BY position", (ref.number,))
        with self._whole(ref.number):
            bodies = self.bodies(ref.number)
            return [
                _stored(ref, at, sender, *body)
                for at, ((sender,), body) in enumerate(zip(senders, bodies, strict=True))
            ]

    def nonce(self, address: bytes) -> int:
        """How many transactions of ``address`` are mined."""
        row = self._row("SELECT MAX(nonce) FROM tx WHERE sender = ?", (address,))
        return 0 if row is None or row[0] is None else row[0] + 1

    def deployed_code(self, address: bytes) -> bytes | None:
        """The code of a contract that a transaction created, or ``None`` for any other address."""
        row = self._row("SELECT code_hash FROM tx WHERE contract = ?", (address,))
        if row is None:
            return None
        found = self.rows("SELECT value FROM node WHERE begins = ?", (begins(row[0]),))
        return next((code for (code,) in found if keccak(code) == row[0]), None)
