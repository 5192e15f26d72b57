"""Participants, facilities and materials, and what a facility is approved to mint.

Masses are milligrams, addresses 20 bytes, ids ``int``.

Example:
    >>> ParticipantState.SUSPENDED.slug
    'suspended'
"""

from __future__ import annotations

from enum import IntEnum

from traceledger.model.frozen import frozen
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


@frozen
class Facility:
    """A site of a participant (address). Its full name is ``participant-slug/identifier``.

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


@frozen
class Material:
    """A kind of material and the substance numbers that its batches may hold.

    ``waste``: what an ordinary run makes of it bears no CO2e beside other outputs (Rule 6). ``product``: it
    may be delivered, and come back (Rule 9).
    """

    id: int
    slug: str
    name: str
    cas: str
    substances: tuple[int, ...]
    waste: bool = False
    product: bool = False

    @property
    def substance_names(self) -> tuple[str, ...]:
        """Names of those substances."""
        return tuple(map(symbol, self.substances))


@frozen
class Approval:
    """An approved origin: mg of the material that the facility may mint per calendar year."""

    facility: int
    material: int
    capacity_mg: int
