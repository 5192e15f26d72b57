"""What the desk's pages read, and the names that their fields suggest."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from traceledger.errors import UnknownNameError
from traceledger.languages.phrases import phrase
from traceledger.model.batches import BatchState, ShipmentState
from traceledger.model.identifiers import SCHEMES
from traceledger.model.ids import shipment_id
from traceledger.model.substances import symbol
from traceledger.names import LedgerNames
from traceledger.web.desk.visit import Visit

if TYPE_CHECKING:
    from traceledger.index.disclosed import DisclosedIndex
    from traceledger.model.batches import Batch, Shipment
    from traceledger.model.registry import Participant
    from traceledger.operations.directory import Directory

MOST_SUGGESTED = 400
"""Names that a field suggests at most."""


def index_of(visit: Visit) -> DisclosedIndex:
    """What is read, with private texts that are known here."""
    return visit.desk.client.disclosed


def directory(visit: Visit) -> Directory:
    """Names to ids, private names that are known here too."""
    return visit.desk.client.names()


def now() -> int:
    """UTC seconds."""
    return int(time.time())


def lot_of(visit: Visit) -> Batch:
    """The lot that a path names.

    Raises:
        UnknownNameError: there is none.
    """
    name = f"{visit.path['maker']}/{visit.path['identifier']}"
    found = index_of(visit).batch(directory(visit).batch(name, None))
    if found is None:
        raise UnknownNameError(
            phrase("there is no lot {lot}", lot=name), hint=phrase("look at what you hold")
        )
    return found


def shipment_of(visit: Visit) -> Shipment:
    """The shipment that a path names.

    Raises:
        UnknownNameError: there is none.
    """
    name = f"{visit.path['sender']}/{visit.path['identifier']}"
    found = index_of(visit).shipment(shipment_id(*directory(visit).recorded_name(name, None, "shipment")))
    if found is None:
        raise UnknownNameError(
            phrase("there is no shipment {shipment}", shipment=name), hint=phrase("the inbox lists yours")
        )
    return found


def suggestions(visit: Visit, own: Participant) -> dict[str, Sequence[str]]:
    """By what kind of thing a field names, the names that it suggests."""
    index = index_of(visit)
    names = LedgerNames(index)
    lots = index.batches(own.address, BatchState.ACTIVE)[-MOST_SUGGESTED:]
    materials = index.materials()
    tracked = dict.fromkeys(each for material in materials for each in material.substances)
    partners = [each for each in index.participants() if each.address != own.address]
    open_shipments = [
        *index.shipments(ShipmentState.OFFERED, sender=own.address),
        *index.shipments(ShipmentState.OFFERED, receiver=own.address),
    ]
    return {
        "batch": [names.full(lot.creator, lot.identifier) for lot in reversed(lots)],
        "material": [material.slug for material in materials][:MOST_SUGGESTED],
        "facility": [names.full(site.participant, site.identifier) for site in index.facilities(own.address)][
            :MOST_SUGGESTED
        ],
        "participant": [each.slug for each in partners][:MOST_SUGGESTED],
        "shipment": [names.full(each.sender, each.identifier) for each in open_shipments][:MOST_SUGGESTED],
        "finding": [names.full(each.auditor, each.identifier) for each in index.findings(own.address)],
        "substance": [symbol(number) for number in tracked],
        "scheme": list(SCHEMES),
    }
