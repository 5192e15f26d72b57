"""Companies and whether they may act, their sites, and kinds of material."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from traceledger.documents import registry as documents
from traceledger.errors import UnknownNameError
from traceledger.web.paging import Paged, asked_piece, cut, paged
from traceledger.web.reading import Reading
from traceledger.web.route import Asked, Document, Query

Participant = Annotated[
    str | None, Field(min_length=1, description="Short name of a participant.", examples=["oem"])
]


class ParticipantsQuery(Paged):
    """Which companies."""

    country: Annotated[str | None, Field(pattern="^[A-Z]{2}$", description="ISO 3166-1 alpha-2.")] = None
    role: Annotated[str | None, Field(min_length=1, description="With this role.", examples=["producer"])] = (
        None
    )


class FacilitiesQuery(Paged):
    """Which sites."""

    participant: Participant = None
    country: Annotated[str | None, Field(pattern="^[A-Z]{2}$", description="ISO 3166-1 alpha-2.")] = None
    kind: Annotated[str | None, Field(min_length=1, description="Of this kind.", examples=["mine"])] = None


def participants(reading: Reading, asked: Asked[ParticipantsQuery]) -> Document:
    """Companies as they are now."""
    query, piece = asked.query, asked_piece(reading, asked, "participants")
    found = [
        each
        for each in reading.index.participants()
        if query.country in (None, each.country) and (query.role is None or query.role in each.roles)
    ]
    shown, rows = cut(found, piece)
    return documents.participants(shown) | {"page": paged(reading, asked, "participants", piece, rows)}


def participant(reading: Reading, asked: Asked[Query]) -> Document:
    """A company, its sites, whether it may act, and all that changed that."""
    slug = asked.path["participant"]
    found = reading.index.participant(slug)
    if found is None:
        raise UnknownNameError(f"there is no participant {slug!r}", hint="/participants lists them")
    return documents.participant(reading.index, found, now=reading.now)


def facilities(reading: Reading, asked: Asked[FacilitiesQuery]) -> Document:
    """Sites, and what the consortium expects from each."""
    query, piece = asked.query, asked_piece(reading, asked, "facilities")
    company = reading.directory.participant(query.participant) if query.participant else None
    found = [
        each
        for each in reading.index.facilities(company)
        if query.country in (None, each.country) and query.kind in (None, each.kind)
    ]
    shown, rows = cut(found, piece)
    return documents.facilities(reading.index, shown) | {
        "page": paged(reading, asked, "facilities", piece, rows)
    }


def facility(reading: Reading, asked: Asked[Query]) -> Document:
    """A site, and what the consortium expects from it."""
    name = asked.name("participant")
    found = reading.index.facility_by_id(reading.directory.facility(name, None))
    if found is None:
        raise UnknownNameError(f"there is no facility {name!r}", hint="/facilities lists them")
    return documents.facility(reading.index, found)


def materials(reading: Reading, asked: Asked[Paged]) -> Document:
    """Kinds of material, and the substances tracked in them."""
    piece = asked_piece(reading, asked, "materials")
    shown, rows = cut(reading.index.materials(), piece)
    return documents.materials(shown) | {"page": paged(reading, asked, "materials", piece, rows)}


def material(reading: Reading, asked: Asked[Query]) -> Document:
    """A kind of material."""
    slug = asked.path["material"]
    found = reading.index.material(slug)
    if found is None:
        raise UnknownNameError(f"there is no material {slug!r}", hint="/materials lists them")
    return documents.material(found)
