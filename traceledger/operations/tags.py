"""The tag of an operation whose calldata follows from the state: by it, it is known again on the chain.

It is the Keccak-256 of the operation in canonical JSON, and of its place among identical ones, from 1: the
same line submitted again has the same tag, however its names are abbreviated. Names stand as they are on
chain, so that a tag tells nothing of what is private.

Example:
    >>> tag_of(b"{}", 1) != tag_of(b"{}", 2), len(tag_of(b"{}", 1))
    (True, 32)
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, assert_never

from traceledger.model.emissions import Emissions
from traceledger.model.hexadecimal import hexed
from traceledger.model.keccak import keccak
from traceledger.operations import reversing
from traceledger.operations.declared import Declared, declared
from traceledger.operations.fields import NO_EMISSIONS, Form, Thing
from traceledger.operations.spoken import LotAnswer, RecordName

if TYPE_CHECKING:
    from traceledger.names import Owned
    from traceledger.operations.actor import Actor
    from traceledger.operations.base import Base

_NOT_SAID = ("private", "historic", "act_as")
"""Fields that say how an operation is recorded, not what."""


def tag_of(canonical: bytes, ordinal: int) -> bytes:
    """The tag, 32 bytes, of the operation that is the so-manyeth of those with that canonical JSON."""
    return keccak(canonical + b"\n" + str(ordinal).encode())


def canonical(operation: Base, actor: Actor) -> bytes:
    """An operation in canonical JSON: sorted keys, no spaces, nothing that was left out.

    Args:
        operation: as it goes on chain, with commitments in place of what is private.
        actor: who acts.

    Raises:
        UnknownNameError: it names something unknown.
    """
    document = {"op": operation.op, "as": hexed(actor.own) if actor.own else None}
    document |= _fields(operation, actor)
    return json.dumps(document, sort_keys=True, separators=(",", ":")).encode()


def _fields(item: Any, actor: Actor) -> dict[str, Any]:
    """What is said in the fields of an operation, or of a part of one."""
    kind: type = type(item)
    return {
        field.word: _value(field, value, actor)
        for field in declared(kind)
        if field.name not in _NOT_SAID
        and (value := getattr(item, field.name)) not in (None, (), {}, "", NO_EMISSIONS)
        and value is not False
    }


def _value(field: Declared, value: Any, actor: Actor) -> Any:
    if field.parts:
        return [_fields(part, actor) for part in value]
    if (thing := field.value.names) is not None:
        return [_name(thing, name, actor) for name in value] if field.many else _name(thing, value, actor)
    if field.value.form is Form.BATCH_MASSES:
        return {_owned("batch", name, actor): mass for name, mass in value.items()}
    if field.value.form is Form.ANSWERS:
        return {_owned("batch", name, actor): _answer(said) for name, said in value.items()}
    if isinstance(value, RecordName):
        lots = [_owned("batch", name, actor) for name in value.lots]
        return {value.kind: _owned(reversing.owned(value), value.name, actor), "lots": lots}
    return _plain(value)


def _answer(said: LotAnswer) -> Any:
    if said.refused:
        return "refused"
    return [said.mass, said.difference.slug, _plain(said.substances)]


def _plain(value: Any) -> Any:
    """Values without names, as JSON holds them."""
    if isinstance(value, bytes):
        return hexed(value)
    if isinstance(value, Emissions):
        return {name: amount for name, amount in asdict(value).items() if amount}
    if isinstance(value, Mapping):
        return {str(name): _plain(item) for name, item in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    return value.to_dict() if hasattr(value, "to_dict") else value


def _name(thing: Thing, name: str, actor: Actor) -> str:
    match thing:
        case "participant":
            return hexed(actor.names.participant(name))
        case "material":
            return name
        case "batch" | "facility" | "shipment" | "transformation" | "record" | "finding" | "assessment":
            return _owned(thing, name, actor)
        case _:
            assert_never(thing)


def _owned(thing: Owned, name: str, actor: Actor) -> str:
    """Owner and identifier as they stand on chain."""
    owner, identifier = actor.names.recorded_name(name, actor.own, thing)
    return f"{hexed(owner)}/{identifier}"
