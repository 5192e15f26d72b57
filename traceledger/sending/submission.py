"""Running an operations file: all of it is checked before anything is sent, and each line runs once.

What has run is read from the chain itself: an operation is known by who acts, on which contract, with
which calldata. The k-th such line of a file has run if the chain holds k such transactions. So a
submission that was killed at any point goes on where it stopped, from any machine. On an embedded chain the
lines go into blocks of many, in order; on a network through the outbox, many at once.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Protocol

from eth_hash.auto import keccak

from traceledger.chain.base import TransactionRevertedError
from traceledger.errors import InputError, SigningError
from traceledger.operations import file as opsfile
from traceledger.operations.base import Decision
from traceledger.operations.catalogue import Operation
from traceledger.operations.dependencies import Dependencies, Touched, order, repeatable
from traceledger.operations.directory import Directory, Known
from traceledger.operations.file import Line, OperationsFileError, Unsound
from traceledger.operations.made import assume
from traceledger.operations.participants import RegisterParticipant
from traceledger.operations.plan import PlannedCall, plan
from traceledger.operations.private import keep_openings
from traceledger.sending.dispatch import Dispatch, FailedError, job_of
from traceledger.sending.jobs import Job
from traceledger.sending.reverts import explain
from traceledger.sending.sender import Sender, address_of
from traceledger.signing.keystore import KeyStore

Progress = Callable[[int, int], None]
"""Told how many operations of how many are done."""


class History(Known, Protocol):
    """What a submission asks of the index."""

    def operation_count(self, participant: bytes, to: bytes, call: bytes) -> int:
        """How many successful transactions made exactly this call for this participant."""

    def identifiers(self, creator: bytes, beginning: str) -> Sequence[str]:
        """Identifiers of the batches that a participant made, of those that begin so."""

    def last_change(self) -> int:
        """Number of the newest block that changed anything."""


def catch_up(known: History, sync: Callable[[], object], dispatch: Dispatch | None) -> None:
    """Bring the index up to date, and wait until what others did last is final: it will be built upon.

    Raises:
        NetworkError: the network cannot be reached, or makes no blocks.
    """
    sync()
    if dispatch is not None and dispatch.await_final(known.last_change()):
        sync()


@dataclass(frozen=True, slots=True)
class Submitted:
    """What became of a file: operations in it, run now, and found on the chain already."""

    operations: int
    sent: int
    skipped: int
    head: int


def dated(operation: Operation) -> Operation:
    """A decision that states no time, with the time of now; any other operation as it is."""
    if isinstance(operation, Decision) and operation.at is None:
        return replace(operation, at=int(time.time()))
    return operation


def addressed(operation: Operation, known: Known, store: KeyStore, *, provisional: bool = False) -> Operation:
    """A registration that names no address, with that of the stored key of its short name.

    Args:
        operation: any operation; all but registrations are returned as they are.
        known: the index.
        store: the stored keys.
        provisional: where there is no key yet, put in a placeholder, for checking only.
    """
    if not isinstance(operation, RegisterParticipant) or operation.address is not None:
        return operation
    registered = known.participant(operation.participant)
    if registered is not None:
        return replace(operation, address=registered.address)
    if operation.participant in store.names():
        return replace(operation, address=store.info(operation.participant).address)
    placeholder = keccak(operation.participant.encode())[12:]
    return replace(operation, address=placeholder) if provisional else operation


@dataclass(frozen=True, slots=True)
class _Draft:
    """A planned line, and the keys that may sign it at its place in the file."""

    line: Line
    plan: PlannedCall
    operators: tuple[bytes, ...]
    touched: Touched


@dataclass(frozen=True, slots=True)
class _Step:
    line: Line
    plan: PlannedCall
    account: bytes
    touched: Touched


def _nothing() -> None:
    """The index is up to date."""


@dataclass(slots=True)
class Submission:
    """One run of an operations file.

    Args:
        path: the file.
        sender: signs and sends.
        known: the index, up to date.
        block_size: most operations in one block of the embedded chain.
        dispatch: sends through the outbox, where the chain is a network.
        sync: brings the index up to date.
    """

    path: Path
    sender: Sender
    known: History
    block_size: int = 100
    dispatch: Dispatch | None = None
    sync: Callable[[], object] = _nothing

    def run(self, *, create_keys: bool, progress: Progress) -> Submitted:
        """Check the file, then run what has not run yet.

        Raises:
            OperationsFileError: the file has faults; nothing was sent.
            SigningError: a key is missing, or its passphrase is wrong; nothing was sent.
            Refusal: the contracts refused a line (``where``); the lines before it have run.
        """
        names, steps, pending = self._prepared(create_keys=create_keys)
        if self.dispatch is None:
            self._send_blocks(steps, [steps[position] for position, _ in pending], names, progress)
            sent = len(pending)
        else:
            sent = self._send_all(steps, names, self.dispatch, progress)
        return Submitted(len(steps), sent, len(steps) - sent, self.sender.chain.head().number)

    def jobs(self, *, create_keys: bool) -> list[Job]:
        """What has not run yet as far as the index knows, to be signed without a network.

        Raises:
            OperationsFileError: the file has faults.
            SigningError: a key is missing, or its passphrase is wrong.
        """
        _, steps, pending = self._prepared(create_keys=create_keys)
        return self._jobs(steps, pending)

    def _prepared(self, *, create_keys: bool) -> tuple[Directory, list[_Step], list[tuple[int, int]]]:
        """The file checked and planned, its keys and private texts at hand: nothing is left but to sign."""
        names, drafts = self._checked(create_keys=create_keys)
        if create_keys and self._create_keys([draft.line for draft in drafts]):
            names, drafts = self._checked(create_keys=False)
        steps = [self._step(draft, names) for draft in drafts]
        pending = self._pending(steps)
        self._unlock([steps[position] for position, _ in pending])
        keep_openings(names, self.known)
        return names, steps, pending

    def _send_all(
        self, steps: Sequence[_Step], names: Directory, dispatch: Dispatch, progress: Progress
    ) -> int:
        """Send until nothing is pending, and all that was seen is final; returns how many lines it sent."""
        sent: set[int] = set()
        seen: int | None = None
        while True:
            head = dispatch.chain.head().number
            if pending := self._pending(steps):
                seen = None
                sent.update(position for position, _ in pending)
                self._dispatch(dispatch, steps, pending, names, progress)
            elif seen is not None:
                return len(sent)
            else:
                seen = head
                dispatch.await_final(seen)
            self.sync()

    def _dispatch(
        self,
        dispatch: Dispatch,
        steps: Sequence[_Step],
        pending: Sequence[tuple[int, int]],
        names: Directory,
        progress: Progress,
    ) -> None:
        done = len(steps) - len(pending)

        def count(job: Job) -> int:
            self.sync()
            return self.known.operation_count(job.actor, job.to, job.data)

        try:
            jobs = self._jobs(steps, pending)
            dispatch.run(jobs, count, lambda mined, _: progress(done + mined, len(steps)))
        except FailedError as error:
            raise self._refused(steps[pending[error.position][0]], error.data, names) from None

    def _jobs(self, steps: Sequence[_Step], pending: Sequence[tuple[int, int]]) -> list[Job]:
        """The pending steps, each needing those before it whose effects it touches."""
        needs = order([step.touched for step in steps])
        places = {position: place for place, (position, _) in enumerate(pending)}
        return [
            replace(
                self._job(steps[position], occurrence),
                needs=tuple(places[need] for need in needs[position] if need in places),
            )
            for position, occurrence in pending
        ]

    def _job(self, step: _Step, occurrence: int) -> Job:
        operation = step.line.operation
        contracts, where = self.sender.contracts, self._place(step.line)
        job = job_of(
            step.plan, step.account, contracts, occurrence=occurrence, operation=operation.op, source=where
        )
        return replace(job, repeatable=repeatable(operation))

    def _refused(self, step: _Step, data: bytes, names: Directory) -> Exception:
        refusal = explain(data, names)
        refusal.where = self._place(step.line)
        return refusal

    def _send_blocks(
        self, steps: Sequence[_Step], pending: Sequence[_Step], names: Directory, progress: Progress
    ) -> None:
        """Send what is pending in order, in blocks of many, each of which is mined wholly or not at all."""
        skipped = len(steps) - len(pending)
        for start in range(0, len(pending), self.block_size):
            self._send(pending[start : start + self.block_size], names)
            progress(skipped + min(start + self.block_size, len(pending)), len(steps))

    def _checked(self, *, create_keys: bool) -> tuple[Directory, list[_Draft]]:
        """Every line planned, or every fault.

        Args:
            create_keys: put placeholders in for keys that are not there yet.
        """
        names, store = self.sender.directory(self.known), self.sender.signers.store
        dependencies = Dependencies(names)
        drafts: list[_Draft] = []
        faults: list[InputError] = []
        for line in opsfile.read(self.path):
            if isinstance(line, Unsound):
                faults.extend(line.faults)
                assume(line.document, names)
                continue
            operation = line.operation
            try:
                before = names.operators_before(operation.act_as)
                planned = plan(addressed(operation, self.known, store, provisional=create_keys), names)
                drafts.append(_Draft(line, planned, before, dependencies.of(operation)))
            except InputError as error:
                faults.append(opsfile.placed(error, self.path, line.number))
                assume({**asdict(operation), "as": operation.act_as}, names)
        if faults:
            raise OperationsFileError(self.path, faults)
        return names, drafts

    def _create_keys(self, lines: Sequence[Line]) -> bool:
        """Make the missing keys, once the file is known to be sound, and the passphrase to be right.

        Returns:
            Whether any was missing.
        """
        signers = self.sender.signers
        stored = set(signers.store.names())
        registrations = [line.operation for line in lines if isinstance(line.operation, RegisterParticipant)]
        missing = [
            operation.participant
            for operation in registrations
            if operation.address is None
            and operation.participant not in stored
            and self.known.participant(operation.participant) is None
        ]
        if missing:
            signers.unlock(signers.deployer())
        for slug in dict.fromkeys(missing):
            signers.create(slug)
        return bool(missing)

    def _unlock(self, steps: Sequence[_Step]) -> None:
        """Have every key at hand before anything is sent."""
        for account in dict.fromkeys(step.account for step in steps):
            self.sender.signers.unlock(account)

    def _step(self, draft: _Draft, names: Directory) -> _Step:
        try:
            account = self.sender.account(draft.plan, names, draft.operators)
        except SigningError as error:
            raise SigningError(error.what, hint=error.hint, where=self._place(draft.line)) from None
        return _Step(draft.line, draft.plan, account, draft.touched)

    def _place(self, line: Line) -> str:
        return f"{self.path}:{line.number}"

    def _pending(self, steps: Sequence[_Step]) -> list[tuple[int, int]]:
        """Positions of the steps that the chain does not hold yet, and which of equal ones they are."""
        seen: Counter[tuple[bytes, bytes, bytes]] = Counter()
        done: dict[tuple[bytes, bytes, bytes], int] = {}
        pending = []
        for position, step in enumerate(steps):
            actor = step.plan.participant or step.account
            target = address_of(self.sender.contracts, step.plan.contract)
            key = (actor, target, step.plan.data)
            if key not in done:
                done[key] = self.known.operation_count(*key)
            seen[key] += 1
            if seen[key] > done[key]:
                pending.append((position, seen[key]))
        return pending

    def _send(self, steps: Sequence[_Step], names: Directory) -> None:
        try:
            self.sender.send([step.plan for step in steps], [step.account for step in steps])
        except TransactionRevertedError as error:
            raise self._refused(steps[error.position], error.data, names) from None
