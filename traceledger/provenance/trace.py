"""The whole of what is known of one batch: the values behind ``traceledger trace``."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from traceledger.model.batches import BatchState
from traceledger.model.frozen import frozen
from traceledger.model.shares import Share
from traceledger.model.substances import BySubstance
from traceledger.names import Names
from traceledger.provenance.co2e import Footprint, coefficients_of, footprint_of
from traceledger.provenance.custody_model import CustodyModel, custody_model
from traceledger.provenance.held import MASS
from traceledger.provenance.lineage import Direction, Lineage, lineage
from traceledger.provenance.marks import marks_of
from traceledger.provenance.nodes import Node
from traceledger.provenance.origin_rows import OriginShare, RecycledContent, origin_rows, recycled_content
from traceledger.provenance.origins import Mix, origin_shares
from traceledger.provenance.reversals import undone_among
from traceledger.provenance.source import Source
from traceledger.provenance.stages import StageTable
from traceledger.provenance.steps import steps_of, tolerance_used
from traceledger.provenance.titles import owner_of
from traceledger.replay.custody import Custody, Remainder, remainder_after
from traceledger.walk import Measured, Traced, as_shares, weighted

if TYPE_CHECKING:
    from traceledger.provenance.earlier import EarlierLife


@frozen
class TracedShares:
    """One substance in four parts that sum to exactly one.

    Attributes:
        traced: what reaches an origin through no batch in error.
        untraced: what comes from an origin that nobody can show.
        declared: what comes through a batch in which its maker declared an error.
        confirmed: what comes through one in which an auditor, or the consortium, did.
    """

    traced: Share
    untraced: Share
    declared: Share
    confirmed: Share


@frozen
class Trace:
    """Provenance and footprint of one batch. Masses are mg; substances by number, ascending.

    ``.named`` of what is given by substance is the same by name.

    Attributes:
        batch: its full name.
        id: its id.
        material: its material's slug.
        custodian: slug of who holds it.
        owner: slug of who owns it: by the last word on its title, else its custodian (Rule 11).
        taken_back_by: slug of who took it back after its use; empty where nobody did.
        state: where its life stands.
        disputed: whether its maker declared an error in it.
        frozen: whether an auditor did, or its maker while it held the batch.
        held: whether it is on hold.
        recalled: whether its maker recalls it.
        tainted: whether one was declared in it or anything upstream.
        in_error: full names of the batches in which one was declared: of itself and all upstream.
        mass_mg: what is left.
        substances_mg: what is left.
        made_mass_mg: what it was made with.
        made_substances_mg: what it was made with.
        footprint: its CO2e.
        origins: by substance, then by name.
        recycled_content: by substance.
        booked_mg: by substance, what was booked upstream where it was measured again, signed; what of that
            is borne by the batch.
        booked_mass_mg: the same of gross mass.
        tolerance_bp: by substance, the basis points of tolerance that are used, signed (Rule 5); ``None``
            where the lineage stops at a product that was taken back, as they are not told then.
        tolerance_mass_bp: the same of gross mass.
        traced: by substance, how much reaches its origin, and what the rest is.
        earlier_lives: the first lives of products at which its lineage stops.
        batches: how many distinct batches its lineage has, itself included.
        events: how many distinct events, without those that were reversed, and their reversals.
        reversed: how many operations of the lineage were reversed.
        created_block: number of the block that made it.
        created_at: that block's time, UTC seconds.
        as_of: the block up to which events were read.
    """

    batch: str
    id: int
    material: str
    custodian: str
    owner: str
    taken_back_by: str
    state: BatchState
    disputed: bool
    frozen: bool
    held: bool
    recalled: bool
    tainted: bool
    in_error: tuple[str, ...]
    mass_mg: int
    substances_mg: BySubstance[int]
    made_mass_mg: int
    made_substances_mg: BySubstance[int]
    footprint: Footprint
    origins: tuple[OriginShare, ...]
    recycled_content: BySubstance[RecycledContent]
    booked_mg: BySubstance[int]
    booked_mass_mg: int
    tolerance_bp: BySubstance[int] | None
    tolerance_mass_bp: int | None
    traced: BySubstance[TracedShares]
    earlier_lives: tuple[EarlierLife, ...]
    batches: int
    events: int
    reversed: int
    created_block: int
    created_at: int
    as_of: int | None

    @property
    def chain_of_custody(self) -> BySubstance[CustodyModel | None]:
        """By substance, the model of ISO 22095 by which it was kept (docs/declaration.md)."""
        return BySubstance(
            (number, custody_model([row for row in self.origins if row.substance == number], parts))
            for number, parts in self.traced.items()
        )

    @property
    def traced_share(self) -> BySubstance[Share]:
        """By substance, the part that reaches its origin through no batch in error."""
        return BySubstance((number, parts.traced) for number, parts in self.traced.items())


def trace(source: Source, batch: int, *, as_of: int | None = None, stages: StageTable | None = None) -> Trace:
    """Everything about a batch.

    Args:
        source: where to read; an :class:`traceledger.index.Index`, for instance.
        batch: its id.
        as_of: as the chain stood after this block; by default the newest that the source holds.
        stages: which life-cycle stage is whose; by default the package's table.

    Raises:
        UnknownNameError: there is no such batch at that block.
        VerificationError: the source's events do not fit together.
    """
    return trace_of(lineage(source, batch, Direction.UP, as_of=as_of), source, stages)


def trace_of(upstream: Lineage, source: Source, stages: StageTable | None = None) -> Trace:
    """Everything about the batch whose lineage, up, was collected already.

    Args:
        upstream: the lineage.
        source: where it was read, for names.
        stages: which life-cycle stage is whose; by default the package's table.

    Raises:
        VerificationError: the source's events do not fit together.
    """
    batch = upstream.batch
    names = Names(source)
    node = upstream.nodes[batch]
    creation = node.creation
    left = remainder(node)
    marks = marks_of(node.later)
    steps = steps_of(upstream)
    parts = coefficients_of(upstream, steps)
    booked = () if parts is None else parts.booked
    undone = undone_among(upstream.events)
    mixes = origin_shares(upstream, steps)
    used = tolerance_used(upstream)
    origins = {
        number: origin_rows(upstream, names, number, mix, left.substances_mg.get(number, 0))
        for number, mix in mixes.items()
    }
    return Trace(
        batch=names.full(creation.creator, creation.identifier),
        id=batch,
        material=names.material(_material(upstream)),
        custodian=names.slug(left.custodian),
        owner=names.slug(owner_of(upstream) or left.custodian),
        taken_back_by=names.slug(node.take_back.recycler) if node.take_back else "",
        state=left.state if upstream.reversed_by is None else BatchState.REVERSED,
        disputed=marks.disputed,
        frozen=marks.frozen,
        held=marks.held,
        recalled=marks.recalled,
        tainted=upstream.tainted,
        in_error=tuple(
            names.full(each.creation.creator, each.creation.identifier)
            for each in upstream.nodes.values()
            if each.declared_in_error
        ),
        mass_mg=left.mass_mg,
        substances_mg=BySubstance((number, left.substances_mg.get(number, 0)) for number in mixes),
        made_mass_mg=creation.mass_mg,
        made_substances_mg=BySubstance((number, creation.substances_mg.get(number, 0)) for number in mixes),
        footprint=footprint_of(upstream, names, steps, parts, stages),
        origins=tuple(row for rows in origins.values() for row in rows),
        recycled_content=BySubstance((number, recycled_content(rows)) for number, rows in origins.items()),
        booked_mg=BySubstance((number, _booked(booked, number)) for number in mixes),
        booked_mass_mg=weighted((lot.booked_mass_mg, part) for lot, part in booked),
        tolerance_bp=None if used is None else BySubstance((each, used.get(each, 0)) for each in mixes),
        tolerance_mass_bp=None if used is None else used.get(MASS, 0),
        traced=BySubstance((number, _traced(mix)) for number, mix in mixes.items()),
        earlier_lives=_earlier_lives(upstream, names),
        batches=len(upstream.nodes),
        events=len(upstream.events) - len(undone.events),
        reversed=undone.operations,
        created_block=creation.at.block,
        created_at=creation.at.timestamp,
        as_of=upstream.as_of,
    )


def _earlier_lives(upstream: Lineage, names: Names) -> tuple[EarlierLife, ...]:
    others = (node for batch, node in upstream.nodes.items() if batch != upstream.batch)
    if not any(node.take_back for node in others):
        return ()
    # Most batches have nothing in them that came back, and then this is not loaded.
    from traceledger.provenance.earlier import earlier_lives

    return earlier_lives(upstream, names)


def _material(upstream: Lineage) -> int:
    """Material of the batch; a split child has its parent's."""
    node = upstream.nodes[upstream.batch]
    while node.creation.material is None:
        (parent,) = node.creation.parents
        if parent not in upstream.nodes and node.take_back is not None:
            return node.take_back.material  # Where the lineage stops.
        node = upstream.nodes[parent]
    return node.creation.material


def _booked(booked: Iterable[tuple[Measured, int]], substance: int) -> int:
    # W12: what was booked, times the part of the lot that the batch is, rounded once.
    return weighted((lot.booked_mg.get(substance, 0), part) for lot, part in booked)


def _traced(mix: Mix) -> TracedShares:
    # W14: in this order.
    rounded = as_shares(dict(zip(Traced._fields, mix.traced, strict=True)))
    return TracedShares(**rounded)


def remainder(node: Node) -> Remainder:
    """Who holds a batch and what is left of it, after all events of the node (which must include takes)."""
    creation = node.creation
    custody = Custody(BatchState.ACTIVE, creation.creator)
    left = Remainder(custody, creation.mass_mg, creation.substances_mg)
    for item in node.later:
        left = remainder_after(item.event, creation.batch, left)
    return left
