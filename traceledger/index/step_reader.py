"""Reads the steps of what happened to batches and to all that they are made of, or that is made of them.

Each question is one statement of SQL, however large the lineage is: what comes next is found while it runs,
and its rows come one after the other, so that of a million only the frontier is in memory.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from marshal import dumps
from typing import Any
from zlib import crc32

from traceledger.events import Position, RecordedEvent
from traceledger.index import rows
from traceledger.index.database import Database
from traceledger.index.disclosure import Disclosure
from traceledger.index.kept_reader import KeptReader
from traceledger.index.recorded import RecordedEvents
from traceledger.index.schema import blob_id, join_position, last_position, split_position
from traceledger.index.seals import FORMAT
from traceledger.index.step_rows import steps_from
from traceledger.index.things import ByNumber, ids_by_number, numbers_by_id, things
from traceledger.model.batches import Batch, BatchState, Beginning
from traceledger.model.commitments import FieldKind
from traceledger.replay.custody import Custody, Remainder, remainder_after
from traceledger.replay.telling import Made, Place
from traceledger.walk.steps import Step

_EVER = 2**63 - 1
_BEGINNINGS = {each.value: each for each in Beginning}  # Asked for every origin: a call takes longer.
_AS_ROW = "e.position, CASE e.role WHEN 0 THEN 0 ELSE e.batch END"
"""An event in the story of a batch: what made it is of no batch, as it makes all that is reached of it."""
_NEWEST = """e.batch = {batch} AND e.sort = {sort} AND e.position = (SELECT max(position)
    FROM main.batch_event WHERE batch = {batch} AND sort = {sort} AND position < {before})"""
_OLDEST = """e.batch = {batch} AND e.sort = {sort} AND e.position = (SELECT min(position)
    FROM main.batch_event WHERE batch = {batch} AND sort = {sort} AND position > {after})"""
_STEPS = "CROSS JOIN main.step ON step.position = node.position"
# The queue of a recursive query is in the order of positions: what is taken from it is always the newest. The
# limit, which is none, keeps SQLite from leaving the order away as that of rows that are joined to others.
_UP = f"""WITH RECURSIVE node(position, batch) AS (
    SELECT {_AS_ROW} FROM main.batch_event AS e WHERE {_NEWEST.format(batch="?1", sort=0, before="?2")}
    UNION ALL SELECT position, -batch FROM main.batch_event WHERE batch = ?1 AND sort = 1 AND position < ?2
    UNION SELECT {_AS_ROW} FROM node CROSS JOIN main.batch_event AS e
        WHERE node.batch > 0 AND {_NEWEST.format(batch="node.batch", sort=0, before="node.position")}
    UNION SELECT {_AS_ROW} FROM node CROSS JOIN main.batch_event AS t CROSS JOIN main.batch_event AS e
        WHERE node.batch = 0 AND t.position = node.position AND t.sort = 1
        AND {_NEWEST.format(batch="t.batch", sort=0, before="t.position")}
    ORDER BY 1 DESC LIMIT -1)
    SELECT node.position, abs(batch), kind, body, seal FROM node {_STEPS}"""  # noqa: S608
"""What was taken of the asked batch for others stands with the number below zero: nothing follows of it."""
_AS_SORTED_ROW = "e.position, CASE e.role WHEN 0 THEN 0 ELSE e.batch END, e.sort"


def _of_both(select: str) -> str:
    """A question for both sorts, as two: SQLite would write a table of two rows anew for each node."""
    return " UNION ".join(select.replace("{sort}", str(sort)) for sort in (0, 1))


def _newest(batch: str, before: str) -> str:
    return _NEWEST.format(batch=batch, sort="{sort}", before=before)


def _oldest(batch: str, after: str) -> str:
    return _OLDEST.format(batch=batch, sort="{sort}", after=after)


_NEXT_OLDER = _NEWEST.format(batch="node.batch", sort="node.sort", before="node.position")
_TAKEN_AT = f"""SELECT {_AS_SORTED_ROW} FROM node CROSS JOIN main.batch_event AS t
    CROSS JOIN main.batch_event AS e WHERE node.batch = 0 AND t.position = node.position AND t.sort = 1
    AND {_newest("t.batch", "t.position")}"""  # noqa: S608
_RETURNED_AT = f"""SELECT {_AS_SORTED_ROW} FROM node CROSS JOIN main.batch_event AS t
    CROSS JOIN main.batch_event AS e WHERE node.batch <> 0 AND node.sort = 0
    AND t.position = node.position AND t.sort = 0 AND t.role = 4 AND {_newest("t.batch", "t.position")}"""  # noqa: S608
_ASKED = f"SELECT {_AS_SORTED_ROW} FROM main.batch_event AS e WHERE {_newest('?1', '?2')}"  # noqa: S608
_UP_WHOLE = f"""WITH RECURSIVE node(position, batch, sort) AS (
    {_of_both(_ASKED)}
    UNION SELECT {_AS_SORTED_ROW} FROM node CROSS JOIN main.batch_event AS e
        WHERE node.batch <> 0 AND {_NEXT_OLDER}
    UNION {_of_both(_TAKEN_AT)}
    UNION {_of_both(_RETURNED_AT)}
    ORDER BY 1 DESC LIMIT -1)
    SELECT node.position, batch, kind, body, seal FROM node {_STEPS}"""  # noqa: S608
_NEXT_NEWER = _OLDEST.format(batch="node.batch", sort="node.sort", after="node.position")
_BEGUN = f"""SELECT e.position, e.batch, e.sort FROM json_each(?1) AS k CROSS JOIN main.batch_event AS e
    WHERE e.position < ?2 AND {_oldest("k.value", "-1")}"""  # noqa: S608
_MADE_AT = f"""SELECT e.position, e.batch, e.sort FROM node CROSS JOIN main.batch_event AS m
    CROSS JOIN main.batch_event AS e WHERE e.position < ?2 AND node.batch = 0
    AND m.position = node.position AND m.sort = 0 AND m.role = 0 AND {_oldest("m.batch", "m.position")}"""  # noqa: S608
_DOWN = f"""WITH RECURSIVE node(position, batch, sort) AS (
    {_of_both(_BEGUN)}
    UNION SELECT e.position, e.batch, e.sort FROM node CROSS JOIN main.batch_event AS e
        WHERE e.position < ?2 AND node.batch <> 0 AND {_NEXT_NEWER}
    UNION SELECT position, 0, 0 FROM node WHERE node.batch <> 0 AND node.sort = 1
    UNION {_of_both(_MADE_AT)}
    ORDER BY 1 LIMIT -1)
    SELECT node.position, batch, kind, body, seal FROM node {_STEPS}"""  # noqa: S608
"""What an event took of stands once for each batch, and once with the batch 0: what it made follows of that,
or each of a run's outputs would be met once for each of its inputs."""
_SAID_OF = """SELECT e.position, e.batch, kind, body, step.seal
    FROM json_each(?1) AS k CROSS JOIN main.batch_event AS e ON e.batch = k.value AND e.sort = 2
    AND e.position < ?2 CROSS JOIN main.step ON step.position = e.position ORDER BY e.position DESC"""
