"""Long lists in pieces: a cursor says after which row to go on, and stays right while the chain grows.

Lists stand in the order in which the ledger made their rows, so that new rows come after the last piece (or,
newest first, before the first one), never between. A cursor is bound to the block of the newest change that
its maker saw: where the chain has replaced that block since, rows may stand elsewhere, and it is refused.
It is no secret and no promise: whoever forges one starts from another row of the same list.

Example:
    >>> cursor = Cursor(40, 7, bytes(8), digest("batches", {"state": "active"}))
    >>> Cursor.read(cursor.text()) == cursor
    True
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal, TypeVar

from pydantic import Field

from traceledger.index.pieces_reader import Piece as Rows
from traceledger.web.problems import refuse
from traceledger.web.reading import Reading
from traceledger.web.route import Asked, Query, Route

MOST = 500
USUAL = 50
_FORM = struct.Struct(">BQQ8s8s")
_VERSION = 1
Item = TypeVar("Item")


class Paged(Query):
    """Parameters of every list."""

    limit: Annotated[int, Field(ge=1, le=MOST, description="Rows in one answer, at most.")] = USUAL
    cursor: Annotated[
        str | None,
        Field(max_length=100, description="Where to go on: `page.next` of the answer before."),
    ] = None
    order: Annotated[
        Literal["newest", "oldest"], Field(description="Which rows come first, by when they were recorded.")
    ] = "newest"


def is_list(route: Route) -> bool:
    """Whether a row answers with a list of things, not with one that has lists."""
    return issubclass(route.query, Paged) and not route.slots


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in a list.

    Attributes:
        row: of the last row that was given: its number.
        block: of the newest change that was seen.
        hash: the beginning of that block's hash.
        of: of which list, filtered how.
    """

    row: int
    block: int
    hash: bytes
    of: bytes

    def text(self) -> str:
        """As it stands in an address."""
        packed = _FORM.pack(_VERSION, self.row, self.block, self.hash, self.of)
        return base64.urlsafe_b64encode(packed).rstrip(b"=").decode()

    @classmethod
    def read(cls, text: str) -> Cursor:
        """The inverse.

        Raises:
            ProblemError: it is no cursor.
        """
        try:
            packed = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
            version, *parts = _FORM.unpack(packed)
        except (binascii.Error, ValueError, struct.error):
            version, parts = 0, []
        if version != _VERSION:
            raise _refused("this is no cursor of this API")
        return cls(*parts)


@dataclass(frozen=True, slots=True)
class Piece:
    """Which rows are wanted.

    Attributes:
        after: of the row before them, the number; ``None``: they are the first.
        limit: how many, at most.
        newest: whether the newest come first.
        moved: whether the index changed since the piece before.
    """

    after: int | None
    limit: int
    newest: bool
    moved: bool

    @property
    def read(self) -> Rows:
        """What is read for it: one row more, which says whether there are more."""
        return Rows(self.after, self.newest, self.limit + 1)


def digest(kind: str, wanted: Mapping[str, object]) -> bytes:
    """Eight bytes that tell lists apart."""
    text = json.dumps([kind, {name: str(value) for name, value in sorted(wanted.items())}])
    return hashlib.sha256(text.encode()).digest()[:8]


def asked_piece(reading: Reading, asked: Asked[Any], kind: str) -> Piece:
    """Which rows a request wants.

    Raises:
        ProblemError: its cursor is none, of another list, or of a block that the chain has replaced.
    """
    query: Paged = asked.query
    newest = query.order == "newest"
    if query.cursor is None:
        return Piece(None, query.limit, newest, moved=False)
    cursor = Cursor.read(query.cursor)
    if cursor.of != _list(asked, kind):
        raise _refused("the cursor belongs to another list, or to other filters")
    found = reading.index.database.one("SELECT hash FROM block WHERE number = ?", [_small(cursor.block)])
    if cursor.block and (found is None or found[0][:8] != cursor.hash):
        raise refuse(
            410,
            "cursor-gone",
            f"the chain has replaced block {cursor.block}, at which the cursor was made",
            where="cursor",
            hint="begin the list anew, without cursor",
        )
    return Piece(_small(cursor.row), query.limit, newest, moved=cursor.block != reading.index.last_change())


def paged(
    reading: Reading,
    asked: Asked[Any],
    kind: str,
    piece: Piece,
    rows: Sequence[int],
    go_on: int | None = None,
) -> dict[str, Any]:
    """The member ``page`` of a list's document.

    Args:
        reading: what was read.
        asked: what was asked.
        kind: of list.
        piece: which rows were wanted.
        rows: the numbers of the rows found, one more than the piece's limit where there are more.
        go_on: after which number to go on, of a list that says so by itself.
    """
    last = rows[piece.limit - 1] if len(rows) > piece.limit else go_on
    following = None
    if last is not None:
        changed = reading.index.last_change()
        found = reading.index.database.one("SELECT hash FROM block WHERE number = ?", [changed])
        mark = found[0][:8] if found else bytes(8)
        following = Cursor(last, changed, mark, _list(asked, kind)).text()
    return {"next": following, "limit": piece.limit, "moved": piece.moved, "block": reading.head.block}


def cut(found: Sequence[Item], piece: Piece) -> tuple[list[Item], list[int]]:
    """A piece of a list that was read whole, oldest first: the items, and their numbers and one more."""
    count, after = len(found), piece.after
    if piece.newest:
        numbers = range(count if after is None else min(count, after - 1), 0, -1)
    else:
        numbers = range(1 if after is None else after + 1, count + 1)
    wanted = list(numbers[: piece.limit + 1])
    return [found[number - 1] for number in wanted[: piece.limit]], wanted


def taken(found: Sequence[tuple[int, Item]], piece: Piece) -> tuple[list[Item], list[int]]:
    """The same of a list of which only the piece was read, each item with its number."""
    return [item for _, item in found[: piece.limit]], [number for number, _ in found]


def _list(asked: Asked[Any], kind: str) -> bytes:
    wanted = asked.query.model_dump(exclude={"cursor", "limit"}, exclude_none=True)
    return digest(kind, wanted | dict(asked.path))


def _small(number: int) -> int:
    """A number that SQLite takes, whatever a forged cursor says."""
    return min(number, 2**63 - 1)


def _refused(what: str) -> Exception:
    return refuse(400, "bad-cursor", what, where="cursor", hint="begin the list anew, without cursor")
