"""Battery passports as everybody may see them: Article 77(2), point (a)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from traceledger.index.disclosure import AS_RECORDED
from traceledger.index.reading import IndexReader
from traceledger.interop.passport.names import NAMES, NO_PASSPORTS
from traceledger.web.problems import refuse
from traceledger.web.reading import Reading
from traceledger.web.route import Asked, Document, Query

PUBLIC = tuple(each for each in NAMES if each not in NO_PASSPORTS)
"""Formats that have something for everybody."""


class PassportQuery(Query):
    """In which format."""

    format: Annotated[
        str,
        Field(description="The model, a word of docs/passport.md.", json_schema_extra={"enum": list(PUBLIC)}),
    ] = PUBLIC[0]


def passport(reading: Reading, asked: Asked[PassportQuery]) -> Document:
    """The public part of a battery's passport, what each value comes from, and what is missing.

    Figures are the battery's own: those of its model, plant and year are the manufacturer's to publish.
    """
    from traceledger.interop.passport.access import Reader
    from traceledger.interop.passport.batteries import Per
    from traceledger.interop.passport.formats import FORMATS
    from traceledger.interop.passport.making import passport as made_of
    from traceledger.interop.passport.making import read

    if asked.query.format not in PUBLIC:
        raise refuse(
            400,
            "no-such-format",
            f"there is no passport format {asked.query.format[:80]!r}",
            where="format",
            hint=f"use {', '.join(PUBLIC)}",
        )
    found = reading.batch(asked.name("creator"))
    # Everybody's passport holds no private text, whoever asks.
    ledger = IndexReader(reading.index.database, AS_RECORDED)
    battery = read(ledger, found.id, reading.masterdata, Per.BATTERY, reading.stages, reading.head.block)
    form = FORMATS[asked.query.format]
    made = made_of(battery, form, Reader.PUBLIC)
    return {
        "format": form.urn,
        "title": form.title,
        "battery": battery.one.trace.batch,
        "incomplete": bool(made.lacking),
        "document": dict(made.exported.document),
        "sources": dict(made.sidecar),
    }
