"""Audits: the whole ledger, what a company answers for, or a batch with all upstream of it; differences.

An audit looks at every event, so it is made once for a block, a scope and an hour, and one at a time.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Annotated, Any, Literal

from pydantic import Field

from traceledger import audit as auditing
from traceledger.documents import audits as documents
from traceledger.web.paging import Paged, asked_piece, cut, paged
from traceledger.web.paths import PAGES
from traceledger.web.reading import Reading
from traceledger.web.route import Asked, Document
from traceledger.web.views.registry import Participant

_HOUR = 3600
_KINDS: tuple[Literal["batch", "facility", "shipment", "finding", "assessment"], ...] = (
    "batch",
    "facility",
    "shipment",
    "finding",
    "assessment",
)
"""What an audit names as owner/identifier."""
_BATCHES = 3
_EVENTS = 5
_LOOKED_AT = 500
"""Events of a batch, the first, among which those are looked for that an issue is about."""


class DifferencesQuery(Paged):
    """What is audited; nothing named: everything."""

    participant: Participant = None
    batch: Annotated[
        str | None, Field(min_length=1, description="Full name of a batch: creator/identifier.")
    ] = None
    order: Annotated[
        Literal["newest", "oldest"],
        Field(description="`oldest`: as the audit lists them, gravest first; `newest`: the other way round."),
    ] = "oldest"


class AuditQuery(DifferencesQuery):
    """What is audited, and which issues are listed."""

    rule: Annotated[str | None, Field(description="Only what this rule found.", max_length=60)] = None
    level: Annotated[Literal["low", "medium", "high"] | None, Field(description="Only of this level.")] = None


def audit(reading: Reading, asked: Asked[AuditQuery]) -> Document:
    """What rules found that contracts cannot forbid, by the settings that come with the program."""
    query, report = asked.query, _report(reading, asked)
    wanted = report.chosen(query.rule, auditing.Level.parse(query.level) if query.level else None)
    piece = asked_piece(reading, asked, "audit")
    shown, numbers = cut(wanted, piece)
    document = documents.audit(replace(report, found=tuple(shown)))
    document["counts"] = report.counts
    document["failed"] = report.failed
    document.pop("differences")
    for issue, found in zip(document["issues"], shown, strict=True):
        issue["events"] = list(_events(reading, found.issue))
        issue["links"] = [{"kind": _kind(reading, name), "name": name} for name in issue["related"]]
    by_rule: Counter[str] = Counter()
    for (_, rule), count in report.by_rule.items():
        by_rule[rule.id] += count
    return document | {
        "found": len(wanted),
        "by_rule": dict(sorted(by_rule.items())),
        "about": documents.explained({rule.id: rule for _, rule in report.by_rule}.values()),
        "page": paged(reading, asked, "audit", piece, numbers),
    }


def differences(reading: Reading, asked: Asked[DifferencesQuery]) -> Document:
    """What better measurements booked, beside what was minted and what went through."""
    report = _report(reading, asked)
    piece = asked_piece(reading, asked, "differences")
    shown, numbers = cut(report.differences, piece)
    return documents.differences(replace(report, differences=tuple(shown))) | {
        "by_year": _by_year(report.differences),
        "page": paged(reading, asked, "differences", piece, numbers),
    }


def _by_year(found: Iterable[auditing.NamedDifference]) -> list[dict[str, Any]]:
    """The net of all places, by substance and year."""
    sums: dict[tuple[str, int], int] = defaultdict(int)
    for item in found:
        sums[item.substance, item.found.year] += item.found.net_mg
    return [
        {"substance": substance, "year": year, "net_mg": str(net)}
        for (substance, year), net in sorted(sums.items())
    ]


def _report(reading: Reading, asked: Asked[Any]) -> auditing.AuditReport:
    query = asked.query
    batch = reading.batch(query.batch).id if query.batch else None
    participant = reading.directory.participant(query.participant) if query.participant else None
    now = max(reading.now // _HOUR * _HOUR, reading.head.changed + 1)

    def report() -> auditing.AuditReport:
        return auditing.audit(reading.index, batch=batch, participant=participant, now=now)

    scopes = tuple(sorted(asked.scopes))
    return reading.kept.get(("audit", reading.head.hash, scopes, batch, participant, now), report)


def _events(reading: Reading, issue: auditing.Issue) -> Iterator[dict[str, Any]]:
    """Where on the chain an issue's batches say what it is about: at its time, or where they were made."""
    shown = 0
    for batch in issue.batches[:_BATCHES]:
        history = [item for _, item in reading.index.story.events(batch, most=_LOOKED_AT)]
        for item in [each for each in history if each.event.occurred_at == issue.at] or history[:1]:
            if shown == _EVENTS:
                return
            shown += 1
            yield {
                "event": type(item.event).__name__,
                "block": item.block,
                "log": item.log_index,
                "occurred_at": item.event.occurred_at,
            }


def _kind(reading: Reading, name: str) -> str | None:
    """As what a full name is known, by the word of its page; ``None``: as nothing that has one."""
    slug, slash, identifier = name.partition("/")
    owner = reading.index.participant(slug)
    if owner is None:
        return None
    if not slash:
        return PAGES["participant"]
    holds = reading.directory.holds
    for kind in _KINDS:
        if holds(kind, owner.address, identifier):
            return PAGES[kind]
    return None
