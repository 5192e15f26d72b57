"""The state of a replay, held in memory."""

from __future__ import annotations

from traceledger.model.batches import Batch, Shipment


class Memory:
    """Implements :class:`traceledger.replay.State` for a lineage. Capacity is left to the contracts."""

    def __init__(self) -> None:
        self.batches: dict[int, Batch] = {}
        self.shipments: dict[int, Shipment] = {}

    def batch(self, batch: int) -> Batch | None:
        """The batch as it is now."""
        return self.batches.get(batch)

    def put_batch(self, batch: Batch) -> None:
        """Keep the batch as it is from now on."""
        self.batches[batch.id] = batch

    def shipment(self, shipment: int) -> Shipment | None:
        """The shipment as it is now."""
        return self.shipments.get(shipment)

    def put_shipment(self, shipment: Shipment) -> None:
        """Keep the shipment as it is from now on."""
        self.shipments[shipment.id] = shipment

    def add_minted(self, facility: int, material: int, year: int, mass_mg: int) -> None:
        """Nothing: a lineage does not hold a facility's other mints."""
