"""What events emit: how it is shared over their batches, where it happened, and the pool that it entered.

The one place for all who ask: the replay, footprints and reports.

Example:
    >>> from traceledger.events import EmissionsAdded
    >>> event = EmissionsAdded(7, bytes(20), 0, Emissions(scope2=5), 9, "", "storage", ())
    >>> [(share.batch, share.emissions.total_mg) for share in shares(event)], pool_after(event, 7)
    ([(7, 5)], 9)
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import NamedTuple, assert_never

from traceledger.errors import VerificationError
from traceledger.events import (
    AddingEvent,
    BatchHeld,
    BatchMinted,
    BatchReleased,
    BatchRemeasured,
    BatchRetired,
    BatchSplit,
    BatchTakenBack,
    EmissionsAdded,
    EmissionsRestated,
    EmittingEvent,
    ErrorDeclared,
    ErrorReversed,
    LedgerEvent,
    Made,
    MintReversed,
    ReceiptReversed,
    RestatementConfirmed,
    RetirementReversed,
    ShipmentCancelled,
    ShipmentOffered,
    ShipmentReceived,
    ShipmentRejected,
    Shipped,
    SplitReversed,
    StockAssigned,
    TakeBackReversed,
    TitleTransferred,
    TransformationReversed,
    Transformed,
)
from traceledger.model.arithmetic import allocate
from traceledger.model.batches import Origin
from traceledger.model.emissions import EMISSION_FIELDS, Emissions
from traceledger.model.frozen import frozen
from traceledger.model.registry import Facility
from traceledger.names import Names

_PROCESSES = {
    Origin.MINED: "mining",
    Origin.POST_CONSUMER: "recycling",
    Origin.PRE_CONSUMER: "recycling",
    Origin.UNTRACED: "untraced origin",
}


class Share(NamedTuple):
    """What one batch (id) bears of an event's emissions."""

    batch: int
    emissions: Emissions


class Place(Enum):
    """What kind of place emissions arose at."""

    FACILITY = "facility"
    TRANSPORT = "transport"
    CUSTODY = "custody"


@frozen
class Occurrence:
    """Where emissions arose.

    Attributes:
        participant: address of who emitted.
        place: at a facility, in transport, or in custody elsewhere.
        facility: id of the facility; ``None`` where it was at none.
        process: of a transformation its process; else mining, recycling, untraced origin, transport, or the
            reason given.
    """

    participant: bytes
    place: Place
    facility: int | None
    process: str


def emitting(event: LedgerEvent) -> EmittingEvent | None:
    """The event, if it is one that has emissions."""
    match event:
        case BatchMinted() | Transformed() | ShipmentOffered() | EmissionsAdded():
            return event
        case BatchSplit() | ShipmentReceived() | ShipmentRejected() | ShipmentCancelled():
            return None
        case BatchRetired() | BatchTakenBack() | BatchRemeasured() | StockAssigned() | TitleTransferred():
            return None
        case ErrorDeclared() | BatchHeld() | BatchReleased():
            return None
        case EmissionsRestated() | RestatementConfirmed():
            return None  # They say anew what another event emitted.
        case MintReversed() | SplitReversed() | TransformationReversed() | ReceiptReversed():
            return None
        case RetirementReversed() | TakeBackReversed() | ErrorReversed():
            return None
        case _:
            assert_never(event)


def shares(event: EmittingEvent) -> tuple[Share, ...]:
    """What an event emitted, shared over its batches in their order.

    Raises:
        VerificationError: there is nothing to share over.
    """
    match event:
        case BatchMinted() | EmissionsAdded():
            return (Share(event.batch, event.emissions),)
        case ShipmentOffered() | Transformed():
            bear: tuple[Shipped | Made, ...] = (
                event.batches if isinstance(event, ShipmentOffered) else event.outputs
            )
            # Allocate: each scope, each part of them, and removals, is a total of its own.
            totals = [getattr(event.emissions, name) for name in EMISSION_FIELDS]
            parts = _allocated(totals, weights(event))
            return tuple(Share(each.batch, Emissions(*part)) for each, part in zip(bear, parts, strict=True))
        case _:
            assert_never(event)


def entering(event: ShipmentOffered | Transformed) -> list[tuple[int, int]]:
    """What each batch gets of an event's emissions, in their order: own CO2e, and primary CO2e, mg.

    That of :func:`shares`, of which only the scopes and the primary part enter a pool.

    Raises:
        VerificationError: there is nothing to share over.
    """
    all_ = event.emissions
    parts = _allocated((all_.scope1, all_.scope2, all_.scope3, all_.primary), weights(event))
    return [(scope1 + scope2 + scope3, primary) for scope1, scope2, scope3, primary in parts]


def weights(event: ShipmentOffered | Transformed) -> list[int]:
    """By what an event shares burdens over its batches.

    Of a transformation they are the masses of its outputs (mg), weights given, or 0 for waste beside what
    bears its CO2e (Rule 6): the event states them. Of a shipment they are the masses shipped.
    """
    match event:
        case ShipmentOffered(batches=shipped):
            # Allocate: the transport's emissions go by the masses shipped, into the own pools.
            return [each.mass_mg for each in shipped]
        case Transformed(outputs=outputs):
            # Rule 6: the emissions of the process are the own CO2e of the outputs, to the milligram.
            return [made.weight for made in outputs]
        case _:
            assert_never(event)


def occurred_where(event: EmittingEvent, made_at: Facility | None) -> Occurrence:
    """Where an event's emissions arose.

    Args:
        event: the event.
        made_at: the facility where the batch was made that bears them (a split batch: where its parent was);
            ``None`` where it is not known.
    """
    match event:
        case BatchMinted():
            process = _PROCESSES[event.origin]
            return Occurrence(event.creator, Place.FACILITY, event.facility, process)
        case Transformed():
            return Occurrence(event.participant, Place.FACILITY, event.facility, event.process)
        case ShipmentOffered():
            return Occurrence(event.sender, Place.TRANSPORT, None, "transport")
        case EmissionsAdded():
            process = event.reason or "custody"
            if made_at is not None and made_at.participant == event.custodian:
                return Occurrence(event.custodian, Place.FACILITY, made_at.id, process)
            return Occurrence(event.custodian, Place.CUSTODY, None, process)
        case _:
            assert_never(event)


def place_name(where: Occurrence, names: Names) -> str:
    """How the place is called: a facility by its full name, other places by who emitted there."""
    if where.facility is not None:
        return names.facility(where.facility)
    return f"{names.slug(where.participant)} ({where.place.value})"


def pool_after(event: AddingEvent, batch: int) -> int:
    """The own CO2e (mg) that an addition states of a batch after it; 0 where it does not name the batch."""
    match event:
        case EmissionsAdded():
            return event.own_mg if event.batch == batch else 0
        case ShipmentOffered(batches=shipped):
            return next((each.own_mg for each in shipped if each.batch == batch), 0)
        case _:
            assert_never(event)


def _allocated(totals: Sequence[int], over: Sequence[int]) -> list[tuple[int, ...]]:
    """Of each batch its part of each total, most of which are none."""
    if not over or min(over) < 0 or not sum(over):
        raise VerificationError("the chain states emissions allocated over nothing")
    if len(over) == 1:
        return [tuple(totals)]
    nothing = [0] * len(over)
    return list(zip(*(allocate(total, over) if total else nothing for total in totals), strict=True))
