"""Rules on claimed times: order, speed, processing, waiting.

Example:
    >>> [rule.id for rule in RULES][:2]
    ['claimed-in-future', 'clock-ahead']
"""

from __future__ import annotations

from collections.abc import Iterator

from traceledger.audit.facts import BatchFacts, Run
from traceledger.audit.journeys import Journey, journeys
from traceledger.audit.kinds import Step
from traceledger.audit.moments import last_step, own_steps
from traceledger.audit.quantities import mass
from traceledger.audit.values import Issue, Level, Rule
from traceledger.audit.view import AuditView
from traceledger.events import EmissionsAdded, RecordedEvent
from traceledger.model.batches import BatchState, ShipmentState
from traceledger.model.counting import counted
from traceledger.model.units import format_time

_DAY = 86_400
_HOUR = 3_600


def check_future(view: AuditView) -> Iterator[Issue]:
    """Events that claim to have happened long after the block that recorded them."""
    for batch, item, ahead in _ahead(view):
        if ahead > view.settings.time.future_hours * _HOUR:
            claimed, recorded = format_time(item.event.occurred_at), format_time(item.timestamp)
            said = f"{item.event.word} of {claimed} was recorded at {recorded}, before it can have happened"
            yield _time_issue(view, batch, item, said)


def check_clock(view: AuditView) -> Iterator[Issue]:
    """Events that claim a time after their block, by less than what the contracts allow a clock."""
    for batch, item, ahead in _ahead(view):
        if ahead <= view.settings.time.future_hours * _HOUR:
            recorded = format_time(item.timestamp)
            said = (
                f"{item.event.word} claims a time {ahead / _HOUR:.3g} h after it was recorded at {recorded}"
            )
            yield _time_issue(view, batch, item, said)


def _ahead(view: AuditView) -> Iterator[tuple[int, RecordedEvent, int]]:
    """Events ahead of their blocks by more than clocks differ: a batch of each, and by how many seconds."""
    allowed = view.settings.time.future_minutes * 60
    found = {item.position: item for item in view.events if item.event.occurred_at - item.timestamp > allowed}
    if not found:
        return
    seen = {item.position: batch for batch, facts in view.standing.items() for item in _all(facts)}
    for position, item in found.items():
        yield seen[position], item, item.event.occurred_at - item.timestamp


def _all(facts: BatchFacts) -> Iterator[RecordedEvent]:
    yield facts.making.at
    yield from facts.later


def check_order(view: AuditView) -> Iterator[Issue]:
    """Steps of a batch that claim an earlier time than its last move, or than its making.

    Emissions may be booked later than they arose, but not before there was a batch.
    """
    for batch, facts in view.standing.items():
        before = facts.making.at
        for kind, item in own_steps(facts):
            if kind is Step.USE:  # Which check_use looks at.
                continue
            if item.event.occurred_at < before.event.occurred_at:
                said = (
                    f"{item.event.word} of {format_time(item.event.occurred_at)} lies before its"
                    f" {before.event.word} of {format_time(before.event.occurred_at)}"
                )
                yield _time_issue(view, batch, item, said)
            if kind is Step.MOVE:
                before = item
        yield from _booked_too_early(view, batch, facts)


def _booked_too_early(view: AuditView, batch: int, facts: BatchFacts) -> Iterator[Issue]:
    """Emissions that claim an earlier time than the batch, or what it was split off, was made."""
    begun = view.root(batch).making.at
    for item in facts.later:
        if isinstance(item.event, EmissionsAdded) and item.event.occurred_at < begun.event.occurred_at:
            said = (
                f"emissions of {format_time(item.event.occurred_at)} lie before its {begun.event.word} "
                f"of {format_time(begun.event.occurred_at)}"
            )
            yield _time_issue(view, batch, item, said)


def check_use(view: AuditView) -> Iterator[Issue]:
    """Transformations that claim a time before their inputs had arrived or were made."""
    for run in view.runs:
        for batch in dict.fromkeys(item.batch for item in run.event.inputs):
            step = last_step(view, batch, run.at.position)
            if step is not None and run.event.occurred_at < step.event.occurred_at:
                what = f"{_run_name(view, run)} of {format_time(run.event.occurred_at)}"
                when = f"{step.event.word} was at {format_time(step.event.occurred_at)}"
                said = f"{what} uses {view.batch_name(batch)}, whose {when}"
                yield _run_issue(view, run, said, (batch, *run.outputs))


