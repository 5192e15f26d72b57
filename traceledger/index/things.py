"""Numbers for what rows refer to: companies and other addresses, sites and materials; and for batches.

An id of 20 or 32 bytes stands once in the index, in the row of the table ``thing`` or ``batch``; every other
row names it by that row's number, in a byte or three.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any, Never, TypeVar

from traceledger.errors import VerificationError
from traceledger.index.database import DIFFERS, Database
from traceledger.index.recorded import chunks
from traceledger.index.schema import blob_id, by_beginnings, id_blob

Kept = TypeVar("Kept")


class ByNumber(dict[int, Kept]):
    """What rows name by number; to ask for what is not there is to find that the index has lost a row."""

    def __missing__(self, number: int) -> Never:
        raise VerificationError("the index has lost a row that others name", hint=DIFFERS)


def forget_oldest(kept: dict[Any, Any], most: int) -> None:
    """Leave in memory no more than so many, those that were put there last."""
    for key in list(islice(kept, max(0, len(kept) - most))):
        del kept[key]


def things(database: Database, numbers: Iterable[int | None]) -> ByNumber[bytes]:
    """By number, addresses of companies, and ids of sites and materials; 0 and ``None`` are nothing."""
    return _ids(database, "thing", {number for number in numbers if number})


def ids_by_number(database: Database, table: str, numbers: Iterable[int]) -> ByNumber[int]:
    """By number, the ids of batches or shipments (``table``); 0 is nothing."""
    found = _ids(database, table, {number for number in numbers if number})
    return ByNumber((number, blob_id(blob)) for number, blob in found.items())


def numbers_by_id(database: Database, table: str, ids: Iterable[int]) -> dict[int, int]:
    """By id, the numbers of batches or shipments (``table``); unknown ones are left out."""
    found = dict[int, int]()
    for some in chunks(map(id_blob, ids)):
        condition, values = by_beginnings(some)
        rows = dict(database.all(f"SELECT id, number FROM {table} WHERE {condition}", values))  # noqa: S608
        found |= {blob_id(blob): rows[blob] for blob in some if blob in rows}
    return found


def number_of_thing(database: Database, id_: bytes) -> int | None:
    """The number of an address, a site or a material; ``None``: the ledger never named it."""
    row = database.one("SELECT number FROM thing WHERE id = ?", [id_])
    return None if row is None else int(row[0])


def _ids(database: Database, table: str, numbers: set[int]) -> ByNumber[bytes]:
    if not numbers:
        return ByNumber()
    query = f"SELECT number, id FROM {table} WHERE number IN (SELECT value FROM json_each(?))"  # noqa: S608
    return ByNumber((number, id_) for number, id_ in database.all(query, [json.dumps(sorted(numbers))]))


class ThingWriter:
    """Gives numbers to things as the ledger first names them, inside the caller's transaction.

    Args:
        database: the index file.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._numbers: dict[bytes, int] = {}
        self._new: list[tuple[int, bytes]] = []
        self._last: int | None = None

    def number(self, id_: bytes) -> int:
        """The number of an address, or of a site's or material's id."""
        known = self._numbers.get(id_)
        if known is None:
            known = number_of_thing(self._database, id_) or self._add(id_)
            self._numbers[id_] = known
        return known

    def ids(self, numbers: Iterable[int | None]) -> Mapping[int, bytes]:
        """The inverse, of several."""
        self.flush()
        return things(self._database, numbers)

    def flush(self) -> None:
        """Write those that are new."""
        self._database.add("thing", self._new)
        self._new = []

    def _add(self, id_: bytes) -> int:
        if self._last is None:
            (self._last,) = self._database.one("SELECT ifnull(max(number), 0) FROM main.thing") or (0,)
        self._last += 1
        self._new.append((self._last, id_))
        return self._last
