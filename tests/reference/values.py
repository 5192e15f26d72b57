"""The reference model's values, and how it reads the quantities and times of an operations file."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

LARGEST = 2**56 - 1
SCOPES = ("scope1", "scope2", "scope3")
NUMBERS = {"Li": 3, "C": 6, "Mn": 25, "Co": 27, "Ni": 28, "Cu": 29, "mica": 1000}
SYMBOLS = {number: symbol for symbol, number in NUMBERS.items()}

Name = tuple[str, str]
"""Of a batch, facility, shipment or transformation: the owner's slug, and its own identifier."""


class Refused(Exception):  # noqa: N818
    """The ledger refuses: the Solidity error expected, and those of its arguments that the model knows."""

    def __init__(self, error: str, **arguments: object) -> None:
        super().__init__(f"{error} {arguments}")
        self.error = error
        self.arguments = arguments


def refuse_if(condition: bool, error: str, **arguments: object) -> None:
    """Refuse, if the condition holds."""
    if condition:
        raise Refused(error, **arguments)


def milligrams(quantity: str | int) -> int:
    """Of ``"1.5 kg"``, or of an integer that is mg already."""
    if isinstance(quantity, int):
        return quantity
    number, unit = quantity.split()[:2]
    exact = Fraction(number) * {"mg": 1, "g": 10**3, "kg": 10**6, "t": 10**9}[unit]
    assert exact.denominator == 1, quantity
    return int(exact)


def seconds(moment: str | int) -> int:
    """Of an ISO 8601 time, or of an integer that is UTC seconds already."""
    return moment if isinstance(moment, int) else int(datetime.fromisoformat(moment).timestamp())


def year_of(moment: int) -> int:
    """The calendar year, UTC."""
    return datetime.fromtimestamp(moment, UTC).year


def substances_of(document: dict[str, Any] | None) -> dict[int, int]:
    """Milligrams by substance number, ascending."""
    return dict(sorted((NUMBERS[name], milligrams(mass)) for name, mass in (document or {}).items()))


def portion(total: int, before: int, weight: int, whole: int) -> int:
    """The integer share of ``total`` for a weight that stands behind others with sum ``before``."""
    return (total * (before + weight)) // whole - (total * before) // whole


@dataclass(frozen=True)
class Gases:
    """Emissions by scope, and their primary part; mg CO2e."""

    scopes: tuple[int, int, int] = (0, 0, 0)
    primary: int = 0

    @classmethod
    def read(cls, document: dict[str, Any] | None) -> Gases:
        given = document or {}
        scope1, scope2, scope3, primary = (milligrams(given.get(name, 0)) for name in (*SCOPES, "primary"))
        return cls((scope1, scope2, scope3), primary)

    @property
    def total(self) -> int:
        return sum(self.scopes)

    def check(self) -> None:
        refuse_if(
            self.primary > self.total,
            "PrimaryExceedsEmissions",
            primary=self.primary,
            emissions=self.total,
        )

    def part(self, before: int, weight: int, whole: int) -> Gases:
        scope1, scope2, scope3 = (portion(scope, before, weight, whole) for scope in self.scopes)
        return Gases((scope1, scope2, scope3), portion(self.primary, before, weight, whole))


@dataclass
class Pools:
    """What a batch holds, or what was taken of one."""

    mass: int
    substances: dict[int, int]
    own: int = 0
    inherited: int = 0
    primary: int = 0

    def copy(self) -> Pools:
        return Pools(self.mass, dict(self.substances), self.own, self.inherited, self.primary)

    def add_own(self, gases: Gases) -> None:
        self.own = fitting(self.own + gases.total)
        self.primary = fitting(self.primary + gases.primary)

    def take(self, mass: int) -> Pools:
        """Of every pool its part, rounded down; all of it with all the mass."""
        whole = self.mass
        lost = self.take_substances(mass)
        taken = Pools(
            mass, lost, *(getattr(self, p) * mass // whole for p in ("own", "inherited", "primary"))
        )
        self.own -= taken.own
        self.inherited -= taken.inherited
        self.primary -= taken.primary
        return taken

    def take_substances(self, mass: int) -> dict[int, int]:
        """The mass and its substances only."""
        taken = {number: pool * mass // self.mass for number, pool in self.substances.items()}
        self.substances = {number: pool - taken[number] for number, pool in self.substances.items()}
        self.mass -= mass
        return taken


def fitting(quantity: int) -> int:
    """A quantity that a batch can hold."""
    refuse_if(quantity > LARGEST, "QuantityTooLarge", quantity=quantity, limit=LARGEST)
    return quantity


@dataclass
class Batch:
    """A batch. ``made`` is what it was made with, ``facility`` where (a split child: as its parent)."""

    name: Name
    material: str
    facility: Name
    custodian: str
    pools: Pools
    made: Pools
    state: str = "active"
    frozen: bool = False

    def copy(self) -> Batch:
        copied = Batch(self.name, self.material, self.facility, self.custodian, self.pools.copy(), self.made)
        copied.state, copied.frozen = self.state, self.frozen
        return copied


@dataclass
class Shipment:
    """A shipment, while it is open and after."""

    name: Name
    receiver: str
    batches: tuple[Name, ...]
    state: str = "open"


@dataclass
class Participant:
    """A participant and its keys (addresses as text; the first is its address)."""

    slug: str
    address: str
    country: str
    roles: frozenset[str]
    status: str = "active"
    keys: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Facility:
    """A facility."""

    name: Name
    kind: str
    country: str

    @property
    def is_origin(self) -> bool:
        return self.kind in ("mine", "recycler")


@dataclass(frozen=True)
class Record:
    """One thing that happened, with everything that the figures are computed from."""

    kind: str
    by: str | None
    batches: tuple[Name, ...] = ()
    facility: Name | None = None
    process: str = ""
    origin: str = ""
    gases: tuple[Gases, ...] = ()
    taken: tuple[Pools, ...] = ()
    inputs: tuple[Name, ...] = ()
