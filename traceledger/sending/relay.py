"""Sending transactions that were signed elsewhere, through this machine's outbox."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

from traceledger.chain.base import Receipt
from traceledger.errors import InputError, Place
from traceledger.model.hexadecimal import hexed
from traceledger.model.progress import Progress
from traceledger.operations.directory import Directory
from traceledger.sending.dispatch import Dispatch, FailedError
from traceledger.sending.jobs import Job
from traceledger.sending.reverts import explain
from traceledger.sending.submission import Submitted
from traceledger.sending.transaction_file import TransactionFile


def relay(
    dispatch: Dispatch, file: TransactionFile, path: Path, names: Directory, progress: Progress
) -> Submitted:
    """Send a file's transactions and wait until all are final. What has been mined before is passed over.

    Args:
        dispatch: nothing may be unfinished in its outbox.
        file: what was read from ``path``.
        path: for messages.
        names: names over the index.
        progress: told how many of how many are mined.

    Raises:
        InputError: the account's nonces do not fit: one was used otherwise, or some before are missing.
        Refusal: the contracts refused one; those that do not need it may have run.
    """
    receipts = dispatch.chain.receipts([job.raw_hash for job in file.jobs])
    _require_nonces(dispatch, file.jobs, receipts, path)
    for position, receipt in enumerate(receipts):
        if receipt is not None and not receipt.succeeded:
            _refuse(dispatch.chain.revert_data(receipt), file.jobs[position], position, path, names)
    left = [position for position, receipt in enumerate(receipts) if receipt is None]
    places = {position: place for place, position in enumerate(left)}
    jobs = _without_gaps(
        replace(job, needs=tuple(places[need] for need in job.needs if need in places))
        for job in (file.jobs[position] for position in left)
    )
    done = len(file.jobs) - len(jobs)
    try:
        dispatch.run(jobs, lambda _: 0, lambda mined, _: progress(done + mined, len(file.jobs)))
    except FailedError as error:
        position = left[error.position]
        if error.dead:
            raise _used(file.jobs[position], position, path) from None
        _refuse(error.data, file.jobs[position], position, path, names)
    dispatch.await_final(max((r.block.number for r in receipts if r is not None), default=0))
    return Submitted(len(file.jobs), len(jobs), done, dispatch.chain.head().number)


def _without_gaps(jobs: Iterable[Job]) -> list[Job]:
    """The jobs, each also needing the one before it of its account: no nonce is sent before the lower ones.

    What is sent past a nonce that never comes could never be mined, and would hold back all that follows.
    """
    last: dict[bytes, int] = {}
    found: list[Job] = []
    for place, job in enumerate(jobs):
        before = last.get(job.account)
        last[job.account] = place
        chained = job.needs if before is None or before in job.needs else (*job.needs, before)
        found.append(replace(job, needs=chained))
    return found


def _require_nonces(
    dispatch: Dispatch, jobs: Sequence[Job], receipts: Sequence[Receipt | None], path: Path
) -> None:
    mined: dict[bytes, int] = {}
    expected: dict[bytes, int] = {}
    for position, (job, receipt) in enumerate(zip(jobs, receipts, strict=True)):
        nonce = job.nonce or 0
        if job.account not in mined:
            mined[job.account] = dispatch.chain.nonces(job.account).mined
        if receipt is None and nonce < mined[job.account]:
            raise _used(job, position, path)
        # Nodes keep what comes too early, and it would never be mined.
        if nonce > max(expected.get(job.account, 0), mined[job.account]):
            raise InputError(
                f"the next nonce of {hexed(job.account)} is {mined[job.account]}, and this one has {nonce}",
                where=_place(path, position),
                hint="send the transactions before it first",
            )
        expected[job.account] = nonce + 1


def _used(job: Job, position: int, path: Path) -> InputError:
    return InputError(
        f"nonce {job.nonce} of {hexed(job.account)} has been used by another transaction",
        where=_place(path, position),
        hint="if that one did something else, sign the operation again, with the next nonce",
    )


def _refuse(data: bytes, job: Job, position: int, path: Path, names: Directory) -> NoReturn:
    refusal = explain(data, names)
    refusal.where = f"{_place(path, position)} ({job.source})"
    raise refusal


def _place(path: Path, position: int) -> Place:
    """The line of a transaction: the first one is the header."""
    return Place(path, position + 2)
