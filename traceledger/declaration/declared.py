"""A declaration: all that is said of one batch, computed from the index.

Example:
    >>> MARKS[0]
    'frozen'
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from traceledger.declaration.corrections import Correction, Corrections
from traceledger.declaration.journeys import Journeys, JourneyStep
from traceledger.declaration.suppliers import Supplier, suppliers_of
from traceledger.declaration.unknown import Unknown, unknown_of
from traceledger.errors import UnknownNameError
from traceledger.model.article_8 import MINIMUMS, RecycledMinimum
from traceledger.model.batches import BatchState
from traceledger.model.hexadecimal import id_text
from traceledger.model.registry import Facility, Participant
from traceledger.model.substances import symbol
from traceledger.names import Names
from traceledger.provenance import (
    EarlierLife,
    Footprint,
    OriginShare,
    RecycledContent,
    RestatedFootprint,
    Share,
    StageTable,
    Trace,
    TracedShares,
)
from traceledger.provenance.custody_model import CustodyModel, custody_model
from traceledger.provenance.disclosable import disclosable_of
from traceledger.provenance.per_kilogram import PerKilogram, per_kilogram
from traceledger.provenance.trace import trace_and_walk
from traceledger.provenance.trouble import Trouble
from traceledger.provenance.troubles import named_upstream, troubles_of
from traceledger.provenance.upstream import Upstream
from traceledger.provenance.walked import More

if TYPE_CHECKING:
    from traceledger.events.facts import Text
    from traceledger.index import IndexReader, IndexStatus


MARKS = ("frozen", "disputed", "held", "recalled")
"""What may stand in the way of a batch, gravest first."""


@dataclass(frozen=True, slots=True)
class SubstanceStatement:
    """One tracked substance of the product.

    Attributes:
        substance: its number.
        mass_mg: what the product was made with, mg.
        origins: where it comes from, largest share first.
        recycled: post- and pre-consumer share.
        traced: how much reaches its origin, and what the rest is.
        booked_mg: what better measurements upstream found more (negative: less), as far as it is in it.
        minimum: the legal minimum of the recycled share, where there is one.
    """

    substance: int
    mass_mg: int
    origins: tuple[OriginShare, ...]
    recycled: RecycledContent
    traced: TracedShares
    booked_mg: int
    minimum: RecycledMinimum | None

    @property
    def name(self) -> str:
        """Name of the substance."""
        return symbol(self.substance)

    @property
    def chain_of_custody(self) -> CustodyModel | None:
        """The model of ISO 22095 by which it was kept; ``None``: its only origin is untraced, or in error."""
        return custody_model(self.origins, self.traced)

    @property
    def traced_share(self) -> Share:
        """The part that reaches an origin through no batch in error."""
        return self.traced.traced

    @property
    def recycled_share(self) -> float:
        """Post- and pre-consumer together, 0 to 1."""
        return float(self.recycled.total)


@dataclass(frozen=True, slots=True)
class ChainReference:
    """What the numbers were computed from: every event of these contracts up to this block.

    ``newest_record_at`` is the time of the newest block that holds one, UTC seconds.
    """

    chain_id: int
    genesis_hash: bytes
    block: int
    block_hash: bytes
    ledger: bytes
    registry: bytes
    newest_record_at: int


@dataclass(frozen=True, slots=True)
class Declaration:
    """Footprint, origins and recycled content of one batch.

    Attributes:
        batch: its full name.
        batch_id: its id.
        material: its material's slug.
        material_name: its material's name.
        made_by: who made it.
        made_at: the facility where it was made.
        state: where its life stands.
        made_mass_mg: what it weighed when it was made, mg.
        pieces: how many pieces it was made as; 0 where they were not counted.
        footprint: its CO2e as recorded; :attr:`used` is what is declared.
        per_kg: that of one kilogram.
        substances: by number, ascending.
        journeys: of each substance, by its number, where it has been.
        suppliers: who took part, by their short names.
        corrections: what was put right, in chain order.
        unknown: what is not known.
        earlier_lives: the first lives of products that came back and are in it.
        marks: what stands in its way now: ``frozen``, ``disputed``, ``held``, ``recalled``.
        reversed: how many operations of its lineage were taken back.
        tainted: whether an error was declared in it or in anything upstream.
        troubles: what is wrong with it or upstream, the gravest first.
        batches: how many batches its lineage has.
        events: how many events.
        chain: what this was computed from.
    """

    batch: str
    batch_id: int
    material: str
    material_name: str
    made_by: Participant
    made_at: Facility
    state: BatchState
    made_mass_mg: int
    pieces: int
    footprint: Footprint
    per_kg: PerKilogram
    substances: tuple[SubstanceStatement, ...]
    journeys: Mapping[int, tuple[JourneyStep, ...]]
    suppliers: tuple[Supplier, ...]
    corrections: tuple[Correction, ...]
    unknown: Unknown
    earlier_lives: tuple[EarlierLife, ...]
    marks: tuple[str, ...]
    reversed: int
    tainted: bool
    troubles: tuple[Trouble, ...]
    batches: int
    events: int
    chain: ChainReference

    @property
    def used(self) -> Footprint | RestatedFootprint:
        """The footprint that is declared: with what is known better, where something is (Rule 8)."""
        return self.footprint.used


def declare(index: IndexReader, batch: int, *, stages: StageTable | None = None) -> Declaration:
    """The declaration of a batch as of the last block in the index.

    Args:
        index: an open index, synced.
        batch: the batch's id.
        stages: which life-cycle stage is whose; by default the package's table.

    Raises:
        UnknownNameError: there is no such batch.
        VerificationError: the indexed events do not fit together.
    """
    with index.snapshot():
        found = index.batch(batch)
        status = index.status()
        if found is None or status.block is None or status.hash is None:
            raise UnknownNameError(f"there is no batch {id_text(batch)}")
        traced, walk, before = trace_and_walk(index, index.steps, batch, More(passing=True), stages=stages)
        material = index.material(traced.material)
        maker = index.participant_at(found.creator)
        facility = index.facility_by_id(found.facility)
        if material is None or maker is None or facility is None:
            raise UnknownNameError(f"the maker or the material of {traced.batch} is not in the index")
        at = index.time_of(status.block)
        told = _told(Upstream(index.steps, walk, before), traced, index, at)
    return Declaration(
        batch=traced.batch,
        batch_id=batch,
        material=material.slug,
        material_name=material.name,
        made_by=maker,
        made_at=facility,
        state=traced.state,
        made_mass_mg=traced.made_mass_mg,
        pieces=found.pieces,
        footprint=traced.footprint,
        per_kg=per_kilogram(traced, found),
        substances=tuple(_substance(traced, number) for number in traced.made_substances_mg),
        journeys=told.journeys,
        suppliers=told.suppliers,
        corrections=told.corrections,
        unknown=told.unknown,
        earlier_lives=traced.earlier_lives,
        marks=tuple(name for name in MARKS if getattr(traced, name)),
        reversed=traced.reversed,
        tainted=traced.tainted,
        troubles=tuple(told.troubles),
        batches=traced.batches,
        events=traced.events,
        chain=_chain(status, status.block, status.hash, at),
    )


class _Told(NamedTuple):
    """What a declaration tells beyond a trace."""

    journeys: Mapping[int, tuple[JourneyStep, ...]]
    suppliers: tuple[Supplier, ...]
    corrections: tuple[Correction, ...]
    unknown: Unknown
    troubles: Sequence[Trouble]


def _told(upstream: Upstream, traced: Trace, index: IndexReader, at: int) -> _Told:
    names = Names(index)
    journeys = Journeys(upstream, traced.id, names, traced.origins)
    corrections = Corrections(upstream, names, index)
    people: set[bytes] = set()
    private: set[Text] = set()
    # Once through the events, whatever is told of them.
    for recorded in upstream.events():
        journeys.see(recorded)
        corrections.see(recorded)
        people.update(recorded.event.parties)
        private.update(text for text, _ in disclosable_of(recorded, upstream.keys))
    named = named_upstream(upstream, people, traced.id, index)
    suppliers = suppliers_of(named, index, at)
    return _Told(
        journeys.found(),
        suppliers,
        corrections.found(),
        unknown_of(traced, private, suppliers),
        troubles_of(traced, named, index),
    )


def _chain(status: IndexStatus, block: int, block_hash: bytes, at: int) -> ChainReference:
    follows = status.follows
    return ChainReference(
        chain_id=follows.chain_id,
        genesis_hash=follows.genesis_hash,
        block=block,
        block_hash=block_hash,
        ledger=follows.ledger,
        registry=follows.registry,
        newest_record_at=at,
    )


def _substance(traced: Trace, number: int) -> SubstanceStatement:
    origins = [item for item in traced.origins if item.substance == number]
    return SubstanceStatement(
        substance=number,
        mass_mg=traced.made_substances_mg[number],
        origins=tuple(sorted(origins, key=lambda item: item.share, reverse=True)),
        recycled=traced.recycled_content[number],
        traced=traced.traced[number],
        booked_mg=traced.booked_mg[number],
        minimum=MINIMUMS.get(number),
    )
