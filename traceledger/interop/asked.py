"""What a user says of a spreadsheet beside what it says itself: the options of ``traceledger submit``.

Example:
    >>> Asked(operation="mint", sheets=("Lots",)).options
    ('--operation', 'mint', '--sheet', 'Lots')
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from traceledger.interop.sheets.mapping import SpreadsheetMapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """How a spreadsheet is to be read.

    Attributes:
        operation: which operation its rows are, where nothing else tells; ``transform.inputs``: of its list.
        act_as: short name of the participant that acts, where no column says it; what only the consortium
            does is never a participant's.
        decimal: the sign before decimals, ``point`` or ``comma``, where the file does not tell.
        sheets: those to read; none: all that hold operations.
        mapping: how that of others is read: a mapping file, or what was read from one.
        hidden: what is done about hidden rows and columns: ``refuse``, ``read`` or ``skip``.
    """

    operation: str = ""
    act_as: str = ""
    decimal: str = ""
    sheets: tuple[str, ...] = ()
    mapping: Path | SpreadsheetMapping | None = None
    hidden: str = "refuse"

    @property
    def options(self) -> tuple[str, ...]:
        """The same as words of a command line."""
        said = {
            "--as": self.act_as,
            "--operation": self.operation,
            "--decimal": self.decimal,
            "--mapping": str(self.mapping) if isinstance(self.mapping, Path) else "",
            "--hidden": "" if self.hidden == "refuse" else self.hidden,
        }
        words = [word for option, value in said.items() if value for word in (option, value)]
        return (*words, *(word for sheet in self.sheets for word in ("--sheet", sheet)))

    @property
    def asks(self) -> bool:
        """Whether anything is said that counts for spreadsheets only."""
        return bool(self.operation or self.decimal or self.sheets or self.mapping)
