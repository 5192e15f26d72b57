"""What a ledger has to be told to count by Article 8 of Regulation (EU) 2023/1542.

The ledger knows materials, sites and processes, not which of them are active materials, nor where the
manufacturing of batteries begins. One file says it: ``article-8.toml`` of the package, or one's own.

Example:
    >>> packaged().active(Making("cam-811", "konin/konin-cathodes", "Cathode", "factory"))
    True
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from traceledger.errors import InputError
from traceledger.model.frozen import frozen
from traceledger.storage import toml_text

FILE = "article-8.toml"
_TABLES = ("material", "facility", "process", "kind")
_FOLDED = ("process", "kind")
_HINT = 'write for instance [active_material.process] and beneath it "cathode" = true'


@frozen
class Making:
    """How a lot was made.

    Attributes:
        material: its material's slug.
        facility: full name of the site.
        process: of a run its process; of what was minted empty.
        kind: the site's kind.
    """

    material: str
    facility: str
    process: str
    kind: str


@frozen
class Table:
    """Yes or no by name, of material, facility, process and kind of facility."""

    names: Mapping[str, Mapping[str, bool]]

    def says(self, making: Making, tables: tuple[str, ...] = _TABLES) -> bool | None:
        """What the first table that has its name says; ``None``: none has."""
        for table in tables:
            name = str(getattr(making, table))
            found = self.names.get(table, {}).get(name.casefold() if table in _FOLDED else name)
            if found is not None:
                return found
        return None


@frozen
class Article8Rules:
    """What is an active material, and what is battery manufacturing waste."""

    active_material: Table
    battery_manufacturing_waste: Table

    def active(self, making: Making) -> bool | None:
        """Whether what was made so is an active material; ``None``: nobody says."""
        return self.active_material.says(making)

    def of_battery_manufacturing(self, making: Making) -> bool | None:
        """Whether waste that was made so arose in the manufacturing of batteries; ``None``: nobody says."""
        return self.battery_manufacturing_waste.says(making)

    def minted_of_battery_manufacturing(self, making: Making) -> bool | None:
        """The same of what a recycler minted: of that the site and its kind are the recycler's own."""
        return self.battery_manufacturing_waste.says(making, ("material", "facility"))


def packaged_text() -> str:
    """The file of the package, to begin one's own with."""
    return Path(__file__).with_name(FILE).read_text("utf-8")


@cache
def packaged() -> Article8Rules:
    """The rules of the package."""
    return parsed(packaged_text(), FILE)


def load_rules(path: Path | None) -> Article8Rules:
    """One's own rules; without a path the package's.

    Raises:
        InputError: the file cannot be read, or says something else.
    """
    if path is None:
        return packaged()
    return _rules(toml_text.read(path), str(path))


def parsed(text: str, where: str) -> Article8Rules:
    """Rules of a TOML text.

    Raises:
        InputError: it is not TOML, or says something else; ``where`` is its file.
    """
    return _rules(toml_text.document(text, where), where)


def _rules(document: dict[str, Any], where: str) -> Article8Rules:
    known = ("active_material", "battery_manufacturing_waste")
    if unknown := sorted(set(document) - set(known)):
        raise InputError(
            f"{unknown[0]!r} is no table of these rules", where=where, hint=f"use {', '.join(known)}"
        )
    return Article8Rules(*(_table(document.get(name, {}), f"{where}: {name}") for name in known))


def _table(document: Any, where: str) -> Table:
    if not isinstance(document, dict):
        raise InputError("it is not a table of tables", where=where, hint=_HINT)
    if unknown := sorted(set(document) - set(_TABLES)):
        raise InputError(f"{unknown[0]!r} is no table", where=where, hint=f"use {', '.join(_TABLES)}")
    return Table({name: _names(document[name], name, f"{where}.{name}") for name in document})


def _names(document: Any, table: str, where: str) -> dict[str, bool]:
    if not isinstance(document, dict):
        raise InputError("it is not a table", where=where, hint=_HINT)
    found: dict[str, bool] = {}
    for name, value in document.items():
        key = name.casefold() if table in _FOLDED else name
        if not isinstance(value, bool):
            raise InputError(f"of {name!r} it says neither true nor false", where=where, hint=_HINT)
        if key in found:
            raise InputError(f"{name!r} is there twice", where=where, hint="names are compared without case")
        found[key] = value
    return found
