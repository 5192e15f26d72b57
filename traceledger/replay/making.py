"""What comes into being: mints, splits and transformations, replayed."""

from __future__ import annotations

from traceledger.events import BatchMinted, BatchSplit, Taken, Transformed
from traceledger.model.batches import Batch
from traceledger.model.frozen import changed
from traceledger.replay import measurements, pools
from traceledger.replay.calendar import year_of
from traceledger.replay.state import Lots, Within, used
from traceledger.replay.trail import MintEntry, RunEntry, SplitEntry, trail_of


class Making:
    """Applies the events that make batches."""

    def __init__(self, lots: Lots) -> None:
        self._lots = lots

    def mint(self, event: BatchMinted, within: Within) -> None:
        """New material."""
        entry = MintEntry(
            event.facility, event.material, event.origin, event.occurred_at, event.emissions, within.parent
        )
        for new in event.makes:
            self._lots.create(pools.batch_of(new, None, trail=trail_of([entry])))
        # Rule 2: capacity is counted by the calendar year of the claimed time.
        self._lots.state.add_minted(
            event.facility, event.material, event.origin, year_of(event.occurred_at), event.mass_mg
        )

    def split(self, event: BatchSplit, within: Within) -> None:
        """Children of one batch."""
        if not self._lots.follows(event.parent):
            return
        trail = trail_of([SplitEntry(event.parent, within.parent)])
        # Take: one child after the other, each of what the one before left; each is a use of the parent.
        for child, new in zip(event.children, event.makes, strict=True):
            parent = self._take(child.taken, event.parent)
            self._lots.put(used(self._lots.get(event.parent)))
            self._lots.create(pools.part_of(new, parent, trail=trail))

    def transform(self, event: Transformed, within: Within) -> None:
        """Batches made of batches."""
        inputs = {batch: self._lots.get(batch) for batch in self._lots.followed(_taken(event))}
        # Take: one input after the other; the same batch may be listed twice.
        for stated in event.inputs:
            if stated.batch in inputs:
                self._take(stated, stated.batch)
        for batch in inputs:
            self._lots.put(used(self._lots.get(batch)))
        pools.check_outputs(event)
        trail = trail_of([RunEntry(event.transformation, within.parent)])
        for new in event.makes:
            tolerance = measurements.inherited(sorted(new.substances_mg), inputs.values())
            self._lots.create(pools.batch_of(new, None, trail=trail, differences=tolerance))

    def _take(self, stated: Taken, parent: int) -> Batch:
        """Take from ``parent`` what the event states, and return the parent as it was before."""
        before = self._lots.get(parent)
        taken, rest = pools.take_from(before, stated.mass_mg)
        computed = taken if stated.batch == parent else changed(taken, batch=stated.batch)
        if 0 in stated.substances_mg.values():
            stated = changed(stated, substances_mg=pools.present(stated.substances_mg))
        pools.require_equal(parent, "that there was taken of it", stated, computed)
        self._lots.put(rest)
        return before


def _taken(event: Transformed) -> list[int]:
    return [taken.batch for taken in event.inputs]
