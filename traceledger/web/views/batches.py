"""Batches: as a list, and one with everything recorded of it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from traceledger.documents import batches as documents
from traceledger.model.batches import BatchState
from traceledger.provenance.troubles import judged
from traceledger.web.paging import Paged, asked_piece, paged
from traceledger.web.reading import Reading
from traceledger.web.route import Asked, Document, Query

State = Literal["active", "in_transit", "returning", "consumed", "retired", "delivered", "reversed"]


class BatchesQuery(Paged):
    """Which batches."""

    custodian: Annotated[str | None, Field(description="Held by this participant.", examples=["oem"])] = None
    state: Annotated[State | None, Field(description="In this state.")] = None
    material: Annotated[str | None, Field(description="Of this material.", examples=["vehicle"])] = None


def batches(reading: Reading, asked: Asked[BatchesQuery]) -> Document:
    """Batches as they are now."""
    query, names = asked.query, reading.directory
    piece = asked_piece(reading, asked, "batches")
    rows = reading.index.batch_rows(
        custodian=names.participant(query.custodian) if query.custodian else None,
        state=BatchState[query.state.upper()] if query.state else None,
        material=names.material(query.material) if query.material else None,
        after=piece.after,
        newest=piece.newest,
        most=piece.limit + 1,
    )
    document = documents.batches(reading.index, [found for _, found in rows[: piece.limit]])
    return document | {"page": paged(reading, asked, "batches", piece, [row for row, _ in rows])}


def events(reading: Reading, asked: Asked[Query]) -> Document:
    """Everything recorded of a batch, in the chain's order."""
    return documents.history(reading.index, reading.batch(asked.name("creator")))


def batch(reading: Reading, asked: Asked[Query]) -> Document:
    """A batch as it is now, what is wrong with it, and everything recorded of it."""
    found = reading.batch(asked.name("creator"))
    _, troubles = judged(reading.index, found.id, stages=reading.stages)
    return documents.batch(reading.index, found, troubles)
