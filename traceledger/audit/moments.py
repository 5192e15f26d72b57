"""When a batch was where, as its events claim.

Example:
    >>> from traceledger.events import BatchRetired
    >>> moves(RecordedEvent(1, 0, 0, 0, bytes(32), BatchRetired(7, bytes(20), 0, "sold", ())))
    False
"""

from __future__ import annotations

from collections.abc import Iterator

from traceledger.audit.facts import BatchFacts
from traceledger.audit.view import AuditView
from traceledger.events import (
    EmissionsAdded,
    ErrorDeclared,
    Position,
    RecordedEvent,
    ShipmentCancelled,
    ShipmentOffered,
    ShipmentReceived,
    ShipmentRejected,
)


def moves(item: RecordedEvent) -> bool:
    """Whether the event moved a batch as a whole, or ended an attempt to."""
    return isinstance(item.event, ShipmentOffered | ShipmentReceived | ShipmentRejected | ShipmentCancelled)


def own_steps(facts: BatchFacts) -> Iterator[RecordedEvent]:
    """What happened to a batch as a whole or took from it: neither emissions booked nor errors declared."""
    for item in facts.later:
        if not isinstance(item.event, EmissionsAdded | ErrorDeclared):
            yield item


def last_step(view: AuditView, batch: int, before: Position) -> RecordedEvent | None:
    """The last step that brought a batch where it is: its making, shipment or receipt.

    Takes from it move nothing; a split child's step is its parent's last one, or the split.
    """
    facts = view.batches.get(batch)
    if facts is None:
        return None
    latest = facts.making.at
    for item in own_steps(facts):
        if item.position >= before:
            break
        if moves(item):
            latest = item
    return latest
