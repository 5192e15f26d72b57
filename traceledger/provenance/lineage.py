"""Collects the lineage of a batch: what it was made of, or what was made of it.

Iterative and level by level, so that a lineage may be as deep as the chain is long.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from enum import Enum
from typing import assert_never

from traceledger.errors import UnknownNameError, VerificationError
from traceledger.events import (
    BatchHeld,
    BatchMinted,
    BatchReleased,
    BatchRemeasured,
    BatchRetired,
    BatchSplit,
    BatchTakenBack,
    EmissionsAdded,
    EmissionsRestated,
    ErrorDeclared,
    ErrorReversed,
    LedgerEvent,
    MintReversed,
    Position,
    ReceiptReversed,
    RecordedEvent,
    RestatementConfirmed,
    RetirementReversed,
    ShipmentCancelled,
    ShipmentOffered,
    ShipmentReceived,
    ShipmentRejected,
    SplitReversed,
    StockAssigned,
    TakeBackReversed,
    TitleTransferred,
    TransformationReversed,
    Transformed,
)
from traceledger.model.batches import Difference
from traceledger.model.frozen import frozen
from traceledger.model.hexadecimal import id_text
from traceledger.provenance.nodes import (
    Node,
    children,
    node_of,
    parents,
    returned_children,
    reversal_of,
)
from traceledger.provenance.source import Source, made_in
from traceledger.replay.emissions import emitting


class Direction(Enum):
    """Which way to follow a batch: to its origins, or to its products."""

    UP = "up"
    DOWN = "down"


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
        returned: by id, what was split off one of them and put back by a reversal: what was added to it
            meanwhile came back with it. It counts as none of the batches.
        divided: by id, what products where the lineage stops were split off, which a replay needs to make
            them. It counts as none of the batches either.
        reversed_by: the event that reversed the making of ``batch``; all else is told as just before it.
    """

    batch: int
    direction: Direction
    as_of: int | None
    nodes: dict[int, Node]
    returned: dict[int, Node] = field(default_factory=dict)
    divided: dict[int, Node] = field(default_factory=dict)
    reversed_by: RecordedEvent | None = None

    @property
    def told(self) -> dict[int, Node]:
        """All batches whose histories tell of the batch: ``nodes`` and ``returned``."""
        return self.nodes | self.returned

    @property
    def stops(self) -> bool:
        """Whether it stops at a product that was taken back, so that what that was made of is not in it."""
        made_of = (parent for node in self.nodes.values() for parent in node.creation.parents)
        return any(parent not in self.nodes for parent in made_of)

    @property
    def replayed(self) -> dict[int, Node]:
        """All batches that a replay follows: those of :attr:`told`, and ``divided``."""
        return self.told | self.divided

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
        found = {node.creation.at.position: node.creation.at for node in self.nodes.values()}
        found |= {item.position: item for item in self.happened}
        return tuple(found[position] for position in sorted(found))

    @property
    def happened(self) -> Iterator[RecordedEvent]:
        """Of these, what happened to its batches after they were made; some more than once."""
        last = self.last_taken()
        for batch, node in self.nodes.items():
            everything = self.direction is Direction.DOWN or batch == self.batch
            for item in node.later:
                if everything or belongs(item.event, before_last_take=item.position < last[batch]):
                    yield item

    @property
    def recorded(self) -> tuple[RecordedEvent, ...]:
        """All events that were read of the batches of :attr:`told`, once each, in chain order."""
        found = {
            item.position: item for node in self.told.values() for item in (node.creation.at, *node.later)
        }
        return tuple(found[position] for position in sorted(found))

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

    Up, it stops at a product that was taken back, where nothing of it was taken before; down, it stops there
    too. A batch that was reversed is shown as just before its reversal.

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
    found = _Collecting(source, batch, direction, as_of).collect()
    ordered = dict(sorted(found.nodes.items(), key=lambda pair: pair[1].creation.order))
    _require_chain_order(ordered)
    return Lineage(batch, direction, as_of, ordered, found.returned, found.divided, found.reversed_by)


def told_alone(source: Source, batch: int, as_of: int | None) -> Lineage:
    """A batch and what it was split off, without all else upstream: who had it, and owned it.

    Raises:
        UnknownNameError: there is no such batch at that block.
        VerificationError: the source's events do not fit together.
    """
    found = _Collecting(source, batch, Direction.UP, as_of).collect_split()
    return Lineage(batch, Direction.UP, as_of, found.nodes, reversed_by=found.reversed_by)


