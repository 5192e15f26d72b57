"""What is recorded under an id of its own, and which event a reversal takes back (Rule 8).

Example:
    >>> from traceledger.events import BatchRetired, RetirementReversed
    >>> from traceledger.model.batches import Retirement
    >>> retired = BatchRetired(7, bytes(20), Retirement.DISPOSED, 0, "burnt", ())
    >>> takes_back(RetirementReversed(7, bytes(20), 1, "not so", bytes(32), ()), retired, 7)
    True
"""

from __future__ import annotations

from typing import NamedTuple, assert_never

from traceledger.events import (
    BatchMinted,
    BatchRetired,
    BatchSplit,
    BatchTakenBack,
    EmissionsAdded,
    EmittingEvent,
    ErrorDeclared,
    ErrorReversed,
    LedgerEvent,
    MintReversed,
    ReceiptReversed,
    RetirementReversed,
    ReversingEvent,
    ShipmentOffered,
    ShipmentReceived,
    SplitReversed,
    TakeBackReversed,
    TransformationReversed,
    Transformed,
)
from traceledger.model.batches import RecordKind
from traceledger.model.ids import emissions_record_id


class RecordId(NamedTuple):
    """What names a record: ids of several kinds are made in one way, and can be the same."""

    kind: RecordKind
    id: int


def record_of(event: EmittingEvent) -> RecordId | None:
    """The record that an event makes; ``None``: its emissions cannot be restated."""
    match event:
        case BatchMinted():
            return RecordId(RecordKind.MINT, event.batch)
        case Transformed():
            return RecordId(RecordKind.TRANSFORMATION, event.transformation)
        case ShipmentOffered():
            return RecordId(RecordKind.SHIPMENT, event.shipment)
        case EmissionsAdded():
            if not event.record:
                return None
            return RecordId(RecordKind.EMISSIONS, emissions_record_id(event.custodian, event.record))
        case _:
            assert_never(event)


def takes_back(reversal: ReversingEvent, earlier: LedgerEvent, batch: int) -> bool:
    """Whether a reversal takes such an event of a batch (id) back: the last one of those does it mean."""
    match reversal:
        case MintReversed():
            return isinstance(earlier, BatchMinted) and earlier.batch == batch == reversal.batch
        case SplitReversed():
            split_off = isinstance(earlier, BatchSplit) and any(
                child.taken.batch == reversal.batch for child in earlier.children
            )
            return split_off and batch in (reversal.batch, reversal.parent)
        case TransformationReversed():
            return isinstance(earlier, Transformed) and earlier.transformation == reversal.transformation
        case ReceiptReversed():
            arrived = isinstance(earlier, ShipmentReceived) and earlier.shipment == reversal.shipment
            return arrived and any(each == batch for each, _ in earlier.concerns)
        case RetirementReversed():
            return isinstance(earlier, BatchRetired) and earlier.batch == batch
        case TakeBackReversed():
            return isinstance(earlier, BatchTakenBack) and earlier.batch == batch
        case ErrorReversed(by_auditor=by_auditor):
            if not isinstance(earlier, ErrorDeclared):
                return False
            return earlier.batch == batch and earlier.by_auditor is by_auditor
        case _:
            assert_never(reversal)
