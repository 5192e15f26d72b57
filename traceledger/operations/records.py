"""What calldata that follows from the state asks of the index, beside batches and shipments as they are now.

A batch says how many events name it (``events``), whether it may be received, and who holds it up; a
shipment its ``emissions``, its ``batches`` in the order offered, and those that are ``open``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from traceledger.events import EmissionsAdded, EmissionsRestated, Transformed
    from traceledger.model.batches import RecordKind
    from traceledger.replay.trail import Entry


class Records(Protocol):
    """What is asked of the index by who reverses, restates, confirms, or sends a frozen lot back."""

    def trail(self, batch: int) -> tuple[Entry, ...]:
        """The entries of a batch's trail that were not reversed, oldest first; empty where it is unknown."""

    def transformation(self, transformation: int) -> Transformed | None:
        """A run as it was recorded, also one that was reversed since; ``None``: there is none."""

    def emissions_record(self, record: int) -> EmissionsAdded | None:
        """Emissions that were added to a batch under a name of their own."""

    def restatement(self, kind: RecordKind, record: int) -> EmissionsRestated | None:
        """What was restated last of a record; ids of several kinds can be the same."""
