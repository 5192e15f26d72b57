"""Which events a document has: all from which what is told of a batch follows, or those of a company.

What a batch holds follows from everything that was taken of it before, by whomever, and this from what else
went into the same runs and shipments. So a document of a batch has, for each batch that it needs, its events
up to the last one that matters, and is complete in itself: recorded anew from nothing, its events give the
same figures, to the milligram. What was made of the same material later, by others, is not in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from traceledger.events import (
    EmissionsRestated,
    ErrorDeclared,
    ErrorReversed,
    Position,
    RecordedEvent,
    RestatementConfirmed,
)
from traceledger.events.facts import Role
from traceledger.index.schema import join_position, split_position
from traceledger.provenance.lineage import lineage

if TYPE_CHECKING:
    from traceledger.index import IndexReader

ALWAYS = Position(2**62, 0)
"""After every event."""
_NEVER = Position(-1, 0)
_PART = 1000
_ERRORS = (ErrorDeclared, ErrorReversed)


class Needed:
    """The events that batches need.

    Args:
        index: where they are read.
        until: by batch (id), up to where its events matter, included.
    """

    def __init__(self, index: IndexReader, until: Mapping[int, Position]) -> None:
        self._index = index
        self._until = dict(until)
        self._histories: dict[int, tuple[RecordedEvent, ...]] = {}

    def events(self) -> tuple[RecordedEvent, ...]:
        """Them, in the chain's order."""
        waiting, done = set(self._until), dict[int, Position]()
        while waiting:
            self._read(waiting)
            following: set[int] = set()
            for batch in waiting:
                after, until = done.get(batch, _NEVER), self._until[batch]
                done[batch] = until
                for found in self._histories[batch]:
                    if after < found.position <= until:
                        following |= self._follow(found)
            waiting = following
        chosen = {item.position: item for batch in self._until for item in self._of(batch)}
        return tuple(chosen[at] for at in sorted(chosen))

    def _read(self, batches: Iterable[int]) -> None:
        unread = [batch for batch in batches if batch not in self._histories]
        found = self._index.histories(unread)
        for batch in unread:
            history = self._histories[batch] = found.get(batch, ())
            # Errors count whenever they are declared, and who may declare them depends on who held it then.
            errors = [each.position for each in history if isinstance(each.event, _ERRORS)]
            self._until[batch] = max(self._until[batch], *errors) if errors else self._until[batch]

    def _follow(self, found: RecordedEvent) -> set[int]:
        """The batches of which more is needed for an event: all that it names, but those that it makes."""
        if isinstance(found.event, EmissionsRestated | RestatementConfirmed):
            return set()
        more = set()
        for batch, role in found.event.concerns:
            if role is not Role.MADE and self._until.get(batch, _NEVER) < found.position:
                self._until[batch] = found.position
                more.add(batch)
        return more

    def _of(self, batch: int) -> Iterator[RecordedEvent]:
        until = self._until[batch]
        for found in self._histories[batch]:
            if found.position <= until or self._counts_later(found, until):
                yield found

    def _counts_later(self, found: RecordedEvent, until: Position) -> bool:
        """Whether an event matters to what was made of a batch, though nothing of that was made later."""
        match found.event:
            case EmissionsRestated() | RestatementConfirmed() as event:
                at = self._index.many.record_places(event.kind, [event.record]).get(event.record)
                return at is not None and at <= join_position(*until)
            case _:
                return False


def of_lineage(index: IndexReader, batch: int) -> tuple[RecordedEvent, ...]:
    """The events from which what is told of a batch follows, in the chain's order.

    A trace counts every restatement of a record that names a batch of the lineage, also where that record (a
    shipment of what was left, or emissions of storing it) came after the lineage last took of that batch.
    Only that count follows from it, yet it cannot be recorded anew without the record that it restates.

    Args:
        index: where they are read.
        batch: its id.
    """
    until = {batch: ALWAYS}
    for found in lineage(index, batch).events:
        if not isinstance(found.event, EmissionsRestated | RestatementConfirmed):
            continue
        kind, record = found.event.kind, found.event.record
        place = index.many.record_places(kind, [record]).get(record)
        if place is not None:
            at = Position(*split_position(place))
            until |= {each: max(until.get(each, _NEVER), at) for each in found.event.batches}
    return Needed(index, until).events()


def of_company(
    index: IndexReader, participant: bytes, *, since: int, until: int
) -> tuple[RecordedEvent, ...]:
    """The events of the ledger that a company recorded or is a party of, in a time.

    Args:
        index: where they are read.
        participant: its address.
        since: the first second at which they happened, as was claimed.
        until: the second before which they did.
    """
    return tuple(
        found
        for found in every(index)
        if since <= found.event.occurred_at < until
        and (found.event.author == participant or participant in found.event.parties)
    )


def complete(index: IndexReader, events: Iterable[RecordedEvent]) -> tuple[RecordedEvent, ...]:
    """These events and all that they follow from, in the chain's order."""
    until: dict[int, Position] = {}
    for found in events:
        for batch, _ in found.event.concerns:
            until[batch] = max(until.get(batch, found.position), found.position)
    return Needed(index, until).events()


def every(index: IndexReader) -> Iterator[RecordedEvent]:
    """All events of the ledger, in the chain's order, read in parts."""
    last = -1
    while places := index.many.places_after(last, _PART):
        events = index.many.events(places)
        yield from (events[at] for at in places)
        last = places[-1]
