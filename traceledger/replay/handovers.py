"""Custody as it is offered, answered lot by lot, and given back, replayed (Rule 3)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import assert_never

from traceledger.errors import VerificationError
from traceledger.events import (
    Arrived,
    ReceiptReversed,
    ShipmentCancelled,
    ShipmentOffered,
    ShipmentReceived,
    ShipmentRejected,
)
from traceledger.model.batches import Batch, BatchState, Difference, Shipment, ShipmentState, Substances
from traceledger.model.frozen import changed
from traceledger.model.hexadecimal import id_text
from traceledger.replay import measurements, pools
from traceledger.replay.custody import Custody, custody_after
from traceledger.replay.emissions import entering
from traceledger.replay.state import Booking, Lots, Within, shipment_in, unused
from traceledger.replay.titles import owner_after
from traceledger.replay.trail import ReceiptEntry, differences_of, differences_word


class Handovers:
    """Applies the events of shipments."""

    def __init__(self, lots: Lots) -> None:
        self._lots = lots

    def offer(self, event: ShipmentOffered) -> None:
        """Lots go on their way, and bear the transport's emissions."""
        for shipped, added in zip(event.batches, entering(event), strict=True):
            if not self._lots.follows(shipped.batch):
                continue
            batch = pools.add_own(self._lots.get(shipped.batch), *added)
            pools.require_equal(batch.id, "a shipped mass (mg) of", shipped.mass_mg, batch.mass_mg)
            pools.require_equal(batch.id, "own CO2e (mg) of", shipped.own_mg, batch.own_mg)
            after = custody_after(event, batch.id, Custody(batch.state, batch.custodian))
            self._lots.put(changed(batch, state=after.state, owner=owner_after(event, batch)))
        batches = tuple(shipped.batch for shipped in event.batches)
        self._lots.state.put_shipment(
            Shipment(
                id=event.shipment,
                sender=event.sender,
                receiver=event.receiver,
                identifier=event.identifier,
                owner=event.owner,
                return_of=event.return_of,
                emissions=event.emissions,
                batches=batches,
                open=batches,
                received=(),
                refused=(),
                state=ShipmentState.OFFERED,
            )
        )

    def receive(self, event: ShipmentReceived, within: Within) -> None:
        """Lots arrive with their receiver."""
        named = [arrived.batch for arrived in event.batches]
        followed = [arrived for arrived in event.batches if self._lots.follows(arrived.batch)]
        if not followed:
            return
        shipment = shipment_in(self._lots.state, event.shipment)
        still_open = _still_open(shipment, named)
        for arrived in followed:
            before = self._lots.get(arrived.batch)
            after = changed(
                _arrived(before, arrived),
                custodian=event.receiver,
                state=BatchState.ACTIVE,
                uses=pools.uses_after(before),
            )
            self._lots.arrive(after, _receipt(shipment, arrived.difference, before, after, within))
            if arrived.difference is Difference.MEASUREMENT:
                # Rule 5: the difference is booked to who measured, and holds it now.
                self._book(before, event.receiver, arrived.mass_mg, arrived.substances_mg)
        received = _of(shipment, {*shipment.received, *named})
        self._put(changed(shipment, open=still_open, received=received))

    def give_back(self, event: ShipmentRejected | ShipmentCancelled) -> None:
        """Lots are their sender's again."""
        followed = self._lots.followed(event.batches)
        if not followed:
            return
        shipment = shipment_in(self._lots.state, event.shipment)
        still_open = _still_open(shipment, event.batches)
        for each in followed:
            batch = self._lots.get(each)
            after = custody_after(event, each, Custody(batch.state, batch.custodian))
            self._lots.put(changed(batch, state=after.state))
        refused = {*shipment.refused, *(event.batches if isinstance(event, ShipmentRejected) else ())}
        self._put(changed(shipment, open=still_open, refused=_of(shipment, refused)))

    def reverse(self, event: ReceiptReversed) -> None:
        """Lots are on their way again, as they were sent (Rule 8)."""
        followed = self._lots.followed(event.batches)
        if not followed:
            return
        for each in followed:
            self._return(event, each)
        shipment = shipment_in(self._lots.state, event.shipment)
        received = set(shipment.received) - set(event.batches)
        self._put(
            changed(
                shipment,
                open=(*shipment.open, *event.batches),
                received=_of(shipment, received),
            )
        )

    def _return(self, event: ReceiptReversed, batch_id: int) -> None:
        before, entry = self._lots.leave(batch_id)
        batch = self._lots.get(batch_id)
        if not isinstance(entry, ReceiptEntry) or entry.shipment != event.shipment:
            raise pools.mismatch(batch_id, "that a receipt is reversed", "", "that it came otherwise")
        substances = dict(entry.substances)
        if entry.differences != entry.arrived_differences:
            # Rule 5: what a measurement booked is booked back.
            self._book(batch, batch.custodian, entry.mass_mg, substances)
        self._lots.put(
            changed(
                unused(batch),
                state=BatchState.RETURNING if entry.returning else BatchState.IN_TRANSIT,
                custodian=entry.sender,
                mass_mg=entry.mass_mg,
                substances_mg=pools.present(substances) if substances else batch.substances_mg,
                differences=differences_of(entry.differences, 1 + len(batch.tracked)),
                # Rule 8: the receiver's hold ends with its receipt.
                held_by_custodian=False,
                # Rule 8: a maker's freeze ends where the maker holds the lot no more.
                frozen_by_maker=batch.frozen_by_maker and entry.returning,
                trail=before,
            )
        )

    def _book(self, batch: Batch, participant: bytes, mass_mg: int, substances_mg: Substances) -> None:
        for number, amount in measurements.booked(batch, mass_mg, substances_mg):
            self._lots.state.book(
                Booking(batch.id, participant, batch.material, batch.facility, number, amount)
            )

    def _put(self, shipment: Shipment) -> None:
        self._lots.state.put_shipment(changed(shipment, state=_state(shipment)))


