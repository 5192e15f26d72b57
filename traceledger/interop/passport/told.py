"""Values of a passport before they are a document: each with who says it, or with why it is lacking.

A member's source gives a :data:`Node`: one value (:class:`Told`), why there is none (:class:`Lacking`), or a
mapping or list of nodes. A key that ends in ``?`` is optional: without it, the mapping is still whole.

Example:
    >>> fixed("urn:x", "version of the format").value
    'urn:x'
    >>> from_ledger(5, "its mass", ["12/0"]).events
    ('12/0',)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TypeAlias

from traceledger.interop.exported import Origin

Value: TypeAlias = "str | bool | int | Decimal"
"""What one member says; numbers are exact."""


@dataclass(frozen=True, slots=True)
class Told:
    """One value, and who says it.

    Attributes:
        value: what is said.
        origin: who says it.
        what: of the ledger what was computed, of master data the place in the file, in a clause.
        events: of the ledger the events it was computed from, each ``BLOCK/LOG``, in the chain's order.
    """

    value: Value
    origin: Origin
    what: str
    events: tuple[str, ...] = ()

    @property
    def exact(self) -> Decimal:
        """The value of a number, exactly."""
        return Decimal(str(self.value))

    def as_(self, change: Callable[[Value], Value]) -> Told:
        """The same said in a format's own words."""
        return replace(self, value=change(self.value))


@dataclass(frozen=True, slots=True)
class Lacking:
    """Nobody says it. ``why``: what would have to, in a clause."""

    why: str


@dataclass(frozen=True, slots=True)
class Narrowed:
    """A node of another point of Annex XIII than the member it stands in."""

    point: str
    node: Node


Node: TypeAlias = "Told | Lacking | Narrowed | Mapping[str, Node] | Sequence[Node]"
"""A value with its source, why there is none, or a structure of them."""


def fixed(value: Value, what: str) -> Told:
    """What the format, or this program, fixes."""
    return Told(value, Origin.FORMAT, what)


def from_ledger(value: Value, what: str, events: Iterable[str]) -> Told:
    """What was computed from events of the chain."""
    return Told(value, Origin.LEDGER, what, tuple(events))


def from_master_data(value: Value, where: str) -> Told:
    """What the company's master data says, at a place in its file."""
    return Told(value, Origin.MASTER_DATA, where)


def changed(node: Node, change: Callable[[Value], Value]) -> Node:
    """The value of a node in a format's own words; what is no value stays as it is."""
    return node.as_(change) if isinstance(node, Told) else node
