"""Writes one run of blocks into the index, inside the transaction that the caller opened.

Example:
    >>> from traceledger.index.schema import join_position
    >>> join_position(1, 0) < join_position(1, 1) < join_position(2, 0)
    True
"""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from traceledger.chain.base import Block, BlockRef, Log, Transaction
from traceledger.errors import VerificationError
from traceledger.events import (
    AssuranceEvent,
    Event,
    LedgerEvent,
    ManagerEvent,
    RegistryEvent,
    decode,
)
from traceledger.index import rows
from traceledger.index.assurance_writer import AssuranceWriter
from traceledger.index.database import Database
from traceledger.index.ledger_writer import LedgerWriter
from traceledger.index.registry_writer import RegistryWriter
from traceledger.index.schema import join_position
from traceledger.index.words import Words
from traceledger.replay import Within

if TYPE_CHECKING:
    from traceledger.index.followed import Followed


class Writer:
    """Applies blocks in order; :meth:`finish` before committing."""

    def __init__(self, database: Database, follows: Followed) -> None:
        self._database = database
        self._follows = follows
        self._ledger = LedgerWriter(database)
        self._registry = RegistryWriter(database)
        self._assurance = AssuranceWriter(database, follows.assurance)
        self._words = Words(database)

    def write(self, block: Block) -> None:
        """Write one block: raw logs, operation keys, and everything derived from them.

        Raises:
            VerificationError: an event contradicts those before it, or is malformed.
        """
        follows = self._follows
        ours = (follows.ledger, follows.registry, follows.assurance, follows.access_manager)
        logs = [log for log in block.logs if log.address in ours]
        # What was reverted has not happened, and may be sent again.
        operations = [tx for tx in block.transactions if tx.succeeded and tx.to in ours]
        if not logs and not operations:
            return
        ref = block.ref
        self._database.run(
            "INSERT INTO main.block VALUES (?, ?, ?, ?)",
            (ref.number, ref.hash, ref.parent_hash, ref.timestamp),
        )
        self._database.add(
            "operation",
            [(rows.operation_digest(tx.input), tx.to, tx.sender, ref.number, tx.index) for tx in operations],
        )
        by_index = {tx.index: tx for tx in block.transactions}
        for log in logs:
            self._write_log(ref, by_index.get(log.transaction_index), log)

    def finish(self) -> None:
        """Write what is still in memory."""
        self._ledger.finish()

    def _write_log(self, ref: BlockRef, transaction: Transaction | None, log: Log) -> None:
        block = ref.number
        if transaction is None:
            raise VerificationError(f"block {block}, log {log.index}: its transaction is missing")
        position = join_position(block, log.index)
        topics = b"".join(log.topics)
        self._database.add(
            "log", [(position, transaction.index, transaction.hash, log.address, topics, log.data)]
        )
        try:
            event = decode(log)
            if event is not None:
                self._apply(event, log.address, position, ref)
        except VerificationError as error:
            place = f"block {block}, {error.where or f'log {log.index}'}"
            raise VerificationError(error.what, hint=error.hint, where=place) from error

    def _apply(self, event: Event, source: bytes, position: int, ref: BlockRef) -> None:
        # Anyone can emit a log of the same shape: it counts only where the contract itself wrote it.
        follows = self._follows
        if isinstance(event, LedgerEvent):
            if source == follows.ledger:
                self._ledger.write(event, position, Within(ref.parent_hash, ref.timestamp))
                self._words.write(event)
        elif isinstance(event, RegistryEvent):
            if source == follows.registry:
                self._registry.write(event, position)
                self._words.write(event)
        elif isinstance(event, AssuranceEvent):
            if source == follows.assurance:
                self._assurance.write(event, position)
                self._words.write(event)
        elif isinstance(event, ManagerEvent):
            if source == follows.access_manager:
                self._assurance.announce(event, position)
        else:
            assert_never(event)
