"""Rules on what is recorded long after it is said to have happened.

What is said to be of before the ledger began is stock that was entered at its start: it is reported, low.

Example:
    >>> [rule.id for rule in RULES]
    ['minted-late', 'capacity-in-retrospect']
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime

from traceledger.audit.facts import Mint
from traceledger.audit.quantities import mass, percent
from traceledger.audit.values import Issue, Level, Rule
from traceledger.audit.view import AuditView
from traceledger.model.batches import Origin
from traceledger.model.counting import counted
from traceledger.model.units import format_time
from traceledger.replay import year_of

_DAY = 86_400
_Year = tuple[int, int, Origin, int]
"""Facility, material, origin and calendar year."""


def check_late(view: AuditView) -> Iterator[Issue]:
    """Mints recorded long after they are said to have happened."""
    before: dict[int, list[Mint]] = defaultdict(list)
    for mint in view.mints:
        event = mint.event
        days = (mint.at.timestamp - event.occurred_at) // _DAY
        if days <= view.settings.lateness.days:
            continue
        if event.occurred_at < _began(view):
            before[event.facility].append(mint)
            continue
        said = f"minted as of {format_time(event.occurred_at)[:10]}, recorded {counted(days, 'day')} later"
        yield Issue(
            subject=view.batch_subject(event.batch),
            message=said,
            participant=event.creator,
            facility=event.facility,
            batches=(event.batch,),
            related=(view.facility_name(event.facility),),
            facts={"days": days, "block": mint.at.block, "block_time": mint.at.timestamp},
            at=event.occurred_at,
        )
    for facility, mints in before.items():
        yield _stock_issue(view, facility, mints)


def _began(view: AuditView) -> int:
    """When the ledger's first lot was recorded, UTC seconds."""
    return min(item.timestamp for item in view.events)


def _stock_issue(view: AuditView, facility: int, mints: list[Mint]) -> Issue:
    """That a facility entered what it had when the ledger began."""
    whole = sum(mint.event.mass_mg for mint in mints)
    lots = "a lot" if len(mints) == 1 else f"{len(mints)} lots"
    return Issue(
        subject=view.facility_subject(facility),
        message=f"{lots} ({mass(whole)}) minted as of before the ledger began",
        participant=mints[0].event.creator,
        facility=facility,
        batches=tuple(mint.event.batch for mint in mints),
        facts={"lots": len(mints), "mass_mg": str(whole)},
        level=Level.LOW,
    )


def check_retrospect(view: AuditView) -> Iterator[Issue]:
    """Years that had ended when a good part of their capacity was used."""
    late: dict[_Year, list[Mint]] = defaultdict(list)
    for mint in view.mints:
        event = mint.event
        year = year_of(event.occurred_at)
        if mint.at.timestamp > _end_of(year) + view.settings.lateness.grace_days * _DAY:
            late[event.facility, event.material, event.origin, year].append(mint)
    for (facility, material, origin, year), mints in late.items():
        capacity = view.capacities.get((facility, material, origin), 0)
        total = sum(mint.event.mass_mg for mint in mints)
        site = view.facilities.get(facility)
        if site is None or not capacity or total < view.settings.lateness.part * capacity:
            continue
        slug = view.material(material).slug
        yield Issue(
            subject=view.facility_subject(facility),
            message=f"{mass(total)} of {slug}, {percent(total / capacity)} of the capacity of {year}, were "
            "recorded after that year had ended",
            participant=site.participant,
            facility=facility,
            batches=tuple(mint.event.batch for mint in mints),
            related=(slug,),
            facts={"year": year, "late_mg": str(total), "capacity_mg": str(capacity)},
            level=Level.LOW if _end_of(year) <= _began(view) else None,
        )


def _end_of(year: int) -> int:
    return int(datetime(year + 1, 1, 1, tzinfo=UTC).timestamp())


_TIMES = "EPCIS 2.0, eventTime beside recordTime"

RULES = (
    Rule(
        "minted-late",
        Level.MEDIUM,
        "A mint was recorded long after it is said to have happened",
        "What nobody wrote down when it was dug up can be made to fit whatever has to be covered. A backlog "
        "explains it innocently, and so does stock that was entered when the ledger began, which is low.",
        f"{_TIMES}; threshold of the settings file, table lateness",
        check_late,
    ),
    Rule(
        "capacity-in-retrospect",
        Level.MEDIUM,
        "A year's capacity was used after the year had ended",
        "What a year's approval has left over is room for material of unknown origin. Late papers of the "
        "last weeks are small.",
        f"{_TIMES}; threshold of the settings file, table lateness",
        check_retrospect,
    ),
)
