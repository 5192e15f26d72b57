"""What moves lots from one company to another, as events of EPCIS: shipments and their answers, title."""

from __future__ import annotations

from typing import assert_never

from traceledger.events import (
    RecordedEvent,
    ShipmentCancelled,
    ShipmentOffered,
    ShipmentReceived,
    ShipmentRejected,
    StockAssigned,
    TitleTransferred,
)
from traceledger.interop.epcis.export.saying import (
    Document,
    Piece,
    emissions,
    of_lot,
    of_lots,
    parties,
    substances,
)
from traceledger.interop.epcis.export.things import Things
from traceledger.model.batches import Difference

Moving = (
    ShipmentOffered
    | ShipmentReceived
    | ShipmentRejected
    | ShipmentCancelled
    | TitleTransferred
    | StockAssigned
)


def moved(found: RecordedEvent, event: Moving, things: Things) -> Document:
    """An event that moves custody or title, or is about to."""
    match event:
        case ShipmentOffered():
            return _offered(found, event, things)
        case ShipmentReceived():
            return _received(found, event, things)
        case ShipmentRejected():
            return _answered(found, event, things, "reject", "inspecting", "returned")
        case ShipmentCancelled():
            return _answered(found, event, things, "cancel", "void_shipping", "in_progress")
        case TitleTransferred():
            giver, taker = things.company(event.old_owner), things.company(event.new_owner)
            said = of_lot(found, event.batch, things, "transfer_title", "other", to=taker.name)
            return said | parties("owning_party", giver, taker)
        case StockAssigned():
            giver, taker = things.company(event.old_custodian), things.company(event.new_custodian)
            why = {"to": taker.name, "reason": event.reason}
            said = of_lot(found, event.batch, things, "assign_stock", "other", **why)
            return said | parties("possessing_party", giver, taker)
        case _:
            assert_never(event)


def _transaction(shipment: int, things: Things) -> Document:
    return {"bizTransactionList": [{"type": "desadv", "bizTransaction": things.shipment(shipment).uri}]}


def _offered(found: RecordedEvent, event: ShipmentOffered, things: Things) -> Document:
    pieces = [Piece(things.lot(each.batch), each.mass_mg) for each in event.batches]
    sender, receiver = things.company(event.sender), things.company(event.receiver)
    owner = things.company(event.owner) if any(event.owner) else None
    own = {
        "shipment": things.shipment(event.shipment).name,
        "sender": sender.name,
        "receiver": receiver.name,
        "owner": owner.name if owner else None,
        "returnOf": things.shipment(event.return_of).name if event.return_of else None,
        "emissions": emissions(event.emissions),
    }
    made = of_lots(found, things, pieces, "shipping", "in_transit", operation="ship", **own)
    made |= _transaction(event.shipment, things) | parties("possessing_party", sender, receiver)
    if owner is not None:
        made["destinationList"].append({"type": "owning_party", "destination": owner.uri})
    return made


def _received(found: RecordedEvent, event: ShipmentReceived, things: Things) -> Document:
    pieces = []
    for each in event.batches:
        about: Document = {}
        if each.difference is not Difference.NONE:
            about["difference"] = each.difference.slug
        if each.difference is Difference.MEASUREMENT:
            about["substances"] = substances(each.substances_mg)
        pieces.append(Piece(things.lot(each.batch), each.mass_mg, about))
    shipment = things.consignment(event.shipment)
    sender = None if shipment is None else things.company(shipment.sender)
    receiver = things.company(event.receiver)
    own = {
        "shipment": things.shipment(event.shipment).name,
        "sender": sender.name if sender else None,
        "receiver": receiver.name,
    }
    made = of_lots(found, things, pieces, "receiving", "in_progress", operation="receive", **own)
    return made | _transaction(event.shipment, things) | parties("possessing_party", sender, receiver)


def _answered(
    found: RecordedEvent,
    event: ShipmentRejected | ShipmentCancelled,
    things: Things,
    operation: str,
    step: str,
    disposition: str,
) -> Document:
    pieces = [Piece(things.lot(each)) for each in event.batches]
    shipment = things.consignment(event.shipment)
    own = {"shipment": things.shipment(event.shipment).name, "reason": event.reason}
    made = of_lots(found, things, pieces, step, disposition, operation=operation, **own)
    made |= _transaction(event.shipment, things)
    if shipment is not None:
        sender, receiver = things.company(shipment.sender), things.company(shipment.receiver)
        made |= {"tl:sender": sender.name, "tl:receiver": receiver.name}
        made |= parties("possessing_party", sender, receiver)
    return made
