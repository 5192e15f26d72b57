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
    return owner_said(event, batch.owner, batch.custodian)


def owner_said(
    event: ShipmentOffered | TitleTransferred, owner: bytes | None, custodian: bytes
) -> bytes | None:
    """The same of a batch of which no more is known than whose it was, and who held it."""
    return said_owner(event) if _counts(event, owner, custodian) else owner


def counts(event: ShipmentOffered | TitleTransferred, batch: Batch) -> bool:
    """Whether an event says anything of who owns a batch (as it was before), and its owner says it."""
    return _counts(event, batch.owner, batch.custodian)


def _counts(event: ShipmentOffered | TitleTransferred, owner: bytes | None, custodian: bytes) -> bool:
    return said_owner(event) is not None and event.author == (owner or custodian)


def said_owner(event: ShipmentOffered | TitleTransferred) -> bytes | None:
    """Whom an event calls the owner; ``None``: it says nothing of that."""
    said = event.owner if isinstance(event, ShipmentOffered) else event.new_owner
    return None if said == _NOBODY else said
