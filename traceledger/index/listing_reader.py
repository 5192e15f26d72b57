"""Lists batches by what they are chosen by, newest first, and counts how many there are of each choice.

Nothing reads more than :data:`WINDOW` rows of one narrow table, however many batches there are: a list that
finds too few in its window says from where to look on, and only the newest :data:`COUNTED` are counted.

Example:
    >>> Choice(material=3, state=1).conditions({"state"})
    (['material = ?'], [3])
"""

from __future__ import annotations

from collections.abc import Iterator, Set
from typing import Any

from traceledger.index.database import Database
from traceledger.index.listing import Trouble
from traceledger.index.things import number_of_thing, things
from traceledger.model.commitments import PREFIX
from traceledger.model.frozen import frozen

WINDOW = 100_000
"""Batches that one list looks at."""
COUNTED = 10_000
"""Batches that are counted: the newest."""
MOST_VALUES = 25
"""Values of one facet that are counted: those with most batches."""
FACETS = ("material", "custodian", "maker", "facility", "state", "origin", "year", "trouble")
_ANY = -1
_COLUMNS = (*FACETS[:-1], "waste")
_NAMED = (
    "EXISTS (SELECT 1 FROM main.batch WHERE batch.number = listed.number AND"
    " ((instr(identifier, ?) = 1 AND instr(identifier, ?)) OR instr(identifier, ?) = 1))"
)


@frozen
class Choice:
    """What batches are chosen by; companies, materials and sites by their numbers in the index.

    ``trouble`` are flags of :class:`~traceledger.index.listing.Trouble`, all of them, or 0 for any. ``since``
    and ``until`` are when it was made, as whoever made it says, UTC seconds. Identifiers begin with
    ``beginning`` and hold ``containing``; one that is private is chosen too, since only who can open it can
    tell.
    """

    material: int | None = None
    custodian: int | None = None
    maker: int | None = None
    facility: int | None = None
    state: int | None = None
    origin: int | None = None
    year: int | None = None
    trouble: int | None = None
    waste: bool | None = None
    since: int | None = None
    until: int | None = None
    numbers: frozenset[int] | None = None
    beginning: str = ""
    containing: str = ""

    def conditions(self, without: Set[str] = frozenset()) -> tuple[list[str], list[Any]]:
        """Conditions of SQL and their values, but for those of some facets."""
        given = {name: getattr(self, name) for name in _COLUMNS if name not in without}
        wanted = {name: value for name, value in given.items() if value is not None}
        conditions, values = [f"{name} = ?" for name in wanted], list[Any](wanted.values())
        if self.trouble is not None and "trouble" not in without:
            conditions.append("trouble <> 0")
            if self.trouble:
                conditions.append("trouble & ? = ?")
                values += [self.trouble, self.trouble]
        for comparison, value in (("made_at >= ?", self.since), ("made_at <= ?", self.until)):
            if value is not None:
                conditions.append(comparison)
                values.append(value)
        if self.numbers is not None:
            conditions.append(f"number IN ({','.join(map(str, sorted(self.numbers)))})")
        if self.beginning or self.containing:
            conditions.append(_NAMED)
            values += [self.beginning, self.containing, PREFIX]
        return conditions, values

    def is_named(self, identifier: str) -> bool:
        """Whether an identifier, private or not, is one of those that are chosen."""
        return identifier.startswith(self.beginning) and self.containing in identifier


@frozen
class Listed:
    """A piece of a list.

    Attributes:
        numbers: of the batches, in order.
        go_on: after which number to look on; ``None``: these were the last.
    """

    numbers: tuple[int, ...]
    go_on: int | None


