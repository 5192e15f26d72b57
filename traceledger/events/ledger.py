"""What the batch ledger says: one class for each event of ``contracts/interfaces/IBatchLedger.sol``.

Each has the fields of the Solidity parameters, in their order, and says who acted, whom and which batches it
concerns, what it makes, and what of it may be private (:class:`traceledger.events.facts.LedgerFacts`). Masses
are mg, emissions mg CO2e, times UTC seconds (``occurred_at`` is when it happened, as the submitter claims),
participants 20-byte addresses, ids ``int``.

Example:
    >>> BatchRetired(7, bytes(20), 0, "sold", ()).concerns
    ((7, <Role.NAMED: 'named'>),)
"""

# Without `from __future__ import annotations`: traceledger.events.fields reads the annotations.
from typing import TYPE_CHECKING, ClassVar

from traceledger.events.facts import NOTHING_PRIVATE, Concerns, LedgerFacts, NewBatch, Role
from traceledger.events.facts import Text as PrivateText
from traceledger.events.fields import Address, Documents, Id, Indexed, Masses, Mg, Scopes, Seconds, Text
from traceledger.events.parts import Arrived, Child, Made, Shipped, Taken
from traceledger.model.batches import ErrorReason, Origin
from traceledger.model.commitments import FieldKind
from traceledger.model.emissions import AllocationRule
from traceledger.model.frozen import frozen

NOTHING_MADE: tuple[NewBatch, ...] = ()
"""The ``makes`` of an event that makes no batches."""


@frozen
class BatchMinted:
    """New material entered the ledger at ``facility``."""

    batch: Indexed[Id]
    creator: Indexed[Address]
    facility: Indexed[Id]
    material: Id
    origin: Origin
    mass_mg: Mg
    occurred_at: Seconds
    emissions: Scopes
    substances_mg: Masses
    identifier: Text
    evidence: Documents

    word: ClassVar = "mint"

    @property
    def author(self) -> bytes:
        """Who minted it."""
        return self.creator

    @property
    def parties(self) -> tuple[bytes, ...]:
        """Who minted it."""
        return (self.creator,)

    @property
    def concerns(self) -> Concerns:
        """The new batch."""
        return ((self.batch, Role.MADE),)

    @property
    def texts(self) -> tuple[PrivateText, ...]:
        """The batch's identifier."""
        return (PrivateText.of(FieldKind.BATCH, self.creator, self.identifier),)

    @property
    def makes(self) -> tuple[NewBatch, ...]:
        """The new batch, of nothing."""
        new = NewBatch(
            batch=self.batch,
            creator=self.creator,
            identifier=self.identifier,
            taken_mg={},
            material=self.material,
            facility=self.facility,
            mass_mg=self.mass_mg,
            own_mg=self.emissions.total_mg,
            inherited_mg=0,
            primary_mg=self.emissions.primary,
            substances_mg=self.substances_mg,
        )
        return (new,)


@frozen
class BatchSplit:
    """Batches were split off ``parent``, one after the other; it keeps the rest."""

    parent: Indexed[Id]
    custodian: Indexed[Address]
    occurred_at: Seconds
    children: tuple[Child, ...]
    evidence: Documents

    word: ClassVar = "split"

    @property
    def author(self) -> bytes:
        """Who held the parent."""
        return self.custodian

    @property
    def parties(self) -> tuple[bytes, ...]:
        """Who held the parent."""
        return (self.custodian,)

    @property
    def concerns(self) -> Concerns:
        """The parent, and its children."""
        return ((self.parent, Role.TAKEN), *((child.taken.batch, Role.MADE) for child in self.children))

    @property
    def texts(self) -> tuple[PrivateText, ...]:
        """The children's identifiers."""
        return tuple(
            PrivateText.of(FieldKind.BATCH, self.custodian, child.identifier) for child in self.children
        )

    @property
    def makes(self) -> tuple[NewBatch, ...]:
        """The children, of the parent."""
        return tuple(
            NewBatch(
                batch=child.taken.batch,
                creator=self.custodian,
                identifier=child.identifier,
                taken_mg={self.parent: child.taken.mass_mg},
                material=None,
                facility=None,
                mass_mg=child.taken.mass_mg,
                own_mg=child.taken.own_mg,
                inherited_mg=child.taken.inherited_mg,
                primary_mg=child.taken.primary_mg,
                substances_mg=child.taken.substances_mg,
            )
            for child in self.children
        )


