"""Batches and events without what no rule asks for, so that an audit can keep those of a whole ledger.

A batch with the event that made it takes 4 kB as the index gives them. Most of that are texts, documents,
masses that no rule compares, and the same ids and addresses over and over, each time as another object.

Example:
    >>> Shared().one(bytes(20)) == bytes(20)
    True
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from traceledger.events import (
    Arrived,
    BatchMinted,
    BatchSplit,
    LedgerEvent,
    Made,
    RecordedEvent,
    ShipmentOffered,
    ShipmentReceived,
    Shipped,
    Taken,
    Transformed,
)
from traceledger.model.batches import Batch, BatchState
from traceledger.model.emissions import Emissions
from traceledger.model.evidence import Evidence
from traceledger.model.frozen import changed, frozen

Value = TypeVar("Value", int, bytes)
_NO_EMISSIONS = Emissions()
_NO_HASH = b""


@frozen
class Now:
    """A batch as it is now; the fields are those of :class:`~traceledger.model.batches.Batch`.

    ``wrong``: an error is declared in it, by its maker or an auditor (Rule 8).
    """

    id: int
    creator: bytes
    identifier: str
    material: int
    facility: int
    custodian: bytes
    state: BatchState
    mass_mg: int
    frozen: bool
    wrong: bool
    waste: bool
    off_specification: bool


class Shared:
    """Makes equal values one object: every batch and event names a few sites, materials and companies."""

    def __init__(self) -> None:
        self._values: dict[int | bytes, int | bytes] = {}
        self._batches: dict[int, int] = {}

    def one(self, value: Value) -> Value:
        """The first value that was equal to it."""
        found: Value = self._values.setdefault(value, value)  # type: ignore[assignment]
        return found

    def batch(self, batch: int) -> int:
        """The id of a batch, as the first that gave it; of one that is not known, as it is."""
        return self._batches.get(batch, batch)

    def now(self, batch: Batch) -> Now:
        """A batch as it is now."""
        id_ = self._batches.setdefault(batch.id, batch.id)
        return Now(
            id=id_,
            creator=self.one(batch.creator),
            identifier=batch.identifier,
            material=self.one(batch.material),
            facility=self.one(batch.facility),
            custodian=self.one(batch.custodian),
            state=batch.state,
            mass_mg=batch.mass_mg,
            frozen=batch.frozen,
            wrong=batch.disputed or batch.error_by_auditor,
            waste=batch.waste,
            off_specification=batch.off_specification,
        )

    def event(self, item: RecordedEvent) -> RecordedEvent:
        """An event with what rules ask for, and nothing else.

        Of what was taken for a run there is no substance any more: :class:`~traceledger.audit.facts.Run` has
        the sums. Of emissions only those of a making say something, by themselves: see
        :class:`~traceledger.audit.facts.Making`.
        """
        time = self.one(item.timestamp)
        return RecordedEvent(item.block, time, 0, item.log_index, _NO_HASH, self._slim(item.event))

    def _slim(self, event: LedgerEvent) -> LedgerEvent:
        match event:
            case BatchMinted():
                return self._minted(event)
            case Transformed():
                return self._transformed(event)
            case BatchSplit(parent=parent, custodian=holder):
                at = self.batch(parent), self.one(holder)
                return changed(event, parent=at[0], custodian=at[1], children=(), evidence=())
            case ShipmentOffered():
                return self._offered(event)
            case ShipmentReceived(batches=lots):
                came = tuple(Arrived(self.batch(lot.batch), lot.mass_mg, lot.difference, {}) for lot in lots)
                return changed(event, receiver=self.one(event.receiver), batches=came, tag=b"", evidence=())
            case _:  # They are few, or small.
                return event

    def _offered(self, event: ShipmentOffered) -> ShipmentOffered:
        return changed(
            event,
            sender=self.one(event.sender),
            receiver=self.one(event.receiver),
            owner=b"",
            emissions=_NO_EMISSIONS,
            batches=tuple(Shipped(self.batch(lot.batch), lot.mass_mg, 0) for lot in event.batches),
            evidence=(),
        )

    def _minted(self, event: BatchMinted) -> BatchMinted:
        return changed(
            event,
            batch=self.batch(event.batch),
            creator=self.one(event.creator),
            facility=self.one(event.facility),
            material=self.one(event.material),
            emissions=_NO_EMISSIONS,
            substances_mg=plain(event.substances_mg),
            # Of documents only which they are.
            evidence=tuple(Evidence("", item.sha256) for item in event.evidence),
        )

    def _transformed(self, event: Transformed) -> Transformed:
        return changed(
            event,
            participant=self.one(event.participant),
            facility=self.one(event.facility),
            inputs=tuple(self._taken(item) for item in event.inputs),
            outputs=tuple(self._made(item) for item in event.outputs),
            emissions=_NO_EMISSIONS,
            losses_mg={},
            evidence=(),
        )

    def _taken(self, item: Taken) -> Taken:
        return Taken(self.batch(item.batch), item.mass_mg, 0, 0, 0, {})

    def _made(self, item: Made) -> Made:
        batch, material = self.batch(item.batch), self.one(item.material)
        held = plain(item.substances_mg)
        return changed(
            item, batch=batch, material=material, primary_mg=0, weight=0, substances_mg=held, identifier=""
        )


def plain(substances: Mapping[int, int]) -> dict[int, int]:
    """Masses by substance as a dictionary, which is smaller than what shows itself in symbols."""
    return dict(substances)
