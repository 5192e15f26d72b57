"""The reference model's values, and how it reads the quantities and times of an operations file."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

LARGEST = 2**54 - 1
MOST_USES = 31
DAY = 86_400
ALWAYS = 2**64 - 1
SCOPES = ("scope1", "scope2", "scope3")
NUMBERS = {"Li": 3, "C": 6, "Mn": 25, "Co": 27, "Ni": 28, "Cu": 29, "Pb": 82, "mica": 1000}
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


def basis_points(percentage: str) -> int:
    """Of ``"0.5 %"``."""
    return int(Fraction(percentage.removesuffix("%").strip()) * 100)


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
            "PartExceedsEmissions",
            part=self.primary,
            emissions=self.total,
        )

    def part(self, before: int, weight: int, whole: int) -> Gases:
        scope1, scope2, scope3 = (portion(scope, before, weight, whole) for scope in self.scopes)
        return Gases((scope1, scope2, scope3), portion(self.primary, before, weight, whole))


@dataclass
class Pools:
    """What a batch holds, or what was taken of one that weighed ``before`` then."""

    mass: int
    substances: dict[int, int]
    own: int = 0
    inherited: int = 0
    primary: int = 0
    before: int = 0

    def copy(self) -> Pools:
        return Pools(self.mass, dict(self.substances), self.own, self.inherited, self.primary)

    def add_own(self, gases: Gases) -> None:
        self.own = fitting(self.own + gases.total)
        self.primary = fitting(self.primary + gases.primary)

    def add(self, other: Pools) -> None:
        """On top of what it holds."""
        self.mass = fitting(self.mass + other.mass)
        for number, mass in other.substances.items():
            self.substances[number] = fitting(self.substances[number] + mass)
        self.own = fitting(self.own + other.own)
        self.inherited = fitting(self.inherited + other.inherited)
        self.primary = fitting(self.primary + other.primary)

    def empty(self) -> None:
        """Nothing of anything."""
        self.mass = self.own = self.inherited = self.primary = 0
        self.substances = dict.fromkeys(self.substances, 0)

    def take(self, mass: int) -> Pools:
        """Of every pool its part, rounded down; all of it with all the mass."""
        whole = self.mass
        lost = self.take_substances(mass)
        taken = Pools(
            mass, lost, *(getattr(self, p) * mass // whole for p in ("own", "inherited", "primary"))
        )
        taken.before = whole
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


@dataclass(frozen=True)
class Entry:
    """What made or moved a batch: what a reversal needs to know of it.

    ``mass`` is what was sent, or taken back, ``arrived`` what arrived; ``substances`` and ``used`` are as
    they were before. ``since`` is when, by the block.
    """

    kind: str
    of: Name = ("", "")
    sender: str = ""
    key: tuple[Name, str, str, int] | None = None
    returning: bool = False
    uses: int = 0
    mass: int = 0
    arrived: int = 0
    substances: tuple[tuple[int, int], ...] = ()
    arrived_substances: tuple[tuple[int, int], ...] = ()
    used: tuple[tuple[int, int], ...] = ()
    arrived_used: tuple[tuple[int, int], ...] = ()
    life: tuple[int, int, int] = (0, 0, 0)
    since: int = 0


@dataclass
class Batch:
    """A batch. ``made`` is what it was made with, ``facility`` where (a split child: as its parent).

    ``used`` is the tolerance used in basis points, by substance and, under 0, of gross mass; ``apart`` by how
    many some part of it lies below and above that; ``maker`` who made it or what it was split off; ``trail``
    what made and moved it.
    """

    name: Name
    material: str
    facility: Name
    custodian: str
    pools: Pools
    made: Pools
    state: str = "active"
    disputed: bool = False
    frozen_by_maker: bool = False
    declared_by: str = ""
    held_by_custodian: bool = False
    held_by: str = ""
    recalled: bool = False
    arose: Name | None = None
    taken_back: bool = False
    uses: int = 0
    events: int = 0
    used: dict[int, int] = field(default_factory=dict)
    apart: dict[int, tuple[int, int]] = field(default_factory=dict)
    maker: str = ""
    trail: tuple[Entry, ...] = ()

    @property
    def frozen(self) -> bool:
        return self.frozen_by_maker or bool(self.declared_by)

    @property
    def held(self) -> bool:
        return self.held_by_custodian or bool(self.held_by)

    @property
    def usable(self) -> bool:
        return self.state == "active" and not self.frozen and not self.held

    def reach(self, lane: int) -> tuple[int, int]:
        """The least and the highest basis points of any part."""
        used, (below, above) = self.used.get(lane, 0), self.apart.get(lane, (0, 0))
        return used - below, used + above

    def copy(self) -> Batch:
        return replace(self, pools=self.pools.copy(), used=dict(self.used), apart=dict(self.apart))

    def use(self, by: int = 1) -> None:
        """Counts a use, or one that was reversed; a full count stays."""
        if self.uses != MOST_USES:
            self.uses += by


@dataclass
class Shipment:
    """A shipment, and which of its lots are open."""

    name: Name
    receiver: str
    batches: tuple[Name, ...]
    open: tuple[Name, ...]
    record: int = 0
    gases: Gases = Gases()

    @property
    def state(self) -> str:
        return "open" if self.open else "closed"


@dataclass
class Run:
    """A run, as a reversal shows it again."""

    name: Name
    inputs: tuple[tuple[Name, Pools], ...]
    outputs: tuple[Name, ...]
    record: int = 0
    gases: Gases = Gases()
    is_reversed: bool = False


@dataclass(frozen=True)
class Material:
    """A material: tolerances in basis points, contents (least, highest) by substance in basis points."""

    substances: tuple[int, ...]
    waste: bool = False
    product: bool = False
    tolerance: tuple[int, int] = (0, 0)
    contents: dict[int, tuple[int, int]] = field(default_factory=dict)


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

    def origins(self) -> tuple[str, ...]:
        """What may come from there, but for what is untraced."""
        return {"mine": ("mined",), "recycler": ("post_consumer", "pre_consumer")}.get(self.kind, ())


@dataclass(frozen=True)
class Record:
    """One thing that happened, with everything that the figures are computed from.

    ``of`` is the number of the record that this one reverses or restates. ``booked`` is by batch what was
    measured otherwise, signed, by substance; ``raised`` which of them from nothing.
    """

    kind: str
    by: str | None
    batches: tuple[Name, ...] = ()
    facility: Name | None = None
    process: str = ""
    origin: str = ""
    gases: tuple[Gases, ...] = ()
    taken: tuple[Pools, ...] = ()
    inputs: tuple[Name, ...] = ()
    weights: tuple[int, ...] = ()
    of: int = -1
    recycling: bool = False
    counts: bool = True
    booked: tuple[dict[int, int], ...] = ()
    raised: tuple[frozenset[int], ...] = ()

    @property
    def named(self) -> frozenset[Name]:
        """The batches that it names."""
        return frozenset((*self.batches, *self.inputs))
