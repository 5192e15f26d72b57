"""What an operation would do, in words and data: for people who are asked before anything is sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import IntEnum
from typing import Any, assert_never

from traceledger.languages.phrases import Phrase, phrase
from traceledger.model.emissions import PARTS
from traceledger.model.hexadecimal import hexed
from traceledger.model.substances import symbol
from traceledger.operations import reversing
from traceledger.operations.actor import Actor
from traceledger.operations.base import Base, Names
from traceledger.operations.declared import Declared, declared
from traceledger.operations.directory import Directory
from traceledger.operations.fields import NO_EMISSIONS, Form, Thing
from traceledger.operations.spoken import LotAnswer, RecordName
from traceledger.operations.terms import NONE, Tolerance

_SOMETIMES = (*PARTS, "removals")
"""What is said of emissions only where there is some."""


@dataclass(frozen=True, slots=True)
class Effect:
    """What an operation would do.

    Attributes:
        summary: one sentence without a full stop: who does what, to whom, how much. In English, it can be
            said in another language (``languages/phrases.py``).
        details: the same as data that JSON can hold: ``operation``, ``as``, and the fields that were given.
            Names are full; of companies there is the ``address`` too. Addresses and hashes are 0x text, times
            UTC seconds, words as in files; masses (``mass_mg``) and CO2e are mg as decimal text.
    """

    summary: Phrase
    details: Mapping[str, Any]


def effect_of(operation: Base, names: Directory) -> Effect:
    """What an operation would do.

    Args:
        operation: any operation, as it was given: with its private texts, if it has some.
        names: with which it was planned, so that they know what it makes.

    Raises:
        UnknownNameError: it names something unknown.
    """
    actor = _actor(operation, names)
    who = operation.act_as or phrase("the consortium")
    details = {"operation": operation.op, "as": operation.act_as, **_data(operation, actor)}
    return Effect(operation.effect(actor, who), details)


def subject_of(operation: Base, names: Directory) -> Names:
    """What an operation is about, by full names: ``{"batch": "katanga/KOL-1"}``.

    Args:
        operation: any operation, as it was given.
        names: that know what it made or will make.

    Raises:
        UnknownNameError: it names something unknown.
    """
    return operation.subject(_actor(operation, names))


def _actor(operation: Base, names: Directory) -> Actor:
    return Actor(names.acting(operation.act_as) if operation.act_as else None, names)


def _data(item: Any, actor: Actor) -> dict[str, Any]:
    """The fields that were given, of an operation or of a part of one."""
    kind: type = type(item)
    given = ((field, getattr(item, field.name)) for field in declared(kind))
    return {
        _key(field, value): _value(field, value, actor)
        for field, value in given
        if field.name != "act_as"
        and value not in (None, (), {}, "", NO_EMISSIONS, NONE)
        and value is not False
    }


def _key(field: Declared, value: Any) -> str:
    """The field's word, and the unit of what is a mass or masses."""
    masses = (Form.MASS, Form.SUBSTANCE_MASSES, Form.LOSSES, Form.BATCH_MASSES)
    return f"{field.word}_mg" if field.value.form in masses and not isinstance(value, str) else field.word


def _value(field: Declared, value: Any, actor: Actor) -> Any:
    if field.value.names is not None:
        names = value if field.many else [value]
        full = [_named(field.value.names, name, actor) for name in names]
        return full if field.many else full[0]
    match field.value.form:
        case Form.MASS | Form.EMISSIONS | Form.SUBSTANCE_MASSES | Form.LOSSES | Form.BATCH_MASSES:
            return _amounts(field.value.form, value, actor)
        case Form.ANSWERS | Form.RECORD | Form.TOLERANCE | Form.CONTENTS | Form.PAIRS:
            return _pairs(value) if field.value.form is Form.PAIRS else _spoken(value, actor)
        case Form.EVIDENCE | Form.SUBSTANCE_LIST:
            return [symbol(item) if isinstance(item, int) else item.to_dict() for item in value]
        case Form.ADDRESS | Form.KEY | Form.DIGEST:
            return hexed(value)
        case Form.WORD:
            return [_word(item) for item in value] if field.many else _word(value)
        case Form.TEXT | Form.FLAG | Form.TIME | Form.PERCENT | Form.DEGREES | Form.INTEGER:
            return hexed(value) if isinstance(value, bytes) else list(value) if field.many else value
        case Form.CHILDREN | Form.INPUTS | Form.OUTPUTS:
            return [_data(part, actor) for part in value]
        case _:
            assert_never(field.value.form)


def _pairs(value: Any) -> dict[str, Any]:
    """Bounds by kind, identifiers by scheme."""
    if isinstance(value, dict):
        return {str(word): said for word, said in value.items()}
    return {item.scheme: item.value for item in value}


def _amounts(form: Form, value: Any, actor: Actor) -> Any:
    """CO2e by scope, masses by full name or symbol, or a mass; ``balance`` stays as it is."""
    if form is Form.EMISSIONS:
        amounts = asdict(value).items()
        return {f"{name}_mg": str(amount) for name, amount in amounts if amount or name not in _SOMETIMES}
    if form is Form.BATCH_MASSES:
        return {actor.full(name, "batch"): str(mass) for name, mass in value.items()}
    return (
        {symbol(item): str(mass) for item, mass in value.items()} if isinstance(value, dict) else str(value)
    )


def _spoken(value: Any, actor: Actor) -> Any:
    """What is said of lots, a record by its kind and full name, or what a material is allowed."""
    if isinstance(value, Tolerance):
        return asdict(value)
    if isinstance(value, dict) and all(isinstance(item, int) for item in value):
        return {symbol(item): {"least_bp": said[0], "highest_bp": said[1]} for item, said in value.items()}
    if not isinstance(value, RecordName):
        return {actor.full(name, "batch"): _answer(said) for name, said in value.items()}
    lots = [actor.full(name, "batch") for name in value.lots]
    return {value.kind: reversing.full(value, actor)} | ({"lots": lots} if lots else {})


def _answer(said: LotAnswer) -> Any:
    """What is said of a lot; what arrived as it was sent is ``received``."""
    if said.refused:
        return "refused"
    mass = {} if said.mass is None else {"mass_mg": str(said.mass)}
    held = {symbol(item): str(amount) for item, amount in said.substances.items()}
    measured = {"substances_mg": held} if held else {}
    difference = {"difference": said.difference.slug} if said.difference else {}
    return {**mass, **measured, **difference} or "received"


def _word(member: Any) -> str:
    """A member of an enumeration as files write it."""
    return member.name.lower() if isinstance(member, IntEnum) else str(member)


def _named(thing: Thing, name: str, actor: Actor) -> Any:
    match thing:
        case "participant":
            return {"participant": name, "address": hexed(actor.names.participant(name))}
        case "material":
            return name
        case "batch" | "facility" | "shipment" | "transformation" | "record" | "finding" | "assessment":
            return actor.full(name, thing)
        case _:
            assert_never(thing)
