"""Which batches are origins."""

from __future__ import annotations

from typing import assert_never

from traceledger.events import BatchMinted, BatchSplit, MakingEvent, Transformed


def origin_of(event: MakingEvent) -> BatchMinted | None:
    """The event, if what it made is an origin, which is made of no other batch; else ``None``."""
    match event:
        case BatchMinted():
            return event
        case BatchSplit() | Transformed():
            return None
        case _:
            assert_never(event)
