"""Which events of a lineage were reversed: they stay in its history, and count as none of its events.

Example:
    >>> undone_among(())
    Undone(events=frozenset(), operations=0)
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator

from traceledger.events import (
    BatchRetired,
    BatchSplit,
    BatchTakenBack,
    ErrorDeclared,
    ErrorReversed,
    LedgerEvent,
    MintReversed,
    Position,
    ReceiptReversed,
    RecordedEvent,
    RetirementReversed,
    ShipmentReceived,
    SplitReversed,
    TakeBackReversed,
    TransformationReversed,
    Transformed,
)
from traceledger.model.frozen import frozen


@frozen
class Undone:
    """What was reversed.

    Attributes:
        events: the operations of which all was reversed, and all reversals, by where they stand.
        operations: how many reversals there are; each child of a split, and each answer, is reversed alone.
    """

    events: frozenset[Position]
    operations: int


def undone_among(events: Iterable[RecordedEvent]) -> Undone:
    """What of these events, in chain order, was reversed by others of them."""
    done: dict[Hashable, Position] = {}
    left: dict[Position, set[Hashable]] = {}
    undone: set[Position] = set()
    reversals = 0
    for recorded in events:
        for each in _records(recorded.event):
            done[each] = recorded.position
            left.setdefault(recorded.position, set()).add(each)
        reversed_ = list(_reversed(recorded.event))
        if reversed_:
            reversals += 1
            undone.add(recorded.position)
        for each in reversed_:
            position = done.pop(each, None)
            if position is not None:
                left[position].discard(each)
                if not left[position]:
                    undone.add(position)
    return Undone(frozenset(undone), reversals)


def _records(event: LedgerEvent) -> Iterator[Hashable]:
    """The parts of a record that are reversed each alone."""
    match event:
        case BatchSplit(children=children):
            yield from (("split", child.taken.batch) for child in children)
        case Transformed(transformation=run):
            yield "run", run
        case ShipmentReceived(shipment=shipment, batches=lots):
            yield from (("receipt", shipment, lot.batch) for lot in lots)
        case BatchRetired(batch=batch):
            yield "retirement", batch
        case BatchTakenBack(batch=batch):
            yield "take-back", batch
        case ErrorDeclared(batch=batch, by_auditor=by_auditor):
            yield "error", batch, by_auditor
        case _:
            return


def _reversed(event: LedgerEvent) -> Iterator[Hashable]:
    """What a reversal takes back, in the same terms."""
    match event:
        case MintReversed(batch=batch):
            yield "mint", batch
        case SplitReversed(batch=batch):
            yield "split", batch
        case TransformationReversed(transformation=run):
            yield "run", run
        case ReceiptReversed(shipment=shipment, batches=batches):
            yield from (("receipt", shipment, batch) for batch in batches)
        case RetirementReversed(batch=batch):
            yield "retirement", batch
        case TakeBackReversed(batch=batch):
            yield "take-back", batch
        case ErrorReversed(batch=batch, by_auditor=by_auditor):
            yield "error", batch, by_auditor
        case _:
            return
