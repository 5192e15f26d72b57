"""The JSON of shipments: lots on their way from one company to another, and what was answered."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from traceledger.documents.known import Known
from traceledger.model.hexadecimal import id_text
from traceledger.names import LedgerNames

if TYPE_CHECKING:
    from traceledger.index import IndexReader
    from traceledger.model.batches import Shipment


def shipments(index: IndexReader, found: Iterable[Shipment]) -> dict[str, Any]:
    """Shipments as their handshakes stand now."""
    items = list(found)
    names = LedgerNames(lots_of(index, items))
    return {"shipments": [_shipment(item, names) for item in items]}


def shipment(index: IndexReader, found: Shipment) -> dict[str, Any]:
    """A shipment as its handshake stands now."""
    return _shipment(found, LedgerNames(lots_of(index, [found])))


def lots_of(index: IndexReader, found: Iterable[Shipment]) -> Known:
    """All that shipments name, read beforehand."""
    items = list(found)
    lots = {lot for item in items for lot in item.batches}
    sent = {item.id for item in items} | {item.return_of for item in items if item.return_of}
    return Known(index, batches=lots, shipments=sent)


def _shipment(item: Shipment, names: LedgerNames) -> dict[str, Any]:
    emissions = item.emissions
    return {
        "shipment": names.full(item.sender, item.identifier),
        "id": id_text(item.id),
        "sender": names.slug(item.sender),
        "receiver": names.slug(item.receiver),
        "state": item.state.value,
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
