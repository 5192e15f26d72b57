"""The lineage of a batch as a picture, in slices: laid out once for a block, a way and what is opened."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field

from traceledger import provenance
from traceledger.documents import graphs as documents
from traceledger.errors import UnknownNameError
from traceledger.pages.graph.slices import Drawing
from traceledger.web.reading import Reading
from traceledger.web.route import Asked, Document
from traceledger.web.views.traces import LineageQuery, batch_at, require_few

_OPEN = r"^(all|[0-9a-f]{12}(,[0-9a-f]{12}){0,299})$"
_MOST = 1_000_000


class GraphQuery(LineageQuery):
    """Which way, grouped by what, what is opened, and which slice."""

    by: Annotated[
        Literal["facility", "participant", "country", "material", "stage"],
        Field(description="What batches are grouped by; besides the stage of life, but for materials."),
    ] = "facility"
    open: Annotated[
        str | None,
        Field(
            pattern=_OPEN,
            max_length=4_000,
            description="Groups whose batches are shown: their ids, with commas between, or `all`.",
        ),
    ] = None
    slice: Annotated[int, Field(ge=0, le=_MOST, description="Which slice; `slices` says how many.")] = 0


def graph(reading: Reading, asked: Asked[GraphQuery]) -> Document:
    """Boxes and lines of a lineage as they are drawn: groups first, then the batches of opened ones.

    Raises:
        UnknownNameError: there is no such slice.
    """
    query = asked.query
    drawing = _drawing(reading, asked)
    if query.slice >= drawing.slices:
        raise UnknownNameError(f"there are {drawing.slices} slices", where="slice", hint="the first is 0")
    return drawing.slice(query.slice)


def _drawing(reading: Reading, asked: Asked[GraphQuery]) -> Drawing:
    query, number = asked.query, batch_at(reading, asked)
    seen = (reading.head.hash, tuple(sorted(asked.scopes)), number, query.direction, query.as_of)

    def lineage() -> Mapping[str, Any]:
        require_few(reading, number, query)
        found = provenance.lineage(reading.index, number, query.direction, as_of=query.as_of)
        return documents.graph(found, reading.index, reading.stages)

    def drawing() -> Drawing:
        document = reading.kept.get(("lineage", *seen), lineage)
        return Drawing(document, query.by, (query.open or "").split(","))

    return reading.kept.get(("graph", *seen, query.by, query.open), drawing)
