"""Collects the lineage of a batch: what it was made of, or what was made of it.

Iterative and level by level, so that a lineage may be as deep as the chain is long.

Example:
    >>> from traceledger.provenance.lineage import Direction
    >>> Direction("up") is Direction.UP
    True
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from itertools import groupby

from traceledger.errors import UnknownNameError, VerificationError
from traceledger.events import (
    BatchMinted,
    BatchSplit,
    EmissionsAdded,
    ErrorDeclared,
    Position,
    RecordedEvent,
    ShipmentOffered,
    Transformed,
)
from traceledger.model.batches import Substances
from traceledger.model.hexadecimal import id_text
from traceledger.provenance.source import Source


class Direction(Enum):
    """Which way to follow a batch: to its origins, or to its products."""

    UP = "up"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class Creation:
    """How a batch came to be, and what it was made with (mg and mg CO2e).

    ``parents``: the batches of which it was made, once each; none for an origin. ``facility`` and
    ``material`` of a split child are ``None``: they are its parent's.
    """

    batch: int
    at: RecordedEvent
    seq: int
    creator: bytes
    identifier: str
    parents: tuple[int, ...]
    material: int | None
    facility: int | None
    mass_mg: int
    own_mg: int
    inherited_mg: int
    primary_mg: int
    substances_mg: Substances

    @property
    def order(self) -> tuple[Position, int]:
        """Chain order; batches that one event made stand in its order."""
        return self.at.position, self.seq


@dataclass(frozen=True, slots=True)
class Node:
    """A batch of a lineage: its creation and the later events that concern it, in chain order."""

    creation: Creation
    later: tuple[RecordedEvent, ...]

    @property
    def additions(self) -> Iterator[RecordedEvent]:
        """The later events that added emissions."""
        return (item for item in self.later if isinstance(item.event, ShipmentOffered | EmissionsAdded))

    @property
    def declared_in_error(self) -> bool:
        """Whether an error was declared in the batch."""
        return any(isinstance(item.event, ErrorDeclared) for item in self.later)


@dataclass(frozen=True, slots=True)
class Edge:
    """``child`` was made of ``parent`` by the event ``at``; ``mass_mg`` left the parent for that event.

    Where a transformation made several batches, each has an edge with the whole mass that was taken.
    """

    parent: int
    child: int
    at: Position
    mass_mg: int


@dataclass(frozen=True, slots=True)
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
            for parent, mass in _taken_mg(node.creation).items()
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
                if everything or _belongs(item, last[batch]):
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
    frontier = [batch]
    while frontier:
        takes = direction is Direction.DOWN
        histories = dict(source.histories(frontier, as_of=as_of, takes=takes))
        if batch in frontier and not takes:
            histories |= source.histories([batch], as_of=as_of)
        for each in frontier:
            nodes[each] = _node(each, histories.get(each, ()), unknown_is_asked=each == batch)
        step = _parents if direction is Direction.UP else _children
        found = (other for each in frontier for other in step(nodes[each]))
        frontier = [other for other in dict.fromkeys(found) if other not in nodes]
    ordered = dict(sorted(nodes.items(), key=lambda pair: pair[1].creation.order))
    _require_chain_order(ordered)
    return Lineage(batch, direction, as_of, ordered)


def _node(batch: int, history: tuple[RecordedEvent, ...], *, unknown_is_asked: bool) -> Node:
    if not history and unknown_is_asked:
        raise UnknownNameError(f"there is no batch {id_text(batch)} at that block")
    creation = _creation(batch, history[0]) if history else None
    if creation is None:
        raise VerificationError(f"the event that made batch {id_text(batch)} is missing")
    return Node(creation, history[1:])


def _creation(batch: int, at: RecordedEvent) -> Creation | None:
    """How ``at`` made the batch; ``None`` if it did not."""
    event = at.event
    if isinstance(event, BatchMinted) and event.batch == batch:
        return _minted(event, at)
    if isinstance(event, BatchSplit):
        return _split(batch, event, at)
    return _made(batch, event, at) if isinstance(event, Transformed) else None


def _minted(event: BatchMinted, at: RecordedEvent) -> Creation:
    return Creation(
        batch=event.batch,
        at=at,
        seq=0,
        creator=event.creator,
        identifier=event.identifier,
        parents=(),
        material=event.material,
        facility=event.facility,
        mass_mg=event.mass_mg,
        own_mg=event.emissions.total_mg,
        inherited_mg=0,
        primary_mg=event.emissions.primary,
        substances_mg=event.substances_mg,
    )


def _split(batch: int, event: BatchSplit, at: RecordedEvent) -> Creation | None:
    for seq, child in enumerate(event.children):
        if child.taken.batch == batch:
            return Creation(
                batch=batch,
                at=at,
                seq=seq,
                creator=event.custodian,
                identifier=child.identifier,
                parents=(event.parent,),
                material=None,
                facility=None,
                mass_mg=child.taken.mass_mg,
                own_mg=child.taken.own_mg,
                inherited_mg=child.taken.inherited_mg,
                primary_mg=child.taken.primary_mg,
                substances_mg=child.taken.substances_mg,
            )
    return None


def _made(batch: int, event: Transformed, at: RecordedEvent) -> Creation | None:
    for seq, made in enumerate(event.outputs):
        if made.batch == batch:
            return Creation(
                batch=batch,
                at=at,
                seq=seq,
                creator=event.participant,
                identifier=made.identifier,
                parents=tuple(dict.fromkeys(taken.batch for taken in event.inputs)),
                material=made.material,
                facility=event.facility,
                mass_mg=made.mass_mg,
                own_mg=made.own_mg,
                inherited_mg=made.inherited_mg,
                primary_mg=made.primary_mg,
                substances_mg=made.substances_mg,
            )
    return None


def _parents(node: Node) -> Iterable[int]:
    return node.creation.parents


def _children(node: Node) -> Iterable[int]:
    batch = node.creation.batch
    for item in node.later:
        if isinstance(item.event, BatchSplit) and item.event.parent == batch:
            yield from (child.taken.batch for child in item.event.children)
        elif isinstance(item.event, Transformed):
            yield from (made.batch for made in item.event.outputs)


def _taken_mg(child: Creation) -> dict[int, int]:
    """By parent, what the event that made ``child`` took of it."""
    if not isinstance(child.at.event, Transformed):
        return dict.fromkeys(child.parents, child.mass_mg)
    masses = dict.fromkeys(child.parents, 0)
    for taken in child.at.event.inputs:
        masses[taken.batch] += taken.mass_mg
    return masses


def _belongs(item: RecordedEvent, last_taken: Position) -> bool:
    """Whether what happened to an upstream batch concerns what was made of it; takes for others do not."""
    if isinstance(item.event, BatchSplit | Transformed):
        return False
    return isinstance(item.event, ErrorDeclared) or item.position < last_taken


def _position(creation: Creation) -> Position:
    return creation.at.position


def _require_chain_order(nodes: dict[int, Node]) -> None:
    """Nothing is made of what was not there: also the proof that a lineage has no cycle."""
    for node in nodes.values():
        for parent in node.creation.parents:
            if parent in nodes and nodes[parent].creation.at.position >= node.creation.at.position:
                raise VerificationError(f"batch {id_text(node.creation.batch)} was made before its parent")
