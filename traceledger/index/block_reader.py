"""Reads blocks that changed anything, and their raw logs, as the chain gave them."""

from __future__ import annotations

from traceledger.chain.base import Log
from traceledger.index.database import Database
from traceledger.index.log_reader import LogReader
from traceledger.model.frozen import frozen

_MAX = 2**63 - 1


@frozen
class IndexedBlock:
    """A block that holds logs of our contracts: its number, hash, parent's hash, time (UTC seconds), logs."""

    number: int
    hash: bytes
    parent: bytes
    timestamp: int
    logs: int


@frozen
class IndexedLog:
    """A log of one of our contracts, and the transaction that wrote it."""

    transaction: bytes
    log: Log


class BlockReader:
    """The raw side of an index.

    Args:
        database: the index file.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def blocks(self, *, after: int | None, newest: bool, most: int) -> list[IndexedBlock]:
        """Blocks that changed anything, from one after another's number.

        Args:
            after: that number; ``None``: from the beginning.
            newest: from the newest to the oldest, not the other way round.
            most: how many.
        """
        condition = "" if after is None else f"WHERE number {'<' if newest else '>'} ?"
        order = "DESC" if newest else "ASC"
        columns = "number, hash, parent, timestamp, logs"
        query = f"SELECT {columns} FROM block {condition} ORDER BY number {order} LIMIT ?"  # noqa: S608
        values = [*([] if after is None else [min(after, _MAX)]), most]
        return [IndexedBlock(*row) for row in self._database.all(query, values)]

    def block(self, number: int) -> IndexedBlock | None:
        """The block of that number, if it changed anything."""
        found = self.blocks(after=number - 1, newest=False, most=1) if 0 <= number <= _MAX else []
        return found[0] if found and found[0].number == number else None

    def number_of(self, hash_: bytes) -> int | None:
        """The number of the block of that hash, if it changed anything."""
        row = self._database.one("SELECT number FROM block WHERE hash = ?", [hash_])
        return row[0] if row else None

    def logs(self, block: int) -> list[IndexedLog]:
        """The logs of a block, in its order."""
        reader = LogReader(self._database)
        addresses = reader.addresses
        return [
            IndexedLog(kept.transaction_hash, kept.log(addresses)) for kept in reader.of_blocks(block, block)
        ]
