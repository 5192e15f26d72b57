"""One event of the ledger as an event of EPCIS: docs/epcis.md, *What becomes of each record*."""

from __future__ import annotations

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
    MintReversed,
    ReceiptReversed,
    RecordedEvent,
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
from traceledger.interop.epcis.export import corrections
from traceledger.interop.epcis.export.custody import moved
from traceledger.interop.epcis.export.making import made
from traceledger.interop.epcis.export.saying import (
    Document,
    Piece,
    of_lot,
    of_lots,
    place,
    some_emissions,
    substances,
)
from traceledger.interop.epcis.export.things import Things
from traceledger.model.batches import HoldKind, RecordKind, Retirement

_RECORDS = {
    RecordKind.MINT: "tl:mint",
    RecordKind.TRANSFORMATION: "tl:transformation",
    RecordKind.SHIPMENT: "tl:shipment",
    RecordKind.EMISSIONS: "tl:record",
}
_ENDS = {
    Retirement.DELIVERED: ("OBSERVE", "retail_selling", "retail_sold"),
    Retirement.CONSUMED_OUTSIDE: ("DELETE", "decommissioning", "inactive"),
    Retirement.DISPOSED: ("DELETE", "destroying", "destroyed"),
}


def said(found: RecordedEvent, things: Things) -> Document:
    """An event of the ledger as EPCIS has it."""
    match found.event:
        case BatchMinted() | BatchSplit() | Transformed() as event:
            return made(found, event, things)
        case (
            ShipmentOffered()
            | ShipmentReceived()
            | ShipmentRejected()
            | ShipmentCancelled()
            | TitleTransferred()
            | StockAssigned()
        ) as event:
            return moved(found, event, things)
        case EmissionsAdded() | BatchRetired() | BatchTakenBack() | BatchRemeasured() as event:
            return _happened(found, event, things)
        case EmissionsRestated() | RestatementConfirmed() as event:
            return _restated(found, event, things)
        case BatchHeld() | BatchReleased() as event:
            return _held(found, event, things)
        case ErrorDeclared() as event:
            return corrections.declared(found, event, things, said)
        case ErrorReversed() as event:
            of = {"tl:declareError": things.lot(event.batch).name}
            return of_lot(found, event.batch, things, "reverse", "other", of=of, reason=event.reason)
        case (
            MintReversed()
            | SplitReversed()
            | TransformationReversed()
            | ReceiptReversed()
            | RetirementReversed()
            | TakeBackReversed()
        ) as event:
            return corrections.reversed_(found, event, things, said)
        case _:
            assert_never(found.event)


def _held(found: RecordedEvent, event: BatchHeld | BatchReleased, things: Things) -> Document:
    own = {"hold": event.kind.slug, "reason": event.reason}
    if isinstance(event, BatchReleased):
        return of_lot(found, event.batch, things, "release", "inspecting", "available", **own)
    disposition = "recalled" if event.kind is HoldKind.RECALL else "unavailable"
    return of_lot(found, event.batch, things, "hold", "holding", disposition, **own)


def _happened(
    found: RecordedEvent,
    event: EmissionsAdded | BatchRetired | BatchTakenBack | BatchRemeasured,
    things: Things,
) -> Document:
    match event:
        case EmissionsAdded():
            return _added(found, event, things)
        case BatchRetired():
            return _retired(found, event, things)
        case BatchTakenBack():
            return _taken_back(found, event, things)
        case BatchRemeasured():
            return _remeasured(found, event, things)
        case _:
            assert_never(event)


def _added(found: RecordedEvent, event: EmissionsAdded, things: Things) -> Document:
    record = f"{things.company(event.custodian).name}/{event.record}" if event.record else None
    own: Document = {"record": record, "reason": event.reason, "emissions": some_emissions(event.emissions)}
    return of_lot(found, event.batch, things, "add_emissions", "storing", **own)


def _retired(found: RecordedEvent, event: BatchRetired, things: Things) -> Document:
    action, step, disposition = _ENDS[event.how]
    own = {"action": action, "retirement": event.how.slug, "reason": event.reason}
    return of_lot(found, event.batch, things, "retire", step, disposition, **own)


def _taken_back(found: RecordedEvent, event: BatchTakenBack, things: Things) -> Document:
    site, pieces = things.site(event.facility), [Piece(things.lot(event.batch), event.mass_mg)]
    own = {"operation": "take_back", "facility": site.name}
    return of_lots(found, things, pieces, "collecting", "returned", **own) | place(site)


def _remeasured(found: RecordedEvent, event: BatchRemeasured, things: Things) -> Document:
    about = {"substances": substances(event.substances_mg)}
    pieces = [Piece(things.lot(event.batch), event.mass_mg, about)]
    own = {"operation": "remeasure", "reason": event.reason}
    return of_lots(found, things, pieces, "stock_taking", **own)


def _restated(
    found: RecordedEvent, event: EmissionsRestated | RestatementConfirmed, things: Things
) -> Document:
    pieces = [Piece(things.lot(each)) for each in event.batches]
    of = {_RECORDS[event.kind]: things.record(event.kind, event.record)}
    if isinstance(event, EmissionsRestated):
        own: Document = {"operation": "restate_emissions", "reason": event.reason}
    else:
        own = {"operation": "confirm_restatement"}
    own["emissions"] = some_emissions(event.emissions)
    return of_lots(found, things, pieces, "other", of=of, **own)
