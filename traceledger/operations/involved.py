"""Whom an operation names, by address, and which lots: for who is about to sign it.

Read off what the operation's fields declare, so that a new operation needs nothing here.

Example:
    >>> Party("to", "kokkola", bytes(20)).named
    'kokkola 0x0000000000000000000000000000000000000000'
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from traceledger.model.frozen import frozen
from traceledger.model.hexadecimal import hexed
from traceledger.operations import reversing
from traceledger.operations.actor import Actor
from traceledger.operations.base import Base
from traceledger.operations.custody import Cancel, Receive, Reject
from traceledger.operations.declared import Declared, declared
from traceledger.operations.directory import Directory
from traceledger.operations.fields import Form
from traceledger.operations.spoken import RecordName

_BY_LOT = (Form.BATCH_MASSES, Form.ANSWERS)


@frozen
class Party:
    """Somebody whom an operation names.

    Attributes:
        word: as what: ``to``, ``owner``, ``participant``, ``sender``, ``operator``.
        name: the short name; empty where there is only an address.
        address: 20 bytes.
    """

    word: str
    name: str
    address: bytes

    @property
    def named(self) -> str:
        """Name and address, for people."""
        return f"{self.name} {hexed(self.address)}".strip()


@frozen
class Involved:
    """Whom an operation names, and which lots, by their ids."""

    parties: tuple[Party, ...]
    batches: tuple[int, ...]


def involved(operation: Base, names: Directory) -> Involved:
    """Whom an operation names, each by the address that is signed, and which lots.

    Args:
        operation: any operation.
        names: with which it was planned.

    Raises:
        InputError: it names something unknown.
        VerificationError: whom a name means is not proved.
    """
    actor = Actor(names.acting(operation.act_as) if operation.act_as else None, names)
    parties: list[Party] = []
    batches: list[int] = []
    for field in declared(type(operation)):
        value = getattr(operation, field.name)
        if field.name == "act_as" or not value:
            continue
        parties += _parties(field, value, actor)
        batches += _batches(field, value, actor, operation)
    return Involved(tuple(dict.fromkeys(parties)), tuple(dict.fromkeys(batches)))


def _parties(field: Declared, value: Any, actor: Actor) -> Iterator[Party]:
    if field.value.names == "participant":
        for name in _listed(field, value):
            yield Party(field.word, name, actor.names.participant(name))
    elif field.value.form in (Form.KEY, Form.ADDRESS):
        yield Party(field.word, "", value)
    elif field.value.names == "shipment" and not field.value.new:
        shipment = actor.shipment(value)
        yield _proved("sender", shipment.sender, actor)
        yield _proved("receiver", shipment.receiver, actor)


def _proved(word: str, address: bytes, actor: Actor) -> Party:
    """Who is at an address, by the name that is proved to be its own."""
    slug = actor.names.slug(address)
    named = not slug.startswith("0x") and actor.names.participant(slug) == address
    return Party(word, slug if named else "", address)


def _batches(field: Declared, value: Any, actor: Actor, operation: Base) -> Sequence[int]:
    if field.value.names == "batch" and not field.value.new:
        return [actor.batch(name) for name in _listed(field, value)]
    if field.value.form in _BY_LOT:
        return [actor.batch(name) for name in value]
    if field.value.names == "shipment" and isinstance(operation, Receive | Reject | Cancel):
        return operation.shown_lots(actor)
    return _of_record(value, actor) if isinstance(value, RecordName) else []


def _of_record(of: RecordName, actor: Actor) -> list[int]:
    if of.kind == "receive":
        return [actor.batch(name) for name in of.lots] or list(actor.shipment(of.name).batches)
    return [actor.batch(of.name)] if reversing.owned(of) == "batch" else []


def _listed(field: Declared, value: Any) -> Sequence[str]:
    return value if field.many else [value]
