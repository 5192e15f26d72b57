"""Events: ``/events`` with the parameters of the standard, and ``/events/{eventID}``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from traceledger.errors import InputError
from traceledger.interop.epcis.context import CONTEXT, OWN, PATH
from traceledger.interop.epcis.export.documents import VERSION
from traceledger.interop.epcis.query.asked import KNOWN, Asked, of_pairs
from traceledger.interop.epcis.query.searching import Page, one, page
from traceledger.model.units import format_time
from traceledger.web.endpoint import Call, Endpoint, Method, Plain, Reply
from traceledger.web.epcis.style import LINKED, STYLE, link, of_query, reply
from traceledger.web.problems import refuse
from traceledger.web.reading import Reading

SIMPLE = "SimpleEventQuery"
_MEANT = {
    "eventType": "Types of events, divided by `|` as all values are.",
    "perPage": "Events of a page: 30, 500 at most.",
    "nextPageToken": "Where a page begins, of the link of the page before.",
    "eventCountLimit": "Events in all; the rest is left out.",
    "maxEventCount": "If more match, the query is refused.",
    "orderBy": "`recordTime`, or `eventTime` where few enough match.",
    "orderDirection": "`ASC` or `DESC`.",
}
PARAMETERS: Mapping[str, str] = {name: _MEANT.get(name, "As GS1 EPCIS 2.0, 8.2.7.1 says.") for name in KNOWN}
PAGING: Mapping[str, str] = {name: PARAMETERS[name] for name in ("perPage", "nextPageToken")}
"""The parameters of a list that has pages, and nothing else to be asked for."""


def endpoints() -> tuple[Endpoint, ...]:
    """The rows."""
    listing = Method(
        "epcis_events", events, "Events as EPCIS 2.0 has them.", long=True, parameters=PARAMETERS
    )
    single = Method("epcis_event", event, "An event by its eventID.", answers={404: "There is none."})
    terms = Method("epcis_context", context, "The JSON-LD context of terms of our own.", media=LINKED)
    return (
        Endpoint("/events", STYLE, {"GET": listing}),
        Endpoint("/events/{eventID}", STYLE, {"GET": single}),
        Endpoint(PATH, Plain(), {"GET": terms}),
    )


def events(reading: Reading, call: Call) -> Reply:
    """A page of events."""
    return found(reading, call, call.query)


def event(reading: Reading, call: Call) -> Reply:
    """One event."""
    made = one(reading.index, call.path["eventID"])
    if made is None:
        raise refuse(404, "unknown-name", "there is no such event", hint="/events has those that there are")
    return reply(call, {"@context": CONTEXT, **made})


def context(reading: Reading, call: Call) -> Reply:
    """Our own context."""
    return Reply.of({"@context": OWN}, media=LINKED)


def found(
    reading: Reading,
    call: Call,
    pairs: Iterable[tuple[str, str]],
    name: str = SIMPLE,
    asked: Asked | None = None,
) -> Reply:
    """A page of what is asked for, as the answer to a query.

    Args:
        reading: where it is read.
        call: the request; its parameters go into the link to the next page.
        pairs: the parameters.
        name: of the query.
        asked: the query as it was understood, if it does not stand in the parameters.
    """
    try:
        made = page(reading.index, of_pairs(pairs) if asked is None else asked)
    except InputError as error:
        raise of_query(error) from None
    if not made.token:
        return reply(call, _document(reading, made, name))
    kept = [(key, value) for key, value in call.query if key != "nextPageToken"]
    return reply(
        call, _document(reading, made, name), Link=link(call, [*kept, ("nextPageToken", made.token)])
    )


def _document(reading: Reading, made: Page, name: str) -> dict[str, Any]:
    return {
        "@context": CONTEXT,
        "type": "EPCISQueryDocument",
        "schemaVersion": VERSION,
        "creationDate": format_time(reading.index.time_of()),
        "epcisBody": {
            "queryResults": {"queryName": name, "resultsBody": {"eventList": list(made.events)}},
        },
    }
