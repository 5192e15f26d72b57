"""The steps in an index as a source of a walk, with the values that provenance has for what they tell."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from traceledger.events import Position, RecordedEvent
from traceledger.model.batches import Batch
from traceledger.provenance.nodes import Creation, Node, node_of
from traceledger.provenance.source import Made
from traceledger.replay.telling import Place
from traceledger.walk import At, Step

if TYPE_CHECKING:
    from traceledger.index.reading import IndexReader

_LOG_BITS = 24
_LAST_LOG = (1 << _LOG_BITS) - 1


class Indexed:
    """Implements :class:`traceledger.provenance.source.Steps` for an index; keys are numbers of batches.

    Args:
        index: the index.
    """

    def __init__(self, index: IndexReader) -> None:
        self._index = index
        self._steps = index.steps

    def key(self, batch: int) -> int | None:
        """Its number."""
        return self._steps.key(batch)

    def upstream(self, batch: int, before: At | None, *, all_takes: bool) -> Iterator[tuple[Step, int]]:
        """What happened to a batch and to all that it was made of, newest first."""
        return self._steps.upstream(batch, before, all_takes=all_takes)

    def marked(self, batches: Collection[int], before: At | None) -> Iterator[tuple[Step, int]]:
        """Errors and restatements of batches, newest first."""
        return self._steps.marked(batches, before)

    def downstream(self, batches: Collection[int], before: At | None) -> Iterator[Step]:
        """What happened to batches and to all that was made of them, in chain order."""
        return self._steps.downstream(batches, before)

    def places(self) -> Mapping[int, Place]:
        """Places by number."""
        return self._steps.places()

    def made(self, batches: Collection[int]) -> Mapping[int, Made]:
        """How batches came to be; they are numbered in the order in which they were made."""
        return {key: Made(*told, (key,)) for key, told in self._steps.made(batches).items()}

    def nodes(self, batches: Iterable[int]) -> Mapping[int, Node]:
        """Their histories."""
        ids = {key: told[0] for key, told in self._steps.made(tuple(batches)).items()}
        histories = self._index.histories(tuple(ids.values()), takes=False)
        made: dict[Position, dict[int, Creation]] = {}
        return {key: node_of(batch, histories[batch], made) for key, batch in ids.items()}

    def events(self, places: Collection[At]) -> Mapping[At, RecordedEvent]:
        """Events by where they stand."""
        return self._index.many.events(places)

    def where(self, at: At) -> Position:
        """Block and log."""
        return Position(at >> _LOG_BITS, at & _LAST_LOG)

    def now(self, batch: int, before: At | None) -> Batch | None:
        """A batch as it is; what it was, only its history tells."""
        return self._index.batch(batch) if before is None else None