_SAID = """SELECT e.position, e.batch, kind, body, step.seal FROM main.batch_event AS e
    CROSS JOIN main.step ON step.position = e.position WHERE e.sort = 2 AND e.position < ?
    ORDER BY e.position DESC"""
_MADE = """SELECT batch.number, batch.id, batch.creator, identifier, batch.facility, batch.material, origin,
    batch.made_at FROM json_each(?) AS one CROSS JOIN main.batch ON batch.number = one.value
    CROSS JOIN main.listed ON listed.number = batch.number"""
_STORIES = """SELECT batch.id, e.position FROM json_each(?) AS one
    CROSS JOIN main.batch ON batch.number = one.value
    CROSS JOIN main.batch_event AS e ON e.batch = one.value AND e.sort <> 1
    WHERE e.position < ? ORDER BY e.position"""
_ALL_OF = """SELECT e.batch, e.position FROM json_each(?) AS one
    CROSS JOIN main.batch_event AS e ON e.batch = one.value AND e.sort IN (0, 1)
    WHERE e.position < ? ORDER BY e.position"""
_LEFT = """SELECT number, custodian, state, mass, substances FROM batch
    WHERE number IN (SELECT value FROM json_each(?))"""
_CHANGED = """SELECT one.value FROM json_each(?) AS one WHERE EXISTS (SELECT 1 FROM main.batch_event AS e
    WHERE e.batch = one.value AND e.sort IN (0, 1) AND e.position >= ?)"""
