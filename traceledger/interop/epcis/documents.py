"""Documents of EPCIS 2.0 in JSON: what is read, and what is answered by a sentence instead.

Read are a document to capture (``EPCISDocument``), a single event with a context of its own, and a list of
such events. The answer to a query, XML, and anything else is refused by a sentence that says what it is and
what to do. Each event is read for itself, so that a wrong one does not hide what is wrong with the next.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Any

from traceledger.errors import InputError, Place
from traceledger.interop import schemas
from traceledger.interop.epcis import masterdata, reading
from traceledger.interop.epcis.context import NAMESPACE
from traceledger.interop.epcis.contexts import Context
from traceledger.interop.epcis.event_hash import IGNORED_FIELDS
from traceledger.interop.epcis.events import Capture, Event, Refused
from traceledger.interop.epcis.faults import Fault
from traceledger.interop.epcis.masterdata import Vocabulary
from traceledger.interop.epcis.schema import ANY_EVENT, Shape, document, query_document
from traceledger.interop.epcis.schema.faults import plain
from traceledger.interop.schemas import Asked
from traceledger.storage import json_text

MOST_BYTES = 32 * 2**20
"""Of a document."""
MOST_EVENTS = 20_000
"""Of a document."""

_OFFICIAL = "epcis"
_ANY = 1000  # levels: the JSON that is read here has far fewer
_DOCUMENT = Shape(document({}))
_ANSWER = Shape(query_document({}))
_EVENT = Shape(ANY_EVENT)
_OF_ITS_OWN = Shape({"required": ["@context"]})
_XML = (b"<", b"\xef\xbb\xbf<", b"\xff\xfe<\0", b"\xfe\xff\0<")
_IN_BODY = "/epcisBody/eventList"
_IN_ANSWER = "/epcisBody/queryResults/resultsBody/eventList"


def read(content: bytes, name: str, *, answers: bool = False) -> Capture:
    """A document, its events read or refused each for itself.

    Args:
        content: its bytes.
        name: what it is called in messages: a file.
        answers: read the answer to a query too, which cannot be captured.

    Raises:
        InputError: it is no document of EPCIS 2.0 in JSON, or too large; the place is in it.
    """
    value = _parsed(content, name)
    _version(value, name)
    events = _once(list(_events(value, name, answers)))
    asked = _asked(value)
    disputed = {pointer for pointer, _ in asked.faults} if asked else set()
    accepted = tuple(_accepted(each, disputed) for each in events)
    kind = value["type"] if isinstance(value, Mapping) else "list of events"
    return Capture(name, sha256(content).hexdigest(), str(kind), accepted, _vocabularies(value, name), asked)


def _parsed(content: bytes, name: str) -> Any:
    if len(content) > MOST_BYTES:
        raise InputError(
            f"{len(content)} bytes are too many", where=name, hint=f"at most {MOST_BYTES}; cut it into parts"
        )
    if not content.strip():
        raise InputError("it is empty", where=name, hint="give a document of EPCIS 2.0 in JSON")
    if content.lstrip().startswith(_XML):
        raise InputError(
            "it is XML",
            where=name,
            hint="send it in JSON-LD, the other form that EPCIS 2.0 has for the same events",
        )
    return json_text.loads(content.removeprefix(b"\xef\xbb\xbf"), where=name, exact=True)


def _events(value: Any, name: str, answers: bool) -> Iterator[Event | Refused]:
    match value:
        case {"type": "EPCISDocument"}:
            _check(_empty(value), _DOCUMENT, name)
            yield from _listed(value["epcisBody"], _IN_BODY, value, name)
        case {"type": "EPCISQueryDocument"}:
            if not answers:
                hint = "send the events themselves, as an EPCISDocument"
                what = "it is the answer to a query (EPCISQueryDocument), which is not captured"
                raise InputError(what, where=Place(name, field="/type"), hint=hint)
            _check(_empty(value), _ANSWER, name)
            results = value["epcisBody"]["queryResults"]
            yield from _listed(results["resultsBody"], _IN_ANSWER, {**results, **value}, name)
        case {"type": str()}:
            yield _alone(value, 1, "")
        case list():
            yield from (_alone(each, place + 1, f"/{place}") for place, each in enumerate(_few(value, name)))
        case _:
            hint = "EPCIS 2.0 has an object with a type, such as EPCISDocument or ObjectEvent"
            raise InputError("it is no document of EPCIS 2.0", where=Place(name, field="/type"), hint=hint)


def _asked(value: Any) -> Asked | None:
    """What GS1's own schema says, where it is at hand: of the envelope, and of each event for itself."""
    official = schemas.official(_OFFICIAL)
    if official is None:
        return None
    told = [
        (pointer, "it is not valid")
        for pointer, part in _parts(value)
        if not official.is_valid(plain(part, _ANY))
    ]
    return Asked(_OFFICIAL, schemas.known()[_OFFICIAL].version, tuple(told))


