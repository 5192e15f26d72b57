"""What the batch ledger says: unions of the events of ``contracts/interfaces/IBatchLedger.sol``.

Each event is a class in the module of its family. It has the fields of the Solidity parameters, in their
order, and says who acted, whom and which batches it concerns, what it makes, and what of it may be private
(:class:`traceledger.events.facts.LedgerFacts`). The batches that it concerns are those whose ``events`` it
counts (Rule 14).
"""

from typing import TYPE_CHECKING

from traceledger.events.batches import BatchMinted, BatchRetired, BatchSplit, BatchTakenBack, EmissionsAdded
from traceledger.events.corrections import (
    BatchRemeasured,
    EmissionsRestated,
    ErrorDeclared,
    RestatementConfirmed,
)
from traceledger.events.custody import (
    BatchHeld,
    BatchReleased,
    ShipmentCancelled,
    ShipmentOffered,
    ShipmentReceived,
    ShipmentRejected,
    StockAssigned,
    TitleTransferred,
)
from traceledger.events.facts import LedgerFacts
from traceledger.events.reversals import (
    ErrorReversed,
    MintReversed,
    ReceiptReversed,
    RetirementReversed,
    SplitReversed,
    TakeBackReversed,
    TransformationReversed,
)
from traceledger.events.transformations import Transformed

MakingEvent = BatchMinted | BatchSplit | Transformed
"""Events that make batches."""
AnsweringEvent = ShipmentReceived | ShipmentRejected | ShipmentCancelled
"""Events that answer lots of a shipment that was offered, or withdraw them."""
AddingEvent = ShipmentOffered | EmissionsAdded
"""Events that add emissions to batches that exist."""
EmittingEvent = BatchMinted | Transformed | AddingEvent
"""Events that have emissions."""
RestatingEvent = EmissionsRestated | RestatementConfirmed
"""Events that say anew what an earlier event emitted."""
EndingEvent = BatchRetired | BatchTakenBack
"""Events with which a life of a batch ends, or the next one begins."""
ReversingEvent = (
    MintReversed
    | SplitReversed
    | TransformationReversed
    | ReceiptReversed
    | RetirementReversed
    | TakeBackReversed
    | ErrorReversed
)
"""Events that take an earlier one back."""
MarkingEvent = ErrorDeclared | BatchHeld | BatchReleased | TitleTransferred
"""Events that mark a batch, and change neither its pools nor who holds it."""
LastingEvent = ErrorDeclared | ErrorReversed | RestatingEvent
"""Events that concern all that was made of a batch, also what was made before they came."""

LedgerEvent = (
    MakingEvent
    | ShipmentOffered
    | AnsweringEvent
    | EmissionsAdded
    | EndingEvent
    | BatchRemeasured
    | RestatingEvent
    | MarkingEvent
    | StockAssigned
    | ReversingEvent
)
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
