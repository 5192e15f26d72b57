"""What the batch ledger says of who holds lots, who owns them and who holds them up.

Masses are mg, emissions mg CO2e, times UTC seconds (``occurred_at`` is when it happened, as the submitter
claims), participants 20-byte addresses, ids ``int``; fields stand in the order of the Solidity parameters.
"""

# Without `from __future__ import annotations`: traceledger.events.fields reads the annotations.
from typing import ClassVar

from traceledger.events.facts import NOTHING_MADE, NOTHING_PRIVATE, UNKNOWN_AUTHOR, Concerns, OfOneBatch, Role
from traceledger.events.facts import Text as PrivateText
from traceledger.events.fields import Address, Documents, Hash, Id, Indexed, Scopes, Seconds, Text
from traceledger.events.parts import Arrived, Shipped
from traceledger.model.batches import HoldKind
from traceledger.model.commitments import FieldKind
from traceledger.model.frozen import frozen


@frozen
class ShipmentOffered:
    """Batches were offered to ``receiver``; ``emissions`` are the transport's, shared by the batches' masses.

    ``owner`` owns them from now on (Rule 11); zeros where nothing is said. ``return_of`` is the shipment by
    which frozen lots came that go back; else 0.
    """

    shipment: Indexed[Id]
    sender: Indexed[Address]
    receiver: Indexed[Address]
    owner: Address
    return_of: Id
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
    """The receiver took custody of lots of the shipment; those that it does not name stay open (Rule 3).

    ``tag`` is the hash of the submitter's operation.
    """

    shipment: Indexed[Id]
    receiver: Indexed[Address]
    occurred_at: Seconds
    batches: tuple[Arrived, ...]
    tag: Hash
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
    """The receiver refused lots of the shipment; they are the sender's again."""

    shipment: Indexed[Id]
    receiver: Indexed[Address]
    occurred_at: Seconds
    reason: Text
    batches: tuple[Id, ...]
    tag: Hash
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
        """The lots that it names."""
        return tuple((batch, Role.NAMED) for batch in self.batches)


@frozen
class ShipmentCancelled:
    """The sender cancelled what was open of the shipment."""

    shipment: Indexed[Id]
    sender: Indexed[Address]
    occurred_at: Seconds
    reason: Text
    batches: tuple[Id, ...]
    tag: Hash
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
        """The lots that it names."""
        return tuple((batch, Role.NAMED) for batch in self.batches)


@frozen
class BatchHeld(OfOneBatch):
    """The batch is on hold, or recalled by its maker (Rule 10).

    A hold blocks it until it is released; a recall is shown and blocks nothing.
    """

    batch: Indexed[Id]
    held_by: Indexed[Address]
    kind: HoldKind
    occurred_at: Seconds
    reason: Text
    evidence: Documents

    word: ClassVar = "hold"
    texts: ClassVar = NOTHING_PRIVATE
    makes: ClassVar = NOTHING_MADE
    # An auditor need not have handled the batch.
    parties: ClassVar[tuple[bytes, ...]] = ()

    @property
    def author(self) -> bytes:
        """The custodian, the maker that recalls it, or the auditor."""
        return self.held_by


@frozen
class BatchReleased(OfOneBatch):
    """That hold, or recall, ended (Rule 10)."""

    batch: Indexed[Id]
    released_by: Indexed[Address]
    kind: HoldKind
    occurred_at: Seconds
    reason: Text
    evidence: Documents

    word: ClassVar = "release"
    texts: ClassVar = NOTHING_PRIVATE
    makes: ClassVar = NOTHING_MADE
    # An auditor, or the consortium that ends its hold, need not have handled the batch.
    parties: ClassVar[tuple[bytes, ...]] = ()

    @property
    def author(self) -> bytes:
        """Who held it up; of an auditor's hold also another auditor, or the consortium's account."""
        return self.released_by


@frozen
class TitleTransferred(OfOneBatch):
    """``new_owner`` owns the batch from now on, as its owner ``old_owner`` says (Rule 11).

    It moves no custody and no rule asks for it; what is not its owner's to say, readers leave aside.
    """

    batch: Indexed[Id]
    old_owner: Indexed[Address]
    new_owner: Indexed[Address]
    occurred_at: Seconds
    evidence: Documents

    word: ClassVar = "transfer of title"
    texts: ClassVar = NOTHING_PRIVATE
    makes: ClassVar = NOTHING_MADE

    @property
    def author(self) -> bytes:
        """Who owned it."""
        return self.old_owner

    @property
    def parties(self) -> tuple[bytes, ...]:
        """Who owned it, and who owns it."""
        return (self.old_owner, self.new_owner)


@frozen
class StockAssigned(OfOneBatch):
    """The consortium gave a batch of a suspended or terminated custodian to ``new_custodian`` (Rule 12)."""

    batch: Indexed[Id]
    old_custodian: Indexed[Address]
    new_custodian: Indexed[Address]
    occurred_at: Seconds
    reason: Text
    evidence: Documents

    word: ClassVar = "assignment of stock"
    texts: ClassVar = NOTHING_PRIVATE
    makes: ClassVar = NOTHING_MADE
    author: ClassVar = UNKNOWN_AUTHOR

    @property
    def parties(self) -> tuple[bytes, ...]:
        """Who held it, and who holds it."""
        return (self.old_custodian, self.new_custodian)
