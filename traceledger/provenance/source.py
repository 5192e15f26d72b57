"""What provenance reads: steps, the histories of batches, and the names of those who made them.

:class:`traceledger.index.Index` is such a source; a verified proof file is another.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from traceledger.events import Position, RecordedEvent
from traceledger.model.batches import Batch
from traceledger.names import Registry
from traceledger.replay.custody import Remainder
from traceledger.replay.telling import Made, Place
from traceledger.walk import At, Step

if TYPE_CHECKING:
    from traceledger.provenance.nodes import Creation


@runtime_checkable
class Steps(Protocol):
    """The steps of what happened (:mod:`traceledger.walk`), by keys of batches, streamed.

    A trace asks each method a constant number of times, however large the lineage is.
    """

    def key(self, batch: int) -> int | None:
        """The key of a batch (by id); ``None``: there is none of that id."""

    def keys(self, batches: Collection[int]) -> Mapping[int, int]:
        """The keys of batches, by id; unknown ones are left out."""

    def upstream(self, batch: int, before: At | None, *, all_takes: bool) -> Iterator[tuple[Step, int]]:
        """What happened to a batch (by key) and to all that it was made of, newest first.

        It may be more than the lineage (:class:`traceledger.walk.Counting` says what belongs to it), and has
        at least, of each batch, the event that made it and what named it before it was last taken of. An
        event comes once for each batch by whose history it comes, one after the other.

        Args:
            batch: its key.
            before: only what stands before; ``None``: everything.
            all_takes: also what was taken of upstream batches for others, and the histories of what came back
                to them by a reversal.

        Returns:
            Steps, each with the batch by whose history it came; 0: it made what is upstream.
        """

    def made_of(self, batch: int) -> Collection[int]:
        """Keys of a batch (by key) and of what it was made of: nearly those of its lineage, and at once.

        It has not what came back by a reversal, and may have what was made before a product came back.
        """

    def marked(self, batches: Collection[int], before: At | None) -> Iterator[tuple[Step, int]]:
        """Errors declared in batches (by key), restatements of what they bear, and reversals of these.

        Newest first, each once for each of the batches of which it is said.
        """

    def downstream(self, batches: Collection[int], before: At | None) -> Iterator[Step]:
        """What happened to batches (by key) and to all that was made of them, in chain order, each once.

        It may be more (:class:`traceledger.walk.Reaching` says what belongs to it): also what was made of
        products that had come back.
        """

    def places(self) -> Mapping[int, Place]:
        """Where emissions arose, by the numbers that steps have."""

    def made(self, batches: Collection[int]) -> Mapping[int, Made]:
        """How batches came to be, by key."""

    def histories(
        self, batches: Collection[int], before: At | None
    ) -> Mapping[int, tuple[RecordedEvent, ...]]:
        """By id, the events of batches (by key) in chain order, without those that only took of them."""

    def events(self, places: Collection[At]) -> Mapping[At, RecordedEvent]:
        """Events themselves, by where their steps stand."""

    def where(self, at: At) -> Position:
        """Where a step stands in the chain."""

    def now(self, batch: int, before: At | None) -> Batch | None:
        """A batch (by key) as it is now; ``None``: it is not known, or not as of that place."""

    def left(self, batches: Collection[int], before: At | None) -> Mapping[int, Remainder]:
        """Who held batches (by key), and what was left of them, just before a place; ``None``: now."""

    def at(self, position: Position) -> At:
        """Where the step of an event stands."""

    def after(self, block: int) -> At:
        """The first place behind a block."""


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

    def upstream_histories(self, batch: int, *, as_of: int) -> Mapping[int, tuple[RecordedEvent, ...]]:
        """Those of a batch (by id) and of all that it was made of, without takes, with few questions.

        Args:
            batch: its id.
            as_of: up to this block, included.

        Returns:
            Histories by batch, of more than its lineage perhaps; none where asking for some at a time costs
            nothing.
        """


def translated(source: Source) -> Steps | None:
    """The steps of a source that were translated when it was written; ``None``: it has events only."""
    found = getattr(source, "steps", None)
    return found if isinstance(found, Steps) else None


def made_in(source: Source) -> dict[int, Creation]:
    """How batches came to be, of a source that kept it when it read their events; else none as yet."""
    found: dict[int, Creation] = getattr(source, "made", {})
    return found
