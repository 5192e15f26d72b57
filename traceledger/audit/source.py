"""What an audit reads: the index, and what auditors stated of participants.

:class:`traceledger.index.Index` is such a source. Assessments, findings and coordinates are read where the
source has them; one that has none counts as silent, not as wrong.

Example:
    >>> Coordinates(-10_716_000, 25_466_000).degrees
    (-10.716, 25.466)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from traceledger.events import RecordedEvent
from traceledger.model import Approval, Batch, Facility, Material, Participant

MICRO = 1_000_000
HIGH_RISK = 3
"""Value of a country or category risk rated high (1 low, 2 medium)."""


class Source(Protocol):
    """The part of an index that an audit reads."""

    def head_block(self) -> int | None:
        """Number of the last block that the source holds."""

    def histories(
        self, batches: Sequence[int], *, as_of: int | None = None, takes: bool = True
    ) -> Mapping[int, tuple[RecordedEvent, ...]]:
        """Every event that concerns each batch, in chain order."""

    def batches(self) -> list[Batch]:
        """All batches as they are now, in the order in which they were made."""

    def participants(self) -> list[Participant]:
        """All participants."""

    def facilities(self) -> list[Facility]:
        """All facilities."""

    def materials(self) -> list[Material]:
        """All materials."""

    def approvals(self) -> list[Approval]:
        """The approvals in force."""


@dataclass(frozen=True, slots=True)
class Coordinates:
    """A place, in millionths of a degree (WGS 84)."""

    latitude: int
    longitude: int

    @property
    def degrees(self) -> tuple[float, float]:
        """Latitude and longitude in degrees."""
        return self.latitude / MICRO, self.longitude / MICRO


@dataclass(frozen=True, slots=True)
class AssessmentFact:
    """What an auditor stated of a participant (address), or of one of its facilities (id)."""

    name: str
    participant: bytes
    facility: int | None
    kind: str
    scheme: str
    value: int
    valid_from: int
    valid_until: int

    def valid_at(self, moment: int) -> bool:
        """Whether it is in force at that time."""
        return self.valid_from <= moment <= self.valid_until


@dataclass(frozen=True, slots=True)
class FindingFact:
    """A finding against a participant (address) or one of its facilities (id), as it stands now."""

    name: str
    participant: bytes
    facility: int | None
    severity: str
    category: str
    due_at: int
    closed: bool


def coordinates(facility: Facility) -> Coordinates | None:
    """Where a facility says it is, if it does."""
    latitude, longitude = getattr(facility, "latitude", None), getattr(facility, "longitude", None)
    return None if latitude is None or longitude is None else Coordinates(latitude, longitude)


def assessments(source: Source, slugs: Mapping[bytes, str]) -> tuple[AssessmentFact, ...]:
    """All assessments of a source, in the order in which they were recorded."""
    return tuple(
        AssessmentFact(
            name=_name(_author(item), item.identifier, slugs),
            participant=item.participant,
            facility=item.facility or None,
            kind=item.kind,
            scheme=item.scheme,
            value=item.value,
            valid_from=item.valid_from,
            valid_until=item.valid_until,
        )
        for item in _all(source, "assessments")
    )


def findings(source: Source, slugs: Mapping[bytes, str]) -> tuple[FindingFact, ...]:
    """All findings of a source, in the order in which they were raised."""
    return tuple(
        FindingFact(
            name=_name(_author(item), item.identifier, slugs),
            participant=item.participant,
            facility=item.facility or None,
            severity=_slug(item.severity),
            category=item.category,
            due_at=item.due_at,
            closed=_slug(item.state) == "closed",
        )
        for item in _all(source, "findings")
    )


def _all(source: Source, reader: str) -> Iterable[Any]:
    read = getattr(source, reader, None)
    return () if read is None else read()


def _author(item: Any) -> bytes:
    """Who assessed or raised something, under whichever name the source keeps it."""
    fields = ("assessor", "auditor", "raised_by")
    author: bytes = next(getattr(item, field) for field in fields if hasattr(item, field))
    return author


def _name(author: bytes, identifier: str, slugs: Mapping[bytes, str]) -> str:
    return f"{slugs.get(author, '0x' + author.hex())}/{identifier}"


def _slug(value: Any) -> str:
    """The name of an enumeration's member, however it is kept."""
    return str(getattr(value, "name", value)).lower()
