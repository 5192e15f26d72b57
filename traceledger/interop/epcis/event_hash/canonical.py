"""Values as they are hashed: CBV 2.0, section 8.9.2, rules 5 to 9 and 14 to 18."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from traceledger.errors import InputError
from traceledger.interop.epcis import identifiers, times, vocabulary
from traceledger.interop.epcis.contexts import Context
from traceledger.interop.epcis.event_hash.order import Kind, Shape
from traceledger.interop.epcis.vocabulary import CBV, EARLIER_GS1, URN, Vocabulary

_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,4})?", re.ASCII)
_MOST_EXPONENT = 1000
_KEYS = ("urn:epc:", "https://", "http://")
_URNS = {f"{URN}{each.urn}:": f"{CBV}{each.part}" for each in Vocabulary if not each.is_web_vocabulary}
_STANDARD = ("https://ref.gs1.org/", "https://gs1.org/")


def written(value: Any, kind: Kind, context: Context) -> str:
    """A value of a standard field."""
    if isinstance(value, str):
        value = value.strip()
        match kind:
            case Vocabulary():
                return _word(value, kind, context)
            case Shape.TIME:
                return _time(value)
            case _:
                value = context.full(value)
    return _text(value)


def own(value: Any, context: Context) -> str:
    """A value of a field of another namespace: text, in which only GS1's own CURIEs are such."""
    if isinstance(value, str) and ":" in value:
        full = context.expanded(value.strip()) or value
        value = full if full.startswith(_STANDARD) else value
    return _text(value)


def _time(value: str) -> str:
    try:
        return times.read(value).written
    except InputError:
        return value


def _word(value: str, kind: Vocabulary, context: Context) -> str:
    expanded = context.full(value)
    try:
        return vocabulary.address(expanded, kind, gs1=context.prefixes.get("gs1", EARLIER_GS1))
    except InputError:
        return _text(expanded)


def _text(value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case int() | Decimal():
            return _number(Decimal(value))
        case _:
            return _of_text(str(value).strip())


def _of_text(text: str) -> str:
    if text.startswith(URN):
        return _address(text)
    if _NUMBER.fullmatch(text) and abs(Decimal(text).adjusted()) <= _MOST_EXPONENT:
        return _number(Decimal(text))
    if text.startswith(_KEYS):
        try:
            return identifiers.canonical(text)
        except InputError:
            return text
    return text


def _address(text: str) -> str:
    for urn, address in _URNS.items():
        if text.startswith(urn):
            return address + text.removeprefix(urn)
    return text


def _number(number: Decimal) -> str:
    """Digit by digit, without exponent, sign of zero, or zeros that say nothing (rule 6)."""
    text = f"{number:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text
