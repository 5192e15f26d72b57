"""What events do to who holds a batch and to the state of its life, and what they take away from it.

Example:
    >>> from traceledger.events import BatchRetired
    >>> custody_after(BatchRetired(7, bytes(20), 0, "sold", ()), Custody(BatchState.ACTIVE, bytes(20))).state
    <BatchState.RETIRED: 4>
"""

from __future__ import annotations

from typing import NamedTuple, assert_never

from traceledger.events import (
    BatchMinted,
    BatchRetired,
    BatchSplit,
    EmissionsAdded,
    ErrorDeclared,
    LedgerEvent,
    ShipmentCancelled,
    ShipmentOffered,
    ShipmentReceived,
    ShipmentRejected,
    Transformed,
)
from traceledger.model.batches import BatchState, Substances


class Custody(NamedTuple):
    """Who holds a batch (address), and where its life stands."""

    state: BatchState
    custodian: bytes


class Remainder(NamedTuple):
    """Who holds a batch (address), where its life stands, and what is left of it, mg."""

    state: BatchState
    custodian: bytes
    mass_mg: int
    substances_mg: Substances


class Departed(NamedTuple):
    """What left a batch, mg, as an event states it."""

    mass_mg: int
    substances_mg: Substances


def custody_after(event: LedgerEvent, before: Custody) -> Custody:
    """Custody of a batch that an event names; a batch that is used up is consumed besides (rule 7)."""
    match event:
        case ShipmentOffered():
            return Custody(BatchState.IN_TRANSIT, before.custodian)
        case ShipmentReceived(receiver=receiver):
            # Rule 3: custody changes with the receipt, never before.
            return Custody(BatchState.ACTIVE, receiver)
        case ShipmentRejected() | ShipmentCancelled():
            return Custody(BatchState.ACTIVE, before.custodian)
        case BatchRetired():
            return Custody(BatchState.RETIRED, before.custodian)
        case BatchMinted() | BatchSplit() | Transformed() | EmissionsAdded() | ErrorDeclared():
            return before
        case _:
            assert_never(event)


def state_with(mass_mg: int, state: BatchState) -> BatchState:
    """The state of a batch of which so much is left after an event, mg."""
    # Rule 7: a batch without mass is consumed.
    return state if mass_mg else BatchState.CONSUMED


def remainder_after(event: LedgerEvent, batch: int, before: Remainder) -> Remainder:
    """A batch (id) after an event that concerns it, by the event's own word.

    Who also needs its CO2e, and all of it checked, replays the events (:class:`traceledger.replay.Replay`).
    """
    after = custody_after(event, Custody(before.state, before.custodian))
    gone = departed(event, batch, before.mass_mg)
    mass = before.mass_mg - sum(each.mass_mg for each in gone)
    substances = {
        number: held - sum(each.substances_mg.get(number, 0) for each in gone)
        for number, held in before.substances_mg.items()
    }
    return Remainder(state_with(mass, after.state), after.custodian, mass, substances)


def departed(event: LedgerEvent, batch: int, mass_mg: int) -> list[Departed]:
    """What left a batch at an event, by the event's own word.

    Args:
        event: the event.
        batch: id of the batch.
        mass_mg: what it weighed before.
    """
    match event:
        case BatchSplit(parent=parent, children=children):
            taken = [child.taken for child in children] if parent == batch else []
            return [Departed(each.mass_mg, each.substances_mg) for each in taken]
        case Transformed(inputs=inputs):
            return [Departed(each.mass_mg, each.substances_mg) for each in inputs if each.batch == batch]
        case ShipmentReceived(batches=arrived):
            return [
                Departed(mass_mg - each.mass_mg, each.losses_mg) for each in arrived if each.batch == batch
            ]
        case ShipmentOffered() | ShipmentRejected() | ShipmentCancelled():
            return []
        case BatchMinted() | EmissionsAdded() | BatchRetired() | ErrorDeclared():
            return []
        case _:
            assert_never(event)
