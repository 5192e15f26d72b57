"""Replays the ledger's events into batches, shipments and minted masses, checking every stated pool.

Pure: where batches come from and go to is the caller's (:mod:`traceledger.index.writer` keeps them in
SQLite).

Example:
    >>> year_of(86_400 * 365)
    1971
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from traceledger.errors import VerificationError
from traceledger.events import (
    BatchMinted,
    BatchRetired,
    BatchSplit,
    Child,
    EmissionsAdded,
    ErrorDeclared,
    LedgerEvent,
    ShipmentCancelled,
    ShipmentOffered,
    ShipmentReceived,
    ShipmentRejected,
    Taken,
    Transformed,
)
from traceledger.model.batches import Batch, BatchState, Shipment, ShipmentState
from traceledger.model.hexadecimal import id_text
from traceledger.replay import pools

_DAYS_IN_CYCLE = 146_097
_YEARS_IN_CYCLE = 400
_DAY = 86_400


class State(Protocol):
    """What a replay needs kept: the ledger's state between two events."""

    def batch(self, batch: int) -> Batch | None:
        """The batch as it is now."""

    def put_batch(self, batch: Batch) -> None:
        """Keep the batch as it is from now on."""

    def shipment(self, shipment: int) -> Shipment | None:
        """The shipment as it is now."""

    def put_shipment(self, shipment: Shipment) -> None:
        """Keep the shipment as it is from now on."""

    def add_minted(self, facility: int, material: int, year: int, mass_mg: int) -> None:
        """Count a mint against its facility's calendar year."""


def year_of(timestamp: int) -> int:
    """Calendar year (UTC) of any uint64 of seconds, also past the year 9999."""
    cycles, day = divmod(timestamp // _DAY, _DAYS_IN_CYCLE)
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(days=day)).year + cycles * _YEARS_IN_CYCLE


