"""The batches of a lineage: how each came to be, and what happened to it later."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from traceledger.errors import VerificationError
from traceledger.events import (
    BatchTakenBack,
    ErrorDeclared,
    ErrorReversed,
    MakingEvent,
    MintReversed,
    Position,
    RecordedEvent,
    Role,
    SplitReversed,
    TakeBackReversed,
    TransformationReversed,
)
from traceledger.model.batches import Substances
from traceledger.model.frozen import frozen
from traceledger.model.hexadecimal import id_text
from traceledger.replay.custody import Remainder, remainder_after


@frozen
class Creation:
    """How a batch came to be, and what it was made with (mg and mg CO2e).

    ``event`` is the event of ``at``; ``taken_mg``, by batch, what it took of those of which it made this one,
    none for an origin. ``facility`` and ``material`` of a split child are ``None``: they are its parent's.
    """

    batch: int
    at: RecordedEvent
    event: MakingEvent
    seq: int
    creator: bytes
    identifier: str
    taken_mg: Mapping[int, int]
    material: int | None
    facility: int | None
    mass_mg: int
    own_mg: int
    inherited_mg: int
    primary_mg: int
    substances_mg: Substances

    @property
    def parents(self) -> tuple[int, ...]:
        """The batches of which it was made, once each."""
        return tuple(self.taken_mg)

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
    def declared_in_error(self) -> bool:
        """Whether an error is declared in the batch: one that was not reversed."""
        errors: set[bool] = set()
        for item in self.later:
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
        for item in self.later:
            if isinstance(item.event, BatchTakenBack):
                found = item.position, item.event
            elif isinstance(item.event, TakeBackReversed):
                found = None
        return found


def creations(at: RecordedEvent) -> dict[int, Creation]:
    """How an event made batches, by their ids."""
    event = at.event
    if not isinstance(event, MakingEvent):
        return {}
    return {
        new.batch: Creation(
            batch=new.batch,
            at=at,
            event=event,
            seq=seq,
            creator=new.creator,
            identifier=new.identifier,
            taken_mg=new.taken_mg,
            material=new.material,
            facility=new.facility,
            mass_mg=new.mass_mg,
            own_mg=new.own_mg,
            inherited_mg=new.inherited_mg,
            primary_mg=new.primary_mg,
            substances_mg=new.substances_mg,
        )
        for seq, new in enumerate(event.makes)
    }


def node_of(
    batch: int, history: tuple[RecordedEvent, ...], made: dict[Position, dict[int, Creation]]
) -> Node:
    """The node of a batch; ``made`` keeps what events made, once for all batches that one event made.

    Raises:
        VerificationError: the history does not begin with the event that made the batch.
    """
    creation = None
    if history:
        first = history[0]
        if first.position not in made:
            made[first.position] = creations(first)
        creation = made[first.position].get(batch)
    if creation is None:
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
    for item in node.later:
        if isinstance(item.event, SplitReversed) and item.event.parent == node.creation.batch:
            yield item.event.batch


def parents(node: Node) -> Iterable[int]:
    """The batches of which the node's batch was made, once each."""
    return node.creation.parents


def children(node: Node, *, asked: bool) -> Iterator[int]:
    """What was made of the batch; of a product that was taken back, unless it is asked about, before that."""
    end = None if asked else node.taken_back
    reversed_ = set(returned_children(node))
    for item in node.later:
        if isinstance(item.event, TransformationReversed):
            reversed_.update(item.event.outputs)
    for item in node.later:
        if end is not None and item.position > end:
            return
        concerns = item.event.concerns
        if (node.creation.batch, Role.TAKEN) in concerns:
            yield from (each for each, role in concerns if role is Role.MADE and each not in reversed_)
