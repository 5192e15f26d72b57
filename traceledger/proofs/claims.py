"""What a proof says of its batch, as canonical JSON: shares in units of 10^-15, no names as fields."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from traceledger.model.registry import Participant
from traceledger.model.substances import symbol
from traceledger.names import Names
from traceledger.proofs.standing import Standings
from traceledger.provenance import Footprint, Lineage, RestatedFootprint, Source, Trace
from traceledger.provenance.marks import Marks, marks_of


def claims_of(
    trace: Trace,
    upstream: Lineage,
    source: Source,
    participants: Iterable[Participant],
    standing: Standings,
) -> dict[str, Any]:
    """The claims that follow from a lineage.

    Args:
        trace: the batch, traced.
        upstream: its lineage.
        source: knows the names.
        participants: whom the lineage names.
        standing: who of them may act at the stated block, and what is questioned.
    """
    names = Names(source)
    return {
        "batch": trace.batch,
        "material": trace.material,
        "custodian": trace.custodian,
        "owner": trace.owner,
        **({"taken_back_by": trace.taken_back_by} if trace.taken_back_by else {}),
        "state": trace.state.slug,
        "disputed": trace.disputed,
        "frozen": trace.frozen,
        "held": trace.held,
        "recalled": trace.recalled,
        "tainted": trace.tainted,
        "mass_mg": str(trace.mass_mg),
        "substances_mg": _masses(trace.substances_mg),
        "made_mass_mg": str(trace.made_mass_mg),
        "made_substances_mg": _masses(trace.made_substances_mg),
        "co2e": _co2e(trace.footprint),
        "origins": [
            {
                **({"batch": item.batch} if item.batch else {"transformation": item.transformation}),
                "facility": item.facility,
                "country": item.country,
                "origin": item.origin.slug,
                "substance": symbol(item.substance),
                "share": item.share.units,
                "mass_mg": str(item.mass_mg),
            }
            for item in trace.origins
        ],
        "recycled_content": [
            {
                "substance": symbol(number),
                "post_consumer": content.post_consumer.units,
                "pre_consumer": content.pre_consumer.units,
                "take_back": content.take_back.units,
                "waste_of_runs": content.waste_of_runs.units,
                "minted": content.minted.units,
            }
            for number, content in trace.recycled_content.items()
        ],
        "booked_mass_mg": str(trace.booked_mass_mg),
        "booked_mg": _masses(trace.booked_mg),
        **_tolerance(trace),
        "traced_share": [
            {
                "substance": symbol(number),
                "traced": parts.traced.units,
                "untraced": parts.untraced.units,
                "declared": parts.declared.units,
                "confirmed": parts.confirmed.units,
            }
            for number, parts in trace.traced.items()
        ],
        "participants": [
            {
                "participant": each.slug,
                "name": each.name,
                "country": each.country,
                "identifiers": [{"scheme": said.scheme, "value": said.value} for said in each.identifiers],
                "state": standing.states[each.address].slug,
                "blocked": standing.blocked.get(each.address, ""),
                "critical_findings": standing.critical.get(each.address, 0),
            }
            for each in sorted(participants, key=lambda each: each.slug)
        ],
        "act_guard": standing.guard,
        "paused": standing.paused,
        "facilities_in_question": [
            {"facility": name, "critical_findings": site.critical, "overdue": site.overdue}
            for name, site in sorted((names.facility(each), site) for each, site in standing.sites.items())
        ],
        "lots_in_question": [
            {"batch": name, "findings": count}
            for name, count in sorted(
                (lot_name(upstream, names, each), count) for each, count in standing.questioned.items()
            )
        ],
        "marked": [
            {
                "batch": name,
                "disputed": marks.disputed,
                "frozen": marks.frozen,
                "held": marks.held,
                "recalled": marks.recalled,
            }
            for name, marks in marked(upstream, names)
        ],
        "batches": trace.batches,
        "events": trace.events,
        "reversed": trace.reversed,
        "created": {"block": trace.created_block, "time": trace.created_at},
    }


def marked(upstream: Lineage, names: Names) -> list[tuple[str, Marks]]:
    """The batches of a lineage, itself included, that anything marks, by full name."""
    found = ((each, marks_of(node.making_none)) for each, node in upstream.nodes.items())
    return sorted((lot_name(upstream, names, each), marks) for each, marks in found if marks.any)


def lot_name(upstream: Lineage, names: Names, batch: int) -> str:
    """The full name of a batch of a lineage."""
    made = upstream.nodes[batch].creation
    return names.full(made.creator, made.identifier)


def _tolerance(trace: Trace) -> dict[str, Any]:
    """What of its tolerance the batch has used; nothing where its lineage does not tell."""
    if trace.tolerance_bp is None:
        return {}
    used = trace.tolerance_bp.items()
    return {
        "tolerance_used_mass_bp": str(trace.tolerance_mass_bp),
        "tolerance_used_bp": [{"substance": symbol(number), "bp": str(points)} for number, points in used],
    }


def _masses(substances: Mapping[int, int]) -> list[dict[str, str]]:
    return [{"substance": symbol(number), "mg": str(mass)} for number, mass in substances.items()]


def _co2e(footprint: Footprint) -> dict[str, Any]:
    return {
        "own_mg": str(footprint.own_mg),
        "inherited_mg": str(footprint.inherited_mg),
        "total_mg": str(footprint.total_mg),
        "primary_mg": str(footprint.primary_mg),
        "primary_share": footprint.primary_part.units,
        **_breakdowns(footprint),
        "parts": footprint.parts.texts,
        **({} if footprint.restated is None else {"restated": _restated(footprint.restated)}),
    }


def _restated(found: RestatedFootprint) -> dict[str, Any]:
    return {
        "total_mg": str(found.total_mg),
        "primary_mg": str(found.primary_mg),
        **_breakdowns(found),
        "records": found.records,
        "confirmed": found.confirmed,
    }


def _breakdowns(found: Footprint | RestatedFootprint) -> dict[str, list[dict[str, str]]]:
    return {
        "by_facility": _rows(found.by_facility),
        "by_process": _rows(found.by_process),
        "by_scope": _rows(found.by_scope),
    }


def _rows(breakdown: Mapping[str, int]) -> list[dict[str, str]]:
    return [{"name": name, "mg": str(mass)} for name, mass in breakdown.items()]
