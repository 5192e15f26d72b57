"""What the batch ledger says: one class for each event of ``contracts/interfaces/IBatchLedger.sol``.

Fields stand in the order of the Solidity parameters. Masses are mg, emissions mg CO2e, times UTC seconds
(``occurred_at`` is when it happened, as the submitter claims), participants 20-byte addresses, ids ``int``.

Example:
    >>> Shipped(batch=7, mass_mg=1_000, own_mg=20).mass_mg
    1000
"""

from __future__ import annotations

from dataclasses import dataclass

from traceledger.model.batches import ErrorReason, Origin, Substances
from traceledger.model.emissions import AllocationRule, Emissions
from traceledger.model.evidence import Evidence


@dataclass(frozen=True, slots=True)
class Taken:
    """What was taken of ``batch``; in a :class:`Child`, what the batch received from its parent."""

    batch: int
    mass_mg: int
    own_mg: int
    inherited_mg: int
    primary_mg: int
    substances_mg: Substances


@dataclass(frozen=True, slots=True)
class Child:
    """A batch split off another; ``taken.batch`` is its own id."""

    identifier: str
    taken: Taken


@dataclass(frozen=True, slots=True)
class Made:
    """A batch made by a transformation, with its allocated emissions.

    ``weight`` is its economic weight; 0 under the mass rule.
    """

    batch: int
    material: int
    mass_mg: int
    weight: int
    own_mg: int
    inherited_mg: int
    primary_mg: int
    substances_mg: Substances
    identifier: str


@dataclass(frozen=True, slots=True)
class Shipped:
    """A batch as a shipment found it; ``own_mg`` is its own CO2e with the transport's share added."""

    batch: int
    mass_mg: int
    own_mg: int


@dataclass(frozen=True, slots=True)
class Arrived:
    """A batch as it arrived, and the substances lost with the mass that is missing."""

    batch: int
    mass_mg: int
    losses_mg: Substances


@dataclass(frozen=True, slots=True)
class BatchMinted:
    """New material entered the ledger at ``facility``."""

    batch: int
    creator: bytes
    facility: int
    material: int
    origin: Origin
    mass_mg: int
    occurred_at: int
    emissions: Emissions
    substances_mg: Substances
    identifier: str
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class BatchSplit:
    """Batches were split off ``parent``, one after the other; it keeps the rest."""

    parent: int
    custodian: bytes
    occurred_at: int
    children: tuple[Child, ...]
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class ShipmentOffered:
    """Batches were offered to ``receiver``; ``emissions`` are the transport's."""

    shipment: int
    sender: bytes
    receiver: bytes
    occurred_at: int
    emissions: Emissions
    batches: tuple[Shipped, ...]
    identifier: str
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class ShipmentReceived:
    """The receiver took custody."""

    shipment: int
    receiver: bytes
    occurred_at: int
    batches: tuple[Arrived, ...]
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class ShipmentRejected:
    """The receiver refused the shipment; its batches are the sender's again."""

    shipment: int
    receiver: bytes
    occurred_at: int
    reason: str
    batches: tuple[int, ...]
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class ShipmentCancelled:
    """The sender took the shipment back before it was received."""

    shipment: int
    sender: bytes
    occurred_at: int
    reason: str
    batches: tuple[int, ...]
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Transformed:
    """Batches were made of batches at ``facility``; inputs were taken one after the other."""

    transformation: int
    participant: bytes
    facility: int
    occurred_at: int
    allocation: AllocationRule
    emissions: Emissions
    inputs: tuple[Taken, ...]
    outputs: tuple[Made, ...]
    losses_mg: Substances
    identifier: str
    process: str
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class EmissionsAdded:
    """Emissions in custody were added; ``own_mg`` is the batch's own CO2e with them."""

    batch: int
    custodian: bytes
    occurred_at: int
    emissions: Emissions
    own_mg: int
    reason: str
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class BatchRetired:
    """The batch left the ledger's world: sold, delivered, disposed of, lost."""

    batch: int
    custodian: bytes
    occurred_at: int
    reason: str
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class ErrorDeclared:
    """What was recorded of the batch is wrong (EPCIS 2.0 ``errorDeclaration``); it is frozen."""

    batch: int
    declared_by: bytes
    reason: ErrorReason
    occurred_at: int
    corrective: tuple[int, ...]
    evidence: tuple[Evidence, ...]


LedgerEvent = (
    BatchMinted
    | BatchSplit
    | ShipmentOffered
    | ShipmentReceived
    | ShipmentRejected
    | ShipmentCancelled
    | Transformed
    | EmissionsAdded
    | BatchRetired
    | ErrorDeclared
)
