"""How much of its material's tolerance a batch has used, replayed from its lineage (Rule 5)."""

from __future__ import annotations

from collections.abc import Mapping

from traceledger.errors import VerificationError
from traceledger.provenance.lineage import Lineage, measures

MASS = 0
"""Stands for the gross mass, where a substance has its number."""


def tolerance_used(upstream: Lineage) -> Mapping[int, int] | None:
    """Signed basis points by substance number, :data:`MASS` for the gross mass; none where nothing was used.

    ``None``: the lineage stops at a product that was taken back, and what that had used is not in it.
    A lineage in which something was measured again has all takes of its batches, which a replay needs.
    """
    if upstream.stops:
        return None
    events = upstream.to_replay
    if not any(measures(recorded.event) for recorded in events):
        return {}
    # Most batches were never measured again, and then this is not loaded.
    from traceledger.replay import Memory, Replay

    memory = Memory()
    replay = Replay(memory, only=frozenset(upstream.replayed))
    try:
        for recorded in events:
            replay.apply(recorded.event)
    except VerificationError:
        # Index and verifier have replayed these events before; of others nothing is told.
        return None
    batch = memory.batches[upstream.batch]
    return dict(zip((MASS, *batch.tracked), batch.tolerance_used, strict=True))
