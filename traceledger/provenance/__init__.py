"""Lineage, origin shares, footprint: read-only over the index, or over any other :class:`Source`.

The arithmetic is that of :mod:`traceledger.walk`; here events become its steps, and its results get names.

- Origin shares: a minted batch is the whole origin of itself; a split child has its parent's mix; what a
  transformation makes has, substance by substance, the mix of what was taken.
- Footprint: what a batch was made with and what was added to it, whatever was taken since. A take removes
  the mixture of a pool as it is at that moment.
- Traced share: the part of a substance that reaches its origin through no batch in error.

Example:
    >>> from traceledger.provenance import Direction
    >>> [direction.value for direction in Direction]
    ['up', 'down']
"""

from typing import TYPE_CHECKING

from traceledger.model.importing import importing
from traceledger.model.shares import Share
from traceledger.provenance.co2e import Footprint, footprint
from traceledger.provenance.emission_parts import EmissionParts
from traceledger.provenance.lineage import Direction, Edge, Lineage, lineage
from traceledger.provenance.nodes import Creation, Node
from traceledger.provenance.origin_rows import OriginKind, OriginShare, RecycledContent
from traceledger.provenance.origins import origin_of
from traceledger.provenance.source import Source
from traceledger.provenance.stages import Stage, StageTable, load_stages
from traceledger.provenance.trace import Trace, TracedShares, trace, trace_of

if TYPE_CHECKING:
    from traceledger.provenance.downstream import Impact, Reached, impact
    from traceledger.provenance.earlier import EarlierEvent, EarlierLife
    from traceledger.provenance.restated import (
        RestatedFootprint,
        UnconfirmedFootprint,
        UnconfirmedRestatement,
    )
else:
    # Where a batch comes from is asked most often, and does not need them.
    __getattr__ = importing(__name__, "downstream", "earlier", "restated")

__all__ = [
    "Creation",
    "Direction",
    "EarlierEvent",
    "EarlierLife",
    "Edge",
    "EmissionParts",
    "Footprint",
    "Impact",
    "Lineage",
    "Node",
    "OriginKind",
    "OriginShare",
    "Reached",
    "RecycledContent",
    "RestatedFootprint",
    "Share",
    "Source",
    "Stage",
    "StageTable",
    "Trace",
    "TracedShares",
    "UnconfirmedFootprint",
    "UnconfirmedRestatement",
    "footprint",
    "impact",
    "lineage",
    "load_stages",
    "origin_of",
    "trace",
    "trace_of",
]
