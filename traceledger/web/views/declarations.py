"""The Product Sustainability Declaration of a batch."""

from __future__ import annotations

from traceledger.declaration import declare
from traceledger.documents import declarations as documents
from traceledger.web.reading import Reading
from traceledger.web.route import Asked, Document, Query


def declaration(reading: Reading, asked: Asked[Query]) -> Document:
    """What a buyer wants to know of a batch: footprint, origins, recycled content, and what is not known."""
    found = reading.batch(asked.name("creator"))
    return documents.declaration(declare(reading.index, found.id, stages=reading.stages))