@frozen
class ShipmentOffered:
    """Batches were offered to ``receiver``; ``emissions`` are the transport's."""

    shipment: Indexed[Id]
    sender: Indexed[Address]
    receiver: Indexed[Address]
    occurred_at: Seconds
    emissions: Scopes
    batches: tuple[Shipped, ...]
    identifier: Text
    evidence: Documents

    word: ClassVar = "shipment"
    makes: ClassVar = NOTHING_MADE

    @property
    def author(self) -> bytes:
        """The sender."""
        return self.sender

    @property
    def parties(self) -> tuple[bytes, ...]:
        """Sender and receiver."""
        return (self.sender, self.receiver)

    @property
    def concerns(self) -> Concerns:
        """What is shipped."""
        return tuple((shipped.batch, Role.NAMED) for shipped in self.batches)

    @property
    def texts(self) -> tuple[PrivateText, ...]:
        """The shipment's identifier."""
        return (PrivateText.of(FieldKind.SHIPMENT, self.sender, self.identifier),)


@frozen
class ShipmentReceived:
    """The receiver took custody."""

    shipment: Indexed[Id]
    receiver: Indexed[Address]
    occurred_at: Seconds
    batches: tuple[Arrived, ...]
    evidence: Documents

    word: ClassVar = "receipt"
    texts: ClassVar = NOTHING_PRIVATE
    makes: ClassVar = NOTHING_MADE

    @property
    def author(self) -> bytes:
        """The receiver."""
        return self.receiver

    @property
    def parties(self) -> tuple[bytes, ...]:
        """The receiver."""
        return (self.receiver,)

    @property
    def concerns(self) -> Concerns:
        """What arrived."""
        return tuple((arrived.batch, Role.NAMED) for arrived in self.batches)


@frozen
class ShipmentRejected:
    """The receiver refused the shipment; its batches are the sender's again."""

    shipment: Indexed[Id]
    receiver: Indexed[Address]
    occurred_at: Seconds
    reason: Text
    batches: tuple[Id, ...]
    evidence: Documents

    word: ClassVar = "rejection"
    texts: ClassVar = NOTHING_PRIVATE
    makes: ClassVar = NOTHING_MADE

    @property
    def author(self) -> bytes:
        """The receiver."""
        return self.receiver

    @property
    def parties(self) -> tuple[bytes, ...]:
        """The receiver."""
        return (self.receiver,)

    @property
    def concerns(self) -> Concerns:
        """What was offered."""
        return tuple((batch, Role.NAMED) for batch in self.batches)


@frozen
class ShipmentCancelled:
    """The sender cancelled the shipment before it was received."""

    shipment: Indexed[Id]
    sender: Indexed[Address]
    occurred_at: Seconds
    reason: Text
    batches: tuple[Id, ...]
    evidence: Documents

    word: ClassVar = "cancellation"
    texts: ClassVar = NOTHING_PRIVATE
    makes: ClassVar = NOTHING_MADE

    @property
    def author(self) -> bytes:
        """The sender."""
        return self.sender

    @property
    def parties(self) -> tuple[bytes, ...]:
        """The sender."""
        return (self.sender,)

    @property
    def concerns(self) -> Concerns:
        """What was offered."""
        return tuple((batch, Role.NAMED) for batch in self.batches)


@frozen
class Transformed:
    """Batches were made of batches at ``facility``; inputs were taken one after the other."""

    transformation: Indexed[Id]
    participant: Indexed[Address]
    facility: Indexed[Id]
    occurred_at: Seconds
    allocation: AllocationRule
    emissions: Scopes
    inputs: tuple[Taken, ...]
    outputs: tuple[Made, ...]
    losses_mg: Masses
    identifier: Text
    process: Text
    evidence: Documents

    word: ClassVar = "transformation"

    @property
    def author(self) -> bytes:
        """Who transformed."""
        return self.participant

    @property
    def parties(self) -> tuple[bytes, ...]:
        """Who transformed."""
        return (self.participant,)

    @property
    def concerns(self) -> Concerns:
        """Inputs, and outputs."""
        inputs = ((taken.batch, Role.TAKEN) for taken in self.inputs)
        return (*inputs, *((made.batch, Role.MADE) for made in self.outputs))

    @property
    def texts(self) -> tuple[PrivateText, ...]:
        """Identifiers of the transformation and of the outputs."""
        run = PrivateText.of(FieldKind.TRANSFORMATION, self.participant, self.identifier)
        made = (PrivateText.of(FieldKind.BATCH, self.participant, made.identifier) for made in self.outputs)
        return (run, *made)

    @property
    def makes(self) -> tuple[NewBatch, ...]:
        """The outputs, each of all inputs."""
        taken_mg: dict[int, int] = {}
        for taken in self.inputs:
            taken_mg[taken.batch] = taken_mg.get(taken.batch, 0) + taken.mass_mg
        return tuple(
            NewBatch(
                batch=made.batch,
                creator=self.participant,
                identifier=made.identifier,
                taken_mg=taken_mg,
                material=made.material,
                facility=self.facility,
                mass_mg=made.mass_mg,
                own_mg=made.own_mg,
                inherited_mg=made.inherited_mg,
                primary_mg=made.primary_mg,
                substances_mg=made.substances_mg,
            )
            for made in self.outputs
        )


