"""How the events of a contract are read from logs: what their classes say, as codecs, signature and topic.

Example:
    >>> from traceledger.events.ledger import LedgerEvent
    >>> [each.signature for each in definitions(LedgerEvent) if "Retired" in each.signature][0]
    'BatchRetired(uint256,address,uint8,uint64,string,(bytes32,string)[])'
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from typing import TYPE_CHECKING, Any, get_args

from traceledger.chain.base import Log
from traceledger.events.abi import Codec, malformed, values
from traceledger.events.fields import codec_of, is_indexed
from traceledger.model.frozen import frozen
from traceledger.model.keccak import keccak

if TYPE_CHECKING:
    from traceledger.events.event import Event


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


def _defined(make: type[Event]) -> Definition:
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


def definitions(events: Any) -> tuple[Definition, ...]:
    """Describe each event of a union of their classes."""
    return tuple(map(_defined, get_args(events)))
