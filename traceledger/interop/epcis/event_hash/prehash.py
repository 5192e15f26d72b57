"""The text of an event that is hashed: CBV 2.0, section 8.9.2, rules 1 to 4, 10 to 13 and 19 to 21."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from traceledger.errors import InputError
from traceledger.interop.epcis.context import NAMESPACE, OWN
from traceledger.interop.epcis.contexts import Context
from traceledger.interop.epcis.event_hash import order
from traceledger.interop.epcis.event_hash.canonical import own, written
from traceledger.interop.epcis.event_hash.order import Kind, Shape

_LIST = "List"


def prehash(event: Mapping[str, Any], context: Context, left_out: Iterable[str] = ()) -> str:
    """The text that the hash of an event is of.

    Args:
        event: as a document has it, numbers exact.
        context: what names in it stand for; its own ``@context`` included.
        left_out: full names of fields of other namespaces that take no part.

    Raises:
        InputError: a field has a namespace that no context declares.
    """
    ignored = set(left_out)
    rest = {
        name: value
        for name, value in event.items()
        if name not in order.EVENT and name not in order.LEFT_OUT and context.expanded(name) not in ignored
    }
    further = sorted(text for name, value in rest.items() for text in _further(name, value, context))
    type_name = str(event.get("type", ""))
    return f"eventType={context.full(type_name)}{_ordered(event, order.EVENT, context)}{''.join(further)}"


def _ordered(value: Mapping[str, Any], fields: Mapping[str, Kind], context: Context) -> str:
    return "".join(
        _field(name, value[name], kind, context)
        for name, kind in fields.items()
        if value.get(name) is not None
    )


def _extended(value: Mapping[str, Any], fields: Mapping[str, Kind], context: Context) -> str:
    """An object of the standard and, at its end, its fields of other namespaces (rule 21)."""
    own_fields = (item for item in value.items() if item[0] not in fields and item[0] not in order.LEFT_OUT)
    further = sorted(text for name, inner in own_fields for text in _own(name, inner, context))
    return _ordered(value, fields, context) + "".join(further)


def _field(name: str, value: Any, kind: Kind, context: Context) -> str:
    if not _fits(value, kind):
        # Events of a community's own type may call anything by a name of the standard's.
        return "".join(sorted(_own(name, value, context)))
    match kind:
        case Shape.PLACE:
            return _headed(name, [_extended(value, order.PLACE, context)])
        case Shape.DISPOSITIONS:
            return _headed(name, [_extended(value, order.DISPOSITIONS, context)])
        case Shape.EPCS:
            return _headed(name, (_value("epc", each, Shape.VALUE, context) for each in value))
        case Shape.QUANTITIES:
            told = (_ordered(each, order.QUANTITY, context) for each in value)
            return _headed(name, (_headed("quantityElement", [each]) for each in told))
        case Shape.SENSORS:
            return _headed(name, (_sensor(each, context) for each in value))
        case _:
            values = value if isinstance(value, list) else [value]
            return "".join(sorted(_value(name, each, kind, context) for each in values))


def _fits(value: Any, kind: Kind) -> bool:
    listed = value if isinstance(value, list) else [value]
    match kind:
        case Shape.PLACE | Shape.DISPOSITIONS:
            return isinstance(value, Mapping)
        case Shape.QUANTITIES:
            return isinstance(value, list) and all(isinstance(each, Mapping) for each in value)
        case Shape.SENSORS:
            return isinstance(value, list) and all(_is_sensor(each) for each in value)
        case Shape.EPCS if not isinstance(value, list):
            return False
        case _:
            return not any(isinstance(each, list | Mapping) for each in listed)


def _is_sensor(value: Any) -> bool:
    if not isinstance(value, Mapping) or not isinstance(value.get("sensorMetadata", {}), Mapping):
        return False
    reports = value.get("sensorReport", [])
    return isinstance(reports, list) and all(isinstance(each, Mapping) for each in reports)


def _sensor(value: Mapping[str, Any], context: Context) -> str:
    metadata = _headed(
        "sensorMetadata", [_extended(value.get("sensorMetadata", {}), order.METADATA, context)]
    )
    told = (_extended(each, order.REPORT, context) for each in value.get("sensorReport", []))
    reports = "".join(sorted(_headed("sensorReport", [each]) for each in told))
    known = ("sensorMetadata", "sensorReport")
    own_fields = (item for item in value.items() if item[0] not in known)
    further = sorted(text for name, inner in own_fields for text in _own(name, inner, context))
    return _headed("sensorElement", [metadata + reports + "".join(further)])


def _headed(name: str, parts: Iterable[str]) -> str:
    """A name and, sorted, what is in it; nothing where nothing is (rules 4 and 11)."""
    text = "".join(sorted(parts))
    return f"{name}{text}" if text else ""


def _value(name: str, value: Any, kind: Kind, context: Context) -> str:
    text = written(value, kind, context)
    return f"{name}={text}" if text else ""


def _further(name: str, value: Any, context: Context) -> Iterator[str]:
    """What follows after the fields in order: each a text, to be sorted."""
    if name in order.TYPED and _fits(value, Shape.QUANTITIES):
        inner, vocabulary = order.TYPED[name]
        fields: dict[str, Kind] = {"type": vocabulary, inner: Shape.VALUE}
        yield _headed(name, (_ordered(each, fields, context) for each in value))
    elif name == "ilmd" and isinstance(value, Mapping):
        yield "ilmd" + "".join(_children(value, context))
    else:
        yield from _own(name, value, context)


def _own(name: str, value: Any, context: Context) -> Iterator[str]:
    """A field of another namespace: one text for each of its values."""
    yield from _named(_braced(name, context), value, context)


def _named(name: str, value: Any, context: Context) -> Iterator[str]:
    if name.endswith(_LIST) and len(name) > len(_LIST) and value not in (None, []):
        # The name of a list stands once, before all that is in it (rule 11).
        yield name + "".join(sorted(_each(name.removesuffix(_LIST), value, context)))
    else:
        yield from _each(name, value, context)


def _each(name: str, value: Any, context: Context) -> Iterator[str]:
    match value:
        case None:
            return
        case list():
            for inner in value:
                yield from _each(name, inner, context)
        case Mapping():
            yield name + "".join(_children(value, context))
        case _:
            text = own(value, context)
            yield f"{name}={text}" if text else name


def _children(value: Mapping[str, Any], context: Context) -> list[str]:
    inner = (item for item in value.items() if item[0] not in ("@context", "rdfs:comment", "comment"))
    return sorted(text for name, each in inner for text in _own(name, each, context))


def _braced(name: str, context: Context) -> str:
    """A name as ``{namespace}local`` (rule 19); one of no namespace as it is.

    Raises:
        InputError: its prefix is declared nowhere.
    """
    if ":" not in name:
        full = context.expanded(name)
        return name if full is None else _parted(full, context)
    prefix, _, local = name.partition(":")
    if prefix in context.prefixes and not local.startswith("//"):
        return f"{{{context.prefixes[prefix]}}}{local}"
    if not context.is_address(name):
        elsewhere = ", ".join(context.unknown)
        why = f"; it may be by {elsewhere}, which is not known here" if elsewhere else ""
        namespace = NAMESPACE if prefix in OWN else "https://…"
        hint = f'add {{"{prefix[:60]}": "{namespace}"}} to @context'
        raise InputError(f"no @context declares the prefix of {name[:100]!r}{why}", hint=hint)
    return _parted(name, context)


def _parted(full: str, context: Context) -> str:
    declared = [each for each in context.prefixes.values() if full.startswith(each) and len(full) > len(each)]
    namespace = max(declared, key=len, default="") or full[: max(full.rfind(mark) for mark in "/#:") + 1]
    return f"{{{namespace}}}{full.removeprefix(namespace)}"
