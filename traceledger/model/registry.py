"""Participants, facilities and materials, and what a facility is approved to mint.

Masses are milligrams, addresses 20 bytes, ids ``int``.

Example:
    >>> ParticipantState.SUSPENDED.slug
    'suspended'
"""

from __future__ import annotations

from enum import IntEnum

from traceledger.model.batches import Origin
from traceledger.model.frozen import frozen
from traceledger.model.identifiers import Identifier
from traceledger.model.substances import symbol


class ParticipantState(IntEnum):
    """The standing of a participant; numbers as in the contracts. ``TERMINATED`` is final."""

    ACTIVE = 1
    SUSPENDED = 2
    TERMINATED = 3

    @property
    def slug(self) -> str:
        """The name used in output."""
        return self.name.lower()


@frozen
class Participant:
    """A company on the ledger. ``operators`` are the keys that may sign for it now."""

    address: bytes
    slug: str
    name: str
    country: str
    roles: tuple[str, ...]
    state: ParticipantState
    operators: tuple[bytes, ...] = ()
    identifiers: tuple[Identifier, ...] = ()


@frozen
class Facility:
    """A site of a participant (address). Its full name is ``participant-slug/identifier``.

    ``participant`` is who registered it, ``holder`` whose it is now: another one after a sale, when its
    approvals are paused until the consortium has confirmed it. ``offered_to`` may accept it.

    ``latitude`` and ``longitude`` are micro-degrees (WGS 84, north and east positive), ``None`` where the
    participant does not say where it is.
    """

    id: int
    participant: bytes
    identifier: str
    name: str
    kind: str
    country: str
    latitude: int | None = None
    longitude: int | None = None
    holder: bytes = b""
    offered_to: bytes | None = None
    approvals_paused: bool = False
    identifiers: tuple[Identifier, ...] = ()


@frozen
class Content:
    """Of one substance the least and the highest content, in basis points of a batch's mass."""

    substance: int
    least_bp: int
    highest_bp: int


@frozen
class Terms:
    """What a material is, and what measurements of it may do.

    Attributes:
        waste: beside other outputs it bears no CO2e (Rule 6).
        product: it may be retired as delivered (Rule 9).
        tolerance_mass_bp: basis points of gross mass by which its custodian may remeasure (Rule 5).
        tolerance_substances_bp: the same of each substance.
        contents: least and highest contents, by ascending substance (Rule 2).
    """

    waste: bool = False
    product: bool = False
    tolerance_mass_bp: int = 0
    tolerance_substances_bp: int = 0
    contents: tuple[Content, ...] = ()


@frozen
class Material:
    """A kind of material and the substance numbers that its batches may hold.

    ``waste``: what an ordinary run makes of it bears no CO2e beside other outputs (Rule 6). ``product``: it
    may be delivered, and come back (Rule 9). Tolerances (Rule 5) and contents (Rule 2) are basis points.
    """

    id: int
    slug: str
    name: str
    cas: str
    substances: tuple[int, ...]
    waste: bool = False
    product: bool = False
    tolerance_mass_bp: int = 0
    tolerance_substances_bp: int = 0
    contents: tuple[Content, ...] = ()

    @property
    def substance_names(self) -> tuple[str, ...]:
        """Names of those substances."""
        return tuple(map(symbol, self.substances))


OPEN_END = 2**64 - 1
"""The last second of an approval that does not end."""


@frozen
class Approval:
    """An approved origin: mg of the material that the facility may mint of it per calendar year.

    ``first`` and ``last`` are the first and last second (UTC) at which it is in force: 0 and
    :data:`OPEN_END` where that is open.
    """

    facility: int
    material: int
    origin: Origin
    capacity_mg: int
    first: int = 0
    last: int = OPEN_END
