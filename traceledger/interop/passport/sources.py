"""Where members of the tables come from: short names for what most of them need."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from traceledger.interop.passport.batteries import Battery
from traceledger.interop.passport.numbers import number as written
from traceledger.interop.passport.said import Document, Said
from traceledger.interop.passport.told import Lacking, Node, changed, fixed, from_ledger
from traceledger.model.units import MG_PER_KG

Source: TypeAlias = Callable[[Battery], Node]
Shape: TypeAlias = Callable[[Document], Node]


def number(name: str) -> Source:
    """A number of master data."""
    return lambda battery: battery.said.number(name)


def text(name: str) -> Source:
    """A text of master data."""
    return lambda battery: battery.said.text(name)


def mass_kg(battery: Battery) -> Node:
    """Kg of one battery."""
    return from_ledger(written(battery.mass_mg / MG_PER_KG), "kg of one battery", battery.making)


def status(words: Mapping[str, str]) -> Source:
    """The status of the battery in the format's spelling."""
    return lambda battery: changed(battery.lives.status, lambda value: words[str(value)])


def begin_of(name: str) -> Source:
    """The first second of a day of master data, UTC."""
    return lambda battery: changed(battery.said.text(name), lambda day: f"{day}T00:00:00Z")


def end_of(name: str) -> Source:
    """The last second of a day of master data, UTC."""
    return lambda battery: changed(battery.said.text(name), lambda day: f"{day}T23:59:59Z")


def truth(name: str) -> Source:
    """``true`` or ``false`` of master data."""
    return lambda battery: battery.said.truth(name)


def texts(name: str) -> Source:
    """A list of texts of master data."""
    return lambda battery: battery.said.texts(name)


def word(name: str, words: Mapping[str, str]) -> Source:
    """A word of master data in the format's spelling."""
    return lambda battery: battery.said.among(name, words)


def documents(kind: str, shape: Shape) -> Source:
    """The documents of a kind that master data names."""
    return lambda battery: battery.said.document(kind, shape)


def link(kind: str) -> Source:
    """The address of the document of a kind."""
    return lambda battery: battery.said.link(kind)


def constant(value: str | bool | int, what: str) -> Source:
    """What the format fixes."""
    return lambda _battery: fixed(value, what)


def listed(name: str, shape: Callable[[Said], Node]) -> Source:
    """A list of tables of master data, each in the format's shape."""

    def source(battery: Battery) -> Node:
        found = battery.said.tables(name)
        return Lacking(f"master data lists no {name}") if found is None else [shape(each) for each in found]

    return source