@frozen
class EmissionsAdded:
    """Emissions in custody were added; ``own_mg`` is the batch's own CO2e with them."""

    batch: Indexed[Id]
    custodian: Indexed[Address]
    occurred_at: Seconds
    emissions: Scopes
    own_mg: Mg
    reason: Text
    evidence: Documents

    word: ClassVar = "emission"
    texts: ClassVar = NOTHING_PRIVATE
    makes: ClassVar = NOTHING_MADE

    @property
    def author(self) -> bytes:
        """Who held the batch."""
        return self.custodian

    @property
    def parties(self) -> tuple[bytes, ...]:
        """Who held the batch."""
        return (self.custodian,)

    @property
    def concerns(self) -> Concerns:
        """The batch."""
        return ((self.batch, Role.NAMED),)


@frozen
class BatchRetired:
    """The batch left the ledger's world: sold, delivered, disposed of, lost."""

    batch: Indexed[Id]
    custodian: Indexed[Address]
    occurred_at: Seconds
    reason: Text
    evidence: Documents

    word: ClassVar = "retirement"
    texts: ClassVar = NOTHING_PRIVATE
    makes: ClassVar = NOTHING_MADE

    @property
    def author(self) -> bytes:
        """Who held the batch."""
        return self.custodian

    @property
    def parties(self) -> tuple[bytes, ...]:
        """Who held the batch."""
        return (self.custodian,)

    @property
    def concerns(self) -> Concerns:
        """The batch."""
        return ((self.batch, Role.NAMED),)


@frozen
class ErrorDeclared:
    """What was recorded of the batch is wrong (EPCIS 2.0 ``errorDeclaration``); it is frozen."""

    batch: Indexed[Id]
    declared_by: Indexed[Address]
    reason: ErrorReason
    occurred_at: Seconds
    corrective: tuple[Id, ...]
    evidence: Documents

    word: ClassVar = "declaration of error"
    texts: ClassVar = NOTHING_PRIVATE
    makes: ClassVar = NOTHING_MADE
    # Whoever declares it need not have handled the batch, and may be the consortium, which is not registered.
    parties: ClassVar[tuple[bytes, ...]] = ()

    @property
    def author(self) -> bytes:
        """The batch's creator, an auditor, or the consortium's account."""
        return self.declared_by

    @property
    def concerns(self) -> Concerns:
        """The batch; those that correct it need not exist."""
        return ((self.batch, Role.NAMED),)


MakingEvent = BatchMinted | BatchSplit | Transformed
"""Events that make batches."""
AnsweringEvent = ShipmentReceived | ShipmentRejected | ShipmentCancelled
"""Events that answer or withdraw a shipment that was offered."""
AddingEvent = ShipmentOffered | EmissionsAdded
"""Events that add emissions to batches that exist."""
EmittingEvent = BatchMinted | Transformed | AddingEvent
"""Events that have emissions."""

LedgerEvent = MakingEvent | ShipmentOffered | AnsweringEvent | EmissionsAdded | BatchRetired | ErrorDeclared
"""Every event of the batch ledger."""


if TYPE_CHECKING:

    def _says_all(event: LedgerEvent) -> LedgerFacts:
        """The type checker names here what an event does not say of itself."""
        _ = (
            event.author,
            event.occurred_at,
            event.word,
            event.parties,
            event.concerns,
            event.makes,
            event.texts,
            event.evidence,
        )
        return event
