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

from traceledger.model.emissions import Emissions
from traceledger.model.frozen import frozen


class Slugged(IntEnum):
    """Numbers as in the contracts, with the names that files and documents use."""

    @property
    def slug(self) -> str:
        """The name used in files: lower case, words joined by underscores."""
        return self.name.lower()


class Origin(Slugged):
    """Where newly minted material comes from; recycled kinds as ISO 14021, 7.8.1.1 defines them.

    ``UNTRACED`` is material whose origin nobody can show; it never counts as traced (Rule 2).
    """

    MINED = 0
    POST_CONSUMER = 1
    PRE_CONSUMER = 2
    UNTRACED = 3


class Beginning(Slugged):
    """How a batch came to be: its origin, or a run; what was split off, as its parent."""

    MINED = 0
    POST_CONSUMER = 1
    PRE_CONSUMER = 2
    UNTRACED = 3
    RUN = 4
    RECYCLING_RUN = 5


class ErrorReason(Slugged):
    """Why an event is declared an error (EPCIS 2.0 ``errorDeclaration.reason``)."""

    DID_NOT_OCCUR = 0
    INCORRECT_DATA = 1


class BatchState(Slugged):
    """The life of a batch; numbers as in the contracts. ``REVERSED`` is final (Rules 7 to 9).

    ``RETURNING`` is in transit, frozen, back to who sent it; ``DELIVERED`` a product that was retired so and
    may come back. ``CONSUMED``, ``RETIRED`` and ``DELIVERED`` end by a reversal only, ``DELIVERED`` also by a
    take-back.
    """

    ACTIVE = 1
    IN_TRANSIT = 2
    RETURNING = 3
    CONSUMED = 4
    RETIRED = 5
    DELIVERED = 6
    REVERSED = 7

    @property
    def travels(self) -> bool:
        """Whether the batch is on its way to another custodian."""
        return self in (BatchState.IN_TRANSIT, BatchState.RETURNING)


class Retirement(Slugged):
    """How a batch ended (Rule 9); only batches of a material that is a product are delivered."""

    CONSUMED_OUTSIDE = 0
    DISPOSED = 1
    DELIVERED = 2


class Difference(Slugged):
    """Why what arrived differs from what was sent (Rule 3).

    A ``LOSS`` takes substances along in proportion, ``MOISTURE`` changes the gross mass only, downwards, and
    a ``MEASUREMENT`` is a better one, within the material's tolerances (Rule 5).
    """

    NONE = 0
    LOSS = 1
    MOISTURE = 2
    MEASUREMENT = 3


class HoldKind(Slugged):
    """Who holds a batch up (Rule 10). A ``RECALL`` is its maker's notice about what is with others."""

    CUSTODIAN = 0
    AUDITOR = 1
    RECALL = 2


class RecordKind(Slugged):
    """With what emissions were recorded that are restated (Rule 8)."""

    MINT = 0
    TRANSFORMATION = 1
    SHIPMENT = 2
    EMISSIONS = 3


class ShipmentState(Enum):
    """Where a shipment's handshake stands.

    It is ``OFFERED`` as long as one of its lots is open; then ``RECEIVED`` if one of them was, else
    ``REJECTED`` if one was refused, else ``CANCELLED``.
    """

    OFFERED = "offered"
    RECEIVED = "received"
    REJECTED = "rejected"
    CANCELLED = "cancelled"


NO_TRAIL = bytes(12)
"""The trail before its first entry."""
MOST_USES = 31
"""Uses that are counted: at so many, what made a batch and what it came by cannot be reversed (Rule 8)."""
MOST_EVENTS = 2**20 - 1
"""Events that are counted: then a batch can only be split, shipped, received and retired (Rule 14)."""

Substances = Mapping[int, int]
"""Milligrams by substance number: atomic numbers for elements, from 1000 up for minerals."""


