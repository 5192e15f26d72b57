"""Reads raw logs out of the rows in which the index keeps some hundred of them together."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from functools import cached_property

from traceledger.chain.base import Log
from traceledger.index.database import Database
from traceledger.index.log_chunks import KeptLog, chunk, unpacked
from traceledger.index.schema import join_position, last_position

_HOLDING = "(SELECT max(position) FROM main.log WHERE position <= {})"
_AT = f"""SELECT body FROM log WHERE position IN (SELECT {_HOLDING.format("value")} FROM json_each(?))
    ORDER BY position"""  # noqa: S608  (no value is in it)
_BETWEEN = f"""SELECT body FROM log WHERE position BETWEEN ifnull({_HOLDING.format("?1")}, ?1) AND ?2
    ORDER BY position"""  # noqa: S608
_ADDRESSES = "SELECT ledger, registry, assurance, access_manager FROM meta"
_AT_ONCE = 10_000  # positions whose chunks are in memory at one time


class LogReader:
    """The logs of an index.

    Args:
        database: the index file.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    @cached_property
    def addresses(self) -> tuple[bytes, ...]:
        """Those of the contracts that are followed, as :attr:`KeptLog.contract` counts them."""
        return self._database.one(_ADDRESSES) or ()

    def at(self, positions: Iterable[int]) -> Iterator[KeptLog]:
        """The logs at these positions, in the chain's order; where there is none, nothing."""
        wanted = sorted(set(positions))
        for first in range(0, len(wanted), _AT_ONCE):
            some = wanted[first : first + _AT_ONCE]
            asked = set(some)
            for (body,) in self._database.all(_AT, [json.dumps(some)]):
                held = chunk(body)
                yield from (held.log(place) for place, each in enumerate(held.positions) if each in asked)

    def of_blocks(self, first: int, last: int) -> Iterator[KeptLog]:
        """The logs of the blocks ``first`` to ``last``, both included, in the chain's order."""
        low, high = join_position(first, 0), last_position(last)
        for (body,) in self._database.all(_BETWEEN, [low, high]):
            yield from (log for log in unpacked(body) if low <= log.position <= high)

    def of_contract(self, address: bytes) -> Iterator[KeptLog]:
        """All logs of one contract, in the chain's order; none of one that is not followed."""
        addresses = self.addresses
        if address not in addresses:
            return
        number = addresses.index(address)
        query = "SELECT body FROM log WHERE contracts & ?"
        # Nearly all logs are the batch ledger's: what holds others is in an index of its own.
        query += " AND contracts <> 1 ORDER BY position" if number else " ORDER BY position"
        for (body,) in self._database.all(query, [1 << number]):
            yield from (log for log in unpacked(body) if log.contract == number)


def logs_of(database: Database, address: bytes) -> list[Log]:
    """All logs of one contract, as the chain recorded them, in its order."""
    reader = LogReader(database)
    addresses = reader.addresses
    return [log.log(addresses) for log in reader.of_contract(address)]
