"""Shipments: on their way, and answered."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from traceledger.documents import shipments as documents
from traceledger.errors import UnknownNameError
from traceledger.model.batches import Shipment, ShipmentState
from traceledger.web.paging import Paged, asked_piece, paged, taken
from traceledger.web.reading import Reading
from traceledger.web.route import Asked, Document, Query
from traceledger.web.views.registry import Participant


class ShipmentsQuery(Paged):
    """Which shipments."""

    state: Annotated[ShipmentState | None, Field(description="Whose handshake stands so.")] = None
    sender: Participant = None
    receiver: Participant = None


def shipments(reading: Reading, asked: Asked[ShipmentsQuery]) -> Document:
    """Shipments as their handshakes stand now."""
    query, names = asked.query, reading.directory
    piece = asked_piece(reading, asked, "shipments")
    found = reading.index.pieces.shipments(
        piece.read,
        state=None if query.state is None else query.state.value,
        sender=names.participant(query.sender) if query.sender else None,
        receiver=names.participant(query.receiver) if query.receiver else None,
    )
    shown, rows = taken(found, piece)
    return documents.shipments(reading.index, shown) | {
        "page": paged(reading, asked, "shipments", piece, rows)
    }


def shipment(reading: Reading, asked: Asked[Query]) -> Document:
    """A shipment as its handshake stands now."""
    return documents.shipment(reading.index, shipment_of(reading, asked))


def shipment_of(reading: Reading, asked: Asked[Query]) -> Shipment:
    """The shipment that a path names.

    Raises:
        UnknownNameError: there is none.
    """
    name = asked.name("sender")
    found = reading.index.shipment(reading.directory.shipment(name, None).id)
    if found is None:
        raise UnknownNameError(f"there is no shipment {name!r}", hint="/shipments lists them")
    return found
