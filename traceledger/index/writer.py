"""Writes one run of blocks into the index, inside the transaction that the caller opened.

Example:
    >>> from traceledger.index.schema import join_position
    >>> join_position(1, 0) < join_position(1, 1) < join_position(2, 0)
    True
"""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from traceledger.chain.base import Block, Log, Transaction
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
from traceledger.index.registry_writer import RegistryWriter
from traceledger.index.schema import id_blob, join_position
from traceledger.model.batches import Batch, Shipment
from traceledger.replay import Replay

if TYPE_CHECKING:
    from traceledger.index.followed import Followed


class SqlState:
    """The ledger's state in SQLite: read on demand, kept in memory, written by :meth:`flush`."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._batches: dict[int, Batch] = {}
        self._shipments: dict[int, Shipment] = {}

    def batch(self, batch: int) -> Batch | None:
        """The batch as it is now."""
        if batch not in self._batches:
            row = self._database.one(f"SELECT {rows.BATCH.names} FROM batch WHERE id = ?", [id_blob(batch)])  # noqa: S608
            if row is None:
                return None
            self._batches[batch] = rows.BATCH.value(row)
        return self._batches[batch]

    def put_batch(self, batch: Batch) -> None:
        """Keep the batch as it is from now on."""
        self._batches[batch.id] = batch

    def shipment(self, shipment: int) -> Shipment | None:
        """The shipment as it is now."""
        if shipment not in self._shipments:
            query = f"SELECT {rows.SHIPMENT.names} FROM shipment WHERE id = ?"  # noqa: S608
            row = self._database.one(query, [id_blob(shipment)])
            if row is None:
                return None
            self._shipments[shipment] = rows.SHIPMENT.value(row)
        return self._shipments[shipment]

    def put_shipment(self, shipment: Shipment) -> None:
        """Keep the shipment as it is from now on."""
        self._shipments[shipment.id] = shipment

    def add_minted(self, facility: int, material: int, year: int, mass_mg: int) -> None:
        """Count a mint against its facility's calendar year."""
        key = (id_blob(facility), id_blob(material), year)
        query = "SELECT mass FROM minted WHERE (facility, material, year) = (?, ?, ?)"
        row = self._database.one(query, key)
        total = mass_mg + (int(row[0]) if row else 0)
        self._database.run(
            "INSERT INTO minted VALUES (?, ?, ?, ?) ON CONFLICT (facility, material, year)"
            " DO UPDATE SET mass = excluded.mass",
            # As text: a capacity has 64 bits without a sign, SQLite's integers have one.
            (*key, str(total)),
        )

    def flush(self) -> None:
        """Write everything that changed."""
        self._database.run_many(rows.BATCH.put, map(rows.BATCH.row, self._batches.values()))
        self._database.run_many(rows.SHIPMENT.put, map(rows.SHIPMENT.row, self._shipments.values()))


class Writer:
    """Applies blocks in order; :meth:`finish` before committing."""

    def __init__(self, database: Database, follows: Followed) -> None:
        self._database = database
        self._follows = follows
        self._state = SqlState(database)
        self._replay = Replay(self._state)
        self._registry = RegistryWriter(database)
        self._assurance = AssuranceWriter(database, follows.assurance)

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
        self._database.run("INSERT INTO block VALUES (?, ?, ?)", (ref.number, ref.hash, ref.timestamp))
        self._database.run_many(
            "INSERT INTO operation VALUES (?, ?, ?, ?, ?)",
            [(rows.operation_digest(tx.input), tx.to, tx.sender, ref.number, tx.index) for tx in operations],
        )
        by_index = {tx.index: tx for tx in block.transactions}
        for log in logs:
            self._write_log(ref.number, by_index.get(log.transaction_index), log)

    def finish(self) -> None:
        """Write what is still in memory."""
        self._state.flush()

    def _write_log(self, block: int, transaction: Transaction | None, log: Log) -> None:
        if transaction is None:
            raise VerificationError(f"block {block}, log {log.index}: its transaction is missing")
        position = join_position(block, log.index)
        self._database.run(
            "INSERT INTO log VALUES (?, ?, ?, ?, ?, ?)",
            (position, transaction.index, transaction.hash, log.address, b"".join(log.topics), log.data),
        )
        try:
            event = decode(log)
            if event is not None:
                self._apply(event, log.address, position)
        except VerificationError as error:
            place = f"block {block}, {error.where or f'log {log.index}'}"
            raise VerificationError(error.what, hint=error.hint, where=place) from error

    def _apply(self, event: Event, source: bytes, position: int) -> None:
        # Anyone can emit a log of the same shape: it counts only where the contract itself wrote it.
        follows = self._follows
        if isinstance(event, LedgerEvent):
            if source == follows.ledger:
                self._ledger_event(event, position)
        elif isinstance(event, RegistryEvent):
            if source == follows.registry:
                self._registry.write(event, position)
        elif isinstance(event, AssuranceEvent):
            if source == follows.assurance:
                self._assurance.write(event, position)
        elif isinstance(event, ManagerEvent):
            if source == follows.access_manager:
                self._assurance.announce(event, position)
        else:
            assert_never(event)

    def _ledger_event(self, event: LedgerEvent, position: int) -> None:
        self._replay.apply(event)
        self._database.run_many(
            # A transformation may list a batch twice; it is one event of it.
            "INSERT OR IGNORE INTO batch_event VALUES (?, ?, ?, ?)",
            [(id_blob(batch), position, role.value, seq) for seq, (batch, role) in enumerate(event.concerns)],
        )
