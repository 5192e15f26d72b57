"""What an audit reads. :class:`traceledger.index.Index` is such a source.

Example:
    >>> Coordinates(-10_716_000, 25_466_000).degrees
    (-10.716, 25.466)
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from traceledger.events import RecordedEvent
from traceledger.index.records_reader import Booked
from traceledger.model.assurance import Assessment, Finding
from traceledger.model.batches import Batch
from traceledger.model.registry import Approval, Facility, Material, Participant
from traceledger.model.units import MICRO_DEGREES


class Source(Protocol):
    """The part of an index that an audit reads."""

    def head_block(self) -> int | None:
        """Number of the last block that the source holds."""

    def each_event(self) -> Iterable[RecordedEvent]:
        """Every event that concerns a batch, in chain order, read piece by piece."""

    def each_batch(self) -> Iterable[Batch]:
        """All batches as they are now, in the order in which they were made, read piece by piece."""

    def participants(self) -> list[Participant]:
        """All participants."""

    def facilities(self) -> list[Facility]:
        """All facilities."""

    def materials(self) -> list[Material]:
        """All materials."""

    def approvals(self) -> list[Approval]:
        """The approvals in force."""

    def assessments(self) -> list[Assessment]:
        """All assessments, in the order in which they were recorded."""

    def findings(self) -> list[Finding]:
        """All findings as they stand now, in the order in which they were raised."""

    def bookings(self) -> tuple[Booked, ...]:
        """What better measurements booked, in chain order."""


@dataclass(frozen=True, slots=True)
class Coordinates:
    """A place, in millionths of a degree (WGS 84)."""

    latitude: int
    longitude: int

    @property
    def degrees(self) -> tuple[float, float]:
        """Latitude and longitude in degrees."""
        return self.latitude / MICRO_DEGREES, self.longitude / MICRO_DEGREES


def coordinates(facility: Facility) -> Coordinates | None:
    """Where a facility says it is, if it does."""
    if facility.latitude is None or facility.longitude is None:
        return None
    return Coordinates(facility.latitude, facility.longitude)
