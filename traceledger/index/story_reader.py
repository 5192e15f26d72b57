"""What a batch went through, in pieces: however often it was named, no more is read than is shown.

Example:
    >>> from traceledger.index.edges import Sort
    >>> [sort.name for sort in Sort]
    ['STORY', 'TAKE', 'ANY_TIME']
"""

from __future__ import annotations

from heapq import merge
from itertools import islice

from traceledger.events import RecordedEvent
from traceledger.index.database import Database
from traceledger.index.disclosure import Disclosure
from traceledger.index.edges import Sort
from traceledger.index.recorded import RecordedEvents
from traceledger.index.schema import ALL, MADE_OF
from traceledger.index.things import ids_by_number, numbers_by_id


class StoryReader:
    """Reads pieces of the histories of batches.

    Args:
        database: the index file.
        disclosure: discloses what is read.
    """

    def __init__(self, database: Database, disclosure: Disclosure) -> None:
        self._database = database
        self._recorded = RecordedEvents(database, disclosure)

    def events(
        self, batch: int, *, after: int | None = None, newest: bool = False, most: int
    ) -> list[tuple[int, RecordedEvent]]:
        """Events that concern a batch (id), each with its position, in the chain's order.

        Args:
            batch: the batch; of an unknown one, there are none.
            after: those that stand after this position; newest first, those that stand before it.
            newest: from the newest to the oldest.
            most: how many at most.
        """
        number = self._number(batch)
        if number is None:
            return []
        one, order = ("<", "DESC") if newest else (">", "ASC")
        begin = (2**63 - 1 if newest else -1) if after is None else after
        # One range of the key for each sort: together they would be sorted first, however many they are.
        query = (
            f"SELECT position FROM batch_event WHERE batch = ? AND sort = ? AND position {one} ?"  # noqa: S608
            f" ORDER BY position {order} LIMIT ?"
        )
        found = (self._database.all(query, (number, int(sort), begin, most)) for sort in Sort)
        places = [at for (at,) in islice(merge(*found, reverse=newest), most)]
        events = self._recorded.at(places)
        return [(at, events[at]) for at in places]

    def count(self, batch: int) -> int:
        """How many events concern a batch (id)."""
        query = "SELECT count(*) FROM batch_event WHERE batch = ?"
        (count,) = self._database.one(query, [self._number(batch)]) or (0,)
        return int(count)

    def made_of(self, batch: int, *, most: int) -> list[int]:
        """Ids of batches that were made of one (id), in the chain's order, at most so many."""
        number = self._number(batch)
        found = [] if number is None else [child for child, _ in self._database.all(MADE_OF, (number, most))]
        ids = ids_by_number(self._database, "batch", found)
        return [ids[child] for child in found]

    def count_made_of(self, batch: int) -> int:
        """How many batches were made of one (id)."""
        query = f"SELECT count(*) FROM ({MADE_OF})"  # noqa: S608
        (count,) = self._database.one(query, (self._number(batch), ALL)) or (0,)
        return int(count)

    def _number(self, batch: int) -> int | None:
        return numbers_by_id(self._database, "batch", [batch]).get(batch)
