"""Events between systems: CloudEvents 1.0 in structured mode, of four types (Technical Specifications 3.0.3).

Example:
    >>> made = fulfilled("1", "https://us.example", at=0, number="2", footprints=[{"id": "3"}])
    >>> made["type"].rpartition(".")[0].rpartition(".")[2], made["data"]["requestEventId"]
    ('RequestFulfilledEvent', '1')
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from traceledger.errors import InputError
from traceledger.interop.pact.choosing import moment
from traceledger.model.text import fault_of
from traceledger.model.units import format_time
from traceledger.storage.json_text import loads

MEDIA = "application/cloudevents+json"
VERSION = "1.0"
LONGEST = 1024
"""Characters of an id or a source."""
MOST_IDS = 1_000
"""Footprints that one event names."""
_PREFIX = "org.wbcsd.pact.ProductFootprint."


class Kind(StrEnum):
    """What an event says."""

    CREATED = "RequestCreatedEvent"
    FULFILLED = "RequestFulfilledEvent"
    REJECTED = "RequestRejectedEvent"
    PUBLISHED = "PublishedEvent"

    @property
    def type(self) -> str:
        """As the member ``type`` has it."""
        return f"{_PREFIX}{self.value}.3"


_KINDS = {kind.type: kind for kind in Kind}
# The standard's own examples leave the word out.
_KINDS |= {f"{_PREFIX}{kind.value.removesuffix('Event')}.3": kind for kind in Kind}


@dataclass(frozen=True, slots=True)
class Event:
    """An event as it came.

    Attributes:
        kind: what it says.
        id: its id, which its source gave it.
        source: where it comes from, by its own word.
        time: when it occurred, by its own word.
        data: what it is about.
    """

    kind: Kind
    id: str
    source: str
    time: str
    data: Mapping[str, Any]


def read(content: bytes) -> Event:
    """Read an event.

    Raises:
        InputError: it is no JSON, no CloudEvent, of another type, or without what its type needs.
    """
    document = loads(content)
    if not isinstance(document, dict):
        raise InputError("is no JSON object")
    said = {name: _text(document, name) for name in ("specversion", "type", "id", "source", "time")}
    if said["specversion"] != VERSION:
        raise InputError("is another version of CloudEvents", where="/specversion", hint=f"send {VERSION}")
    kind = _KINDS.get(said["type"])
    if kind is None:
        raise InputError(
            f"{said['type'][:100]!r} is no type of event", where="/type", hint="such as " + Kind.CREATED.type
        )
    _require_time(said["time"])
    data = document.get("data")
    if not isinstance(data, dict):
        raise InputError("must be an object", where="/data")
    _REQUIRED[kind](data)
    return Event(kind, said["id"], said["source"], said["time"], data)


def fulfilled(
    request: str, source: str, *, at: int, number: str, footprints: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """The answer with footprints.

    Args:
        request: id of the event that asked for them.
        source: who answers.
        at: when, UTC seconds.
        number: id of the answer, a UUID.
        footprints: one at least.
    """
    return _event(Kind.FULFILLED, source, at, number, {"requestEventId": request, "pfs": list(footprints)})


def rejected(request: str, source: str, *, at: int, number: str, code: str, message: str) -> dict[str, Any]:
    """The answer without; arguments as of :func:`fulfilled`, and why."""
    error = {"code": code, "message": message}
    return _event(Kind.REJECTED, source, at, number, {"requestEventId": request, "error": error})


def _event(kind: Kind, source: str, at: int, number: str, data: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": kind.type,
        "specversion": VERSION,
        "id": number,
        "source": source,
        "time": format_time(at),
        "data": data,
    }


def _text(document: Mapping[str, Any], name: str) -> str:
    value = document.get(name)
    if not isinstance(value, str) or not value or len(value) > LONGEST or fault_of(value):
        raise InputError(f"must be text of 1 to {LONGEST} characters", where=f"/{name}")
    return value


def _require_time(text: str) -> None:
    try:
        moment(text)
    except InputError as error:
        raise InputError(error.what, where="/time", hint=error.hint) from None


def _published(data: Mapping[str, Any]) -> None:
    ids = data.get("pfIds")
    if not isinstance(ids, list) or not 0 < len(ids) <= MOST_IDS:
        raise InputError(f"must be a list of 1 to {MOST_IDS} ids", where="/data/pfIds")
    if not all(isinstance(each, str) and 0 < len(each) <= LONGEST for each in ids):
        raise InputError("must be texts", where="/data/pfIds")


def _answered(data: Mapping[str, Any]) -> None:
    if not isinstance(data.get("requestEventId"), str):
        raise InputError("must be text", where="/data/requestEventId")


def _with_footprints(data: Mapping[str, Any]) -> None:
    _answered(data)
    found = data.get("pfs")
    if not isinstance(found, list) or not found or not all(isinstance(each, dict) for each in found):
        raise InputError("must be a list of footprints", where="/data/pfs")


def _with_error(data: Mapping[str, Any]) -> None:
    _answered(data)
    error = data.get("error")
    if not isinstance(error, dict) or not all(
        isinstance(error.get(name), str) for name in ("code", "message")
    ):
        raise InputError("must have a code and a message", where="/data/error")


def _anything(_: Mapping[str, Any]) -> None:
    """Criteria are read by who looks for footprints."""


_REQUIRED = {
    Kind.CREATED: _anything,
    Kind.FULFILLED: _with_footprints,
    Kind.REJECTED: _with_error,
    Kind.PUBLISHED: _published,
}
