"""All footprints that a ledger and a company's master data give: of one batch, of a product, of all products.

Which products: the materials of the master data that the company made in their reference period, each for
every country where it was made, unless master data say which geography a footprint represents. A footprint
that lacks what the standard requires, or breaks a rule of it, is not given away: it is named, and why.

Example:
    >>> from traceledger.index.reading import IndexReader
    >>> def active(index: IndexReader, known: MasterData) -> list[str]:
    ...     return [each.id for each in Catalogue(index, known).all().footprints if each.is_active]
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from traceledger.errors import InputError, UnknownNameError, VerificationError
from traceledger.index.followed import stored_follows
from traceledger.interop.directory import Directory
from traceledger.interop.masterdata import MasterData
from traceledger.interop.pact.footprint import Of
from traceledger.interop.pact.issues import Issued, issued
from traceledger.interop.pact.memory import MOST, Memory
from traceledger.interop.pact.period import Period
from traceledger.interop.pact.states import states_of, states_of_production
from traceledger.interop.pact.subjects import Product, produced
from traceledger.interop.referee.hearing import Hearing, Node, Weight
from traceledger.interop.referee.pact import footprint
from traceledger.names import full_name

if TYPE_CHECKING:
    from traceledger.index.reading import IndexReader
    from traceledger.model.registry import Facility
    from traceledger.provenance.stages import StageTable

Thing = TypeVar("Thing")


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A product without a footprint that may be given away, and why, a clause each."""

    material: str
    country: str
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Given:
    """What may be given away.

    Attributes:
        footprints: by product, the newest of each first.
        left_out: what is not among them.
    """

    footprints: tuple[Issued, ...]
    left_out: tuple[LeftOut, ...]


class Catalogue:
    """Writes footprints from one state of an index.

    Args:
        index: where to read.
        known: the company's master data.
        stages: which life-cycle stage is whose; by default the package's table.
        memory: what was found at earlier blocks.
    """

    def __init__(
        self,
        index: IndexReader,
        known: MasterData,
        stages: StageTable | None = None,
        memory: Memory | None = None,
    ) -> None:
        self._memory = memory or Memory()
        self._recall = self._memory.of(index, stages)
        self._index = index
        self._known = known
        self._stages = stages
        self._own, self._others = Directory(index, known), Directory(index)

    def of_batch(self, batch: int) -> list[Issued]:
        """The footprints of one batch (id), the newest first; of who made it.

        Raises:
            UnknownNameError: there is no such batch.
            VerificationError: the index's events do not fit together.
        """
        found = self._index.batch(batch)
        if found is None:
            raise UnknownNameError("there is no such batch")
        maker = _required(self._index.participant_at(found.creator), "participant of that address")
        of = Of(
            company=maker,
            material=_required(self._index.material_by_id(found.material), "material of that id"),
            directory=self._directory(maker.slug),
            batch=full_name(maker.slug, found.identifier),
            sites=self._sites([batch]),
        )
        states, _ = states_of(self._index, batch, self._stages)
        return issued(of, states, self._ledger)

    def of_product(self, product: Product, period: Period) -> dict[str, list[Issued]]:
        """The footprints of what was produced in a period, by country, the newest first.

        Where master data say which geography it is, that is all of it, under an empty name.

        Raises:
            UnknownNameError: there is no such company or material.
            InputError: there are too many batches.
            VerificationError: the index's events do not fit together.
        """
        maker = _required(
            self._index.participant(product.participant), f"participant {product.participant!r}"
        )
        material = _required(self._index.material(product.material), f"material {product.material!r}")
        groups: Mapping[str, tuple[int, ...]] = produced(self._index, product)
        method = self._directory(maker.slug).known.footprint_of(material.slug)
        if method.country or method.region or method.subdivision:
            groups = {"": tuple(batch for each in groups.values() for batch in each)}
        found = {}
        for country, batches in groups.items():
            if not batches:
                continue
            of = Of(
                company=maker,
                material=material,
                directory=self._directory(maker.slug),
                period=period,
                sites=self._sites(batches),
            )
            states = states_of_production(batches, self._recall.states)
            found[country] = issued(of, states, self._ledger)
        return found

    def all(self) -> Given:
        """The footprints of all products of the master data."""
        given: list[Issued] = []
        left_out: list[LeftOut] = []
        for said in sorted(self._known.materials, key=lambda each: each.material):
            try:
                period = self._period(said.material)
                product = Product(
                    participant=self._known.participant,
                    material=said.material,
                    since=period.start,
                    until=period.end,
                )
                groups = self.of_product(product, period)
            except (InputError, UnknownNameError) as error:
                left_out.append(LeftOut(said.material, "", (error.what,)))
                continue
            for country, found in groups.items():
                whole = [each for each in found if not self._wrong(each)]
                given += whole
                if found and not whole:
                    left_out.append(LeftOut(said.material, country, self._wrong(found[0])))
        return Given(tuple(given), tuple(left_out))

    def _wrong(self, one: Issued) -> tuple[str, ...]:
        """Why a footprint may not be given away: what it lacks, and what breaks a rule of the standard."""
        if one.lacks:
            return one.lacks
        known = self._memory.faults
        found = known.get(one.id)
        if found is None:
            if len(known) >= MOST:
                known.clear()
            found = known[one.id] = _faults(one)
        return found

    def _directory(self, maker: str) -> Directory:
        """What a company's master data say of its own products they do not say of another's."""
        return self._own if maker == self._known.participant else self._others

    def _period(self, material: str) -> Period:
        method = self._known.footprint_of(material)
        if method.reference_from is None or method.reference_until is None:
            raise InputError(
                "master data say no reference period: [footprint] reference_from and reference_until"
            )
        return Period.of_days(method.reference_from, method.reference_until)

    def _sites(self, batches: list[int] | tuple[int, ...]) -> tuple[Facility, ...]:
        made = {each.facility for each in self._index.many.batches(batches).values()}
        return tuple(self._index.many.facilities(sorted(made)).values())

    @property
    def _ledger(self) -> dict[str, Any]:
        follows = stored_follows(self._index.database)
        if follows is None:
            raise VerificationError("the index follows nothing yet")
        return {"chain_id": follows.chain_id, "contract": follows.ledger.hex()}


def _faults(one: Issued) -> tuple[str, ...]:
    hearing = Hearing()
    footprint(hearing, Node(dict(one.exported.document)))
    return tuple(f"{each.pointer}: {each.what}" for each in hearing.of(Weight.FAULT))


def _required(found: Thing | None, what: str) -> Thing:
    if found is None:
        raise UnknownNameError(f"there is no {what}")
    return found
