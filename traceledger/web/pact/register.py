"""The footprints that a server gave away, in its network's folder: none of them is ever gone, or another.

The ledger tells all states that it brought itself (``interop/pact/issues.py``). What master data brought it
does not tell: a new reference period, another GTIN, a corrected share make other footprints, and those of
yesterday would be nowhere. So each is kept as it was first given away. Of a product the one that is true now
is active, all others are deprecated; one that master data brought follows the one that was newest until then.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from traceledger.errors import NetworkError
from traceledger.interop.pact.issues import ACTIVE, DEPRECATED, Issued
from traceledger.storage.files import OWNER_ONLY, ensure
from traceledger.storage.json_text import loads
from traceledger.storage.sqlite import SqliteFile

_FILE = SqliteFile(
    "the register of footprints",
    mend="remove it: footprints that master data of before brought are then unknown",
    unusable=NetworkError,
    busy_seconds=10.0,
)
_TABLE = """CREATE TABLE IF NOT EXISTS issued (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, product TEXT NOT NULL, document TEXT NOT NULL)"""
Document = dict[str, Any]


class Register:
    """What was given away of one network.

    Args:
        path: the file; there need not be one.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def reconciled(self, given: Sequence[Issued]) -> list[Document]:
        """All footprints that were ever given away, with those that are now: by product, the newest first.

        Args:
            given: what ledger and master data give now, by product the newest first.

        Raises:
            NetworkError: the file cannot be written.
            VerificationError: it is damaged.
        """
        now: dict[str, list[Issued]] = {}
        for each in given:
            now.setdefault(each.product, []).append(each)
        ensure(self._path, mode=OWNER_ONLY, error=NetworkError)
        with (
            closing(_FILE.connect(self._path)) as connection,
            _FILE.transaction(connection, self._path),
        ):
            connection.execute(_TABLE)
            known = _known(connection)
            new = {product: _new(current, known.get(product, [])) for product, current in now.items()}
            if any(new.values()):
                for product, documents in new.items():
                    _add(connection, product, documents)
                known = _known(connection)
        first = [product for product in now if product in known]
        others = [product for product in known if product not in now]
        return [
            document
            for product in (*first, *others)
            for document in _stated(known[product], now.get(product, []))
        ]


def _known(connection: sqlite3.Connection) -> dict[str, list[Document]]:
    """By product, the oldest first."""
    found: dict[str, list[Document]] = {}
    for product, text in connection.execute("SELECT product, document FROM issued ORDER BY number"):
        found.setdefault(product, []).append(loads(text))
    return found


def _new(current: Sequence[Issued], known: Sequence[Mapping[str, Any]]) -> list[Document]:
    """What is not in the register yet, the oldest first."""
    documents = [dict(each.exported.document) for each in reversed(current)]
    ids = [each["id"] for each in known]
    old = [place for place, each in enumerate(documents) if each["id"] in ids]
    if not known:
        return documents
    if old:
        return documents[old[-1] + 1 :]
    # Master data changed: states of the past were never true with them.
    return [_following(documents[-1], ids[-1])]


def _following(document: Document, before: str) -> Document:
    """A footprint that follows another one than the ledger says."""
    found: Document = {}
    for name, value in document.items():
        if name == "precedingPfIds":
            continue
        found[name] = value
        if name == "specVersion":
            found["precedingPfIds"] = [before]
    return found


def _add(connection: sqlite3.Connection, product: str, new: Iterable[Document]) -> None:
    rows = [(each["id"], product, json.dumps(each)) for each in new]
    connection.executemany("INSERT OR IGNORE INTO issued (id, product, document) VALUES (?, ?, ?)", rows)


def _stated(known: Sequence[Document], current: Sequence[Issued]) -> list[Document]:
    """The newest first, each with the status that it has now."""
    true = {each.id for each in current if each.is_active}
    return [each | {"status": ACTIVE if each["id"] in true else DEPRECATED} for each in reversed(known)]
