"""The CO2e of a batch, or on average of many, as formats of the industry ask for it. Exact, in mg.

Figures are those that count: restated where something was restated, of what is left where something was
taken. What was recorded of a batch after it had left its maker is in :attr:`CarbonFigures.whole`, and told
apart: a footprint *cradle to gate* is :attr:`CarbonFigures.gate`.

Example:
    >>> one = Amounts(total=Fraction(6), primary=Fraction(3))
    >>> (one + one * Fraction(1, 2)).total, one.primary_share
    (Fraction(9, 1), Fraction(1, 2))
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from fractions import Fraction
from typing import TYPE_CHECKING

from traceledger.events import EmissionsAdded, EmittingEvent, Position, ShipmentOffered
from traceledger.model.emissions import PARTS
from traceledger.model.units import MG_PER_KG
from traceledger.names import Names
from traceledger.provenance.co2e import Footprint, footprint
from traceledger.provenance.left import what_is_left
from traceledger.provenance.lineage import Lineage
from traceledger.provenance.steps import at_of, steps_of
from traceledger.replay.emissions import emitting
from traceledger.walk import ONE, Restated, Step, coefficients, in_force

if TYPE_CHECKING:
    from traceledger.provenance.source import Source
    from traceledger.provenance.stages import StageTable

_ZERO = Fraction(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Amounts:
    """CO2e, mg.

    Attributes:
        total: by the three scopes together; what follows, but for the last, is a part of it each.
        primary: from primary data.
        biogenic: biogenic emissions.
        land_use: from land use and its change.
        aviation: from aircraft.
        removals: an amount of its own, positive, never netted.
    """

    total: Fraction = _ZERO
    primary: Fraction = _ZERO
    biogenic: Fraction = _ZERO
    land_use: Fraction = _ZERO
    aviation: Fraction = _ZERO
    removals: Fraction = _ZERO

    @property
    def fossil(self) -> Fraction:
        """What is neither biogenic nor from land use."""
        return self.total - self.biogenic - self.land_use

    @property
    def primary_share(self) -> Fraction:
        """The part from primary data, 0 to 1 (rounding may pass that); 0 where nothing was emitted."""
        return min(Fraction(1), max(_ZERO, self.primary / self.total)) if self.total else _ZERO

    def __add__(self, other: Amounts) -> Amounts:
        return Amounts(**{each.name: getattr(self, each.name) + getattr(other, each.name) for each in _ALL})

    def __sub__(self, other: Amounts) -> Amounts:
        return self + other * Fraction(-1)

    def __mul__(self, by: Fraction) -> Amounts:
        return Amounts(**{each.name: getattr(self, each.name) * by for each in _ALL})


_ALL = fields(Amounts)


@dataclass(frozen=True, slots=True, kw_only=True)
class CarbonFigures:
    """The CO2e that a mass bears.

    Attributes:
        batches: ids of the batches that it is of.
        mass_mg: the mass, mg: divide by it.
        whole: everything, to the chain's milligram for one batch.
        later: of that, what was recorded of a batch after its making by others than its maker, and transport.
        outbound: of that, transport for which the maker shipped it.
        by_stage: of ``whole``, by life-cycle stage.
        tells_parts: whether any record tells biogenic parts and the like; else those are not known to be 0.
        restated: whether something of it was restated.
        confirmed: whether an auditor confirmed all that was restated; also where nothing was.
        left: whether it is what is left of the batches, or of one of them; else what they were made with.
        first_at: when the earliest of what it bears up to the gate occurred, UTC seconds.
        last_at: when the latest did.
        positions: where the events stand that it was computed from, in the chain's order.
    """

    batches: tuple[int, ...]
    mass_mg: int
    whole: Amounts
    later: Amounts
    outbound: Fraction
    by_stage: Mapping[str, Fraction]
    tells_parts: bool
    restated: bool
    confirmed: bool
    left: bool
    first_at: int
    last_at: int
    positions: tuple[Position, ...]

    @property
    def gate(self) -> Amounts:
        """What it bears where it leaves its maker: cradle to gate."""
        return self.whole - self.later

    @property
    def events(self) -> tuple[str, ...]:
        """Where the events stand that it was computed from, ``BLOCK/LOG``, in the chain's order."""
        return tuple(at.reference for at in self.positions)

    def per_kilogram(self, amount: Fraction) -> Fraction:
        """Mg CO2e of one kilogram, of an amount of these figures."""
        return amount * MG_PER_KG / self.mass_mg


def figures_of(
    upstream: Lineage, source: Source, stages: StageTable | None = None, *, as_made: bool = False
) -> CarbonFigures:
    """The figures of one batch: of what is left of it, of an empty one of the whole.

    Args:
        upstream: its lineage, up.
        source: where that was read, for names.
        stages: which life-cycle stage is whose; by default the package's table.
        as_made: of all that the batch was made with, and what was added since, whatever is left of it.

    Raises:
        VerificationError: the source's events do not fit together.
    """
    left = None if as_made else what_is_left(upstream)
    asked = upstream if left is None else left
    steps = steps_of(asked)
    found = footprint(asked, Names(source), stages)
    return _Batch(upstream, asked, steps, found).figures()


