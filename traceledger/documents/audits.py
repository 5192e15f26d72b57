"""The JSON of an audit's report; docs/audit.md explains the rules. SARIF: :mod:`traceledger.audit.sarif`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from traceledger.model.units import format_time

if TYPE_CHECKING:
    from traceledger.audit import AuditReport, Found


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
    }


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
