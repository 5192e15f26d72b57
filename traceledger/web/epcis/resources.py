"""What events can be found by: types of events, business steps, dispositions, places, lots.

GS1 EPCIS 2.0, 12.5 (top-level resources): each is a collection, whose members have ``events``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from traceledger.interop.epcis.context import STANDARD
from traceledger.interop.epcis.export.things import Things
from traceledger.interop.epcis.query.asked import MOST_PER_PAGE, PER_PAGE
from traceledger.web.endpoint import Call, Endpoint, Method, Reply
from traceledger.web.epcis.events import PAGING, PARAMETERS, found
from traceledger.web.epcis.style import STYLE, part, reply
from traceledger.web.problems import refuse
from traceledger.web.reading import Reading

_TYPES = ("ObjectEvent", "TransformationEvent")
_STEPS = (
    *("collecting", "commissioning", "creating_class_instance", "decommissioning", "destroying", "holding"),
    *("inspecting", "other", "receiving", "repackaging", "retail_selling", "shipping", "stock_taking"),
    *("storing", "void_shipping"),
)
_DISPOSITIONS = (
    *("active", "available", "destroyed", "in_progress", "in_transit", "inactive", "recalled"),
    *("retail_sold", "returned", "unavailable"),
)
Members = Callable[[Reading, int, int], Sequence[str]]
"""Gives members from a place on, so many at most."""


class _Resource(NamedTuple):
    path: str
    slot: str
    condition: str
    members: Members
    about: str


def endpoints() -> tuple[Endpoint, ...]:
    """The rows."""
    return tuple(row for each in _RESOURCES for row in _rows(each))


def _rows(resource: _Resource) -> tuple[Endpoint, ...]:
    name, path = resource.path.removeprefix("/"), resource.path
    listing = Method(f"epcis_{name}", _listing(resource), resource.about, parameters=PAGING)
    one = Method(f"epcis_{name}_one", _one, "What one of them has: its events.")
    events = Method(
        f"epcis_{name}_events", _events(resource), "Its events.", long=True, parameters=PARAMETERS
    )
    return (
        Endpoint(path, STYLE, {"GET": listing}),
        Endpoint(f"{path}/{{{resource.slot}}}", STYLE, {"GET": one}),
        Endpoint(f"{path}/{{{resource.slot}}}/events", STYLE, {"GET": events}),
    )


def _listing(resource: _Resource) -> Callable[[Reading, Call], Reply]:
    def view(reading: Reading, call: Call) -> Reply:
        begin, most = _paged(call)
        members = resource.members(reading, begin, most + 1)
        return part(call, _collection(members[:most]), begin, most, last=len(members) <= most)

    return view


def _one(reading: Reading, call: Call) -> Reply:
    return reply(call, _collection(["events"]))


def _events(resource: _Resource) -> Callable[[Reading, Call], Reply]:
    def view(reading: Reading, call: Call) -> Reply:
        value = call.path[resource.slot]
        return found(reading, call, [*call.query, (resource.condition, value)])

    return view


def _collection(members: Sequence[str]) -> dict[str, Any]:
    return {"@context": STANDARD, "type": "Collection", "member": list(members)}


def _paged(call: Call) -> tuple[int, int]:
    """Where a page begins, and how many members it has."""
    numbers = {"perPage": PER_PAGE, "nextPageToken": 0}
    for name, text in call.query:
        if name not in numbers or not (text.isascii() and text.isdigit() and len(text) < 10):
            raise refuse(400, "parameter", "it is no parameter here, or no number", where=name)
        numbers[name] = int(text)
    return numbers["nextPageToken"], max(1, min(numbers["perPage"], MOST_PER_PAGE))


def _words(words: Sequence[str]) -> Members:
    return lambda reading, begin, most: words[begin : begin + most]


def _sites(reading: Reading, begin: int, most: int) -> Sequence[str]:
    things = Things(reading.index)
    return [things.site(each.id).uri for each in reading.index.facilities()[begin : begin + most]]


def _lots(reading: Reading, begin: int, most: int) -> Sequence[str]:
    things = Things(reading.index)
    numbers = range(begin + 1, begin + most + 1)
    return [things.lot(batch.id).uri for batch in reading.index.many.batches_numbered(numbers)]


_RESOURCES = (
    _Resource("/eventTypes", "eventType", "eventType", _words(_TYPES), "Types of events that there are."),
    _Resource("/bizSteps", "bizStep", "EQ_bizStep", _words(_STEPS), "Business steps of events."),
    _Resource(
        "/dispositions", "disposition", "EQ_disposition", _words(_DISPOSITIONS), "Dispositions of events."
    ),
    _Resource("/readPoints", "readPoint", "EQ_readPoint", _sites, "Sites where events were captured."),
    _Resource("/bizLocations", "bizLocation", "EQ_bizLocation", _sites, "Sites where lots are."),
    _Resource("/epcs", "epc", "MATCH_anyEPC", _lots, "Lots, by their URIs."),
)
