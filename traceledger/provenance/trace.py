"""The whole of what is known of one batch: the values behind ``traceledger trace``."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from traceledger.errors import UnknownNameError
from traceledger.model.batches import BatchState, Substances
from traceledger.model.frozen import frozen
from traceledger.model.hexadecimal import id_text
from traceledger.model.shares import Share
from traceledger.model.substances import BySubstance
from traceledger.names import Names
from traceledger.provenance.co2e import Footprint, footprint_of
from traceledger.provenance.custody_model import CustodyModel, custody_model
from traceledger.provenance.lineage import Direction, Lineage, lineage, told_alone
from traceledger.provenance.marks import Marks, marks_of
from traceledger.provenance.nodes import Creation, creations, remainder
from traceledger.provenance.origin_rows import Origins, OriginShare, RecycledContent, recycled_content
from traceledger.provenance.places import Places
from traceledger.provenance.source import Source, Steps, translated
from traceledger.provenance.stages import StageTable, packaged
from traceledger.provenance.titles import owner_of
from traceledger.provenance.walked import Asked, More, Walked, in_error, walk_up
from traceledger.replay.held import MASS
from traceledger.replay.telling import Made
from traceledger.walk import At, Traced, as_shares, booked_of, no_search_for_cycles

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


def trace(
    source: Source,
    batch: int,
    *,
    as_of: int | None = None,
    stages: StageTable | None = None,
    records: bool = False,
) -> Trace:
    """Everything about a batch.

    Args:
        source: where to read; an :class:`traceledger.index.Index`, for instance.
        batch: its id.
        as_of: as the chain stood after this block; by default the newest that the source holds.
        stages: which life-cycle stage is whose; by default the package's table.
        records: whether the footprint tells what each single record emitted.

    Raises:
        UnknownNameError: there is no such batch at that block.
        VerificationError: the source's events do not fit together.
    """
    steps = translated(source)
    if steps is None:
        return trace_of(lineage(source, batch, Direction.UP, as_of=as_of), source, stages, records=records)
    return trace_and_walk(source, steps, batch, More(records), as_of=as_of, stages=stages)[0]


def trace_and_walk(
    source: Source,
    steps: Steps,
    batch: int,
    more: More,
    *,
    as_of: int | None = None,
    stages: StageTable | None = None,
) -> tuple[Trace, Walked, At | None]:
    """The same, with the walk that told it, and the place before which it is told; ``None``: now.

    Args:
        source: where to read.
        steps: its steps.
        batch: the batch's id.
        more: what is asked of the walk beside.
        as_of: as of :func:`trace`.
        stages: as of :func:`trace`.

    Raises:
        UnknownNameError: there is no such batch at that block.
        VerificationError: the source's events do not fit together.
    """
    head = source.head_block()
    before = None if as_of is None or as_of == head else steps.after(as_of)
    about, before = _asked(source, steps, batch, head if as_of is None else as_of, before)
    table = packaged() if stages is None else stages
    with no_search_for_cycles():
        return (*_trace(about, steps, before, Names(source), table, more), before)


def trace_of(
    upstream: Lineage, source: Source, stages: StageTable | None = None, *, records: bool = False
) -> Trace:
    """Everything about the batch whose lineage, up, was collected already.

    Args:
        upstream: the lineage.
        source: where it was read, for names.
        stages: which life-cycle stage is whose; by default the package's table.
        records: whether the footprint tells what each single record emitted.

    Raises:
        VerificationError: the source's events do not fit together.
    """
    # Who traces an index has its steps, and does not load this.
    from traceledger.provenance.told import Told

    names = Names(source)
    told = Told(upstream.told, names.site)
    made = upstream.nodes[upstream.batch].creation
    (how,) = told.made([upstream.batch]).values()
    about = _About(made, how, upstream.batch, _now(upstream), upstream.as_of)
    table = packaged() if stages is None else stages
    return _trace(about, told, None, names, table, More(records))[0]


def _asked(
    source: Source, steps: Steps, batch: int, as_of: int | None, before: At | None
) -> tuple[_About, At | None]:
    """What is known of the batch itself, and before which place it is told.

    It is that of now, if nothing happened to it since: of a tank that was drawn from a hundred thousand times
    the history is long. Else its history tells; and all else is told as just before a reversal.
    """
    key = steps.key(batch)
    known = None if key is None else steps.made([key]).get(key)
    if key is None or known is None or (before is not None and known.at >= before):
        raise UnknownNameError(f"there is no batch {id_text(batch)} at that block")
    made = creations(steps.events([known.at])[known.at])[batch]
    lot = steps.now(key, before)
    if lot is not None:
        marks = Marks(disputed=lot.disputed, frozen=lot.frozen, held=lot.held, recalled=lot.recalled)
        now = _Now(lot.custodian, lot.owner, lot.state, lot.mass_mg, lot.substances_mg, marks)
        return _About(made, known, key, now, as_of), before
    told = told_alone(source, batch, as_of)
    if told.reversed_by is not None:
        before = steps.at(told.reversed_by.position)
    return _About(made, known, key, _now(told), as_of), before


def _now(told: Lineage) -> _Now:
    node = told.nodes[told.batch]
    left = remainder(node)
    state = left.state if told.reversed_by is None else BatchState.REVERSED
    marks = marks_of(node.making_none)
    return _Now(left.custodian, owner_of(told), state, left.mass_mg, left.substances_mg, marks)


class _Now(NamedTuple):
    """A batch as it is: who holds and owns it (addresses), what is left of it (mg), what marks it."""

    custodian: bytes
    owner: bytes | None
    state: BatchState
    mass_mg: int
    substances_mg: Substances
    marks: Marks


class _About(NamedTuple):
    """The batch that is asked about: its making, how it came to be, its key, and as of when it is told."""

    made: Creation
    how: Made
    key: int
    now: _Now
    as_of: int | None


def _trace(
    about: _About, steps: Steps, before: At | None, names: Names, stages: StageTable, more: More
) -> tuple[Trace, Walked]:
    made, now = about.made, about.now
    places = Places(steps, names, stages)
    asked = Asked(about.key, made.own_mg, made.inherited_mg, made.substances_mg)
    found = walk_up(steps, asked, before, places.stage, more)
    counted, numbers = found.counting, found.mixing.substances
    origins = Origins(found, steps, names, places)
    rows = {number: origins.rows(number, now.substances_mg.get(number, 0)) for number in numbers}
    booked = booked_of(found.bearing.booked) if found.bearing else {}
    back = counted.came_back.get(about.key)
    told = Trace(
        batch=names.full(made.creator, made.identifier),
        id=made.batch,
        material=names.material(about.how.material),
        custodian=names.slug(now.custodian),
        owner=names.slug(now.owner or now.custodian),
        taken_back_by="" if back is None else names.slug(places.participant(back)),
        state=now.state,
        disputed=now.marks.disputed,
        frozen=now.marks.frozen,
        held=now.marks.held,
        recalled=now.marks.recalled,
        tainted=bool(found.errors),
        in_error=_in_error(found, steps, names),
        mass_mg=now.mass_mg,
        substances_mg=BySubstance((number, now.substances_mg.get(number, 0)) for number in numbers),
        made_mass_mg=made.mass_mg,
        made_substances_mg=BySubstance((number, made.substances_mg.get(number, 0)) for number in numbers),
        footprint=footprint_of(found, made, steps, places, names),
        origins=tuple(row for each in rows.values() for row in each),
        recycled_content=BySubstance((number, recycled_content(each)) for number, each in rows.items()),
        booked_mg=BySubstance((number, booked.get(number, 0)) for number in numbers),
        booked_mass_mg=booked.get(MASS, 0),
        tolerance_bp=None
        if counted.stopped
        else BySubstance((number, counted.used.get(number, 0)) for number in numbers),
        tolerance_mass_bp=None if counted.stopped else counted.used.get(MASS, 0),
        traced=BySubstance((number, _traced(parts)) for number, parts in found.mixing.traced().items()),
        earlier_lives=_earlier_lives(found, steps, before, about, names),
        batches=counted.batches,
        events=counted.events,
        reversed=counted.reversed,
        created_block=made.at.block,
        created_at=made.at.timestamp,
        as_of=about.as_of,
    )
    return told, found


def _in_error(found: Walked, steps: Steps, names: Names) -> tuple[str, ...]:
    known = steps.made(in_error(found.marks, found.errors))
    ordered = sorted(known.values(), key=lambda made: made.order)
    names.foresee(participants={made.creator for made in ordered})
    return tuple(names.full(made.creator, made.identifier) for made in ordered)


def _earlier_lives(
    found: Walked, steps: Steps, before: At | None, about: _About, names: Names
) -> tuple[EarlierLife, ...]:
    products = [key for key in found.counting.came_back if key != about.key]
    if not products:
        return ()
    # Most batches have nothing in them that came back, and then this is not loaded.
    from traceledger.provenance.earlier import earlier_lives

    return earlier_lives(products, steps, before, names)


def _traced(parts: Traced) -> TracedShares:
    # W14: in this order.
    rounded = as_shares(parts._asdict())
    return TracedShares(**rounded)
