"""The state of a replay, held in memory."""

from __future__ import annotations

from traceledger.model.batches import Batch, Origin, Shipment
from traceledger.model.frozen import changed
from traceledger.replay.state import Booking, named
from traceledger.replay.trail import Arrival


class Memory:
    """Implements :class:`traceledger.replay.State` for a lineage. Capacity is left to the contracts."""

    def __init__(self) -> None:
        self.batches: dict[int, Batch] = {}
        self.shipments: dict[int, Shipment] = {}
        self.arrivals: dict[int, list[Arrival]] = {}
        self.bookings: list[Booking] = []

    def batch(self, batch: int) -> Batch | None:
        """The batch as it is now."""
        return self.batches.get(batch)

    def put_batch(self, batch: Batch) -> None:
        """Keep the batch as it is from now on."""
        self.batches[batch.id] = batch

    def name(self, batch: int) -> None:
        """Count one event more that names the batch."""
        found = self.batches[batch]
        self.batches[batch] = changed(found, events=named(found.events))

    def shipment(self, shipment: int) -> Shipment | None:
        """The shipment as it is now."""
        return self.shipments.get(shipment)

    def put_shipment(self, shipment: Shipment) -> None:
        """Keep the shipment as it is from now on."""
        self.shipments[shipment.id] = shipment

    def add_minted(self, facility: int, material: int, origin: Origin, year: int, mass_mg: int) -> None:
        """Nothing: a lineage does not hold a facility's other mints."""

    def take_mint_back(self, batch: Batch) -> None:
        """Nothing, likewise."""

    def add_arrival(self, batch: int, arrival: Arrival) -> None:
        """Keep by what the batch's custodian came by it, on top of earlier ones."""
        self.arrivals.setdefault(batch, []).append(arrival)

    def last_arrival(self, batch: int) -> Arrival | None:
        """By what the batch's custodian came by it; ``None``: it is its maker's still."""
        found = self.arrivals.get(batch)
        return found[-1] if found else None

    def drop_arrival(self, batch: int) -> None:
        """Forget the last one: it was reversed."""
        self.arrivals[batch].pop()

    def book(self, booking: Booking) -> None:
        """Keep what a measurement booked."""
        self.bookings.append(booking)
