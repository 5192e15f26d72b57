"""The JSON of a trace, a footprint, and of what came of a batch or of what a finding is about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from traceledger.documents.values import amounts
from traceledger.model.hexadecimal import id_text
from traceledger.model.substances import named, symbol

if TYPE_CHECKING:
    from traceledger.provenance import (
        EarlierLife,
        Footprint,
        Impact,
        OriginShare,
        Reached,
        RecycledContent,
        RestatedFootprint,
        Trace,
        TracedShares,
        UnconfirmedFootprint,
    )
    from traceledger.provenance.per_kilogram import PerKilogram
    from traceledger.provenance.recall import Recall
    from traceledger.provenance.trouble import Trouble


def trace(found: Trace, troubles: Iterable[Trouble] | None = None) -> dict[str, Any]:
    """A batch's origins, CO2e, recycled content and traced share; and what is wrong, where that was asked."""
    return {
        "batch": found.batch,
        "id": id_text(found.id),
        **({} if troubles is None else wrong(troubles)),
        "material": found.material,
        "custodian": found.custodian,
        "owner": found.owner,
        "state": found.state.slug,
        "disputed": found.disputed,
        "frozen": found.frozen,
        "held": found.held,
        "recalled": found.recalled,
        "tainted": found.tainted,
        "mass_mg": str(found.mass_mg),
        "substances_mg": amounts(found.substances_mg),
        "made_mass_mg": str(found.made_mass_mg),
        "made_substances_mg": amounts(found.made_substances_mg),
        "co2e": co2e(found.footprint),
        "origins": [_origin(item) for item in found.origins],
        "recycled_content": {
            name: recycled(content) for name, content in named(found.recycled_content).items()
        },
        "booked_mg": {"mass": str(found.booked_mass_mg), **amounts(found.booked_mg)},
        "tolerance_used_bp": None
        if found.tolerance_bp is None
        else {"mass": found.tolerance_mass_bp, **named(found.tolerance_bp)},
        **_traced(named(found.traced)),
        "chain_of_custody": named(found.chain_of_custody),
        "earlier_life": earlier_lives(found.earlier_lives),
        "batches": found.batches,
        "events": found.events,
        "reversed": found.reversed,
        "created": {"block": found.created_block, "time": found.created_at},
        "as_of": found.as_of,
    }


def wrong(troubles: Iterable[Trouble]) -> dict[str, Any]:
    """What is wrong with a batch or upstream of it: in a word each, and in clauses."""
    known = list(troubles)
    return {
        "faults": list(dict.fromkeys(each.word for each in known)),
        "wrong": [each.sentence for each in known],
    }


def origins(found: Trace, troubles: Iterable[Trouble]) -> dict[str, Any]:
    """Where the material of a batch comes from, and how much of it is traced; and what is wrong."""
    return {
        "batch": found.batch,
        "id": id_text(found.id),
        **wrong(troubles),
        "material": found.material,
        "origins": [_origin(item) for item in found.origins],
        "recycled_content": {
            name: recycled(content) for name, content in named(found.recycled_content).items()
        },
        **_traced(named(found.traced)),
        "chain_of_custody": named(found.chain_of_custody),
        "as_of": found.as_of,
    }


def footprint(found: Trace, troubles: Iterable[Trouble]) -> dict[str, Any]:
    """The CO2e of a batch, the batch it is of, and what is wrong with that or upstream of it."""
    return {
        "batch": found.batch,
        "id": id_text(found.id),
        **wrong(troubles),
        "material": found.material,
        "made_mass_mg": str(found.made_mass_mg),
        "co2e": co2e(found.footprint),
        "as_of": found.as_of,
    }


def co2e(found: Footprint) -> dict[str, Any]:
    """A footprint by itself: its pools and its four breakdowns."""
    return {
        **_pools(found),
        **_breakdowns(found),
        "parts": found.parts.texts,
        **({} if found.restated is None else {"restated": _restated(found.restated)}),
        **({} if found.unconfirmed is None else {"unconfirmed": _unconfirmed(found.unconfirmed)}),
    }


def used(footprint: Mapping[str, Any]) -> Mapping[str, Any]:
    """Of a document's ``co2e``, the figures that count: with what is known better, where something is."""
    found: Mapping[str, Any] = footprint.get("restated", footprint)
    return found


def per_kg(found: PerKilogram) -> dict[str, Any]:
    """The CO2e of a kilogram, and what is divided."""
    return {
        "mg": str(found.mg),
        "of": "left" if found.left else "whole",
        "co2e_mg": str(found.co2e_mg),
        "mass_mg": str(found.mass_mg),
    }


def _restated(found: RestatedFootprint) -> dict[str, Any]:
    """The footprint with what is known better; only where something was restated."""
    return {
        **_pools(found),
        **_breakdowns(found),
        "records": found.records,
        "confirmed": found.confirmed,
    }


