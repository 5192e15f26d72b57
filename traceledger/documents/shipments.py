"""The JSON of shipments: lots on their way from one company to another, and what was answered."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from traceledger.documents.known import Known
from traceledger.documents.values import amounts, tracked
from traceledger.events import RecordedEvent, ShipmentOffered
from traceledger.model.batches import BatchState, RecordKind, ShipmentState
from traceledger.model.hexadecimal import id_text
from traceledger.names import LedgerNames

if TYPE_CHECKING:
    from traceledger.index import IndexReader
    from traceledger.model.batches import Batch, Shipment
    from traceledger.model.registry import Participant

DAY = 86_400
"""Seconds."""


def shipments(index: IndexReader, found: Iterable[Shipment]) -> dict[str, Any]:
    """Shipments as their handshakes stand now."""
    items = list(found)
    names, events = LedgerNames(lots_of(index, items)), offers(index, items)
    return {"shipments": [_shipment(item, names, events.get(item.id)) for item in items]}


def shipment(index: IndexReader, found: Shipment) -> dict[str, Any]:
    """A shipment as its handshake stands now."""
    return shipments(index, [found])["shipments"][0]  # type: ignore[no-any-return]


def to_answer(index: IndexReader, own: Participant, *, now: int) -> dict[str, Any]:
    """The shipments that wait for a participant's answer, oldest first, with their open lots.

    Args:
        index: where to read.
        own: the participant.
        now: UTC seconds until which they wait.
    """
    found = index.shipments(ShipmentState.OFFERED, receiver=own.address)
    names = LedgerNames(lots_of(index, found))
    rows = [
        document
        | {
            "days": None if document["recorded_at"] is None else max(now - document["recorded_at"], 0) // DAY,
            "lots": [open_lot(lot, names) for lot in index.open_lots(each.id)],
        }
        for each, document in zip(found, shipments(index, found)["shipments"], strict=True)
    ]
    rows.sort(key=lambda row: row["recorded_at"] or 0)
    return {"participant": own.slug, "shipments": rows}


def open_lot(lot: Batch, names: LedgerNames) -> dict[str, Any]:
    """An open lot of a shipment as it was sent, which is as it stands on the ledger."""
    return {
        "batch": names.full(lot.creator, lot.identifier),
        "material": names.material(lot.material),
        "mass_mg": str(lot.mass_mg),
        "substances_mg": amounts(tracked(lot)),
        "co2e_mg": str(lot.own_mg + lot.inherited_mg),
        "held": lot.held,
        "frozen": lot.frozen,
        "returning": lot.state is BatchState.RETURNING,
        "recalled": lot.recalled,
        "disputed": lot.disputed,
    }


def lots_of(index: IndexReader, found: Iterable[Shipment]) -> Known:
    """All that shipments name, read beforehand."""
    items = list(found)
    lots = {lot for item in items for lot in item.batches}
    sent = {item.id for item in items} | {item.return_of for item in items if item.return_of}
    return Known(index, batches=lots, shipments=sent)


def offers(index: IndexReader, items: Iterable[Shipment]) -> dict[int, RecordedEvent]:
    """By shipment, the event that offered it."""
    places = index.many.record_places(RecordKind.SHIPMENT, [item.id for item in items])
    events = index.many.events(places.values())
    return {shipment: events[at] for shipment, at in places.items() if at in events}


def _shipment(item: Shipment, names: LedgerNames, offer: RecordedEvent | None) -> dict[str, Any]:
    emissions = item.emissions
    sent = offer.event.batches if offer and isinstance(offer.event, ShipmentOffered) else None
    return {
        "shipment": names.full(item.sender, item.identifier),
        "id": id_text(item.id),
        "sender": names.slug(item.sender),
        "receiver": names.slug(item.receiver),
        "state": item.state.value,
        "offered_at": offer.event.occurred_at if offer else None,
        "recorded_at": offer.timestamp if offer else None,
        "sent_mg": None if sent is None else str(sum(lot.mass_mg for lot in sent)),
        "owner": names.slug(item.owner) if any(item.owner) else None,
        "return_of": names.shipment(item.return_of) if item.return_of else None,
        "batches": [names.batch(each) for each in item.batches],
        "open": [names.batch(each) for each in item.open],
        "received": [names.batch(each) for each in item.received],
        "refused": [names.batch(each) for each in item.refused],
        "emissions": {
            "scope1_mg": str(emissions.scope1),
            "scope2_mg": str(emissions.scope2),
            "scope3_mg": str(emissions.scope3),
            "primary_mg": str(emissions.primary),
        },
    }
