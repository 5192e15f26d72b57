"""What auditors state: assessments, documents on record, findings; and what is mandatory."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from traceledger.documents import assurance as documents
from traceledger.errors import UnknownNameError
from traceledger.model.assurance import FindingState, Severity
from traceledger.model.ids import assessment_id
from traceledger.web.paging import Paged, asked_piece, cut, paged
from traceledger.web.reading import Reading
from traceledger.web.route import Asked, Document, Query
from traceledger.web.views.registry import Participant

Kind = Annotated[str | None, Field(min_length=1, description="Of this kind.")]


class AssessmentsQuery(Paged):
    """Which assessments."""

    participant: Participant = None
    facility: Annotated[str | None, Field(min_length=1, description="Full name of a facility.")] = None
    kind: Kind = None


class EvidenceQuery(Paged):
    """Which documents."""

    kind: Kind = None
    recorded_by: Participant = None


class FindingsQuery(Paged):
    """Which findings."""

    participant: Participant = None
    state: Annotated[
        Literal["open", "action_submitted", "action_accepted", "closed"] | None,
        Field(description="Where it stands."),
    ] = None
    severity: Annotated[Literal["minor", "major", "critical"] | None, Field(description="How severe.")] = None


def assessments(reading: Reading, asked: Asked[AssessmentsQuery]) -> Document:
    """Assessments, and whether each is valid now."""
    query, names = asked.query, reading.directory
    piece = asked_piece(reading, asked, "assessments")
    found = reading.index.assessments(
        names.participant(query.participant) if query.participant else None,
        names.facility(query.facility, None) if query.facility else None,
        query.kind,
    )
    shown, rows = cut(found, piece)
    return documents.assessments(reading.index, shown, now=reading.now) | {
        "page": paged(reading, asked, "assessments", piece, rows)
    }


def assessment(reading: Reading, asked: Asked[Query]) -> Document:
    """An assessment with its documents."""
    name = asked.name("assessor")
    owner, identifier = reading.directory.split_name(name, None, "assessment")
    found = reading.index.assessment(assessment_id(owner, identifier))
    if found is None:
        raise UnknownNameError(f"there is no assessment {name!r}", hint="/assessments lists them")
    return documents.assessment(reading.index, found, now=reading.now)


def evidence(reading: Reading, asked: Asked[EvidenceQuery]) -> Document:
    """Documents that are held elsewhere, and who put them on record."""
    query, piece = asked.query, asked_piece(reading, asked, "evidence")
    recorder = reading.directory.participant(query.recorded_by) if query.recorded_by else None
    shown, rows = cut(reading.index.evidence(query.kind, recorder), piece)
    return documents.documents_on_record(reading.index, shown) | {
        "page": paged(reading, asked, "evidence", piece, rows)
    }


def requirements(reading: Reading, asked: Asked[Query]) -> Document:
    """Which assessments are mandatory for which role, and what is announced."""
    return documents.requirements(reading.index)


def findings(reading: Reading, asked: Asked[FindingsQuery]) -> Document:
    """Findings as they stand now, and whether each is overdue."""
    query, piece = asked.query, asked_piece(reading, asked, "findings")
    found = reading.index.findings(
        reading.directory.participant(query.participant) if query.participant else None,
        FindingState[query.state.upper()] if query.state else None,
        Severity[query.severity.upper()] if query.severity else None,
    )
    shown, rows = cut(found, piece)
    return documents.findings(reading.index, shown, now=reading.now) | {
        "page": paged(reading, asked, "findings", piece, rows)
    }


def finding(reading: Reading, asked: Asked[Query]) -> Document:
    """A finding and all that was done about it."""
    name = asked.name("auditor")
    found = reading.index.finding(reading.directory.finding(name, None))
    if found is None:
        raise UnknownNameError(f"there is no finding {name!r}", hint="/findings lists them")
    return documents.finding(reading.index, found, now=reading.now)
