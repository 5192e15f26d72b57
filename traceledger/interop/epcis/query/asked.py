"""The parameters of EPCIS' SimpleEventQuery (GS1 EPCIS 2.0, 8.2.7.1), from an address or a named query.

In an address several values of one parameter stand divided by ``|`` (12.7.1); in the JSON of a named query
they are a list. What there is no such parameter for is refused, never passed over.

Example:
    >>> asked = of_pairs([("EQ_bizStep", "cbv:BizStep-shipping"), ("GE_eventTime", "2026-01-01T00:00:00Z")])
    >>> asked.conditions["EQ_bizStep"], asked.since
    (('shipping',), 1767225600)
    >>> of_pairs([("EQ_colour", "red")])
    Traceback (most recent call last):
    traceledger.interop.epcis.query.asked.ParameterError: EQ_colour: this server knows no such parameter \
(docs/epcis.md lists them)
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from functools import partial
from typing import Any

from traceledger.errors import InputError
from traceledger.interop.epcis import identifiers, times
from traceledger.interop.epcis.events import Action, EventType
from traceledger.interop.epcis.vocabulary import Vocabulary, read
from traceledger.model.batches import ErrorReason

PER_PAGE = 30
MOST_PER_PAGE = 500
MOST_VALUES = 100
"""Of one parameter."""
_MOST_EXPONENT = 100
_ORDERS = ("eventTime", "recordTime")


class ParameterError(InputError):
    """A parameter is unknown, or cannot be understood."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A query as it was understood.

    Attributes:
        conditions: values by parameter, in the form in which events hold them; all parameters must match,
            each by one of its values.
        since: the first second at which it happened, UTC; ``None``: any.
        before: the second before which it did.
        recorded_since: the first second of the block's time.
        recorded_before: the second before which that was.
        per_page: events of a page.
        limit: events in all; ``None``: all that match.
        most: more than these are an error.
        order: ``eventTime`` or ``recordTime``.
        newest: from the newest to the oldest.
        token: where the page begins.
    """

    conditions: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    since: int | None = None
    before: int | None = None
    recorded_since: int | None = None
    recorded_before: int | None = None
    per_page: int = PER_PAGE
    limit: int | None = None
    most: int | None = None
    order: str = "recordTime"
    newest: bool = False
    token: str = ""


def of_pairs(pairs: Iterable[tuple[str, str]]) -> Asked:
    """The query of an address; a parameter that stands several times has all of its values.

    Raises:
        ParameterError: one is unknown, or cannot be understood.
    """
    given: dict[str, tuple[str, ...]] = {}
    for name, text in pairs:
        given[name] = (*given.get(name, ()), *text.split("|"))
    return of_query(given)


def of_query(query: Mapping[str, Any]) -> Asked:
    """The query of a document: values are texts, numbers, or lists of them.

    Raises:
        ParameterError: as :func:`of_pairs`.
    """
    asked, conditions = Asked(), dict[str, tuple[Any, ...]]()
    for name, value in query.items():
        values = _values(name, value)
        if name in _SINGLE:
            if len(values) != 1:
                raise ParameterError("it has one value", where=name)
            asked = _understood(name, partial(_SINGLE[name], asked), values[0])
            continue
        reading = _reading(name)
        if reading is None:
            raise ParameterError(
                "this server knows no such parameter", where=name, hint="docs/epcis.md lists them"
            )
        conditions[name] = tuple(_understood(name, reading, each) for each in values)
    return replace(asked, conditions=conditions)


def _values(name: str, value: Any) -> tuple[str, ...]:
    listed = value if isinstance(value, list | tuple) else (value,)
    if not listed or len(listed) > MOST_VALUES:
        raise ParameterError(f"it has {len(listed)} values", where=name, hint=f"give 1 to {MOST_VALUES}")
    for each in listed:
        if not isinstance(each, str | int | Decimal):
            raise ParameterError("a value is a text or a number", where=name)
    return tuple(str(each).lower() if isinstance(each, bool) else str(each) for each in listed)


def _understood(name: str, reading: Callable[[str], Any], text: str) -> Any:
    try:
        return reading(text)
    except InputError as error:
        raise ParameterError(error.what, where=name, hint=error.hint) from None


def _time(text: str) -> int:
    return times.read(text).seconds


def _count(text: str) -> int:
    if not re.fullmatch("[0-9]{1,9}", text) or int(text) < 1:
        raise InputError(f"{text[:20]!r} is no count", hint="an integer above zero")
    return int(text)


def _one_of(*words: str) -> Callable[[str], str]:
    def reading(text: str) -> str:
        if text not in words:
            raise InputError(f"{text[:60]!r} is none of its values", hint=f"{', '.join(words)}")
        return text

    return reading


def _per_page(asked: Asked, text: str) -> Asked:
    return replace(asked, per_page=min(_count(text), MOST_PER_PAGE))


_SINGLE: Mapping[str, Callable[[Asked, str], Asked]] = {
    "GE_eventTime": lambda asked, text: replace(asked, since=_time(text)),
    "LT_eventTime": lambda asked, text: replace(asked, before=_time(text)),
    "GE_recordTime": lambda asked, text: replace(asked, recorded_since=_time(text)),
    "LT_recordTime": lambda asked, text: replace(asked, recorded_before=_time(text)),
    "perPage": _per_page,
    "eventCountLimit": lambda asked, text: replace(asked, limit=_count(text)),
    "maxEventCount": lambda asked, text: replace(asked, most=_count(text)),
    "orderBy": lambda asked, text: replace(asked, order=_one_of(*_ORDERS)(text)),
    "orderDirection": lambda asked, text: replace(asked, newest=_one_of("ASC", "DESC")(text) == "DESC"),
    "nextPageToken": lambda asked, text: replace(asked, token=text),
}


def _word(vocabulary: Vocabulary) -> Callable[[str], str]:
    return lambda text: read(text, vocabulary)


def _exact(text: str) -> str:
    return identifiers.canonical(text)


def _number(text: str) -> Decimal:
    try:
        found = Decimal(text)
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite() or abs(found.adjusted()) > _MOST_EXPONENT:
        raise InputError(f"{text[:40]!r} is no number")
    return found


_LISTS: Mapping[str, Callable[[str], Any]] = {
    "eventType": _one_of(*(each.value for each in EventType)),
    "EQ_action": _one_of(*(each.value for each in Action)),
    "EQ_bizStep": _word(Vocabulary.BIZ_STEP),
    "EQ_disposition": _word(Vocabulary.DISPOSITION),
    "EQ_persistentDisposition_set": _word(Vocabulary.DISPOSITION),
    "EQ_persistentDisposition_unset": _word(Vocabulary.DISPOSITION),
    **dict.fromkeys(("EQ_readPoint", "WD_readPoint", "EQ_bizLocation", "WD_bizLocation"), _exact),
    "EQ_transformationID": _exact,
    "EQ_eventID": str,
    "EQ_correctiveEventID": str,
    "EQ_errorReason": _one_of(*(each.slug for each in ErrorReason)),
    "EXISTS_errorDeclaration": _one_of("true", ""),
    "GE_errorDeclarationTime": _time,
    "LT_errorDeclarationTime": _time,
    **{f"MATCH_{name}": _exact for name in ("epc", "parentID", "inputEPC", "outputEPC", "anyEPC")},
    **{f"MATCH_{name}": _exact for name in ("epcClass", "inputEPCClass", "outputEPCClass", "anyEPCClass")},
    **{f"{sign}_quantity": _number for sign in ("EQ", "GT", "GE", "LT", "LE")},
}
_FAMILIES: Mapping[str, Callable[[str], Any]] = {
    "EQ_bizTransaction_": _exact,
    "EQ_source_": _exact,
    "EQ_destination_": _exact,
    "EQ_tl:": str,
}
KNOWN = (*_SINGLE, *_LISTS, *(f"{each}{'TERM' if ':' in each else 'TYPE'}" for each in _FAMILIES))
"""The parameters that there are; TYPE is that of a business transaction or source, TERM one of our own."""
TYPED = tuple(_FAMILIES)


def _reading(name: str) -> Callable[[str], Any] | None:
    family = next((each for each in _FAMILIES if name.startswith(each) and name != each), None)
    return _FAMILIES[family] if family else _LISTS.get(name)