class ListingReader:
    """Reads the rows by which batches are listed.

    Args:
        database: the index file.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def number_of(self, key: bytes) -> int:
        """The number of a company (by address), a material or a facility (by id); -1: there is none."""
        return number_of_thing(self._database, key) or _ANY

    def keys_of(self, numbers: Set[int]) -> dict[int, bytes]:
        """The inverse, for several at once; unknown ones are left out."""
        return things(self._database, numbers)

    def newest(self) -> int:
        """Number of the newest batch; 0 where there is none."""
        (number,) = self._database.one("SELECT max(number) FROM main.listed") or (None,)
        return int(number or 0)

    def listed(self, choice: Choice, *, after: int | None = None, newest: bool = True, most: int) -> Listed:
        """A piece of the list of what was chosen.

        Args:
            choice: which batches.
            after: after which number to go on.
            newest: from the newest to the oldest, not the other way round.
            most: how many at most.
        """
        end = self.newest()
        if newest:
            high = end if after is None else min(after - 1, end)
            low = max(high - WINDOW + 1, 1)
            further = low if low > 1 else None
        else:
            low = 1 if after is None else after + 1
            high = min(low + WINDOW - 1, end)
            further = high if high < end else None
        conditions, values = choice.conditions()
        where = " AND ".join(["number BETWEEN ? AND ?", *conditions])
        order = "DESC" if newest else "ASC"
        query = f"SELECT number FROM main.listed WHERE {where} ORDER BY number {order} LIMIT ?"  # noqa: S608
        found = [number for (number,) in self._database.all(query, [low, high, *values, most + 1])]
        return Listed(tuple(found[:most]), found[most - 1] if len(found) > most else further)

    def every(self, choice: Choice, *, newest: bool = False) -> Iterator[int]:
        """The numbers of all that were chosen, however many: a window after the other."""
        after, going = None, True
        while going:
            found = self.listed(choice, after=after, newest=newest, most=WINDOW)
            yield from found.numbers
            after, going = found.go_on, found.go_on is not None

    def counts(self, choice: Choice) -> dict[str, dict[int, int]]:
        """By facet and value, how many of the newest :data:`COUNTED` batches have it and all else chosen.

        What is chosen of the facet itself does not count, so that another value can be chosen instead.
        """
        low = max(self.newest() - COUNTED + 1, 1)
        found = {facet: self._counted(facet, choice, low) for facet in FACETS[:-1]}
        return found | {"trouble": self._troubles(choice, low)}

    def total(self, choice: Choice) -> int:
        """How many of the newest :data:`COUNTED` batches were chosen."""
        conditions, values = choice.conditions()
        where = " AND ".join(["number >= ?", *conditions])
        low = max(self.newest() - COUNTED + 1, 1)
        query = f"SELECT count(*) FROM main.listed NOT INDEXED WHERE {where}"  # noqa: S608
        (count,) = self._database.one(query, [low, *values]) or (0,)
        return int(count)

    # NOT INDEXED: the newest rows lie together, where an index by value would be read from end to end.
    def _counted(self, facet: str, choice: Choice, low: int) -> dict[int, int]:
        conditions, values = choice.conditions({facet})
        where = " AND ".join(["number >= ?", *conditions])
        query = (
            f"SELECT {facet}, count(*) FROM main.listed NOT INDEXED WHERE {where}"  # noqa: S608
            f" GROUP BY {facet} ORDER BY count(*) DESC, {facet} LIMIT {MOST_VALUES}"
        )
        return dict(self._database.all(query, [low, *values]))

    def _troubles(self, choice: Choice, low: int) -> dict[int, int]:
        """One batch may have several."""
        conditions, values = choice.conditions({"trouble"})
        where = " AND ".join(["trouble <> 0", "number >= ?", *conditions])
        query = f"SELECT trouble, count(*) FROM main.listed NOT INDEXED WHERE {where} GROUP BY trouble"  # noqa: S608
        found = dict.fromkeys(map(int, Trouble), 0)
        for flags, count in self._database.all(query, [low, *values]):
            for flag in Trouble(flags):
                found[int(flag)] += count
        return {flag: count for flag, count in found.items() if count}
