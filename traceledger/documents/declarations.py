"""The JSON of a Product Sustainability Declaration; docs/declaration.md explains each field."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from traceledger.documents.traces import co2e, earlier_lives, per_kg, recycled, wrong
from traceledger.documents.values import amounts, evidence
from traceledger.model.arithmetic import nearest
from traceledger.model.commitments import is_commitment
from traceledger.model.hexadecimal import hexed, id_text
from traceledger.model.substances import named, symbol
from traceledger.model.units import MICRO_DEGREES

if TYPE_CHECKING:
    from traceledger.declaration import ChainReference, Declaration, SubstanceStatement
    from traceledger.declaration.corrections import Correction
    from traceledger.declaration.journeys import JourneyStep, Stop
    from traceledger.declaration.suppliers import Assessed, Raised, Supplier
    from traceledger.declaration.unknown import Unknown


def declaration(found: Declaration) -> dict[str, Any]:
    """A declaration."""
    return {
        "batch": found.batch,
        "id": id_text(found.batch_id),
        "material": found.material,
        "material_name": found.material_name,
        "made_by": {
            "participant": found.made_by.slug,
            "name": found.made_by.name,
            "country": found.made_by.country,
        },
        "made_at": {
            "facility": found.made_at.identifier,
            "name": found.made_at.name,
            "country": found.made_at.country,
        },
        "state": found.state.slug,
        "made_mass_mg": str(found.made_mass_mg),
        "co2e": co2e(found.footprint),
        **_per_unit(found),
        "substances": {symbol(item.substance): _statement(item) for item in found.substances},
        "journeys": {
            symbol(number): [_step(step) for step in steps] for number, steps in found.journeys.items()
        },
        "suppliers": [_supplier(each) for each in found.suppliers],
        "corrections": [_correction(each) for each in found.corrections],
        "unknown": _unknown(found.unknown),
        "earlier_life": earlier_lives(found.earlier_lives),
        **wrong(found.troubles),
        "marks": list(found.marks),
        "reversed": found.reversed,
        "tainted": found.tainted,
        "batches": found.batches,
        "events": found.events,
        "chain": _chain(found.chain),
    }


def published(folder: Path, index: Path, pages: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Declarations that were written as pages: the folder, the page that lists them, and each of them."""
    return {"folder": str(folder), "index": str(index), "declarations": list(pages)}


def published_one(document: dict[str, Any], page: Path, files: Iterable[Path]) -> dict[str, Any]:
    """One of them: its page in the first language, and everything that lies in its folder."""
    return {
        "batch": document["batch"],
        "id": document["id"],
        "block": document["chain"]["block"],
        "page": str(page),
        "files": [str(file) for file in files],
    }


def labelled(file: Path, batch: str, address: str, millimetres: float) -> dict[str, Any]:
    """A label that was written: what its code holds, and how wide the code is when it is printed."""
    return {"file": str(file), "batch": batch, "address": address, "millimetres": millimetres}


def _per_unit(found: Declaration) -> dict[str, Any]:
    document: dict[str, Any] = {"per_kg": per_kg(found.per_kg)}
    if found.pieces:
        # To the nearest milligram, as per kilogram.
        whole = nearest(found.used.total_mg, found.pieces)
        document["per_piece"] = {"pieces": str(found.pieces), "mg": str(whole)}
    return document


def _statement(item: SubstanceStatement) -> dict[str, Any]:
    document: dict[str, Any] = {
        "made_mass_mg": str(item.mass_mg),
        "traced_share": float(item.traced.traced),
        "untraced_share": float(item.traced.untraced),
        "declared_share": float(item.traced.declared),
        "confirmed_share": float(item.traced.confirmed),
        "chain_of_custody": item.chain_of_custody,
        "booked_mg": str(item.booked_mg),
        "recycled_content": recycled(item.recycled),
        "origins": [
            {
                **({"batch": origin.batch} if origin.batch else {"transformation": origin.transformation}),
                "facility": origin.facility,
                "country": origin.country,
                "origin": origin.origin.slug,
                "share": float(origin.share),
            }
            for origin in item.origins
        ],
    }
    if item.minimum is not None:
        document["recycled_minimum_percent"] = {
            "2031": item.minimum.percent_2031,
            "2036": item.minimum.percent_2036,
        }
    return document


