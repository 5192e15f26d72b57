"""Keeps by what batches are listed: small numbers in place of ids, and what of a batch no other row tells.

A list of a million batches is chosen by several things at once, and how many there are stands beside each
choice; so what is chosen by stands in one narrow row for each batch.

Example:
    >>> Trouble.HELD | Trouble.RECALLED
    <Trouble.HELD|RECALLED: 12>
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntFlag

from traceledger.events import BatchMinted, BatchSplit, LedgerEvent, Transformed
from traceledger.index.database import Database
from traceledger.index.schema import id_blob
from traceledger.model.batches import Batch, Beginning
from traceledger.replay import year_of

KEYS = {"participant": "address", "material": "id", "facility": "id"}
"""What batches are listed by, by the number of its row: its table, and the column of what it is known by."""
MAX_TIME = 2**63 - 1
"""UTC seconds that SQLite can hold; the contracts take no time so far ahead."""
_NUMBER = "SELECT rowid FROM main.batch WHERE id = ?"


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


def trouble_of(batch: Batch) -> Trouble:
    """What is wrong with a batch itself."""
    return Trouble(
        batch.frozen * Trouble.FROZEN
        + batch.disputed * Trouble.DISPUTED
        + batch.held * Trouble.HELD
        + batch.recalled * Trouble.RECALLED
        + batch.off_specification * Trouble.OFF_SPECIFICATION
    )


class Listing:
    """Writes the rows by which batches are listed, inside the caller's transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._begun: dict[int, tuple[int, int]] = {}
        """By batch that is being made: how it came to be, and when, UTC seconds."""
        self._numbers: dict[tuple[str, bytes], int] = {}

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

    def write(self, batches: Iterable[Batch]) -> None:
        """Keep batches as they are now, whose own rows are written."""
        for batch in batches:
            (number,) = self._database.one(_NUMBER, [id_blob(batch.id)]) or (0,)
            custodian = self._number("participant", batch.custodian)
            now = (custodian, int(batch.state), int(trouble_of(batch)))
            if batch.id in self._begun:
                made = (
                    self._number("participant", batch.creator),
                    self._number("material", id_blob(batch.material)),
                    self._number("facility", id_blob(batch.facility)),
                )
                how, when = self._begun.pop(batch.id)
                begun = how, year_of(when), *now, int(batch.waste), min(when, MAX_TIME)
                query = "INSERT INTO main.listed VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                self._database.run(query, (number, *made, *begun))
            else:
                # Of another value only: most events change what it weighs, and nothing here.
                query = (
                    "UPDATE main.listed SET custodian = ?, state = ?, trouble = ?"
                    " WHERE number = ? AND (custodian, state, trouble) <> (?, ?, ?)"
                )
                self._database.run(query, (*now, number, *now))

    def _origin(self, parent: int) -> int:
        if parent in self._begun:
            return self._begun[parent][0]
        query = f"SELECT origin FROM main.listed WHERE number = ({_NUMBER})"  # noqa: S608
        (origin,) = self._database.one(query, [id_blob(parent)]) or (int(Beginning.UNTRACED),)
        return int(origin)

    def _number(self, table: str, key: bytes) -> int:
        """The number of a company, a material or a site: that of its row; 0 where there is none."""
        if (table, key) not in self._numbers:
            query = f"SELECT rowid FROM main.{table} WHERE {KEYS[table]} = ?"  # noqa: S608
            (number,) = self._database.one(query, [key]) or (0,)
            self._numbers[table, key] = number
        return self._numbers[table, key]
