"""What a schema finds wrong, as sentences that a person can act on.

A schema that offers several ways says only that none of them fits. What is told is the rule that was meant
(``$comment``), or the fault of the way that comes nearest.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cache, cached_property
from itertools import islice
from typing import TYPE_CHECKING, Any

from traceledger.errors import InputError
from traceledger.interop.epcis.context import STANDARD
from traceledger.interop.epcis.faults import Fault, escaped, shown
from traceledger.interop.epcis.schema.values import URI, Schema
from traceledger.interop.epcis.vocabulary import Vocabulary, read

if TYPE_CHECKING:
    from jsonschema_rs import Draft7Validator, ValidationError

MOST = 20
"""The most faults that are told of one event or envelope."""
MOST_LEVELS = 100
"""The most objects and lists within each other, of a document less its events, and of an event."""
MOST_TOLD = 1000
"""Of a list, how many items are looked at for what is wrong with them."""
_SHOWN = 100
_NAMES = "propertyNames"
_VOCABULARY = "vocabulary:"
_MENDED = {
    "uri": ("is no absolute URI", "write one with its scheme, such as https: or urn:"),
    "date-time": ("is no time", "write it such as 2026-07-22T06:45:00+02:00, with a zone"),
}


class Shape:
    """What a value must look like.

    Args:
        schema: a JSON Schema of draft 7, which is compiled when the first value is judged.
    """

    def __init__(self, schema: Schema) -> None:
        self._schema = schema

    @cached_property
    def _judge(self) -> Draft7Validator:
        return _compiled(self._schema)

    @cached_property
    def _teller(self) -> Draft7Validator:
        # For each name that is wrong it would copy the whole object: names are looked at here.
        return _compiled(_without_names(self._schema))

    def faults(self, value: Any, pointer: str) -> tuple[Fault, ...]:
        """What is wrong with a value, at most :data:`MOST` faults.

        Args:
            value: as JSON has it, without :class:`~decimal.Decimal` (:func:`plain`).
            pointer: JSON Pointer of the value in its document.
        """
        if self._judge.is_valid(value):
            return ()
        found = dict.fromkeys(islice(_names(value, self._schema, pointer), MOST))
        for error in self._teller.iter_errors(_cut(value)):
            found |= dict.fromkeys(_told(error, self._schema, pointer))
            if len(found) >= MOST:
                break
        elsewhere = Fault(pointer, f"something after the first {MOST_TOLD} items of a list is wrong")
        return tuple(islice(found, MOST)) or (elsewhere,)


def _compiled(schema: Schema) -> Draft7Validator:
    from jsonschema_rs import Draft7Validator

    return Draft7Validator(dict(schema), validate_formats=True)


@cache
def _name() -> Draft7Validator:
    return _compiled(URI)


def _without_names(schema: Any) -> Any:
    if isinstance(schema, Mapping):
        return {key: _without_names(inner) for key, inner in schema.items() if key != _NAMES}
    return [_without_names(inner) for inner in schema] if isinstance(schema, list) else schema


def _names(value: Any, schema: Schema, pointer: str) -> Iterator[Fault]:
    """Fields that are neither the standard's nor of a namespace."""
    known = schema.get("properties", {})
    if isinstance(value, dict):
        strange = (name for name in value if name not in known) if _NAMES in schema else ()
        yield from (_unknown(name, pointer) for name in strange if not _name().is_valid(name))
        for name in value.keys() & known.keys():
            yield from _names(value[name], known[name], f"{pointer}/{escaped(name)}")
    elif isinstance(value, list) and "items" in schema:
        for place, each in enumerate(value):
            yield from _names(each, schema["items"], f"{pointer}/{place}")


def _unknown(name: str, pointer: str) -> Fault:
    hint = "fields of your own have a prefix that @context declares, such as example:colour"
    return Fault(f"{pointer}/{escaped(name)}", f"{name[:_SHOWN]!r} is no field of EPCIS 2.0 here", hint)


