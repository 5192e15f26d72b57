"""Companies and whether they may act, their sites, and kinds of material."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from traceledger.documents import registry as documents
from traceledger.errors import UnknownNameError
from traceledger.model.registry import Facility, Material
from traceledger.model.registry import Participant as Company
from traceledger.web.paging import Paged, asked_piece, cut, paged, taken
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
    found = reading.index.pieces.participants(piece.read, country=query.country, role=query.role)
    shown, rows = taken(found, piece)
    return documents.participants(shown) | {"page": paged(reading, asked, "participants", piece, rows)}


def participant(reading: Reading, asked: Asked[Query]) -> Document:
    """A company, its sites, whether it may act, and all that changed that."""
    found = participant_of(reading, asked.path["participant"])
    return documents.participant(reading.index, found, now=reading.now)


def participant_of(reading: Reading, slug: str) -> Company:
    """The company of a short name.

    Raises:
        UnknownNameError: there is none.
    """
    found = reading.index.participant(slug)
    if found is None:
        raise UnknownNameError(f"there is no participant {slug!r}", hint="/participants lists them")
    return found


def facilities(reading: Reading, asked: Asked[FacilitiesQuery]) -> Document:
    """Sites, and what the consortium expects from each."""
    query, piece = asked.query, asked_piece(reading, asked, "facilities")
    found = reading.index.pieces.facilities(
        piece.read,
        holder=reading.directory.participant(query.participant) if query.participant else None,
        country=query.country,
        kind=query.kind,
    )
    shown, rows = taken(found, piece)
    return documents.facilities(reading.index, shown) | {
        "page": paged(reading, asked, "facilities", piece, rows)
    }


def facility(reading: Reading, asked: Asked[Query]) -> Document:
    """A site, and what the consortium expects from it."""
    return documents.facility(reading.index, facility_of(reading, asked))


def facility_of(reading: Reading, asked: Asked[Query]) -> Facility:
    """The site that a path names.

    Raises:
        UnknownNameError: there is none.
    """
    name = asked.name("participant")
    found = reading.index.facility_by_id(reading.directory.facility(name, None))
    if found is None:
        raise UnknownNameError(f"there is no facility {name!r}", hint="/facilities lists them")
    return found


def materials(reading: Reading, asked: Asked[Paged]) -> Document:
    """Kinds of material, and the substances tracked in them."""
    piece = asked_piece(reading, asked, "materials")
    shown, rows = cut(reading.index.materials(), piece)
    return documents.materials(shown) | {"page": paged(reading, asked, "materials", piece, rows)}


def material(reading: Reading, asked: Asked[Query]) -> Document:
    """A kind of material."""
    return documents.material(material_of(reading, asked.path["material"]))


def material_of(reading: Reading, slug: str) -> Material:
    """The kind of material of a short name.

    Raises:
        UnknownNameError: there is none.
    """
    found = reading.index.material(slug)
    if found is None:
        raise UnknownNameError(f"there is no material {slug!r}", hint="/materials lists them")
    return found
