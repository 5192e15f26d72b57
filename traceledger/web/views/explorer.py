"""What only the explorer asks: its first page, an event with all behind it, and dossiers of one thing."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import Field

from traceledger.documents import batches, dossiers, events, searched
from traceledger.errors import UnknownNameError
from traceledger.index.listing_reader import Choice
from traceledger.index.schema import split_position
from traceledger.model.batches import RecordKind
from traceledger.model.ids import transformation_id
from traceledger.web.reading import Reading
from traceledger.web.route import Asked, Document, Query
from traceledger.web.views import registry, shipments

NEWEST = 10
_MOST_BLOCK = 2**39 - 1
_MOST_LOG = 2**24 - 1
_BLOCK, _LOG = re.compile("[0-9]{1,12}"), re.compile("[0-9]{1,8}")


class SearchQuery(Query):
    """What is looked for."""

    q: Annotated[
        str | None,
        Field(
            max_length=2000,
            description="A name or a part of one, an id, an address, a hash, the number of a block.",
            examples=["VIN-1"],
        ),
    ] = None


def home(reading: Reading, asked: Asked[SearchQuery]) -> Document:
    """What is found; without a question, what is newest."""
    query, listing = asked.query.q, reading.index.listing
    newest = listing.listed(Choice(), most=NEWEST)
    document: Document = {
        "search": None if query is None else searched.search(reading.index, query, reading.head.block),
        "newest": batches.batches(reading.index, reading.index.many.batches_numbered(newest.numbers))[
            "batches"
        ],
        "batches": listing.newest(),
        "troubled": listing.total(Choice(trouble=0)),
    }
    return document


def search(reading: Reading, asked: Asked[SearchQuery]) -> Document:
    """What is found by names, parts of names, ids, addresses, hashes and numbers of blocks."""
    return searched.search(reading.index, asked.query.q or "", reading.head.block)


def event(reading: Reading, asked: Asked[Query]) -> Document:
    """An event, decoded and as the chain has it."""
    block, log = asked.path["block"], asked.path["log"]
    if not (_BLOCK.fullmatch(block) and _LOG.fullmatch(log)):
        raise UnknownNameError(f"there is no event {block}/{log}", hint="it is named block/log, both numbers")
    return _event(reading, int(block), int(log))


def run(reading: Reading, asked: Asked[Query]) -> Document:
    """A run: the event that records it."""
    name = asked.name("participant")
    owner, identifier = reading.directory.split_name(name, None, "transformation")
    number = transformation_id(owner, identifier)
    places = reading.index.many.record_places(RecordKind.TRANSFORMATION, [number])
    if number not in places:
        raise UnknownNameError(f"there is no transformation {name!r}", hint="the search finds them by name")
    return _event(reading, *split_position(places[number]))


def _event(reading: Reading, block: int, log: int) -> Document:
    known = block <= _MOST_BLOCK and log <= _MOST_LOG
    found = reading.index.many.log(block, log) if known else None
    if found is None:
        raise UnknownNameError(
            f"there is no event of this ledger at block {block}, log {log}", hint="/blocks lists them"
        )
    return events.event(reading.index, found, reading.contracts, reading.index.final_block())


def participant(reading: Reading, asked: Asked[Query]) -> Document:
    """A company with its standing, keys, sites, assessments and findings."""
    found = registry.participant_of(reading, asked.path["participant"])
    return dossiers.participant(reading.index, found, now=reading.now)


def facility(reading: Reading, asked: Asked[Query]) -> Document:
    """A site with its approvals, assessments and findings."""
    return dossiers.facility(reading.index, registry.facility_of(reading, asked), now=reading.now)


def material(reading: Reading, asked: Asked[Query]) -> Document:
    """A kind of material with its terms."""
    return dossiers.material(reading.index, registry.material_of(reading, asked.path["material"]))


def shipment(reading: Reading, asked: Asked[Query]) -> Document:
    """A shipment, lot by lot."""
    return dossiers.shipment(reading.index, shipments.shipment_of(reading, asked))
