"""The JSON of the registry: participants and whether they may act, facilities, materials."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from traceledger.documents.known import Known
from traceledger.documents.values import evidence
from traceledger.model.hexadecimal import hexed, id_text
from traceledger.model.units import MICRO_DEGREES
from traceledger.names import LedgerNames, Names, full_name

if TYPE_CHECKING:
    from traceledger.index import IndexReader
    from traceledger.model.registry import Approval, Facility, Material, Participant
    from traceledger.model.standing import Obstacle, StandingChange


def participants(found: Iterable[Participant]) -> dict[str, Any]:
    """Companies as they are now."""
    return {"participants": [_participant(item) for item in found]}


def participant(index: IndexReader, found: Participant, *, now: int) -> dict[str, Any]:
    """A company, its facilities, whether it may act at ``now`` (UTC seconds), and all that changed that."""
    standing = index.standing(found.address, at=now)
    names = LedgerNames(index)
    return _participant(found) | {
        "facilities": [full_name(found.slug, item.identifier) for item in index.facilities(found.address)],
        "may_act": standing.may_act,
        "obstacles": [_obstacle(item, names) for item in standing.obstacles],
        "standing_changes": [_change(item, index) for item in index.standing_changes(found.address)],
    }


def facilities(index: IndexReader, found: Iterable[Facility]) -> dict[str, Any]:
    """Sites, and what the consortium expects from each."""
    items = list(found)
    known = Known(index, facilities=[item.id for item in items])
    approvals: dict[int, list[Approval]] = defaultdict(list)
    for approval in index.many.approvals(item.id for item in items):
        approvals[approval.facility].append(approval)
    names = Names(known)
    return {"facilities": [_facility(item, approvals[item.id], names) for item in items]}


def facility(index: IndexReader, found: Facility) -> dict[str, Any]:
    """A site, and what the consortium expects from it."""
    return _facility(found, index.approvals(found.id), Names(index))


def material(found: Material) -> dict[str, Any]:
    """A kind of material, and the substances tracked in it."""
    return _material(found)


def materials(found: Iterable[Material]) -> dict[str, Any]:
    """Kinds of material, and the substances tracked in them."""
    return {"materials": [_material(item) for item in found]}


def _participant(item: Participant) -> dict[str, Any]:
    return {
        "participant": item.slug,
        "name": item.name,
        "country": item.country,
        "roles": list(item.roles),
        "state": item.state.slug,
        "address": hexed(item.address),
        "operators": [hexed(address) for address in item.operators],
    }


def _obstacle(item: Obstacle, names: LedgerNames) -> dict[str, Any]:
    return {
        "reason": item.reason,
        "facility": None if item.facility is None else names.facility(item.facility),
        "finding": None if item.finding is None else names.finding(item.finding),
        "kind": item.kind or None,
        "since": item.since,
    }


def _change(item: StandingChange, index: IndexReader) -> dict[str, Any]:
    by = index.participant_of_operator(item.changed_by)
    return {
        "state": item.state.slug,
        "changed_by": by.slug if by else hexed(item.changed_by),
        "reason": item.reason,
        "occurred_at": item.occurred_at or None,
        "recorded_at": item.recorded_at,
        "evidence": evidence(item.evidence),
    }


def _facility(item: Facility, approvals: Iterable[Approval], names: Names) -> dict[str, Any]:
    return {
        "facility": names.full(item.participant, item.identifier),
        "id": id_text(item.id),
        "name": item.name,
        "kind": item.kind,
        "country": item.country,
        "latitude": None if item.latitude is None else item.latitude / MICRO_DEGREES,
        "longitude": None if item.longitude is None else item.longitude / MICRO_DEGREES,
        "approvals": [
            {
                "material": names.material(approval.material),
                "origin": approval.origin.slug,
                "capacity_per_year_mg": str(approval.capacity_mg),
            }
            for approval in approvals
        ],
    }


def _material(item: Material) -> dict[str, Any]:
    return {
        "material": item.slug,
        "id": id_text(item.id),
        "name": item.name,
        "cas": item.cas,
        "substances": list(item.substance_names),
    }
