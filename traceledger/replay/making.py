"""What comes into being: mints, splits and transformations, replayed."""

from __future__ import annotations

from traceledger.events import BatchMinted, BatchSplit, Taken, Transformed
from traceledger.model.batches import Batch
from traceledger.model.frozen import changed
from traceledger.replay import measurements, pools
from traceledger.replay.calendar import year_of
from traceledger.replay.state import Lots, Within
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
            self._lots.create(pools.part_of(new, parent, trail=trail))

    def transform(self, event: Transformed, within: Within) -> None:
        """Batches made of batches."""
        inputs: dict[int, Batch] = {}
        # Take: one input after the other; the same batch may be listed twice, and is used once.
        for stated in event.inputs:
            if self._lots.follows(stated.batch):
                before = self._take(stated, stated.batch, uses=stated.batch not in inputs)
                inputs.setdefault(stated.batch, before)
        pools.check_outputs(event)
        trail = trail_of([RunEntry(event.transformation, within.parent)])
        for new in event.makes:
            tolerance = measurements.inherited(sorted(new.substances_mg), inputs.values())
            self._lots.create(pools.batch_of(new, None, trail=trail, differences=tolerance))

    def _take(self, stated: Taken, parent: int, *, uses: int = 1) -> Batch:
        """Take from ``parent`` what the event states, and return the parent as it was before."""
        before = self._lots.get(parent)
        taken, rest = pools.take_from(before, stated.mass_mg, uses=uses)
        computed = taken if stated.batch == parent else changed(taken, batch=stated.batch)
        if 0 in stated.substances_mg.values():
            stated = changed(stated, substances_mg=pools.present(stated.substances_mg))
        pools.require_equal(parent, "that there was taken of it", stated, computed)
        self._lots.put(rest)
        return before
