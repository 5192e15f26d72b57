"""Replays a lineage from its events and compares the outcome with the contracts' proved state.

Every event that concerns a batch of the lineage is in the file, takes for other products included. Mass only
falls, and own and primary CO2e grow only by what is added: so if an event that changed anything were left
out, some batch would not come out as the state at the stated block has it. docs/proofs.md says what that
cannot show.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import assert_never

from traceledger.errors import VerificationError
from traceledger.events import (
    AnsweringEvent,
    BatchHeld,
    BatchMinted,
    BatchReleased,
    BatchRemeasured,
    BatchRetired,
    BatchSplit,
    BatchTakenBack,
    EmissionsAdded,
    EmissionsRestated,
    ErrorDeclared,
    ErrorReversed,
    LedgerEvent,
    MintReversed,
    ReceiptReversed,
    RestatementConfirmed,
    RetirementReversed,
    ShipmentCancelled,
    ShipmentOffered,
    ShipmentReceived,
    ShipmentRejected,
    SplitReversed,
    StockAssigned,
    TakeBackReversed,
    TitleTransferred,
    TransformationReversed,
    Transformed,
)
from traceledger.model.batches import Batch, BatchState, Shipment, ShipmentState
from traceledger.model.hexadecimal import hexed, id_text
from traceledger.replay import Memory, Replay, batch_in, shipment_in


class LineageReplay:
    """Applies events to the batches of a lineage; other batches that they name are left aside.

    Beside pools it checks who acted: only the custodian of a batch that is neither in transit, used up nor
    frozen. So a missing change of custody shows at the next act.
    """

    def __init__(self, batches: frozenset[int]) -> None:
        self._memory = Memory()
        self._replay = Replay(self._memory, only=batches)
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
        # V3: every event is by somebody who may act, on a batch in a state that allows it.
        self._require_allowed(event)
        self._replay.apply(event)

    def _require_allowed(self, event: LedgerEvent) -> None:
        match event:
            case BatchMinted():
                pass  # Nobody held it before; whether the facility may mint is the contracts' affair.
            case BatchSplit(parent=parent):
                self._require_custodian(event.author, [parent])
            case Transformed(inputs=inputs):
                self._require_custodian(event.author, [taken.batch for taken in inputs])
            case ShipmentOffered(batches=shipped):
                self._require_custodian(event.author, [each.batch for each in shipped])
            case EmissionsAdded() | BatchRetired():
                self._require_custodian(event.author, [event.batch])
            case ShipmentReceived(batches=arrived):
                self._require_offered(event, [each.batch for each in arrived])
            case ShipmentRejected(batches=batches) | ShipmentCancelled(batches=batches):
                self._require_offered(event, list(batches))
            case ErrorDeclared(batch=batch):
                if batch in self._lineage and _declared(event, batch_in(self._memory, batch)):
                    raise _impossible(batch, "an error is declared in it twice")
            case BatchTakenBack() | BatchRemeasured() | StockAssigned() | BatchHeld() | BatchReleased():
                pass  # Who may, and when, is the contracts' affair.
            case TitleTransferred() | EmissionsRestated() | RestatementConfirmed():
                pass
            case MintReversed() | SplitReversed() | TransformationReversed() | ReceiptReversed():
                pass
            case RetirementReversed() | TakeBackReversed() | ErrorReversed():
                pass
            case _:
                assert_never(event)

    def _require_custodian(self, actor: bytes, batches: Iterable[int]) -> None:
        for each in batches:
            if each not in self._lineage:
                continue
            batch = batch_in(self._memory, each)
            if batch.custodian != actor:
                raise _impossible(each, f"{hexed(actor)} acts on it, but {hexed(batch.custodian)} holds it")
            if batch.frozen or batch.state is not BatchState.ACTIVE:
                state = "frozen" if batch.frozen else batch.state.slug
                raise _impossible(each, f"something is done with it while it is {state}")

    def _require_offered(self, event: AnsweringEvent, batches: list[int]) -> None:
        if self._lineage.isdisjoint(batches):
            return
        shipment = shipment_in(self._memory, event.shipment)
        fits = shipment.state is ShipmentState.OFFERED and event.author == _answers(event, shipment)
        # Rule 3: lot by lot.
        if not fits or not set(batches) <= set(shipment.open):
            raise VerificationError(
                f"shipment {id_text(shipment.id)} is answered otherwise than it was offered"
            )


def _answers(event: AnsweringEvent, shipment: Shipment) -> bytes:
    """Who may answer a shipment so, or withdraw it."""
    match event:
        case ShipmentReceived() | ShipmentRejected():
            return shipment.receiver
        case ShipmentCancelled():
            return shipment.sender
        case _:
            assert_never(event)


def _declared(event: ErrorDeclared, batch: Batch) -> bool:
    return batch.error_by_auditor if event.by_auditor else batch.disputed


def _impossible(batch: int, what: str) -> VerificationError:
    return VerificationError(
        f"batch {id_text(batch)}: {what}", hint="an event between is missing from the file, or it is forged"
    )
