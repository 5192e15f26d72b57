"""Lots and what happens to them, with arithmetic that shares no code with traceledger."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from eth_abi import encode
from eth_hash.auto import keccak


def address_of(slug: str) -> bytes:
    return bytes(keccak(slug.encode())[:20])


def id_of(owner: bytes, text: str) -> int:
    return int.from_bytes(keccak(encode(["address", "string"], [owner, text])), "big")


@dataclass
class Lot:
    """A batch: its pools as they are now."""

    id: int
    creator: bytes
    identifier: str
    material: int
    facility: int
    custodian: bytes
    mass: int
    own: int
    inherited: int
    primary: int
    substances: dict[int, int]
    state: str = "active"
    frozen: bool = False

    def take(self, mass: int) -> dict[str, Any]:
        """Remove ``mass``; returns what left."""
        share = {
            "mass": mass,
            "own": self.own * mass // self.mass,
            "inherited": self.inherited * mass // self.mass,
            "primary": self.primary * mass // self.mass,
            "substances": {n: p * mass // self.mass for n, p in self.substances.items()},
        }
        for name in ("mass", "own", "inherited", "primary"):
            setattr(self, name, getattr(self, name) - share[name])
        for number, gone in share["substances"].items():
            self.substances[number] -= gone
        if self.mass == 0:
            self.state = "consumed"
        return share


@dataclass(frozen=True)
class Happening:
    """One event as the simulator knows it: where it stands, its kind, and plain facts about it."""

    block: int
    log_index: int
    kind: str
    facts: dict[str, Any]


def spread(total: int, weights: list[int]) -> list[int]:
    """Share a total by cumulative floors."""
    shares, running, before = [], 0, 0
    for weight in weights:
        running += weight
        upto = total * running // sum(weights)
        shares.append(upto - before)
        before = upto
    return shares


def pairs(substances: dict[int, int]) -> tuple[tuple[int, int], ...]:
    return tuple(sorted(substances.items()))
