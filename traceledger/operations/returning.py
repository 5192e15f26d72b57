"""How a frozen lot goes back to who sent it: with the receipt by which it came (Rule 3)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from traceledger.errors import InputError
from traceledger.model.ids import shipment_id
from traceledger.operations.outlook import LaterError
from traceledger.replay.trail import ReceiptEntry, struct_of, trail_of

if TYPE_CHECKING:
    from traceledger.operations.actor import Actor

Receipt = tuple[tuple[Any, ...], bytes]
"""The last entry of a lot's trail, and the trail before it, as the contract takes them."""


def receipts_for(
    batches: Sequence[int], receiver: bytes, return_of: str | None, actor: Actor
) -> list[Receipt]:
    """By lot the receipt by which it came, where the shipment is a return; none where it is an ordinary one.

    Raises:
        InputError: it is said to be a return, and a lot did not come by that shipment.
        LaterError: it follows from lines that are not recorded yet.
    """
    if return_of is None and not any(_may_be_frozen(batch, actor) for batch in batches):
        return []
    for batch in batches:
        # A line before can still bring the lot, and it goes back to who sent it last.
        actor.outlook.settled(batch)
    found = [(batch, actor.names.known.trail(batch)) for batch in batches]
    last = [(batch, trail[-1]) for batch, trail in found if trail and isinstance(trail[-1], ReceiptEntry)]
    came = {batch: entry for batch, entry in last if isinstance(entry, ReceiptEntry)}
    if return_of is not None:
        number = shipment_id(*actor.names.recorded_name(return_of, actor.own, "shipment"))
        for batch in batches:
            if batch not in came or came[batch].shipment != number:
                what = f"{actor.names.shown(batch)} did not come by shipment {return_of!r}"
                raise InputError(what, where="return_of", hint="name the one by which it came")
    elif any(batch not in came or came[batch].sender != receiver for batch in batches):
        return []  # the contract says so, with what else can be done
    return [receipt_of(trail) for _, trail in found]


def receipt_of(trail: Sequence[Any]) -> Receipt:
    """The last entry of a trail, and the trail before it, as the contract takes them."""
    return struct_of(trail[-1]), trail_of(trail[:-1])


def _may_be_frozen(batch: int, actor: Actor) -> bool:
    """Whether a lot is frozen.

    Raises:
        LaterError: a line before may freeze it.
    """
    if actor.outlook.is_unsettled(("batch", batch)):
        raise LaterError("whether the lot is frozen is not recorded")
    found = actor.names.known.batch(batch)
    return found is not None and found.frozen
