"""What EPCIS 2.0 demands of an event beyond what a schema can say, or GS1's schema does say.

Every rule names its section. They are asked of events whose shape is right.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from traceledger.interop.epcis import times
from traceledger.interop.epcis.events import EventType
from traceledger.interop.epcis.faults import Fault
from traceledger.interop.epcis.schema import PERSISTENT, Shape
from traceledger.interop.epcis.schema.faults import plain

_PERSISTENT = "persistentDisposition"
_DISPOSITIONS = Shape(PERSISTENT)


def faults(value: Mapping[str, Any], pointer: str) -> list[Fault]:
    """What is wrong with an event by these rules."""
    return [
        *_dispositions(value, pointer),
        *_family(value, pointer),
        *_error(value, pointer),
        *_sensors(value, pointer),
    ]


def _dispositions(value: Mapping[str, Any], pointer: str) -> Iterator[Fault]:
    """Persistent dispositions are sets of dispositions in each kind of event (section 7.3.5)."""
    if value["type"] in list(EventType) and _PERSISTENT in value:
        place = f"{pointer}/{_PERSISTENT}"
        found = _DISPOSITIONS.faults(plain(value[_PERSISTENT]), place)
        yield from found
        both = (
            () if found else set(value[_PERSISTENT].get("set", ())) & set(value[_PERSISTENT].get("unset", ()))
        )
        yield from (Fault(place, f"{each!r} is both set and unset") for each in sorted(both))


def _family(value: Mapping[str, Any], pointer: str) -> Iterator[Fault]:
    """Whoever is put together or taken apart has a parent (section 7.4.3), which is no child of its own."""
    kind, parent = value["type"], value.get("parentID")
    if kind == EventType.AGGREGATION and value["action"] != "OBSERVE" and parent is None:
        yield Fault(
            pointer,
            "the field 'parentID' is missing, which an aggregation needs unless its action is OBSERVE",
            "name what the children are in",
        )
    if kind in (EventType.AGGREGATION, EventType.ASSOCIATION) and parent in value.get("childEPCs", ()):
        yield Fault(f"{pointer}/parentID", "the parent is one of its own children")


def _error(value: Mapping[str, Any], pointer: str) -> Iterator[Fault]:
    """What corrects an event is another one (section 7.4.1.3)."""
    declared = value.get("errorDeclaration", {})
    if value.get("eventID") in declared.get("correctiveEventIDs", ()):
        place = f"{pointer}/errorDeclaration/correctiveEventIDs"
        yield Fault(
            place, "the event is named as its own correction", "name the events that are right instead"
        )


def _sensors(value: Mapping[str, Any], pointer: str) -> Iterator[Fault]:
    """Spans begin before they end, and what is least is not more than what is most (section 7.3.7)."""
    elements = value.get("sensorElementList", ()) if value["type"] in list(EventType) else ()
    for place, element in enumerate(elements):
        inner = f"{pointer}/sensorElementList/{place}"
        metadata = element.get("sensorMetadata", {})
        if "startTime" in metadata and "endTime" in metadata:
            begin, end = (times.read(metadata[each]).seconds for each in ("startTime", "endTime"))
            if begin > end:
                yield Fault(f"{inner}/sensorMetadata/endTime", "it is before the startTime")
        for number, report in enumerate(element["sensorReport"]):
            least, most = report.get("minValue"), report.get("maxValue")
            if least is not None and most is not None and least > most:
                yield Fault(f"{inner}/sensorReport/{number}/maxValue", "it is less than the minValue")
