"""Which batches are origins, and which substances a batch has."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import assert_never

from traceledger.events import BatchMinted, BatchSplit, MakingEvent, Transformed
from traceledger.walk import Measured, Step, Withdrawn


def origin_of(event: MakingEvent) -> BatchMinted | None:
    """The event, if what it made is an origin, which is made of no other batch; else ``None``."""
    match event:
        case BatchMinted():
            return event
        case BatchSplit() | Transformed():
            return None
        case _:
            assert_never(event)


def substances_of(batch: int, made_mg: Mapping[int, int], steps: Iterable[Step]) -> set[int]:
    """The substances that a batch was made with more than zero of, or that were raised from zero since.

    Args:
        batch: its key.
        made_mg: what it was made with, by substance number.
        steps: what happened to it.
    """
    known = list(steps)
    void = {(lot, of) for step in known if isinstance(step, Withdrawn) for lot, of in step.entries}
    held = {number for number, mass in made_mg.items() if mass}
    for step in known:
        if isinstance(step, Measured) and (batch, step.at) not in void:
            held.update(number for lot, number in step.raised if lot == batch)
    return held
