"""What made batches, and what brought a product back, taken back again, replayed (Rule 8).

What is put back is added to what a batch holds now; later takes are not computed anew.
"""

from __future__ import annotations

from traceledger.events import (
    MintReversed,
    SplitReversed,
    TakeBackReversed,
    TransformationReversed,
)
from traceledger.model.batches import BatchState, Origin
from traceledger.model.frozen import changed
from traceledger.replay import pools
from traceledger.replay.calendar import year_of
from traceledger.replay.state import Lots, unused
from traceledger.replay.trail import TakeBackEntry


class Undoing:
    """Applies reversals of what makes batches or brings them back."""

    def __init__(self, lots: Lots) -> None:
        self._lots = lots

    def mint(self, event: MintReversed) -> None:
        """The batch is reversed, and its capacity given back."""
        if not self._lots.follows(event.batch):
            return
        batch = self._lots.get(event.batch)
        self._lots.state.take_mint_back(batch)
        self._lots.put(pools.emptied(batch))

    def split(self, event: SplitReversed) -> None:
        """All that the child holds is the parent's again."""
        if self._lots.follows(event.batch):
            child = self._lots.get(event.batch)
            stated = changed(event.put_back, substances_mg=pools.present(event.put_back.substances_mg))
            pools.require_equal(child.id, "that it gave back", stated, pools.all_of(child))
            self._lots.put(pools.emptied(child))
        if self._lots.follows(event.parent):
            self._lots.put(unused(pools.put_back(self._lots.get(event.parent), event.put_back)))

    def transformation(self, event: TransformationReversed) -> None:
        """Outputs are reversed, and inputs hold again what was taken of them."""
        for each in self._lots.followed(event.outputs):
            self._lots.put(pools.emptied(self._lots.get(each)))
        for taken in event.inputs:
            if self._lots.follows(taken.batch):
                self._lots.put(pools.put_back(self._lots.get(taken.batch), taken))
        # A batch that was listed twice was used once.
        for each in self._lots.followed(taken.batch for taken in event.inputs):
            self._lots.put(unused(self._lots.get(each)))

    def take_back(self, event: TakeBackReversed) -> None:
        """The product is delivered again, with the CO2e of its first life."""
        if not self._lots.follows(event.batch):
            return
        before, entry = self._lots.leave(event.batch)
        batch = self._lots.get(event.batch)
        if not isinstance(entry, TakeBackEntry):
            raise pools.mismatch(batch.id, "that its take-back is reversed", "", "that it was received since")
        self._lots.state.add_minted(
            entry.facility, entry.material, Origin.POST_CONSUMER, year_of(entry.occurred_at), -entry.mass_mg
        )
        self._lots.put(
            changed(
                unused(batch),
                state=BatchState.DELIVERED,
                custodian=entry.sender,
                own_mg=batch.own_mg + entry.own_mg,
                inherited_mg=batch.inherited_mg + entry.inherited_mg,
                primary_mg=batch.primary_mg + entry.primary_mg,
                taken_back=False,
                held_by_custodian=False,
                trail=before,
            )
        )
