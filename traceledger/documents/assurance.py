"""The JSON of assurance: assessments, documents on record, which are mandatory, and findings."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from traceledger.documents.values import evidence
from traceledger.model.assurance import PROPOSAL_EXPIRES, Severity
from traceledger.model.hexadecimal import id_text
from traceledger.names import Names

if TYPE_CHECKING:
    from traceledger.index import IndexReader
    from traceledger.model.assurance import Assessment, Finding, FindingStep, Requirement
    from traceledger.model.evidence import EvidenceRecord


def assessments(index: IndexReader, found: Iterable[Assessment], *, now: int) -> dict[str, Any]:
    """Assessments, and whether each is valid at ``now`` (UTC seconds)."""
    names = Names(index)
    return {"assessments": [_assessment(item, names, now) for item in found]}


def assessment(index: IndexReader, found: Assessment, *, now: int) -> dict[str, Any]:
    """An assessment with its documents."""
    return _assessment(found, Names(index), now) | {
        "issuer": found.issuer,
        "occurred_at": found.occurred_at,
        "recorded_at": found.recorded_at,
        "evidence": evidence(found.evidence),
    }


def documents_on_record(index: IndexReader, found: Iterable[EvidenceRecord]) -> dict[str, Any]:
    """Documents that are held elsewhere, and who put them on record."""
    names = Names(index)
    return {"evidence": [_on_record(item, names) for item in found]}


def requirements(index: IndexReader) -> dict[str, Any]:
    """Which assessments are mandatory for which role, and what is announced."""
    return {
        "mandatory": {role: [item.kind for item in needed] for role, needed in index.mandatory().items()},
        "bounds": {role: _bounds(needed) for role, needed in index.mandatory().items()},
        "proposed": [
            {
                "role": item.role,
                "kinds": [each.kind for each in item.requirements],
                "bounds": _bounds(item.requirements),
                "ready_at": item.ready_at,
                "expires_at": item.ready_at + PROPOSAL_EXPIRES,
            }
            for item in index.proposals()
        ],
    }


def _bounds(requirements: Iterable[Requirement]) -> dict[str, int]:
    """Where one is set, the least value that suffices or, of the two risks, the highest."""
    return {item.kind: item.bound for item in requirements if item.bound}


def findings(index: IndexReader, found: Iterable[Finding], *, now: int) -> dict[str, Any]:
    """Findings, and whether each is overdue at ``now`` (UTC seconds)."""
    names = Names(index)
    return {"findings": [_finding(item, names, now) for item in found]}


def finding(index: IndexReader, found: Finding, *, now: int) -> dict[str, Any]:
    """A finding and all that was done about it."""
    names = Names(index)
    return _finding(found, names, now) | {"steps": [_step(step, names) for step in found.steps]}


def assessment_row(item: Assessment, names: Names, now: int) -> dict[str, Any]:
    """An assessment among what is known of a company, with its documents."""
    return _assessment(item, names, now) | {"evidence": evidence(item.evidence)}


def finding_row(item: Finding, names: Names, now: int) -> dict[str, Any]:
    """A finding among what is known of a company, with what was done about it."""
    return _finding(item, names, now) | {"steps": [_step(step, names) for step in item.steps]}


def _assessment(item: Assessment, names: Names, now: int) -> dict[str, Any]:
    return {
        "assessment": names.full(item.assessor, item.identifier),
        "id": id_text(item.id),
        "participant": names.slug(item.participant),
        "facility": None if item.facility is None else names.facility(item.facility),
        "kind": item.kind,
        "scheme": item.scheme,
        "value": item.value,
        "issuer": item.issuer,
        "valid_from": item.valid_from,
        "valid_until": item.valid_until,
        "valid": item.is_valid(now),
    }


def _on_record(item: EvidenceRecord, names: Names) -> dict[str, Any]:
    return {
        "uri": item.uri,
        "sha256": item.sha256.hex(),
        "kind": item.kind,
        "issuer": item.issuer,
        "recorded_by": names.slug(item.recorded_by),
        "recorded_at": item.recorded_at,
    }


def _finding(item: Finding, names: Names, now: int) -> dict[str, Any]:
    return {
        "finding": names.full(item.auditor, item.identifier),
        "id": id_text(item.id),
        "participant": names.slug(item.participant),
        "facility": None if item.facility is None else names.facility(item.facility),
        "batch": None if item.batch is None else id_text(item.batch),
        "severity": item.severity.slug,
        "category": item.category,
        "state": item.state.slug,
        "description": item.description,
        "due_at": item.due_at,
        "occurred_at": item.occurred_at,
        "overdue": item.is_overdue(now),
        "blocks": item.severity is Severity.CRITICAL and item.batch is None and item.is_overdue(now),
    }


def _step(step: FindingStep, names: Names) -> dict[str, Any]:
    return {
        "step": step.step,
        "state": step.state.slug,
        "changed_by": names.slug(step.changed_by),
        "text": step.text,
        "due_at": step.due_at,
        "occurred_at": step.occurred_at,
        "recorded_at": step.recorded_at,
        "evidence": evidence(step.evidence),
    }
