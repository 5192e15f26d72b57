"""What the batch ledger says that takes a record back on which nobody has built (Rule 8).

Each names what it gives back; readers replay a record and its reversal each at its place. ``tag`` is the hash
of the submitter's operation.

Masses are mg, emissions mg CO2e, times UTC seconds (``occurred_at`` is when it happened, as the submitter
claims), participants 20-byte addresses, ids ``int``; fields stand in the order of the Solidity parameters.
"""

# Without `from __future__ import annotations`: traceledger.events.fields reads the annotations.
from typing import ClassVar, Protocol

from traceledger.events.facts import NOTHING_MADE, NOTHING_PRIVATE, Concerns, OfOneBatch, Role
from traceledger.events.fields import Address, Documents, Flag, Hash, Id, Indexed, Seconds, Text
from traceledger.events.parts import Taken
from traceledger.model.frozen import frozen


class _ReversedBy(Protocol):
    """Whoever reversed."""

    @property
    def reversed_by(self) -> bytes: ...


class _Reversal:
    """What every reversal says of itself."""

    __slots__ = ()
    texts: ClassVar = NOTHING_PRIVATE
    makes: ClassVar = NOTHING_MADE
    # An auditor, or the consortium, need not have handled it; who recorded it is a party of the record.
    parties: ClassVar[tuple[bytes, ...]] = ()

    @property
    def author(self: _ReversedBy) -> bytes:
        """Who recorded it, an auditor, or the consortium's account."""
        return self.reversed_by


@frozen
class MintReversed(_Reversal, OfOneBatch):
    """The mint was wrong: the batch is reversed, for good, and its capacity given back."""

    batch: Indexed[Id]
    reversed_by: Indexed[Address]
    occurred_at: Seconds
    reason: Text
    tag: Hash
    evidence: Documents

    word: ClassVar = "reversal of a mint"


@frozen
class SplitReversed(_Reversal):
    """The split of one child was wrong: ``put_back``, all that it held, is the parent's again.

    The child is reversed, for good. It returns what it holds now, emissions added to it included.
    """

    batch: Indexed[Id]
    parent: Indexed[Id]
    reversed_by: Indexed[Address]
    occurred_at: Seconds
    put_back: Taken
    reason: Text
    tag: Hash
    evidence: Documents

    word: ClassVar = "reversal of a split"

    @property
    def concerns(self) -> Concerns:
        """The parent, which gets it back, and the child."""
        return ((self.parent, Role.GIVEN_BACK), (self.batch, Role.NAMED))


@frozen
class TransformationReversed(_Reversal):
    """The transformation was wrong: its outputs are reversed, for good, and its inputs get back what it took.

    ``inputs`` are those of the transformation: each is added to what the batch holds now. Emissions of the
    process, and those added to the outputs since, are withdrawn.
    """

    transformation: Indexed[Id]
    reversed_by: Indexed[Address]
    occurred_at: Seconds
    inputs: tuple[Taken, ...]
    outputs: tuple[Id, ...]
    reason: Text
    tag: Hash
    evidence: Documents

    word: ClassVar = "reversal of a transformation"

    @property
    def concerns(self) -> Concerns:
        """The inputs, which get it back, and the outputs."""
        return (
            *((taken.batch, Role.GIVEN_BACK) for taken in self.inputs),
            *((batch, Role.NAMED) for batch in self.outputs),
        )


@frozen
class ReceiptReversed(_Reversal):
    """The receipt of these lots was wrong: they are in transit again, as they were sent.

    Mass, substances and tolerance used are again what they were before the receipt; what was added to own
    CO2e since stays. The receiver's hold ends with its receipt.
    """

    shipment: Indexed[Id]
    reversed_by: Indexed[Address]
    occurred_at: Seconds
    batches: tuple[Id, ...]
    reason: Text
    tag: Hash
    evidence: Documents

    word: ClassVar = "reversal of a receipt"

    @property
    def concerns(self) -> Concerns:
        """The lots that are open again."""
        return tuple((batch, Role.NAMED) for batch in self.batches)


@frozen
class RetirementReversed(_Reversal, OfOneBatch):
    """The retirement was wrong: the batch is active again."""

    batch: Indexed[Id]
    reversed_by: Indexed[Address]
    occurred_at: Seconds
    reason: Text
    tag: Hash
    evidence: Documents

    word: ClassVar = "reversal of a retirement"


@frozen
class TakeBackReversed(_Reversal, OfOneBatch):
    """The take-back was wrong: the batch is delivered again, and with who had it then.

    The CO2e of its first life is in its pools again. What was added to its own CO2e since stays.
    """

    batch: Indexed[Id]
    reversed_by: Indexed[Address]
    occurred_at: Seconds
    reason: Text
    tag: Hash
    evidence: Documents

    word: ClassVar = "reversal of a take-back"


@frozen
class ErrorReversed(_Reversal, OfOneBatch):
    """The declaration of an error was wrong: the maker's, or, ``by_auditor``, the auditor's."""

    batch: Indexed[Id]
    reversed_by: Indexed[Address]
    by_auditor: Flag
    occurred_at: Seconds
    reason: Text
    tag: Hash
    evidence: Documents

    word: ClassVar = "reversal of a declaration of error"
