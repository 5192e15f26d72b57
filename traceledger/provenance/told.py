"""The events of a lineage as a source of steps, held in memory; keys are ids.

For who has the events anyway: the verifier of a proof file, and documents that tell of single events.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping

from traceledger.events import (
    LastingEvent,
    Position,
    RecordedEvent,
)
from traceledger.model.batches import Batch
from traceledger.model.registry import Facility
from traceledger.provenance.nodes import Creation, Node, remainder
from traceledger.provenance.told_before import ToldBefore
from traceledger.replay.custody import Remainder
from traceledger.replay.held import Held
from traceledger.replay.telling import Made, Place, step_of
from traceledger.walk import At, Step
from traceledger.walk.steps import made_by, taken_by

_LOG_BITS = 48
"""A proof file counts logs within their transactions, and transactions within 24 bits."""
_LAST_LOG = (1 << _LOG_BITS) - 1


def at_of(position: Position) -> At:
    """Where the step of an event stands."""
    return position.block << _LOG_BITS | position.log_index


class Told:
    """Implements :class:`traceledger.provenance.source.Steps` for batches whose histories are there.

    Args:
        nodes: the batches by id; what takes from others is there only if their histories have it.
        sites: gives a facility by its id, for where emissions arose in custody.
        asked: the batch (id) of which is kept what it holds after all that is told.

    Attributes:
        steps: by where they stand, in chain order.
        held: what the batch that was asked for holds; ``None``: nothing is told of it.
    """

    def __init__(
        self, nodes: Mapping[int, Node], sites: Callable[[int], Facility | None], asked: int | None = None
    ) -> None:
        self._nodes = nodes
        self._sites = sites
        self._events: dict[At, RecordedEvent] = {}
        for node in nodes.values():
            for item in (node.creation.at, *node.later):
                self._events[at_of(item.position)] = item
        self.steps: dict[At, Step] = {}
        self._lasting: set[At] = set()
        # It refers to this, so that this does not keep it: both would wait for a search for cycles.
        state = ToldBefore(self, nodes)
        for at in sorted(self._events):
            event = self._events[at].event
            self.steps[at] = step_of(event, at, state)
            state.see(event, at)
            if isinstance(event, LastingEvent):
                self._lasting.add(at)
        self._places = state.places
        self.held: Held | None = None if asked is None else state.lots.get(asked)

    def site_of(self, batch: int) -> Facility | None:
        """Where a batch was made; ``None``: it is not known."""
        node = self._nodes.get(batch)
        return None if node is None else self._sites(self.made_at(node.creation)[0])

    def event(self, at: At) -> RecordedEvent | None:
        """The event of a step."""
        return self._events.get(at)

    def key(self, batch: int) -> int | None:
        """The id itself."""
        return batch if batch in self._nodes else None

    def keys(self, batches: Collection[int]) -> Mapping[int, int]:
        """Ids themselves."""
        return {batch: batch for batch in batches if batch in self._nodes}

    def upstream(self, batch: int, before: At | None, *, all_takes: bool) -> Iterator[tuple[Step, int]]:
        """All that is told, newest first."""
        for at, step in reversed(self.steps.items()):
            if (before is None or at < before) and at not in self._lasting:
                made = made_by(step)
                yield from ((step, each) for each in made)
                others = taken_by(step) if made else self._concerned(at)
                yield from ((step, each) for each in others)

    def made_of(self, batch: int) -> Collection[int]:
        """All that is told of."""
        return self._nodes.keys()

    def marked(self, batches: Collection[int], before: At | None) -> Iterator[tuple[Step, int]]:
        """Errors and restatements of batches, newest first."""
        for at in sorted(self._lasting, reverse=True):
            if before is None or at < before:
                yield from ((self.steps[at], each) for each in self._concerned(at) if each in batches)

    def _concerned(self, at: At) -> Collection[int]:
        """The batches that an event concerns, once each."""
        return dict.fromkeys(batch for batch, _ in self._events[at].event.concerns)

    def downstream(self, batches: Collection[int], before: At | None) -> Iterator[Step]:
        """All that is told, in chain order."""
        return (step for at, step in self.steps.items() if before is None or at < before)

    def places(self) -> Mapping[int, Place]:
        """Places by number."""
        return self._places

    def made(self, batches: Collection[int]) -> Mapping[int, Made]:
        """How batches came to be."""
        return {each: self._made(self._nodes[each].creation) for each in batches if each in self._nodes}

    def histories(
        self, batches: Collection[int], before: At | None
    ) -> Mapping[int, tuple[RecordedEvent, ...]]:
        """Their histories."""
        nodes = {each: self._nodes[each] for each in batches if each in self._nodes}
        return {each: (node.creation.at, *node.later) for each, node in nodes.items()}

    def events(self, places: Collection[At]) -> Mapping[At, RecordedEvent]:
        """Events by where they stand."""
        return {at: self._events[at] for at in places if at in self._events}

    def where(self, at: At) -> Position:
        """Block, and log as the source counts it."""
        return Position(at >> _LOG_BITS, at & _LAST_LOG)

    def now(self, batch: int, before: At | None) -> Batch | None:
        """Only histories tell."""
        return None

    def left(self, batches: Collection[int], before: At | None) -> Mapping[int, Remainder]:
        """What is left after all that is told."""
        return {batch: remainder(self._nodes[batch]) for batch in batches if batch in self._nodes}

    def at(self, position: Position) -> At:
        """Where the step of an event stands."""
        return at_of(position)

    def after(self, block: int) -> At:
        """The first place behind a block."""
        return block + 1 << _LOG_BITS

    def made_at(self, creation: Creation) -> tuple[int, int]:
        """Ids of facility and material of a batch; of a split child those of its parent."""
        while creation.facility is None or creation.material is None:
            (parent,) = creation.parents
            back = self._nodes[creation.batch].take_back if creation.batch in self._nodes else None
            if parent not in self._nodes:
                # Where the lineage stops, all that is known.
                return (back.facility, back.material) if back else (0, 0)
            creation = self._nodes[parent].creation
        return creation.facility, creation.material

    def _made(self, creation: Creation) -> Made:
        facility, material = self.made_at(creation)
        order = (*creation.at.position, creation.seq)
        at = at_of(creation.at.position)
        how = creation.how
        return Made(creation.batch, creation.creator, creation.identifier, how, facility, material, at, order)
