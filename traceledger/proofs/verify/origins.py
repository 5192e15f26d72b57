"""Where a batch comes from, for conditions on countries and facilities: what is reachable, never how much.

Example:
    >>> OriginPlace().country  # of what nobody can show
    ''
"""

from __future__ import annotations

from dataclasses import dataclass

from traceledger.events import Transformed
from traceledger.model.batches import Beginning
from traceledger.proofs.source import ProofSource
from traceledger.provenance import Lineage, OriginKind, Trace


@dataclass(frozen=True, slots=True)
class OriginPlace:
    """Id of the facility something comes from, and its country; 0 and empty where nobody can show it."""

    facility: int = 0
    country: str = ""


def places_of_origin(upstream: Lineage, source: ProofSource, trace: Trace) -> dict[int, OriginPlace]:
    """Where everything in a batch comes from, by the id of the minted batch or of the recycling run.

    What is behind a recycling run, or was the first life of a product that was taken back, is no origin.
    """
    found: dict[int, OriginPlace] = {}
    seen, waiting = {upstream.batch}, [upstream.batch]
    while waiting:
        batch = waiting.pop()
        if (node := upstream.nodes.get(batch)) is None:
            continue
        made = node.creation
        if made.how is Beginning.RECYCLING_RUN and isinstance(run := made.event, Transformed):
            found[run.transformation] = _place(run.facility, source)
        elif made.how is not Beginning.RUN:
            site = None if made.how is Beginning.UNTRACED else made.facility
            found[batch] = OriginPlace() if site is None else _place(site, source)
        elif node.take_back is not None and batch != upstream.batch:
            found[batch] = _place(node.take_back.facility, source)
        else:
            waiting += [parent for parent in node.creation.parents if parent not in seen]
            seen.update(node.creation.parents)
    # What a measurement found where there was none comes from nowhere that anybody can show (Rule 5).
    found.update({row.batch_id: OriginPlace() for row in trace.origins if row.origin is OriginKind.UNTRACED})
    return found


def _place(facility: int, source: ProofSource) -> OriginPlace:
    site = source.facility_by_id(facility)
    return OriginPlace(facility, site.country if site else "")
