"""Whether an event, as a document of EPCIS has it, is one that is asked for (GS1 EPCIS 2.0, 8.2.7.1).

Example:
    >>> from traceledger.interop.epcis.query.asked import of_pairs
    >>> shipped = {"type": "ObjectEvent", "eventTime": "2026-01-20T00:00:00Z", "bizStep": "shipping",
    ...            "quantityList": [{"epcClass": "https://id.gs1.org/01/04012345123456/10/L1"}]}
    >>> matches(shipped, of_pairs([("MATCH_epcClass", "urn:epc:class:lgtin:4012345.012345.L1")]))
    True
    >>> matches(shipped, of_pairs([("MATCH_anyEPCClass", "https://id.gs1.org/01/04012345123456")]))
    True
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from functools import lru_cache
from operator import eq, ge, gt, le, lt
from typing import Any

from traceledger.errors import InputError
from traceledger.interop.epcis import times
from traceledger.interop.epcis.query.asked import TYPED, Asked
from traceledger.interop.epcis.vocabulary import Vocabulary, read
from traceledger.model import gs1

Event = Mapping[str, Any]
_OWN = "EQ_tl:"
_SIGNS: Mapping[str, Callable[[Decimal, Decimal], bool]] = {"EQ": eq, "GT": gt, "GE": ge, "LT": lt, "LE": le}


def matches(event: Event, asked: Asked) -> bool:
    """Whether all conditions hold; the time of the block is the searcher's."""
    at = times.read(str(event["eventTime"])).seconds
    if (asked.since is not None and at < asked.since) or (asked.before is not None and at >= asked.before):
        return False
    return all(holds(event, name, values) for name, values in asked.conditions.items())


def holds(event: Event, name: str, values: tuple[Any, ...]) -> bool:
    """Whether one condition holds: by one of its values."""
    if (test := _TESTS.get(name)) is not None:
        return test(event, values)
    if (picked := _PICKED.get(name)) is not None:
        return any(_is_meant(said, value) for said in picked(event) for value in values)
    family = next(each for each in TYPED if name.startswith(each))
    if family == _OWN:
        return event.get(name.removeprefix("EQ_")) in values
    return _typed(event, family, name.removeprefix(family), values)


def _same(*path: str) -> Callable[[Event, tuple[Any, ...]], bool]:
    """A test that a value at a path is one of those asked for."""

    def test(event: Event, values: tuple[Any, ...]) -> bool:
        found: Any = event
        for part in path:
            found = found.get(part) if isinstance(found, Mapping) else None
        return found in values

    return test


def _error(event: Event) -> Event | None:
    return event.get("errorDeclaration")


def _declared(sign: str) -> Callable[[Event, tuple[Any, ...]], bool]:
    def test(event: Event, values: tuple[Any, ...]) -> bool:
        error = _error(event)
        at = None if error is None else times.read(str(error["declarationTime"])).seconds
        return at is not None and any(at >= each if sign == "GE" else at < each for each in values)

    return test


def _corrected(event: Event, values: tuple[Any, ...]) -> bool:
    error = _error(event)
    return error is not None and any(each in values for each in error.get("correctiveEventIDs", ()))


def _persistent(part: str) -> Callable[[Event, tuple[Any, ...]], bool]:
    def test(event: Event, values: tuple[Any, ...]) -> bool:
        said = event.get("persistentDisposition", {}).get(part, ())
        return any(each in values for each in said)

    return test


def _quantity(sign: str) -> Callable[[Event, tuple[Any, ...]], bool]:
    def test(event: Event, values: tuple[Any, ...]) -> bool:
        amounts = [Decimal(each["quantity"]) for each in _quantities(event) if "quantity" in each]
        return any(_SIGNS[sign](amount, value) for amount in amounts for value in values)

    return test


_TESTS: Mapping[str, Callable[[Event, tuple[Any, ...]], bool]] = {
    "eventType": _same("type"),
    "EQ_action": _same("action"),
    "EQ_bizStep": _same("bizStep"),
    "EQ_disposition": _same("disposition"),
    "EQ_readPoint": _same("readPoint", "id"),
    "EQ_bizLocation": _same("bizLocation", "id"),
    # Sites have no sites within them that events are told of: with its descendants, a site is itself.
    "WD_readPoint": _same("readPoint", "id"),
    "WD_bizLocation": _same("bizLocation", "id"),
    "EQ_persistentDisposition_set": _persistent("set"),
    "EQ_persistentDisposition_unset": _persistent("unset"),
    "EQ_transformationID": _same("transformationID"),
    "EQ_eventID": _same("eventID"),
    "EQ_correctiveEventID": _corrected,
    "EQ_errorReason": _same("errorDeclaration", "reason"),
    "EXISTS_errorDeclaration": lambda event, _: _error(event) is not None,
    "GE_errorDeclarationTime": _declared("GE"),
    "LT_errorDeclarationTime": _declared("LT"),
    **{f"{sign}_quantity": _quantity(sign) for sign in _SIGNS},
}


def _quantities(event: Event) -> Iterator[Event]:
    for name in ("quantityList", "inputQuantityList", "outputQuantityList", "childQuantityList"):
        yield from event.get(name, ())


def _in(*names: str) -> Callable[[Event], Iterator[str]]:
    """What gives the identifiers in some lists of an event, or in single fields."""

    def picked(event: Event) -> Iterator[str]:
        for name in names:
            said = event.get(name, ())
            for each in (said,) if isinstance(said, str) else said:
                yield each if isinstance(each, str) else each["epcClass"]

    return picked


_PICKED: Mapping[str, Callable[[Event], Iterator[str]]] = {
    "MATCH_epc": _in("epcList", "childEPCs"),
    "MATCH_parentID": _in("parentID"),
    "MATCH_inputEPC": _in("inputEPCList"),
    "MATCH_outputEPC": _in("outputEPCList"),
    "MATCH_anyEPC": _in("epcList", "childEPCs", "parentID", "inputEPCList", "outputEPCList"),
    "MATCH_epcClass": _in("quantityList", "childQuantityList"),
    "MATCH_inputEPCClass": _in("inputQuantityList"),
    "MATCH_outputEPCClass": _in("outputQuantityList"),
    "MATCH_anyEPCClass": _in("quantityList", "childQuantityList", "inputQuantityList", "outputQuantityList"),
}
LOTS = tuple(_PICKED)
"""Conditions that name lots."""


def _is_meant(said: str, value: str) -> bool:
    """Whether an identifier is the one asked for, or one of the class that is asked for."""
    return said == value or _kind(said) == value


@lru_cache(maxsize=4096)
def _kind(said: str) -> str | None:
    try:
        key = gs1.read(said)
    except InputError:
        return None
    return None if key is None else key.kind.link


def _typed(event: Event, family: str, kind: str, values: Iterable[str]) -> bool:
    member, list_, vocabulary = {
        "EQ_bizTransaction_": ("bizTransaction", "bizTransactionList", Vocabulary.TRANSACTION),
        "EQ_source_": ("source", "sourceList", Vocabulary.SOURCE_OR_DESTINATION),
        "EQ_destination_": ("destination", "destinationList", Vocabulary.SOURCE_OR_DESTINATION),
    }[family]
    try:
        kind = read(kind, vocabulary)
    except InputError:
        return False
    wanted = set(values)
    return any(each.get("type") == kind and each[member] in wanted for each in event.get(list_, ()))
