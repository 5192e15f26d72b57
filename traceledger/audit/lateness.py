"""Rules on what is recorded long after it is said to have happened.

What is said to be of before the ledger began is stock that was entered at its start: it is reported, low.

Example:
    >>> [rule.id for rule in RULES]
    ['minted-late', 'capacity-in-retrospect']
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache

from traceledger.audit.facts import Mint
from traceledger.audit.quantities import mass, percent
from traceledger.audit.values import Check, Issue, Level, Rule
from traceledger.audit.view import AuditView
from traceledger.model.batches import Origin
from traceledger.model.counting import counted
from traceledger.model.units import format_time
from traceledger.replay import year_of

_DAY = 86_400
_Year = tuple[int, int, Origin, int]
"""Facility, material, origin and calendar year."""


def check_late(view: AuditView) -> Check:
    """Mints recorded long after they are said to have happened."""
    before: dict[int, _Lots] = defaultdict(_Lots)

    def look(mint: Mint) -> Iterator[Issue]:
        at = mint.at
        days = (at.timestamp - at.occurred_at) // _DAY
        if days <= view.settings.lateness.days:
            return
        if at.occurred_at < view.began:
            before[mint.now.facility].add(mint)
            return
        said = f"minted as of {format_time(at.occurred_at)[:10]}, recorded {counted(days, 'day')} later"
        related = (view.facility_name(mint.now.facility),)
        facts = {"days": days, "block": at.block, "block_time": at.timestamp}
        yield view.issue_of_making(mint, said, related, facts)

    def end() -> Iterator[Issue]:
        for facility, lots in before.items():
            yield _stock_issue(view, facility, lots)

    return Check(mint=look, end=end)


class _Lots:
    """Mints, of which only numbers are kept, and the mass of all of them, mg."""

    def __init__(self) -> None:
        self.numbers = array("Q")
        self.mass_mg = 0

    def add(self, mint: Mint) -> None:
        self.numbers.append(mint.number)
        self.mass_mg += mint.making.mass_mg


def _stock_issue(view: AuditView, facility: int, lots: _Lots) -> Issue:
    """That a facility entered what it had when the ledger began."""
    count, whole = len(lots.numbers), lots.mass_mg
    named = "a lot" if count == 1 else f"{count} lots"
    return Issue(
        subject=view.facility_subject(facility),
        message=f"{named} ({mass(whole)}) minted as of before the ledger began",
        participant=view.made(lots.numbers[0]).now.creator,
        facility=facility,
        batches=view.ids(lots.numbers),
        facts={"lots": count, "mass_mg": str(whole)},
        level=Level.LOW,
    )


def check_retrospect(view: AuditView) -> Check:
    """Years that had ended when a good part of their capacity was used."""
    late: dict[_Year, _Lots] = defaultdict(_Lots)

    def look(mint: Mint) -> None:
        year = year_of(mint.at.occurred_at)
        if mint.at.timestamp > _end_of(year) + view.settings.lateness.grace_days * _DAY:
            late[*mint.place, year].add(mint)

    return Check(mint=look, end=lambda: _in_retrospect(view, late))


def _in_retrospect(view: AuditView, late: dict[_Year, _Lots]) -> Iterator[Issue]:
    for (facility, material, origin, year), lots in late.items():
        capacity = view.capacities.get((facility, material, origin), 0)
        total = lots.mass_mg
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
            batches=view.ids(lots.numbers),
            related=(slug,),
            facts={"year": year, "late_mg": str(total), "capacity_mg": str(capacity)},
            level=Level.LOW if _end_of(year) <= view.began else None,
        )


@cache
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
