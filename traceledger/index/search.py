r"""Finds things on the ledger by what somebody typed: names, parts of names, ids, hashes, block numbers.

Each question is a range of an index and takes a bounded number of rows, whatever was typed
(:mod:`traceledger.index.words` says by which parts a name is found).

Example:
    >>> Typed.of("0xABCDEF01").digits, Typed.of("Köln").text, Typed.of("12").block
    (b'\xab\xcd\xef\x01', 'koln', 12)
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from traceledger.index.database import Database
from traceledger.index.log_reader import LogReader
from traceledger.index.schema import split_position
from traceledger.index.words import LONGEST, WHOLE, Kind, folded
from traceledger.model.frozen import frozen

LONGEST_QUERY = 500
"""Characters of what was typed that are looked at: no name on the ledger is found by more."""
_HEX = re.compile("(?:0x)?((?:[0-9a-fA-F]{2}){4,32})")
_BLOCK = re.compile("#?([0-9]{1,15})")
_AFTER_ALL = "\U0010ffff"
_SHORT = 8
_SHORTLY = "substr(id, 1, 8) BETWEEN substr(?1, 1, 8) AND substr(?2, 1, 8) AND id >= ?1 AND id <= ?2"
_TABLES = {
    Kind.PARTICIPANT: "SELECT address FROM participant WHERE address >= ? AND address <= ?",
    Kind.FACILITY: "SELECT id FROM facility WHERE id >= ? AND id <= ?",
    Kind.MATERIAL: "SELECT id FROM material WHERE id >= ? AND id <= ?",
    Kind.BATCH: f"SELECT id FROM batch WHERE {_SHORTLY}",  # noqa: S608
    Kind.SHIPMENT: f"SELECT id FROM shipment WHERE {_SHORTLY}",  # noqa: S608
    Kind.RUN: f"SELECT id FROM record WHERE kind = 1 AND {_SHORTLY}",  # noqa: S608
    Kind.RECORD: f"SELECT id FROM record WHERE kind = 3 AND {_SHORTLY}",  # noqa: S608
    Kind.FINDING: "SELECT id FROM finding WHERE id >= ? AND id <= ?",
    Kind.ASSESSMENT: "SELECT id FROM assessment WHERE id >= ? AND id <= ?",
}
_OF_NUMBERS = {
    Kind.PARTICIPANT: ("thing", "number", "id"),
    Kind.FACILITY: ("thing", "number", "id"),
    Kind.MATERIAL: ("thing", "number", "id"),
    Kind.BATCH: ("batch", "number", "id"),
    Kind.SHIPMENT: ("shipment", "number", "id"),
    Kind.RUN: ("record", "position", "id"),
    Kind.RECORD: ("record", "position", "id"),
    Kind.FINDING: ("finding", "position", "id"),
    Kind.ASSESSMENT: ("assessment", "position", "id"),
}
"""Where the id stands of what words name by a number: table, column of the number, column of the id."""
_OF_KEYS = "SELECT DISTINCT participant FROM operator WHERE address >= ? AND address <= ?"
_TRANSACTIONS = "SELECT beginning, place FROM sent WHERE beginning BETWEEN ? AND ?"
_BLOCKS = "SELECT number, hash FROM block WHERE substr(hash, 1, 8) BETWEEN ? AND ?"


@frozen
class Typed:
    """What was typed, as it may be meant.

    Attributes:
        text: as names are compared (:func:`~traceledger.index.words.folded`).
        digits: the bytes, where it is the beginning of an id, an address or a hash: four bytes or more.
        block: the number, where it is a block's.
    """

    text: str
    digits: bytes | None
    block: int | None

    @classmethod
    def of(cls, typed: str) -> Typed:
        """What was typed; nothing is refused, and what is too long is cut."""
        plain = typed.strip()[:LONGEST_QUERY]
        digits, number = _HEX.fullmatch(plain), _BLOCK.fullmatch(plain)
        return cls(
            text=folded(plain),
            digits=bytes.fromhex(digits[1]) if digits else None,
            block=int(number[1]) if number else None,
        )


class SearchReader:
    """Reads what is found by names and hashes.

    Args:
        database: the index file.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def named(self, kind: Kind, text: str, *, most: int) -> list[bytes]:
        """Ids (of companies, addresses) of what has a name that begins so, then of what has a part that does.

        Args:
            kind: of what.
            text: folded; empty finds nothing.
            most: no more than so many.
        """
        if not text:
            return []
        short = text[:LONGEST]
        found = dict.fromkeys(self._beginning(kind, WHOLE + short, most))
        if len(found) < most:
            found |= dict.fromkeys(self._beginning(kind, short, 2 * most))
        return self._ids(kind, list(found)[:most])

    def exactly(self, kind: Kind, words: Sequence[str], *, most: int) -> list[bytes]:
        """Ids (of companies, addresses) of what is found by exactly one of some words, at most so many."""
        marks = ", ".join("?" * len(words))
        query = f"SELECT DISTINCT thing FROM word WHERE kind = ? AND word IN ({marks}) LIMIT ?"  # noqa: S608
        found = self._database.all(query, (int(kind), *words, most))
        return self._ids(kind, [number for (number,) in found])

    def _ids(self, kind: Kind, numbers: Sequence[int]) -> list[bytes]:
        """The ids of what words name, in that order."""
        table, number, id_ = _OF_NUMBERS[kind]
        marks = ", ".join("?" * len(numbers))
        query = f"SELECT {number}, {id_} FROM {table} WHERE {number} IN ({marks})"  # noqa: S608
        known = dict(self._database.all(query, numbers))
        return [known[each] for each in numbers if each in known]

    def known(self, kind: Kind, digits: bytes, *, most: int) -> list[bytes]:
        """Ids, or addresses, that begin with these bytes; a company is known by each of its keys, too."""
        size = 20 if kind is Kind.PARTICIPANT else 32
        if len(digits) > size:
            return []
        low, high = digits.ljust(size, b"\0"), digits.ljust(size, b"\xff")
        queries = [_TABLES[kind], *([_OF_KEYS] if kind is Kind.PARTICIPANT else [])]
        found = dict.fromkeys(
            row[0] for query in queries for row in self._database.all(f"{query} LIMIT {most}", (low, high))
        )
        return list(found)[:most]

    def transactions(self, digits: bytes, *, most: int) -> list[tuple[int, bytes]]:
        """The transactions whose hashes begin with these bytes: position of the first log, hash."""
        reader = LogReader(self._database)
        found: dict[bytes, int] = {}
        for place in sorted(place for _, place in self._short(_TRANSACTIONS, digits, 2 * most)):
            block, index = split_position(place)
            for log in reader.of_blocks(block, block):
                if log.transaction_index == index and log.transaction_hash.startswith(digits):
                    found.setdefault(log.transaction_hash, log.position)
        return [(position, hash_) for hash_, position in found.items()][:most]

    def blocks(self, digits: bytes, *, most: int) -> list[tuple[int, bytes]]:
        """The blocks in the index whose hashes begin with these bytes: number, hash."""
        found = self._short(_BLOCKS, digits, most)
        return [(number, hash_) for number, hash_ in found if hash_.startswith(digits)]

    def _short(self, query: str, digits: bytes, most: int) -> Iterable[tuple[Any, Any]]:
        low, high = digits[:_SHORT].ljust(_SHORT, b"\0"), digits[:_SHORT].ljust(_SHORT, b"\xff")
        found: list[Any] = self._database.all(f"{query} LIMIT ?", (low, high, most))
        return found

    def _beginning(self, kind: Kind, word: str, most: int) -> Iterator[int]:
        query = (
            "SELECT thing FROM word WHERE kind = ? AND word >= ? AND word < ? ORDER BY word, thing LIMIT ?"
        )
        rows = self._database.all(query, (int(kind), word, word + _AFTER_ALL, most))
        return (thing for (thing,) in rows)
