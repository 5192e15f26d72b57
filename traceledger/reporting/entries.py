"""Every emission that the ledger recorded, once, where and when it arose.

Four events emit: a mint, a transformation, an addition in custody, and a shipment (its transport). What they
emitted is shared over their batches as the contracts share it, so that what was booked on a batch declared
in error can be told apart; the shares of an event sum to what it emitted, to the milligram.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from traceledger.events import Position, RecordedEvent
from traceledger.model.batches import Batch
from traceledger.model.emissions import Emissions
from traceledger.model.registry import Facility, Material, Participant
from traceledger.names import Listed, Names
from traceledger.replay import year_of
from traceledger.replay.emissions import Occurrence, emitting, occurred_where, shares


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
        where: where they arose, who emitted, and by which process.
        batch: id of the batch on which they were booked.
        emissions: by scope, mg CO2e.
        in_error: whether an error was declared in that batch.
    """

    at: Position
    year: int
    where: Occurrence
    batch: int
    emissions: Emissions
    in_error: bool


@dataclass(frozen=True, slots=True)
class Produced:
    """A batch that was minted or made of others; those split off are not made anew."""

    year: int
    where: Occurrence
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
    event = emitting(item.event)
    if event is None:
        return
    for share in shares(event):
        if not share.emissions.total_mg:
            continue
        known = batches.get(share.batch)
        where = occurred_where(event, facilities.get(known.facility) if known else None)
        yield Emitted(
            at=item.position,
            year=year_of(event.occurred_at),
            where=where,
            batch=share.batch,
            emissions=share.emissions,
            in_error=known is not None and known.frozen,
        )


def _produced(item: RecordedEvent, batches: Mapping[int, Batch], names: Names) -> Iterator[Produced]:
    event = emitting(item.event)
    if event is None:
        return
    where = occurred_where(event, None)
    for new in event.makes:
        if new.material is None:
            continue
        known = batches.get(new.batch)
        yield Produced(
            year=year_of(event.occurred_at),
            where=where,
            material=names.material(new.material),
            mass_mg=new.mass_mg,
            in_error=known is not None and known.frozen,
        )
