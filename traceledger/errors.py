"""The errors TraceLedger raises, and the exit code each kind has on the command line.

Every error says *what* is wrong, *where* if a place is known, and *how to mend it*; one sentence each.
Errors of the contracts have classes of their own in :mod:`traceledger.refusals`.

Example:
    >>> from traceledger.errors import InputError
    >>> print(InputError("unknown unit 'stone'", where="mass", hint="use mg, g, kg or t"))
    mass: unknown unit 'stone' (use mg, g, kg or t)
"""

from __future__ import annotations

import os
from enum import IntEnum
from typing import NamedTuple

FAULTS_SHOWN = 20
"""How many of the faults that an error gathers are shown."""


class ExitCode(IntEnum):
    """What the ``traceledger`` command returns to the shell."""

    OK = 0
    INTERNAL = 1
    INPUT = 2
    VERIFICATION = 3
    NOT_ACCEPTED = 4
    REFUSED = 5
    SIGNING = 6
    NETWORK = 7
    TOO_LARGE = 8
    INTERRUPTED = 130
    TERMINATED = 143


class Spot(NamedTuple):
    """A cell of a spreadsheet, or as much of that as is known: a row, a column, a sheet.

    Attributes:
        sheet: of a workbook, the sheet; empty if there is none.
        row: from 1, as spreadsheets count; ``None`` if it is not known.
        column: its letters, such as ``C``; empty if it is not known.
        heading: what stands above the column; empty if it is not known.

    Example:
        >>> print(Spot("Mints", 7, "C", "Mass (kg)"), Spot("Lots sold", column="C"), Spot(row=7), sep="; ")
        Mints!C7 (Mass (kg)); 'Lots sold', column C; row 7
    """

    sheet: str = ""
    row: int | None = None
    column: str = ""
    heading: str = ""

    @property
    def cell(self) -> str:
        """The cell as a spreadsheet calls it, such as ``C7``; empty if row or column is not known."""
        return f"{self.column}{self.row}" if self.column and self.row is not None else ""

    def __str__(self) -> str:
        quoted = "'" + self.sheet.replace("'", "''") + "'"
        sheet = self.sheet if not self.sheet or self.sheet.replace("_", "").isalnum() else quoted
        column = f"column {self.column}" if self.column else ""
        within = self.cell or (f"row {self.row}" if self.row is not None else column)
        told = ("!" if self.cell else ", ").join(part for part in (sheet, within) if part)
        return f"{told} ({self.heading})" if self.heading else told


class Place(str):
    """Where something is wrong, as text, such as ``lots.jsonl:3: mass``, that still knows its parts.

    Attributes:
        file: the file, as it was named; empty if it is none.
        line: the line, from 1; ``None`` if it is not known.
        field: the field or option; empty if it is none.
        spot: of a spreadsheet, sheet, row and column; ``None`` if it is none.

    Example:
        >>> place = Place("lots.jsonl", 3).within("mass")
        >>> print(place, place.line, place.field)
        lots.jsonl:3: mass 3 mass
        >>> print(Place(line=3))
        operation 3
        >>> print(Place("lots.xlsx", spot=Spot("Mints", 7, "C", "Masse (kg)")).within("mass"))
        lots.xlsx: Mints!C7 (Masse (kg)): mass
    """

    file: str
    line: int | None
    field: str
    spot: Spot | None

    def __new__(
        cls,
        file: str | os.PathLike[str] = "",
        line: int | None = None,
        field: str = "",
        *,
        spot: Spot | None = None,
    ) -> Place:
        """A place of these parts; without a file, a line is an operation's number."""
        name = os.fspath(file)
        numbered = f"{name}:{line}" if name else f"operation {line}"
        # A spreadsheet says where it is by its cells: lines are for files that are read as text.
        whole = numbered if line is not None and spot is None else name
        # A field that is called what stands above its column is not said twice.
        told = "" if spot is not None and field == spot.heading else field
        parts = (whole, "" if spot is None else str(spot), told)
        made = super().__new__(cls, ": ".join(part for part in parts if part))
        made.file, made.line, made.field, made.spot = name, line, field, spot
        return made

    def within(self, field: str) -> Place:
        """The same place, and a field there; the same if there is none."""
        inner = ": ".join(part for part in (self.field, field) if part)
        return Place(self.file, self.line, inner, spot=self.spot)


