"""Emissions by year: absolute, per tonne of output, per product, and against a target."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Literal

from pydantic import Field

from traceledger import reporting
from traceledger.documents import emissions as documents
from traceledger.replay import year_of
from traceledger.web.kept import Kept
from traceledger.web.paging import MOST, Paged, asked_piece, cut, paged
from traceledger.web.reading import Reading
from traceledger.web.route import Asked, Document
from traceledger.web.views.registry import Participant

REPORTS = 50
"""How many reports of one block are kept."""
REPORT_BYTES = 16 << 20
"""How large they may be together."""
Year = Annotated[int | None, Field(ge=1970, le=9999)]


class EmissionsQuery(Paged):
    """Which year, and how it is broken down."""

    limit: Annotated[int, Field(ge=1, le=MOST, description="Groups in one answer, at most.")] = 200
    order: Annotated[
        Literal["newest", "oldest"],
        Field(description="`oldest`: the largest group first; `newest`: the other way round."),
    ] = "oldest"
    year: Annotated[Year, Field(description="Calendar year, UTC; by default that of the newest change.")] = (
        None
    )
    by: Annotated[
        Literal["facility", "participant", "department", "scope", "process", "stage"],
        Field(description="What to break it down by."),
    ] = "facility"
    base_year: Annotated[Year, Field(description="A year to compare with.")] = None
    target: Annotated[
        str | None,
        Field(
            description="A reduction since the base year.",
            examples=["50% by 2030"],
            pattern=r"^[0-9]{1,3}(\.[0-9]{1,6})? ?% by [0-9]{4}$",
        ),
    ] = None
    measure: Annotated[
        Literal["product", "tonne", "absolute"] | None,
        Field(description="What the target is about; by default per product."),
    ] = None
    product: Annotated[
        str | None, Field(description="Material whose batches count as products; by default vehicle.")
    ] = None
    participant: Participant = None


def emissions(reading: Reading, asked: Asked[EmissionsQuery]) -> Document:
    """The emissions of a year beside the year before; own emissions only, where and when they arose."""
    scopes = tuple(sorted(asked.scopes))
    # Reports are kept with what they are made of, so that whoever asks for many drives out no other values.
    stages = reading.stages if asked.query.by == "stage" else None
    records, kept = reading.kept.get(
        ("emissions", reading.head.hash, scopes, stages is not None),
        lambda: (reporting.collect(reading.index, stages), Kept(REPORTS, most_bytes=REPORT_BYTES)),
    )
    request = _request(reading, asked.query)
    # What is asked besides is the same for all: the server was told it at its start.
    own = (request.year, request.by, request.base_year, request.target, request.measure)
    key = (*own, request.product, request.participant)
    report = kept.get(key, lambda: reporting.report(records, request))
    piece = asked_piece(reading, asked, "emissions")
    shown, numbers = cut(report.rows, piece)
    page = paged(reading, asked, "emissions", piece, numbers)
    return documents.emissions(replace(report, rows=tuple(shown))) | {"page": page}


def _request(reading: Reading, query: EmissionsQuery) -> reporting.Request:
    """What is asked, completed by what the server was told at its start."""
    told, names = reading.reports, reading.directory
    if query.product is not None:
        names.material(query.product)
    year = query.year or year_of(reading.head.changed or reading.now)
    base_year, target = query.base_year, query.target
    if told.base_year is not None and year >= told.base_year:
        base_year, target = base_year or told.base_year, target or told.target
    return reporting.Request(
        year=year,
        by=query.by,
        base_year=base_year,
        target=reporting.Target.parse(target) if target else None,
        measure=query.measure or told.measure,
        product=query.product or told.product,
        participant=names.participant(query.participant) if query.participant else None,
        departments=told.departments,
    )
