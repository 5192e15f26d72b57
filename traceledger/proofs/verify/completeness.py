"""Replays a lineage from its events and compares the outcome with the contracts' proved state.

Every event that concerns a batch of the lineage is in the file, takes for other products included. Mass only
falls, and own and primary CO2e grow only by what is added: so if an event that changed anything were left
out, some batch would not come out as the state at the stated block has it. docs/proofs.md says what that
cannot show.

Example:
    >>> LineageReplay(frozenset()).batches
    {}
"""

from __future__ import annotations

from collections.abc import Iterable

from traceledger.errors import VerificationError
from traceledger.events import (
    BatchRetired,
    BatchSplit,
    EmissionsAdded,
    ErrorDeclared,
    LedgerEvent,
    ShipmentCancelled,
    ShipmentOffered,
    ShipmentReceived,
    ShipmentRejected,
    Transformed,
)
from traceledger.model.batches import Batch, BatchState, Shipment, ShipmentState
from traceledger.model.hexadecimal import hexed, id_text
from traceledger.replay import Replay


class _Memory:
    """The state of a replay, in memory."""

    def __init__(self) -> None:
        self.batches: dict[int, Batch] = {}
        self.shipments: dict[int, Shipment] = {}

    def batch(self, batch: int) -> Batch | None:
        return self.batches.get(batch)

    def put_batch(self, batch: Batch) -> None:
        self.batches[batch.id] = batch

    def shipment(self, shipment: int) -> Shipment | None:
        return self.shipments.get(shipment)

    def put_shipment(self, shipment: Shipment) -> None:
        self.shipments[shipment.id] = shipment

    def add_minted(self, facility: int, material: int, year: int, mass_mg: int) -> None:
        """Capacity is the contracts' affair; a lineage does not hold a facility's other mints."""


class LineageReplay(Replay):
    """Applies events to the batches of a lineage; other batches that they name are left aside.

    Beside pools it checks who acted: only the custodian of a batch that is neither in transit, used up nor
    frozen. So a missing change of custody shows at the next act.
    """

    def __init__(self, batches: frozenset[int]) -> None:
        self._memory = _Memory()
        super().__init__(self._memory)
        self._lineage = batches

    @property
    def batches(self) -> dict[int, Batch]:
        """The batches as they are after the events applied so far."""
        return self._memory.batches

    def apply(self, event: LedgerEvent) -> None:
        """Apply the next event.

        Raises:
            VerificationError: it contradicts the events before it.
        """
        match event:
            case BatchSplit(parent=parent, custodian=custodian):
                self._require(custodian, [parent])
            case Transformed(participant=participant, inputs=inputs):
                self._require(participant, [taken.batch for taken in inputs])
            case ShipmentOffered(sender=sender, batches=shipped):
                self._require(sender, [each.batch for each in shipped])
            case EmissionsAdded() | BatchRetired():
                self._require(event.custodian, [event.batch])
            case ShipmentReceived(batches=arrived):
                self._require_offered(event, [each.batch for each in arrived])
            case ShipmentRejected(batches=batches) | ShipmentCancelled(batches=batches):
                self._require_offered(event, list(batches))
            case ErrorDeclared(batch=batch):
                if self._follows(batch) and self._batch(batch).frozen:
                    raise _impossible(batch, "an error is declared in it twice")
        super().apply(event)

    def _follows(self, batch: int) -> bool:
        return batch in self._lineage

    def _require(self, actor: bytes, batches: Iterable[int]) -> None:
        for each in filter(self._follows, batches):
            batch = self._batch(each)
            if batch.custodian != actor:
                what = f"{hexed(actor)} acts on it, but {hexed(batch.custodian)} holds it"
                raise _impossible(each, what)
            if batch.frozen or batch.state is not BatchState.ACTIVE:
                state = "frozen" if batch.frozen else batch.state.slug
                raise _impossible(each, f"something is done with it while it is {state}")

    def _require_offered(
        self, event: ShipmentReceived | ShipmentRejected | ShipmentCancelled, batches: list[int]
    ) -> None:
        if not any(map(self._follows, batches)):
            return
        shipment = self._shipment(event.shipment)
        party = event.sender if isinstance(event, ShipmentCancelled) else event.receiver
        expected = shipment.sender if isinstance(event, ShipmentCancelled) else shipment.receiver
        fits = shipment.state is ShipmentState.OFFERED and party == expected
        if not fits or list(shipment.batches) != batches:
            raise VerificationError(
                f"shipment {id_text(shipment.id)} is answered otherwise than it was offered"
            )


def _impossible(batch: int, what: str) -> VerificationError:
    return VerificationError(
        f"batch {id_text(batch)}: {what}", hint="an event between is missing from the file, or it is forged"
    )
