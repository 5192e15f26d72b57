"""Plain values that every part of TraceLedger shares. No chain, no I/O.

Masses are milligrams, emissions milligrams CO2e, times UTC seconds, addresses 20 bytes, ids ``int``.

Example:
    >>> Emissions(scope1=5, scope2=3).total_mg
    8
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, IntEnum


class Origin(IntEnum):
    """Where newly minted material comes from; recycled kinds as ISO 14021, 7.8.1.1 defines them."""

    MINED = 0
    POST_CONSUMER = 1
    PRE_CONSUMER = 2

    @property
    def slug(self) -> str:
        """The name used in files: ``mined``, ``post_consumer``, ``pre_consumer``."""
        return self.name.lower()


class AllocationRule(IntEnum):
    """How the burdens of a transformation are shared among its outputs."""

    MASS = 0
    ECONOMIC = 1

    @property
    def slug(self) -> str:
        """The name used in files: ``mass``, ``economic``."""
        return self.name.lower()


class ErrorReason(IntEnum):
    """Why an event is declared an error (EPCIS 2.0 ``errorDeclaration.reason``)."""

    DID_NOT_OCCUR = 0
    INCORRECT_DATA = 1

    @property
    def slug(self) -> str:
        """The name used in files: ``did_not_occur``, ``incorrect_data``."""
        return self.name.lower()


class BatchState(IntEnum):
    """The life of a batch; numbers as in the contracts. ``CONSUMED`` and ``RETIRED`` are final."""

    ACTIVE = 1
    IN_TRANSIT = 2
    CONSUMED = 3
    RETIRED = 4

    @property
    def slug(self) -> str:
        """The name used in output: ``active``, ``in_transit``, ``consumed``, ``retired``."""
        return self.name.lower()


class ParticipantState(IntEnum):
    """The standing of a participant; numbers as in the contracts. ``TERMINATED`` is final."""

    ACTIVE = 1
    SUSPENDED = 2
    TERMINATED = 3

    @property
    def slug(self) -> str:
        """The name used in output."""
        return self.name.lower()


class ShipmentState(Enum):
    """Where a shipment's handshake stands."""

    OFFERED = "offered"
    RECEIVED = "received"
    REJECTED = "rejected"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Emissions:
    """Emissions by GHG Protocol scope, mg CO2e; ``primary`` is the part of all three from primary data."""

    scope1: int = 0
    scope2: int = 0
    scope3: int = 0
    primary: int = 0

    @property
    def total_mg(self) -> int:
        """The three scopes together."""
        return self.scope1 + self.scope2 + self.scope3


@dataclass(frozen=True, slots=True)
class Evidence:
    """A document held elsewhere: its address and the 32 bytes of its SHA-256."""

    uri: str
    sha256: bytes


Substances = Mapping[int, int]
"""Milligrams by substance number: atomic numbers for elements, from 1000 up for minerals."""


@dataclass(frozen=True, slots=True)
class Participant:
    """A company on the ledger. ``operators`` are the keys that may sign for it now."""

    address: bytes
    slug: str
    name: str
    country: str
    roles: tuple[str, ...]
    state: ParticipantState
    operators: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class Facility:
    """A site operated by a participant (address). Its full name is ``operator-slug/identifier``."""

    id: int
    participant: bytes
    identifier: str
    name: str
    kind: str
    country: str


@dataclass(frozen=True, slots=True)
class Material:
    """A kind of material and the substance numbers that its batches may hold."""

    id: int
    slug: str
    name: str
    cas: str
    substances: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Approval:
    """An approved origin: mg of the material that the facility may mint per calendar year."""

    facility: int
    material: int
    capacity_mg: int


@dataclass(frozen=True, slots=True)
class Shipment:
    """Batches (ids, in the order offered) on their way from one participant (address) to another."""

    id: int
    sender: bytes
    receiver: bytes
    identifier: str
    batches: tuple[int, ...]
    state: ShipmentState


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch as the index knows it now: what remains in its pools, mg and mg CO2e.

    ``facility`` is where it was made (a split child: where its parent was made). ``frozen``: an error
    was declared in it.
    """

    id: int
    creator: bytes
    identifier: str
    material: int
    facility: int
    custodian: bytes
    state: BatchState
    frozen: bool
    mass_mg: int
    own_mg: int
    inherited_mg: int
    primary_mg: int
    substances_mg: Substances = field(default_factory=dict)
