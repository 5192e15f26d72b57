"""Rules on masses and substances: capacity, yield, content, gain and losses.

Example:
    >>> percent(0.2097)
    '20.97 %'
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from traceledger.audit.facts import Arrival, BatchFacts, Happening, Leg, Made, Mint, Run
from traceledger.audit.peers import Samples
from traceledger.audit.settings import YieldRange, entry_for
from traceledger.audit.values import Check, Issue, Level, Rule
from traceledger.audit.view import AuditView
from traceledger.events import BatchTakenBack
from traceledger.model.batches import Difference, Origin
from traceledger.model.registry import Facility
from traceledger.model.substances import number, symbol
from traceledger.model.units import SHOWN_DIGITS, format_mass
from traceledger.replay import year_of

_OECD = "OECD Due Diligence Guidance for Responsible Supply Chains of Minerals, 3rd edition"
_Year = tuple[int, int, Origin, int]
"""Facility, material, origin and calendar year."""


def percent(share: float) -> str:
    """A share as people read it."""
    return f"{share * 100:.4g} %"


def mass(milligrams: int) -> str:
    """A mass as people read it."""
    return format_mass(milligrams, digits=SHOWN_DIGITS)


def check_capacity(view: AuditView) -> Check:
    """Years in which a facility minted nearly all that is approved."""
    entered: Counter[_Year] = Counter()

    def mint(item: Mint) -> None:
        entered[*item.place, year_of(item.at.occurred_at)] += item.making.mass_mg

    def take_back(at: Happening) -> None:
        if at.kind is BatchTakenBack:
            came = view.taken_back(at.number)
            place = (came.facility, came.material, Origin.POST_CONSUMER)
            entered[*place, year_of(at.occurred_at)] += came.mass_mg

    return Check(mint=mint, other=take_back, end=lambda: _used(view, entered))


def _used(view: AuditView, entered: Counter[_Year]) -> Iterator[Issue]:
    """Issues of what entered by facility, material, origin and calendar year, as approvals cap it."""
    for (facility, material, origin, year), total in entered.items():
        capacity = view.capacities.get((facility, material, origin), 0)
        site = view.facilities.get(facility)
        if site is None or not capacity or total < view.settings.capacity.use * capacity:
            continue
        slug = view.material(material).slug
        yield Issue(
            subject=view.facility_subject(facility),
            message=f"{mass(total)} of {slug} minted in {year}, {percent(total / capacity)} of its capacity"
            + (f" for {origin.slug}" if origin is not Origin.MINED else ""),
            participant=site.participant,
            facility=facility,
            related=(slug,),
            facts={"year": year, "minted_mg": str(total), "capacity_mg": str(capacity)},
        )


def check_yield_range(view: AuditView) -> Check:
    """Runs whose yield is outside the range that the settings declare for the process."""
    ranges: dict[tuple[str, int], YieldRange] = {
        (item.process, number(item.substance)): item for item in view.settings.yields.range
    }

    def look(run: Run) -> Iterator[Issue]:
        for substance, brought in _yields(run):
            allowed = ranges.get((run.process, substance))
            if allowed and not allowed.min <= brought <= allowed.max:
                expected = f"{percent(allowed.min)} to {percent(allowed.max)} ({allowed.source})"
                yield _yield_issue(view, run, substance, brought, expected)

    return Check(run=look)


def check_yield_history(view: AuditView) -> Check:
    """Runs whose yield is far from the other runs of the same process at the same facility."""
    settings, samples = view.settings.yields, Samples[tuple[int, str, int]]()

    def look(run: Run) -> None:
        for substance, brought in _yields(run):
            samples.add((run.facility, run.process, substance), brought, run.at.number)

    def end() -> Iterator[Issue]:
        for (*_, substance), event, brought, usual in samples.compared(settings.min_runs):
            if abs(brought - usual) > settings.deviation:
                run, expected = view.run(view.event(event)), f"{percent(usual)} in its other runs"
                yield _yield_issue(view, run, substance, brought, expected)

    return Check(run=look, end=end)


def _yields(run: Run) -> Iterator[tuple[int, float]]:
    """Which part of each substance a run brought through, waste left out; nothing where all was waste."""
    if all(output.now.waste for output in run.made):
        return
    for substance, taken in run.taken.items():
        if taken:
            yield substance, run.useful.get(substance, 0) / taken


def _yield_issue(view: AuditView, run: Run, substance: int, brought: float, expected: str) -> Issue:
    what = f"{view.run_name(run)} brought {percent(brought)} of its {symbol(substance)} through"
    return Issue(
        subject=view.batch_subject(run.outputs[0]),
        message=f"{what}; expected {expected}",
        participant=run.participant,
        facility=run.facility,
        batches=view.ids(run.outputs),
        related=(view.facility_name(run.facility),),
        facts={"process": run.process, "substance": symbol(substance), "yield": brought},
        at=run.at.occurred_at,
    )


def check_content(view: AuditView) -> Check:
    """Batches that hold more of a substance than their compound can, or more substances than mass."""
    settings = view.settings.content
    limits = {item.id: entry_for(settings.maximum, item) for item in view.materials.values()}

    def look(lot: BatchFacts) -> Iterator[Issue]:
        making = lot.making
        if making.split:  # It is as what it was split off.
            return
        held = sum(making.substances_mg.values())
        if held > making.mass_mg:
            yield _content_issue(view, lot, f"{mass(held)} of substances in {mass(making.mass_mg)}")
        limit = limits.get(lot.now.material)
        for name, most in limit.percent.items() if limit else ():
            share = making.substances_mg.get(number(name), 0) / making.mass_mg
            if limit and share * 100 > most * (1 + settings.tolerance):
                said = f"{percent(share)} {name}, but {limit.name} holds at most {most:g} %"
                yield _content_issue(view, lot, said, name)

    return Check(batch=look)


def _content_issue(view: AuditView, lot: BatchFacts | Made, message: str, substance: str = "") -> Issue:
    related = (view.material(lot.now.material).slug,)
    facts = {"mass_mg": str(lot.making.mass_mg), "substance": substance}
    return view.issue_of_making(lot, message, related, facts | lot.making.held)


def check_grade_history(view: AuditView) -> Check:
    """Minted lots whose grade is far from the facility's other lots of that material."""
    settings, samples = view.settings.content, Samples[tuple[int, int, int]]()

    def look(mint: Mint) -> None:
        for substance, held in mint.making.substances_mg.items():
            key = (mint.now.facility, mint.now.material, substance)
            samples.add(key, held / mint.making.mass_mg, mint.number)

    def end() -> Iterator[Issue]:
        for (*_, substance), batch, grade, usual in samples.compared(settings.min_lots):
            if usual and abs(grade / usual - 1) > settings.deviation:
                said = f"{percent(grade)} {symbol(substance)}; its other lots hold {percent(usual)}"
                yield _content_issue(view, view.made(batch), said, symbol(substance))

    return Check(mint=look, end=end)


