"""When a batch was where, as its events claim.

Example:
    >>> kind.__name__
    'kind'
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from traceledger.audit.facts import BatchFacts
from traceledger.audit.view import AuditView
from traceledger.events import (
    BatchMinted,
    BatchRetired,
    BatchSplit,
    EmissionsAdded,
    ErrorDeclared,
    Position,
    RecordedEvent,
    ShipmentCancelled,
    ShipmentOffered,
    ShipmentReceived,
    ShipmentRejected,
    Transformed,
)


def kind(item: RecordedEvent) -> str:
    """What an event is, in a word."""
    match item.event:
        case BatchMinted():
            word = "mint"
        case BatchSplit():
            word = "split"
        case ShipmentOffered():
            word = "shipment"
        case ShipmentReceived():
            word = "receipt"
        case ShipmentRejected():
            word = "rejection"
        case ShipmentCancelled():
            word = "cancellation"
        case Transformed():
            word = "transformation"
        case EmissionsAdded():
            word = "emission"
        case BatchRetired():
            word = "retirement"
        case ErrorDeclared():
            word = "declaration of error"
        case _:
            assert_never(item.event)
    return word


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
