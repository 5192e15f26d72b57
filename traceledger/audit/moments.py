"""When a batch was where, as its events claim."""

from __future__ import annotations

from collections.abc import Iterator

from traceledger.audit.facts import BatchFacts
from traceledger.audit.kinds import Step, step
from traceledger.audit.view import AuditView
from traceledger.events import Position, RecordedEvent


def own_steps(facts: BatchFacts) -> Iterator[tuple[Step, RecordedEvent]]:
    """What happened to a batch as a whole or took from it: neither emissions booked nor errors declared."""
    for item in facts.later:
        kind = step(item.event)
        if kind is not Step.NONE:
            yield kind, item


def last_step(view: AuditView, batch: int, before: Position) -> RecordedEvent | None:
    """The last step that brought a batch where it is: its making, shipment or receipt.

    Takes from it move nothing; a split child's step is its parent's last one, or the split.
    """
    facts = view.batches.get(batch)
    if facts is None:
        return None
    moves = view.moves_before(batch, before)
    return moves[-1] if moves else facts.making.at
