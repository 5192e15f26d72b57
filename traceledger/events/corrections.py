"""What the batch ledger says that puts right without taking back: measurements, errors, restatements.

Masses are mg, emissions mg CO2e, times UTC seconds (``occurred_at`` is when it happened, as the submitter
claims), participants 20-byte addresses, ids ``int``; fields stand in the order of the Solidity parameters.
"""

# Without `from __future__ import annotations`: traceledger.events.fields reads the annotations.
from typing import ClassVar

from traceledger.events.facts import NOTHING_MADE, NOTHING_PRIVATE, Concerns, OfOneBatch, Role
from traceledger.events.fields import Address, Documents, Flag, Id, Indexed, Masses, Mg, Scopes, Seconds, Text
from traceledger.model.batches import ErrorReason, RecordKind
from traceledger.model.frozen import frozen


@frozen
class ErrorDeclared(OfOneBatch):
    """What was recorded of the batch is wrong (EPCIS 2.0 ``errorDeclaration``; Rule 8).

    By its maker it is *declared*, and disputed; ``by_auditor`` it is *confirmed*. ``freezes``: by an auditor,
    or by its maker that still holds it. The ``corrective`` batches need not exist.
    """

    batch: Indexed[Id]
    declared_by: Indexed[Address]
    by_auditor: Flag
    freezes: Flag
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


@frozen
class BatchRemeasured(OfOneBatch):
    """A better measurement of the batch (Rule 5): what differs is booked to its ``custodian``.

    ``mass_mg`` and ``substances_mg`` are what it holds now. ``by_auditor``: the tolerance used begins at zero
    again, and a substance that was raised from zero is an untraced origin of the batch.
    """

    batch: Indexed[Id]
    custodian: Indexed[Address]
    measured_by: Indexed[Address]
    by_auditor: Flag
    occurred_at: Seconds
    mass_mg: Mg
    substances_mg: Masses
    reason: Text
    evidence: Documents

    word: ClassVar = "measurement"
    texts: ClassVar = NOTHING_PRIVATE
    makes: ClassVar = NOTHING_MADE

    @property
    def author(self) -> bytes:
        """The custodian, or the auditor."""
        return self.measured_by

    @property
    def parties(self) -> tuple[bytes, ...]:
        """Who holds it: an auditor need not have handled it."""
        return (self.custodian,)


@frozen
class EmissionsRestated:
    """Emissions of a record are known better (Rule 8); pools stay, readers carry the difference downstream.

    ``record`` is the id of the batch minted, the transformation, the shipment or the named record of
    emissions, by ``kind``; ``emissions`` are its new absolute ones. ``counts``: they are used from now on; if
    not, once an auditor confirms them. ``batches`` are all those to which the record's emissions were
    allocated.
    """

    record: Indexed[Id]
    restated_by: Indexed[Address]
    kind: RecordKind
    counts: Flag
    occurred_at: Seconds
    emissions: Scopes
    batches: tuple[Id, ...]
    reason: Text
    evidence: Documents

    word: ClassVar = "restatement"
    texts: ClassVar = NOTHING_PRIVATE
    makes: ClassVar = NOTHING_MADE
    # An auditor need not have handled the batches; who recorded it is a party of the record.
    parties: ClassVar[tuple[bytes, ...]] = ()

    @property
    def author(self) -> bytes:
        """Who recorded it, or an auditor."""
        return self.restated_by

    @property
    def concerns(self) -> Concerns:
        """The batches that bear the record's emissions."""
        return tuple((batch, Role.NAMED) for batch in self.batches)


@frozen
class RestatementConfirmed:
    """An auditor confirmed what was restated last of a record; it is used from now on (Rule 8)."""

    record: Indexed[Id]
    confirmed_by: Indexed[Address]
    kind: RecordKind
    occurred_at: Seconds
    emissions: Scopes
    batches: tuple[Id, ...]
    evidence: Documents

    word: ClassVar = "confirmation of a restatement"
    texts: ClassVar = NOTHING_PRIVATE
    makes: ClassVar = NOTHING_MADE
    # An auditor need not have handled the batches.
    parties: ClassVar[tuple[bytes, ...]] = ()

    @property
    def author(self) -> bytes:
        """The auditor."""
        return self.confirmed_by

    @property
    def concerns(self) -> Concerns:
        """The batches that bear the record's emissions."""
        return tuple((batch, Role.NAMED) for batch in self.batches)