def _unconfirmed(found: UnconfirmedFootprint) -> dict[str, Any]:
    """What waits for an auditor, and what the footprint would be with it; only where something does."""
    return {
        "total_mg": str(found.total_mg),
        "primary_mg": str(found.primary_mg),
        "records": [
            {
                "record": item.record,
                "by": item.by,
                "reason": item.reason,
                "total_mg": str(item.total_mg),
                "primary_mg": str(item.primary_mg),
                "new_total_mg": str(item.new_total_mg),
                "new_primary_mg": str(item.new_primary_mg),
            }
            for item in found.records
        ],
    }


def _pools(found: Footprint | RestatedFootprint) -> dict[str, Any]:
    return {
        "own_mg": str(found.own_mg),
        "inherited_mg": str(found.inherited_mg),
        "total_mg": str(found.total_mg),
        "primary_mg": str(found.primary_mg),
        "primary_share": found.primary_share,
    }


def _breakdowns(found: Footprint | RestatedFootprint) -> dict[str, dict[str, str]]:
    return {
        "by_facility": _rows(found.by_facility),
        "by_process": _rows(found.by_process),
        "by_stage": _rows(found.by_stage),
        "by_scope": _rows(found.by_scope),
        "own_by_stage": _rows(found.own_by_stage),
    }


def _rows(breakdown: Mapping[str, int]) -> dict[str, str]:
    return {key: str(mg) for key, mg in breakdown.items()}


def earlier_lives(found: Iterable[EarlierLife]) -> list[dict[str, Any]]:
    """The first lives of products that came back and of which something was made since."""
    return [
        {
            "batch": life.batch,
            "id": id_text(life.batch_id),
            "material": life.material,
            "made_mass_mg": str(life.made_mass_mg),
            "mass_mg": str(life.mass_mg),
            "co2e": {
                "own_mg": str(life.own_mg),
                "inherited_mg": str(life.inherited_mg),
                "total_mg": str(life.total_mg),
                "primary_mg": str(life.primary_mg),
            },
            "taken_back_by": life.taken_back_by,
            "taken_back_at": life.taken_back_at,
            "in_error": life.in_error,
            "events": [{"event": each.word, "block": each.block, "time": each.time} for each in life.events],
        }
        for life in found
    ]


def recycled(content: RecycledContent) -> dict[str, float]:
    """The recycled parts of one substance, each 0 to 1."""
    return {
        "post_consumer": float(content.post_consumer),
        "pre_consumer": float(content.pre_consumer),
        "take_back": float(content.take_back),
        "waste_of_runs": float(content.waste_of_runs),
        "minted": float(content.minted),
    }


def impact(found: Impact, troubles: Iterable[Trouble] | None = None) -> dict[str, Any]:
    """What came of a batch: every batch downstream, and who holds it."""
    return {
        "batch": found.batch,
        "id": id_text(found.id),
        **({} if troubles is None else wrong(troubles)),
        "as_of": found.as_of,
        "custodians": list(found.custodians),
        "holdings_mg": {slug: amounts(masses) for slug, masses in found.holdings.items()},
        "beyond": list(found.beyond),
        "reached": [_reached(item) for item in found.reached],
    }


def recall(found: Recall) -> dict[str, Any]:
    """What was made where a finding is about since it was found, and what came of it."""
    return {
        "finding": found.finding,
        "id": id_text(found.id),
        "since": found.since,
        "made": list(found.made),
        "custodians": list(found.custodians),
        "substances_mg": amounts(found.substances_mg),
        "reached": [_reached(item) for item in found.reached],
    }


def with_recall(document: dict[str, Any], found: Recall) -> dict[str, Any]:
    """The document of a finding, with what came of what it is about."""
    return document | {"reach": recall(found)}


def _traced(parts: Mapping[str, TracedShares]) -> dict[str, dict[str, float]]:
    """By name of substance, how much is traced, and what the rest is; the four sum to one."""
    return {
        "traced_share": {name: float(each.traced) for name, each in parts.items()},
        "untraced_share": {name: float(each.untraced) for name, each in parts.items()},
        "declared_share": {name: float(each.declared) for name, each in parts.items()},
        "confirmed_share": {name: float(each.confirmed) for name, each in parts.items()},
    }


def _origin(item: OriginShare) -> dict[str, Any]:
    return {
        **({"batch": item.batch} if item.batch else {"transformation": item.transformation}),
        "facility": item.facility,
        "country": item.country,
        "origin": item.origin.slug,
        "substance": symbol(item.substance),
        "share": float(item.share),
        "mass_mg": str(item.mass_mg),
    }


def _reached(item: Reached) -> dict[str, Any]:
    return {
        "batch": item.batch,
        "id": id_text(item.id),
        "custodian": item.custodian,
        "state": item.state.slug,
        "mass_mg": str(item.mass_mg),
        "share": {name: float(share) for name, share in named(item.share).items()},
        "substances_mg": amounts(item.substances_mg),
    }