_HELD = """SELECT batch.number FROM json_each(?) AS one
    CROSS JOIN main.batch ON batch.number = one.value WHERE batch.marks & ?"""
_HOLDS = ("held_by_custodian", "held_by_auditor", "recalled")
_SINCE = "SELECT 1 FROM main.batch_event WHERE batch = ? AND sort IN (0, 1, 2) AND position >= ? LIMIT 1"


class StepReader:
    """The steps in an index: :class:`traceledger.provenance.source.Steps`, by the numbers of batches.

    Args:
        database: the index file.
        disclosure: discloses what is read.
    """

    def __init__(self, database: Database, disclosure: Disclosure) -> None:
        self._database = database
        self._disclosure = disclosure
        self._recorded = RecordedEvents(database, disclosure)

    def key(self, batch: int) -> int | None:
        """The number of a batch (by id); ``None``: there is none of that id."""
        return numbers_by_id(self._database, "batch", [batch]).get(batch)

    def keys(self, batches: Collection[int]) -> dict[int, int]:
        """The numbers of batches by id; unknown ones are left out."""
        return numbers_by_id(self._database, "batch", batches)

    def upstream(self, batch: int, before: int | None, *, all_takes: bool) -> Iterator[tuple[Step, int]]:
        """What happened to a batch (by number) and to all that it was made of, newest first.

        Args:
            batch: its number.
            before: only what stands before this position; ``None``: everything.
            all_takes: also what was taken of upstream batches for others, and the histories of what came back
                to them by a reversal.

        Returns:
            Steps, each with the batch by whose history it came; 0: it made what is upstream. One may come
            several times, one after the other.
        """
        return self._steps(_UP_WHOLE if all_takes else _UP, (batch, _EVER if before is None else before))

    def made_of(self, batch: int) -> list[int]:
        """The numbers of a batch and of all that it was made of, whatever came back or was reversed."""
        # Most lineages have nothing that asks for it.
        from traceledger.index.upstream_reader import made_of

        return made_of(self._database, batch)

    def downstream(self, batches: Collection[int], before: int | None) -> Iterator[Step]:
        """What happened to batches (by number) and to all that was made of them, in the chain's order."""
        last = None
        values = (json.dumps(sorted(batches)), _EVER if before is None else before)
        for step, _ in self._steps(_DOWN, values):
            if step.at != last:
                last = step.at
                yield step

    def marked(self, batches: Collection[int], before: int | None) -> Iterator[tuple[Step, int]]:
        """What is said at any time of batches (by number): errors and restatements. Newest first."""
        end = _EVER if before is None else before
        # Errors and restatements are rare: most often there are fewer on the ledger than batches upstream.
        few = "SELECT count(*) FROM (SELECT 1 FROM main.batch_event WHERE sort = 2 LIMIT ?)"
        (said,) = self._database.one(few, [len(batches) + 1]) or (0,)
        if said > len(batches):
            yield from self._steps(_SAID_OF, (json.dumps(sorted(batches)), end))
            return
        wanted = frozenset(batches)
        yield from ((step, batch) for step, batch in self._steps(_SAID, (end,)) if batch in wanted)

    def places(self) -> dict[int, Place]:
        """Where emissions arose, by the numbers that steps have."""
        query = "SELECT number, participant, sort, facility, process, recycles FROM place"
        with self._database.reading():
            found = self._database.all(query)
            ids = things(self._database, (row[at] for row in found for at in (1, 3)))
        return ByNumber(
            (number, Place(ids[who], sort, blob_id(ids[where]) if where else 0, *rest))
            for number, who, sort, where, *rest in found
        )

    def made(self, batches: Collection[int]) -> dict[int, Made]:
        """How batches came to be, by number; they are numbered in the order in which they were made."""
        with self._database.reading():
            found = self._database.all(_MADE, [json.dumps(list(batches))])
            ids = things(self._database, {row[at] for row in found for at in (2, 4, 5)})
        numbers = ByNumber((number, blob_id(blob)) for number, blob in ids.items())
        text = self._disclosure.text
        return ByNumber(
            (
                key,
                Made(
                    blob_id(id_),
                    ids[creator],
                    text(FieldKind.BATCH, ids[creator], identifier),
                    _BEGINNINGS[how],
                    numbers[facility],
                    numbers[material],
                    made_at,
                    (key,),
                ),
            )
            for key, id_, creator, identifier, facility, material, how, made_at in found
        )

    def histories(self, batches: Collection[int], before: int | None) -> dict[int, tuple[RecordedEvent, ...]]:
        """By id, the events of batches (by number) in the chain's order, without takes for others."""
        values = [json.dumps(list(batches)), _EVER if before is None else before]
        places = ((blob_id(id_), position) for id_, position in self._database.all(_STORIES, values))
        return self._recorded.histories(places)

    def held(self, batches: Collection[int]) -> list[int]:
        """The numbers of those batches that are on hold now, or recalled."""
        marks = sum(1 << bit for bit, name in enumerate(rows.MARKS) if name in _HOLDS)
        return [key for (key,) in self._database.all(_HELD, [json.dumps(list(batches)), marks])]

    def events(self, places: Collection[int]) -> dict[int, RecordedEvent]:
        """Events by their positions."""
        return self._recorded.at(places)

    def now(self, batch: int, before: int | None) -> Batch | None:
        """A batch (by number) as it is; ``None``: it was reversed, or changed since."""
        if before is not None and self._database.one(_SINCE, [batch, before]):
            return None
        found = KeptReader(self._database, self._disclosure).batches("WHERE number = ?", [batch])
        return next((lot for _, lot in found if lot.state is not BatchState.REVERSED), None)

    def left(self, batches: Collection[int], before: int | None) -> dict[int, Remainder]:
        """Who held batches (by number), and what was left of them, before a position; ``None``: now.

        What did not change since is as it is now. The events of the others tell, with all that was taken.
        """
        with self._database.reading():
            listed = json.dumps(list(batches))
            changed = () if before is None else self._database.all(_CHANGED, [listed, before])
            found = self._database.all(_LEFT, [listed])
            ids = things(self._database, {custodian for _, custodian, *_ in found})
        now = {
            number: Remainder(Custody(BatchState(state), ids[custodian]), mass, rows.pools_from(pools))
            for number, custodian, state, mass, pools in found
        }
        return now | self._left_before([key for (key,) in changed], _EVER if before is None else before)

    def _left_before(self, batches: Collection[int], before: int) -> dict[int, Remainder]:
        if not batches:
            return {}
        places = self._database.all(_ALL_OF, [json.dumps(list(batches)), before])
        ids = ids_by_number(self._database, "batch", batches)
        events = self.events([position for _, position in places])
        left: dict[int, Remainder] = {}
        for batch, position in places:
            event = events[position].event
            if batch in left:
                left[batch] = remainder_after(event, ids[batch], left[batch])
            else:
                # The first event of a batch made it.
                new = next((new for new in event.makes if new.batch == ids[batch]), None)
                if new is None:
                    raise self._database.altered("batch_event")
                left[batch] = Remainder.made(new.creator, new.mass_mg, new.substances_mg)
        return left

    def where(self, at: int) -> Position:
        """Block and log of a position."""
        return Position(*split_position(at))

    def at(self, position: Position) -> int:
        """One integer for a place in the chain."""
        return join_position(*position)

    def after(self, block: int) -> int:
        """The first position behind a block."""
        return last_position(block) + 1

    def _steps(self, query: str, values: tuple[Any, ...]) -> Iterator[tuple[Step, int]]:
        """Steps with the batches by whose histories they come; the seal of each is checked here.

        SQLite, that would call a function for it, takes five times as long.
        """
        for rows_read in self._database.each(query, values):
            told: dict[int, tuple[int, str]] = {}
            for position, _, kind, body, seal in rows_read:
                if position not in told:
                    if crc32(dumps(("step", position, kind, body), FORMAT)) != seal:
                        raise self._database.altered("step")
                    told[position] = kind, body
            steps = steps_from(told)
            for row in rows_read:
                yield steps[row[0]], row[1]
