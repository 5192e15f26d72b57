"""What is left of a batch, as a batch of its own: the child of a split that takes all of it.

A tank that was topped up is not its history: what was taken before an addition bears nothing of it. So the
figures of what is left are those of a split that nobody recorded, at the end of the batch's history, and
whatever is known of batches is known of it, by the same rules.
"""

from __future__ import annotations

from dataclasses import replace

from traceledger.events import BatchSplit, Child, RecordedEvent, Taken
from traceledger.provenance.lineage import Lineage
from traceledger.provenance.nodes import Node, creations
from traceledger.provenance.steps import held_in

ALL_LEFT = 0
"""The id of what is left; no batch has it."""


def what_is_left(upstream: Lineage) -> Lineage | None:
    """The lineage, up, of what is left of a batch; ``None`` where that is the whole batch, or nothing.

    It is the whole too of a product that came back: its first life keeps its footprint (Rule 9).

    Args:
        upstream: the batch's lineage, up.

    Raises:
        VerificationError: the events do not fit together.
    """
    node = upstream.nodes[upstream.batch]
    held = held_in(upstream)
    if not held.mass_mg or held.mass_mg == node.creation.mass_mg or node.take_back is not None:
        return None
    last = upstream.recorded[-1]
    taken = Taken(
        ALL_LEFT, held.mass_mg, held.own_mg, held.inherited_mg, held.primary_mg, dict(held.substances_mg)
    )
    event = BatchSplit(upstream.batch, node.creation.creator, last.timestamp, (Child("", taken),), ())
    at = RecordedEvent(last.block + 1, last.timestamp, 0, 0, b"", event)
    nodes = upstream.nodes | {
        upstream.batch: Node(node.creation, (*node.later, at)),
        ALL_LEFT: Node(creations(at)[ALL_LEFT], ()),
    }
    return replace(upstream, batch=ALL_LEFT, nodes=nodes)
