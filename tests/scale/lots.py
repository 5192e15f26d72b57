"""Lots and what is known of them while a chain is made: plain values, and the two arithmetic rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from eth_hash.auto import keccak

Scopes = tuple[int, int, int, int]
"""Emissions: three scopes, and the part of them from primary data, mg."""
Taken = tuple[int, int, int, int, int, tuple[tuple[int, int], ...]]
"""What left a lot, as events say it: its id, mass, own, inherited and primary CO2e, substances."""
ORIGINS = ("mined", "post_consumer", "pre_consumer", "untraced")
SYMBOLS = {
    **{3: "Li", 6: "C", 11: "Na", 12: "Mg", 13: "Al", 15: "P", 16: "S", 22: "Ti", 23: "V", 25: "Mn"},
    **{26: "Fe", 27: "Co", 28: "Ni", 29: "Cu", 30: "Zn"},
}
"""As many as a material may have."""


class Lot:
    """A batch: its pools as they are now."""

    __slots__ = (
        *(
            "creator",
            "custodian",
            "facility",
            "id",
            "inherited",
            "made",
            "mass",
            "material",
            "name",
            "own",
            "primary",
        ),
        "substances",
    )

    def __init__(self, name: str, batch: int, creator: str, material: str, facility: str) -> None:
        self.name, self.id, self.creator, self.custodian = name, batch, creator, creator
        self.material, self.facility = material, facility
        self.mass = self.own = self.inherited = self.primary = 0
        self.substances: dict[int, int] = {}
        self.made = (0, 0)

    def take(self, mass: int) -> Taken:
        """Take: of every pool its part, ``floor(P·m/M)``; returns what left, as events say it."""
        whole = self.mass
        own, inherited = self.own * mass // whole, self.inherited * mass // whole
        primary = self.primary * mass // whole
        taken = tuple([(number, pool * mass // whole) for number, pool in self.substances.items()])
        self.mass, self.own, self.inherited = whole - mass, self.own - own, self.inherited - inherited
        self.primary -= primary
        for number, gone in taken:
            self.substances[number] -= gone
        return self.id, mass, own, inherited, primary, taken

    def put_back(self, taken: Taken) -> None:
        """What a reversal gives back."""
        _, mass, own, inherited, primary, substances = taken
        self.mass, self.own, self.inherited = self.mass + mass, self.own + own, self.inherited + inherited
        self.primary += primary
        for number, back in substances:
            self.substances[number] += back


@dataclass
class Shipment:
    """Lots on their way."""

    id: int
    name: str
    sender: str
    receiver: str
    lots: list[Lot]
    position: int


@dataclass
class Run:
    """A run that may be reversed."""

    id: int
    name: str
    participant: str
    taken: list[Any]
    inputs: list[Lot]
    outputs: list[Lot]
    emissions: Scopes
    position: int


@dataclass(frozen=True)
class Parties:
    """Addresses, 20 bytes: of the contracts by name, and of participants by slug."""

    contracts: dict[str, bytes]
    participants: dict[str, bytes]


def spread(total: int, weights: Sequence[int]) -> list[int]:
    """Allocate, by cumulative floors."""
    shares, running, before, whole = [], 0, 0, sum(weights)
    for weight in weights:
        running += weight
        upto = total * running // whole
        shares.append(upto - before)
        before = upto
    return shares


def lanes(emissions: Scopes) -> tuple[int, int]:
    """Emissions as the contracts have them."""
    one, two, three, primary = emissions
    return one | two << 64 | three << 128 | primary << 192, 0


def material_id(slug: str) -> int:
    return int.from_bytes(keccak(slug.encode())[:5], "big")
