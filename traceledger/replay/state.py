"""What a replay needs kept, and how its parts get at it.

Pure: where batches come from and go to is the caller's (:mod:`traceledger.index.writer` keeps them in
    SQLite).

Example:
    >>> from traceledger.replay.memory import Memory
    >>> Lots(Memory(), only=(7,)).follows(8)
    False
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from typing import NamedTuple, Protocol

from traceledger.errors import VerificationError
from traceledger.model.batches import MOST_EVENTS, MOST_USES, Batch, Origin, Shipment
from traceledger.model.frozen import changed, frozen
from traceledger.model.hexadecimal import id_text
from traceledger.replay import pools
from traceledger.replay.trail import Arrival, ReceiptEntry, TakeBackEntry, trail_of


class Within(NamedTuple):
    """What a replay needs to know of the block that holds an event.

    Attributes:
        parent: hash of the block before, 32 bytes: the salt of trails.
        timestamp: the block's time, UTC seconds.
    """

    parent: bytes
    timestamp: int


UNKNOWN_BLOCK = Within(bytes(32), 0)
"""For who replays without the blocks' headers: everything is as it is, but for the trails."""


@frozen
class Booking:
    """What a better measurement booked to the participant that holds the batch then (Rule 5).

    Attributes:
        batch: id of the batch.
        participant: to whom it is booked (address).
        material: id of the batch's material.
        facility: id of the facility where the batch was made.
        substance: number of the substance; 0 for the gross mass.
        amount_mg: what there is more than was recorded; negative: less. The reversal of a receipt books the
            opposite.
    """

    batch: int
    participant: bytes
    material: int
    facility: int
    substance: int
    amount_mg: int


class State(Protocol):
    """What a replay needs kept: the ledger's state between two events."""

    def batch(self, batch: int) -> Batch | None:
        """The batch as it is now."""

    def put_batch(self, batch: Batch) -> None:
        """Keep the batch as it is from now on."""

    def name(self, batch: int) -> None:
        """Count one event more that names the batch, which there is (Rule 14)."""

    def shipment(self, shipment: int) -> Shipment | None:
        """The shipment as it is now."""

    def put_shipment(self, shipment: Shipment) -> None:
        """Keep the shipment as it is from now on."""

    def add_minted(self, facility: int, material: int, origin: Origin, year: int, mass_mg: int) -> None:
        """Count a mint, or a take-back, against its facility's calendar year; negative: it was reversed."""

    def take_mint_back(self, batch: Batch) -> None:
        """Take back what the mint of that batch counted: it was reversed, and weighs what was minted."""

    def add_arrival(self, batch: int, arrival: Arrival) -> None:
        """Keep by what the batch's custodian came by it, on top of earlier ones."""

    def last_arrival(self, batch: int) -> Arrival | None:
        """By what the batch's custodian came by it; ``None``: it is its maker's still."""

    def drop_arrival(self, batch: int) -> None:
        """Forget the last one: it was reversed."""

    def book(self, booking: Booking) -> None:
        """Keep what a measurement booked."""


class Lots:
    """Batches as the events before left them, as the parts of a replay read and change them.

    Args:
        state: where batches come from and go to.
        only: the batches that are replayed; what happens to others is left aside. ``None``: all.
    """

    def __init__(self, state: State, only: Container[int] | None) -> None:
        self.state = state
        self._only = only

    def follows(self, batch: int) -> bool:
        """Whether the batch is one of those that are replayed."""
        return self._only is None or batch in self._only

    def followed(self, batches: Iterable[int]) -> list[int]:
        """Those of them that are replayed, each once."""
        return [batch for batch in dict.fromkeys(batches) if self.follows(batch)]

    def get(self, batch: int) -> Batch:
        """The batch as it is now.

        Raises:
            VerificationError: it was never made.
        """
        found = self.state.batch(batch)
        return batch_in(self.state, batch) if found is None else found

    def put(self, batch: Batch) -> None:
        """Keep the batch as it is from now on."""
        self.state.put_batch(batch)

    def name(self, batch: int) -> None:
        """Count one event more that names the batch.

        Raises:
            VerificationError: it was never made.
        """
        batch_in(self.state, batch)
        self.state.name(batch)

    def create(self, batch: Batch) -> None:
        """Bring a batch into being.

        Raises:
            VerificationError: there is one of that id.
        """
        if not self.follows(batch.id):
            return
        # Rule 7: no identifier is used twice.
        if self.state.batch(batch.id) is not None:
            raise pools.mismatch(batch.id, "that it was made", "again", "a batch of that id")
        self.put(batch)

    def arrive(self, batch: Batch, entry: ReceiptEntry | TakeBackEntry) -> None:
        """Keep the batch, to which its custodian came by that."""
        self.state.add_arrival(batch.id, Arrival(batch.trail, entry))
        self.put(changed(batch, trail=trail_of([entry], batch.trail)))

    def leave(self, batch: int) -> Arrival:
        """Take back by what a batch's custodian came by it.

        Raises:
            VerificationError: it is its maker's.
        """
        arrival = self.state.last_arrival(batch)
        if arrival is None:
            raise pools.mismatch(batch, "that it came back", "", "that it never changed hands")
        self.state.drop_arrival(batch)
        return arrival


def batch_in(state: State, batch: int) -> Batch:
    """The batch as it is now.

    Raises:
        VerificationError: it was never made.
    """
    found = state.batch(batch)
    if found is None:
        raise pools.mismatch(batch, "an event of it,", "", "no such batch")
    return found


def shipment_in(state: State, shipment: int) -> Shipment:
    """The shipment as it is now.

    Raises:
        VerificationError: it was never offered.
    """
    found = state.shipment(shipment)
    if found is None:
        raise VerificationError(
            f"shipment {id_text(shipment)}: the chain states its answer, but its earlier events give no offer"
        )
    return found


def named(events: int) -> int:
    """How many events name a batch, with one more."""
    # Rule 14: a full count stays.
    return min(events + 1, MOST_EVENTS)


def used(batch: Batch) -> Batch:
    """The batch, used once more."""
    return changed(batch, uses=pools.uses_after(batch))


def unused(batch: Batch) -> Batch:
    """The batch, a use of it reversed; a saturated count stays: nobody knows how many there were (Rule 8)."""
    return batch if batch.uses == MOST_USES else changed(batch, uses=batch.uses - 1)
