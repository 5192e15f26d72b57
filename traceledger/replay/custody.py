"""What events do to who holds a batch and to the state of its life, and what they take away from it.

Example:
    >>> from traceledger.events import BatchRetired
    >>> from traceledger.model.batches import Retirement
    >>> event = BatchRetired(7, bytes(20), Retirement.DELIVERED, 0, "sold", ())
    >>> custody_after(event, 7, Custody(BatchState.ACTIVE, bytes(20))).state
    <BatchState.DELIVERED: 6>
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple, assert_never

from traceledger.events import (
    BatchHeld,
    BatchMinted,
    BatchReleased,
    BatchRemeasured,
    BatchRetired,
    BatchSplit,
    BatchTakenBack,
    EmissionsAdded,
    EmissionsRestated,
    ErrorDeclared,
    ErrorReversed,
    LedgerEvent,
    MintReversed,
    ReceiptReversed,
    RestatementConfirmed,
    RetirementReversed,
    ShipmentCancelled,
    ShipmentOffered,
    ShipmentReceived,
    ShipmentRejected,
    SplitReversed,
    StockAssigned,
    TakeBackReversed,
    TitleTransferred,
    TransformationReversed,
    Transformed,
)
from traceledger.model.batches import BatchState, Difference, Retirement, Substances


class Custody(NamedTuple):
    """Who holds a batch (address), and where its life stands.

    ``previous`` is what it was before the receipt or take-back by which its custodian came by it: what a
    reversal leads back to.
    """

    state: BatchState
    custodian: bytes
    previous: Custody | None = None


class Remainder(NamedTuple):
    """Who holds a batch, where its life stands, and what is left of it, mg.

    ``sent`` is what it was before the receipt by which its custodian came by it.
    """

    custody: Custody
    mass_mg: int
    substances_mg: Substances
    sent: Remainder | None = None

    @classmethod
    def made(cls, creator: bytes, mass_mg: int, substances_mg: Substances) -> Remainder:
        """A batch as it was made: all of it, with its maker (address)."""
        return cls(Custody(BatchState.ACTIVE, creator), mass_mg, substances_mg)

    @property
    def state(self) -> BatchState:
        """Where its life stands."""
        return self.custody.state

    @property
    def custodian(self) -> bytes:
        """Who holds it (address)."""
        return self.custody.custodian


class Departed(NamedTuple):
    """What left a batch, mg, as an event states it."""

    mass_mg: int
    substances_mg: Substances


def custody_after(event: LedgerEvent, batch: int, before: Custody) -> Custody:
    """Custody of a batch (id) that an event names.

    Its mass may make it consumed, or active again, besides (:func:`state_with`).
    """
    match event:
        case ShipmentOffered(return_of=return_of):
            # Rule 8: a frozen batch goes back to who sent it only.
            return before._replace(state=BatchState.RETURNING if return_of else BatchState.IN_TRANSIT)
        case ShipmentReceived(receiver=receiver):
            # Rule 3: custody changes with the receipt, never before.
            return Custody(BatchState.ACTIVE, receiver, before)
        case ShipmentRejected() | ShipmentCancelled() | RetirementReversed():
            return before._replace(state=BatchState.ACTIVE)
        case BatchRetired(how=how):
            # Rule 9: only what was delivered comes back.
            delivered = how is Retirement.DELIVERED
            return before._replace(state=BatchState.DELIVERED if delivered else BatchState.RETIRED)
        case BatchTakenBack(recycler=recycler):
            return Custody(BatchState.ACTIVE, recycler, before)
        case StockAssigned(new_custodian=new_custodian):
            return before._replace(custodian=new_custodian)
        case ReceiptReversed() | TakeBackReversed():
            # Rule 8: it is where it was before.
            return before.previous or before
        case MintReversed() | SplitReversed() | TransformationReversed():
            # Rule 8: what was made is reversed, for good.
            return before._replace(state=BatchState.REVERSED) if batch in unmade(event) else before
        case BatchMinted() | BatchSplit() | Transformed() | EmissionsAdded() | BatchRemeasured():
            return before
        case ErrorDeclared() | ErrorReversed() | BatchHeld() | BatchReleased() | TitleTransferred():
            return before
        case EmissionsRestated() | RestatementConfirmed():
            return before
        case _:
            assert_never(event)


def unmade(event: MintReversed | SplitReversed | TransformationReversed) -> tuple[int, ...]:
    """Ids of the batches that a reversal takes out of the ledger's world (Rule 8)."""
    match event:
        case MintReversed() | SplitReversed():
            return (event.batch,)
        case TransformationReversed(outputs=outputs):
            return outputs
        case _:
            assert_never(event)


