"""Who owns a batch by the events of its lineage (Rule 11): title is not custody."""

from __future__ import annotations

from traceledger.events import BatchSplit, BatchTakenBack, RecordedEvent, ShipmentOffered, TitleTransferred
from traceledger.model.batches import BatchState
from traceledger.provenance.lineage import Lineage
from traceledger.provenance.nodes import Node
from traceledger.replay.custody import Custody, custody_after
from traceledger.replay.titles import owner_said


def owner_of(upstream: Lineage) -> bytes | None:
    """Who owns the batch of a lineage (address), by the last word on it; ``None``: nothing was said.

    What is split off belongs to whoever owned the batch it was split from.
    """
    stages: list[tuple[Node, RecordedEvent | None]] = []
    node, until = upstream.nodes[upstream.batch], None
    while True:
        stages.append((node, until))
        made = node.creation
        if not isinstance(made.event, BatchSplit) or made.event.parent not in upstream.nodes:
            break
        node, until = upstream.nodes[made.event.parent], made.at
    owner: bytes | None = None
    for node, until in reversed(stages):
        owner = _owner_after(node, until, owner)
    return owner


def _owner_after(node: Node, until: RecordedEvent | None, owner: bytes | None) -> bytes | None:
    """Who owns a batch after what happened to it before an event, having begun as ``owner``'s."""
    batch, custody = node.creation.batch, Custody(BatchState.ACTIVE, node.creation.creator)
    for recorded in node.later:
        if until is not None and recorded.position >= until.position:
            break
        event = recorded.event
        if isinstance(event, ShipmentOffered | TitleTransferred):
            owner = owner_said(event, owner, custody.custodian)
        elif isinstance(event, BatchTakenBack):
            # Rule 9: a second life begins with who took it back.
            owner = None
        custody = custody_after(event, batch, custody)
    return owner
