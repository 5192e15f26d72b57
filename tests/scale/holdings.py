"""Lots as :mod:`tests.scale.forward` holds them, and what is poured from one into another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Line = Mapping[str, Any]
Mixture = dict[Any, Any]
"""Amounts, by what they are of."""
SCOPES = ("scope1", "scope2", "scope3")


@dataclass
class Held:
    """A lot as it is now, and what it was made with and got since."""

    name: str
    custodian: str
    facility: str
    material: str = ""
    mass: int = 0
    substances: dict[str, int] = field(default_factory=dict)
    own: int = 0
    inherited: int = 0
    primary: int = 0
    own_of: Mixture = field(default_factory=dict)
    inherited_of: Mixture = field(default_factory=dict)
    coefficients: Mixture = field(default_factory=dict)
    """Which part of the emissions of a record, or of a booked difference, is in it."""
    origins: dict[str, Mixture] = field(default_factory=dict)
    traced: dict[str, Mixture] = field(default_factory=dict)
    cells: Mixture = field(default_factory=dict)
    """CO2e as made and added, of the asked lots only; ``parts``: the same of coefficients."""
    parts: Mixture = field(default_factory=dict)
    total: list[int] = field(default_factory=lambda: [0, 0, 0])
    """Own, inherited and primary CO2e, as made and added."""
    added: tuple[Mixture, Mixture, list[int]] = field(default_factory=lambda: ({}, {}, [0, 0]))
    """Since it was split off: cells, coefficients, own and primary."""
    returned: bool = False
    """It was taken back."""
    second_life: bool = False
    """It was, or what it was split off."""


@dataclass
class Taken:
    """What left a lot."""

    lot: Held
    mass: int
    substances: dict[str, int]
    own: int
    inherited: int
    primary: int
    own_of: Mixture
    inherited_of: Mixture
    coefficients: Mixture


def allocated(total: int, weights: Sequence[int]) -> list[int]:
    """A total over weights, by cumulative floors."""
    upto = [total * sum(weights[: place + 1]) // sum(weights) for place in range(len(weights))]
    return [one - before for one, before in zip(upto, [0, *upto], strict=False)]


def poured(into: Mixture, of: Mixture, part: Any = 1) -> None:
    """Put a part of a mixture into another."""
    for key, amount in of.items():
        into[key] = into.get(key, 0) + amount * part


def drawn(of: Mixture, part: Any) -> Mixture:
    """Take a part of a mixture away, and return it."""
    if part == 1:
        taken = dict(of)
        of.clear()
        return taken
    taken = {key: amount * part for key, amount in of.items()}
    for key, amount in taken.items():
        of[key] -= amount
    return taken


def full(name: str, who: str) -> str:
    """A full name: one's own may leave one's name out."""
    return name if "/" in name else f"{who}/{name}"


def amounts(line: Line) -> tuple[int, ...]:
    """Three scopes and the primary part."""
    said = line.get("emissions", {})
    return tuple(int(said.get(key, 0)) for key in (*SCOPES, "primary"))
