"""Lists in pieces: rows from a number on, newest or oldest first, however many there are.

Example:
    >>> Piece(after=7, newest=True, most=3).condition({"state": "offered", "sender": None})
    ('WHERE state = ? AND rowid < ? ORDER BY rowid DESC LIMIT ?', ['offered', 7, 3])
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from traceledger.index import rows
from traceledger.index.database import Database
from traceledger.index.disclosure import Disclosure
from traceledger.index.kept_reader import KeptReader
from traceledger.index.many_reader import ManyReader
from traceledger.index.things import number_of_thing
from traceledger.model.batches import Shipment
from traceledger.model.frozen import frozen
from traceledger.model.registry import Facility, Participant

_UNKNOWN = -1


@frozen
class Piece:
    """Which rows of a list are wanted: after which number, in which order, how many."""

    after: int | None
    newest: bool
    most: int

    def condition(self, wanted: Mapping[str, Any], *, by: str = "rowid") -> tuple[str, list[Any]]:
        """The end of a statement of SQL, and its values; what is wanted to be ``None`` is left out.

        Args:
            wanted: values by column.
            by: the column that has the rows' numbers.
        """
        given = {column: value for column, value in wanted.items() if value is not None}
        conditions = [column if "?" in column else f"{column} = ?" for column in given]
        values = list(given.values())
        if self.after is not None:
            conditions.append(f"{by} {'<' if self.newest else '>'} ?")
            values.append(self.after)
        where = f"WHERE {' AND '.join(conditions)} " if conditions else ""
        return f"{where}ORDER BY {by}{' DESC' if self.newest else ''} LIMIT ?", [*values, self.most]


class PiecesReader:
    """Reads pieces of lists: each row with its number.

    Args:
        database: the index file.
        disclosure: discloses what is read.
        many: reads many things at once.
    """

    def __init__(self, database: Database, disclosure: Disclosure, many: ManyReader) -> None:
        self._database = database
        self._disclosure = disclosure
        self._many = many

    def shipments(
        self, piece: Piece, *, state: str | None, sender: bytes | None, receiver: bytes | None
    ) -> list[tuple[int, Shipment]]:
        """Shipments, by the state of their handshake, by who sent them and who receives them (addresses)."""
        numbers = {
            column: None if address is None else number_of_thing(self._database, address) or _UNKNOWN
            for column, address in (("sender", sender), ("receiver", receiver))
        }
        return KeptReader(self._database, self._disclosure).shipments(
            *piece.condition({"state": state, **numbers}, by="number")
        )

    def participants(
        self, piece: Piece, *, country: str | None, role: str | None
    ) -> list[tuple[int, Participant]]:
        """Companies, by country and role."""
        wanted = {"country": country, "instr(roles, ?)": None if role is None else json.dumps(role)}
        found = self._rows("participant", "address", piece, wanted)
        known = self._many.participants(address for _, (address,) in found)
        return [(number, known[address]) for number, (address,) in found]

    def facilities(
        self, piece: Piece, *, holder: bytes | None, country: str | None, kind: str | None
    ) -> list[tuple[int, Facility]]:
        """Sites, by who holds them (address), country and kind."""
        wanted = {"holder": holder, "country": country, "kind": kind}
        found = self._rows("facility", rows.FACILITY, piece, wanted)
        return [(number, self._disclosure.facility(rows.facility_from(row))) for number, row in found]

    def _rows(
        self, table: str, names: str, piece: Piece, wanted: Mapping[str, Any]
    ) -> list[tuple[int, tuple[Any, ...]]]:
        condition, values = piece.condition(wanted)
        query = f"SELECT rowid, {names} FROM {table} {condition}"  # noqa: S608
        return [(number, tuple(row)) for number, *row in self._database.all(query, values)]
