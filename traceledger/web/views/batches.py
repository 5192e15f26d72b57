"""Batches: by what they are chosen by, and one with everything recorded of it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from traceledger.documents import batches as documents
from traceledger.documents import explored
from traceledger.documents.choosing import Wanted, choice
from traceledger.index.listing_reader import COUNTED, Choice
from traceledger.provenance.troubles import judged
from traceledger.web.paging import Paged, asked_piece, paged, taken
from traceledger.web.reading import Reading
from traceledger.web.route import Asked, Document, Query

State = Literal["active", "in_transit", "returning", "consumed", "retired", "delivered", "reversed"]
Origin = Literal["mined", "post_consumer", "pre_consumer", "untraced", "run", "recycling_run"]
Marked = Literal["any", "frozen", "disputed", "held", "recalled", "off_specification"]


class BatchesQuery(Paged):
    """Which batches; what is given holds together."""

    material: Annotated[str | None, Field(description="Of this material.", examples=["vehicle"])] = None
    custodian: Annotated[str | None, Field(description="Held by this participant.", examples=["oem"])] = None
    maker: Annotated[str | None, Field(description="Made by this participant.", examples=["kokkola"])] = None
    facility: Annotated[str | None, Field(description="Made at this site, by its full name.")] = None
    state: Annotated[State | None, Field(description="In this state.")] = None
    origin: Annotated[
        Origin | None, Field(description="How it came to be; what was split off, as its parent.")
    ] = None
    year: Annotated[int | None, Field(ge=1970, le=9999, description="Made in this year, UTC.")] = None
    trouble: Annotated[Marked | None, Field(description="With this against itself; or with anything.")] = None


def batches(reading: Reading, asked: Asked[BatchesQuery]) -> Document:
    """Batches as they are now."""
    piece = asked_piece(reading, asked, "batches")
    found = reading.index.listing.listed(
        chosen(reading, asked.query), after=piece.after, newest=piece.newest, most=piece.limit
    )
    document = documents.batches(reading.index, reading.index.many.batches_numbered(found.numbers))
    return document | {"page": paged(reading, asked, "batches", piece, found.numbers, found.go_on)}


def explore(reading: Reading, asked: Asked[BatchesQuery]) -> Document:
    """Batches as they are now, and how many there are of each choice."""
    listing, choice = reading.index.listing, chosen(reading, asked.query)
    found = explored.Facets(listing.counts(choice), listing.total(choice), COUNTED, listing.newest())
    return batches(reading, asked) | {"facets": explored.facets(reading.index, found)}


def chosen(reading: Reading, query: BatchesQuery) -> Choice:
    """What a request chooses batches by.

    Raises:
        UnknownNameError: it names a company, a site or a material that there is not.
    """
    wanted = Wanted(
        material=query.material,
        custodian=query.custodian,
        maker=query.maker,
        facility=query.facility,
        state=query.state,
        origin=query.origin,
        year=query.year,
        trouble=(query.trouble,) if query.trouble else (),
    )
    return choice(reading.index, reading.directory, wanted)


class EventsQuery(Paged):
    """Which events of a batch."""

    order: Annotated[
        Literal["newest", "oldest"],
        Field(description="`oldest`: in the chain's order; `newest`: the other way round."),
    ] = "oldest"


def events(reading: Reading, asked: Asked[EventsQuery]) -> Document:
    """Everything recorded of a batch, in the chain's order."""
    found, piece = reading.batch(asked.name("creator")), asked_piece(reading, asked, "events")
    read = piece.read
    rows = reading.index.story.events(found.id, after=read.after, newest=read.newest, most=read.most)
    shown, numbers = taken(rows, piece)
    return documents.history(reading.index, found, shown) | {
        "page": paged(reading, asked, "events", piece, numbers)
    }


def batch(reading: Reading, asked: Asked[Query]) -> Document:
    """A batch as it is now, what is wrong with it, and everything recorded of it."""
    found = reading.batch(asked.name("creator"))
    _, troubles = judged(reading.index, found.id, stages=reading.stages)
    return documents.batch(reading.index, found, troubles, most=explored.MOST)


def page(reading: Reading, asked: Asked[Query]) -> Document:
    """A batch with all that its figures are the sums of."""
    found = reading.batch(asked.name("creator"))
    traced, troubles = judged(reading.index, found.id, stages=reading.stages, records=True)
    return explored.batch(reading.index, found, traced, troubles)
