"""When a batch was where, as its events claim.

Example:
    >>> kind.__name__
    'kind'
"""

from __future__ import annotations

from collections.abc import Iterator

from traceledger.audit.facts import BatchFacts
from traceledger.audit.view import AuditView
from traceledger.events import (
    BatchMinted,
    BatchRetired,
    BatchSplit,
    EmissionsAdded,
    ErrorDeclared,
    LedgerEvent,
    Position,
    RecordedEvent,
    ShipmentCancelled,
    ShipmentOffered,
    ShipmentReceived,
    ShipmentRejected,
    Transformed,
)

_EVENTS: dict[type[LedgerEvent], tuple[str, str]] = {
    BatchMinted: ("mint", "creator"),
    BatchSplit: ("split", "custodian"),
    ShipmentOffered: ("shipment", "sender"),
    ShipmentReceived: ("receipt", "receiver"),
    ShipmentRejected: ("rejection", "receiver"),
    ShipmentCancelled: ("cancellation", "sender"),
    Transformed: ("transformation", "participant"),
    EmissionsAdded: ("emission", "custodian"),
    BatchRetired: ("retirement", "custodian"),
    ErrorDeclared: ("declaration of error", "declared_by"),
}


def kind(item: RecordedEvent) -> str:
    """What an event is, in a word."""
    return _EVENTS[type(item.event)][0]


def actor(item: RecordedEvent) -> bytes:
    """Address of the participant that recorded an event."""
    address: bytes = getattr(item.event, _EVENTS[type(item.event)][1])
    return address


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
