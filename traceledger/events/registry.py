"""What the registry says: one class for each event of ``contracts/interfaces/IParticipantRegistry.sol``.

Fields stand in the order of the Solidity parameters; participants and operators are 20-byte addresses.

Example:
    >>> OperatorAdded(participant=bytes(20), operator=bytes(20)).operator == bytes(20)
    True
"""

from __future__ import annotations

from dataclasses import dataclass

from traceledger.model.evidence import Evidence
from traceledger.model.registry import ParticipantState


@dataclass(frozen=True, slots=True)
class ParticipantRegistered:
    """A company was admitted; its address is that of its first operator key and never changes."""

    participant: bytes
    slug: str
    name: str
    country: str
    roles: tuple[str, ...]
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class ParticipantStatusChanged:
    """A participant was suspended, reinstated (active) or terminated by the account ``changed_by``.

    ``occurred_at`` is 0 where the account stated no time.
    """

    participant: bytes
    state: ParticipantState
    changed_by: bytes
    occurred_at: int
    reason: str
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class OperatorAdded:
    """``operator`` may sign for ``participant`` from now on."""

    participant: bytes
    operator: bytes


@dataclass(frozen=True, slots=True)
class OperatorRevoked:
    """``operator`` may no longer sign for ``participant``, nor ever for anyone else."""

    participant: bytes
    operator: bytes


@dataclass(frozen=True, slots=True)
class FacilityRegistered:
    """A participant declared a facility. Only the kinds ``mine`` and ``recycler`` can be origins.

    Coordinates are micro-degrees (WGS 84), and zero where it is not ``located``.
    """

    facility: int
    participant: bytes
    identifier: str
    name: str
    kind: str
    country: str
    located: bool
    latitude: int
    longitude: int
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class MaterialDefined:
    """A kind of material was defined, with the substance numbers that batches of it may hold."""

    material: int
    slug: str
    name: str
    cas: str
    substances: tuple[int, ...]
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class OriginApproved:
    """``capacity_mg`` of the material a calendar year are expected of the facility; 0 withdraws."""

    facility: int
    material: int
    capacity_mg: int
    occurred_at: int
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class ActGuardChanged:
    """From now on the contract ``guard`` is asked as well who may act; the zero address is none."""

    guard: bytes


RegistryEvent = (
    ParticipantRegistered
    | ParticipantStatusChanged
    | OperatorAdded
    | OperatorRevoked
    | FacilityRegistered
    | MaterialDefined
    | OriginApproved
    | ActGuardChanged
)
