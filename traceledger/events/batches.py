"""What the batch ledger says of single lots: minted, split, emissions in custody, retired, taken back.

Example:
    >>> BatchRetired(7, bytes(20), Retirement.DISPOSED, 0, "burnt", ()).concerns
    ((7, <Role.NAMED: 'named'>),)

Masses are mg, emissions mg CO2e, times UTC seconds (``occurred_at`` is when it happened, as the submitter
claims), participants 20-byte addresses, ids ``int``; fields stand in the order of the Solidity parameters.
"""

# Without `from __future__ import annotations`: traceledger.events.fields reads the annotations.
from typing import ClassVar

from traceledger.events.facts import NOTHING_MADE, NOTHING_PRIVATE, Concerns, NewBatch, OfOneBatch, Role
from traceledger.events.facts import Text as PrivateText
from traceledger.events.fields import Address, Documents, Flag, Id, Indexed, Masses, Mg, Scopes, Seconds, Text
from traceledger.events.parts import Child
from traceledger.model.batches import Origin, Retirement
from traceledger.model.commitments import FieldKind
from traceledger.model.frozen import frozen


@frozen
class BatchMinted:
    """New material entered the ledger at ``facility``, of that ``origin`` (Rule 2).

    Its emissions are its own CO2e. ``off_specification``: outside its material's contents, by an auditor's
    permit.
    """

    batch: Indexed[Id]
    creator: Indexed[Address]
    facility: Indexed[Id]
    material: Id
    origin: Origin
    mass_mg: Mg
    pieces: Mg
    off_specification: Flag
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
            pieces=self.pieces,
            waste=False,
            off_specification=self.off_specification,
            own_mg=self.emissions.total_mg,
            inherited_mg=0,
            primary_mg=self.emissions.primary,
            substances_mg=self.substances_mg,
        )
        return (new,)


@frozen
class BatchSplit:
    """Batches were split off ``parent``, one after the other; it keeps the rest.

    A child has its parent's material, facility, waste mark, owner and tolerance used.
    """

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
                pieces=0,
                waste=None,
                off_specification=None,
                own_mg=child.taken.own_mg,
                inherited_mg=child.taken.inherited_mg,
                primary_mg=child.taken.primary_mg,
                substances_mg=child.taken.substances_mg,
            )
            for child in self.children
        )


@frozen
class EmissionsAdded(OfOneBatch):
    """Emissions in custody (storage, handling) were added; ``own_mg`` is the batch's own CO2e with them.

    ``record`` is the custodian's own name of them, by which they can be restated; empty where they cannot.
    """

    batch: Indexed[Id]
    custodian: Indexed[Address]
    occurred_at: Seconds
    emissions: Scopes
    own_mg: Mg
    record: Text
    reason: Text
    evidence: Documents

    word: ClassVar = "emission"
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
    def texts(self) -> tuple[PrivateText, ...]:
        """The name of the record, where it has one."""
        if not self.record:
            return NOTHING_PRIVATE
        return (PrivateText.of(FieldKind.EMISSIONS_RECORD, self.custodian, self.record),)


@frozen
class BatchRetired(OfOneBatch):
    """The batch left the ledger's world (Rule 9): delivered, consumed outside, or disposed of."""

    batch: Indexed[Id]
    custodian: Indexed[Address]
    how: Retirement
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


@frozen
class BatchTakenBack(OfOneBatch):
    """A delivered product came back for recycling, whole, to ``facility`` (Rule 9).

    Its CO2e, as given here, leaves its pools and stays with its first life; what is added later is new.
    Lineage and taint stop at it, and its origin is ``taken_back``. ``mass_mg`` counts as ``post_consumer`` of
    the facility's calendar year.
    """

    batch: Indexed[Id]
    recycler: Indexed[Address]
    facility: Indexed[Id]
    material: Id
    occurred_at: Seconds
    mass_mg: Mg
    own_mg: Mg
    inherited_mg: Mg
    primary_mg: Mg
    evidence: Documents

    word: ClassVar = "take-back"
    texts: ClassVar = NOTHING_PRIVATE
    makes: ClassVar = NOTHING_MADE

    @property
    def author(self) -> bytes:
        """The recycler."""
        return self.recycler

    @property
    def parties(self) -> tuple[bytes, ...]:
        """The recycler."""
        return (self.recycler,)
