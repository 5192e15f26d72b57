"""Rules on CO2e: intensity beside one's own history and published figures, and what is missing.

Example:
    >>> [rule.id for rule in RULES]
    ['intensity-outside-history', 'intensity-off-reference', 'emissions-missing']
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from traceledger.audit.facts import Making
from traceledger.audit.peers import Sample, against_peers, grouped
from traceledger.audit.settings import entry_for
from traceledger.audit.values import Issue, Level, Rule
from traceledger.audit.view import AuditView
from traceledger.events import BatchMinted, BatchSplit, Transformed


def check_history(view: AuditView) -> Iterator[Issue]:
    """Mints and runs whose own CO2e per kg is far from the facility's others of that process."""
    settings = view.settings.intensity
    samples = grouped(_own_intensities(view))
    for group in samples:
        for sample, usual in against_peers(group, least=settings.min_runs):
            low, high = sorted((sample.value, usual))
            if high > settings.ratio * low:
                said = f"{sample.value:.4g} kg CO2e per kg at this step; usually {usual:.4g} there"
                yield _issue(view, sample.item, said, sample.value, usual)


def _own_intensities(view: AuditView) -> Iterator[tuple[tuple[int, str, int], Sample[Making]]]:
    """By facility, process and material: own CO2e per mass of what was made."""
    for facts in view.standing.values():
        making, now = facts.making, facts.now
        process = _process(making)
        # Rule 6: what waste bears depends on what stands beside it.
        if process is not None and not now.waste:
            key = (now.facility, process, now.material)
            yield key, Sample(making, making.own_mg / making.mass_mg)


def _process(making: Making) -> str | None:
    """By what process it was made; ``None`` of what was only split off."""
    match making.event:
        case BatchMinted():
            return "mint"
        case Transformed(process=process):
            return process
        case BatchSplit():
            return None
        case _:
            assert_never(making.event)


def check_reference(view: AuditView) -> Iterator[Issue]:
    """Batches whose whole footprint per kg is far from what is published for the material."""
    settings = view.settings.intensity
    ranges = {item.id: entry_for(settings.reference, item) for item in view.materials.values()}
    for facts in view.standing.values():
        making, known = facts.making, ranges.get(facts.now.material)
        if known is None or making.split_from is not None:
            continue
        found = (making.own_mg + making.inherited_mg) / making.mass_mg
        # Rule 9: recycled material leaves the CO2e of its first life behind, so that no low end holds.
        again = isinstance(making.event, Transformed) and making.event.recycling
        low = 0.0 if again else known.low / settings.reference_ratio
        if not low <= found <= known.high * settings.reference_ratio:
            said = f"{found:.4g} kg CO2e per kg; published for {known.name}: {known.low:g} to {known.high:g}"
            yield _issue(view, making, f"{said} ({known.source})", found, known.low)


def check_missing(view: AuditView) -> Iterator[Issue]:
    """Mints and runs without any CO2e of their own."""
    for making in (facts.making for facts in view.standing.values()):
        event = making.event
        match event:
            case BatchMinted():
                what = "minted"
            case Transformed(process=process):
                what = f"{process}:"
            case BatchSplit():
                continue
            case _:
                assert_never(event)
        if not making.emits:
            yield _issue(view, making, f"{what} without any CO2e of its own", 0.0, None)


def _issue(view: AuditView, making: Making, message: str, found: float, usual: float | None) -> Issue:
    now = view.batches[making.batch].now
    facts = {"kg_co2e_per_kg": found} | ({} if usual is None else {"compared_with": usual})
    related = (view.facility_name(now.facility), view.material(now.material).slug)
    return view.issue_of_making(making, message, related, facts)


_SETTINGS = "settings file, table intensity"

RULES = (
    Rule(
        "intensity-outside-history",
        Level.MEDIUM,
        "CO2e per kg is far from the facility's other runs",
        "Burdens move easily: out of the product that is declared, into another. A change of fuel or of "
        "electricity explains it, and has evidence.",
        f"GHG Protocol Product Standard asks for consistency over time; threshold of the {_SETTINGS}",
        check_history,
    ),
    Rule(
        "intensity-off-reference",
        Level.MEDIUM,
        "A footprint is far from what is published for the material",
        "Measured beats generic, and good producers beat the average, but within bounds. Far below, "
        "something is missing upstream; far above a unit is wrong.",
        f"Published factors, each with its source, in the {_SETTINGS}.reference",
        check_reference,
    ),
    Rule(
        "emissions-missing",
        Level.MEDIUM,
        "Something was made without any CO2e",
        "Every mine and plant uses energy. Nothing booked is not the same as nothing emitted.",
        "ISO 14067: all processes of the system count; GHG Protocol, completeness",
        check_missing,
    ),
)
