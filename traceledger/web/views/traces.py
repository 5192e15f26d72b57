"""Where a batch comes from, its footprint, and what came of it."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from traceledger import provenance
from traceledger.documents import lineage as lineages
from traceledger.documents import traces as documents
from traceledger.errors import UnknownNameError
from traceledger.index.schema import last_position
from traceledger.provenance.troubles import judged
from traceledger.web.problems import refuse
from traceledger.web.reading import Reading
from traceledger.web.route import Asked, Document, Query

_BYTES = 256
"""That a batch takes in the document of a lineage, with its edge, at least; most take 350."""
AsOf = Annotated[
    int | None,
    Field(ge=0, le=2**39 - 1, description="As it stood after this block; by default as it stands now."),
]


class TraceQuery(Query):
    """When."""

    as_of: AsOf = None


class LineageQuery(TraceQuery):
    """Which way, and when."""

    direction: Annotated[
        provenance.Direction, Field(description="`up`: to its origins; `down`: to all that was made of it.")
    ] = provenance.Direction.UP


def trace(reading: Reading, asked: Asked[TraceQuery]) -> Document:
    """Origins, CO2e, recycled content and traced share, and what is wrong."""
    return documents.trace(*_judged(reading, asked))


def footprint(reading: Reading, asked: Asked[TraceQuery]) -> Document:
    """The CO2e of a batch: own, inherited, from primary data, and broken down."""
    return documents.footprint(*_judged(reading, asked))


def origins(reading: Reading, asked: Asked[TraceQuery]) -> Document:
    """Where the material of a batch comes from."""
    return documents.origins(*_judged(reading, asked))


def lineage(reading: Reading, asked: Asked[LineageQuery]) -> Document:
    """All batches and steps up to the origins, or down to all products."""
    number, as_of = batch_at(reading, asked), asked.query.as_of
    require_few(reading, number, asked.query, most=reading.limits.answer_bytes // _BYTES)
    found = provenance.lineage(reading.index, number, asked.query.direction, as_of=as_of)
    named = lineages.NamedLineage(found, reading.index)
    return {
        "batch": named.name(number),
        "direction": asked.query.direction.value,
        "as_of": found.as_of,
        **lineages.lineage(named),
    }


def require_few(reading: Reading, batch: int, query: LineageQuery, most: int | None = None) -> None:
    """Refuse a lineage of too many batches before they are read: each of them would be in memory at once.

    What was made of a batch, and what stood at an earlier block, is not counted beforehand.

    Args:
        reading: where it would be read.
        batch: its id.
        query: which way, and when.
        most: of how many batches an answer can hold all; by default what the server's limits say.

    Raises:
        ProblemError: it has more than a server shows.
    """
    if query.direction is not provenance.Direction.UP or query.as_of is not None:
        return
    key, limit = reading.index.steps.key(batch), reading.limits.lineage_batches
    most = limit if most is None else min(limit, most)
    count = 0 if key is None else len(reading.index.steps.made_of(key))
    if count > most:
        raise refuse(
            413,
            "answer-too-large",
            f"a lineage of more than {most} batches is not shown batch by batch, and this one has {count}",
            hint="ask for the trace, or for the lineage of what it was made of",
        )


def impact(reading: Reading, asked: Asked[TraceQuery]) -> Document:
    """What came of a batch, and who holds it."""
    number, as_of = batch_at(reading, asked), asked.query.as_of
    _, troubles = judged(reading.index, number, as_of=as_of, stages=reading.stages)
    return documents.impact(provenance.impact(reading.index, number, as_of=as_of), troubles)


def batch_at(reading: Reading, asked: Asked[TraceQuery]) -> int:
    """The id of the batch that a path names, as of the block that was asked for.

    Raises:
        UnknownNameError: there is no such batch, or was none then.
    """
    number, as_of, head = reading.batch(asked.name("creator")).id, asked.query.as_of, reading.head.block
    if as_of is None:
        return number
    if head is None or as_of > head:
        raise UnknownNameError(f"there is no block {as_of} yet", where="as_of", hint=f"the newest is {head}")
    if reading.index.many.made_at([number])[number] > last_position(as_of):
        raise UnknownNameError(f"there is no such batch at block {as_of} yet", where="as_of")
    return number


def _judged(
    reading: Reading, asked: Asked[TraceQuery]
) -> tuple[provenance.Trace, list[provenance.trouble.Trouble]]:
    number = batch_at(reading, asked)
    return judged(reading.index, number, as_of=asked.query.as_of, stages=reading.stages)
