"""Reads where the events stand that batches need: with few questions, and without decoding any.

A batch is needed up to a position. Its events until then name other batches, and of these all until there is
needed as well, but of those that the event made.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

from traceledger.index.database import Database
from traceledger.index.edges import Edge

_NEWEST = """e.batch = {batch} AND e.sort = {sort} AND e.position = (SELECT max(position)
    FROM main.batch_event WHERE batch = {batch} AND sort = {sort} AND position {until})"""


def _of_both(select: str, *, batch: str, until: str) -> str:
    """A question for both sorts of events that stand in the story of a batch, as two."""
    found = (select + _NEWEST.format(batch=batch, sort=sort, until=until) for sort in (0, 1))
    return " UNION ".join(found)


_ROW = "SELECT e.position, e.batch, e.sort FROM"
_BEGUN = _of_both(
    f"{_ROW} json_each(?1) AS k CROSS JOIN main.batch_event AS e WHERE ",
    batch="json_extract(k.value, '$[0]')",
    until="<= json_extract(k.value, '$[1]')",
)
_NAMED = _of_both(
    f"{_ROW} node CROSS JOIN main.batch_event AS other CROSS JOIN main.batch_event AS e"
    f" WHERE node.batch = 0 AND other.position = node.position AND other.role <> {Edge.MADE:d} AND ",
    batch="other.batch",
    until="<= node.position",
)
_OLDER = _NEWEST.format(batch="node.batch", sort="node.sort", until="< node.position")
_NEEDED = f"""WITH RECURSIVE node(position, batch, sort) AS (
    {_BEGUN}
    UNION {_ROW} node CROSS JOIN main.batch_event AS e WHERE node.batch <> 0 AND {_OLDER}
    UNION SELECT position, 0, 0 FROM node WHERE node.batch <> 0
    UNION {_NAMED})
    SELECT position, batch FROM node WHERE batch <> 0"""  # noqa: S608  (no value is in it)
"""An event stands once for each batch that needs it, and once with the batch 0: others follow of that, or
each batch of it would be met once for each other one."""
_SAID = """SELECT e.position, e.batch, r.position IS NOT NULL, (SELECT record.position FROM main.record
        WHERE substr(record.id, 1, 8) = substr(r.record, 1, 8) AND record.id = r.record
        AND record.kind = r.kind)
    FROM json_each(?) AS k CROSS JOIN main.batch_event AS e ON e.batch = k.value AND e.sort = 2
    LEFT JOIN main.restatement AS r ON r.position = e.position"""


class Said(NamedTuple):
    """What is said of a batch (number) at any time: an error, or that a record is restated.

    ``record``: where the record stands; ``None``: it is an error, or of no record that is known.
    """

    position: int
    batch: int
    restates: bool
    record: int | None


class NeededReader:
    """Positions of what batches need.

    Args:
        database: the index file.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def story(self, until: Mapping[int, int]) -> Iterator[tuple[int, int]]:
        """All that happened to batches, and to what that names, without what is said at any time.

        Args:
            until: by batch (number), up to which position, included.

        Returns:
            Positions of events, each with a batch (number) that needs it.
        """
        for rows in self._database.each(_NEEDED, [json.dumps(list(until.items()))]):
            yield from rows

    def said(self, batches: Collection[int]) -> Iterator[Said]:
        """What is said at any time of batches (by number)."""
        for rows in self._database.each(_SAID, [json.dumps(list(batches))]):
            yield from (Said(position, batch, bool(what), of) for position, batch, what, of in rows)
