"""Replays the ledger's events into batches, shipments and minted masses, checking every stated pool.

Pure: where batches come from and go to is the caller's (:mod:`traceledger.index.writer` keeps them in
SQLite).

Example:
    >>> year_of(86_400 * 365)
    1971
"""

from __future__ import annotations

from collections.abc import Container
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Protocol, assert_never

from traceledger.errors import VerificationError
from traceledger.events import (
    AnsweringEvent,
    BatchMinted,
    BatchRetired,
    BatchSplit,
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
from traceledger.model.batches import Batch, Shipment, ShipmentState
from traceledger.model.hexadecimal import id_text
from traceledger.replay import pools
from traceledger.replay.custody import Custody, custody_after
from traceledger.replay.emissions import shares

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


def batch_in(state: State, batch: int) -> Batch:
    """The batch as it is now.

    Raises:
        VerificationError: it was never made.
    """
    found = state.batch(batch)
    if found is None:
        raise pools.mismatch(batch, "an event of it,", "", "no such batch")
    return found


def shipment_in(state: State, shipment: int) -> Shipment:
    """The shipment as it is now.

    Raises:
        VerificationError: it was never offered.
    """
    found = state.shipment(shipment)
    if found is None:
        raise VerificationError(f"the chain closes a shipment {id_text(shipment)} that it never offered")
    return found


class Replay:
    """Applies events, one after the other, to a state.

    Args:
        state: where batches come from and go to.
        only: the batches that are replayed; what happens to others is left aside. By default all.
    """

    def __init__(self, state: State, only: Container[int] | None = None) -> None:
        self._state = state
        self._only = only

    def apply(self, event: LedgerEvent) -> None:
        """Apply the next event.

        Raises:
            VerificationError: it contradicts the events before it.
        """
        match event:
            case BatchMinted():
                self._mint(event)
            case BatchSplit():
                self._split(event)
            case Transformed():
                self._transform(event)
            case ShipmentOffered():
                self._offer(event)
            case ShipmentReceived():
                self._receive(event)
            case ShipmentRejected() | ShipmentCancelled():
                self._give_back(event)
            case EmissionsAdded():
                self._add_emissions(event)
            case BatchRetired():
                self._retire(event)
            case ErrorDeclared():
                self._declare_error(event)
            case _:
                assert_never(event)

    def _follows(self, batch: int) -> bool:
        return self._only is None or batch in self._only

    def _batch(self, batch: int) -> Batch:
        return batch_in(self._state, batch)

    def _create(self, batch: Batch) -> None:
        if not self._follows(batch.id):
            return
        # Rule 7: no identifier is used twice.
        if self._state.batch(batch.id) is not None:
            raise pools.mismatch(batch.id, "that it was made", "again", "a batch of that id")
        self._state.put_batch(batch)

    def _take(self, stated: Taken, parent: int) -> Batch:
        """Take from ``parent`` what the event states, and return the parent as it was before."""
        before = self._batch(parent)
        taken, rest = pools.take_from(before, stated.mass_mg)
        computed = taken if stated.batch == parent else replace(taken, batch=stated.batch)
        if 0 in stated.substances_mg.values():
            stated = replace(stated, substances_mg=pools.present(stated.substances_mg))
        pools.require_equal(parent, "that there was taken of it", stated, computed)
        self._state.put_batch(rest)
        return before

    def _mint(self, event: BatchMinted) -> None:
        for new in event.makes:
            self._create(pools.batch_of(new, None))
        # Rule 2: capacity is counted by the calendar year of the claimed time.
        self._state.add_minted(event.facility, event.material, year_of(event.occurred_at), event.mass_mg)

    def _split(self, event: BatchSplit) -> None:
        if not self._follows(event.parent):
            return
        # Take: one child after the other, each of what the one before left.
        for child, new in zip(event.children, event.makes, strict=True):
            parent = self._take(child.taken, event.parent)
            self._create(pools.batch_of(new, parent))

    def _transform(self, event: Transformed) -> None:
        # Take: one input after the other; the same batch may be listed twice.
        for stated in event.inputs:
            if self._follows(stated.batch):
                self._take(stated, stated.batch)
        pools.check_outputs(event)
        for new in event.makes:
            self._create(pools.batch_of(new, None))

    def _offer(self, event: ShipmentOffered) -> None:
        for shipped, share in zip(event.batches, shares(event), strict=True):
            if not self._follows(shipped.batch):
                continue
            batch = pools.add_own(self._batch(shipped.batch), share.emissions)
            pools.require_equal(batch.id, "a shipped mass (mg) of", shipped.mass_mg, batch.mass_mg)
            pools.require_equal(batch.id, "own CO2e (mg) of", shipped.own_mg, batch.own_mg)
            self._hand_over(event, batch)
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
        followed = [arrived for arrived in event.batches if self._follows(arrived.batch)]
        for arrived in followed:
            batch = pools.arrive(self._batch(arrived.batch), arrived.mass_mg, arrived.losses_mg)
            self._hand_over(event, batch)
        if followed:
            self._close(event)

    def _give_back(self, event: ShipmentRejected | ShipmentCancelled) -> None:
        followed = [batch for batch in event.batches if self._follows(batch)]
        for batch in followed:
            self._hand_over(event, self._batch(batch))
        if followed:
            self._close(event)

    def _close(self, event: AnsweringEvent) -> None:
        shipment = shipment_in(self._state, event.shipment)
        self._state.put_shipment(replace(shipment, state=_closed_as(event)))

    def _add_emissions(self, event: EmissionsAdded) -> None:
        if not self._follows(event.batch):
            return
        batch = pools.add_own(self._batch(event.batch), event.emissions)
        pools.require_equal(batch.id, "own CO2e (mg) of", event.own_mg, batch.own_mg)
        self._state.put_batch(batch)

    def _retire(self, event: BatchRetired) -> None:
        if self._follows(event.batch):
            self._hand_over(event, self._batch(event.batch))

    def _declare_error(self, event: ErrorDeclared) -> None:
        # Rule 8: the record stays, and the batch is frozen.
        if self._follows(event.batch):
            self._state.put_batch(replace(self._batch(event.batch), frozen=True))

    def _hand_over(self, event: LedgerEvent, batch: Batch) -> None:
        """Keep the batch with the custody that it has after the event."""
        after = custody_after(event, Custody(batch.state, batch.custodian))
        self._state.put_batch(replace(batch, state=after.state, custodian=after.custodian))


def _closed_as(event: AnsweringEvent) -> ShipmentState:
    """The state of a shipment that was answered so, or withdrawn."""
    match event:
        case ShipmentReceived():
            return ShipmentState.RECEIVED
        case ShipmentRejected():
            return ShipmentState.REJECTED
        case ShipmentCancelled():
            return ShipmentState.CANCELLED
        case _:
            assert_never(event)