def _arrived(batch: Batch, arrived: Arrived) -> Batch:
    """A batch as it was sent, once it arrived (Rule 3).

    Raises:
        VerificationError: what arrived is not what that reason can explain.
    """
    match arrived.difference:
        case Difference.NONE:
            pools.require_equal(batch.id, "an arrival (mg) of", arrived.mass_mg, batch.mass_mg)
            return batch
        case Difference.LOSS:
            return pools.arrive(batch, arrived.mass_mg, arrived.substances_mg)
        case Difference.MOISTURE:
            return pools.dried(batch, arrived.mass_mg)
        case Difference.MEASUREMENT:
            return measurements.measured(batch, arrived.mass_mg, arrived.substances_mg)
        case _:
            assert_never(arrived.difference)


def _receipt(
    shipment: Shipment, difference: Difference, before: Batch, after: Batch, within: Within
) -> ReceiptEntry:
    changed = difference is Difference.LOSS or before.substances_mg != after.substances_mg
    return ReceiptEntry(
        shipment=shipment.id,
        sender=before.custodian,
        returning=before.state is BatchState.RETURNING,
        uses=after.uses,
        mass_mg=before.mass_mg,
        arrived_mg=after.mass_mg,
        differences=differences_word(before.differences),
        arrived_differences=differences_word(after.differences),
        substances=pools.listed(before) if changed else (),
        arrived_substances=pools.listed(after) if changed else (),
        received_at=within.timestamp,
        salt=within.parent,
    )


def _still_open(shipment: Shipment, named: Iterable[int]) -> tuple[int, ...]:
    """Which lots of a shipment are open once those are answered.

    Raises:
        VerificationError: one of them was not open.
    """
    answered = set(named)
    # Rule 3: each lot is answered once.
    if not answered <= set(shipment.open):
        raise VerificationError(
            f"shipment {id_text(shipment.id)}: the chain states an answer to lots that are not open",
            hint="these contracts do not follow TraceLedger's rules; ask who runs the network",
        )
    return tuple(batch for batch in shipment.open if batch not in answered)


def _of(shipment: Shipment, batches: Iterable[int]) -> tuple[int, ...]:
    """Those of a shipment's lots, in the order offered."""
    wanted = set(batches)
    return tuple(batch for batch in shipment.batches if batch in wanted)


def _state(shipment: Shipment) -> ShipmentState:
    """Where its handshake stands."""
    if shipment.open:
        return ShipmentState.OFFERED
    if shipment.received:
        return ShipmentState.RECEIVED
    return ShipmentState.REJECTED if shipment.refused else ShipmentState.CANCELLED
