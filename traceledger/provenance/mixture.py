"""Of what an event made its batches: how much of a substance it took, and from which batch how much.

Example:
    >>> from traceledger.events import BatchSplit
    >>> mixture(BatchSplit(7, bytes(20), 0, (), ()), 27).parts
    ((7, 1),)
"""

from __future__ import annotations

from typing import assert_never

from traceledger.events import BatchMinted, BatchSplit, MakingEvent, Transformed
from traceledger.model.frozen import frozen
from traceledger.provenance.exact import reduced


@frozen
class Mixture:
    """A substance as an event took it.

    Attributes:
        whole: all that was taken, in reduced terms, at least 1.
        parts: the batches (ids) from which it was taken, each with its part of ``whole``; none for an origin.
    """

    whole: int
    parts: tuple[tuple[int, int], ...]


def mixture(event: MakingEvent, substance: int) -> Mixture:
    """What each batch that the event made consists of, in one substance (by number)."""
    match event:
        case BatchMinted():
            return Mixture(1, ())
        case BatchSplit(parent=parent):
            return Mixture(1, ((parent, 1),))
        case Transformed(inputs=inputs):
            masses = [taken.substances_mg.get(substance, 0) for taken in inputs]
            whole, parts = reduced(sum(masses), masses)
            batches = [taken.batch for taken in inputs]
            return Mixture(max(whole, 1), tuple(zip(batches, parts, strict=True)))
        case _:
            assert_never(event)
