"""The names that an operation makes, which later ones may use: read off the types of its fields.

A sound operation teaches them to the directory once it is planned. A line with faults teaches what it seems
to make, so that later lines do not report the same fault again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, assert_never

from traceledger.errors import InputError
from traceledger.model.keccak import keccak
from traceledger.operations.actor import Actor
from traceledger.operations.base import Base
from traceledger.operations.catalogue import by_name
from traceledger.operations.declared import Declared, declared
from traceledger.operations.directory import Directory, OpenShipment
from traceledger.operations.fields import NO_EMISSIONS, Clear, Thing
from traceledger.operations.spoken import RecordName


def teach(operation: Base, actor: Actor) -> None:
    """Add the names that a planned operation will make."""
    _teach(type(operation), operation, actor)
    operation.learned(actor)


def made(operation: Base) -> Iterator[tuple[Thing, str]]:
    """What an operation makes, by its kind, and its name as it is written."""
    return _names(declared(type(operation)), operation)


def named(operation: Base) -> set[str]:
    """Full names of all that an operation is about, as far as it says them itself."""
    own = f"{operation.act_as}/" if operation.act_as else ""
    found: set[str] = set()
    for field in declared(type(operation)):
        value = getattr(operation, field.name)
        if isinstance(value, RecordName):
            found.add(value.name)
        elif field.value.names is not None and field.name != "act_as":
            found.update((value,) if isinstance(value, str) else value or ())
    return {name if "/" in name else f"{own}{name}" for name in found}


def assume(document: Any, names: Directory) -> None:
    """Add the names that an unsound line seems to make. Only for checking, never for sending."""
    if not isinstance(document, Mapping):
        return
    try:
        who = document.get("as")
        if who is not None and not isinstance(who, str):
            return  # said as a fault already, and no name to look up
        actor = Actor(names.participant(who) if who else None, names)
        _teach(by_name(document["op"]), document, actor)
    except (ValueError, KeyError, TypeError, AttributeError):
        return


def unknown(document: Any, names: Directory) -> list[InputError]:
    """What an unsound line names that is not there, each with its field: so that all is said at once."""
    who = document.get("as") if isinstance(document, Mapping) else 0
    if who is not None and (not isinstance(who, str) or not who):
        return []
    try:
        actor = Actor(names.participant(who) if who else None, names)
        fields = declared(by_name(document["op"]))
    except (ValueError, KeyError, TypeError):
        return []
    used = _used(fields, document)
    return [fault for path, thing, name in used for fault in _missed(path, thing, name, actor)]


def _used(fields: Iterable[Declared], item: Mapping[str, Any]) -> Iterator[tuple[str, Thing, str]]:
    """What is named and must be there: the field, its kind, its name."""
    for field in fields:
        value = item.get(field.word)
        listed = [*enumerate(value)] if isinstance(value, list) else []
        if field.parts:
            for place, part in listed:
                for path, thing, name in _used(field.parts, part) if isinstance(part, Mapping) else ():
                    yield f"{field.word}.{place}.{path}", thing, name
        elif field.value.names is not None and field.value.privacy is Clear.REFERENCE:
            named = {f"{field.word}.{place}": each for place, each in listed} or {field.word: value}
            for path, each in named.items():
                if isinstance(each, str):
                    yield path, field.value.names, each


def _missed(path: str, thing: Thing, name: str, actor: Actor) -> Iterator[InputError]:
    try:
        match thing:
            case "participant":
                actor.names.participant(name)
            case "material":
                actor.names.material(name)
            case "batch":
                actor.batch(name)
            case "facility":
                actor.facility(name)
            case "shipment":
                actor.shipment(name)
            case "finding":
                actor.finding(name)
            case "transformation" | "record" | "assessment":
                return
            case _:
                assert_never(thing)
    except InputError as error:
        yield type(error)(error.what, hint=error.hint, where=path)


def _teach(kind: type[Base], line: object, actor: Actor) -> None:
    for thing, name in [*_names(declared(kind), line)]:
        _add(thing, name, line, actor)


def _names(fields: Iterable[Declared], line: object) -> Iterator[tuple[Thing, str]]:
    """What is made, by its kind and its name."""
    for field in fields:
        for part in _given(line, field.name) if field.parts else ():
            yield from _names(field.parts, part)
        if field.value.new and field.value.names is not None and _is_given(line, field):
            yield field.value.names, _given(line, field.name)


def _is_given(line: object, field: Declared) -> bool:
    """Whether it is named: what need not be may be left out."""
    return field.required or (
        field.name in line if isinstance(line, Mapping) else bool(_given(line, field.name))
    )


def _given(line: object, field: str) -> Any:
    """A field of an operation, or of the JSON object that was meant to be one."""
    return line[field] if isinstance(line, Mapping) else getattr(line, field)


def _add(thing: Thing, name: str, line: object, actor: Actor) -> None:
    names = actor.names
    match thing:
        case "material":
            waste = line.get("waste") if isinstance(line, Mapping) else getattr(line, "waste", False)
            names.add_material(name, waste=bool(waste))
        case "participant":
            names.add_participant(name, _address(line, name))
        case "shipment":
            sender, text = actor.maker(thing), actor.owned(name, thing)[1]
            names.add_shipment(_shipment(line, sender, text, names))
        case "batch":
            names.add_batch(actor.maker(thing), actor.owned(name, thing)[1])
        case "facility":
            kind = "" if isinstance(line, Mapping) else str(_given(line, "kind"))
            names.add_facility(actor.maker(thing), actor.owned(name, thing)[1], kind)
        case "transformation":
            names.add_transformation(actor.maker(thing), actor.owned(name, thing)[1])
        case "record":
            names.add_record(actor.maker(thing), actor.owned(name, thing)[1])
        case "finding":
            names.add_finding(actor.maker(thing), actor.owned(name, thing)[1])
        case "assessment":
            names.add_assessment(actor.maker(thing), actor.owned(name, thing)[1])
        case _:
            assert_never(thing)


def _shipment(line: object, sender: bytes, text: str, names: Directory) -> OpenShipment:
    """What is offered. Later lines need the batches only, so a faulty line's receiver may be anyone."""
    batches = tuple(names.new_batch_id(name, sender) for name in _given(line, "batches"))
    to = _given(line, "to") if not isinstance(line, Mapping) else None
    emissions = _given(line, "emissions") if not isinstance(line, Mapping) else NO_EMISSIONS
    receiver = names.participant(to) if to else sender
    return OpenShipment(sender, receiver, text, batches, batches, emissions)


def _address(line: object, slug: str) -> bytes:
    """The address of a participant to be; of a line with faults a placeholder."""
    address = None if isinstance(line, Mapping) else _given(line, "address")
    return address if isinstance(address, bytes) else keccak(slug.encode())[12:]
