"""Batches and shipments, the states that they go through, and where new material comes from.

Masses are milligrams, emissions milligrams CO2e, addresses 20 bytes, ids ``int``.

Example:
    >>> BatchState.IN_TRANSIT.slug, Origin.POST_CONSUMER.slug
    ('in_transit', 'post_consumer')
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from enum import Enum, IntEnum

from traceledger.model.frozen import frozen


class Origin(IntEnum):
    """Where newly minted material comes from; recycled kinds as ISO 14021, 7.8.1.1 defines them."""

    MINED = 0
    POST_CONSUMER = 1
    PRE_CONSUMER = 2

    @property
    def slug(self) -> str:
        """The name used in files: ``mined``, ``post_consumer``, ``pre_consumer``."""
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


class ShipmentState(Enum):
    """Where a shipment's handshake stands."""

    OFFERED = "offered"
    RECEIVED = "received"
    REJECTED = "rejected"
    CANCELLED = "cancelled"


Substances = Mapping[int, int]
"""Milligrams by substance number: atomic numbers for elements, from 1000 up for minerals."""


@frozen
class Shipment:
    """Batches (ids, in the order offered) on their way from one participant (address) to another."""

    id: int
    sender: bytes
    receiver: bytes
    identifier: str
    batches: tuple[int, ...]
    state: ShipmentState


@frozen
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
