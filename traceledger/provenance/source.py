"""What provenance reads: the histories of batches, and the names of those who made them.

:class:`traceledger.index.Index` is such a source; a verified proof file is another.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from traceledger.events import RecordedEvent
from traceledger.model.hexadecimal import hexed, id_text
from traceledger.model.registry import Facility, Material, Participant


class Source(Protocol):
    """Recorded events by batch, and the registry's names."""

    def head_block(self) -> int | None:
        """Number of the last block that the source holds."""

    def histories(
        self, batches: Sequence[int], *, as_of: int | None = None, takes: bool = True
    ) -> Mapping[int, tuple[RecordedEvent, ...]]:
        """Every event that concerns each batch, in chain order; the first is the one that made it.

        Args:
            batches: ids; unknown ones are left out of the answer.
            as_of: up to this block, included.
            takes: also the events that only took from a batch to make others.
        """

    def participant_at(self, address: bytes) -> Participant | None:
        """The participant of that address."""

    def facility_by_id(self, facility: int) -> Facility | None:
        """The facility of that id."""

    def material_by_id(self, material: int) -> Material | None:
        """The material of that id."""


class Names:
    """Names as people read them; ids and addresses stand for what the source does not know."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._slugs: dict[bytes, str] = {}
        self._facilities: dict[int, Facility | None] = {}

    def slug(self, participant: bytes) -> str:
        """Slug of the participant at an address."""
        if participant not in self._slugs:
            found = self._source.participant_at(participant)
            self._slugs[participant] = found.slug if found else hexed(participant)
        return self._slugs[participant]

    def full(self, participant: bytes, identifier: str) -> str:
        """``slug/identifier`` of what a participant named."""
        return f"{self.slug(participant)}/{identifier}"

    def facility(self, facility: int) -> str:
        """``participant/identifier`` of a facility."""
        found = self.site(facility)
        return self.full(found.participant, found.identifier) if found else id_text(facility)

    def site(self, facility: int) -> Facility | None:
        """The facility itself."""
        if facility not in self._facilities:
            self._facilities[facility] = self._source.facility_by_id(facility)
        return self._facilities[facility]

    def material(self, material: int) -> str:
        """Slug of a material."""
        found = self._source.material_by_id(material)
        return found.slug if found else id_text(material)
