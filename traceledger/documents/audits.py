"""The JSON of an audit's report; docs/audit.md explains the rules. SARIF: :mod:`traceledger.audit.sarif`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from traceledger.model.units import format_time

if TYPE_CHECKING:
    from traceledger.audit import AuditReport, Found, NamedDifference, Rule


def audit(report: AuditReport) -> dict[str, Any]:
    """What was audited by which rules, and every issue."""
    return {
        "scope": {"kind": report.scope.kind.value, "name": report.scope.name},
        "at": format_time(report.now),
        "block": report.block,
        "batches": report.batches,
        "fail_on": report.fail_on.slug if report.fail_on else "never",
        "failed": report.failed,
        "counts": report.counts,
        "rules": [rule.id for rule, _ in report.rules],
        "issues": [_issue(item) for item in report.found],
        "differences": [_difference(item) for item in report.differences],
    }


def differences(report: AuditReport) -> dict[str, Any]:
    """What better measurements booked, beside what was minted and what went through."""
    return {
        "scope": {"kind": report.scope.kind.value, "name": report.scope.name},
        "block": report.block,
        "differences": [_difference(item) for item in report.differences],
    }


def explained(rules: Iterable[Rule]) -> list[dict[str, str]]:
    """What rules are about: what each finds, why that matters, and what it rests on."""
    return [
        {"rule": rule.id, "title": rule.title, "rationale": rule.rationale, "source": rule.source}
        for rule in rules
    ]


def _issue(found: Found) -> dict[str, Any]:
    issue = found.issue
    return {
        "rule": found.rule.id,
        "level": found.level.slug,
        "subject": {"kind": issue.subject.kind, "name": issue.subject.name},
        "message": issue.message,
        "related": list(issue.related),
        "facts": dict(issue.facts),
        "at": None if issue.at is None else format_time(issue.at),
    }


def _difference(item: NamedDifference) -> dict[str, Any]:
    """What measurements booked, mg signed, beside what was first minted or made, and what went through."""
    found = item.found
    return {
        "participant": item.participant,
        "facility": item.facility,
        "material": item.material,
        "substance": item.substance,
        "year": found.year,
        "more": found.more,
        "less": found.less,
        "net_mg": str(found.net_mg),
        "minted_mg": str(found.minted_mg),
        "throughput_mg": str(found.throughput_mg),
    }
