"""The JSON of a search: what was found, by kind, each under the name that its page has.

Example:
    >>> from traceledger.index.search import Typed
    >>> Typed.of("VIN-1").text
    'vin 1'
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, assert_never

from traceledger.documents.known import Known
from traceledger.index.schema import split_position
from traceledger.index.search import Typed
from traceledger.index.words import Kind, folded
from traceledger.model.batches import RecordKind
from traceledger.model.hexadecimal import hexed
from traceledger.names import LedgerNames

if TYPE_CHECKING:
    from traceledger.index import IndexReader

MOST = 10
"""Things of a kind that are shown."""


def search(index: IndexReader, typed: str, head: int | None) -> dict[str, Any]:
    """What is found by what somebody typed; what is typed exactly comes first.

    Args:
        index: where to look.
        typed: anything.
        head: number of the newest block.
    """
    asked = Typed.of(typed)
    groups = [_blocks(index, asked, head), _transactions(index, asked)]
    groups += [_group(index, kind, typed, asked) for kind in Kind]
    return {"query": typed, "groups": [group for group in groups if group["found"]]}


def _blocks(index: IndexReader, asked: Typed, head: int | None) -> dict[str, Any]:
    found: list[dict[str, Any]] = []
    if asked.block is not None and head is not None and index.raw.block(asked.block) is not None:
        found.append({"name": str(asked.block), "about": None})
    if asked.digits is not None:
        known = index.search.blocks(asked.digits, most=MOST)
        found += [{"name": str(number), "about": hexed(hash_)} for number, hash_ in known]
    return {"kind": "block", "found": found, "more": False}


def _transactions(index: IndexReader, asked: Typed) -> dict[str, Any]:
    known = [] if asked.digits is None else index.search.transactions(asked.digits, most=MOST)
    found = [{"name": hexed(hash_), "about": None, **_place(at)} for at, hash_ in known]
    return {"kind": "transaction", "found": found, "more": False}


def _group(index: IndexReader, kind: Kind, typed: str, asked: Typed) -> dict[str, Any]:
    owner, text = _owned(index, typed, asked)
    most = MOST if owner is None else 40 * MOST
    ids = [] if asked.digits is None else index.search.known(kind, asked.digits, most=MOST)
    ids += [each for each in index.search.named(kind, text, most=most + 1) if each not in ids]
    found = list(_named(index, kind, ids))
    if owner is not None:
        found = [each for each in found if each["name"].startswith(f"{owner}/")]
    # What is kept of a name is cut; what was typed beyond that is compared here.
    found = [each for each in found if asked.digits is not None or _holds(each, text)]
    found.sort(key=lambda each: typed.strip() != each["name"])
    return {"kind": kind.name.lower(), "found": found[:MOST], "more": len(found) > MOST}


def _owned(index: IndexReader, typed: str, asked: Typed) -> tuple[str | None, str]:
    """Of ``katanga/KOL``, the company that is named, and what else is looked for."""
    owner, slash, rest = typed.strip().partition("/")
    if slash and len(owner) < 100 and index.participant(owner) is not None:
        return owner, folded(rest)
    return None, asked.text


def _holds(found: dict[str, Any], text: str) -> bool:
    short = len(text) <= 24
    return short or text in folded(found["name"]) or text in folded(found["about"] or "")


def _named(index: IndexReader, kind: Kind, ids: Iterable[bytes]) -> Iterator[dict[str, Any]]:
    """Each thing under its full name, with what tells it from others."""
    blobs = list(ids)
    numbers = [int.from_bytes(blob, "big") for blob in blobs]
    match kind:
        case Kind.PARTICIPANT:
            people = index.many.participants(blobs)
            yield from (_row(people[each].slug, people[each].name) for each in blobs if each in people)
        case Kind.FACILITY:
            yield from _sites(index, numbers)
        case Kind.MATERIAL:
            kinds = index.many.materials(numbers)
            yield from (_row(kinds[each].slug, kinds[each].name) for each in numbers if each in kinds)
        case Kind.BATCH:
            yield from _lots(index, numbers)
        case Kind.SHIPMENT:
            yield from _sent(index, numbers)
        case Kind.RUN:
            yield from _recorded(index, RecordKind.TRANSFORMATION, numbers)
        case Kind.RECORD:
            yield from _recorded(index, RecordKind.EMISSIONS, numbers)
        case Kind.FINDING:
            yield from (_row(LedgerNames(index).finding(each), None) for each in numbers)
        case Kind.ASSESSMENT:
            yield from (_row(LedgerNames(index).assessment(each), None) for each in numbers)
        case _:
            assert_never(kind)


def _sites(index: IndexReader, numbers: list[int]) -> Iterator[dict[str, Any]]:
    known = Known(index, facilities=numbers)
    names, sites = LedgerNames(known), known.facilities
    yield from (_row(names.facility(each), sites[each].name) for each in numbers if each in sites)


def _lots(index: IndexReader, numbers: list[int]) -> Iterator[dict[str, Any]]:
    known = Known(index, batches=numbers)
    names, lots = LedgerNames(known), known.batches
    yield from (
        _row(names.batch(each), names.material(lots[each].material)) for each in numbers if each in lots
    )


def _sent(index: IndexReader, numbers: list[int]) -> Iterator[dict[str, Any]]:
    known = Known(index, shipments=numbers)
    names, sent = LedgerNames(known), known.shipments
    yield from (
        _row(names.shipment(each), names.slug(sent[each].receiver)) for each in numbers if each in sent
    )


def _recorded(index: IndexReader, kind: RecordKind, numbers: list[int]) -> Iterator[dict[str, Any]]:
    places = index.many.record_places(kind, numbers)
    events = index.many.events(places.values())
    people = {event.event.author for event in events.values() if event.event.author}
    names = LedgerNames(Known(index, participants=people))
    for number in numbers:
        if number not in places:
            continue
        event = events[places[number]].event
        identifier = getattr(event, "identifier", "") or getattr(event, "record", "")
        row = _row(names.full(event.author or b"", identifier), getattr(event, "process", None))
        yield row | _place(places[number])


def _place(position: int) -> dict[str, int]:
    block, log = split_position(position)
    return {"block": block, "log": log}


def _row(name: str, about: str | None) -> dict[str, Any]:
    return {"name": name, "about": None if about == name else about}
