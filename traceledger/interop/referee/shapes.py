"""Shapes of documents in our own words, written as JSON schemas, and what is wrong by them in sentences.

They hold what a standard asks of members, types, words and bounds. Official schemas ask the same and more,
but may not be passed on; where one is on this machine, it is asked besides.

Example:
    >>> from traceledger.interop.referee.hearing import Hearing, Node
    >>> hearing = Hearing()
    >>> compare(hearing, record({"share": number(0, 100)}), Node({"share": Decimal("100.5")}))
    >>> hearing.findings[0].what, hearing.findings[0].expected
    ('it is more than 100', 'at most 100')
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from traceledger.interop.referee import figures
from traceledger.interop.referee.hearing import Hearing, Node, said

if TYPE_CHECKING:
    from jsonschema_rs import ValidationError, Validator

Shape = dict[str, Any]
"""A JSON schema (draft 2020-12)."""
UUID = r"^(urn:uuid:)?[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$"
_MOST = 400
_FAR = Decimal("1E+300")
_NUMERAL = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?", re.ASCII)
_WORDS_SHOWN = 12


def record(required: Mapping[str, Shape], optional: Mapping[str, Shape] | None = None) -> Shape:
    """An object with these members; others are let pass."""
    members = {**required, **(optional or {})}
    return {"type": "object", "required": list(required), "properties": members}


def several(item: Shape, *, least: int = 0, once: bool = False) -> Shape:
    """A list of such things."""
    return {"type": "array", "items": item, "minItems": least, "uniqueItems": once}


def number(least: int | None = None, most: int | None = None) -> Shape:
    """A JSON number within bounds, both included."""
    bounds = {"minimum": least, "maximum": most}
    return {"type": "number", **{name: bound for name, bound in bounds.items() if bound is not None}}


def above(least: int) -> Shape:
    """A JSON number above a bound."""
    return {"type": "number", "exclusiveMinimum": least}


def text(pattern: str = "", *, form: str = "", least: int = 0) -> Shape:
    """A text: of a pattern, or of a format that JSON Schema knows."""
    found: Shape = {"type": "string"}
    return (
        found
        | ({"pattern": pattern} if pattern else {})
        | ({"format": form} if form else {})
        | ({"minLength": least} if least else {})
    )


def word(options: Sequence[str]) -> Shape:
    """One of these texts."""
    return {"type": "string", "enum": list(options)}


BOOLEAN: Shape = {"type": "boolean"}
ANYTHING: Shape = {}
TIME = text(form="date-time")
DAY = text(form="date")


@lru_cache(maxsize=64)
def _validator(schema: str) -> Validator:
    import jsonschema_rs

    return jsonschema_rs.validator_for(schema, validate_formats=True)


def compare(hearing: Hearing, shape: Shape, node: Node, *, rule: str = "shape") -> None:
    """Say what of a document is not as a shape has it."""
    validator = _validator(json.dumps(shape))
    tell(hearing, validator, node, rule=rule)


def tell(hearing: Hearing, validator: Validator, node: Node, *, rule: str) -> None:
    """Say what of a document a validator finds wrong, each where it stands."""
    from traceledger.interop.schemas import can_be_told

    value = _bounded(node.value)
    if validator.is_valid(value):
        return
    if rule == "schema" and not can_be_told(value):  # our own schemas have nothing that copies much
        hearing.fault(rule, node, "it is not valid, and too large to say where")
        return
    for count, error in enumerate(validator.iter_errors(value)):
        if count >= _MOST:
            break
        _tell_one(hearing, error, node, rule)


def _bounded(value: Any) -> Any:
    """The document without numbers of a size that a validator need not bear."""
    match value:
        case Decimal() if abs(value.adjusted()) > 300:
            return (_FAR if value > 0 else -_FAR) if value.adjusted() > 0 else Decimal(0)
        case dict():
            return {name: _bounded(member) for name, member in value.items()}
        case list():
            return [_bounded(item) for item in value]
        case _:
            return value


def _tell_one(hearing: Hearing, error: ValidationError, node: Node, rule: str) -> None:
    place = node
    for step in error.instance_path:
        found = list(place.items())[step] if isinstance(step, int) else place.get(step)
        if found is None:
            break
        place = found
    kind = error.kind.as_dict()
    if error.kind.name == "required":
        name = str(kind["property"])
        hearing.missing(rule, place, name, f"{name} is missing")
        return
    what, expected = _worded(error.kind.name, kind, place.value)
    named = _RULES.get(error.kind.name, rule) if rule == "shape" else rule
    hearing.fault(named, place, what, expected=expected)


_RULES = {
    "minimum": "range",
    "maximum": "range",
    "exclusiveMinimum": "range",
    "exclusiveMaximum": "range",
    "uniqueItems": "twice",
}
_FORMATS = {
    "date-time": "a time with its zone, such as 2026-01-17T06:00:00Z",
    "date": "a day, such as 2026-01-17",
    "uri": "an absolute URI, such as https://example.com/report",
    "uuid": "a UUID of 32 hexadecimal digits with hyphens",
    "email": "an e-mail address",
}
_TYPES = {"number": "a number", "integer": "a whole number", "string": "a text", "object": "an object"}
_TYPES |= {"array": "a list", "boolean": "true or false", "null": "null"}


_SENTENCES = {
    "minimum": ("it is less than {limit}", "at least {limit}"),
    "maximum": ("it is more than {limit}", "at most {limit}"),
    "exclusiveMinimum": ("it is not above {limit}", "more than {limit}"),
    "exclusiveMaximum": ("it is not below {limit}", "less than {limit}"),
    "pattern": ("it has not the shape that is asked for", "a text of the pattern {pattern}"),
    **dict.fromkeys(
        ("minItems", "minLength", "minProperties"), ("it has too little in it", "at least {limit}")
    ),
    **dict.fromkeys(("maxItems", "maxLength", "maxProperties"), ("it is too long", "at most {limit}")),
    "uniqueItems": ("something is listed twice in it", "each once"),
    "additionalProperties": ("it has members that the schema does not know", ""),
    **dict.fromkeys(
        ("oneOfNotValid", "oneOfMultipleValid", "anyOf", "not"),
        ("it fits none, or several, of the alternatives of the schema", ""),
    ),
}
"""By what a validator found: what is wrong, and what should stand there."""


def _worded(name: str, kind: Mapping[str, Any], value: object) -> tuple[str, str]:
    """What is wrong, and what should stand there."""
    match name:
        case "type":
            wanted = " or ".join(_TYPES.get(each, each) for each in kind["types"])
            return f"it is {_called(value)}, not {wanted}", _as_number(value, kind["types"]) or wanted
        case "enum":
            options = [said(each) for each in kind["options"]]
            more = " …" if len(options) > _WORDS_SHOWN else ""
            return "it is none of the words that may stand here", ", ".join(options[:_WORDS_SHOWN]) + more
        case "const":
            return "it is not what must stand here", said(kind["expected_value"])
        case "format":
            wanted = _FORMATS.get(kind["format"], f"a {kind['format']}")
            return f"it is not {wanted.split(',', maxsplit=1)[0]}", wanted
        case _:
            what, expected = _SENTENCES.get(name, (f"it breaks the schema's {name}", ""))
            return what.format(**kind), expected.format(**kind)


def _called(value: object) -> str:
    match value:
        case bool():
            return "true or false"
        case str():
            return "a text"
        case int() | Decimal():
            return "a number"
        case Mapping():
            return "an object"
        case Sequence():
            return "a list"
        case _:
            return "null"


def _as_number(value: object, types: Sequence[str]) -> str:
    """The number that a text means, where a number should stand."""
    if "number" not in types or not isinstance(value, str):
        return ""
    text = value.strip()
    if point := figures.with_point(text):
        return f"the number {point}, with a decimal point"
    return (
        f"the number {text}, without quotation marks" if _NUMERAL.fullmatch(text) and len(text) < 40 else ""
    )
