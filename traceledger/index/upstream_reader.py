"""Reads the histories of all that a batch was made of, with as many queries for a million as for one.

Its recursion goes from a batch to the event that made it and from an event to what it took, alternately: from
batch to batch it would meet each input of a run once for each of its outputs.
"""

from __future__ import annotations

import json

from traceledger.events import RecordedEvent
from traceledger.index.database import Database
from traceledger.index.edges import Sort
from traceledger.index.recorded import RecordedEvents
from traceledger.index.schema import last_position
from traceledger.index.things import ids_by_number, numbers_by_id

_UPSTREAM = f"""
WITH RECURSIVE upstream (node, is_event) AS (
    VALUES (?, 0)
    UNION SELECT batch.made_at, 1 FROM upstream JOIN main.batch ON batch.number = node WHERE NOT is_event
    UNION SELECT taken.batch, 0 FROM upstream JOIN main.batch_event AS taken
        ON taken.position = node AND taken.sort = {Sort.TAKE:d} WHERE is_event)
SELECT node FROM upstream WHERE NOT is_event"""  # noqa: S608  (no value is in it)
_STORIES = f"""
SELECT batch, position FROM main.batch_event
    WHERE batch IN (SELECT value FROM json_each(?)) AND sort <> {Sort.TAKE:d} AND position <= ?
    ORDER BY position"""  # noqa: S608


class UpstreamReader:
    """What lineages are built of.

    Args:
        database: the index file.
        recorded: its events.
    """

    def __init__(self, database: Database, recorded: RecordedEvents) -> None:
        self._database = database
        self._recorded = recorded

    def histories(self, batch: int, as_of: int) -> dict[int, tuple[RecordedEvent, ...]]:
        """By id, what happened to a batch, and to all that it was made of, up to a block.

        What was taken of them for others is left out. They may be more than the lineage, which ends at
        products that were taken back.
        """
        with self._database.reading():
            number = numbers_by_id(self._database, "batch", [batch]).get(batch)
            if number is None:
                return {}
            numbers = made_of(self._database, number)
            places = self._database.all(_STORIES, [json.dumps(numbers), last_position(as_of)])
            ids = ids_by_number(self._database, "batch", numbers)
            return self._recorded.histories((ids[node], position) for node, position in places)


def made_of(database: Database, batch: int) -> list[int]:
    """The numbers of a batch (by number) and of all that it was made of, also before a product came back."""
    return [node for (node,) in database.all(_UPSTREAM, [batch])]
