"""The facts that rules look at, collected once from a source."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

from traceledger.audit.facts import BatchFacts, Leg, Making, Mint, Run, leg_of, makings_of, run_of, taken_by
from traceledger.audit.kinds import Step, step
from traceledger.audit.settings import Settings
from traceledger.audit.slim import Shared
from traceledger.audit.source import Coordinates, Source, coordinates
from traceledger.audit.standing import Standing
from traceledger.audit.values import Fact, Issue, Level, Subject
from traceledger.errors import VerificationError
from traceledger.events import BatchMinted, Position, RecordedEvent, ShipmentOffered, Transformed
from traceledger.index.schema import join_position
from traceledger.model.batches import BatchState, Origin
from traceledger.model.hexadecimal import id_text
from traceledger.model.registry import Facility, Material
from traceledger.names import Listed, Names


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
        self._taken: dict[int, Mapping[int, int]] = {}
        self.batches = self._collected(source)
        self.assessments = tuple(source.assessments())
        self.findings = tuple(source.findings())
        self.bookings = tuple(source.bookings())
        self._moves: dict[int, tuple[RecordedEvent, ...]] = {}

    def _collected(self, source: Source) -> dict[int, BatchFacts]:
        """Facts of all batches: events are read once, in chain order, and what no rule asks for goes."""
        shared = Shared()
        batches = {now.id: now for now in map(shared.now, source.each_batch())}
        later = Standing(frozenset(id_ for id_, now in batches.items() if now.state is BatchState.REVERSED))
        makings: dict[int, Making] = {}
        for item in source.each_event():
            kept = shared.event(item)
            makings |= {making.batch: making for making in makings_of(item, kept, shared)}
            if isinstance(item.event, Transformed):
                self._taken[join_position(item.block, item.log_index)] = taken_by(item.event)
            for batch in dict.fromkeys(batch for batch, _ in item.event.concerns):
                making = makings.get(batch)
                if making is None or making.at is not kept:
                    later.add(batch, item.event, kept)
        for now in batches.values():
            if now.id not in makings:
                name = self.full(now.creator, now.identifier)
                raise VerificationError(f"the event that made {name} is missing")
        return {id_: BatchFacts(now, makings.pop(id_), later.of(id_)) for id_, now in batches.items()}

    # --- events -------------------------------------------------------------------------------------

    @cached_property
    def standing(self) -> dict[int, BatchFacts]:
        """The batches that were not reversed: what was is no fact any more."""
        return {batch: facts for batch, facts in self.batches.items() if not is_reversed(facts)}

    @cached_property
    def events(self) -> tuple[RecordedEvent, ...]:
        """Every event that concerns a batch and stands, once, in chain order."""
        found: dict[int, RecordedEvent] = {}
        for facts in self.standing.values():
            for item in (facts.making.at, *facts.later):
                found[join_position(item.block, item.log_index)] = item
        return tuple(found[position] for position in sorted(found))

    @cached_property
    def mints(self) -> tuple[Mint, ...]:
        """Everything minted, in chain order."""
        return tuple(Mint(item, item.event) for item in self.events if isinstance(item.event, BatchMinted))

    @cached_property
    def runs(self) -> tuple[Run, ...]:
        """Every transformation, in chain order."""
        return tuple(
            run_of(item, item.event, self._taken[join_position(item.block, item.log_index)])
            for item in self.events
            if isinstance(item.event, Transformed)
        )

    @cached_property
    def legs(self) -> tuple[Leg, ...]:
        """Every shipment, in the order of its offer."""
        return tuple(
            leg_of(item, item.event, self.batches)
            for item in self.events
            if isinstance(item.event, ShipmentOffered)
        )

    def moves_before(self, batch: int, before: Position) -> Sequence[RecordedEvent]:
        """What moved a batch as a whole before a position, in chain order.

        It is asked for each take of a batch. So moves are found among its events once, and then by halving:
        what is drawn from a hundred thousand times is looked through once.
        """
        moves = self._moves.get(batch)
        if moves is None:
            later = self.batches[batch].later
            moves = self._moves[batch] = tuple(item for item in later if step(item.event) is Step.MOVE)
        return moves[: bisect_left(moves, before, key=lambda item: item.position)] if moves else ()

    # --- batches ------------------------------------------------------------------------------------

    def in_error(self, batch: int) -> bool:
        """Whether an error was declared in the batch itself, by its maker or an auditor."""
        facts = self.batches.get(batch)
        return facts is not None and facts.now.wrong

    def root(self, batch: int) -> BatchFacts:
        """The batch of which this one was split off, through all splits; itself if it was not."""
        facts = self.batches[batch]
        while facts.making.split_from is not None:
            facts = self.batches[facts.making.split_from]
        return facts

    def upstream(self, batch: int) -> frozenset[int]:
        """The batch and all that it was made of."""
        found = {batch}
        waiting = [batch]
        while waiting:
            facts = self.batches.get(waiting.pop())
            for parent in facts.making.parents if facts else ():
                if parent not in found:
                    found.add(parent)
                    waiting.append(parent)
        return frozenset(found)

    @cached_property
    def tainted(self) -> dict[int, int]:
        """By batch that is not in error itself but made of one that is: the nearest such ancestor."""
        nearest: dict[int, int] = {}
        for batch, facts in self.batches.items():
            for parent in facts.making.parents:
                cause = parent if self.in_error(parent) else nearest.get(parent)
                if cause is not None and not facts.now.wrong:
                    nearest.setdefault(batch, cause)
        return nearest

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
        facts = self.batches.get(batch)
        return self.full(facts.now.creator, facts.now.identifier) if facts else id_text(batch)

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

    def batch_subject(self, batch: int) -> Subject:
        """A batch as the subject of an issue."""
        return Subject("batch", self.batch_name(batch))

    def issue_of_making(
        self,
        making: Making,
        message: str,
        related: tuple[str, ...],
        facts: Mapping[str, Fact],
        level: Level | None = None,
    ) -> Issue:
        """What is to be said of how a batch was made; the other arguments are the issue's."""
        now = self.batches[making.batch].now
        return Issue(
            subject=self.batch_subject(making.batch),
            message=message,
            participant=now.creator,
            facility=now.facility,
            batches=(making.batch,),
            related=related,
            facts=facts,
            level=level,
            at=making.occurred_at,
        )

    def facility_subject(self, facility: int) -> Subject:
        """A facility as the subject of an issue."""
        return Subject("facility", self.facility_name(facility))

    def participant_subject(self, participant: bytes) -> Subject:
        """A participant as the subject of an issue."""
        return Subject("participant", self.slug(participant))

    def shipment_subject(self, leg: Leg) -> Subject:
        """A shipment as the subject of an issue."""
        return Subject("shipment", self.full(leg.event.sender, leg.event.identifier))


def is_reversed(facts: BatchFacts) -> bool:
    """Whether a batch was reversed with what made it (Rule 8)."""
    return facts.now.state is BatchState.REVERSED