def place_of(where: str) -> Place:
    """A place as its parts, as far as they can be told from what was said.

    Where only text was given, what has a folder in it is a file, unless it is an address or an option.
    """
    if isinstance(where, Place):
        return where
    is_file = os.sep in where and "://" not in where and not where.startswith("-")
    return Place(where) if is_file else Place(field=where)


class TraceLedgerError(Exception):
    """Base of every error that TraceLedger raises on purpose.

    Args:
        what: what is wrong, as a sentence without its full stop.
        hint: how to mend it.
        where: the file, line or field that is wrong, if known; a path is a file.

    Attributes:
        where: that as text; a :class:`Place` where file, line and field are told apart.
    """

    exit_code = ExitCode.INTERNAL

    def __init__(self, what: str, *, hint: str = "", where: str | os.PathLike[str] = "") -> None:
        super().__init__(what)
        self.what = what
        self.hint = hint
        self.where: str = where if isinstance(where, str) else Place(where)

    def __str__(self) -> str:
        return "\n  ".join(self.lines())

    @property
    def sentence(self) -> str:
        """What is wrong, where, and how to mend it, in one sentence."""
        place = f"{self.where}: " if self.where else ""
        mend = f" ({self.hint})" if self.hint else ""
        return f"{place}{self.what}{mend}"

    def lines(self) -> list[str]:
        """That sentence, and one of each of the first faults that it gathers."""
        shown = [fault.sentence for fault in self.further[:FAULTS_SHOWN]]
        more = len(self.further) - len(shown)
        return [self.sentence, *shown, *([f"and {more} more"] if more else [])]

    @property
    def suggestions(self) -> tuple[str, ...]:
        """What may have been meant, the likeliest first, where the hint asks that."""
        found: tuple[str, ...] = getattr(self.hint, "suggestions", ())
        return found

    @property
    def further(self) -> tuple[TraceLedgerError, ...]:
        """Further errors that this one gathers, in the order in which to mend them; most have none."""
        return ()


class ClosedError(TraceLedgerError):
    """Something is used that was closed before: a client, an index, a store of private texts."""


class InputError(TraceLedgerError, ValueError):
    """What the caller gave cannot be understood, or names something that does not exist."""

    exit_code = ExitCode.INPUT


class UnknownNameError(InputError):
    """A participant, facility, material, batch or shipment of that name is not on the ledger."""


class VerificationError(TraceLedgerError):
    """Stored evidence does not hold: a broken chain, a corrupt database, an index that disagrees."""

    exit_code = ExitCode.VERIFICATION


class NotAcceptedError(TraceLedgerError):
    """The evidence holds, but the caller's policy or an audit's settings do not accept it."""

    exit_code = ExitCode.NOT_ACCEPTED


class ContractRefusalError(TraceLedgerError):
    """The contracts refused an operation; nothing of that one happened."""

    exit_code = ExitCode.REFUSED


class TooLargeForBlockError(TraceLedgerError):
    """An operation needs more gas than a block of the network has; it was not signed."""

    exit_code = ExitCode.TOO_LARGE


class SigningError(TraceLedgerError):
    """A key is missing, unreadable, or its passphrase is wrong."""

    exit_code = ExitCode.SIGNING


class NetworkError(TraceLedgerError):
    """The network is not configured, cannot be reached, is busy, or is not the one expected."""

    exit_code = ExitCode.NETWORK


class BusyError(NetworkError):
    """Another process kept writing to one of our files."""
