"""Who owns a batch, as far as events say: title is not custody, and no rule asks for it (Rule 11).

What an owner says counts; of a batch about which nothing was said, the custodian is its owner. What somebody
else says is shown and left aside.
"""

from __future__ import annotations

from traceledger.events import ShipmentOffered, TitleTransferred
from traceledger.model.batches import Batch

_NOBODY = bytes(20)


def owner_after(event: ShipmentOffered | TitleTransferred, batch: Batch) -> bytes | None:
    """Who owns a batch (as it was before) after what an event says of it; ``None``: nothing was said."""
    return _said(event) if counts(event, batch) else batch.owner


def counts(event: ShipmentOffered | TitleTransferred, batch: Batch) -> bool:
    """Whether an event says anything of who owns a batch (as it was before), and its owner says it."""
    return _said(event) != _NOBODY and event.author == (batch.owner or batch.custodian)


def _said(event: ShipmentOffered | TitleTransferred) -> bytes:
    return event.owner if isinstance(event, ShipmentOffered) else event.new_owner
