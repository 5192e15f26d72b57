"""What provenance reads: the histories of batches, and the names of those who made them.

:class:`traceledger.index.Index` is such a source; a verified proof file is another.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from traceledger.events import RecordedEvent
from traceledger.names import Registry


class Source(Registry, Protocol):
    """Recorded events by batch, and the registry's names."""

    def head_block(self) -> int | None:
        """Number of the last block that the source holds."""

    def histories(
        self, batches: Sequence[int], *, as_of: int | None = None, takes: bool = True
    ) -> Mapping[int, tuple[RecordedEvent, ...]]:
        """Every event that concerns each batch, in chain order; the first is the one that made it.

        Args:
            batches: ids; unknown ones are left out of the answer.
            as_of: up to this block, included.
            takes: also the events that only took from a batch to make others.
        """
