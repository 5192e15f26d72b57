"""Putting a picture together from above: headings, rows, legends, words.

Example:
    >>> from traceledger.pages.charts.marks import NARROW
    >>> sheet = Sheet(NARROW)
    >>> sheet.words("Nothing was recorded.")
    >>> sheet.picture("empty", "Emissions", "Nothing was recorded.").height > 13
    True
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from traceledger.languages import Language
from traceledger.pages import formats
from traceledger.pages.charts import rows
from traceledger.pages.charts.marks import Layout, Mark, Picture
from traceledger.pages.charts.rows import Key, Row


class Sheet:
    """A picture that grows downwards."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.bottom = 0.0
        self._marks: list[Mark] = []

    def bars(self, found: Sequence[Row], *, most: float | None = None) -> None:
        """Bars; see :func:`traceledger.pages.charts.rows.arranged`."""
        self.put(rows.arranged(found, self.layout, top=self.bottom + 4, most=most))

    def legend(self, keys: Iterable[Key]) -> None:
        """What roles and patterns mean."""
        self.put(rows.legend(keys, self.layout, top=self.bottom + 4))

    def heading(self, text: str) -> None:
        """A line above what follows."""
        self.put(rows.heading(text, self.layout, top=self.bottom + (14 if self.bottom else 0)))

    def words(self, text: str) -> None:
        """A paragraph."""
        self.put(rows.paragraph(text, self.layout, top=self.bottom + 4))

    def put(self, found: rows.Arranged) -> None:
        """Marks that were arranged to begin where this ended."""
        self._marks += found.marks
        self.bottom = found.bottom

    def picture(self, name: str, title: str, description: str) -> Picture:
        """All of it."""
        marks = tuple(self._marks)
        return Picture(name, title, description, self.layout.width, self.bottom + 4, marks)


def amount(milligrams: int, language: Language) -> str:
    """A mass or an amount of CO2e as pictures write it; nothing is written 0."""
    return formats.mass(milligrams, language) if milligrams else "0"


def listed(pairs: Iterable[tuple[str, str]], language: Language) -> str:
    """Names and figures as a part of a sentence."""
    between = language.gettext("; ")
    pair = language.gettext("%(name)s: %(figure)s")
    return between.join(pair % {"name": name, "figure": figure} for name, figure in pairs)
