"""Which events a document has: all from which what is told of a batch follows, or those of a company.

What a batch holds follows from everything that was taken of it before, by whomever, and this from what else
went into the same runs and shipments. So a document of a batch has, for each batch that it needs, its events
up to the last one that matters, and is complete in itself: recorded anew from nothing, its events give the
same figures, to the milligram. What was made of the same material later, by others, is not in it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from traceledger.events import RecordedEvent
from traceledger.index.needed_reader import NeededReader, Said
from traceledger.index.schema import join_position
from traceledger.provenance.trace import trace_and_walk
from traceledger.provenance.walked import More

if TYPE_CHECKING:
    from traceledger.index import IndexReader

ALWAYS = 2**63 - 1
"""After every event."""
_PART = 1000


def read(index: IndexReader, places: Sequence[int]) -> Iterator[list[RecordedEvent]]:
    """The events at positions, in that order, some at a time."""
    for first in range(0, len(places), _PART):
        yield list(index.many.events(places[first : first + _PART]).values())


def of_lineage(index: IndexReader, batch: int) -> list[int]:
    """Positions of the events from which what is told of a batch follows, in the chain's order.

    A trace counts every restatement of a record that names a batch of the lineage, also where that record (a
    shipment of what was left, or emissions of storing it) came after the lineage last took of that batch.
    Only that count follows from it, yet it cannot be recorded anew without the record that it restates.

    Args:
        index: where they are read.
        batch: its id.

    Raises:
        UnknownNameError: there is no such batch.
    """
    _, walk, _ = trace_and_walk(index, index.steps, batch, More())
    until = {batch: ALWAYS}
    counted = set(walk.counting.places)
    of = {step.at: step.of for step in walk.restatements if step.at in counted}
    for at, found in index.many.events(of).items():
        for each, _ in found.event.concerns:
            until[each] = max(until.get(each, 0), of[at])
    return needed(index, until)


def of_company(index: IndexReader, participant: bytes, *, since: int, until: int) -> list[int]:
    """Positions of the events that a company recorded or is a party of, in a time.

    Args:
        index: where they are read.
        participant: its address.
        since: the first second at which they happened, as was claimed.
        until: the second before which they did.
    """
    return [
        join_position(*found.position)
        for found in index.many.each_event()
        if since <= found.event.occurred_at < until
        and (found.event.author == participant or participant in found.event.parties)
    ]


def complete(index: IndexReader, places: Sequence[int]) -> list[int]:
    """Positions of these events and of all that they follow from, in the chain's order."""
    until: dict[int, int] = {}
    for events in read(index, places):
        for found in events:
            for batch, _ in found.event.concerns:
                until[batch] = join_position(*found.position)
    return needed(index, until)


def needed(index: IndexReader, until: Mapping[int, int]) -> list[int]:
    """Positions of the events that batches need, in the chain's order.

    Args:
        index: where they are read.
        until: by batch (id), up to where its events matter, included.
    """
    keys = index.steps.keys(until)
    reader, ends = NeededReader(index.database), {keys[batch]: at for batch, at in until.items()}
    while True:
        story, ends = _followed(reader, ends)
        said = list(reader.said(ends))
        # Errors count whenever they are declared, and who may declare them depends on who held it then.
        late = {each.batch: each.position for each in sorted(said) if not each.restates}
        more = {batch: at for batch, at in late.items() if at > ends[batch]}
        if not more:
            return sorted(story.union(each.position for each in said if _counts(each, ends)))
        ends |= more


def _followed(reader: NeededReader, until: Mapping[int, int]) -> tuple[set[int], dict[int, int]]:
    """Positions of what is needed, and up to where batches (by number) are."""
    places, ends = set[int](), dict(until)
    for position, batch in reader.story(until):
        places.add(position)
        if position > ends.get(batch, -1):
            ends[batch] = position
    return places, ends


def _counts(said: Said, ends: Mapping[int, int]) -> bool:
    """Whether what is said at any time matters to what was made of a batch.

    A restatement does, though nothing of that was made later, if the record is among what is needed.
    """
    end = ends[said.batch]
    return said.position <= end or (said.record is not None and said.record <= end)
