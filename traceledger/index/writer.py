"""Writes one run of blocks into the index, inside the transaction that the caller opened.

Example:
    >>> from traceledger.index.schema import join_position
    >>> join_position(1, 0) < join_position(1, 1) < join_position(2, 0)
    True
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from traceledger.chain.base import Block, Log, Transaction
from traceledger.errors import VerificationError
from traceledger.events import (
    ActGuardChanged,
    AssuranceEvent,
    Event,
    FacilityRegistered,
    LedgerEvent,
    ManagerEvent,
    MaterialDefined,
    OperatorAdded,
    OperatorRevoked,
    OriginApproved,
    ParticipantRegistered,
    ParticipantStatusChanged,
    decode,
)
from traceledger.index import rows
from traceledger.index.assurance_writer import AssuranceWriter
from traceledger.index.database import Database
from traceledger.index.schema import id_blob, join_position
from traceledger.model.batches import Batch, Shipment
from traceledger.model.registry import ParticipantState
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
            row = self._database.one(f"SELECT {rows.BATCH} FROM batch WHERE id = ?", [id_blob(batch)])  # noqa: S608
            if row is None:
                return None
            self._batches[batch] = rows.batch_from(row)
        return self._batches[batch]

    def put_batch(self, batch: Batch) -> None:
        """Keep the batch as it is from now on."""
        self._batches[batch.id] = batch

    def shipment(self, shipment: int) -> Shipment | None:
        """The shipment as it is now."""
        if shipment not in self._shipments:
            query = f"SELECT {rows.SHIPMENT} FROM shipment WHERE id = ?"  # noqa: S608
            row = self._database.one(query, [id_blob(shipment)])
            if row is None:
                return None
            self._shipments[shipment] = rows.shipment_from(row)
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
        self._database.run_many(
            "INSERT INTO batch VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET"
            " custodian = excluded.custodian, state = excluded.state, frozen = excluded.frozen,"
            " mass = excluded.mass, own = excluded.own, inherited = excluded.inherited,"
            " primary_part = excluded.primary_part, substances = excluded.substances",
            map(rows.batch_row, self._batches.values()),
        )
        self._database.run_many(
            "INSERT INTO shipment VALUES (?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (id) DO UPDATE SET state = excluded.state",
            map(rows.shipment_row, self._shipments.values()),
        )


class Writer:
    """Applies blocks in order; :meth:`finish` before committing."""

    def __init__(self, database: Database, follows: Followed) -> None:
        self._database = database
        self._follows = follows
        self._state = SqlState(database)
        self._replay = Replay(self._state)
        self._registrations: dict[type, Callable[[Any, int], None]] = {
            ParticipantRegistered: self._participant,
            ParticipantStatusChanged: self._status,
            OperatorAdded: self._operator,
            OperatorRevoked: self._revoked,
            FacilityRegistered: self._facility,
            MaterialDefined: self._material,
            OriginApproved: self._approval,
            ActGuardChanged: lambda _event, _position: None,
        }
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
        registration = self._registrations.get(type(event))
        follows = self._follows
        if registration is not None:
            if source == follows.registry:
                registration(event, position)
        elif isinstance(event, LedgerEvent):
            if source == follows.ledger:
                self._ledger_event(event, position)
        elif isinstance(event, AssuranceEvent):
            if source == follows.assurance:
                self._assurance.write(event, position)
        elif isinstance(event, ManagerEvent) and source == follows.access_manager:
            self._assurance.announce(event, position)

    def _ledger_event(self, event: LedgerEvent, position: int) -> None:
        self._replay.apply(event)
        self._database.run_many(
            # A transformation may list a batch twice; it is one event of it.
            "INSERT OR IGNORE INTO batch_event VALUES (?, ?, ?, ?)",
            [(id_blob(batch), position, role.value, seq) for seq, (batch, role) in enumerate(event.concerns)],
        )

    def _participant(self, event: ParticipantRegistered, position: int) -> None:
        state = int(ParticipantState.ACTIVE)
        values = (event.participant, event.slug, event.name, event.country, json.dumps(event.roles), state)
        self._database.run("INSERT INTO participant VALUES (?, ?, ?, ?, ?, ?, ?)", (*values, position))
        # The registry adds the first key itself, after this event; readers want it there at once.
        self._operator(OperatorAdded(event.participant, event.participant), position)

    def _status(self, event: ParticipantStatusChanged, position: int) -> None:
        state = int(event.state)
        self._database.run("UPDATE participant SET state = ? WHERE address = ?", (state, event.participant))
        evidence = rows.evidence_text(event.evidence)
        why = (event.changed_by, event.reason, str(event.occurred_at), evidence)
        self._database.run(
            "INSERT INTO standing_change VALUES (?, ?, ?, ?, ?, ?, ?)",
            (position, event.participant, state, *why),
        )

    def _operator(self, event: OperatorAdded, position: int) -> None:
        self._database.run(
            "INSERT INTO operator VALUES (?, ?, 0, ?) ON CONFLICT (address) DO UPDATE SET revoked = 0",
            (event.operator, event.participant, position),
        )

    def _revoked(self, event: OperatorRevoked, _position: int) -> None:
        self._database.run("UPDATE operator SET revoked = 1 WHERE address = ?", [event.operator])

    def _facility(self, event: FacilityRegistered, position: int) -> None:
        texts = (event.identifier, event.name, event.kind, event.country)
        place = (event.latitude, event.longitude) if event.located else (None, None)
        self._database.run(
            "INSERT INTO facility VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (id_blob(event.facility), event.participant, *texts, *place, position),
        )

    def _material(self, event: MaterialDefined, position: int) -> None:
        texts = (event.slug, event.name, event.cas, json.dumps(event.substances))
        self._database.run(
            "INSERT INTO material VALUES (?, ?, ?, ?, ?, ?)", (id_blob(event.material), *texts, position)
        )

    def _approval(self, event: OriginApproved, position: int) -> None:
        self._database.run(
            "INSERT INTO approval VALUES (?, ?, ?, ?) ON CONFLICT (facility, material)"
            " DO UPDATE SET capacity = excluded.capacity",
            (id_blob(event.facility), id_blob(event.material), str(event.capacity_mg), position),
        )