def check_gain(view: AuditView) -> Check:
    """Runs that made more mass of their inputs than water, oxygen and sulfate can add."""
    settings = view.settings.gain

    def look(run: Run) -> Iterator[Issue]:
        slugs = [view.material(item.now.material).slug for item in run.made]
        most = max(
            (settings.materials.get(slug, settings.maximum) for slug in slugs), default=settings.maximum
        )
        if run.made_mg <= most * run.taken_mg:
            return
        yield Issue(
            subject=view.batch_subject(run.outputs[0]),
            message=f"{view.run_name(run)} made "
            f"{mass(run.made_mg)} of {mass(run.taken_mg)}; at most {most:g} times the mass is expected",
            participant=run.participant,
            facility=run.facility,
            batches=view.ids(run.outputs),
            facts={"taken_mg": str(run.taken_mg), "made_mg": str(run.made_mg)},
            at=run.at.occurred_at,
        )

    return Check(run=look)


def check_arrival(view: AuditView) -> Check:
    """Batches of which too much was missing on arrival."""

    def look(leg: Leg) -> Iterator[Issue]:
        for item in leg.arrived:
            most = view.settings.losses.arrival * item.sent_mg
            # Rule 3: moisture and measurements take no substance along.
            if item.difference is Difference.LOSS and item.sent_mg - item.mass_mg > most:
                yield _arrival_issue(view, leg, item)

    return Check(leg=look)


def _arrival_issue(view: AuditView, leg: Leg, arrival: Arrival) -> Issue:
    sent, arrived = arrival.sent_mg, arrival.mass_mg
    missing = sent - arrived
    return Issue(
        subject=view.batch_subject(arrival.batch),
        message=f"{mass(missing)} of {mass(sent)} ({percent(missing / sent)}) were missing when "
        f"{view.slug(leg.receiver)} received it",
        participant=leg.sender,
        batches=view.ids([arrival.batch]),
        related=(view.shipment_subject(leg).name, view.slug(leg.receiver)),
        facts={"shipped_mg": str(sent), "arrived_mg": str(arrived)},
        at=arrival.occurred_at,
    )


