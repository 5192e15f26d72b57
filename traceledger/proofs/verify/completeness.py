"""Replays a lineage from its events and compares the outcome with the contracts' proved state.

Every event that names a batch of the lineage is in the file, takes for other products included. The state of
each counts them (Rule 14), so that one that is left out shows, whatever it changed or did not change.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
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
from traceledger.model.batches import Batch, BatchState, HoldKind, Retirement, Shipment, ShipmentState
from traceledger.model.hexadecimal import hexed, id_text
from traceledger.replay import Memory, Replay, Within, batch_in, shipment_in


class LineageReplay:
    """Applies events to the batches of a lineage; other batches that they name are left aside.

    Beside pools it checks who acted: only the custodian of a batch that is neither in transit, used up nor
    frozen. So a missing change of custody shows at the next act.

    Args:
        batches: ids of the batches.
        undone: the transformations that some event reverses.
    """

    def __init__(self, batches: frozenset[int], undone: Collection[int] = ()) -> None:
        self._memory = Memory()
        self._replay = Replay(self._memory, only=batches)
        self._lineage = batches
        self._undone = undone
        self._runs: dict[int, Transformed] = {}

    @property
    def batches(self) -> dict[int, Batch]:
        """The batches as they are after the events applied so far."""
        return self._memory.batches

    def apply(self, event: LedgerEvent, within: Within) -> None:
        """Apply the next event, of the block that ``within`` describes.

        Raises:
            VerificationError: it contradicts the events before it.
        """
        # V3: every event is by somebody who may act, on a batch in a state that allows it.
        self._require_allowed(event)
        self._replay.apply(event, within)

    def _require_allowed(self, event: LedgerEvent) -> None:
        match event:
            case BatchMinted():
                pass  # Nobody held it before; whether the facility may mint is the contracts' affair.
            case BatchSplit(parent=parent):
                self._require_usable(event.author, [parent])
            case Transformed(inputs=inputs):
                self._require_usable(event.author, [taken.batch for taken in inputs])
                if event.transformation in self._undone:
                    self._runs[event.transformation] = event
            case ShipmentOffered(batches=shipped):
                self._require_usable(event.author, [each.batch for each in shipped], bool(event.return_of))
            case EmissionsAdded():
                self._require_usable(event.author, [event.batch])
            case BatchRetired():
                self._require_usable(event.author, [event.batch], event.how is Retirement.DISPOSED)
            case ShipmentReceived(batches=arrived):
                self._require_offered(event, [each.batch for each in arrived])
            case ShipmentRejected(batches=batches) | ShipmentCancelled(batches=batches):
                self._require_offered(event, list(batches))
            case ErrorDeclared(batch=batch):
                if batch in self._lineage and _declared(event, batch_in(self._memory, batch)):
                    raise _impossible(batch, "an error is declared in it twice")
            case BatchRemeasured(by_auditor=False):
                self._require_usable(event.measured_by, [event.batch])
            case BatchTakenBack(batch=batch):
                self._require_delivered(batch)
            case BatchHeld(kind=HoldKind.CUSTODIAN) | BatchReleased(kind=HoldKind.CUSTODIAN):
                self._require_custodian(event.author, event.batch)
            case BatchRemeasured() | StockAssigned() | BatchHeld() | BatchReleased():
                pass  # By an auditor, the consortium or its maker: who may is the contracts' affair.
            case TitleTransferred() | EmissionsRestated() | RestatementConfirmed():
                pass  # They change no batch.
            case TransformationReversed():
                self._require_run(event)
            case MintReversed() | SplitReversed() | ReceiptReversed():
                pass  # The replay refuses those that do not undo what was recorded.
            case RetirementReversed() | TakeBackReversed() | ErrorReversed():
                pass
            case _:
                assert_never(event)

    def _require_usable(self, actor: bytes, batches: Iterable[int], frozen_too: bool = False) -> None:
        """That the actor holds these batches, and that they are active, not on hold and not frozen."""
        for each in batches:
            if each not in self._lineage:
                continue
            self._require_custodian(actor, each)
            batch = batch_in(self._memory, each)
            if batch.state is not BatchState.ACTIVE:
                raise _impossible(each, f"something is done with it while it is {batch.state.slug}")
            if batch.held or (batch.frozen and not frozen_too):
                stopped = "on hold" if batch.held else "frozen"
                raise _impossible(each, f"something is done with it while it is {stopped}")

    def _require_custodian(self, actor: bytes, batch: int) -> None:
        if batch in self._lineage and (held_by := batch_in(self._memory, batch).custodian) != actor:
            raise _impossible(batch, f"{hexed(actor)} acts on it, but {hexed(held_by)} holds it")

    def _require_delivered(self, batch: int) -> None:
        if batch in self._lineage and batch_in(self._memory, batch).state is not BatchState.DELIVERED:
            raise _impossible(batch, "it is taken back without having been delivered")

    def _require_run(self, event: TransformationReversed) -> None:
        # V3: a reversal gives back what that very run took, no more and no less.
        run = self._runs.pop(event.transformation, None)
        if self._lineage.isdisjoint([*event.outputs, *(taken.batch for taken in event.inputs)]):
            return
        made = () if run is None else tuple(each.batch for each in run.outputs)
        if run is None or run.inputs != event.inputs or made != event.outputs:
            raise VerificationError(
                f"the reversal of transformation {id_text(event.transformation)} undoes none of the file's"
            )

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
