"""Collects the lineage of a batch: what it was made of, or what was made of it.

Iterative and level by level, so that a lineage may be as deep as the chain is long.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from enum import Enum
from itertools import groupby
from typing import assert_never

from traceledger.errors import UnknownNameError, VerificationError
from traceledger.events import (
    AddingEvent,
    BatchMinted,
    BatchRetired,
    BatchSplit,
    EmissionsAdded,
    ErrorDeclared,
    LedgerEvent,
    MakingEvent,
    Position,
    RecordedEvent,
    Role,
    ShipmentCancelled,
    ShipmentOffered,
    ShipmentReceived,
    ShipmentRejected,
    Transformed,
)
from traceledger.model.batches import Substances
from traceledger.model.frozen import frozen
from traceledger.model.hexadecimal import id_text
from traceledger.provenance.source import Source
from traceledger.replay.emissions import emitting


class Direction(Enum):
    """Which way to follow a batch: to its origins, or to its products."""

    UP = "up"
    DOWN = "down"


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
    def additions(self) -> Iterator[tuple[Position, AddingEvent]]:
        """The later events that added emissions, and where they stand."""
        for item in self.later:
            event = emitting(item.event)
            # A later event that makes batches took of this one; what it emitted is theirs.
            if event is not None and not isinstance(event, MakingEvent):
                yield item.position, event

    @property
    def declared_in_error(self) -> bool:
        """Whether an error was declared in the batch."""
        return any(isinstance(item.event, ErrorDeclared) for item in self.later)


@frozen
class Edge:
    """``child`` was made of ``parent`` by the event ``at``; ``mass_mg`` left the parent for that event.

    Where a transformation made several batches, each has an edge with the whole mass that was taken.
    """

    parent: int
    child: int
    at: Position
    mass_mg: int


@frozen
class Lineage:
    """The batches up or down from ``batch`` (itself included) in chain order, as a DAG.

    Attributes:
        batch: id of the batch that was asked about.
        direction: up to origins or down to products.
        as_of: the block up to which events were read.
        nodes: by id, in the order in which they were made.
    """

    batch: int
    direction: Direction
    as_of: int | None
    nodes: dict[int, Node]

    @property
    def tainted(self) -> bool:
        """Whether an error was declared in any of the batches."""
        return any(node.declared_in_error for node in self.nodes.values())

    @property
    def edges(self) -> tuple[Edge, ...]:
        """Parent to child, in chain order; only between batches of this lineage."""
        return tuple(
            Edge(parent, node.creation.batch, node.creation.at.position, mass)
            for node in self.nodes.values()
            for parent, mass in node.creation.taken_mg.items()
            if parent in self.nodes
        )

    @property
    def events(self) -> tuple[RecordedEvent, ...]:
        """The distinct events of the lineage in chain order.

        Up: those that made its batches, everything that happened to the batch itself, and what happened to
        the others before they were last taken from for it (errors at any time). Down: everything that
        happened to any of its batches.
        """
        last = self.last_taken()
        found = {node.creation.at.position: node.creation.at for node in self.nodes.values()}
        for batch, node in self.nodes.items():
            everything = self.direction is Direction.DOWN or batch == self.batch
            for item in node.later:
                if everything or _belongs(item.event, before_last_take=item.position < last[batch]):
                    found[item.position] = item
        return tuple(found[position] for position in sorted(found))

    def making(self) -> list[tuple[RecordedEvent, list[Creation]]]:
        """The events that made these batches, newest first, each with those it made."""
        newest = reversed([node.creation for node in self.nodes.values()])
        return [(group[0].at, group) for _, each in groupby(newest, _position) if (group := list(each))]

    def last_taken(self) -> dict[int, Position]:
        """By batch, where the lineage last took something of it to make another of its batches."""
        last: dict[int, Position] = {}
        for node in self.nodes.values():
            for parent in node.creation.parents:
                last[parent] = node.creation.at.position
        return last


def lineage(
    source: Source, batch: int, direction: Direction | str = Direction.UP, *, as_of: int | None = None
) -> Lineage:
    """Collect the lineage of a batch.

    Args:
        source: where to read.
        batch: its id.
        direction: ``up`` to its origins or ``down`` to its products.
        as_of: as the chain stood after this block; by default the newest that the source holds.

    Raises:
        UnknownNameError: there is no such batch at that block.
        VerificationError: the source's events do not fit together.
    """
    direction = Direction(direction)
    as_of = source.head_block() if as_of is None else as_of
    nodes: dict[int, Node] = {}
    made: dict[Position, dict[int, Creation]] = {}
    frontier = [batch]
    while frontier:
        takes = direction is Direction.DOWN
        histories = dict(source.histories(frontier, as_of=as_of, takes=takes))
        if batch in frontier and not takes:
            histories |= source.histories([batch], as_of=as_of)
        for each in frontier:
            nodes[each] = _node(each, histories.get(each, ()), made, unknown_is_asked=each == batch)
        step = _parents if direction is Direction.UP else _children
        found = (other for each in frontier for other in step(nodes[each]))
        frontier = [other for other in dict.fromkeys(found) if other not in nodes]
    ordered = dict(sorted(nodes.items(), key=lambda pair: pair[1].creation.order))
    _require_chain_order(ordered)
    return Lineage(batch, direction, as_of, ordered)


def _node(
    batch: int,
    history: tuple[RecordedEvent, ...],
    made: dict[Position, dict[int, Creation]],
    *,
    unknown_is_asked: bool,
) -> Node:
    """The node of a batch; ``made`` keeps what events made, once for all batches that one event made."""
    if not history and unknown_is_asked:
        raise UnknownNameError(f"there is no batch {id_text(batch)} at that block")
    creation = None
    if history:
        first = history[0]
        if first.position not in made:
            made[first.position] = _creations(first)
        creation = made[first.position].get(batch)
    if creation is None:
        raise VerificationError(f"the event that made batch {id_text(batch)} is missing")
    return Node(creation, history[1:])


def _creations(at: RecordedEvent) -> dict[int, Creation]:
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


def _parents(node: Node) -> Iterable[int]:
    return node.creation.parents


def _children(node: Node) -> Iterable[int]:
    for item in node.later:
        concerns = item.event.concerns
        if (node.creation.batch, Role.TAKEN) in concerns:
            yield from (batch for batch, role in concerns if role is Role.MADE)


def _belongs(event: LedgerEvent, *, before_last_take: bool) -> bool:
    """Whether what happened to an upstream batch concerns what was made of it; takes for others do not."""
    match event:
        case BatchMinted() | BatchSplit() | Transformed():
            return False
        case ErrorDeclared():
            return True
        case ShipmentOffered() | ShipmentReceived() | ShipmentRejected() | ShipmentCancelled():
            return before_last_take
        case EmissionsAdded() | BatchRetired():
            return before_last_take
        case _:
            assert_never(event)


def _position(creation: Creation) -> Position:
    return creation.at.position


def _require_chain_order(nodes: dict[int, Node]) -> None:
    """Nothing is made of what was not there: also the proof that a lineage has no cycle."""
    for node in nodes.values():
        for parent in node.creation.parents:
            if parent in nodes and nodes[parent].creation.at.position >= node.creation.at.position:
                raise VerificationError(f"batch {id_text(node.creation.batch)} was made before its parent")
