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
from traceledger.events.abi import WORD, Codec, malformed, reading
from traceledger.events.fields import codec_of, is_indexed
from traceledger.model.frozen import frozen
from traceledger.model.keccak import keccak

if TYPE_CHECKING:
    from traceledger.events.event import Event


_ONE_WORD = {WORD}


@frozen
class Definition:
    """One event: its Solidity ``signature``, its ``topic`` (topic 0) and how its parameters are read.

    Attributes:
        signature: in Solidity.
        topic: topic 0.
        make: the event's class.
        indexed: the parameters that are topics: the place of each in the signature, and how it is read.
        plain: those that are data.
        read_topics: reads all that are topics.
        read_data: reads all that are data.
        order: for each parameter its place among those that are topics, then those that are data.
    """

    signature: str
    topic: bytes
    make: Callable[..., Event]
    indexed: tuple[tuple[int, Codec[Any]], ...]
    plain: tuple[tuple[int, Codec[Any]], ...]
    read_topics: Callable[[bytes, int], tuple[list[Any], int]]
    read_data: Callable[[bytes, int], tuple[list[Any], int]]
    order: tuple[int, ...]

    def decode(self, log: Log) -> Event:
        """Read one log of this event.

        Raises:
            VerificationError: topics or data are not what the contract writes.
        """
        topics = b"".join(log.topics[1:])
        # One word each: a topic of another length would be read as part of its neighbour.
        if len(log.topics) != 1 + len(self.indexed) or set(map(len, log.topics)) != _ONE_WORD:
            raise malformed("it has the wrong topics")
        named, _ = self.read_topics(topics, 0)
        told, end = self.read_data(log.data, 0)
        if end != len(log.data):
            raise malformed("something follows its last value")
        said = named + told
        return self.make(*[said[place] for place in self.order])


def _defined(make: type[Event]) -> Definition:
    """Describe an event by its class, whose fields are the Solidity parameters in their order."""
    parameters = [(codec_of(field.type), is_indexed(field.type)) for field in fields(make)]
    signature = f"{make.__name__}({','.join(codec.name for codec, _ in parameters)})"
    places = list(enumerate(parameters))
    topics = tuple((place, codec) for place, (codec, indexed) in places if indexed)
    plain = tuple((place, codec) for place, (codec, indexed) in places if not indexed)
    told = [place for place, _ in topics + plain]
    return Definition(
        signature=signature,
        topic=keccak(signature.encode()),
        make=make,
        indexed=topics,
        plain=plain,
        read_topics=reading([codec for _, codec in topics]),
        read_data=reading([codec for _, codec in plain]),
        order=tuple(map(told.index, range(len(told)))),
    )


def definitions(events: Any) -> tuple[Definition, ...]:
    """Describe each event of a union of their classes."""
    return tuple(map(_defined, get_args(events)))
