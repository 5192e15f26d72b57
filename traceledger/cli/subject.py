"""The batch or finding that a reading command is about, looked up in an index that is up to date."""

from __future__ import annotations

from typing import TYPE_CHECKING

from traceledger.errors import InputError, UnknownNameError

if TYPE_CHECKING:
    from traceledger.cli.context import Session
    from traceledger.index.disclosed import DisclosedIndex
    from traceledger.model.assurance import Finding


def start(session: Session, batch: str, as_of: int | None) -> tuple[DisclosedIndex, int]:
    """The index, synced, private texts disclosed where they are known, and the id of a batch.

    Raises:
        InputError: there is no such batch, or no such block yet.
    """
    client = session.synced()
    head = client.index.head_block()
    if as_of is not None and (head is None or as_of > head):
        raise InputError(f"there is no block {as_of} yet", where="--as-of", hint=f"the newest is {head}")
    number = client.batch_id(batch)
    if as_of is not None and not client.index.history(number, as_of=as_of):
        raise UnknownNameError(f"there is no batch {batch!r} at block {as_of} yet", where="--as-of")
    return client.disclosed, number


def finding_meant(session: Session, name: str) -> Finding | None:
    """The finding of that name, if there is one, and no batch of that name."""
    client = session.synced()
    try:
        client.batch_id(name)
    except UnknownNameError:
        try:
            return client.index.finding(client.finding_id(name))
        except UnknownNameError:
            return None
    return None