def state_with(mass_mg: int, state: BatchState) -> BatchState:
    """The state of a batch of which so much is left after an event, mg."""
    if state is BatchState.REVERSED:
        return state
    if not mass_mg:
        # Rule 7: a batch without mass is consumed.
        return BatchState.CONSUMED
    # Rule 8: one that got something back is active again.
    return BatchState.ACTIVE if state is BatchState.CONSUMED else state


def remainder_after(event: LedgerEvent, batch: int, before: Remainder) -> Remainder:
    """A batch (id) after an event that concerns it, by the event's own word.

    Who also needs its CO2e, and all of it checked, replays the events (:class:`traceledger.replay.Replay`).
    Of a batch that is reversed it is what it was just before.
    """
    custody = custody_after(event, batch, before.custody)
    sent = before.sent
    mass, substances = before.mass_mg, before.substances_mg
    match event:
        case BatchRemeasured():
            mass, substances = event.mass_mg, event.substances_mg
        case ShipmentReceived(batches=arrived):
            sent = before
            for each in arrived:
                if each.batch == batch:
                    mass, substances = _arrived(each.mass_mg, each.difference, each.substances_mg, substances)
        case ReceiptReversed() if sent is not None:
            mass, substances, sent = sent.mass_mg, sent.substances_mg, sent.sent
        case _:
            gone = departed(event, batch)
            mass -= sum(each.mass_mg for each in gone)
            substances = _less(substances, gone)
    return Remainder(custody._replace(state=state_with(mass, custody.state)), mass, substances, sent)


def _arrived(
    mass_mg: int, difference: Difference, stated: Substances, sent: Substances
) -> tuple[int, Substances]:
    """What a batch holds once so much of it arrived: its mass and substances, mg."""
    match difference:
        case Difference.LOSS:
            return mass_mg, {number: held - stated.get(number, 0) for number, held in sent.items()}
        case Difference.MEASUREMENT:
            return mass_mg, stated or sent
        case Difference.NONE | Difference.MOISTURE:
            return mass_mg, sent
        case _:
            assert_never(difference)


def _less(held: Substances, gone: Iterable[Departed]) -> Mapping[int, int]:
    taken = list(gone)
    return {n: mass - sum(each.substances_mg.get(n, 0) for each in taken) for n, mass in held.items()}


def departed(event: LedgerEvent, batch: int) -> list[Departed]:
    """What left a batch at an event to make others of it, or (negative) came back, by the event's own word.

    Args:
        event: the event.
        batch: id of the batch.
    """
    match event:
        case BatchSplit(parent=parent, children=children):
            taken = [child.taken for child in children] if parent == batch else []
            return [Departed(each.mass_mg, each.substances_mg) for each in taken]
        case Transformed(inputs=inputs):
            return [Departed(each.mass_mg, each.substances_mg) for each in inputs if each.batch == batch]
        case SplitReversed(parent=parent, put_back=put_back):
            return [_returned(put_back.mass_mg, put_back.substances_mg)] if parent == batch else []
        case TransformationReversed(inputs=inputs):
            return [_returned(each.mass_mg, each.substances_mg) for each in inputs if each.batch == batch]
        case ShipmentOffered() | ShipmentReceived() | ShipmentRejected() | ShipmentCancelled():
            return []
        case BatchMinted() | EmissionsAdded() | BatchRetired() | BatchTakenBack() | BatchRemeasured():
            return []
        case ErrorDeclared() | BatchHeld() | BatchReleased() | TitleTransferred() | StockAssigned():
            return []
        case EmissionsRestated() | RestatementConfirmed() | MintReversed() | ReceiptReversed():
            return []
        case RetirementReversed() | TakeBackReversed() | ErrorReversed():
            return []
        case _:
            assert_never(event)


def _returned(mass_mg: int, substances_mg: Substances) -> Departed:
    return Departed(-mass_mg, {number: -mass for number, mass in substances_mg.items()})
