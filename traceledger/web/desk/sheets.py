"""Spreadsheets that were dropped and have faults: kept in memory, so that they can be given back marked.

Example:
    >>> sheets = Sheets(most=1)
    >>> first, second = sheets.keep("a.csv", b"op", (), ()), sheets.keep("b.csv", b"op", (), ())
    >>> sheets.get(second.id).name, sheets.get(first.id)
    ('b.csv', None)
"""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from dataclasses import dataclass

from traceledger.errors import TraceLedgerError

MOST = 4
"""Spreadsheets that are kept; the oldest one goes."""


@dataclass(frozen=True, slots=True)
class Dropped:
    """A spreadsheet with faults.

    Attributes:
        id: by which addresses name it.
        name: of its file.
        content: all its bytes.
        faults: what is wrong with it.
        warnings: what was read with a doubt.
    """

    id: str
    name: str
    content: bytes
    faults: tuple[TraceLedgerError, ...]
    warnings: tuple[TraceLedgerError, ...]


class Sheets:
    """The spreadsheets of one run of a desk.

    Args:
        most: how many are kept.
    """

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._known: OrderedDict[str, Dropped] = OrderedDict()

    def keep(
        self,
        name: str,
        content: bytes,
        faults: tuple[TraceLedgerError, ...],
        warnings: tuple[TraceLedgerError, ...],
    ) -> Dropped:
        """Keep one."""
        dropped = Dropped(secrets.token_urlsafe(12), name, content, faults, warnings)
        with self._lock:
            self._known[dropped.id] = dropped
            while len(self._known) > self._most:
                self._known.popitem(last=False)
        return dropped

    def get(self, name: str) -> Dropped | None:
        """One by its id; ``None``: it is not kept any more."""
        with self._lock:
            return self._known.get(name)
