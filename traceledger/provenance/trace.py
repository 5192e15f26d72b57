"""The whole of what is known of one batch: the values behind ``traceledger trace``."""

from __future__ import annotations

from traceledger.events import BatchMinted
from traceledger.model.batches import BatchState, Origin
from traceledger.model.frozen import frozen
from traceledger.model.substances import BySubstance, symbol
from traceledger.names import Names
from traceledger.provenance.co2e import Footprint, footprint
from traceledger.provenance.exact import Share, round_to_sum
from traceledger.provenance.lineage import Direction, Lineage, Node, lineage
from traceledger.provenance.origins import Mix, origin_of, origin_shares
from traceledger.provenance.source import Source
from traceledger.replay.custody import Remainder, remainder_after


@frozen
class OriginShare:
    """How much of one substance comes from one minted batch; ``mass_mg`` of what is left now."""

    batch: str
    batch_id: int
    facility: str
    country: str
    origin: Origin
    substance: int
    share: Share
    mass_mg: int

    @property
    def substance_name(self) -> str:
        """Name of the substance."""
        return symbol(self.substance)


@frozen
class RecycledContent:
    """The recycled parts of one substance (ISO 14021)."""

    post_consumer: Share
    pre_consumer: Share


@frozen
class Trace:
    """Provenance and footprint of one batch. Masses are mg; substances by number, ascending.

    ``.named`` of what is given by substance is the same by name.

    Attributes:
        batch: its full name.
        id: its id.
        material: its material's slug.
        custodian: slug of who holds it.
        state: where its life stands.
        frozen: whether an error was declared in the batch itself.
        tainted: whether one was declared in it or anything upstream.
        in_error: full names of the batches in which one was declared: of itself and all upstream.
        mass_mg: what is left.
        substances_mg: what is left.
        made_mass_mg: what it was made with.
        made_substances_mg: what it was made with.
        footprint: its CO2e.
        origins: by substance, then by name.
        recycled_content: by substance.
        traced_share: by substance, the part that reaches its origin through no batch in error.
        batches: how many distinct batches its lineage has, itself included.
        events: how many distinct events.
        created_block: number of the block that made it.
        created_at: that block's time, UTC seconds.
        as_of: the block up to which events were read.
    """

    batch: str
    id: int
    material: str
    custodian: str
    state: BatchState
    frozen: bool
    tainted: bool
    in_error: tuple[str, ...]
    mass_mg: int
    substances_mg: BySubstance[int]
    made_mass_mg: int
    made_substances_mg: BySubstance[int]
    footprint: Footprint
    origins: tuple[OriginShare, ...]
    recycled_content: BySubstance[RecycledContent]
    traced_share: BySubstance[Share]
    batches: int
    events: int
    created_block: int
    created_at: int
    as_of: int | None


def trace(source: Source, batch: int, *, as_of: int | None = None) -> Trace:
    """Everything about a batch.

    Args:
        source: where to read; an :class:`traceledger.index.Index`, for instance.
        batch: its id.
        as_of: as the chain stood after this block; by default the newest that the source holds.

    Raises:
        UnknownNameError: there is no such batch at that block.
        VerificationError: the source's events do not fit together.
    """
    return trace_of(lineage(source, batch, Direction.UP, as_of=as_of), source)


def trace_of(upstream: Lineage, source: Source) -> Trace:
    """Everything about the batch whose lineage, up, was collected already.

    Args:
        upstream: the lineage.
        source: where it was read, for names.

    Raises:
        VerificationError: the source's events do not fit together.
    """
    batch = upstream.batch
    names = Names(source)
    node = upstream.nodes[batch]
    creation = node.creation
    left = remainder(node)
    mixes = origin_shares(upstream)
    return Trace(
        batch=names.full(creation.creator, creation.identifier),
        id=batch,
        material=names.material(_material(upstream)),
        custodian=names.slug(left.custodian),
        state=left.state,
        frozen=node.declared_in_error,
        tainted=upstream.tainted,
        in_error=tuple(
            names.full(each.creation.creator, each.creation.identifier)
            for each in upstream.nodes.values()
            if each.declared_in_error
        ),
        mass_mg=left.mass_mg,
        substances_mg=BySubstance((number, left.substances_mg.get(number, 0)) for number in mixes),
        made_mass_mg=creation.mass_mg,
        made_substances_mg=BySubstance((number, creation.substances_mg[number]) for number in mixes),
        footprint=footprint(upstream, names),
        origins=tuple(
            item
            for number, mix in mixes.items()
            for item in _origins(upstream, names, number, mix, left.substances_mg.get(number, 0))
        ),
        recycled_content=BySubstance((number, _recycled(upstream, mix)) for number, mix in mixes.items()),
        traced_share=BySubstance((number, mix.traced) for number, mix in mixes.items()),
        batches=len(upstream.nodes),
        events=len(upstream.events),
        created_block=creation.at.block,
        created_at=creation.at.timestamp,
        as_of=upstream.as_of,
    )


def _material(upstream: Lineage) -> int:
    """Material of the batch; a split child has its parent's."""
    creation = upstream.nodes[upstream.batch].creation
    while creation.material is None:
        creation = upstream.nodes[creation.parents[0]].creation
    return creation.material


def _mint(upstream: Lineage, batch: int) -> BatchMinted:
    origin = origin_of(upstream.nodes[batch].creation.event)
    if origin is None:
        raise TypeError("an origin is a minted batch")
    return origin


def _origins(upstream: Lineage, names: Names, substance: int, mix: Mix, left_mg: int) -> list[OriginShare]:
    """The origins by name: companies record theirs in any order, and it must not change what is rounded."""
    mints = {batch: _mint(upstream, batch) for batch in mix.origins}
    full = {batch: names.full(mint.creator, mint.identifier) for batch, mint in mints.items()}
    ordered = sorted(mix.origins.items(), key=lambda item: full[item[0]])
    amounts = {batch: share.numerator * left_mg for batch, share in ordered}
    masses = round_to_sum(amounts, scale=mix.traced.denominator)
    found = []
    for batch, share in ordered:
        mint = mints[batch]
        site = names.site(mint.facility)
        found.append(
            OriginShare(
                batch=full[batch],
                batch_id=batch,
                facility=names.facility(mint.facility),
                country=site.country if site else "",
                origin=mint.origin,
                substance=substance,
                share=share,
                mass_mg=masses[batch],
            )
        )
    return found


def _recycled(upstream: Lineage, mix: Mix) -> RecycledContent:
    def part(origin: Origin) -> Share:
        wanted = (share for batch, share in mix.origins.items() if _mint(upstream, batch).origin is origin)
        return Share(sum(share.numerator for share in wanted), mix.traced.denominator)

    return RecycledContent(part(Origin.POST_CONSUMER), part(Origin.PRE_CONSUMER))


def remainder(node: Node) -> Remainder:
    """Who holds a batch and what is left of it, after all events of the node (which must include takes)."""
    creation = node.creation
    left = Remainder(BatchState.ACTIVE, creation.creator, creation.mass_mg, creation.substances_mg)
    for item in node.later:
        left = remainder_after(item.event, creation.batch, left)
    return left
