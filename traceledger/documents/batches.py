"""The JSON of batches: what one holds now, all that was recorded of it, and many as a list."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from traceledger.documents.values import amounts, evidence
from traceledger.model.hexadecimal import hexed, id_text
from traceledger.names import LedgerNames

if TYPE_CHECKING:
    from traceledger.events import RecordedEvent
    from traceledger.index import IndexReader
    from traceledger.model.batches import Batch

_AUTHORS = ("creator", "sender", "participant", "custodian", "declared_by", "receiver")


def batches(index: IndexReader, found: Iterable[Batch]) -> dict[str, Any]:
    """Batches as they are now."""
    names = LedgerNames(index)
    return {"batches": [_batch(item, names) for item in found]}


def batch(index: IndexReader, found: Batch) -> dict[str, Any]:
    """A batch as it is now, what it was made of and into, and everything recorded of it."""
    names = LedgerNames(index)
    return _batch(found, names) | {
        "made_of": [names.batch(edge.parent) for edge in index.parents(found.id)],
        "made_into": [names.batch(edge.child) for edge in index.children(found.id)],
        "events": [_event(item, names) for item in index.history(found.id)],
    }


def _batch(item: Batch, names: LedgerNames) -> dict[str, Any]:
    return {
        "batch": names.full(item.creator, item.identifier),
        "id": id_text(item.id),
        "material": names.material(item.material),
        "facility": names.facility(item.facility) if names.site(item.facility) else None,
        "custodian": names.slug(item.custodian),
        "state": item.state.slug,
        "frozen": item.frozen,
        "mass_mg": str(item.mass_mg),
        "substances_mg": amounts(dict(sorted(item.substances_mg.items()))),
        "co2e": {
            "own_mg": str(item.own_mg),
            "inherited_mg": str(item.inherited_mg),
            "total_mg": str(item.own_mg + item.inherited_mg),
            "primary_mg": str(item.primary_mg),
        },
    }


def _event(item: RecordedEvent, names: LedgerNames) -> dict[str, Any]:
    event: Any = item.event
    known = {field.name for field in fields(event)}
    by = next((getattr(event, field) for field in _AUTHORS if field in known), None)
    found: dict[str, Any] = {
        "event": type(event).__name__,
        "block": item.block,
        "transaction": hexed(item.transaction_hash),
        "timestamp": item.timestamp,
        "occurred_at": event.occurred_at,
        "by": None if by is None else names.slug(by),
    }
    if "shipment" in known:
        found["shipment"] = names.shipment(event.shipment)
    if "receiver" in known:
        found["receiver"] = names.slug(event.receiver)
    if "corrective" in known:
        found["reason"] = event.reason.slug
        found["corrective"] = [names.batch(number) for number in event.corrective]
    else:
        found |= {field: getattr(event, field) for field in ("process", "reason") if field in known}
    found["evidence"] = evidence(event.evidence)
    return found
