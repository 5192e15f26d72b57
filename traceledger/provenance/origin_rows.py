"""The origins of a batch as they are listed: named, sorted, rounded so that shares sum to one."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import assert_never

from traceledger.errors import VerificationError
from traceledger.events import Transformed
from traceledger.model.frozen import frozen
from traceledger.model.hexadecimal import id_text
from traceledger.model.shares import Share
from traceledger.model.substances import symbol
from traceledger.names import Names
from traceledger.provenance.lineage import Lineage
from traceledger.provenance.nodes import Node
from traceledger.provenance.origins import Mix, origin_of
from traceledger.walk import ONE, End, Origin, as_shares, rounded, sum_of


class OriginKind(StrEnum):
    """What kind of origin it is; of what is minted, the origin that was recorded."""

    MINED = "mined"
    POST_CONSUMER = "post_consumer"
    PRE_CONSUMER = "pre_consumer"
    UNTRACED = "untraced"
    TAKEN_BACK = "taken_back"

    @property
    def slug(self) -> str:
        """The name used in files."""
        return self.value


@frozen
class OriginShare:
    """How much of one substance comes from one origin; ``mass_mg`` of what is left now.

    Attributes:
        batch: full name of the batch; empty where a recycling run is the origin.
        transformation: full name of that run; else empty.
        batch_id: id of the batch, or of the run.
        facility: full name of where it was mined, recycled or made; of a product taken back, the recycler's.
        country: that facility's; empty where nobody can show it: of an untraced origin.
        origin: its kind.
        substance: number of the substance.
        share: the part of the substance that comes from it.
        mass_mg: that part of what is left, mg.
    """

    batch: str
    transformation: str
    batch_id: int
    facility: str
    country: str
    origin: OriginKind
    substance: int
    share: Share
    mass_mg: int

    @property
    def name(self) -> str:
        """Full name of the batch or of the run."""
        return self.batch or self.transformation

    @property
    def substance_name(self) -> str:
        """Name of the substance."""
        return symbol(self.substance)


@frozen
class RecycledContent:
    """The recycled parts of one substance (ISO 14021), and the same by how it came to be recycled.

    Attributes:
        post_consumer: from goods that were used.
        pre_consumer: from waste of production elsewhere.
        take_back: of these, made by recycling runs of products that were taken back on the ledger.
        waste_of_runs: of these, made by recycling runs of waste that arose on the ledger.
        minted: of these, minted by recyclers.
    """

    post_consumer: Share
    pre_consumer: Share
    take_back: Share
    waste_of_runs: Share
    minted: Share

    @property
    def total(self) -> Share:
        """All that is recycled."""
        return sum_of((self.post_consumer, self.pre_consumer))


@frozen
class _Known:
    """What the lineage says of an origin."""

    name: str
    kind: OriginKind
    facility: int
    run: bool


def origin_rows(
    upstream: Lineage, names: Names, substance: int, mix: Mix, left_mg: int
) -> tuple[OriginShare, ...]:
    """The origins of one substance, by name.

    Args:
        upstream: the batch's lineage, up.
        names: how its batches and facilities are called.
        substance: its number.
        mix: where it comes from.
        left_mg: how much of it is left in the batch.

    Raises:
        VerificationError: an origin is no batch of the lineage.
    """
    known = {origin: _known(upstream, names, origin) for origin in mix.origins}
    # W14: by the names' UTF-8 bytes, which is the order of code points; of one name, by kind.
    keys = {origin: (each.name, each.kind, each.run) for origin, each in known.items()}
    ordered = {origin: mix.origins[origin] for origin in sorted(mix.origins, key=lambda each: keys[each])}
    parts = as_shares(ordered)
    # W14: the mass of what is left is rounded like the shares.
    masses = rounded(ordered, whole=ONE, times=left_mg)
    rows = []
    for origin in ordered:
        each = known[origin]
        site = names.site(each.facility)
        rows.append(
            OriginShare(
                batch="" if each.run else each.name,
                transformation=each.name if each.run else "",
                batch_id=origin.id,
                facility=names.facility(each.facility),
                country="" if site is None or each.kind is OriginKind.UNTRACED else site.country,
                origin=each.kind,
                substance=substance,
                share=parts[origin],
                mass_mg=masses[origin],
            )
        )
    return tuple(rows)


def recycled_content(rows: Iterable[OriginShare]) -> RecycledContent:
    """The recycled parts of one substance, from its origins: sums of their shares as they are shown."""
    post = [row for row in rows if row.origin is OriginKind.POST_CONSUMER]
    pre = [row for row in rows if row.origin is OriginKind.PRE_CONSUMER]
    return RecycledContent(
        post_consumer=sum_of(row.share for row in post),
        pre_consumer=sum_of(row.share for row in pre),
        take_back=sum_of(row.share for row in post if row.transformation),
        waste_of_runs=sum_of(row.share for row in pre if row.transformation),
        minted=sum_of(row.share for row in (*post, *pre) if row.batch),
    )


def _known(upstream: Lineage, names: Names, origin: Origin) -> _Known:
    if origin.end is End.RECYCLED:
        return _known_run(upstream, names, origin.id)
    node = upstream.nodes.get(origin.id)
    if node is None:
        raise VerificationError(f"the event that made batch {id_text(origin.id)} is missing")
    name = names.full(node.creation.creator, node.creation.identifier)
    match origin.end:
        case End.MINTED:
            mint = origin_of(node.creation.event)
            if mint is None:
                raise TypeError("only a mint ends as one")
            return _Known(name, OriginKind(mint.origin.slug), mint.facility, run=False)
        case End.UNTRACED:
            return _Known(name, OriginKind.UNTRACED, _made_at(upstream, node), run=False)
        case End.TAKEN_BACK:
            back = node.take_back
            facility = _made_at(upstream, node) if back is None else back.facility
            return _Known(name, OriginKind.TAKEN_BACK, facility, run=False)
        case End.IN_ERROR:
            raise TypeError("an error is the origin of nothing")
        case _:
            assert_never(origin.end)


def _known_run(upstream: Lineage, names: Names, run: int) -> _Known:
    for node in upstream.nodes.values():
        event = node.creation.event
        if isinstance(event, Transformed) and event.transformation == run:
            # Rule 9: a recycling run takes only what was taken back, or only waste.
            inputs = (upstream.nodes.get(parent) for parent in node.creation.parents)
            used = any(each is not None and each.take_back is not None for each in inputs)
            kind = OriginKind.POST_CONSUMER if used else OriginKind.PRE_CONSUMER
            return _Known(names.full(event.participant, event.identifier), kind, event.facility, run=True)
    raise VerificationError(f"the event of transformation {id_text(run)} is missing")


def _made_at(upstream: Lineage, node: Node) -> int:
    while node.creation.facility is None:
        (parent,) = node.creation.parents
        if parent not in upstream.nodes and node.take_back is not None:
            return node.take_back.facility  # Where the lineage stops, all that is known.
        node = upstream.nodes[parent]
    return node.creation.facility
