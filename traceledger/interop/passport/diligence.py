"""Due diligence: what auditors put on record of those who took part (Regulation (EU) 2023/1542, Article 52).

The report on due diligence policies is a document of master data; the ledger has assessments by auditors,
with the documents that show them, and findings. docs/assurance.md explains both.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from traceledger.declaration.suppliers import Assessed, Supplier
from traceledger.events.private import is_concealed
from traceledger.interop.passport.batteries import Battery
from traceledger.interop.passport.told import Narrowed, Node, Told, from_ledger
from traceledger.model.assurance import AssessmentKind, FindingState, Severity

THIRD_PARTY = frozenset((AssessmentKind.AUDIT, AssessmentKind.CERTIFICATE, AssessmentKind.LCA))
"""Kinds of assessments that somebody else made: no questionnaire, and no risk of a country."""


def assurances(battery: Battery) -> list[tuple[Told, Told]]:
    """The documents of assessments that are valid, each with what it is; none whose address is private.

    Who was assessed is not told: a buyer may ask the manufacturer, a competitor need not know.
    """
    said = (each for supplier in battery.suppliers for each in supplier.assessments)
    found = [each for each in said if each.valid and each.assessment.kind in THIRD_PARTY]
    places = battery.ledger.many.assessment_places(each.assessment.id for each in found)
    told: dict[str, tuple[Told, Told]] = {}
    for each in found:
        at = places.get(each.assessment.id)
        events = [] if at is None else [at.reference]
        for document in each.assessment.evidence:
            if not is_concealed(document):
                what = "document of an auditor's assessment"
                told.setdefault(
                    document.uri,
                    (from_ledger(document.uri, what, events), from_ledger(_header(each), what, events)),
                )
    return list(told.values())


def third_party(battery: Battery) -> Node:
    """The address of one assurance by a third party: master data's, else, not for everybody, the ledger's."""
    if battery.said.of_kind("third-party-assurance"):
        return battery.said.link("third-party-assurance")
    found = assurances(battery)
    return Narrowed("2(a)", found[0][0]) if found else battery.said.link("third-party-assurance")


def summary(battery: Battery, *, named: bool) -> dict[str, Any]:
    """As a sidecar has it: counts; with names where the reader may know who takes part.

    Args:
        battery: the battery.
        named: whether companies are named.
    """
    known = battery.suppliers
    findings = [each for supplier in known for each in supplier.findings]
    still = [each for each in findings if each.state is not FindingState.CLOSED]
    told: dict[str, Any] = {
        "companies": len(known),
        "companies_with_valid_assessment": sum(
            any(each.valid for each in supplier.assessments) for supplier in known
        ),
        "findings": len(findings),
        "findings_open": len(still),
        "findings_open_critical": sum(each.finding.severity is Severity.CRITICAL for each in still),
    }
    if named:
        told["assessments"] = [row for supplier in known for row in _rows(supplier)]
    return told


def _rows(supplier: Supplier) -> Iterator[dict[str, Any]]:
    for each in supplier.assessments:
        yield {
            "participant": supplier.participant.slug,
            "facility": each.facility,
            "kind": each.assessment.kind,
            "scheme": each.assessment.scheme,
            "assessor": each.assessor,
            "valid": each.valid,
            "valid_until": _day(each.assessment.valid_until),
        }


def _header(each: Assessed) -> str:
    words = f"{each.assessment.scheme} {each.assessment.kind.replace('_', ' ')}".strip()
    return f"{words}, valid until {_day(each.assessment.valid_until)}"[:100]


def _day(seconds: int) -> str:
    try:
        return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d")
    except (OverflowError, ValueError, OSError):
        return "further notice"
