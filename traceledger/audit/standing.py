"""What stands of a batch's history, without what was reversed and its reversal (Rule 8).

Example:
    >>> standing((), frozenset())
    ()
"""

from __future__ import annotations

from collections.abc import Callable, Container
from typing import assert_never

from traceledger.events import (
    BatchRetired,
    BatchSplit,
    BatchTakenBack,
    ErrorDeclared,
    ErrorReversed,
    LedgerEvent,
    MintReversed,
    ReceiptReversed,
    RecordedEvent,
    RetirementReversed,
    ReversingEvent,
    ShipmentReceived,
    SplitReversed,
    TakeBackReversed,
    TransformationReversed,
    Transformed,
)


def standing(history: tuple[RecordedEvent, ...], reversed_ids: Container[int]) -> tuple[RecordedEvent, ...]:
    """What happened to a batch and was not taken back, in chain order.

    Args:
        history: every event of the batch, in chain order.
        reversed_ids: the batches that are reversed; a split counts as long as one of its children does not.
    """
    kept: list[RecordedEvent] = []
    for item in history:
        event = item.event
        if not isinstance(event, ReversingEvent):
            kept.append(item)
            continue
        undone = _undone_by(event)
        # A reversal is of the last record that it can be of: an earlier one is reversed already, or built on.
        place = next((at for at in range(len(kept) - 1, -1, -1) if undone(kept[at].event)), None)
        if place is not None:
            del kept[place]
    return tuple(item for item in kept if not _dissolved(item.event, reversed_ids))


def _dissolved(event: LedgerEvent, reversed_ids: Container[int]) -> bool:
    """Whether an event is a split of which nothing is left."""
    return isinstance(event, BatchSplit) and all(new.batch in reversed_ids for new in event.makes)


def _undone_by(event: ReversingEvent) -> Callable[[LedgerEvent], bool]:
    """Whether a record is the one that was reversed."""
    match event:
        case TransformationReversed(transformation=run):
            return lambda known: isinstance(known, Transformed) and known.transformation == run
        case ReceiptReversed(shipment=shipment):
            return lambda known: isinstance(known, ShipmentReceived) and known.shipment == shipment
        case RetirementReversed():
            return lambda known: isinstance(known, BatchRetired)
        case TakeBackReversed():
            return lambda known: isinstance(known, BatchTakenBack)
        case ErrorReversed(by_auditor=by_auditor):
            return lambda known: isinstance(known, ErrorDeclared) and known.by_auditor == by_auditor
        case MintReversed() | SplitReversed():
            # The batch itself is reversed; of its parent the split is left out as a whole.
            return lambda known: False
        case _:
            assert_never(event)
