"""Performing one operation: planned, signed, sent, and waited for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from traceledger.chain.base import Receipt, TransactionRevertedError
from traceledger.operations.catalogue import Operation
from traceledger.operations.dependencies import repeatable
from traceledger.operations.plan import PlannedCall, plan
from traceledger.operations.private import keep_openings
from traceledger.sending.dispatch import Dispatch, FailedError, job_of
from traceledger.sending.jobs import Job
from traceledger.sending.reverts import explain
from traceledger.sending.sender import Sender
from traceledger.sending.submission import History, addressed, catch_up, dated

Sync = Callable[[], object]
"""Brings the index up to date."""


def perform(
    operation: Operation, sender: Sender, known: History, sync: Sync, dispatch: Dispatch | None
) -> Receipt:
    """Perform an operation, through the outbox where the chain is a network.

    What an earlier process left in the outbox is settled first. If that was this very operation, it is not
    performed again.

    Raises:
        InputError: a name is unknown.
        SigningError: no key of the acting participant is at hand.
        Refusal: the contracts refused; nothing has happened.
        NetworkError: the network failed; what was signed stays in the outbox.
    """
    settled = dispatch.settle() if dispatch else []
    catch_up(known, sync, dispatch)
    names = sender.directory(known)
    before = names.operators_before(operation.act_as)
    planned = plan(addressed(dated(operation), known, sender.signers.store), names)
    account = sender.account(planned, names, before)
    keep_openings(names, known)
    try:
        if dispatch is None:
            return sender.send([planned], [account])[0]
        job = _job(operation, planned, account, sender)
        for entry in settled:
            if entry.key == job.key and entry.state == "final":
                return dispatch.receipt(entry)
        return _dispatched(dispatch, job, known, sync)
    except (TransactionRevertedError, FailedError) as error:
        raise explain(error.data, names) from None


def _job(operation: Operation, planned: PlannedCall, account: bytes, sender: Sender) -> Job:
    job = job_of(planned, account, sender.contracts, occurrence=1, operation=operation.op, source="command")
    return replace(job, repeatable=repeatable(operation))


def _dispatched(dispatch: Dispatch, job: Job, known: History, sync: Sync) -> Receipt:
    def count(asked: Job) -> int:
        sync()
        return known.operation_count(asked.actor, asked.to, asked.data)

    since = dispatch.chain.final().number
    job = replace(job, occurrence=count(job) + 1)
    (course,) = dispatch.run([job], count)
    while (
        course.stage == "done" and dispatch.await_final(known.last_change()) and count(job) < job.occurrence
    ):
        (course,) = dispatch.run([job], count)  # what another machine had done was taken back
    return dispatch.receipt_of(course, since)