def check_processing(view: AuditView) -> Iterator[Issue]:
    """Transformations that followed on the arrival of their inputs faster than the process takes."""
    for run in view.runs:
        hours = view.settings.processing.hours.get(run.event.process, 0.0)
        steps = [last_step(view, item.batch, run.at.position) for item in run.event.inputs]
        latest = max((step.event.occurred_at for step in steps if step), default=None)
        if latest is None or run.event.occurred_at < latest:
            continue
        passed = (run.event.occurred_at - latest) / _HOUR
        if passed < hours:
            said = f"{_run_name(view, run)} was done {passed:.3g} h after its last input was there; "
            yield _run_issue(view, run, f"{said}{run.event.process} takes {hours:g} h or more", run.outputs)


def check_travel(view: AuditView) -> Iterator[Issue]:
    """Ways faster than an aircraft."""
    for journey in journeys(view):
        if journey.faster_than(view.settings.travel.max_kmh):
            yield _journey_issue(view, journey, "nothing is that fast")


def check_bulk_travel(view: AuditView) -> Iterator[Issue]:
    """Bulk cargo faster than ship, rail and road, but not than an aircraft."""
    settings = view.settings.travel
    for journey in journeys(view):
        fast = journey.faster_than(settings.bulk_kmh) and not journey.faster_than(settings.max_kmh)
        if fast and journey.mass_mg >= settings.bulk_from:
            yield _journey_issue(view, journey, f"{mass(journey.mass_mg)} go by ship, rail or road")


def check_unanswered(view: AuditView) -> Iterator[Issue]:
    """Shipments offered long ago that were neither received, rejected nor cancelled."""
    for leg in view.legs:
        waited = (view.now - leg.event.occurred_at) // _DAY
        if leg.open and waited >= view.settings.custody.unanswered_days:
            yield Issue(
                subject=view.shipment_subject(leg),
                message=f"offered to {view.slug(leg.event.receiver)} {counted(waited, 'day')} ago and "
                f"{ShipmentState.OFFERED.value} still",
                participant=leg.event.sender,
                batches=leg.open,
                related=view.names(leg.open),
                facts={"days": waited, "receiver": view.slug(leg.event.receiver)},
                at=leg.event.occurred_at,
            )


def check_unused(view: AuditView) -> Iterator[Issue]:
    """Batches that nobody has shipped, used or retired for long."""
    for batch, facts in view.batches.items():
        last = max(item.event.occurred_at for item in _all(facts))
        waited = (view.now - last) // _DAY
        idle = facts.now.state is BatchState.ACTIVE and not facts.now.frozen
        if idle and waited >= view.settings.custody.unused_days:
            yield Issue(
                subject=view.batch_subject(batch),
                message=f"{mass(facts.now.mass_mg)} held by {view.slug(facts.now.custodian)}, untouched for "
                f"{counted(waited, 'day')}",
                participant=facts.now.custodian,
                batches=(batch,),
                facts={"days": waited},
                at=last,
            )


def _journey_issue(view: AuditView, journey: Journey, why: str) -> Issue:
    way = f"{view.facility_name(journey.origin)} to {view.facility_name(journey.target)}"
    return Issue(
        subject=view.batch_subject(journey.batches[0]),
        message=f"{journey.km:.0f} km from {way} in {journey.hours:.3g} h; {why}",
        participant=journey.participant,
        batches=journey.batches,
        related=(view.facility_name(journey.origin), view.facility_name(journey.target)),
        facts={"km": round(journey.km, 1), "hours": round(journey.hours, 3)},
        at=journey.arrived,
    )


def _time_issue(view: AuditView, batch: int, item: RecordedEvent, message: str) -> Issue:
    return Issue(
        subject=view.batch_subject(batch),
        message=message,
        participant=item.event.author or item.event.parties[0],
        batches=(batch,),
        facts={"block": item.block, "block_time": item.timestamp},
        at=item.event.occurred_at,
    )


def _run_issue(view: AuditView, run: Run, message: str, batches: tuple[int, ...]) -> Issue:
    return Issue(
        subject=view.batch_subject(run.outputs[0]),
        message=message,
        participant=run.event.participant,
        facility=run.event.facility,
        batches=batches,
        facts={"process": run.event.process},
        at=run.event.occurred_at,
    )


def _run_name(view: AuditView, run: Run) -> str:
    return f"{run.event.process} {view.full(run.event.participant, run.event.identifier)}"


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