class Replay:
    """Applies events, one after the other, to a :class:`State`."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._handlers: dict[type, Callable[[Any], None]] = {
            BatchMinted: self._mint,
            BatchSplit: self._split,
            ShipmentOffered: self._offer,
            ShipmentReceived: self._receive,
            ShipmentRejected: self._reject,
            ShipmentCancelled: self._cancel,
            Transformed: self._transform,
            EmissionsAdded: self._add_emissions,
            BatchRetired: self._retire,
            ErrorDeclared: self._declare_error,
        }

    def apply(self, event: LedgerEvent) -> None:
        """Apply the next event.

        Raises:
            VerificationError: it contradicts the events before it.
        """
        self._handlers[type(event)](event)

    def _follows(self, batch: int) -> bool:
        """Whether that batch is replayed; what happens to others is left aside."""
        return True

    def _batch(self, batch: int) -> Batch:
        found = self._state.batch(batch)
        if found is None:
            raise pools.mismatch(batch, "an event of it,", "", "no such batch")
        return found

    def _shipment(self, shipment: int) -> Shipment:
        found = self._state.shipment(shipment)
        if found is None:
            raise VerificationError(f"the chain closes a shipment {id_text(shipment)} that it never offered")
        return found

    def _create(self, batch: Batch) -> None:
        if not self._follows(batch.id):
            return
        if self._state.batch(batch.id) is not None:
            raise pools.mismatch(batch.id, "that it was made", "again", "a batch of that id")
        self._state.put_batch(batch)

    def _take(self, stated: Taken, parent: int) -> Batch:
        """Take from ``parent`` what the event states, and return the parent as it was before."""
        before = self._batch(parent)
        taken, rest = pools.take_from(before, stated.mass_mg)
        computed = replace(taken, batch=stated.batch)
        stated = replace(stated, substances_mg=pools.present(stated.substances_mg))
        pools.require_equal(parent, "that there was taken of it", stated, computed)
        self._state.put_batch(rest)
        return before

    def _mint(self, event: BatchMinted) -> None:
        self._create(
            Batch(
                id=event.batch,
                creator=event.creator,
                identifier=event.identifier,
                material=event.material,
                facility=event.facility,
                custodian=event.creator,
                state=BatchState.ACTIVE,
                frozen=False,
                mass_mg=event.mass_mg,
                own_mg=event.emissions.total_mg,
                inherited_mg=0,
                primary_mg=event.emissions.primary,
                substances_mg=pools.present(event.substances_mg),
            )
        )
        self._state.add_minted(event.facility, event.material, year_of(event.occurred_at), event.mass_mg)

    def _split(self, event: BatchSplit) -> None:
        if not self._follows(event.parent):
            return
        for child in event.children:
            parent = self._take(child.taken, event.parent)
            self._create(_child_of(parent, event.custodian, child))

    def _offer(self, event: ShipmentOffered) -> None:
        shares = pools.transport_shares(event)
        for shipped, share in zip(event.batches, shares, strict=True):
            if not self._follows(shipped.batch):
                continue
            batch = pools.add_own(self._batch(shipped.batch), share)
            pools.require_equal(batch.id, "a shipped mass (mg) of", shipped.mass_mg, batch.mass_mg)
            pools.require_equal(batch.id, "own CO2e (mg) of", shipped.own_mg, batch.own_mg)
            self._state.put_batch(replace(batch, state=BatchState.IN_TRANSIT))
        self._state.put_shipment(
            Shipment(
                id=event.shipment,
                sender=event.sender,
                receiver=event.receiver,
                identifier=event.identifier,
                batches=tuple(shipped.batch for shipped in event.batches),
                state=ShipmentState.OFFERED,
            )
        )

    def _receive(self, event: ShipmentReceived) -> None:
        for arrived in event.batches:
            if not self._follows(arrived.batch):
                continue
            batch = pools.arrive(self._batch(arrived.batch), arrived.mass_mg, arrived.losses_mg)
            self._state.put_batch(replace(batch, state=BatchState.ACTIVE, custodian=event.receiver))
        if any(self._follows(arrived.batch) for arrived in event.batches):
            self._close(event.shipment, ShipmentState.RECEIVED)

    def _reject(self, event: ShipmentRejected) -> None:
        self._give_back(event.shipment, event.batches, ShipmentState.REJECTED)

    def _cancel(self, event: ShipmentCancelled) -> None:
        self._give_back(event.shipment, event.batches, ShipmentState.CANCELLED)

    def _give_back(self, shipment: int, batches: Iterable[int], state: ShipmentState) -> None:
        followed = [batch for batch in batches if self._follows(batch)]
        for batch in followed:
            self._state.put_batch(replace(self._batch(batch), state=BatchState.ACTIVE))
        if followed:
            self._close(shipment, state)

    def _close(self, shipment: int, state: ShipmentState) -> None:
        self._state.put_shipment(replace(self._shipment(shipment), state=state))

    def _transform(self, event: Transformed) -> None:
        for stated in event.inputs:
            if not self._follows(stated.batch):
                continue
            self._take(stated, stated.batch)
        pools.check_outputs(event)
        for made in event.outputs:
            self._create(pools.made_batch(event, made))

    def _add_emissions(self, event: EmissionsAdded) -> None:
        if not self._follows(event.batch):
            return
        batch = pools.add_own(self._batch(event.batch), event.emissions)
        pools.require_equal(batch.id, "own CO2e (mg) of", event.own_mg, batch.own_mg)
        self._state.put_batch(batch)

    def _retire(self, event: BatchRetired) -> None:
        if not self._follows(event.batch):
            return
        self._state.put_batch(replace(self._batch(event.batch), state=BatchState.RETIRED))

    def _declare_error(self, event: ErrorDeclared) -> None:
        if not self._follows(event.batch):
            return
        self._state.put_batch(replace(self._batch(event.batch), frozen=True))


def _child_of(parent: Batch, custodian: bytes, child: Child) -> Batch:
    taken = child.taken
    return replace(
        parent,
        id=taken.batch,
        creator=custodian,
        identifier=child.identifier,
        custodian=custodian,
        state=BatchState.ACTIVE,
        mass_mg=taken.mass_mg,
        own_mg=taken.own_mg,
        inherited_mg=taken.inherited_mg,
        primary_mg=taken.primary_mg,
        substances_mg=pools.present(taken.substances_mg),
    )
