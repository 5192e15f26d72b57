"""From a raw log to a typed event: the one decoder of index and verifier.

Example:
    >>> from traceledger.chain.base import Log
    >>> decode(Log(address=bytes(20), topics=(bytes(32),), data=b"", transaction_index=0, index=0)) is None
    True
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from typing import Any, get_args

from traceledger.chain.base import Log
from traceledger.errors import VerificationError
from traceledger.events.abi import Codec, malformed, values
from traceledger.events.assurance import AssuranceEvent, ManagerEvent
from traceledger.events.fields import codec_of, is_indexed
from traceledger.events.ledger import LedgerEvent
from traceledger.events.registry import RegistryEvent
from traceledger.model.frozen import frozen
from traceledger.model.keccak import keccak

Event = LedgerEvent | RegistryEvent | AssuranceEvent | ManagerEvent


@frozen
class Definition:
    """One event: its Solidity ``signature``, its ``topic`` (topic 0) and how its parameters are read."""

    signature: str
    topic: bytes
    make: Callable[..., Event]
    indexed: tuple[tuple[int, Codec[Any]], ...]
    plain: tuple[tuple[int, Codec[Any]], ...]

    def decode(self, log: Log) -> Event:
        """Read one log of this event.

        Raises:
            VerificationError: topics or data are not what the contract writes.
        """
        topics = log.topics[1:]
        if len(topics) != len(self.indexed) or any(len(topic) != 32 for topic in topics):
            raise malformed("it has the wrong topics")
        arguments: list[Any] = [None] * (len(self.indexed) + len(self.plain))
        for (place, codec), topic in zip(self.indexed, topics, strict=True):
            arguments[place] = codec.read(topic, 0)[0]
        data = values([codec for _, codec in self.plain], log.data)
        for (place, _), value in zip(self.plain, data, strict=True):
            arguments[place] = value
        return self.make(*arguments)


def _define(make: type[Event]) -> Definition:
    """Describe an event by its class, whose fields are the Solidity parameters in their order."""
    parameters = [(codec_of(field.type), is_indexed(field.type)) for field in fields(make)]
    signature = f"{make.__name__}({','.join(codec.name for codec, _ in parameters)})"
    places = list(enumerate(parameters))
    return Definition(
        signature=signature,
        topic=keccak(signature.encode()),
        make=make,
        indexed=tuple((place, codec) for place, (codec, indexed) in places if indexed),
        plain=tuple((place, codec) for place, (codec, indexed) in places if not indexed),
    )


LEDGER_EVENTS: tuple[Definition, ...] = tuple(map(_define, get_args(LedgerEvent)))
"""Every event of the batch ledger."""
REGISTRY_EVENTS: tuple[Definition, ...] = tuple(map(_define, get_args(RegistryEvent)))
"""Every event of the participant registry."""
ASSURANCE_EVENTS: tuple[Definition, ...] = tuple(map(_define, get_args(AssuranceEvent)))
"""Every event of the assurance registry."""
MANAGER_EVENTS: tuple[Definition, ...] = tuple(map(_define, get_args(ManagerEvent)))
"""The events of OpenZeppelin's AccessManager that tell of changes that are announced."""

_BY_TOPIC = {
    definition.topic: definition
    for definition in LEDGER_EVENTS + REGISTRY_EVENTS + ASSURANCE_EVENTS + MANAGER_EVENTS
}


def decode(log: Log) -> Event | None:
    """The typed event in ``log``, or ``None`` where it is none of ours (ERC-721's, AccessManaged's).

    Which contract wrote the log is the caller's to check: anyone can emit a log of the same shape.

    Raises:
        VerificationError: it claims to be one of our events, but its data is malformed.
    """
    definition = _BY_TOPIC.get(log.topics[0]) if log.topics else None
    if definition is None:
        return None
    try:
        return definition.decode(log)
    except VerificationError as error:
        name = definition.signature.partition("(")[0]
        raise VerificationError(error.what, hint=error.hint, where=f"log {log.index}, {name}") from None
