"""An audit as SARIF 2.1.0 (OASIS), for tools that gather findings.

A ledger has no files, so locations are logical ones: the full name of a batch, facility, participant or
shipment. SARIF's levels are error, warning and note for high, medium and low.

Example:
    >>> from traceledger.audit.report import AuditReport, Scope
    >>> empty = AuditReport(Scope(), now=0, block=None, fail_on=None, rules=(), found=(), batches=0)
    >>> sarif(empty, version="1.0.0")["version"]
    '2.1.0'
"""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from traceledger.audit.found import Found
from traceledger.audit.report import AuditReport
from traceledger.audit.values import Level, Rule
from traceledger.model.text import Surface, escaped
from traceledger.model.units import format_time

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {Level.HIGH: "error", Level.MEDIUM: "warning", Level.LOW: "note"}
_RANKS = {Level.HIGH: 90.0, Level.MEDIUM: 50.0, Level.LOW: 10.0}


def sarif(report: AuditReport, *, version: str) -> dict[str, Any]:
    """The report as one SARIF log.

    Args:
        report: the outcome of an audit.
        version: of this program.
    """
    places = {rule.id: place for place, (rule, _) in enumerate(report.rules)}
    driver = {
        "name": "TraceLedger audit",
        "version": version,
        "semanticVersion": version,
        "rules": [_rule(rule, level) for rule, level in report.rules],
    }
    run = {
        "tool": {"driver": driver},
        "automationDetails": {"id": f"audit/{report.scope.kind.value}/{report.scope.name}"},
        "invocations": [{"executionSuccessful": True, "endTimeUtc": format_time(report.now)}],
        "results": [_result(item, places[item.rule.id]) for item in report.found],
        "properties": {"block": report.block, "batches": report.batches, "failed": report.failed},
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(rule: Rule, level: Level) -> dict[str, Any]:
    return {
        "id": rule.id,
        "name": "".join(part.capitalize() for part in rule.id.split("-")),
        "shortDescription": {"text": f"{rule.title}."},
        "fullDescription": {"text": rule.rationale},
        "help": {
            "text": f"{rule.rationale}\n\nSource: {rule.source}",
            "markdown": f"{rule.rationale}\n\n*Source*: {rule.source}",
        },
        "defaultConfiguration": {"enabled": True, "level": _LEVELS[level], "rank": _RANKS[level]},
        "properties": {"level": level.slug},
    }


def _result(found: Found, place: int) -> dict[str, Any]:
    issue = found.issue
    return {
        "ruleId": found.rule.id,
        "ruleIndex": place,
        "kind": "fail",
        "level": _LEVELS[found.level],
        "rank": _RANKS[found.level],
        "message": {"text": escaped(f"{issue.subject.name}: {issue.message}.", Surface.SARIF)},
        "locations": [
            {
                "logicalLocations": [
                    {
                        "name": issue.subject.name.partition("/")[2] or issue.subject.name,
                        "fullyQualifiedName": issue.subject.name,
                        "kind": issue.subject.kind,
                    }
                ]
            }
        ],
        "partialFingerprints": {"traceledgerIssue/v1": _fingerprint(found)},
        "properties": {
            "level": found.level.slug,
            "related": list(issue.related),
            "facts": dict(issue.facts),
            "occurredAt": None if issue.at is None else format_time(issue.at),
        },
    }


def _fingerprint(found: Found) -> str:
    """The same for the same issue in a later audit, whatever its figures are then."""
    issue = found.issue
    which = str(issue.facts.get("substance", ""))
    parts = (found.rule.id, issue.subject.kind, issue.subject.name, *issue.related, which, str(issue.at))
    return sha256("\0".join(parts).encode()).hexdigest()
