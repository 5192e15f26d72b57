"""Lots of batteries: batches on the ledger, traced, with the references of the events that tell of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from traceledger.errors import InputError, UnknownNameError
from traceledger.events import RecordedEvent
from traceledger.model.batches import Batch
from traceledger.provenance import Direction, Lineage, StageTable, Trace, lineage, trace_of

if TYPE_CHECKING:
    from traceledger.index import IndexReader


@dataclass(frozen=True, slots=True)
class Lot:
    """Batteries that were made as one batch, traced.

    Attributes:
        batch: the batch as it is now.
        upstream: its lineage, up.
        trace: what is known of it.
        pieces: how many batteries it is.
    """

    batch: Batch
    upstream: Lineage
    trace: Trace
    pieces: int

    @property
    def made(self) -> RecordedEvent:
        """The event that made it."""
        return self.upstream.nodes[self.batch.id].creation.at

    @property
    def made_at(self) -> int:
        """When it was made, as claimed, UTC seconds."""
        return self.made.event.occurred_at

    @property
    def making(self) -> tuple[str, ...]:
        """The event that made it, as a reference."""
        return references([self.made])

    @property
    def events(self) -> tuple[str, ...]:
        """All events from which its figures are computed, as references."""
        found = (item for node in self.upstream.replayed.values() for item in (node.creation.at, *node.later))
        return references(found)


def references(events: Iterable[RecordedEvent]) -> tuple[str, ...]:
    """Events as ``BLOCK/LOG``, once each, in the chain's order."""
    return tuple(at.reference for at in sorted({event.position for event in events}))


def merged(many: Iterable[Iterable[str]]) -> tuple[str, ...]:
    """References of several, once each, in the chain's order."""
    found = {reference for each in many for reference in each}
    return tuple(sorted(found, key=lambda each: tuple(map(int, each.split("/")))))


def lot_of(
    ledger: IndexReader, batch: int, unit_mass_mg: Fraction | None, as_of: int, stages: StageTable
) -> Lot:
    """A batch of batteries, traced.

    Raises:
        UnknownNameError: there is no such batch at that block.
        InputError: its mass is no whole number of pieces.
    """
    found = ledger.batch(batch)
    if found is None:
        raise UnknownNameError("there is no such batch")
    upstream = lineage(ledger, batch, Direction.UP, as_of=as_of)
    traced = trace_of(upstream, ledger, stages)
    return Lot(found, upstream, traced, _pieces(found, traced, unit_mass_mg))


def _pieces(batch: Batch, traced: Trace, unit_mass_mg: Fraction | None) -> int:
    if batch.pieces:
        return batch.pieces
    if unit_mass_mg is None:
        return 1
    pieces = traced.made_mass_mg / unit_mass_mg
    if pieces.denominator != 1 or not pieces:
        raise InputError(
            f"{traced.made_mass_mg} mg are no whole number of pieces of {float(unit_mass_mg)} mg",
            where=traced.batch,
            hint="mend unit_mass of the material in master data, or record pieces on the ledger",
        )
    return int(pieces)
