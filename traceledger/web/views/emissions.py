"""Emissions by year: absolute, per tonne of output, per product, and against a target."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from traceledger import reporting
from traceledger.documents import emissions as documents
from traceledger.replay import year_of
from traceledger.web.reading import Reading
from traceledger.web.route import Asked, Document, Query
from traceledger.web.views.registry import Participant

Year = Annotated[int | None, Field(ge=1970, le=9999)]


class EmissionsQuery(Query):
    """Which year, and how it is broken down."""

    year: Annotated[Year, Field(description="Calendar year, UTC; by default that of the newest change.")] = (
        None
    )
    by: Annotated[
        Literal["facility", "participant", "scope", "process", "stage"],
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
        Literal["product", "tonne", "absolute"], Field(description="What the target is about.")
    ] = "product"
    product: Annotated[str, Field(description="Material whose batches count as products.")] = "vehicle"
    participant: Participant = None


def emissions(reading: Reading, asked: Asked[EmissionsQuery]) -> Document:
    """The emissions of a year beside the year before; own emissions only, where and when they arose."""
    query, names = asked.query, reading.directory
    if "product" in query.model_fields_set:
        names.material(query.product)
    request = reporting.Request(
        year=query.year or year_of(reading.head.changed or reading.now),
        by=query.by,
        base_year=query.base_year,
        target=reporting.Target.parse(query.target) if query.target else None,
        measure=query.measure,
        product=query.product,
        participant=names.participant(query.participant) if query.participant else None,
        stages=reading.stages,
    )
    return documents.emissions(reporting.report(reporting.collect(reading.index), request))
