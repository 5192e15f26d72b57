"""A footprint while it is written: its members, who says each, and what nobody knows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from traceledger.interop.exported import Missing, Origin, Sourced
from traceledger.interop.pact import rules

if TYPE_CHECKING:
    from traceledger.interop.carbon import CarbonFigures

FILE = "master data"


@dataclass(slots=True)
class Sheet:
    """What is written so far."""

    figures: CarbonFigures
    document: dict[str, Any] = field(default_factory=dict)
    sources: list[Sourced] = field(default_factory=list)
    missing: list[Missing] = field(default_factory=list)

    def _put(self, pointer: str, value: Any) -> None:
        *path, name = pointer.split("/")[1:]
        place = self.document
        for each in path:
            place = place.setdefault(each, {})
        place[name] = value

    def ledger(self, pointer: str, value: Any, what: str) -> None:
        """A value that was computed from the ledger's events."""
        self._put(pointer, value)
        self.sources.append(Sourced(pointer, Origin.LEDGER, what, self.figures.events))

    def said(self, pointer: str, value: Any, place: str) -> None:
        """A value that master data say at a place."""
        self._put(pointer, value)
        self.sources.append(Sourced(pointer, Origin.MASTER_DATA, place))

    def fixed(self, pointer: str, value: Any, what: str = "") -> None:
        """A value of the format's own."""
        self._put(pointer, value)
        self.sources.append(Sourced(pointer, Origin.FORMAT, what or rules.SPECIFICATION))

    def lacks(self, pointer: str, why: str, *, required: bool = False) -> None:
        """A value that nobody knows."""
        self.missing.append(Missing(pointer, why, required))

    def perhaps(self, pointer: str, value: Any, place: str, *, required: bool = False) -> None:
        """A value of master data, if they say it."""
        if value in (None, "", (), []):
            self.lacks(pointer, f"{FILE} say nothing at {place}", required=required)
        else:
            self.said(pointer, value, place)
