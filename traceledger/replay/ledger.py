"""Replays the ledger's events into batches, shipments and minted masses, checking every stated pool.

Pure: where batches come from and go to is the caller's (:mod:`traceledger.index.writer` keeps them in
SQLite).

Example:
    >>> from traceledger.model.batches import Origin
    >>> from traceledger.model.emissions import Emissions
    >>> from traceledger.replay.memory import Memory
    >>> memory = Memory()
    >>> parts = (Origin.MINED, 9, 0, False, 0, Emissions(), {}, "L", ())
    >>> Replay(memory).apply(BatchMinted(7, bytes(20), 1, 2, *parts))
    >>> memory.batches[7].mass_mg, memory.batches[7].events
    (9, 1)
"""

from __future__ import annotations

from collections.abc import Container
from typing import assert_never

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
    ReversingEvent,
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
from traceledger.replay.changes import Changes
from traceledger.replay.handovers import Handovers
from traceledger.replay.making import Making
from traceledger.replay.state import UNKNOWN_BLOCK, Lots, State, Within
from traceledger.replay.undoing import Undoing


class Replay:
    """Applies events, one after the other, to a state.

    Args:
        state: where batches come from and go to.
        only: the batches that are replayed; what happens to others is left aside. By default all.
    """

    def __init__(self, state: State, only: Container[int] | None = None) -> None:
        self._lots = Lots(state, only)
        self._making = Making(self._lots)
        self._handovers = Handovers(self._lots)
        self._changes = Changes(self._lots)
        self._undoing = Undoing(self._lots)

    def apply(self, event: LedgerEvent, within: Within = UNKNOWN_BLOCK) -> None:
        """Apply the next event.

        Args:
            event: the event.
            within: the block that holds it; without it, trails are not those of the contract.

        Raises:
            VerificationError: it contradicts the events before it.
        """
        self._change(event, within)
        # Rule 14: one event more of each batch that it names, however often.
        for batch in self._lots.followed([batch for batch, _ in event.concerns]):
            self._lots.name(batch)

    def _change(self, event: LedgerEvent, within: Within) -> None:
        match event:
            case BatchMinted():
                self._making.mint(event, within)
            case BatchSplit():
                self._making.split(event, within)
            case Transformed():
                self._making.transform(event, within)
            case ShipmentOffered():
                self._handovers.offer(event)
            case ShipmentReceived():
                self._handovers.receive(event, within)
            case ShipmentRejected() | ShipmentCancelled():
                self._handovers.give_back(event)
            case EmissionsAdded():
                self._changes.add_emissions(event)
            case BatchRetired():
                self._changes.retire(event)
            case BatchTakenBack():
                self._changes.take_back(event, within)
            case BatchRemeasured():
                self._changes.remeasure(event)
            case StockAssigned():
                self._changes.assign(event)
            case ErrorDeclared() | BatchHeld() | BatchReleased() | TitleTransferred():
                self._changes.mark(event)
            case EmissionsRestated() | RestatementConfirmed():
                pass  # Rule 8: pools stay; readers carry the difference downstream.
            case _:
                self._reverse(event)

    def _reverse(self, event: ReversingEvent) -> None:
        match event:
            case MintReversed():
                self._undoing.mint(event)
            case SplitReversed():
                self._undoing.split(event)
            case TransformationReversed():
                self._undoing.transformation(event)
            case ReceiptReversed():
                self._handovers.reverse(event)
            case RetirementReversed():
                self._changes.retire(event)
            case TakeBackReversed():
                self._undoing.take_back(event)
            case ErrorReversed():
                self._changes.mark(event)
            case _:
                assert_never(event)
