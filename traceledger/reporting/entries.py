"""Every emission that the ledger recorded, once, where and when it arose.

Four events emit: a mint, a transformation, an addition in custody, and a shipment (its transport). What they
emitted is shared over their batches as the contracts share it, so that what was booked on a batch declared
in error can be told apart; the shares of an event sum to what it emitted, to the milligram.

Example:
    >>> collect.__name__
    'collect'
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from traceledger.events import (
    BatchMinted,
    EmissionsAdded,
    Position,
    RecordedEvent,
    ShipmentOffered,
    Transformed,
)
from traceledger.model.arithmetic import allocate
from traceledger.model.batches import Batch, Origin
from traceledger.model.emissions import AllocationRule, Emissions
from traceledger.model.registry import Facility, Material, Participant
from traceledger.names import Listed, Names
from traceledger.replay import year_of


class Source(Protocol):
    """The part of an index that a report reads."""

    def histories(
        self, batches: Sequence[int], *, as_of: int | None = None, takes: bool = True
    ) -> Mapping[int, tuple[RecordedEvent, ...]]:
        """Every event that concerns each batch, in chain order."""

    def batches(self) -> list[Batch]:
        """All batches as they are now."""

    def participants(self) -> list[Participant]:
        """All participants."""

    def facilities(self) -> list[Facility]:
        """All facilities."""

    def materials(self) -> list[Material]:
        """All materials."""


@dataclass(frozen=True, slots=True)
class Emitted:
    """Emissions of one event that were booked on one batch.

    Attributes:
        at: the event's place in the chain.
        year: calendar year (UTC) of the claimed time.
        participant: address of who emitted.
        facility: id of the facility; ``None`` in transport, and in custody away from one's facility.
        process: of a transformation its process; else mining, recycling, transport or the reason given.
        batch: id of the batch on which they were booked.
        emissions: by scope, mg CO2e.
        in_error: whether an error was declared in that batch.
    """

    at: Position
    year: int
    participant: bytes
    facility: int | None
    process: str
    batch: int
    emissions: Emissions
    in_error: bool


@dataclass(frozen=True, slots=True)
class Produced:
    """A batch that was minted or made of others; those split off are not made anew."""

    year: int
    participant: bytes
    facility: int
    process: str
    material: str
    mass_mg: int
    in_error: bool


@dataclass(frozen=True, slots=True)
class Records:
    """All that a report is computed from, in chain order, and the names of things."""

    emitted: tuple[Emitted, ...]
    produced: tuple[Produced, ...]
    names: Names

    @property
    def years(self) -> tuple[int, ...]:
        """The years in which something was emitted or made, ascending."""
        found = {item.year for item in self.emitted} | {item.year for item in self.produced}
        return tuple(sorted(found))


def collect(source: Source) -> Records:
    """Read every emission and every product from a source."""
    batches = {item.id: item for item in source.batches()}
    histories = source.histories(list(batches), takes=False)
    events = {item.position: item for history in histories.values() for item in history}
    registry = Listed(source.participants(), source.facilities(), source.materials())
    names = Names(registry)
    ordered = [events[position] for position in sorted(events)]
    return Records(
        emitted=tuple(one for item in ordered for one in _emitted(item, batches, registry.facilities)),
        produced=tuple(one for item in ordered for one in _produced(item, batches, names)),
        names=names,
    )


def _emitted(
    item: RecordedEvent, batches: Mapping[int, Batch], facilities: Mapping[int, Facility]
) -> Iterator[Emitted]:
    for batch, emissions in _shares(item):
        known = batches.get(batch)
        participant, facility, process = _where(item, known, facilities)
        yield Emitted(
            at=item.position,
            year=year_of(item.event.occurred_at),
            participant=participant,
            facility=facility,
            process=process,
            batch=batch,
            emissions=emissions,
            in_error=known is not None and known.frozen,
        )


def _shares(item: RecordedEvent) -> list[tuple[int, Emissions]]:
    """What an event emitted, by the batch on which it was booked; empty where it emitted nothing."""
    event = item.event
    if isinstance(event, BatchMinted | EmissionsAdded):
        shares = [(event.batch, event.emissions)]
    elif isinstance(event, ShipmentOffered):
        masses = [shipped.mass_mg for shipped in event.batches]
        shares = _shared(event.emissions, [shipped.batch for shipped in event.batches], masses)
    elif isinstance(event, Transformed):
        economic = event.allocation is AllocationRule.ECONOMIC
        weights = [made.weight if economic else made.mass_mg for made in event.outputs]
        shares = _shared(event.emissions, [made.batch for made in event.outputs], weights)
    else:
        shares = []
    return [(batch, emissions) for batch, emissions in shares if emissions.total_mg]


def _shared(emissions: Emissions, batches: list[int], weights: list[int]) -> list[tuple[int, Emissions]]:
    every = (emissions.scope1, emissions.scope2, emissions.scope3, emissions.primary)
    parts = zip(*(allocate(total, weights) for total in every), strict=True)
    return [(batch, Emissions(*part)) for batch, part in zip(batches, parts, strict=True)]


def _where(
    item: RecordedEvent, batch: Batch | None, facilities: Mapping[int, Facility]
) -> tuple[bytes, int | None, str]:
    """Who emitted, at which facility if at one, and by which process."""
    event = item.event
    if isinstance(event, BatchMinted):
        return event.creator, event.facility, _minting(event)
    if isinstance(event, Transformed):
        return event.participant, event.facility, event.process
    if isinstance(event, ShipmentOffered):
        return event.sender, None, "transport"
    if not isinstance(event, EmissionsAdded):
        raise TypeError("this event emits nothing")
    site = facilities.get(batch.facility) if batch else None
    at_home = site is not None and site.participant == event.custodian
    return event.custodian, site.id if site and at_home else None, event.reason or "custody"


def _minting(event: BatchMinted) -> str:
    return "mining" if event.origin is Origin.MINED else "recycling"


def _produced(item: RecordedEvent, batches: Mapping[int, Batch], names: Names) -> Iterator[Produced]:
    event = item.event
    if isinstance(event, BatchMinted):
        made = [(event.batch, event.material, event.mass_mg)]
        participant, facility, process = event.creator, event.facility, _minting(event)
    elif isinstance(event, Transformed):
        made = [(output.batch, output.material, output.mass_mg) for output in event.outputs]
        participant, facility, process = event.participant, event.facility, event.process
    else:
        return
    for batch, material, mass in made:
        known = batches.get(batch)
        frozen = known is not None and known.frozen
        slug = names.material(material)
        yield Produced(year_of(event.occurred_at), participant, facility, process, slug, mass, frozen)
