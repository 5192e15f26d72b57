"""What every command that reads provenance begins with: an index up to date, and the batch meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from traceledger.errors import InputError

if TYPE_CHECKING:
    from traceledger.cli.context import Session
    from traceledger.index import Index


def start(session: Session, batch: str, as_of: int | None) -> tuple[Index, int]:
    """The index, synced, and the id of a batch.

    Raises:
        InputError: there is no such batch, or no such block yet.
    """
    client = session.synced()
    head = client.index.head_block()
    if as_of is not None and (head is None or as_of > head):
        raise InputError(f"there is no block {as_of} yet", where="--as-of", hint=f"the newest is {head}")
    return client.index, client.batch_id(batch)
