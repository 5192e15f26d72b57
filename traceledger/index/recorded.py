"""The ledger's events as the chain recorded them, read from the index's raw logs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TypeVar

from traceledger.errors import VerificationError
from traceledger.events import LedgerEvent, RecordedEvent, decode
from traceledger.index.database import REBUILD, Database
from traceledger.index.disclosure import Disclosure
from traceledger.index.log_chunks import KeptLog
from traceledger.index.log_reader import LogReader
from traceledger.index.schema import split_position

Key = TypeVar("Key")
_AT_ONCE = 30_000  # SQLite allows 32,766 parameters since 3.32, and recursion with two branches since 3.34.


class RecordedEvents:
    """The events of the batch ledger, by their positions.

    Args:
        database: the index file.
        disclosure: discloses what is read.
    """

    def __init__(self, database: Database, disclosure: Disclosure) -> None:
        self._logs = LogReader(database)
        self._disclosure = disclosure

    def at(self, positions: Iterable[int]) -> dict[int, RecordedEvent]:
        """The events at these positions.

        Raises:
            VerificationError: the index has lost one.
        """
        wanted = list(dict.fromkeys(positions))
        addresses = self._logs.addresses
        # Decoded as they come: the logs themselves are not all in memory at one time.
        found = {
            kept.position: self._disclosure.event(_recorded(kept.position, kept, addresses))
            for kept in self._logs.at(wanted)
        }
        lost = next((position for position in wanted if position not in found), None)
        if lost is not None:
            _recorded(lost, None, addresses)
        return {position: found[position] for position in wanted}

    def histories(self, places: Iterable[tuple[int, int]]) -> dict[int, tuple[RecordedEvent, ...]]:
        """The events of batches, each decoded once.

        Args:
            places: ids of batches, each with the position of an event of it, in the order of the history.

        Raises:
            VerificationError: the index has lost an event.
        """
        asked = list(places)
        events = self.at(position for _, position in asked)
        found: dict[int, list[RecordedEvent]] = {}
        for batch, position in asked:
            found.setdefault(batch, []).append(events[position])
        return {batch: tuple(history) for batch, history in found.items()}


def event_at(database: Database, position: int) -> LedgerEvent:
    """The event of the batch ledger at a position, as the chain recorded it.

    Raises:
        VerificationError: the index has lost it.
    """
    reader = LogReader(database)
    found = next(reader.at([position]), None)
    return _recorded(position, found, reader.addresses).event


def event_of(kept: KeptLog, addresses: Sequence[bytes]) -> LedgerEvent:
    """The event of the batch ledger in a log.

    Raises:
        VerificationError: there is none in it.
    """
    return _recorded(kept.position, kept, addresses).event


def chunks(keys: Iterable[Key]) -> Iterator[list[Key]]:
    """Distinct keys in lists that a statement can take."""
    distinct = iter(dict.fromkeys(keys))
    while chunk := list(islice(distinct, _AT_ONCE)):
        yield chunk


def _recorded(position: int, kept: KeptLog | None, addresses: Sequence[bytes]) -> RecordedEvent:
    block, log_index = split_position(position)
    event = None if kept is None else decode(kept.log(addresses))
    if kept is None or not isinstance(event, LedgerEvent):
        raise VerificationError(f"the index has lost log {log_index} of block {block}", hint=REBUILD)
    return RecordedEvent(
        block, kept.timestamp, kept.transaction_index, log_index, kept.transaction_hash, event
    )
