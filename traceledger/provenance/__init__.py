"""Lineage, origin shares, footprint: read-only over the index, or over any other :class:`Source`.

docs/provenance.md states the rules. Everything is exact; only what is shown is rounded.

Example:
    >>> from traceledger.provenance import Direction
    >>> [direction.value for direction in Direction]
    ['up', 'down']
"""

from traceledger.provenance.co2e import Footprint, footprint
from traceledger.provenance.downstream import Impact, Reached, impact
from traceledger.provenance.exact import Share
from traceledger.provenance.origins import Mix, origin_shares
from traceledger.provenance.source import Names, Source
from traceledger.provenance.traces import OriginShare, RecycledContent, Trace, trace
from traceledger.provenance.walk import Creation, Direction, Edge, Lineage, Node, lineage

__all__ = [
    "Creation",
    "Direction",
    "Edge",
    "Footprint",
    "Impact",
    "Lineage",
    "Mix",
    "Names",
    "Node",
    "OriginShare",
    "Reached",
    "RecycledContent",
    "Share",
    "Source",
    "Trace",
    "footprint",
    "impact",
    "lineage",
    "origin_shares",
    "trace",
]
