"""The origins of a batch as they are listed: named, sorted, rounded so that shares sum to one."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import assert_never

from traceledger.errors import VerificationError
from traceledger.model.frozen import frozen
from traceledger.model.hexadecimal import id_text
from traceledger.model.shares import Share
from traceledger.model.substances import symbol
from traceledger.names import Names
from traceledger.provenance.lineage import Creation, Lineage
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

    ``country`` is empty where nobody can show it: of an untraced origin.
    """

    batch: str
    batch_id: int
    facility: str
    country: str
    origin: OriginKind
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

    @property
    def total(self) -> Share:
        """Both together."""
        return sum_of((self.post_consumer, self.pre_consumer))


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
    made = {origin: _creation(upstream, origin) for origin in mix.origins}
    # W14: by the names' UTF-8 bytes, which is the order of code points; of one name, by kind.
    keys = {
        origin: (names.full(creation.creator, creation.identifier), _kind(origin, creation))
        for origin, creation in made.items()
    }
    ordered = {origin: mix.origins[origin] for origin in sorted(mix.origins, key=lambda each: keys[each])}
    parts = as_shares(ordered)
    # W14: the mass of what is left is rounded like the shares.
    masses = rounded(ordered, whole=ONE, times=left_mg)
    return tuple(
        _row(upstream, names, origin, substance, parts[origin], masses[origin]) for origin in ordered
    )


def recycled_content(rows: Iterable[OriginShare]) -> RecycledContent:
    """The recycled parts of one substance, from its origins: sums of their shares as they are shown."""
    rows = tuple(rows)
    return RecycledContent(
        sum_of(row.share for row in rows if row.origin is OriginKind.POST_CONSUMER),
        sum_of(row.share for row in rows if row.origin is OriginKind.PRE_CONSUMER),
    )


def _creation(upstream: Lineage, origin: Origin) -> Creation:
    node = upstream.nodes.get(origin.id)
    if node is None:
        raise VerificationError(f"the event that made batch {id_text(origin.id)} is missing")
    return node.creation


def _kind(origin: Origin, creation: Creation) -> OriginKind:
    match origin.end:
        case End.MINTED:
            mint = origin_of(creation.event)
            if mint is None:
                raise TypeError("only a mint ends as one")
            return OriginKind(mint.origin.slug)
        case End.UNTRACED:
            return OriginKind.UNTRACED
        case End.TAKEN_BACK:
            return OriginKind.TAKEN_BACK
        case End.RECYCLED | End.IN_ERROR:
            raise TypeError("neither a run nor an error is the origin of anything here")
        case _:
            assert_never(origin.end)


def _row(
    upstream: Lineage, names: Names, origin: Origin, substance: int, share: Share, mass_mg: int
) -> OriginShare:
    creation = upstream.nodes[origin.id].creation
    made_at = creation
    while made_at.facility is None:
        made_at = upstream.nodes[made_at.parents[0]].creation
    kind, site = _kind(origin, creation), names.site(made_at.facility)
    return OriginShare(
        batch=names.full(creation.creator, creation.identifier),
        batch_id=origin.id,
        facility=names.facility(made_at.facility),
        country="" if site is None or kind is OriginKind.UNTRACED else site.country,
        origin=kind,
        substance=substance,
        share=share,
        mass_mg=mass_mg,
    )
