"""Origin shares: how much of each substance in a batch comes from which origin, and how much is traced."""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from traceledger.errors import VerificationError
from traceledger.events import BatchMinted, BatchSplit, MakingEvent, Transformed
from traceledger.model.frozen import frozen
from traceledger.model.hexadecimal import id_text
from traceledger.provenance.lineage import Lineage
from traceledger.provenance.nodes import Node
from traceledger.walk import ONE, End, Origin, Remeasured, Step, Traced, origins, traced
from traceledger.walk.shares import errors_in


@frozen
class Mix:
    """Where one substance of a batch comes from.

    Attributes:
        origins: the weight of each origin, of 2^128; they sum to that. One of which nothing is left is there.
        traced: the part that reaches its origin untouched by error, and what the rest is, of 2^128.
    """

    origins: dict[Origin, int]
    traced: Traced


def origin_of(event: MakingEvent) -> BatchMinted | None:
    """The event, if what it made is an origin, which is made of no other batch; else ``None``."""
    match event:
        case BatchMinted():
            return event
        case BatchSplit() | Transformed():
            return None
        case _:
            assert_never(event)


def origin_shares(upstream: Lineage, steps: Sequence[Step]) -> dict[int, Mix]:
    """The mix of each substance (by number, ascending) that the batch was made with, or that was found since.

    Args:
        upstream: the batch's lineage, up.
        steps: the lineage's.

    Raises:
        VerificationError: the events do not lead back to origins.
    """
    batch = upstream.batch
    held = substances_of(batch, upstream.nodes[batch], steps)
    return {number: _mix(batch, steps, number) for number in sorted(held)}


def substances_of(batch: int, node: Node, steps: Sequence[Step]) -> set[int]:
    """The substances that a batch was made with more than zero of, or that were raised from zero since."""
    held = {number for number, mass in node.creation.substances_mg.items() if mass}
    for step in steps:
        if isinstance(step, Remeasured):
            held.update(number for lot in step.lots if lot.batch == batch for number in lot.raised)
    return held


def _mix(batch: int, steps: Sequence[Step], substance: int) -> Mix:
    ends = origins(steps, batch, substance)
    if sum(ends.values()) != ONE:
        raise VerificationError(f"not all of substance {substance} in batch {id_text(batch)} has an origin")
    known = all(origin.end in (End.MINTED, End.TAKEN_BACK) for origin in ends)
    if known and not errors_in(steps):
        # The second walk would end where the first did.
        return Mix(ends, Traced(ONE, 0, 0, 0))
    return Mix(ends, traced(steps, batch, substance))
