"""What an event is to the batches that it concerns, as to when they were where.

Example:
    >>> from traceledger.events import BatchRetired
    >>> from traceledger.model.batches import Retirement
    >>> step(BatchRetired(7, bytes(20), Retirement.DELIVERED, 0, "sold", ()))
    <Step.OTHER: 'happened to it as a whole, or took from it'>
"""

from __future__ import annotations

from enum import Enum
from typing import assert_never

from traceledger.events import (
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


class Step(Enum):
    """What an event is to the batches that it concerns, as to when they were where."""

    MOVE = "moved it as a whole, or ended an attempt to"
    USE = "used it, or part of it, at a facility"
    OTHER = "happened to it as a whole, or took from it"
    NONE = "was said of it, at any time"


def step(event: LedgerEvent) -> Step:
    """What an event is to the batches that it concerns."""
    match event:
        case ShipmentOffered() | ShipmentReceived() | ShipmentRejected() | ShipmentCancelled():
            return Step.MOVE
        case BatchTakenBack() | StockAssigned():
            return Step.MOVE
        case Transformed():
            return Step.USE
        case BatchMinted() | BatchSplit() | BatchRetired() | BatchRemeasured():
            return Step.OTHER
        case EmissionsAdded() | ErrorDeclared() | BatchHeld() | BatchReleased() | TitleTransferred():
            return Step.NONE
        case EmissionsRestated() | RestatementConfirmed():
            return Step.NONE
        case MintReversed() | SplitReversed() | TransformationReversed() | ReceiptReversed():
            return Step.NONE
        case RetirementReversed() | TakeBackReversed() | ErrorReversed():
            return Step.NONE
        case _:
            assert_never(event)