@frozen
class Shipment:
    """Lots on their way from one participant (address) to another, answered one by one (Rule 3).

    Attributes:
        id: the shipment's id.
        sender: who offered it.
        receiver: to whom.
        identifier: the sender's own text.
        owner: who owns the lots from then on, as the sender says (Rule 11); zeros where it says nothing.
        return_of: id of the shipment by which frozen lots came that go back with this one; else 0.
        emissions: of the transport, as recorded.
        batches: ids of all lots, in the order offered.
        open: ids of those that are open now, in the order in which they were offered or opened again.
        received: ids of those that were received, in the order offered.
        refused: ids of those that were refused.
        state: where the handshake stands.
    """

    id: int
    sender: bytes
    receiver: bytes
    identifier: str
    owner: bytes
    return_of: int
    emissions: Emissions
    batches: tuple[int, ...]
    open: tuple[int, ...]
    received: tuple[int, ...]
    refused: tuple[int, ...]
    state: ShipmentState


@frozen
class Batch:
    """A batch as the index knows it now: what remains in its pools, mg and mg CO2e.

    Attributes:
        id: its id.
        creator: who minted, split off or made it (address).
        identifier: the creator's own text.
        material: its material's id.
        facility: id of where it was made (a split child: where its parent was made).
        custodian: who holds it (address).
        state: where its life stands.
        mass_mg: what it weighs now.
        own_mg: own CO2e.
        inherited_mg: CO2e that it has from what it was made of.
        primary_mg: the part of both that comes from primary data.
        substances_mg: by substance number, those of which some is left.
        tracked: numbers of all substances that it was recorded with, ascending, also those of which it held
            or holds nothing.
        differences: basis points of tolerance used, signed: of gross mass, then of each of ``tracked`` (Rule
            5); empty where none is used.
        disputed: declared in error by its maker (Rule 8).
        error_by_auditor: declared in error by an auditor, which confirms and freezes.
        frozen_by_maker: its maker declared the error while it held the batch.
        held_by_custodian: on hold by its custodian (Rule 10).
        held_by_auditor: on hold by an auditor.
        recalled: its maker recalls it; that blocks nothing.
        waste: it is waste (Rule 6).
        arose: of waste, id of the facility where it arose; else 0.
        taken_back: a delivered product that came back (Rule 9).
        off_specification: outside its material's contents, by an auditor's permit.
        pieces: how many pieces it is; 0 where it was not counted.
        retired_how: how it ended, of a batch that is retired or delivered; else ``None``.
        owner: who owns it by the last word on it (Rule 11; address); ``None`` where nothing was said. No rule
            asks for it.
        uses: takes, receipts, remeasurements and the like that were not reversed, at most 31.
        events: how many ledger events name it (Rule 14).
        trail: running hash of what made it and what it came by, 12 bytes: :mod:`traceledger.replay.trail`.
    """

    id: int
    creator: bytes
    identifier: str
    material: int
    facility: int
    custodian: bytes
    state: BatchState
    mass_mg: int
    own_mg: int
    inherited_mg: int
    primary_mg: int
    substances_mg: Substances = field(default_factory=dict)
    tracked: tuple[int, ...] = ()
    differences: tuple[int, ...] = ()
    disputed: bool = False
    error_by_auditor: bool = False
    frozen_by_maker: bool = False
    held_by_custodian: bool = False
    held_by_auditor: bool = False
    recalled: bool = False
    waste: bool = False
    arose: int = 0
    taken_back: bool = False
    off_specification: bool = False
    pieces: int = 0
    retired_how: Retirement | None = None
    owner: bytes | None = None
    uses: int = 0
    events: int = 0
    trail: bytes = NO_TRAIL

    @property
    def frozen(self) -> bool:
        """Declared in error by an auditor, or by its maker while that held it (Rule 8)."""
        return self.error_by_auditor or self.frozen_by_maker

    @property
    def held(self) -> bool:
        """On hold, by its custodian or an auditor (Rule 10)."""
        return self.held_by_custodian or self.held_by_auditor

    @property
    def tolerance_used(self) -> tuple[int, ...]:
        """Basis points used, signed: of gross mass, then of each of ``tracked``; zeros included (Rule 5)."""
        return self.differences or (0,) * (1 + len(self.tracked))
