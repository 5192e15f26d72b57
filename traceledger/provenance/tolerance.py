"""How much of its material's tolerance a batch has used, from its lineage (Rule 5)."""

from __future__ import annotations

from collections.abc import Mapping

from traceledger.provenance.lineage import Lineage, measures
from traceledger.provenance.steps import tolerance_used_in


def tolerance_used(upstream: Lineage) -> Mapping[int, int] | None:
    """Signed basis points by substance number, :data:`~traceledger.provenance.held.MASS` for the gross mass.

    What is not there is zero. ``None``: the lineage stops at a product that was taken back, and what that had
    used is not in it.
    """
    if upstream.stops:
        return None
    if not any(measures(recorded.event) for recorded in upstream.recorded):
        return {}
    return tolerance_used_in(upstream)
