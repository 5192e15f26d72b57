"""What happens to single batches between their making and their end, replayed."""

from __future__ import annotations

from typing import assert_never

from traceledger.events import (
    BatchHeld,
    BatchReleased,
    BatchRemeasured,
    BatchRetired,
    BatchTakenBack,
    EmissionsAdded,
    ErrorDeclared,
    ErrorReversed,
    RetirementReversed,
    StockAssigned,
    TitleTransferred,
)
from traceledger.model.batches import Batch, HoldKind, Origin
from traceledger.model.frozen import changed
from traceledger.replay import measurements, pools
from traceledger.replay.calendar import year_of
from traceledger.replay.custody import Custody, custody_after
from traceledger.replay.state import Booking, Lots, Within, used
from traceledger.replay.titles import owner_after
from traceledger.replay.trail import TakeBackEntry

Marking = ErrorDeclared | ErrorReversed | BatchHeld | BatchReleased | TitleTransferred
"""Events that change a mark of a batch and nothing else."""


class Changes:
    """Applies the events that change one batch."""

    def __init__(self, lots: Lots) -> None:
        self._lots = lots

    def add_emissions(self, event: EmissionsAdded) -> None:
        """Emissions in custody."""
        if not self._lots.follows(event.batch):
            return
        batch = pools.add_own(self._lots.get(event.batch), event.emissions.total_mg, event.emissions.primary)
        pools.require_equal(batch.id, "own CO2e (mg) of", event.own_mg, batch.own_mg)
        self._lots.put(batch)

    def retire(self, event: BatchRetired | RetirementReversed) -> None:
        """A batch ends, or does not."""
        if not self._lots.follows(event.batch):
            return
        batch = self._lots.get(event.batch)
        how = event.how if isinstance(event, BatchRetired) else None
        after = custody_after(event, batch.id, Custody(batch.state, batch.custodian))
        self._lots.put(changed(batch, state=after.state, retired_how=how))

    def take_back(self, event: BatchTakenBack, within: Within) -> None:
        """A product comes back; its CO2e stays with its first life (Rule 9)."""
        # Rule 2: it counts as post-consumer material in the year of the claimed time.
        self._lots.state.add_minted(
            event.facility, event.material, Origin.POST_CONSUMER, year_of(event.occurred_at), event.mass_mg
        )
        if not self._lots.follows(event.batch):
            return
        batch = self._lots.get(event.batch)
        for what, stated, held in (
            ("a mass (mg) taken back of", event.mass_mg, batch.mass_mg),
            ("own CO2e (mg) of", event.own_mg, batch.own_mg),
            ("inherited CO2e (mg) of", event.inherited_mg, batch.inherited_mg),
            ("primary CO2e (mg) of", event.primary_mg, batch.primary_mg),
        ):
            pools.require_equal(batch.id, what, stated, held)
        after = custody_after(event, batch.id, Custody(batch.state, batch.custodian))
        back = changed(
            used(batch),
            custodian=after.custodian,
            state=after.state,
            own_mg=0,
            inherited_mg=0,
            primary_mg=0,
            taken_back=True,
            owner=None,
        )
        self._lots.arrive(back, _entry(event, batch, back.uses, within))

    def remeasure(self, event: BatchRemeasured) -> None:
        """A better measurement; what differs is booked to the custodian (Rule 5)."""
        if not self._lots.follows(event.batch):
            return
        batch = self._lots.get(event.batch)
        # Rule 5: an auditor may find a substance that was not recorded.
        batch = changed(batch, tracked=tuple(sorted({*batch.tracked, *event.substances_mg})))
        measure = measurements.measured_by_auditor if event.by_auditor else measurements.measured
        for number, amount in measurements.booked(batch, event.mass_mg, event.substances_mg):
            booking = Booking(batch.id, event.custodian, batch.material, batch.facility, number, amount)
            self._lots.state.book(booking)
        self._lots.put(used(measure(batch, event.mass_mg, event.substances_mg)))

    def assign(self, event: StockAssigned) -> None:
        """Stock gets another custodian (Rule 12)."""
        if not self._lots.follows(event.batch):
            return
        batch = self._lots.get(event.batch)
        after = custody_after(event, batch.id, Custody(batch.state, batch.custodian))
        self._lots.put(
            changed(
                used(batch),
                custodian=after.custodian,
                state=after.state,
                # Rule 8, Rule 10: a maker's freeze, and its hold, end where the maker holds the lot no more.
                held_by_custodian=False,
                frozen_by_maker=False,
            )
        )

    def mark(self, event: Marking) -> None:
        """A declared error, a hold, a title."""
        if self._lots.follows(event.batch):
            self._lots.put(_marked(event, self._lots.get(event.batch)))


def _marked(event: Marking, batch: Batch) -> Batch:
    match event:
        case ErrorDeclared(by_auditor=True):
            # Rule 8: an auditor's word freezes, and comes on top of the maker's.
            return changed(batch, error_by_auditor=True)
        case ErrorDeclared():
            return changed(batch, disputed=True, frozen_by_maker=event.freezes)
        case ErrorReversed(by_auditor=True):
            return changed(batch, error_by_auditor=False)
        case ErrorReversed():
            return changed(batch, disputed=False, frozen_by_maker=False)
        case BatchHeld() | BatchReleased():
            return _held(batch, event.kind, isinstance(event, BatchHeld))
        case TitleTransferred():
            return changed(batch, owner=owner_after(event, batch))
        case _:
            assert_never(event)


def _held(batch: Batch, kind: HoldKind, held: bool) -> Batch:
    # Rule 10: each ends its own.
    match kind:
        case HoldKind.CUSTODIAN:
            return changed(batch, held_by_custodian=held)
        case HoldKind.AUDITOR:
            return changed(batch, held_by_auditor=held)
        case HoldKind.RECALL:
            return changed(batch, recalled=held)
        case _:
            assert_never(kind)


def _entry(event: BatchTakenBack, batch: Batch, uses: int, within: Within) -> TakeBackEntry:
    return TakeBackEntry(
        sender=batch.custodian,
        uses=uses,
        facility=event.facility,
        material=event.material,
        occurred_at=event.occurred_at,
        mass_mg=event.mass_mg,
        own_mg=event.own_mg,
        inherited_mg=event.inherited_mg,
        primary_mg=event.primary_mg,
        salt=within.parent,
    )