def _step(step: JourneyStep) -> dict[str, Any]:
    return {
        "step": step.what,
        "origin": step.origin or None,
        "process": step.process if step.process or step.what == "run" else None,
        "materials": [{"material": slug, "name": name} for slug, name in step.materials],
        "by": step.by,
        "from": None if step.start is None else _stop(step.start),
        "at": _stop(step.at),
        "first_at": step.first_at,
        "last_at": step.last_at,
        "records": step.records,
        "share": float(step.share),
    }


def _stop(stop: Stop) -> dict[str, Any]:
    latitude, longitude = (None, None) if stop.where is None else stop.where
    return {
        "participant": stop.participant,
        "participant_name": stop.participant_name,
        "facility": stop.facility,
        "facility_name": stop.facility_name or None,
        "country": stop.country,
        "latitude": None if latitude is None else latitude / MICRO_DEGREES,
        "longitude": None if longitude is None else longitude / MICRO_DEGREES,
    }


def _supplier(each: Supplier) -> dict[str, Any]:
    standing, known = each.standing, each.participant
    return {
        "participant": known.slug,
        "name": known.name,
        "country": known.country,
        "roles": list(known.roles),
        "identifiers": [item.to_dict() for item in known.identifiers],
        "may_act": standing.may_act,
        "obstacles": [item.reason for item in standing.obstacles],
        "assessments": [_assessed(item) for item in each.assessments],
        "findings": [_raised(item) for item in each.findings],
    }


def _assessed(found: Assessed) -> dict[str, Any]:
    item = found.assessment
    return {
        "assessment": f"{found.assessor}/{item.identifier}",
        "facility": found.facility,
        "kind": item.kind,
        "scheme": item.scheme,
        "value": item.value,
        "issuer": item.issuer,
        "valid_from": item.valid_from,
        "valid_until": item.valid_until,
        "valid": found.valid,
        "evidence": [each for each in evidence(item.evidence) if not is_commitment(each["uri"])],
    }


def _raised(found: Raised) -> dict[str, Any]:
    item = found.finding
    return {
        "finding": f"{found.auditor}/{item.identifier}",
        "about": found.about,
        "severity": item.severity.slug,
        "category": item.category,
        "description": item.description,
        "state": found.state.slug,
        "open": found.open,
        "overdue": found.overdue,
        "due_at": item.due_at,
        "occurred_at": item.occurred_at,
    }


def _correction(each: Correction) -> dict[str, Any]:
    document: dict[str, Any] = {
        "kind": each.kind,
        "what": each.what,
        "by": each.by,
        "of": each.of,
        "occurred_at": each.occurred_at,
        "reason": each.reason,
    }
    if each.co2e_mg:
        document |= {"co2e_mg": {name: str(mg) for name, mg in each.co2e_mg.items()}, "counts": each.counts}
    if each.kind == "measured":
        document["booked_mg"] = {"mass": str(each.booked_mass_mg), **amounts(each.booked_mg)}
    return document


def _unknown(found: Unknown) -> dict[str, Any]:
    return {
        "untraced_share": {name: float(share) for name, share in named(found.untraced).items()},
        "not_measured_mg": str(found.not_measured_mg),
        "without_primary_mg": {place: str(mg) for place, mg in found.without_primary.items()},
        "stages_without_data": list(found.stages_without_data),
        "not_assigned_mg": str(found.not_assigned_mg),
        "private_texts": dict(found.private_texts),
        "without_assessment": list(found.without_assessment),
    }


def _chain(chain: ChainReference) -> dict[str, Any]:
    return {
        "chain_id": str(chain.chain_id),
        "genesis_hash": hexed(chain.genesis_hash),
        "block": chain.block,
        "block_hash": hexed(chain.block_hash),
        "ledger": hexed(chain.ledger),
        "registry": hexed(chain.registry),
        "newest_record_at": chain.newest_record_at,
    }
