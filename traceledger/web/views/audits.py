"""Audits: the whole ledger, what a company answers for, or a batch with all upstream of it; differences."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from traceledger import audit as auditing
from traceledger.documents import audits as documents
from traceledger.web.reading import Reading
from traceledger.web.route import Asked, Document, Query
from traceledger.web.views.registry import Participant


class AuditQuery(Query):
    """What is audited; nothing named: everything."""

    participant: Participant = None
    batch: Annotated[
        str | None, Field(min_length=1, description="Full name of a batch: creator/identifier.")
    ] = None


def audit(reading: Reading, asked: Asked[AuditQuery]) -> Document:
    """What rules found that contracts cannot forbid, by the settings that come with the program."""
    return documents.audit(_report(reading, asked))


def differences(reading: Reading, asked: Asked[AuditQuery]) -> Document:
    """What better measurements booked, beside what was minted and what went through."""
    return documents.differences(_report(reading, asked))


def _report(reading: Reading, asked: Asked[AuditQuery]) -> auditing.AuditReport:
    query = asked.query
    return auditing.audit(
        reading.index,
        batch=reading.batch(query.batch).id if query.batch else None,
        participant=reading.directory.participant(query.participant) if query.participant else None,
        now=reading.now,
    )
