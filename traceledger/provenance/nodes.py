"""The batches of a lineage: how each came to be, and what happened to it later."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import cast

from traceledger.errors import VerificationError
from traceledger.events import (
    BatchMinted,
    BatchTakenBack,
    ErrorDeclared,
    ErrorReversed,
    LedgerEvent,
    MakingEvent,
    MintReversed,
    NewBatch,
    Position,
    RecordedEvent,
    Role,
    SplitReversed,
    TakeBackReversed,
    TransformationReversed,
    Transformed,
)
from traceledger.model.batches import Beginning, Substances
from traceledger.model.frozen import frozen
from traceledger.model.hexadecimal import id_text
from traceledger.replay.custody import Remainder, remainder_after
from traceledger.replay.emissions import emitting


@frozen
class Creation:
    """How a batch came to be.

    ``made`` is what the event of ``at`` says of it, where that event is held, and else read from it again.
    ``facility`` and ``material`` of a split child are ``None``: they are its parent's.

    Attributes:
        parents: the batches of which it was made, once each.
        how: minted, and of which origin, or by a run; so is a split child, whatever its parent was.
        tells_parts: whether that event emitted anything beside the scopes and their primary part.
    """

    batch: int
    at: RecordedEvent
    seq: int
    creator: bytes
    identifier: str
    parents: tuple[int, ...]
    material: int | None
    facility: int | None
    how: Beginning
    tells_parts: bool
    made: NewBatch | None

    @property
    def event(self) -> MakingEvent:
        """The event of ``at``."""
        return cast(MakingEvent, self.at.event)

    @property
    def new(self) -> NewBatch:
        """What it was made with and of (mg and mg CO2e)."""
        return self.event.makes[self.seq] if self.made is None else self.made

    @property
    def taken_mg(self) -> Mapping[int, int]:
        """By batch, what was taken of those of which it was made; none for an origin."""
        return self.new.taken_mg

    @property
    def mass_mg(self) -> int:
        """Its mass."""
        return self.new.mass_mg

    @property
    def own_mg(self) -> int:
        """Its own CO2e."""
        return self.new.own_mg

    @property
    def inherited_mg(self) -> int:
        """The CO2e that it has from what it was made of."""
        return self.new.inherited_mg

    @property
    def primary_mg(self) -> int:
        """The part of both that comes from primary data."""
        return self.new.primary_mg

    @property
    def substances_mg(self) -> Substances:
        """By number, also those of which it held nothing."""
        return self.new.substances_mg

    @property
    def is_split(self) -> bool:
        """Whether it was split off another batch."""
        return self.material is None

    @property
    def order(self) -> tuple[Position, int]:
        """Chain order; batches that one event made stand in its order."""
        return self.at.position, self.seq


@frozen
class Node:
    """A batch of a lineage: its creation and the later events that concern it, in chain order."""

    creation: Creation
    later: tuple[RecordedEvent, ...]

    @property
    def making_none(self) -> Iterator[RecordedEvent]:
        """Of the later events those that make no batches: what marks, hands over, measures or reverses."""
        return (item for item in self.later if not item.makes)

    @property
    def declared_in_error(self) -> bool:
        """Whether an error is declared in the batch: one that was not reversed."""
        errors: set[bool] = set()
        for item in self.making_none:
            match item.event:
                case ErrorDeclared(by_auditor=by_auditor):
                    errors.add(by_auditor)
                case ErrorReversed(by_auditor=by_auditor):
                    errors.discard(by_auditor)
                case _:
                    pass
        return bool(errors)

    @property
    def take_back(self) -> BatchTakenBack | None:
        """The event by which the batch was taken back, if that was not reversed."""
        found = self._take_back
        return found[1] if found else None

    @property
    def taken_back(self) -> Position | None:
        """Where the batch was taken back, if that was not reversed."""
        found = self._take_back
        return found[0] if found else None

    @property
    def _take_back(self) -> tuple[Position, BatchTakenBack] | None:
        found = None
        for item in self.making_none:
            if isinstance(item.event, BatchTakenBack):
                found = item.position, item.event
            elif isinstance(item.event, TakeBackReversed):
                found = None
        return found


def creations(at: RecordedEvent, event: LedgerEvent | None = None) -> dict[int, Creation]:
    """How an event made batches, by their ids; ``event``: that of ``at``, for who has it."""
    event = event or at.event
    if not isinstance(event, MakingEvent):
        return {}
    emits, how = emitting(event), _beginning(event)
    tells_parts = emits is not None and emits.emissions.tells_parts
    return {
        new.batch: Creation(
            batch=new.batch,
            at=at,
            seq=seq,
            creator=new.creator,
            identifier=new.identifier,
            parents=tuple(new.taken_mg),
            material=new.material,
            facility=new.facility,
            how=how,
            tells_parts=tells_parts,
            made=new if at.held else None,
        )
        for seq, new in enumerate(event.makes)
    }


def _beginning(event: MakingEvent) -> Beginning:
    if isinstance(event, BatchMinted):
        return Beginning(int(event.origin))
    recycling = isinstance(event, Transformed) and event.recycling
    return Beginning.RECYCLING_RUN if recycling else Beginning.RUN


def node_of(batch: int, history: tuple[RecordedEvent, ...], made: dict[int, Creation]) -> Node:
    """The node of a batch; ``made`` keeps how batches came to be, also those that one event made with it.

    Raises:
        VerificationError: the history does not begin with the event that made the batch.
    """
    creation = None
    if history:
        first = history[0]
        creation = made.get(batch)
        if creation is None or creation.at is not first:
            made |= creations(first)
            creation = made.get(batch)
    if creation is None or creation.at is not history[0]:
        raise VerificationError(f"the event that made batch {id_text(batch)} is missing")
    return Node(creation, history[1:])


def remainder(node: Node) -> Remainder:
    """Who holds a batch and what is left of it, after all events of the node (which must include takes)."""
    creation = node.creation
    left = Remainder.made(creation.creator, creation.mass_mg, creation.substances_mg)
    for item in node.later:
        left = remainder_after(item.event, creation.batch, left)
    return left


def reversal_of(batch: int, history: Iterable[RecordedEvent]) -> RecordedEvent | None:
    """The event by which the making of the batch was reversed, if it was."""
    for item in history:
        match item.event:
            case MintReversed(batch=made) | SplitReversed(batch=made) if made == batch:
                return item
            case TransformationReversed(outputs=outputs) if batch in outputs:
                return item
            case _:
                pass
    return None


def returned_children(node: Node) -> Iterator[int]:
    """What was split off the batch and put back by a reversal."""
    for item in node.making_none:
        if isinstance(item.event, SplitReversed) and item.event.parent == node.creation.batch:
            yield item.event.batch


def parents(node: Node) -> Iterable[int]:
    """The batches of which the node's batch was made, once each."""
    return node.creation.parents


def children(node: Node, *, asked: bool) -> Iterator[int]:
    """What was made of the batch; of a product that was taken back, unless it is asked about, before that."""
    end = None if asked else node.taken_back
    reversed_ = set(returned_children(node))
    for item in node.making_none:
        if isinstance(item.event, TransformationReversed):
            reversed_.update(item.event.outputs)
    for item in node.later:
        if end is not None and item.position > end:
            return
        concerns = item.event.concerns
        if (node.creation.batch, Role.TAKEN) in concerns:
            yield from (each for each, role in concerns if role is Role.MADE and each not in reversed_)
