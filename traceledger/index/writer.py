"""Writes one run of blocks into the index, inside the transaction that the caller opened.

Example:
    >>> from traceledger.index.schema import join_position
    >>> join_position(1, 0) < join_position(1, 1) < join_position(2, 0)
    True
"""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from traceledger.chain.base import Block, BlockRef, Log
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
from traceledger.index.log_chunks import KeptLog, chunks_of, packed, written_by
from traceledger.index.recorded import event_at, event_of
from traceledger.index.registry_writer import RegistryWriter
from traceledger.index.schema import join_position
from traceledger.index.things import ThingWriter
from traceledger.index.words import Words
from traceledger.replay import Within

if TYPE_CHECKING:
    from traceledger.index.followed import Followed

_BEGINNING = 8


class Writer:
    """Applies blocks in order; :meth:`finish` before committing."""

    def __init__(self, database: Database, follows: Followed) -> None:
        self._database = database
        self._follows = follows
        addresses = (follows.ledger, follows.registry, follows.assurance, follows.access_manager)
        self._contracts = {address: number for number, address in enumerate(addresses)}
        self._logs: dict[int, KeptLog] = {}
        self._decoded: dict[int, tuple[Log, Event]] = {}
        """By position, the events of the block at hand."""
        self._blocks: list[tuple[int, bytes, bytes, int, int]] = []
        self._sent: list[tuple[bytes, int]] = []
        self._operations: list[tuple[bytes, int, int, int]] = []
        self._things = ThingWriter(database)
        self._ledger = LedgerWriter(database, self._things, self._event_at)
        self._registry = RegistryWriter(database)
        self._assurance = AssuranceWriter(database, follows.assurance)
        self._words = Words(database, self._things, self._ledger.state)

    def write(self, block: Block) -> None:
        """Write one block: raw logs, operation keys, and everything derived from them.

        Raises:
            VerificationError: an event contradicts those before it, or is malformed.
        """
        ours = self._contracts
        logs = [log for log in block.logs if log.address in ours]
        # What was reverted has not happened, and may be sent again.
        operations = [tx for tx in block.transactions if tx.succeeded and tx.to in ours]
        if not logs and not operations:
            return
        ref = block.ref
        block_row = (ref.number, ref.hash, ref.parent_hash, ref.timestamp, len(logs))
        self._blocks.append(block_row)
        for tx in operations:
            place = join_position(ref.number, tx.index)
            known = rows.operation_digest(tx.input)
            self._operations.append((known, place, ours[tx.to or b""], self._things.number(tx.sender)))
        by_index = {tx.index: tx for tx in block.transactions}
        for index in dict.fromkeys(log.transaction_index for log in logs):
            transaction = by_index.get(index)
            if transaction is None:
                raise VerificationError(f"block {ref.number}: transaction {index} of a log is missing")
            self._sent.append((transaction.hash[:_BEGINNING], join_position(ref.number, index)))
        for log in logs:
            position = join_position(ref.number, log.index)
            event = self._keep(position, ref, by_index[log.transaction_index].hash, log)
            if event is not None:
                self._decoded[position] = log, event
        # All batches and shipments of the block in one question each.
        self._ledger.preload(
            [
                event
                for log, event in self._decoded.values()
                if isinstance(event, LedgerEvent) and log.address == self._follows.ledger
            ]
        )
        for position, (log, event) in self._decoded.items():
            try:
                self._apply(event, log.address, position, ref)
            except VerificationError as error:
                raise _placed(error, ref.number, log) from error
        self._decoded = {}

    def finish(self) -> None:
        """Write what is still in memory; it may be used for the blocks that follow, if nobody else writes."""
        self._database.add("block", self._blocks)
        chunks = chunks_of(list(self._logs.values()))
        self._database.add("log", ((some[0].position, written_by(some), packed(some)) for some in chunks))
        # In the order of their keys: each page of a table is then changed once.
        self._database.add("sent", sorted(self._sent))
        self._database.add("operation", sorted(self._operations))
        self._logs, self._blocks, self._sent, self._operations = {}, [], [], []
        self._ledger.finish()
        self._words.flush()
        self._things.flush()

    def _keep(self, position: int, ref: BlockRef, transaction: bytes, log: Log) -> Event | None:
        """Keep a log, and decode it."""
        contract, topics = self._contracts[log.address], b"".join(log.topics)
        self._logs[position] = KeptLog(
            position, ref.timestamp, log.transaction_index, transaction, contract, topics, log.data
        )
        try:
            return decode(log)
        except VerificationError as error:
            raise _placed(error, ref.number, log) from error

    def _event_at(self, position: int) -> LedgerEvent:
        """An event of the batch ledger that was recorded before, in the index or in what is being written."""
        _, event = self._decoded.get(position, (None, None))
        if isinstance(event, LedgerEvent):
            return event
        kept = self._logs.get(position)
        return event_at(self._database, position) if kept is None else event_of(kept, tuple(self._contracts))

    def _apply(self, event: Event, source: bytes, position: int, ref: BlockRef) -> None:
        # Anyone can emit a log of the same shape: it counts only where the contract itself wrote it.
        follows = self._follows
        if isinstance(event, LedgerEvent):
            if source == follows.ledger:
                self._ledger.write(event, position, Within(ref.parent_hash, ref.timestamp))
                self._words.write(event, position)
        elif isinstance(event, RegistryEvent):
            if source == follows.registry:
                self._registry.write(event, position)
                self._words.write(event, position)
        elif isinstance(event, AssuranceEvent):
            if source == follows.assurance:
                self._assurance.write(event, position)
                self._words.write(event, position)
        elif isinstance(event, ManagerEvent):
            if source == follows.access_manager:
                self._assurance.announce(event, position)
        else:
            assert_never(event)


def _placed(error: VerificationError, block: int, log: Log) -> VerificationError:
    """What is wrong with a log, with where it stands."""
    place = f"block {block}, {error.where or f'log {log.index}'}"
    return VerificationError(error.what, hint=error.hint, where=place)
