"""Downstream: what a batch went into, who holds that now, and how much of the batch is in it."""

from __future__ import annotations

from collections.abc import Sequence

from traceledger.events import Position, Transformed
from traceledger.model.batches import BatchState
from traceledger.model.frozen import frozen
from traceledger.model.shares import Share
from traceledger.model.substances import BySubstance
from traceledger.names import Names
from traceledger.provenance.lineage import Direction, Lineage, lineage
from traceledger.provenance.nodes import Node
from traceledger.provenance.origins import substances_of
from traceledger.provenance.source import Source
from traceledger.provenance.steps import steps_among
from traceledger.provenance.trace import remainder
from traceledger.walk import ONE, rounded, share_of, spread


@frozen
class Reached:
    """A batch that holds something of the one asked about.

    Attributes:
        batch: its full name.
        id: its id.
        custodian: slug of who holds it now.
        state: where its life stands.
        mass_mg: what is left of it, mg.
        share: by substance number, the part of it that comes from the batch asked about.
        substances_mg: by substance number, the mg of what is left that come from it, to the nearest.
    """

    batch: str
    id: int
    custodian: str
    state: BatchState
    mass_mg: int
    share: BySubstance[Share]
    substances_mg: BySubstance[int]


@frozen
class Impact:
    """What came of a batch.

    Attributes:
        batch: its full name.
        id: its id.
        as_of: the block up to which events were read.
        reached: every batch downstream, itself first, in the order in which they were made.
        beyond: full names of the transformations that took of products that had come back: what they made
            has a second life, and is not followed.
    """

    batch: str
    id: int
    as_of: int | None
    reached: tuple[Reached, ...]
    beyond: tuple[str, ...] = ()

    @property
    def custodians(self) -> tuple[str, ...]:
        """Slugs of who holds some of it now, in batches that are not used up."""
        return tuple(dict.fromkeys(item.custodian for item in self.reached if item.mass_mg))

    @property
    def holdings(self) -> dict[str, BySubstance[int]]:
        """By slug of who holds some of it now, the mg of each substance that come from the batch."""
        held: dict[str, dict[int, int]] = {slug: {} for slug in self.custodians}
        for item in self.reached:
            for number, mass in item.substances_mg.items() if item.mass_mg else ():
                sums = held[item.custodian]
                sums[number] = sums.get(number, 0) + mass
        return {slug: BySubstance(sorted(sums.items())) for slug, sums in held.items()}


def impact(source: Source, batch: int, *, as_of: int | None = None) -> Impact:
    """What came of a batch.

    Args:
        source: where to read.
        batch: its id.
        as_of: as the chain stood after this block; by default the newest that the source holds.

    Raises:
        UnknownNameError: there is no such batch at that block.
        VerificationError: the source's events do not fit together.
    """
    downstream = lineage(source, batch, Direction.DOWN, as_of=as_of)
    root = downstream.nodes[batch].creation
    return Impact(
        batch=Names(source).full(root.creator, root.identifier),
        id=batch,
        as_of=downstream.as_of,
        reached=_reached(source, downstream.nodes, frozenset([batch])),
        beyond=_beyond(source, downstream),
    )


def reached_from(source: Source, batches: Sequence[int], *, as_of: int | None = None) -> tuple[Reached, ...]:
    """What came of several batches together: the share of each is of what comes from any of them.

    Args:
        source: where to read.
        batches: their ids; one may be made of another.
        as_of: as the chain stood after this block; by default the newest that the source holds.

    Raises:
        UnknownNameError: there is no such batch at that block.
        VerificationError: the source's events do not fit together.
    """
    nodes: dict[int, Node] = {}
    for batch in batches:
        if batch not in nodes:
            nodes |= lineage(source, batch, Direction.DOWN, as_of=as_of).nodes
    ordered = dict(sorted(nodes.items(), key=lambda item: item[1].creation.order))
    return _reached(source, ordered, frozenset(batches))


def _beyond(source: Source, downstream: Lineage) -> tuple[str, ...]:
    """The transformations that took of a product after it had come back, in chain order."""
    runs: dict[Position, Transformed] = {}
    for batch, node in downstream.nodes.items():
        end = None if batch == downstream.batch else node.taken_back
        for item in node.later:
            if end is not None and item.position > end and isinstance(item.event, Transformed):
                runs[item.position] = item.event
    names = Names(source)
    found = [runs[position] for position in sorted(runs)]
    return tuple(names.full(event.participant, event.identifier) for event in found)


def _reached(source: Source, nodes: dict[int, Node], roots: frozenset[int]) -> tuple[Reached, ...]:
    names = Names(source)
    left = {each: remainder(node) for each, node in nodes.items()}
    parts: dict[int, dict[int, tuple[Share, int]]] = {each: {} for each in nodes}
    steps = steps_among(nodes)
    made = {root: nodes[root].creation.substances_mg for root in roots}
    for number in sorted({each for root in roots for each in substances_of(root, made[root], steps)}):
        weights = spread(steps, roots, number).weights
        for each, node in nodes.items():
            held = left[each].substances_mg.get(number, 0)
            if held or node.creation.substances_mg.get(number, 0):
                weight = weights.get(each, 0)
                (mass,) = rounded({each: weight}, whole=ONE, times=held).values()
                parts[each][number] = share_of(weight), mass
    return tuple(
        Reached(
            batch=names.full(node.creation.creator, node.creation.identifier),
            id=each,
            custodian=names.slug(left[each].custodian),
            state=left[each].state,
            mass_mg=left[each].mass_mg,
            share=BySubstance((number, share) for number, (share, _) in parts[each].items()),
            substances_mg=BySubstance((number, mass) for number, (_, mass) in parts[each].items()),
        )
        for each, node in nodes.items()
    )
