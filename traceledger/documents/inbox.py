"""The JSON of what waits for one participant: to be answered, corrected, renewed, finished; urgent first.

Every item says of what kind it is, what it is about, how urgent it is, and where it is done: ``page`` has the
``kind`` of a page and the ``name`` of the thing on it. Masses are decimal strings of mg, times UTC seconds.

Example:
    >>> days_until(1_700_000_000 + 3 * DAY + 5, 1_700_000_000), days_until(1_700_000_000 - 5, 1_700_000_000)
    (3, -1)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from enum import IntEnum
from typing import TYPE_CHECKING, Any

from traceledger.documents import assurance
from traceledger.documents.shipments import DAY, lots_of, offers, open_lot
from traceledger.index.standing import counting_assessments
from traceledger.model.assurance import FindingState, Severity
from traceledger.model.batches import BatchState, ShipmentState
from traceledger.model.frozen import frozen
from traceledger.names import LedgerNames

if TYPE_CHECKING:
    from traceledger.index import IndexReader
    from traceledger.model.assurance import Assessment, Finding
    from traceledger.model.batches import Batch, Shipment
    from traceledger.model.registry import Participant
    from traceledger.model.standing import Obstacle

EXPIRES_SOON = 90
"""Days before its end from which on an assessment is said to expire."""
DUE_SOON = 14
"""Days before something is due from which on it is pressing."""
WAITS_LONG = 14
"""Days after which a shipment that nobody answered is pressing."""
NEARLY_USED = 8_000
"""Basis points of a tolerance from which on it is said to be nearly used up."""
MOST = 200
"""Lots that are listed for one reason; how many there are stands beside."""
_WHOLE = 10_000


class Urgency(IntEnum):
    """How soon something must be done; what comes first in the inbox has the least."""

    BLOCKED = 0
    PRESSING = 1
    WAITING = 2
    NOTICE = 3

    @property
    def slug(self) -> str:
        """The word of documents: ``blocked``, ``pressing``, ``waiting``, ``notice``."""
        return self.name.lower()


MATTERS = {
    "lots_frozen": Urgency.PRESSING,
    "lots_held_by_auditor": Urgency.PRESSING,
    "lots_recalled": Urgency.PRESSING,
    "lots_disputed": Urgency.WAITING,
    "lots_held": Urgency.NOTICE,
    "lots_near_tolerance": Urgency.NOTICE,
}
"""What may be the matter with a lot, and how soon something must be done then."""


@frozen
class Beside:
    """What is not on the ledger, but waits as well.

    Attributes:
        unfinished: how many transactions of the outbox are not finished.
        drafts: of each draft that is not signed its name, title and the seconds of its last change.
    """

    unfinished: int = 0
    drafts: Sequence[tuple[str, str, int]] = ()


NOTHING_BESIDE = Beside()


def inbox(
    index: IndexReader, own: Participant, *, now: int, beside: Beside = NOTHING_BESIDE
) -> dict[str, Any]:
    """All that waits for a participant.

    Args:
        index: where to read.
        own: the participant.
        now: UTC seconds by which terms end.
        beside: what waits and is not on the ledger.
    """
    items = [
        *_obstacles(index, own, now),
        *_findings(index, own, now),
        *_assessments(index, own, now),
        *_to_answer(index, own, now),
        *_unanswered(index, own, now),
        *_sites_offered(index, own),
        *_lots(index, own),
        *_beside(beside),
    ]
    items.sort(key=lambda item: (item["urgency"], item["due"] is None, item["due"] or 0, item["since"] or 0))
    for item in items:
        item["urgency"] = Urgency(item["urgency"]).slug
    return {"participant": own.slug, "now": now, "items": items}


def days_until(when: int, now: int) -> int:
    """Whole days from now until then, rounded down: below zero once it is over."""
    return (when - now) // DAY


def _item(
    kind: str,
    urgency: Urgency,
    page: tuple[str, str] | None,
    *,
    since: int | None = None,
    due: int | None = None,
    **more: Any,
) -> dict[str, Any]:
    where = None if page is None else {"kind": page[0], "name": page[1]}
    return {"kind": kind, "urgency": urgency, "page": where, "since": since, "due": due, **more}


def _obstacles(index: IndexReader, own: Participant, now: int) -> Iterator[dict[str, Any]]:
    """Why the participant may not act, here or anywhere."""
    names = LedgerNames(index)
    for each in index.standing(own.address, at=now).obstacles:
        site = None if each.facility is None else names.facility(each.facility)
        finding = None if each.finding is None else names.finding(each.finding)
        yield _item(
            "may_not_act",
            Urgency.BLOCKED,
            _mending(each, finding),
            since=each.since,
            reason=each.reason,
            facility=site,
            finding=finding,
            assessment=each.kind,
        )


def _mending(obstacle: Obstacle, finding: str | None) -> tuple[str, str] | None:
    return ("finding", finding) if obstacle.reason == "finding_overdue" and finding else None


def _findings(index: IndexReader, own: Participant, now: int) -> Iterator[dict[str, Any]]:
    """Findings that are not closed; those that are open wait for a corrective action of ours."""
    names = LedgerNames(index)
    for found in index.findings(own.address):
        if found.state is FindingState.CLOSED:
            continue
        days = days_until(found.due_at, now)
        ours = found.state is FindingState.OPEN
        name = names.full(found.auditor, found.identifier)
        said = assurance.finding_row(found, names, now)
        yield _item(
            "corrective_action" if ours else "finding",
            _pressing(found, days, ours=ours),
            ("finding", name),
            since=found.steps[-1].recorded_at if found.steps else found.occurred_at,
            due=found.due_at,
            days=days,
            finding=name,
            by=names.slug(found.auditor),
            facility=said["facility"],
            batch=None if found.batch is None else names.batch(found.batch),
            severity=said["severity"],
            category=said["category"],
            state=said["state"],
            description=found.description,
        )


def _pressing(found: Finding, days: int, *, ours: bool) -> Urgency:
    if found.severity is Severity.CRITICAL or days < DUE_SOON:
        return Urgency.PRESSING
    return Urgency.WAITING if ours else Urgency.NOTICE


def _assessments(index: IndexReader, own: Participant, now: int) -> Iterator[dict[str, Any]]:
    """Assessments of the company that end soon and that nothing follows."""
    known = index.assessments(own.address)
    needed = {each.kind for role in own.roles for each in index.mandatory().get(role, ())}
    names = LedgerNames(index)
    for kind in dict.fromkeys(item.kind for item in known):
        for item in counting_assessments(known, kind, now):
            days = days_until(item.valid_until, now)
            if not 0 <= days < EXPIRES_SOON or _followed(item, known):
                continue
            mandatory = kind in needed
            yield _item(
                "assessment_expires",
                Urgency.PRESSING if mandatory and days < DUE_SOON else Urgency.WAITING,
                None,
                due=item.valid_until,
                days=days,
                assessment=names.full(item.assessor, item.identifier),
                by=names.slug(item.assessor),
                of_kind=kind,
                scheme=item.scheme,
                mandatory=mandatory,
            )


def _followed(item: Assessment, known: Sequence[Assessment]) -> bool:
    """Whether another of its kind and scheme goes on where it ends."""
    return any(
        other.kind == item.kind
        and other.scheme == item.scheme
        and other.facility is None
        and other.valid_until > item.valid_until
        and other.valid_from <= item.valid_until + 1
        for other in known
    )


def _to_answer(index: IndexReader, own: Participant, now: int) -> Iterator[dict[str, Any]]:
    """Shipments of others with lots that we did not answer for yet."""
    found = index.shipments(ShipmentState.OFFERED, receiver=own.address)
    for each, names, since in _offered(index, found):
        lots = [open_lot(lot, names) for lot in index.open_lots(each.id)]
        waiting = -days_until(since, now) if since else 0
        yield _item(
            "shipment_to_answer",
            Urgency.PRESSING if waiting >= WAITS_LONG else Urgency.WAITING,
            ("answer", names.full(each.sender, each.identifier)),
            since=since,
            days=waiting,
            shipment=names.full(each.sender, each.identifier),
            sender=names.slug(each.sender),
            sender_name=_title(names, each.sender),
            lots=lots[:MOST],
            number=len(lots),
            mass_mg=str(sum(int(lot["mass_mg"]) for lot in lots)),
        )


def _unanswered(index: IndexReader, own: Participant, now: int) -> Iterator[dict[str, Any]]:
    """Shipments of ours of which lots are open still."""
    found = index.shipments(ShipmentState.OFFERED, sender=own.address)
    for each, names, since in _offered(index, found):
        waiting = -days_until(since, now) if since else 0
        yield _item(
            "shipment_unanswered",
            Urgency.WAITING if waiting >= WAITS_LONG else Urgency.NOTICE,
            ("shipment", names.full(each.sender, each.identifier)),
            since=since,
            days=waiting,
            shipment=names.full(each.sender, each.identifier),
            receiver=names.slug(each.receiver),
            receiver_name=_title(names, each.receiver),
            number=len(each.open),
        )


def _offered(
    index: IndexReader, found: Iterable[Shipment]
) -> Iterator[tuple[Shipment, LedgerNames, int | None]]:
    """Shipments, the names in them, and when each was offered."""
    items = list(found)
    names, events = LedgerNames(lots_of(index, items)), offers(index, items)
    for each in items:
        yield each, names, events[each.id].timestamp if each.id in events else None


def _title(names: LedgerNames, participant: bytes) -> str:
    company = names.company(participant)
    return company.name if company else ""


def _sites_offered(index: IndexReader, own: Participant) -> Iterator[dict[str, Any]]:
    """Facilities that are ours once we accept them."""
    names = LedgerNames(index)
    for site in index.facilities():
        if site.offered_to == own.address:
            name = names.full(site.participant, site.identifier)
            yield _item(
                "facility_offered", Urgency.WAITING, ("accept_facility", name), facility=name,
                by=names.slug(site.holder),
            )  # fmt: skip


def _lots(index: IndexReader, own: Participant) -> Iterator[dict[str, Any]]:
    """Lots of ours with which something is the matter, by what that is."""
    held = index.batches(own.address, BatchState.ACTIVE)
    names = LedgerNames(index)
    found: dict[str, list[Batch]] = {}
    for lot in held:
        for matter in matters_of(lot, names):
            found.setdefault(matter, []).append(lot)
    for kind, urgency in MATTERS.items():
        if lots := found.get(kind):
            called = [names.full(lot.creator, lot.identifier) for lot in lots[:MOST]]
            page = ("lot", called[0]) if len(called) == 1 else ("holdings", kind)
            yield _item(kind, urgency, page, lots=called, number=len(lots))


def matters_of(lot: Batch, names: LedgerNames) -> list[str]:
    """What of :data:`MATTERS` is the matter with a lot."""
    found = (
        ("lots_frozen", lot.frozen),
        ("lots_held_by_auditor", lot.held_by_auditor),
        ("lots_recalled", lot.recalled),
        ("lots_disputed", lot.disputed and not lot.frozen),
        ("lots_held", lot.held_by_custodian),
        ("lots_near_tolerance", bool(lot.differences) and _tolerance_share(lot, names) >= NEARLY_USED),
    )
    return [name for name, holds in found if holds]


def _tolerance_share(lot: Batch, names: LedgerNames) -> int:
    """Of its material's tolerances (Rule 5), that of which a lot has used most: basis points of it."""
    goods = names.goods(lot.material)
    if goods is None:
        return 0
    mass, *substances = lot.tolerance_used
    pairs = [(mass, goods.tolerance_mass_bp), *((used, goods.tolerance_substances_bp) for used in substances)]
    return max((abs(used) * _WHOLE // allowed for used, allowed in pairs if allowed), default=0)


def _beside(beside: Beside) -> Iterator[dict[str, Any]]:
    if beside.unfinished:
        yield _item("outbox_unfinished", Urgency.PRESSING, ("outbox", ""), number=beside.unfinished)
    for name, title, changed in beside.drafts:
        yield _item("draft", Urgency.WAITING, ("draft", name), since=changed, title=title)
