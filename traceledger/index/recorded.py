"""The ledger's events as the chain recorded them, read from the index's raw logs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar

from traceledger.chain.base import Log, topics_of
from traceledger.errors import VerificationError
from traceledger.events import LedgerEvent, RecordedEvent, decode
from traceledger.index.database import REBUILD, Database
from traceledger.index.disclosure import Disclosure
from traceledger.index.schema import split_position

Key = TypeVar("Key")
_AT_ONCE = 500  # SQLite allows 999 parameters in its oldest builds.


class RecordedEvents:
    """The events of the batch ledger, by their positions.

    Args:
        database: the index file.
        disclosure: discloses what is read.
    """

    def __init__(self, database: Database, disclosure: Disclosure) -> None:
        self._database = database
        self._disclosure = disclosure

    def at(self, positions: Iterable[int]) -> dict[int, RecordedEvent]:
        """The events at these positions.

        Raises:
            VerificationError: the index has lost one.
        """
        found: dict[int, RecordedEvent] = {}
        for some in chunks(positions):
            marks = ",".join("?" * len(some))
            query = (
                "SELECT position, transaction_index, transaction_hash, address, topics, data, timestamp"  # noqa: S608
                f" FROM log JOIN block ON block.number = position >> 24 WHERE position IN ({marks})"
            )
            logs = {position: row for position, *row in self._database.all(query, some)}
            for position in some:
                found[position] = self._disclosure.event(_recorded(position, logs.get(position)))
        return found


def event_at(database: Database, position: int) -> LedgerEvent:
    """The event of the batch ledger at a position, as the chain recorded it.

    Raises:
        VerificationError: the index has lost it.
    """
    row = database.one("SELECT 0, x'', address, topics, data, 0 FROM log WHERE position = ?", [position])
    return _recorded(position, row).event


def logs_of(database: Database, address: bytes) -> list[Log]:
    """All logs of one contract, as the chain recorded them, in its order."""
    query = "SELECT position, transaction_index, topics, data FROM log WHERE address = ? ORDER BY position"
    return [
        Log(address, topics_of(topics), data, transaction_index, split_position(position)[1])
        for position, transaction_index, topics, data in database.all(query, [address])
    ]


def chunks(keys: Iterable[Key]) -> Iterator[list[Key]]:
    """Distinct keys in lists that a statement can take."""
    distinct = iter(dict.fromkeys(keys))
    while chunk := list(islice(distinct, _AT_ONCE)):
        yield chunk


def _recorded(position: int, row: Sequence[Any] | None) -> RecordedEvent:
    block, log_index = split_position(position)
    event = None
    if row is not None:
        transaction_index, transaction_hash, address, topics, data, timestamp = row
        event = decode(Log(address, topics_of(topics), data, transaction_index, log_index))
    if row is None or not isinstance(event, LedgerEvent):
        raise VerificationError(f"the index has lost log {log_index} of block {block}", hint=REBUILD)
    return RecordedEvent(block, timestamp, transaction_index, log_index, transaction_hash, event)
