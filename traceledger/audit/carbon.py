"""Rules on CO2e: intensity beside one's own history and published figures, and what is missing.

Example:
    >>> [rule.id for rule in RULES]
    ['intensity-outside-history', 'intensity-off-reference', 'emissions-missing']
"""

from __future__ import annotations

from collections.abc import Iterator

from traceledger.audit.facts import BatchFacts, Made
from traceledger.audit.peers import Samples
from traceledger.audit.settings import entry_for
from traceledger.audit.values import Check, Issue, Level, Rule
from traceledger.audit.view import AuditView


def check_history(view: AuditView) -> Check:
    """Mints and runs whose own CO2e per kg is far from the facility's others of that process."""
    settings, samples = view.settings.intensity, Samples[tuple[int, str, int]]()

    def look(lot: BatchFacts) -> None:
        making, now = lot.making, lot.now
        # Rule 6: what waste bears depends on what stands beside it.
        if not making.split and not now.waste:
            key = (now.facility, "mint" if making.minted else making.process, now.material)
            samples.add(key, making.own_mg / making.mass_mg, lot.number)

    def end() -> Iterator[Issue]:
        for _, batch, found, usual in samples.compared(settings.min_runs):
            low, high = sorted((found, usual))
            if high > settings.ratio * low:
                said = f"{found:.4g} kg CO2e per kg at this step; usually {usual:.4g} there"
                yield _issue(view, view.made(batch), said, found, usual)

    return Check(batch=look, end=end)


def check_reference(view: AuditView) -> Check:
    """Batches whose whole footprint per kg is far from what is published for the material."""
    settings = view.settings.intensity
    ranges = {item.id: entry_for(settings.reference, item) for item in view.materials.values()}

    def look(lot: BatchFacts) -> Iterator[Issue]:
        making, known = lot.making, ranges.get(lot.now.material)
        if known is None or making.split:
            return
        found = (making.own_mg + making.inherited_mg) / making.mass_mg
        # Rule 9: recycled material leaves the CO2e of its first life behind, so that no low end holds.
        low = 0.0 if making.recycling else known.low / settings.reference_ratio
        if not low <= found <= known.high * settings.reference_ratio:
            said = f"{found:.4g} kg CO2e per kg; published for {known.name}: {known.low:g} to {known.high:g}"
            yield _issue(view, lot, f"{said} ({known.source})", found, known.low)

    return Check(batch=look)


def check_missing(view: AuditView) -> Check:
    """Mints and runs without any CO2e of their own."""

    def look(lot: BatchFacts) -> Iterator[Issue]:
        making = lot.making
        if not making.split and not making.emits:
            what = "minted" if making.minted else f"{making.process}:"
            yield _issue(view, lot, f"{what} without any CO2e of its own", 0.0, None)

    return Check(batch=look)


def _issue(view: AuditView, lot: BatchFacts | Made, message: str, found: float, usual: float | None) -> Issue:
    now = lot.now
    facts = {"kg_co2e_per_kg": found} | ({} if usual is None else {"compared_with": usual})
    related = (view.facility_name(now.facility), view.material(now.material).slug)
    return view.issue_of_making(lot, message, related, facts)


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
