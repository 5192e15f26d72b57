"""Rules on claimed times: order, speed, processing, waiting.

Example:
    >>> [rule.id for rule in RULES][:2]
    ['claimed-in-future', 'clock-ahead']
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from traceledger.audit.facts import BatchFacts, Happening, Leg, Run
from traceledger.audit.journeys import Journey, journeys
from traceledger.audit.kinds import Step
from traceledger.audit.quantities import mass
from traceledger.audit.values import Check, Issue, Level, Rule
from traceledger.audit.view import AuditView
from traceledger.events import EmissionsAdded
from traceledger.model.batches import BatchState, ShipmentState
from traceledger.model.counting import counted
from traceledger.model.units import format_time

_DAY = 86_400
_HOUR = 3_600


def check_future(view: AuditView) -> Check:
    """Events that claim to have happened long after the block that recorded them."""

    def said(item: Happening, ahead: int) -> str | None:
        if ahead <= view.settings.time.future_hours * _HOUR:
            return None
        claimed, recorded = format_time(item.occurred_at), format_time(item.timestamp)
        return f"{item.word} of {claimed} was recorded at {recorded}, before it can have happened"

    return _ahead(view, said)


def check_clock(view: AuditView) -> Check:
    """Events that claim a time after their block, by less than what the contracts allow a clock."""

    def said(item: Happening, ahead: int) -> str | None:
        if ahead > view.settings.time.future_hours * _HOUR:
            return None
        recorded = format_time(item.timestamp)
        return f"{item.word} claims a time {ahead / _HOUR:.3g} h after it was recorded at {recorded}"

    return _ahead(view, said)


def _ahead(view: AuditView, said: Callable[[Happening, int], str | None]) -> Check:
    """What is said of events that are ahead of their blocks by more than clocks differ, with one batch each.

    Args:
        view: the facts.
        said: what is to be said of an event and of how many seconds it is ahead, if anything.
    """
    allowed = view.settings.time.future_minutes * 60
    found: dict[int, tuple[int, Happening]] = {}

    def look(lot: BatchFacts) -> None:
        for item in _all(lot):
            if item.occurred_at - item.timestamp > allowed:
                found[item.number] = (lot.number, item)

    def end() -> Iterator[Issue]:
        for _, (batch, item) in sorted(found.items()):
            message = said(item, item.occurred_at - item.timestamp)
            if message is not None:
                yield _time_issue(view, batch, item, message)

    return Check(batch=look, end=end)


def _all(lot: BatchFacts) -> tuple[Happening, ...]:
    return (lot.making.at, *lot.later)


def check_order(view: AuditView) -> Check:
    """Steps of a batch that claim an earlier time than its last move, or than its making.

    Emissions may be booked later than they arose, but not before there was a batch.
    """

    def look(lot: BatchFacts) -> Iterator[Issue]:
        before = lot.making.at
        for item in lot.later:
            kind = view.step(item)
            if kind in (Step.NONE, Step.USE):  # At uses check_use looks.
                continue
            if item.occurred_at < before.occurred_at:
                said = (
                    f"{item.word} of {format_time(item.occurred_at)} lies before its"
                    f" {before.word} of {format_time(before.occurred_at)}"
                )
                yield _time_issue(view, lot.number, item, said)
            if kind is Step.MOVE:
                before = item
        yield from _booked_too_early(view, lot)

    return Check(batch=look)


def _booked_too_early(view: AuditView, lot: BatchFacts) -> Iterator[Issue]:
    """Emissions that claim an earlier time than the batch, or what it was split off, was made."""
    added = [item for item in lot.later if item.kind is EmissionsAdded]
    if not added:
        return
    begun = view.root(lot.number).making.at
    for item in added:
        if item.occurred_at < begun.occurred_at:
            said = (
                f"emissions of {format_time(item.occurred_at)} lie before its {begun.word} "
                f"of {format_time(begun.occurred_at)}"
            )
            yield _time_issue(view, lot.number, item, said)


def check_use(view: AuditView) -> Check:
    """Transformations that claim a time before their inputs had arrived or were made."""

    def look(run: Run) -> Iterator[Issue]:
        for batch in dict.fromkeys(batch for batch, _ in run.inputs):
            step = view.last_step(batch, run.at.number)
            if run.at.occurred_at < step.occurred_at:
                what = f"{view.run_name(run)} of {format_time(run.at.occurred_at)}"
                when = f"{step.word} was at {format_time(step.occurred_at)}"
                said = f"{what} uses {view.batch_name(batch)}, whose {when}"
                yield _run_issue(view, run, said, (batch, *run.outputs))

    return Check(run=look)


def check_processing(view: AuditView) -> Check:
    """Transformations that followed on the arrival of their inputs faster than the process takes."""

    def look(run: Run) -> Iterator[Issue]:
        hours = view.settings.processing.hours.get(run.process, 0.0)
        steps = [view.last_step(batch, run.at.number).occurred_at for batch, _ in run.inputs]
        latest = max(steps, default=None)
        if latest is None or run.at.occurred_at < latest:
            return
        passed = (run.at.occurred_at - latest) / _HOUR
        if passed < hours:
            said = f"{view.run_name(run)} was done {passed:.3g} h after its last input was there; "
            yield _run_issue(view, run, f"{said}{run.process} takes {hours:g} h or more", run.outputs)

    return Check(run=look)


def check_travel(view: AuditView) -> Check:
    """Ways faster than an aircraft."""
    kmh = view.settings.travel.max_kmh

    def issues(found: list[Journey]) -> Iterator[Issue]:
        for journey in found:
            yield _journey_issue(view, journey, "nothing is that fast")

    return journeys(view, lambda journey: journey.faster_than(kmh), issues)


def check_bulk_travel(view: AuditView) -> Check:
    """Bulk cargo faster than ship, rail and road, but not than an aircraft."""
    settings = view.settings.travel

    def fast(journey: Journey) -> bool:
        return journey.faster_than(settings.bulk_kmh) and not journey.faster_than(settings.max_kmh)

    def issues(found: list[Journey]) -> Iterator[Issue]:
        for journey in found:
            if journey.mass_mg >= settings.bulk_from:
                yield _journey_issue(view, journey, f"{mass(journey.mass_mg)} go by ship, rail or road")

    return journeys(view, fast, issues)


def check_unanswered(view: AuditView) -> Check:
    """Shipments offered long ago that were neither received, rejected nor cancelled."""

    def look(leg: Leg) -> Iterator[Issue]:
        waited = (view.now - leg.at.occurred_at) // _DAY
        if leg.open and waited >= view.settings.custody.unanswered_days:
            yield Issue(
                subject=view.shipment_subject(leg),
                message=f"offered to {view.slug(leg.receiver)} {counted(waited, 'day')} ago and "
                f"{ShipmentState.OFFERED.value} still",
                participant=leg.sender,
                batches=view.ids(leg.open),
                related=view.names(leg.open),
                facts={"days": waited, "receiver": view.slug(leg.receiver)},
                at=leg.at.occurred_at,
            )

    return Check(leg=look)


def check_unused(view: AuditView) -> Check:
    """Batches that nobody has shipped, used or retired for long."""

    def look(lot: BatchFacts) -> Iterator[Issue]:
        now = lot.now
        if now.state is not BatchState.ACTIVE or now.frozen:
            return
        last = max(item.occurred_at for item in _all(lot))
        waited = (view.now - last) // _DAY
        if waited >= view.settings.custody.unused_days:
            yield Issue(
                subject=view.batch_subject(lot.number),
                message=f"{mass(now.mass_mg)} held by {view.slug(now.custodian)}, untouched for "
                f"{counted(waited, 'day')}",
                participant=now.custodian,
                batches=view.ids([lot.number]),
                facts={"days": waited},
                at=last,
            )

    return Check(batch=look)


def _journey_issue(view: AuditView, journey: Journey, why: str) -> Issue:
    way = f"{view.facility_name(journey.origin)} to {view.facility_name(journey.target)}"
    return Issue(
        subject=view.batch_subject(journey.batches[0]),
        message=f"{journey.km:.0f} km from {way} in {journey.hours:.3g} h; {why}",
        participant=journey.participant,
        batches=view.ids(journey.batches),
        related=(view.facility_name(journey.origin), view.facility_name(journey.target)),
        facts={"km": round(journey.km, 1), "hours": round(journey.hours, 3)},
        at=journey.arrived,
    )


def _time_issue(view: AuditView, batch: int, item: Happening, message: str) -> Issue:
    return Issue(
        subject=view.batch_subject(batch),
        message=message,
        participant=item.author,
        batches=view.ids([batch]),
        facts={"block": item.block, "block_time": item.timestamp},
        at=item.occurred_at,
    )


def _run_issue(view: AuditView, run: Run, message: str, batches: tuple[int, ...]) -> Issue:
    return Issue(
        subject=view.batch_subject(run.outputs[0]),
        message=message,
        participant=run.participant,
        facility=run.facility,
        batches=view.ids(batches),
        facts={"process": run.process},
        at=run.at.occurred_at,
    )


_TIMES = "EPCIS 2.0, eventTime beside recordTime: what is claimed beside when it was recorded"
_LIMIT = "Threshold of the settings file"

RULES = (
    Rule(
        "claimed-in-future",
        Level.HIGH,
        "An event claims a time after it was recorded",
        "What has not happened cannot be recorded: the event was made up in advance, or its time is wrong.",
        _TIMES,
        check_future,
    ),
    Rule(
        "clock-ahead",
        Level.MEDIUM,
        "A clock ran ahead of the ledger's",
        "Some hours may be a clock or a time zone that is set wrong. They may also be a departure or a run "
        "that was recorded before it took place.",
        _TIMES,
        check_clock,
    ),
    Rule(
        "time-backwards",
        Level.HIGH,
        "A step of a batch lies before the step that made it possible",
        "A batch cannot leave before it is made or received. Either time is wrong, or the papers were "
        "written for a lot that is not this one.",
        _TIMES,
        check_order,
    ),
    Rule(
        "used-before-arrival",
        Level.HIGH,
        "A process used material before it was there",
        "Then other material went into the process, and this one's papers cover it.",
        _TIMES,
        check_use,
    ),
    Rule(
        "processing-too-fast",
        Level.MEDIUM,
        "A process followed on its inputs faster than it takes",
        "Leaching, crystallising and firing take hours to days. Faster means that the output was "
        "there before.",
        f"{_LIMIT}, table processing",
        check_processing,
    ),
    Rule(
        "travel-too-fast",
        Level.HIGH,
        "Cargo moved faster than anything can",
        "Between two places there is a least time. Less means that the cargo did not make the journey: what "
        "arrived is not what left.",
        f"Great-circle distance between declared coordinates; {_LIMIT.lower()}, table travel",
        check_travel,
    ),
    Rule(
        "bulk-travel-too-fast",
        Level.MEDIUM,
        "Bulk cargo moved faster than ship, rail and road",
        "Tonnes of ore and salts do not fly. A date that was filled in later explains it innocently.",
        f"Great-circle distance between declared coordinates; {_LIMIT.lower()}, table travel",
        check_bulk_travel,
    ),
    Rule(
        "shipment-unanswered",
        Level.MEDIUM,
        "A shipment has waited long for its receiver",
        "Until it is received, nobody vouches for it at its end. A cargo that never arrives may never "
        "have been.",
        f"{_LIMIT}, table custody",
        check_unanswered,
    ),
    Rule(
        "batch-unused",
        Level.LOW,
        "A batch has lain untouched for long",
        "Forgotten stock can later lend its papers to other material.",
        f"{_LIMIT}, table custody",
        check_unused,
    ),
)