def average(of: Iterable[CarbonFigures], masses_mg: Iterable[int]) -> CarbonFigures:
    """The figures of many batches together, each weighted by a mass, such as that with which it was made.

    So the production of a period is averaged, whatever of it is left: a kilogram of each batch counts as that
    batch's own kilogram does.

    Args:
        of: of each batch; one at least.
        masses_mg: by what each counts, mg.
    """
    weighted = [(each, Fraction(mass, each.mass_mg), mass) for each, mass in zip(of, masses_mg, strict=True)]
    known = [each for each, _, _ in weighted]
    return CarbonFigures(
        batches=tuple(batch for each in known for batch in each.batches),
        mass_mg=sum(mass for _, _, mass in weighted),
        whole=sum((each.whole * part for each, part, _ in weighted), Amounts()),
        later=sum((each.later * part for each, part, _ in weighted), Amounts()),
        outbound=sum((each.outbound * part for each, part, _ in weighted), _ZERO),
        by_stage=_weighted((each.by_stage, part) for each, part, _ in weighted),
        tells_parts=any(each.tells_parts for each in known),
        restated=any(each.restated for each in known),
        confirmed=all(each.confirmed for each in known),
        left=any(each.left for each in known),
        first_at=min(each.first_at for each in known),
        last_at=max(each.last_at for each in known),
        positions=tuple(sorted({at for each in known for at in each.positions})),
    )


class _Batch:
    """One batch.

    Args:
        upstream: its lineage, up.
        asked: the lineage of what is left of it, or the same.
        steps: of ``asked``.
        found: the footprint of ``asked``.
    """

    def __init__(self, upstream: Lineage, asked: Lineage, steps: Sequence[Step], found: Footprint) -> None:
        self._upstream = upstream
        self._asked = asked
        self._steps = steps
        self._found = found
        self._maker = upstream.nodes[upstream.batch].creation
        self._events = {item.position: item.event for item in upstream.recorded}
        emits = {at: emitting(event) for at, event in self._events.items()}
        # Where nothing asks for coefficients not all takes are known; those of the batch itself always are.
        borne = coefficients(steps, asked.batch).records
        known = in_force(steps)
        self._records = {
            at: (event, known.get(at_of(at), event.emissions), Fraction(borne.get(at_of(at), 0), ONE))
            for at, event in emits.items()
            if event is not None
        }
        self._later = {at for at, (event, _, _) in self._records.items() if self._is_later(at, event)}

    def figures(self) -> CarbonFigures:
        used = self._found.used
        gate = [row.at for row in used.by_record if row.at not in self._later]
        occurred = [self._events[at].occurred_at for at in gate] + [self._maker.event.occurred_at]
        later = sum(row.mg for row in used.by_record if row.at in self._later)
        shipped = [row.mg for row in used.by_record if row.at in self._later and self._is_sent(row.at)]
        return CarbonFigures(
            batches=(self._upstream.batch,),
            mass_mg=self._asked.nodes[self._asked.batch].creation.mass_mg,
            whole=self._amounts(used.total_mg, Fraction(used.primary_mg), self._records),
            later=self._amounts(later, self._summed("primary", self._later), self._later),
            outbound=Fraction(sum(shipped)),
            by_stage={name: Fraction(mg) for name, mg in used.by_stage.items()},
            tells_parts=self._tells_parts(),
            restated=self._found.restated is not None,
            confirmed=self._found.restated is None or self._found.restated.confirmed,
            left=self._asked is not self._upstream,
            first_at=min(occurred),
            last_at=max(occurred),
            positions=self._positions(),
        )

    def _is_later(self, at: Position, event: EmittingEvent) -> bool:
        """Whether a record is of the batch itself after it was made, and none of its maker's own at work."""
        if at <= self._maker.at.position:
            return False
        return isinstance(event, ShipmentOffered) or (
            isinstance(event, EmissionsAdded) and event.custodian != self._maker.creator
        )

    def _is_sent(self, at: Position) -> bool:
        event = self._events[at]
        return isinstance(event, ShipmentOffered) and event.sender == self._maker.creator

    def _amounts(self, total_mg: int, primary: Fraction, of: Iterable[Position]) -> Amounts:
        records = tuple(of)
        return Amounts(
            total=Fraction(total_mg),
            primary=primary,
            **{name: self._summed(name, records) for name in (*PARTS, "removals")},
        )

    def _summed(self, name: str, of: Iterable[Position]) -> Fraction:
        """What the batch bears of one part of the emissions of records; the sum is not rounded."""
        told = (self._records[at] for at in of)
        return sum((getattr(emissions, name) * part for _, emissions, part in told), _ZERO)

    def _tells_parts(self) -> bool:
        return any(emissions.tells_parts for _, emissions, _ in self._records.values())

    def _positions(self) -> tuple[Position, ...]:
        """Of the records that it bears some of, of what restates those, and of its making."""
        borne = {row.at for row in self._found.used.by_record}
        borne |= {at for at, (_, emissions, part) in self._records.items() if part and emissions.removals}
        of = {at_of(at) for at in borne}
        said = {step.at for step in self._steps if isinstance(step, Restated) and step.of in of}
        better = {at for at in self._events if at_of(at) in said}
        return tuple(sorted({*borne, *better, self._maker.at.position}))


def _weighted(of: Iterable[tuple[Mapping[str, Fraction], Fraction]]) -> dict[str, Fraction]:
    found: dict[str, Fraction] = defaultdict(Fraction)
    for amounts, part in of:
        for name, mg in amounts.items():
            found[name] += mg * part
    return dict(sorted(found.items()))
