"""A source that tells events and has no steps, with the names of an index."""

from __future__ import annotations

from collections.abc import Mapping

from traceledger.events import RecordedEvent
from traceledger.index.reading import IndexReader
from traceledger.model.registry import Facility, Material, Participant


class EventsOnly:
    """What is left to tell are ``head_block`` and ``histories``.

    Args:
        index: whose names it gives.
    """

    def __init__(self, index: IndexReader) -> None:
        self.index = index

    def upstream_histories(self, batch: int, *, as_of: int) -> Mapping[int, tuple[RecordedEvent, ...]]:
        """None: to ask level by level costs nothing here."""
        return {}

    def participant_at(self, address: bytes) -> Participant | None:
        return self.index.participant_at(address)

    def facility_by_id(self, facility: int) -> Facility | None:
        return self.index.facility_by_id(facility)

    def material_by_id(self, material: int) -> Material | None:
        return self.index.material_by_id(material)