def check_year_losses(view: AuditView) -> Check:
    """Facilities that declared too much of a substance lost over a calendar year."""
    settings = view.settings.losses
    taken: Counter[tuple[int, int, int]] = Counter()
    lost: Counter[tuple[int, int, int]] = Counter()

    def look(run: Run) -> None:
        place = (run.facility, year_of(run.at.occurred_at))
        for substance, amount in run.taken.items():
            # Rule 9: recycling recovers what is worth it of a product, and says which.
            if run.recycling and not run.held.get(substance):
                continue
            taken[*place, substance] += amount
            lost[*place, substance] += amount - run.held.get(substance, 0)

    def end() -> Iterator[Issue]:
        for (facility, year, substance), amount in taken.items():
            gone, site = lost[facility, year, substance], view.facilities.get(facility)
            if site and amount >= settings.year_from and gone > settings.year * amount:
                yield _year_issue(view, site, (year, substance), amount, gone)

    return Check(run=look, end=end)


def _year_issue(view: AuditView, site: Facility, key: tuple[int, int], taken: int, lost: int) -> Issue:
    year, substance = key
    name = symbol(substance)
    return Issue(
        subject=view.facility_subject(site.id),
        message=f"{mass(lost)} of {mass(taken)} {name} ({percent(lost / taken)}) declared lost in {year}",
        participant=site.participant,
        facility=site.id,
        facts={"year": year, "substance": name, "taken_mg": str(taken), "lost_mg": str(lost)},
    )


RULES = (
    Rule(
        "capacity-use",
        Level.MEDIUM,
        "A facility mints nearly all that is approved",
        "Material of unknown origin enters where room is left under an approved capacity, so a facility at "
        "its limit deserves a visit. A good year or an approval that is too small explains it innocently.",
        f"{_OECD}, Annex and Supplement on red flags: volumes out of keeping with expected production",
        check_capacity,
    ),
    Rule(
        "yield-outside-range",
        Level.MEDIUM,
        "A process brings more or less of a substance through than it can",
        "What is declared lost may have been sold elsewhere; what comes through too well may hide material "
        "that was added. An assay that was wrong at one end explains it innocently.",
        "Range and source of the settings file, table yield.range",
        check_yield_range,
    ),
    Rule(
        "yield-outside-history",
        Level.MEDIUM,
        "A yield is far from the facility's other runs",
        "The same process on the same plant repeats itself. A run apart is a wrong entry, a disturbance of "
        "the plant, or a diversion.",
        "Statistical comparison with the facility's own runs; threshold of the settings file, table yield",
        check_yield_history,
    ),
    Rule(
        "content-above-maximum",
        Level.HIGH,
        "A batch holds more of a substance than its compound can",
        "Stoichiometry bounds what a compound holds. More means a wrong assay, a wrong mass, or substance "
        "that never was in the lot and covers other material later.",
        "Stoichiometry with IUPAC standard atomic weights; settings file, table content.maximum",
        check_content,
    ),
    Rule(
        "grade-outside-history",
        Level.MEDIUM,
        "A minted lot's grade is far from the facility's other lots",
        "Ore of one deposit varies little. A much richer lot may come from elsewhere, or cover material "
        "that will be added; a much poorer one lets substance leave unseen.",
        f"{_OECD}, red flags of origin; threshold of the settings file, table content",
        check_grade_history,
    ),
    Rule(
        "mass-gain-impossible",
        Level.HIGH,
        "A process makes more mass than it can add",
        "Water, oxygen and sulfate add mass, but within bounds. More means that inputs are missing from the "
        "ledger.",
        "Stoichiometry; settings file, table gain",
        check_gain,
    ),
    Rule(
        "arrival-loss",
        Level.MEDIUM,
        "Much of a cargo was missing on arrival",
        "What is lost on the way is out of the ledger's sight and may be sold. Moisture and spillage are "
        "small.",
        f"{_OECD}, red flags of circumstance; threshold of the settings file, table losses",
        check_arrival,
    ),
    Rule(
        "losses-over-year",
        Level.MEDIUM,
        "A facility's inputs and outputs do not add up over a year",
        "Single runs vary, a year does not. Substance declared lost year in, year out leaves the ledger.",
        "Mass balance per substance; ISO 22095 asks for it; threshold of the settings file, table losses",
        check_year_losses,
    ),
)