def _cut(value: Any) -> Any:
    """A value whose lists are cut short: what is wrong is told by few examples."""
    if isinstance(value, dict):
        return {name: _cut(inner) for name, inner in value.items()}
    return [_cut(inner) for inner in value[:MOST_TOLD]] if isinstance(value, list) else value


def plain(value: Any, levels: int = MOST_LEVELS) -> Any:
    """The same without exact numbers, for a schema, which asks of a number only that it is one.

    Raises:
        InputError: it has more levels than that.
    """
    if isinstance(value, str):
        return value
    if not levels:
        raise InputError(f"it nests more than {MOST_LEVELS} deep", hint="say it flatter")
    if isinstance(value, dict):
        return {name: plain(inner, levels - 1) for name, inner in value.items()}
    if isinstance(value, list):
        return [plain(inner, levels - 1) for inner in value]
    return 0.5 if isinstance(value, Decimal) else value


def _told(error: ValidationError, schema: Schema, pointer: str) -> Iterator[Fault]:
    place = pointer + "".join(f"/{escaped(part)}" for part in error.instance_path)
    comment = _comment(schema, error.schema_path)
    if comment.startswith(_VOCABULARY):
        yield _of_vocabulary(error.instance, Vocabulary[comment.removeprefix(_VOCABULARY)], place)
    elif comment:
        yield Fault(place, comment)
    else:
        yield from _of_keyword(error, place)


def _of_keyword(error: ValidationError, place: str) -> Iterator[Fault]:
    said: Mapping[str, Any] = error.kind.as_dict()
    match error.kind.name:
        case "required":
            yield Fault(place, f"the field {said['property']!r} is missing", _ADDED.get(said["property"], ""))
        case "additionalProperties":
            for name in said["unexpected"]:
                yield Fault(f"{place}/{escaped(name)}", f"a field {name[:_SHOWN]!r} is not expected here")
        case _:
            yield _of_value(error, said, place)


def _of_value(error: ValidationError, said: Mapping[str, Any], place: str) -> Fault:
    value = shown(error.instance)
    match error.kind.name:
        case "type":
            return Fault(place, f"{value} is not {_listed([_KINDS.get(one, one) for one in said['types']])}")
        case "format":
            what, hint = _MENDED.get(said["format"], (f"is no {said['format']}", ""))
            return Fault(place, f"{value} {what}", hint)
        case "enum":
            return Fault(place, f"{value} is not one of {', '.join(map(str, said['options']))}")
        case "const":
            return Fault(place, f"{value} is not {said['expected_value']!r}")
        case "minItems" | "minProperties":
            return Fault(place, "there is nothing in it")
        case "uniqueItems":
            return Fault(place, "it lists the same twice", "leave one of them out")
        case _:
            return Fault(place, f"{value} is not as the schema of EPCIS 2.0 wants it ({error.message[:200]})")


_ADDED = {
    "@context": f'add "@context": "{STANDARD}"',
    "eventTimeZoneOffset": "say what clocks showed at the place, such as +02:00",
    "action": "say ADD, OBSERVE or DELETE",
}
_KINDS = {
    "object": "an object",
    "array": "a list",
    "string": "text",
    "number": "a number",
    "boolean": "true or false",
}


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"


def _of_vocabulary(value: Any, vocabulary: Vocabulary, place: str) -> Fault:
    if not isinstance(value, str):
        return Fault(place, f"{shown(value)} is no {vocabulary.title}", "write it as text")
    try:
        word = read(value, vocabulary)
    except InputError as error:
        return Fault(place, error.what, error.hint)
    if word in vocabulary.words:
        return Fault(place, f"{value[:_SHOWN]!r} is written as in XML", f"in JSON write {word!r}")
    return Fault(place, f"{shown(value)} is no {vocabulary.title}: it is no absolute URI either")


def _comment(schema: Schema, path: list[str | int]) -> str:
    """The rule of the innermost part of the schema that has one and that the fault is of."""
    node: Any = schema
    found = ""
    for part in path:
        try:
            node = node[part]
        except (KeyError, IndexError, TypeError):
            break
        if isinstance(node, Mapping):
            found = node.get("$comment", "")
    return found
