"""What is recorded under an id of its own, and which event a reversal takes back (Rule 8).

Example:
    >>> from traceledger.events import BatchRetired, RetirementReversed
    >>> from traceledger.model.batches import Retirement
    >>> retired = BatchRetired(7, bytes(20), Retirement.DISPOSED, 0, "burnt", ())
    >>> takes_back(RetirementReversed(7, bytes(20), 1, "not so", bytes(32), ()), retired)
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

Part = tuple[str | int, ...]
"""What is reversed alone: of which kind, and the ids that name it."""


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


def takes_back(reversal: ReversingEvent, earlier: LedgerEvent) -> bool:
    """Whether a reversal takes such an event, or a part of it, back: the last one of those does it mean.

    Args:
        reversal: the reversal.
        earlier: an event of a batch that the reversal names, before it.
    """
    return not set(parts_reversed(reversal)).isdisjoint(parts_of(earlier))


def parts_of(event: LedgerEvent) -> tuple[Part, ...]:
    """What of an event is reversed, each alone: a child of a split, a lot of a receipt, else all of it."""
    match event:
        case BatchMinted(batch=batch):
            return (("mint", batch),)
        case BatchSplit(children=children):
            return tuple(("split", child.taken.batch) for child in children)
        case Transformed(transformation=run):
            return (("run", run),)
        case ShipmentReceived(shipment=shipment, batches=lots):
            return tuple(("receipt", shipment, lot.batch) for lot in lots)
        case BatchRetired(batch=batch):
            return (("retirement", batch),)
        case BatchTakenBack(batch=batch):
            return (("take-back", batch),)
        case ErrorDeclared(batch=batch, by_auditor=by_auditor):
            return (("error", batch, by_auditor),)
        case _:
            return ()


def parts_reversed(reversal: ReversingEvent) -> tuple[Part, ...]:
    """What a reversal takes back, in the same terms."""
    match reversal:
        case MintReversed(batch=batch):
            return (("mint", batch),)
        case SplitReversed(batch=batch):
            return (("split", batch),)
        case TransformationReversed(transformation=run):
            return (("run", run),)
        case ReceiptReversed(shipment=shipment, batches=batches):
            return tuple(("receipt", shipment, batch) for batch in batches)
        case RetirementReversed(batch=batch):
            return (("retirement", batch),)
        case TakeBackReversed(batch=batch):
            return (("take-back", batch),)
        case ErrorReversed(batch=batch, by_auditor=by_auditor):
            return (("error", batch, by_auditor),)
        case _:
            assert_never(reversal)
