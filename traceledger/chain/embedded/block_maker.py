"""Make, seal and store the next block of an embedded chain."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import rlp

from traceledger.chain.base import BlockRef, Log, Receipt
from traceledger.chain.embedded import rules
from traceledger.chain.embedded.bodies import packed
from traceledger.chain.embedded.gate import Pace, unhurried
from traceledger.errors import SigningError
from traceledger.model.hexadecimal import hexed
from traceledger.model.keccak import keccak

if TYPE_CHECKING:
    from collections.abc import Callable

    from eth.abc import BlockHeaderAPI, ReceiptAPI

    from traceledger.chain.embedded.admission import Decoded
    from traceledger.chain.embedded.evm import Evm, Execution

_INSERT_BLOCK = "INSERT INTO block VALUES (?, ?, ?, ?, ?, ?)"
_INSERT_TX = "INSERT INTO tx VALUES (?, ?, ?, ?, ?, ?, ?)"


@dataclass(frozen=True, slots=True)
class Entry:
    """A transaction of a block with its outcome, as the chain file stores it.

    ``code_hash`` is that of the contract it created, ``None`` if it created none; ``encoded_receipt``
    is the receipt as it stands in the receipt trie.
    """

    sent: Decoded
    transaction_hash: bytes
    gas_used: int
    contract: bytes | None
    code_hash: bytes | None
    logs: tuple[Log, ...]
    encoded_receipt: bytes

    def row(self, block: int, position: int) -> tuple[object, ...]:
        """The row of table ``tx``."""
        transaction_hash, sender = self.transaction_hash, self.sent.sender
        nonce = self.sent.transaction.nonce
        return block, position, transaction_hash, sender, nonce, self.contract, self.code_hash


def logs_of(receipt: ReceiptAPI, position: int, first_index: int) -> tuple[Log, ...]:
    """A py-evm receipt's logs; ``position`` is the transaction's, ``first_index`` its first log's."""
    return tuple(
        Log(
            bytes(log.address),
            tuple(topic.to_bytes(32, "big") for topic in log.topics),
            bytes(log.data),
            position,
            first_index + offset,
        )
        for offset, log in enumerate(receipt.logs)
    )


def insert_block(
    connection: sqlite3.Connection, header: BlockHeaderAPI, entries: Sequence[Entry]
) -> BlockRef:
    """Store a sealed block; the caller holds the transaction.

    Raises:
        InputError: its transactions are too many.
    """
    number = header.block_number
    ref = BlockRef(number, bytes(header.hash), bytes(header.parent_hash), header.timestamp)
    bodies = packed([(entry.sent.raw, entry.encoded_receipt) for entry in entries])
    row = (number, ref.hash, ref.parent_hash, ref.timestamp, rlp.encode(header), bodies)
    connection.execute(_INSERT_BLOCK, row)
    rows = [entry.row(number, position) for position, entry in enumerate(entries)]
    connection.executemany(_INSERT_TX, rows)
    return ref


class Miner:
    """Makes blocks with an EVM and seals them with the authority's key.

    Args:
        evm: the EVM over the chain's state.
        authority: the address that the seals must be from.
        sealer: signs a hash with the authority's key.
    """

    def __init__(self, evm: Evm, authority: bytes, sealer: Callable[[bytes], bytes]) -> None:
        self._evm = evm
        self._authority = authority
        self._sealer = sealer

    def mine(
        self,
        connection: sqlite3.Connection,
        parent: BlockHeaderAPI,
        sent: Sequence[Decoded],
        timestamp: int,
        pace: Pace = unhurried,
    ) -> tuple[list[Receipt], tuple[int, bytes] | None]:
        """Store the block of ``sent``, up to the first transaction that reverts, or as far as time goes.

        Returns:
            The receipts, and position and revert data of the refused transaction, if any.

        Raises:
            InputError: a transaction is invalid.
            SigningError: the sealer does not sign as the authority.
        """
        mined = self._evm.mine(parent, sent, timestamp, pace)
        if mined.header is None:
            return [], mined.refused
        header = self._seal(mined.header)
        entries = self._entries(header, mined.executions)
        ref = insert_block(connection, header, entries)
        self._evm.remember_head(header)
        receipts = [
            Receipt(entry.transaction_hash, ref, at, True, entry.gas_used, entry.contract, entry.logs)
            for at, entry in enumerate(entries)
        ]
        return receipts, mined.refused

    def _seal(self, header: BlockHeaderAPI) -> BlockHeaderAPI:
        sealed = rules.sealed(header, self._sealer(rules.seal_hash(header)))
        # Checked before it is stored, as a block with a foreign seal could not be taken back.
        if rules.signer(sealed) != self._authority:
            raise SigningError(
                "the key given is not that of this chain's authority",
                hint=f"use the key of {hexed(self._authority)}",
            )
        return sealed

    def _entries(self, header: BlockHeaderAPI, executions: Sequence[Execution]) -> list[Entry]:
        entries: list[Entry] = []
        gas_before = logs_before = 0
        for position, run in enumerate(executions):
            logs = logs_of(run.receipt, position, logs_before)
            entries.append(
                Entry(
                    run.sent,
                    keccak(run.sent.raw),
                    run.receipt.gas_used - gas_before,
                    run.contract,
                    self._evm.code_hash(header, run.contract) if run.contract else None,
                    logs,
                    run.encoded_receipt,
                )
            )
            gas_before, logs_before = run.receipt.gas_used, logs_before + len(logs)
        return entries
