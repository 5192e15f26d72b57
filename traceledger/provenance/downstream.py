"""Downstream: what a batch went into, who holds that now, and how much of the batch is in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from traceledger.model.batches import BatchState
from traceledger.model.frozen import frozen
from traceledger.model.substances import BySubstance
from traceledger.names import Names
from traceledger.provenance.exact import Share, product
from traceledger.provenance.lineage import Direction, Node, lineage
from traceledger.provenance.mixture import mixture
from traceledger.provenance.source import Source
from traceledger.provenance.trace import remainder


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
        substances_mg: by substance number, the mg of what is left that come from it, rounded down.
    """

    batch: str
    id: int
    custodian: str
    state: BatchState
    mass_mg: int
    share: BySubstance[float]
    substances_mg: BySubstance[int]


@frozen
class Impact:
    """What came of a batch: every batch downstream, itself first, in the order in which they were made."""

    batch: str
    id: int
    as_of: int | None
    reached: tuple[Reached, ...]

    @property
    def custodians(self) -> tuple[str, ...]:
        """Slugs of who holds some of it now, in batches that are not used up."""
        return tuple(dict.fromkeys(item.custodian for item in self.reached if item.mass_mg))


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


def _reached(source: Source, nodes: dict[int, Node], roots: frozenset[int]) -> tuple[Reached, ...]:
    names = Names(source)
    left = {each: remainder(node) for each, node in nodes.items()}
    parts: dict[int, dict[int, tuple[float, int]]] = {each: {} for each in nodes}
    made_with = [nodes[root].creation.substances_mg.items() for root in roots]
    for number in sorted({number for held in made_with for number, mass in held if mass}):
        held = {each: rest.substances_mg.get(number, 0) for each, rest in left.items()}
        for each, part in _spread(nodes, roots, number, held).items():
            parts[each][number] = part
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


def _spread(
    nodes: dict[int, Node], roots: frozenset[int], substance: int, held: dict[int, int]
) -> dict[int, tuple[float, int]]:
    """The roots' share of each batch that holds the substance, and what that is of ``held`` (mg).

    Weights are numerators over one scale (see :mod:`traceledger.provenance.exact`) and dropped once the
    last child of a batch is done, so that memory does not grow with the lineage.
    """
    made = (item.creation for item in nodes.values())
    mixes = {each.at.position: mixture(each.event, substance) for each in made}
    scale = product([mix.whole for mix in mixes.values()])
    waiting = Counter(parent for node in nodes.values() for parent in node.creation.parents)
    weights: dict[int, int] = {}
    found: dict[int, tuple[float, int]] = {}
    for batch, node in nodes.items():
        creation = node.creation
        if batch in roots:
            weight = scale
        else:
            mix = mixes[creation.at.position]
            weight = sum(weights.get(parent, 0) * part for parent, part in mix.parts) // mix.whole
        weights[batch] = weight
        if creation.substances_mg.get(substance, 0):
            share = Share(weight, scale)
            found[batch] = (float(share), share.of(held[batch]))
        for parent in creation.parents:
            waiting[parent] -= 1
            if not waiting[parent]:
                weights.pop(parent, None)
    return found
