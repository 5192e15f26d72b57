r"""From a cell to what an operations file would say: text, quantities with their unit, dates, flags.

What a number written as text means depends on the style of the file, and what a date means on that of its
column: both are decided over many cells, never from one.

Example:
    >>> from traceledger.interop.sheets.grid import read
    >>> rows = read(b"batch;mass (t)\nKOL-1;24,5\nKOL-2;3,75\n", "lots.csv").sheets[0].rows
    >>> style = Style.of([row.cells[1] for row in rows[1:]])
    >>> mass = Column("mass (t)", unit=heading_of("mass (t)").unit, style=style)
    >>> mass.quantity(rows[1].cells[1])
    '24.5 t'
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from traceledger.errors import InputError
from traceledger.interop.sheets.grid import Cell, Decimals


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands above a column: a name, and the unit if it says one.

    Attributes:
        name: without the unit.
        unit: ``mg``, ``g``, ``kg``, ``t`` or ``%``, however it was written; empty if none is said.
        co2e: whether the unit says that it is of CO2e.
    """

    name: str
    unit: str = ""
    co2e: bool = False


def heading_of(text: str) -> Heading:
    """A heading, and its unit apart: ``mass (kg)``, ``mass_kg``, ``mass [kg]``."""
    raise NotImplementedError


def unit_of(text: str) -> str:
    """The unit of mass that is meant: ``mg``, ``g``, ``kg`` or ``t``.

    Raises:
        InputError: it is none, or one that is meant differently in different countries.
    """
    raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Style:
    """How numbers that are text are written in a file or sheet.

    Attributes:
        decimals: which sign stands before decimals; ``None`` if the cells do not tell.
        faults: cells that contradict the others.
    """

    decimals: Decimals | None = None
    faults: tuple[InputError, ...] = ()

    @classmethod
    def of(cls, cells: Iterable[Cell], said: Decimals | None = None) -> Style:
        """The style of cells that are quantities: all of a file or sheet.

        Args:
            cells: those of columns of amounts, without their headings; others are passed over.
            said: what the user said, by option or mapping file.
        """
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Days:
    """How dates that are text are written in a column.

    Attributes:
        order: ``"dmy"`` or ``"mdy"`` of numbered dates; empty if there are none, or the cells do not tell.
        faults: cells that contradict the others.
    """

    order: str = ""
    faults: tuple[InputError, ...] = ()

    @classmethod
    def of(cls, cells: Iterable[Cell]) -> Days:
        """The style of the dates of a column, without its heading."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a sheet: reads its cells, each as what an operations file would say.

    Every method raises :class:`InputError` with the place of the cell, also where the cell is empty: ask
    :attr:`Cell.empty` first where it may be.

    Attributes:
        heading: what stands above it.
        unit: of its numbers, where it is said: in the heading, in a mapping file.
        style: how numbers are written.
        days: how dates are written.
    """

    heading: str = ""
    unit: str = ""
    style: Style = field(default_factory=Style)
    days: Days = field(default_factory=Days)

    def text(self, cell: Cell) -> str:
        """Text for people, trimmed, in NFC; a number as it is shown."""
        raise NotImplementedError

    def identifier(self, cell: Cell) -> str:
        """A lot, a site, a document: text, or a number that has lost no digits (``1234.0`` is ``1234``)."""
        raise NotImplementedError

    def quantity(self, cell: Cell, unit: str = "") -> str:
        """A mass or an amount of CO2e with its unit: ``"24.5 t"``.

        Args:
            cell: a number, or text that may have a unit of its own.
            unit: of this cell, from a column of units; before that of the heading.
        """
        raise NotImplementedError

    def percent(self, cell: Cell) -> str:
        """A percentage: ``"87.5 %"``; a number formatted so, or with ``%`` in the cell or the heading."""
        raise NotImplementedError

    def integer(self, cell: Cell) -> int:
        """A whole number."""
        raise NotImplementedError

    def degrees(self, cell: Cell) -> str:
        """Decimal degrees: ``"-10.72"``."""
        raise NotImplementedError

    def time(self, cell: Cell) -> str:
        """A time in ISO 8601 with its zone, UTC where none is said: ``"2026-01-17T06:00:00Z"``."""
        raise NotImplementedError

    def day(self, cell: Cell) -> str:
        """A day, ``"2026-01-17"``, or a time."""
        raise NotImplementedError

    def flag(self, cell: Cell) -> bool:
        """True or false; also yes and no in the languages of the product."""
        raise NotImplementedError


def warnings_of(cells: Iterable[Cell], heading: str = "") -> list[InputError]:
    """Doubts about a column of identifiers: numbers where others have leading zeros."""
    raise NotImplementedError
