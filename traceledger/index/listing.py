"""Keeps by what batches are listed: small numbers in place of ids, and what of a batch no other row tells.

A list of a million batches is chosen by several things at once, and how many there are stands beside each
choice; so what is chosen by stands in one narrow row for each batch.

Example:
    >>> Trouble.HELD | Trouble.RECALLED
    <Trouble.HELD|RECALLED: 12>
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from enum import IntFlag
from typing import Any

from traceledger.events import BatchMinted, BatchSplit, LedgerEvent, Transformed
from traceledger.index.database import Database
from traceledger.index.recorded import chunks
from traceledger.index.schema import id_blob
from traceledger.index.things import ByNumber, ThingWriter, forget_oldest
from traceledger.model.batches import Batch, Beginning
from traceledger.replay import year_of

MAX_TIME = 2**63 - 1
"""UTC seconds that SQLite can hold; the contracts take no time so far ahead."""
_STANDS = slice(6, 9)  # custodian, state and trouble in a row


class Trouble(IntFlag):
    """What is wrong with a batch itself; what is wrong upstream is found by tracing it."""

    FROZEN = 1
    DISPUTED = 2
    HELD = 4
    RECALLED = 8
    OFF_SPECIFICATION = 16

    @property
    def slug(self) -> str:
        """The name as documents write it."""
        return str(self.name).lower()


_NO_TROUBLE = Trouble(0)


def trouble_of(batch: Batch) -> Trouble:
    """What is wrong with a batch itself."""
    wrong = (
        batch.frozen * Trouble.FROZEN
        + batch.disputed * Trouble.DISPUTED
        + batch.held * Trouble.HELD
        + batch.recalled * Trouble.RECALLED
        + batch.off_specification * Trouble.OFF_SPECIFICATION
    )
    return Trouble(wrong) if wrong else _NO_TROUBLE


class Listing:
    """Writes the rows by which batches are listed, inside the caller's transaction.

    Args:
        database: the index file.
        things: gives numbers to companies, materials and sites.
        number: gives the number of a batch, by its id.
    """

    def __init__(self, database: Database, things: ThingWriter, number: Callable[[int], int]) -> None:
        self._database = database
        self._thing = things.number
        self._number = number
        self._begun: dict[int, tuple[int, int]] = {}
        """By batch that is being made: how it came to be, and when, UTC seconds."""
        self._rows = ByNumber[tuple[Any, ...]]()
        """By number, rows as they stand in the file, each with its seal."""
        self._origins: dict[int, int] = {}

    def begin(self, event: LedgerEvent) -> None:
        """Note how and when the batches began that an event makes; before :meth:`write` of those."""
        if isinstance(event, BatchMinted):
            self._begun[event.batch] = (int(event.origin), event.occurred_at)
        elif isinstance(event, Transformed):
            how = Beginning.RECYCLING_RUN if event.recycling else Beginning.RUN
            self._begun |= {made.batch: (int(how), event.occurred_at) for made in event.outputs}
        elif isinstance(event, BatchSplit):
            begun = self._origin(event.parent), event.occurred_at
            self._begun |= {child.taken.batch: begun for child in event.children}

    def write(self, batches: Iterable[tuple[int, Batch]]) -> None:
        """Keep batches, each with its number, as they are now."""
        new, now = [], dict[int, tuple[int, int, int]]()
        for number, batch in batches:
            custodian = self._thing(batch.custodian)
            stands = (custodian, int(batch.state), int(trouble_of(batch)))
            begun = self._begun.pop(batch.id, None)
            if begun is None:
                now[number] = stands
                continue
            how, when = begun
            made = (batch.creator, id_blob(batch.material), id_blob(batch.facility))
            year = year_of(when)
            new.append(
                (number, *map(self._thing, made), how, year, *stands, int(batch.waste), min(when, MAX_TIME))
            )
        self._keep(self._database.add("listed", new))
        self._change(now)

    def forget(self, most: int) -> None:
        """Keep no more rows in memory than so many."""
        forget_oldest(self._rows, most)
        forget_oldest(self._origins, most)

    def _change(self, now: Mapping[int, tuple[int, int, int]]) -> None:
        """Change the rows of batches that are with others, or in another state, than they say."""
        for some in chunks(number for number in now if number not in self._rows):
            condition = f"WHERE number IN ({','.join('?' * len(some))})"
            self._keep((*row, seal) for seal, row in self._database.sealed("listed", condition, some))
        changed, before = [], 0
        for number, stands in now.items():
            *row, seal = self._rows[number]
            if tuple(row[_STANDS]) != stands:
                changed.append((*row[: _STANDS.start], *stands, *row[_STANDS.stop :]))
                before += seal
        self._keep(self._database.change("listed", changed, before))

    def _keep(self, rows: Iterable[tuple[Any, ...]]) -> None:
        self._rows |= {row[0]: row for row in rows}

    def _origin(self, parent: int) -> int:
        if parent in self._begun:
            return self._begun[parent][0]
        if parent not in self._origins:
            query = "SELECT origin FROM listed WHERE number = ?"
            (origin,) = self._database.one(query, [self._number(parent)]) or (int(Beginning.UNTRACED),)
            self._origins[parent] = int(origin)
        return self._origins[parent]
