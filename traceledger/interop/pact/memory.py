"""States of batches that were found before, for a server that is asked at every block.

What a batch's states depend on is its lineage: as long as no event names a batch of it, they are the same.
Every batch counts the events that name it (Rule 14), restatements of records allocated to it included; so the
counts of a lineage are compared, and not its events. A chain that replaced blocks is another one: then
everything is forgotten. And what broke off for want of time is not begun anew.

Example:
    >>> from traceledger.index.reading import IndexReader
    >>> def again(memory: Memory, index: IndexReader, batch: int) -> bool:
    ...     return memory.of(index).states(batch) is memory.of(index).states(batch)
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from traceledger.interop.pact.states import State, states_of

if TYPE_CHECKING:
    from traceledger.index.reading import IndexReader
    from traceledger.provenance.stages import StageTable

MOST = 10_000
"""Batches whose states are kept, and footprints that were judged."""


@dataclass(frozen=True, slots=True)
class _Known:
    """``counts``: by batch of the lineage, how many events named it then."""

    counts: Mapping[int, int]
    states: list[State]


class Memory:
    """The states of batches, of all that each was made with. It may be used from several threads.

    Attributes:
        faults: by the id of a footprint, which is that of its content, what of it breaks a rule.
    """

    def __init__(self) -> None:
        self.faults: dict[str, tuple[str, ...]] = {}
        self._lock = threading.Lock()
        self._known: dict[int, _Known] = {}
        self._anchor: tuple[int, bytes] | None = None

    def of(self, index: IndexReader, stages: StageTable | None = None) -> Recall:
        """What is remembered, for one state of the index.

        Args:
            index: where to read, at one block.
            stages: which life-cycle stage is whose; always the same.
        """
        newest = index.raw.blocks(after=None, newest=True, most=1)
        with self._lock:
            before = None if self._anchor is None else index.raw.block(self._anchor[0])
            if self._anchor is not None and (before is None or before.hash != self._anchor[1]):
                # Also where the index of this reader is an older one: it is found again.
                self._known = {}
            self._anchor = (newest[0].number, newest[0].hash) if newest else None
            return Recall(self._known, index, stages)


class Recall:
    """Reads, and remembers what it reads.

    Args:
        known: what is remembered.
        index: where to read, at one block.
        stages: which life-cycle stage is whose.
    """

    def __init__(self, known: dict[int, _Known], index: IndexReader, stages: StageTable | None) -> None:
        self._known = known
        self._index = index
        self._stages = stages
        self._counts: dict[int, int] = {}

    def states(self, batch: int) -> list[State]:
        """The states of a batch (id), the oldest first.

        Raises:
            VerificationError: the index's events do not fit together.
        """
        known = self._known.get(batch)
        if known is not None and self._counted(known.counts) == known.counts:
            return known.states
        states, lineage = states_of(self._index, batch, self._stages, as_made=True)
        if len(self._known) >= MOST:
            self._known.clear()
        self._known[batch] = _Known(self._counted(lineage), states)
        return states

    def _counted(self, batches: Iterable[int]) -> dict[int, int]:
        """How many events name each."""
        wanted = list(batches)
        unread = [each for each in wanted if each not in self._counts]
        if unread:
            self._counts |= {number: each.events for number, each in self._index.many.batches(unread).items()}
        return {each: self._counts.get(each, 0) for each in wanted}