class _Collecting:
    """Level by level, without recursion; ``oldest`` has the oldest take of each batch, going up."""

    def __init__(self, source: Source, batch: int, direction: Direction, as_of: int | None) -> None:
        self._source = source
        self._batch = batch
        self._up = direction is Direction.UP
        self._as_of = as_of
        self._made = made_in(source)
        self._ahead: Mapping[int, tuple[RecordedEvent, ...]] = {}
        self._oldest: dict[int, Position] = {}
        self.nodes: dict[int, Node] = {}
        self.returned: dict[int, Node] = {}
        self.divided: dict[int, Node] = {}
        self.reversed_by: RecordedEvent | None = None

    def collect_split(self) -> _Collecting:
        self._begin()
        batch = self._batch
        while (made := self.nodes[batch].creation).is_split:
            (batch,) = made.parents
            self.nodes |= self._read([batch])
        return self

    def _begin(self) -> None:
        history = self._source.histories([self._batch], as_of=self._as_of).get(self._batch, ())
        if not history:
            raise UnknownNameError(f"there is no batch {id_text(self._batch)} at that block")
        self.reversed_by = reversal_of(self._batch, history)
        self.nodes = self._read([self._batch])

    def collect(self) -> _Collecting:
        self._begin()
        if self._up and self._as_of is not None:
            self._ahead = self._source.upstream_histories(self._batch, as_of=self._as_of)
        self._follow()
        self._ahead = {}
        if self._up and any(map(_asks_all_takes, self.nodes.values())):
            upstream = [each for each in self.nodes if each != self._batch]
            self.nodes |= self._read(upstream)
        if self._up:
            self._follow_returned()
            self._follow_divided()
        return self

    def _read(self, batches: Sequence[int], *, takes: bool = True) -> dict[int, Node]:
        if takes or any(each not in self._ahead for each in batches):
            histories = self._source.histories(batches, as_of=self._as_of, takes=takes)
        else:
            histories = self._ahead
        end = None if self.reversed_by is None else self.reversed_by.position
        told = {
            each: tuple(item for item in histories.get(each, ()) if end is None or item.position < end)
            for each in batches
        }
        return {each: node_of(each, told[each], self._made) for each in batches}

    def _follow(self) -> None:
        waiting, followed = [self._batch], set[int]()
        while waiting:
            unread: list[int] = []
            while waiting:
                each = waiting.pop()
                if each in followed or not self._passes(each):
                    continue
                followed.add(each)
                for other in self._beside(each):
                    (waiting if other in self.nodes else unread).append(other)
            waiting = list(dict.fromkeys(unread))
            if waiting:
                self.nodes |= self._read(waiting, takes=not self._up)

    def _beside(self, batch: int) -> Iterable[int]:
        """The next batches in the direction asked for."""
        node = self.nodes[batch]
        if not self._up:
            return children(node, asked=batch == self._batch)
        position = node.creation.at.position
        for parent in parents(node):
            self._oldest[parent] = min(position, self._oldest.get(parent, position))
        return parents(node)

    def _passes(self, batch: int) -> bool:
        """Whether what lies behind a batch is in the lineage: not behind a product that was taken back."""
        end = self.nodes[batch].taken_back
        return not self._up or batch == self._batch or end is None or self._oldest[batch] < end

    def _follow_returned(self) -> None:
        waiting = list(self.nodes.values())
        while waiting:
            wanted = [child for node in waiting for child in returned_children(node)]
            new = [each for each in dict.fromkeys(wanted) if each not in self.nodes | self.returned]
            found = self._read(new) if new else {}
            self.returned |= found
            waiting = list(found.values())

    def _follow_divided(self) -> None:
        waiting = list(self.nodes.values())
        while waiting:
            split = [node for node in waiting if node.creation.is_split]
            wanted = dict.fromkeys(parent for node in split for parent in parents(node))
            new = [each for each in wanted if each not in self.nodes | self.returned | self.divided]
            found = self._read(new) if new else {}
            self.divided |= found
            waiting = list(found.values())


def _asks_all_takes(node: Node) -> bool:
    return node.creation.tells_parts or any(_asks_takes(item.event) for item in node.later)


def _asks_takes(event: LedgerEvent) -> bool:
    """Whether what follows from the event depends on what the batches held then, so on all takes of them."""
    match event:
        case SplitReversed() | TransformationReversed() | TakeBackReversed():
            return True
        case EmissionsRestated() | RestatementConfirmed():
            return True
        case _:
            return measures(event) or tells_parts(event)


def measures(event: LedgerEvent) -> bool:
    """Whether a better measurement of a batch is in the event (Rule 5)."""
    if isinstance(event, ShipmentReceived):
        return any(lot.difference is Difference.MEASUREMENT for lot in event.batches)
    return isinstance(event, BatchRemeasured)


def tells_parts(event: LedgerEvent) -> bool:
    """Whether an event has emissions that tell anything beside the scopes and their primary part."""
    emits = emitting(event)
    return emits is not None and emits.emissions.tells_parts


def belongs(event: LedgerEvent, *, before_last_take: bool) -> bool:
    """Whether what happened to an upstream batch concerns what was made of it; takes for others do not."""
    match event:
        case BatchMinted() | BatchSplit() | Transformed():
            return False
        case SplitReversed() | TransformationReversed() | MintReversed():
            # What others got and gave back.
            return False
        case ErrorDeclared() | ErrorReversed() | EmissionsRestated() | RestatementConfirmed():
            return True
        case ShipmentOffered() | ShipmentReceived() | ShipmentRejected() | ShipmentCancelled():
            return before_last_take
        case EmissionsAdded() | BatchRetired() | BatchTakenBack() | BatchRemeasured():
            return before_last_take
        case BatchHeld() | BatchReleased() | TitleTransferred() | StockAssigned():
            return before_last_take
        case ReceiptReversed() | RetirementReversed() | TakeBackReversed():
            return before_last_take
        case _:
            assert_never(event)


def _require_chain_order(nodes: dict[int, Node]) -> None:
    """Nothing is made of what was not there: also the proof that a lineage has no cycle."""
    for node in nodes.values():
        for parent in node.creation.parents:
            if parent in nodes and nodes[parent].creation.at.position >= node.creation.at.position:
                raise VerificationError(f"batch {id_text(node.creation.batch)} was made before its parent")
