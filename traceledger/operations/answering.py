"""What an answer to a shipment repeats of it, and what it says of each lot (Rule 3)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING, Any

from traceledger.artifacts.abi import encoder
from traceledger.errors import InputError
from traceledger.model.batches import Difference
from traceledger.model.keccak import keccak
from traceledger.operations.outlook import LaterError
from traceledger.operations.solidity import IN_FULL, amounts_of, scopes
from traceledger.operations.spoken import LotAnswer

if TYPE_CHECKING:
    from traceledger.operations.actor import Actor
    from traceledger.operations.directory import OpenShipment

_OFFER = ("(uint256,uint256)", "uint256[]")


def open_lots(shipment: OpenShipment, actor: Actor) -> tuple[int, ...]:
    """The lots of a shipment that no answer named yet, in the order in which they were offered or reopened.

    Raises:
        InputError: none is open.
        LaterError: a line before opens some again.
    """
    found = actor.outlook.still_open(shipment.id, shipment.open)
    if not found:
        raise InputError(
            f"nothing of shipment {actor.names.full(shipment.sender, shipment.identifier)} is open",
            where="shipment",
            hint="it was received, refused or cancelled; what was received wrongly is reversed: reverse",
        )
    return found


def left_open(shipment: OpenShipment, actor: Actor) -> tuple[int, ...]:
    """The lots that stay open, once all that is planned has run; none where that is not foreseen."""
    try:
        return actor.outlook.still_open(shipment.id, shipment.open)
    except LaterError:
        return ()


def chosen(
    names: Collection[str], lots: Sequence[int], shipment: str, actor: Actor, where: str
) -> tuple[int, ...]:
    """The lots that are named, in the order in which they are open.

    Raises:
        InputError: one of them is not open.
    """
    named = {actor.batch(name): name for name in names}
    if strangers := [name for lot, name in named.items() if lot not in lots]:
        raise InputError(f"batch {strangers[0]} is not open in shipment {shipment!r}", where=where)
    return tuple(lot for lot in lots if lot in named)


def foretold(
    answered: Callable[[Actor], tuple[int, ...]], shipment: OpenShipment, actor: Actor
) -> tuple[int, ...]:
    """The lots that an answer names; where that follows from lines not recorded yet, all of the shipment."""
    try:
        return answered(actor)
    except (LaterError, InputError):
        return shipment.batches


def struct_of(shipment: OpenShipment, actor: Actor) -> tuple[bytes, list[int]]:
    """What the shipment was offered as, and which of its lots are open, as the contract takes them."""
    return offer_hash(shipment), list(open_lots(shipment, actor))


def offer_hash(shipment: OpenShipment) -> bytes:
    """``keccak256(abi.encode(emissions, batches))`` of an offer."""
    return keccak(encoder(_OFFER)([scopes(shipment.emissions), list(shipment.batches)]))


def lot(batch: int, said: LotAnswer, actor: Actor) -> tuple[Any, ...]:
    """What is said of a lot, as the contract takes it.

    A mass that is what was sent is no difference: scales confirm more often than they differ.

    Raises:
        LaterError: it follows from lines that are not recorded yet.
    """
    events = actor.outlook.events(batch)
    if said.refused:
        return batch, events, True, 0, int(Difference.NONE), []
    mass, difference = IN_FULL if said.mass is None else said.mass, said.difference
    if mass != IN_FULL and not said.substances and mass == actor.outlook.mass(batch):
        mass, difference = IN_FULL, Difference.NONE
    return batch, events, False, mass, int(difference), _measured(batch, said, actor)


def _measured(batch: int, said: LotAnswer, actor: Actor) -> list[tuple[int, int]]:
    """All substances as measured: those that are not named are as they were recorded."""
    if not said.substances:
        return []
    found = actor.outlook.settled(batch)
    recorded = {substance: found.substances_mg.get(substance, 0) for substance in found.tracked}
    return amounts_of({**recorded, **said.substances})
