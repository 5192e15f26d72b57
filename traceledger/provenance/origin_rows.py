"""The origins of a batch as they are listed: named, sorted, rounded so that shares sum to one."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

from traceledger.errors import VerificationError
from traceledger.events import LedgerEvent, RecordedEvent, Transformed
from traceledger.model.batches import Beginning
from traceledger.model.frozen import frozen
from traceledger.model.hexadecimal import id_text
from traceledger.model.shares import SHARE_UNITS, Share
from traceledger.model.substances import symbol
from traceledger.names import Names
from traceledger.provenance.places import Places
from traceledger.provenance.source import Steps
from traceledger.provenance.walked import Walked
from traceledger.replay.telling import Made
from traceledger.walk import FROM_USE, ONE, At, End, rounded_parts, sum_of


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


class OriginShare(NamedTuple):
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


class _Known(NamedTuple):
    """What is known of an origin: the first fields of its rows, in their order."""

    batch: str
    transformation: str
    id: int
    facility: str
    country: str
    kind: OriginKind


_KINDS = {
    Beginning.MINED: OriginKind.MINED,
    Beginning.POST_CONSUMER: OriginKind.POST_CONSUMER,
    Beginning.PRE_CONSUMER: OriginKind.PRE_CONSUMER,
    Beginning.UNTRACED: OriginKind.UNTRACED,
}


class Origins:
    """What the origins of a lineage are called, of which kind they are, and where.

    Args:
        found: the walk that reached them.
        steps: the source that was walked.
        names: how its batches and facilities are called.
        places: the places of its steps.
    """

    def __init__(self, found: Walked, steps: Steps, names: Names, places: Places) -> None:
        self._names = names
        self._counting = found.counting
        self._places = places
        self._sites: dict[int, tuple[str, str]] = {}
        ended = found.mixing.origins()
        runs = ended[End.RECYCLED]
        events = steps.events(runs) if runs else {}
        ends = (End.MINTED, End.UNTRACED, End.TAKEN_BACK)
        made = steps.made([key for end in ends for key in ended[end]])
        self._foresee(made.values(), [each.event for each in events.values()])
        known = [(self._of_run(at, events.get(at)), held) for at, held in runs.items()]
        known += [
            (self._of(end, key, made.get(key)), held) for end in ends for key, held in ended[end].items()
        ]
        # W14: by the names' UTF-8 bytes, which is the order of code points; of one name, by kind.
        self._known = sorted(known, key=_order)

    def rows(self, substance: int, left_mg: int) -> tuple[OriginShare, ...]:
        """The origins of one substance, by name.

        Args:
            substance: its number.
            left_mg: how much of it is left in the batch.
        """
        known = [(each, held[substance]) for each, held in self._known if substance in held]
        weights = [weight for _, weight in known]
        parts = rounded_parts(weights, whole=ONE, times=SHARE_UNITS)
        # W14: the mass of what is left is rounded like the shares.
        masses = rounded_parts(weights, whole=ONE, times=left_mg)
        return tuple(
            [
                OriginShare(*each, substance, Share(units), mg)
                for (each, _), units, mg in zip(known, parts, masses, strict=True)
            ]
        )

    def _foresee(self, made: Iterable[Made], runs: Iterable[LedgerEvent]) -> None:
        """Read at once who and where they are: each by itself are three questions for each supplier."""
        known = [(each.facility, each.creator) for each in made]
        known += [(run.facility, run.participant) for run in runs if isinstance(run, Transformed)]
        back = {self._places.facility(place) for place in self._counting.came_back.values()}
        sites, people = {site for site, _ in known}, {who for _, who in known}
        self._names.foresee(facilities=sites | back, participants=people)

    def _batch(self, name: str, batch: int, facility: int, kind: OriginKind) -> _Known:
        site, country = self._site(facility)
        return _Known(name, "", batch, site, "" if kind is OriginKind.UNTRACED else country, kind)

    def _site(self, facility: int) -> tuple[str, str]:
        """Its full name and country."""
        if facility not in self._sites:
            site = self._names.site(facility)
            self._sites[facility] = self._names.facility(facility), site.country if site else ""
        return self._sites[facility]

    def _of(self, end: End, key: int, made: Made | None) -> _Known:
        if made is None:
            raise VerificationError(f"the event that made batch {id_text(key)} is missing")
        name = self._names.full(made.creator, made.identifier)
        if end is End.MINTED:
            return self._batch(name, made.batch, made.facility, _KINDS[made.how])
        if end is End.UNTRACED:
            return self._batch(name, made.batch, made.facility, OriginKind.UNTRACED)
        # Rule 9: the recycler's site.
        facility = self._places.facility(self._counting.came_back[key])
        return self._batch(name, made.batch, facility, OriginKind.TAKEN_BACK)

    def _of_run(self, at: At, recorded: RecordedEvent | None) -> _Known:
        if recorded is None or not isinstance(recorded.event, Transformed):
            raise VerificationError("the event of a recycling run is missing")
        event = recorded.event
        used = self._counting.recycling.get(at) == FROM_USE
        kind = OriginKind.POST_CONSUMER if used else OriginKind.PRE_CONSUMER
        name = self._names.full(event.participant, event.identifier)
        return _Known("", name, event.transformation, *self._site(event.facility), kind)


def _order(pair: tuple[_Known, object]) -> tuple[str, OriginKind, bool]:
    batch, transformation, _, _, _, kind = pair[0]
    return batch or transformation, kind, bool(transformation)


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
