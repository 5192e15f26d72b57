"""The JSON of pages about a company, a site, a material or a shipment: all that is known of it in one place.

Example:
    >>> from traceledger.documents.dossiers import MOST
    >>> MOST
    100
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from traceledger.documents import assurance, registry, shipments
from traceledger.events import (
    ReceiptReversed,
    RecordedEvent,
    ShipmentCancelled,
    ShipmentOffered,
    ShipmentReceived,
    ShipmentRejected,
)
from traceledger.model.batches import Difference
from traceledger.model.hexadecimal import hexed
from traceledger.names import LedgerNames, Names

if TYPE_CHECKING:
    from traceledger.index import IndexReader
    from traceledger.model.batches import Shipment
    from traceledger.model.registry import Facility, Material, Participant

MOST = 100
"""Rows of one table."""


def participant(index: IndexReader, found: Participant, *, now: int) -> dict[str, Any]:
    """A company: its standing, keys, sites, assessments, findings and what was done about them."""
    names = Names(index)
    sites = index.facilities(found.address)
    findings = index.findings(found.address)
    assessments = index.assessments(found.address)
    return registry.participant(index, found, now=now) | {
        "identifiers": [item.to_dict() for item in found.identifiers],
        "keys": [hexed(each) for each in found.operators],
        "sites": registry.facilities(index, sites[:MOST])["facilities"],
        "assessments": [
            assurance.assessment_row(item, names, now) for item in list(reversed(assessments))[:MOST]
        ],
        "findings": [assurance.finding_row(item, names, now) for item in list(reversed(findings))[:MOST]],
        "counts": {"sites": len(sites), "assessments": len(assessments), "findings": len(findings)},
    }


def facility(index: IndexReader, found: Facility, *, now: int) -> dict[str, Any]:
    """A site: who holds it, what is expected from it, what was assessed and found."""
    names = Names(index)
    findings = [item for item in index.findings(found.holder) if item.facility == found.id]
    assessments = index.assessments(facility=found.id)
    return registry.facility(index, found) | {
        "participant": names.slug(found.participant),
        "holder": names.slug(found.holder),
        "offered_to": None if found.offered_to is None else names.slug(found.offered_to),
        "approvals_paused": found.approvals_paused,
        "identifiers": [item.to_dict() for item in found.identifiers],
        "assessments": [assurance.assessment_row(item, names, now) for item in assessments[-MOST:]],
        "findings": [assurance.finding_row(item, names, now) for item in findings[-MOST:]],
    }


def material(index: IndexReader, found: Material) -> dict[str, Any]:
    """A kind of material: what is tracked in it, within which limits, and what it is."""
    return registry.material(found) | {
        "waste": found.waste,
        "product": found.product,
        "tolerance_mass_bp": found.tolerance_mass_bp,
        "tolerance_substances_bp": found.tolerance_substances_bp,
    }


def shipment(index: IndexReader, found: Shipment, *, most: int = MOST) -> dict[str, Any]:
    """A shipment lot by lot: what was sent, what was answered, and what arrived.

    Args:
        index: where it was read.
        found: the shipment.
        most: lots that are told one by one, at most.
    """
    known = shipments.lots_of(index, [found])
    names = LedgerNames(known)
    events = list(index.many.events(index.many.naming(found.batches[:most], found.id)).values())
    answers = _answers(events)
    sent = {
        lot.batch: lot.mass_mg
        for recorded in events
        if isinstance(recorded.event, ShipmentOffered)
        for lot in recorded.event.batches
    }
    document = shipments.shipment(index, found)
    still = {"answer": "open", "since": document["offered_at"]}
    return document | {
        "lots": [
            {
                "batch": names.batch(lot),
                "material": names.material(known.batches[lot].material) if lot in known.batches else None,
                "sent_mg": str(sent[lot]) if lot in sent else None,
                **(answers.get(lot) or (still if lot in found.open else {"answer": "cancelled"})),
            }
            for lot in found.batches[:most]
        ],
        "events": [_event(recorded, names) for recorded in events],
    }


def _answers(events: Sequence[RecordedEvent]) -> dict[int, dict[str, Any]]:
    """By lot, the last answer that stands."""
    found: dict[int, dict[str, Any]] = {}
    for recorded in events:
        event = recorded.event
        place = {"since": event.occurred_at, "block": recorded.block, "log": recorded.log_index}
        if isinstance(event, ShipmentReceived):
            for arrived in event.batches:
                said = {"answer": "received", "arrived_mg": str(arrived.mass_mg)}
                found[arrived.batch] = said | {"difference": Difference(arrived.difference).slug} | place
        elif isinstance(event, ShipmentRejected | ShipmentCancelled):
            answer = "refused" if isinstance(event, ShipmentRejected) else "cancelled"
            said = {"answer": answer, "reason": event.reason}
            found.update((lot, said | place) for lot, _ in event.concerns)
        elif isinstance(event, ReceiptReversed):
            # It is an open shipment again.
            said = {"answer": "open", "reason": event.reason}
            found.update((lot, said | place) for lot, _ in event.concerns)
    return found


def _event(recorded: RecordedEvent, names: LedgerNames) -> dict[str, Any]:
    event = recorded.event
    return {
        "event": type(event).__name__,
        "by": None if event.author is None else names.slug(event.author),
        "occurred_at": event.occurred_at,
        "timestamp": recorded.timestamp,
        "evidence": [item.to_dict() for item in event.evidence],
        "block": recorded.block,
        "log": recorded.log_index,
    }
