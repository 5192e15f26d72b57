"""Performing one operation: prepared, signed, sent, and waited for.

The way of an operation through :func:`perform`::

      settle what was left -> catch_up -> prepare -> keep openings -+-> embedded: send -> mined
                                                                    |
                       it was this very one, and is final: done <---+
                                                                    |
                                                                    +-> dispatched

      dispatched:  count -> run -> mined or final ------------------------------------> done
                     ^       |
                     |       +---> done by another machine -> await_final -> still there: done
                     |                                            |
                     +----------- (run again) <-- taken back -----+

      any step -> Refusal: the contracts refused; NetworkError: what was signed stays in the outbox
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from traceledger.chain.base import Receipt, TransactionRevertedError
from traceledger.operations.catalogue import Operation
from traceledger.sending.dispatch import Dispatch, FailedError
from traceledger.sending.jobs import Job
from traceledger.sending.outbox import OperationKey
from traceledger.sending.preparation import GrowingHistory, Preparation, Prepared
from traceledger.sending.reverts import explain
from traceledger.sending.sender import Sender
from traceledger.sending.submission import catch_up

Sync = Callable[[], object]
"""Brings the index up to date."""


MOST_TRIES = 3
"""How often an operation is prepared anew, whose calldata follows from a state that others change."""


def perform(
    operation: Operation,
    begin: Callable[[], Preparation],
    sender: Sender,
    known: GrowingHistory,
    sync: Sync,
    dispatch: Dispatch | None,
) -> tuple[Receipt, Preparation]:
    """Perform an operation, through the outbox where the chain is a network.

    What an earlier process left in the outbox is settled first. If that was this very operation, it is not
    performed again. Where it is refused because what its calldata follows from was changed by others since,
    it is prepared anew.

    Returns:
        The receipt, and with what the operation was prepared: its names.

    Raises:
        InputError: a name is unknown.
        SigningError: no key of the acting participant is at hand.
        Refusal: the contracts refused; nothing has happened.
        NetworkError: the network failed; what was signed stays in the outbox.
    """
    settled = dispatch.settle() if dispatch else []
    catch_up(known, sync, dispatch)
    final = {entry.key: entry for entry in settled if entry.state == "final"}
    preparation = begin()
    prepared = preparation.prepare(operation, final)
    preparation.keep()
    key = OperationKey.of(*prepared.key)
    if dispatch is not None and key in final:
        return dispatch.receipt(final[key]), preparation
    preparation.ask([prepared])
    for left in range(MOST_TRIES, 0, -1):
        job = preparation.consented(prepared).job(occurrence=1, source="command")
        try:
            receipt = sender.send([job])[0] if dispatch is None else dispatched(dispatch, job, known, sync)
            return receipt, preparation
        except (TransactionRevertedError, FailedError) as error:
            anew = _prepared_anew(prepared, begin, sync) if left > 1 else None
            if anew is None:
                raise explain(error.data, preparation.names) from None
            preparation, prepared = anew
    raise AssertionError("the last try returns or raises")  # pragma: no cover


def _prepared_anew(
    prepared: Prepared, begin: Callable[[], Preparation], sync: Sync
) -> tuple[Preparation, Prepared] | None:
    """A refused operation over the index as it is now, if its calldata follows from it and is another now."""
    if prepared.data == prepared.call.identity:
        return None
    sync()
    preparation = begin()
    again = preparation.prepare(prepared.operation)
    if again.data == prepared.data or again.key != prepared.key:
        return None
    preparation.keep()
    return preparation, again


def dispatched(dispatch: Dispatch, job: Job, known: GrowingHistory, sync: Sync) -> Receipt:
    """Send one transaction, and again where another machine had done the same and that was taken back.

    Args:
        dispatch: sends through the outbox.
        job: what to send.
        known: the index.
        sync: brings the index up to date.

    Raises:
        FailedError: the contracts refused.
        NetworkError: the network failed; what is on its way stays in the outbox.
    """

    def count(asked: Job) -> int:
        sync()
        return known.operation_count(asked.actor, asked.to, asked.identity)

    since = dispatch.chain.final().number
    job = replace(job, occurrence=count(job) + 1)
    (course,) = dispatch.run([job], count)
    while (
        course.stage == "done" and dispatch.await_final(known.last_change()) and count(job) < job.occurrence
    ):
        (course,) = dispatch.run([job], count)  # what another machine had done was taken back
    return dispatch.receipt_of(course, since)