def _parts(value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, list):
        yield from ((f"/{place}", each) for place, each in enumerate(value))
        return
    yield "", _empty(value)
    events, pointer = _in_body(value)
    for place, each in enumerate(events):
        # An event that stands alone must bring its context, one in a document has that of the document.
        alone = {"@context": {}, **each} if isinstance(each, dict) else each
        yield f"{pointer}/{place}", alone


def _in_body(value: Mapping[str, Any]) -> tuple[list[Any], str]:
    body = value.get("epcisBody", {})
    if value["type"] == "EPCISQueryDocument":
        return body["queryResults"]["resultsBody"]["eventList"], _IN_ANSWER
    return (body["eventList"], _IN_BODY) if value["type"] == "EPCISDocument" else ([], "")


def _accepted(event: Event | Refused, disputed: set[str]) -> Event | Refused:
    if isinstance(event, Refused) or event.pointer not in disputed:
        return event
    return event.refused(Fault(event.pointer, "GS1's own schema does not accept it"))


def _vocabularies(value: Any, name: str) -> tuple[Vocabulary, ...]:
    if not isinstance(value, Mapping) or "epcisHeader" not in value or "@context" not in value:
        return ()
    return masterdata.read(value["epcisHeader"], _context(value, name))


def _version(value: Any, name: str) -> None:
    version = value.get("schemaVersion") if isinstance(value, Mapping) else None
    if isinstance(version, str) and not version.startswith("2"):
        hint = "send events in the JSON of EPCIS 2.0"
        raise InputError(
            f"version {version[:20]!r} of EPCIS is not read",
            where=Place(name, field="/schemaVersion"),
            hint=hint,
        )


def _empty(value: Mapping[str, Any]) -> Mapping[str, Any]:
    """A document without its events, each of which is judged for itself."""
    body = value.get("epcisBody")
    if not isinstance(body, dict):
        return value
    if isinstance(body.get("eventList"), list):
        return {**value, "epcisBody": {**body, "eventList": []}}
    results: Any = body.get("queryResults")
    found = results.get("resultsBody") if isinstance(results, dict) else None
    if isinstance(found, dict) and isinstance(found.get("eventList"), list):
        inner = {**results, "resultsBody": {**found, "eventList": []}}
        return {**value, "epcisBody": {**body, "queryResults": inner}}
    return value


def _check(value: Any, shape: Shape, name: str) -> None:
    try:
        found = shape.faults(plain(value), "")
    except InputError as error:
        raise InputError(error.what, where=name, hint=error.hint) from None
    if found:
        first = found[0]
        more = f", and {len(found) - 1} more faults" if len(found) > 1 else ""
        raise InputError(
            f"{first.what}{more}", where=Place(name, field=first.pointer or "/"), hint=first.hint
        )


def _context(value: Mapping[str, Any], name: str) -> Context:
    try:
        return Context().extended(value["@context"], "/@context")
    except InputError as error:
        raise InputError(error.what, where=Place(name, field=error.where), hint=error.hint) from None


def _few(events: list[Any], name: str) -> list[Any]:
    if len(events) > MOST_EVENTS:
        raise InputError(f"it has more than {MOST_EVENTS} events", where=name, hint="cut it into parts")
    return events


def _listed(
    body: Mapping[str, Any], pointer: str, said: Mapping[str, Any], name: str
) -> Iterator[Event | Refused]:
    """The events of a body; ``said`` is what is said of all of them."""
    context = _context(said, name)
    left_out = tuple(_left_out(said, context))
    for place, each in enumerate(_few(body["eventList"], name)):
        yield reading.read(each, place + 1, f"{pointer}/{place}", context, left_out)


def _left_out(said: Mapping[str, Any], context: Context) -> Iterator[str]:
    """Fields that a document takes out of its hashes: of others' namespaces, never what we go by."""
    for field, listed in said.items():
        if ":" in field and context.expanded(field) == IGNORED_FIELDS and isinstance(listed, list):
            full = [context.expanded(each) or "" for each in listed if isinstance(each, str) and ":" in each]
            yield from (each for each in full if not each.startswith(NAMESPACE))


def _alone(value: Any, number: int, pointer: str) -> Event | Refused:
    head = {name: value[name] for name in value if name == "type"} if isinstance(value, dict) else value
    found = _EVENT.faults([] if isinstance(head, list) else plain(head), pointer)
    if not found and "@context" not in value:
        found = _OF_ITS_OWN.faults({}, pointer)
    if found:
        return reading.refused(value, number, pointer, found)
    return reading.read(value, number, pointer, Context())


def _once(events: list[Event | Refused]) -> Iterator[Event | Refused]:
    """The same, but another event under an eventID that is taken is refused.

    One that is repeated word for word is the same event; with an error declared it is meant to be.
    """
    known: dict[str, Event] = {}
    for each in events:
        if isinstance(each, Event) and each.event_id:
            first = known.setdefault(each.event_id, each)
            if first.hash != each.hash:
                what = f"the eventID is that of event {first.number}, which says something else"
                yield each.refused(Fault(f"{each.pointer}/eventID", what, "an eventID names one event"))
                continue
        yield each
