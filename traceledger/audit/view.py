"""The facts that rules look at, collected once from a source."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from itertools import compress

from traceledger.audit.book import REVERSED, WRONG
from traceledger.audit.collecting import (
    ALONE,
    EMITS,
    FROZEN,
    MINTED,
    OFF_SPECIFICATION,
    RECYCLING,
    SAID_WRONG,
    SPLIT,
    WASTE,
    collected,
)
from traceledger.audit.facts import (
    Arrival,
    BatchFacts,
    Declared,
    Happening,
    Leg,
    Made,
    Making,
    Mint,
    Now,
    Run,
    TakenBack,
)
from traceledger.audit.kinds import Step
from traceledger.audit.settings import Settings
from traceledger.audit.source import Coordinates, Source, coordinates
from traceledger.audit.values import Fact, Issue, Level, Subject
from traceledger.events import Position, ShipmentCancelled, ShipmentReceived, ShipmentRejected
from traceledger.index.schema import join_position
from traceledger.model.batches import BatchState, Difference, Origin
from traceledger.model.emissions import AllocationRule
from traceledger.model.hexadecimal import id_text
from traceledger.model.registry import Facility, Material
from traceledger.names import Listed, Names

_HASH = 32
_MOST_MOVES = 4096  # batches whose moves are kept: those that are used again and again
_STATES = {state.value: state for state in BatchState}


class AuditView:
    """Everything that a source holds, as facts. It does not change while an audit runs.

    Args:
        source: an open index, for instance; everything is read at once, within its caller's snapshot.
        settings: what the rules decide by.
        now: the time of the audit, UTC seconds: what counts as expired, overdue or unanswered.
    """

    def __init__(self, source: Source, settings: Settings, now: int) -> None:
        self.settings = settings
        self.now = now
        registry = Listed(source.participants(), source.facilities(), source.materials())
        self.participants = registry.participants
        self.facilities = registry.facilities
        self.materials = registry.materials
        self._names = Names(registry)
        self.approvals = tuple(source.approvals())
        self._book = collected(source, self._names)
        self.assessments = tuple(source.assessments())
        self.findings = tuple(source.findings())
        self.bookings = tuple(source.bookings())
        self._moves = lru_cache(_MOST_MOVES)(self._found_moves)

    # --- batches ------------------------------------------------------------------------------------

    @property
    def count(self) -> int:
        """How many batches there are, those that were reversed included."""
        return len(self._book.ids)

    def number(self, id_: int) -> int | None:
        """The number of a batch; ``None``: there is none of that id."""
        return self._book.number(id_)

    def ids(self, batches: Iterable[int]) -> tuple[int, ...]:
        """Ids of batches, as issues name them."""
        return tuple(self._book.ids[batch] for batch in batches)

    def stands(self, batch: int) -> bool:
        """Whether a batch was not reversed with what made it (Rule 8): what was is no fact any more."""
        return not self._book.marks[batch] & REVERSED

    def in_error(self, batch: int) -> bool:
        """Whether an error was declared in the batch itself, by its maker or an auditor."""
        return bool(self._book.marks[batch] & WRONG)

    def made(self, batch: int) -> Made:
        """A batch as it is now, and how it was made."""
        things, row = self._book.things, self._book.rows[batch]
        bits, how = row[7], row[15]
        now = Now(
            *(
                things[row[0]],
                row[1],
                things[row[2]],
                things[row[3]],
                things[row[4]],
                _STATES[row[5]],
                row[6],
            ),
            frozen=bool(bits & FROZEN),
            wrong=bool(bits & SAID_WRONG),
            waste=bool(bits & WASTE),
            off_specification=bool(bits & OFF_SPECIFICATION),
        )
        making = Making(
            *(self.event(row[8]), row[9], row[10], row[11], _mapping(row[12]), row[13]),
            minted=bool(how & MINTED),
            split=bool(how & SPLIT),
            process=things[row[14]],
            recycling=bool(how & RECYCLING),
            alone=bool(how & ALONE),
            emits=bool(how & EMITS),
        )
        return Made(batch, now, making)

    def facts(self, batch: int) -> BatchFacts:
        """A batch with what happened to it."""
        later = tuple(map(self.event, self._book.later(batch)))
        return BatchFacts(*self.made(batch), later)

    def later(self, batch: int) -> list[int]:
        """Numbers of the events of a batch that did not make it, in chain order."""
        return self._book.later(batch)

    def standing(self) -> Iterator[BatchFacts]:
        """The batches that stand, in the order in which they were made."""
        return (self.facts(batch) for batch in range(self.count) if self.stands(batch))

    def moves(self, batch: int) -> Sequence[int]:
        """Numbers of the events that moved a batch as a whole, in chain order."""
        return self._moves(batch)

    def _found_moves(self, batch: int) -> Sequence[int]:
        # It is asked for each take of a batch: of what is drawn from a hundred thousand times it is kept.
        steps, kinds = self._book.known_kinds.steps, self._book.kinds
        return [event for event in self._book.later(batch) if steps[kinds[event]] is Step.MOVE]

    def step(self, item: Happening) -> Step:
        """What an event is to the batches that it concerns."""
        return self._book.known_kinds.steps[self._book.kinds[item.number]]

    def last_step(self, batch: int, before: int) -> Happening:
        """The last event before one (number) that brought a batch where it is: a move, or its making.

        Takes from it move nothing; of what was split off, the split is the first.
        """
        moves = self.moves(batch)
        place = bisect_left(moves, before)
        return self.event(moves[place - 1] if place else self._book.rows[batch][8])

    def root(self, batch: int) -> Made:
        """The batch of which this one was split off, through all splits; itself if it was not."""
        facts = self.made(batch)
        while facts.making.split:
            facts = self.made(facts.making.parents[0])
        return facts

    def upstream(self, batch: int) -> frozenset[int]:
        """The batch and all that it was made of."""
        found = {batch}
        waiting = [batch]
        while waiting:
            for parent in self._book.rows[waiting.pop()][13]:
                if parent not in found:
                    found.add(parent)
                    waiting.append(parent)
        return frozenset(found)

    @cached_property
    def tainted(self) -> dict[int, int]:
        """By batch that is not in error itself but made of one that is: the nearest such ancestor."""
        nearest: dict[int, int] = {}
        if not any(mark & WRONG for mark in self._book.marks):
            return nearest
        for batch in range(self.count):
            for parent in () if self.in_error(batch) else self._book.rows[batch][13]:
                cause = parent if self.in_error(parent) else nearest.get(parent)
                if cause is not None:
                    nearest.setdefault(batch, cause)
        return nearest

    # --- events -------------------------------------------------------------------------------------

    def event(self, number: int) -> Happening:
        """An event by its number."""
        book = self._book
        return Happening(
            number,
            book.kind(number),
            book.positions[number],
            book.times[number],
            book.claimed[number],
            book.things[book.authors[number]],
        )

    def event_at(self, position: Position) -> Happening | None:
        """The event at a place, if it stands."""
        at = join_position(*position)
        number = bisect_left(self._book.positions, at)
        found = number < len(self._book.positions) and self._book.positions[number] == at
        return self.event(number) if found and self._standing_events[number] else None

    def events(self) -> Iterator[Happening]:
        """Every event of a batch that stands, once, in chain order; without what was reversed."""
        numbers = range(len(self._standing_events))
        return map(self.event, compress(numbers, self._standing_events))

    @cached_property
    def _standing_events(self) -> bytearray:
        book = self._book
        found = bytearray(len(book.positions))
        for batch in filter(self.stands, range(self.count)):
            found[book.rows[batch][8]] = 1
            for event in book.later(batch):
                found[event] = 1
        return found

    @cached_property
    def began(self) -> int:
        """When the ledger's first lot was recorded, UTC seconds."""
        return min(compress(self._book.times, self._standing_events))

    def mint(self, event: int) -> Mint:
        """What was minted."""
        batch, origin, documents = self._book.said[event]
        each = tuple(documents[at : at + _HASH] for at in range(0, len(documents), _HASH))
        return Mint(*self.made(batch), Origin(origin), each)

    def run(self, at: Happening) -> Run:
        """A transformation."""
        things = self._book.things
        who, where, process, name, rule, recycling, inputs, outputs, taken = self._book.said[at.number]
        about = (at, things[who], things[where], things[process], name, AllocationRule(rule), recycling)
        return Run(*about, inputs, tuple(map(self.made, outputs)), _mapping(taken))

    def leg(self, at: Happening) -> Leg:
        """A shipment with what became of its lots."""
        book = self._book
        sender, receiver, identifier, lots = book.said[at.number]
        arrived, waiting = [], []
        for batch, sent in lots:
            moves = self.moves(batch)
            following = (moves[place] for place in range(bisect_right(moves, at.number), len(moves)))
            answer = next((each for each in following if self._answers(each, at.number)), None)
            if answer is None:
                waiting.append(batch)
            elif book.kind(answer) is ShipmentReceived:
                came = next(lot for lot in book.said[answer][1] if lot[0] == batch)
                arrived.append(Arrival(batch, sent, came[1], Difference(came[2]), book.claimed[answer]))
        names = book.things[sender], book.things[receiver], identifier
        return Leg(at, *names, tuple(arrived), tuple(waiting))

    def _answers(self, event: int, offer: int) -> bool:
        same = self._book.keys[event] == self._book.keys[offer]
        return same and self._book.kind(event) in (ShipmentReceived, ShipmentRejected, ShipmentCancelled)

    def shipment(self, event: int) -> int:
        """What tells the shipment of an offer or a receipt from others."""
        return self._book.keys[event]

    def receiver(self, event: int) -> bytes:
        """Who received a shipment, or took a product back."""
        who: bytes = self._book.things[self._book.said[event][0]]
        return who

    def taken_back(self, event: int) -> TakenBack:
        """What came back."""
        _, facility, material, mass = self._book.said[event]
        return TakenBack(self._book.things[facility], self._book.things[material], mass)

    def declared(self, event: int) -> Declared:
        """In what an error was declared."""
        batch, corrective = self._book.said[event]
        known = map(self.number, corrective)
        return Declared(batch, tuple(number for number in known if number is not None))

    # --- names and places ---------------------------------------------------------------------------

    def slug(self, participant: bytes) -> str:
        """Slug of the participant at an address."""
        return self._names.slug(participant)

    def full(self, participant: bytes, identifier: str) -> str:
        """``slug/identifier`` of what a participant named."""
        return self._names.full(participant, identifier)

    def facility_name(self, facility: int) -> str:
        """``participant/identifier`` of a facility."""
        return self._names.facility(facility)

    def batch_name(self, batch: int) -> str:
        """``creator/identifier`` of a batch."""
        row = self._book.rows[batch]
        return self.full(self._book.things[row[0]], row[1])

    def names(self, batches: Iterable[int]) -> tuple[str, ...]:
        """Names of several batches."""
        return tuple(self.batch_name(batch) for batch in batches)

    def material(self, material: int) -> Material:
        """A material; one without a name where the source does not know it."""
        return self.materials.get(material) or Material(material, id_text(material), "", "", ())

    def place(self, facility: int) -> Coordinates | None:
        """Where a facility says it is, if it does."""
        found = self.facilities.get(facility)
        return coordinates(found) if found else None

    def located(self, participant: bytes) -> tuple[Facility, ...]:
        """The facilities of a participant that say where they are."""
        return tuple(
            item
            for item in self.facilities.values()
            if item.participant == participant and coordinates(item) is not None
        )

    @cached_property
    def capacities(self) -> dict[tuple[int, int, Origin], int]:
        """Milligrams a year that are approved, by facility, material and origin."""
        return {(item.facility, item.material, item.origin): item.capacity_mg for item in self.approvals}

    # --- subjects of issues -------------------------------------------------------------------------

    def run_name(self, run: Run) -> str:
        """What a transformation is called, with its process."""
        return f"{run.process} {self.full(run.participant, run.identifier)}"

    def batch_subject(self, batch: int) -> Subject:
        """A batch as the subject of an issue."""
        return Subject("batch", self.batch_name(batch))

    def issue_of_making(
        self,
        made: Made | BatchFacts | Mint,
        message: str,
        related: tuple[str, ...],
        facts: Mapping[str, Fact],
        level: Level | None = None,
    ) -> Issue:
        """What is to be said of how a batch was made; the other arguments are the issue's."""
        now = made.now
        return Issue(
            subject=Subject("batch", self.full(now.creator, now.identifier)),
            message=message,
            participant=now.creator,
            facility=now.facility,
            batches=self.ids([made.number]),
            related=related,
            facts=facts,
            level=level,
            at=made.making.at.occurred_at,
        )

    def facility_subject(self, facility: int) -> Subject:
        """A facility as the subject of an issue."""
        return Subject("facility", self.facility_name(facility))

    def participant_subject(self, participant: bytes) -> Subject:
        """A participant as the subject of an issue."""
        return Subject("participant", self.slug(participant))

    def shipment_subject(self, leg: Leg) -> Subject:
        """A shipment as the subject of an issue."""
        return Subject("shipment", self.full(leg.sender, leg.identifier))


def _mapping(flat: Sequence[int]) -> dict[int, int]:
    """The inverse of :func:`~traceledger.audit.collecting.flat`."""
    return dict(zip(flat[::2], flat[1::2], strict=True))
