"""Running an operations file: all of it is checked before anything is sent, and each line runs once.

What has run is read from the chain itself: an operation is known by who acts, on which contract, with
which calldata. The k-th such line of a file has run if the chain holds k such transactions. So a
submission that was killed at any point goes on where it stopped, from any machine. On an embedded chain the
lines go into blocks of many, in order; on a network through the outbox, many at once::

    read -> checked -> ready -> asked -> unlocked (keys, private texts stored)     lines.py
                         |
        +----------------+------------------+
        | embedded chain                    | network
        v                                   v
    blocks of block_size, in order      pending? --yes--> jobs to the pipeline, index synced --+
        |                                   ^                                                  |
        | a line is refused                 +--------------------------------------------------+
        v                                   | no
    Refusal; lines before it have run   all seen final? --no--> wait until they are, sync, look again
                                            | yes: nothing became pending meanwhile (no reorganisation)
                                            v
                                        Submitted

Lines whose calldata follows from lines before them that are not recorded yet, and lines that need those,
wait: once the others have run, all is made ready again over the index as it is then (_again). So is a line
that was refused because others had changed what it follows from (_outdated); it was not recorded then.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from traceledger.chain.base import TransactionRevertedError
from traceledger.model.progress import Progress
from traceledger.sending.dispatch import Dispatch, FailedError
from traceledger.sending.jobs import Job
from traceledger.sending.lines import Begin, Ready, Source, made_ready_again, make_ready
from traceledger.sending.preparation import GrowingHistory
from traceledger.sending.remaining import Reckoning
from traceledger.sending.reverts import explain
from traceledger.sending.sender import Sender

if TYPE_CHECKING:
    from traceledger.index.followed import ReadableChain


class Sync(Protocol):
    """Brings the index up to date, with a part of the chain or all of it."""

    def __call__(self, chain: ReadableChain | None = None) -> object:
        """Follow the chain to its head."""


def catch_up(known: GrowingHistory, sync: Callable[[], object], dispatch: Dispatch | None) -> None:
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


@dataclass(frozen=True, slots=True)
class Submission:
    """One run of an operations file.

    Args:
        source: the file's lines.
        begin: makes what they are prepared with, over an index that is up to date.
        sender: signs and sends, where the chain is an embedded one.
        dispatch: sends through the outbox, where it is a network.
        sync: brings the index up to date.
        reckoning: is told how far the file has come.
        block_size: most operations in one block of the embedded chain.
    """

    source: Source
    begin: Begin
    sender: Sender
    dispatch: Dispatch | None
    sync: Sync
    reckoning: Reckoning
    block_size: int = 100

    def run(self, *, create_keys: bool, progress: Progress) -> Submitted:
        """Check the file, then run what has not run yet.

        Raises:
            OperationsFileError: the file has faults; nothing was sent.
            SigningError: a key is missing, or its passphrase is wrong; nothing was sent.
            Refusal: the contracts refused a line (``where``); the lines before it have run.

        Every error says in a note how far the file has come (``remaining.py``).
        """
        ready = make_ready(self.source, self.begin, create_keys=create_keys)
        self.reckoning.ready = ready
        ready.ask()
        ready.unlock()
        if self.dispatch is None:
            sent = self._send_blocks(ready, progress)
        else:
            sent = self._send_all(ready, self.dispatch, progress)
        return Submitted(len(ready.steps), sent, len(ready.steps) - sent, self.sender.chain.head().number)

    def _send_blocks(self, ready: Ready, progress: Progress) -> int:
        """Send what is pending in order, in blocks of many, each of which is mined wholly or not at all."""
        sent: set[int] = set()
        while pending := ready.pending():
            later = {position for position, _ in ready.postponed(pending)}
            now = [item for item in pending if item[0] not in later]
            self.reckoning.seen = len(ready.steps) - len(pending)
            ran = self._mine(ready, now, len(ready.steps) - len(pending), progress)
            sent.update(position for position, _ in now[:ran])
            if ran == len(pending):
                break
            ready = self._again(ready)
        return len(sent)

    def _mine(self, ready: Ready, now: Sequence[tuple[int, int]], done: int, progress: Progress) -> int:
        """Have these steps mined; returns how many were, before one that must be prepared anew."""
        jobs = ready.jobs(now)
        for start in range(0, len(jobs), self.block_size):
            try:
                self.sender.send(jobs[start : start + self.block_size])
            except TransactionRevertedError as error:
                position = now[start + error.position][0]
                if not self._outdated(ready, position):
                    raise _refused(ready, position, error.data) from None
                return start
            self.reckoning.seen = done + min(start + self.block_size, len(jobs))
            progress(self.reckoning.seen, len(ready.steps))
        return len(jobs)

    def _send_all(self, ready: Ready, dispatch: Dispatch, progress: Progress) -> int:
        """Send until nothing is pending, and all that was seen is final; returns how many lines it sent."""
        sent: set[int] = set()
        seen: int | None = None
        while True:
            head = dispatch.chain.head().number
            pending = ready.pending()
            later = {position for position, _ in ready.postponed(pending)}
            self.reckoning.seen = len(ready.steps) - len(pending)
            if now := [item for item in pending if item[0] not in later]:
                seen = None
                sent.update(position for position, _ in now)
                if self._dispatch(ready, now, dispatch, progress):
                    ready = self._again(ready)
            elif pending:
                ready = self._again(ready)
            elif seen is not None:
                return len(sent)
            else:
                seen = head
                dispatch.await_final(seen)
            self.sync()

    def _dispatch(
        self, ready: Ready, pending: Sequence[tuple[int, int]], dispatch: Dispatch, progress: Progress
    ) -> bool:
        """Send these steps; returns whether one of them must be prepared anew."""
        total = len(ready.steps)
        done = total - len(pending)

        def count(job: Job) -> int:
            self.sync()
            return ready.preparation.known.operation_count(job.actor, job.to, job.identity)

        def told(mined: int, _: int) -> None:
            self.reckoning.seen = done + mined
            progress(done + mined, total)

        try:
            dispatch.run(ready.jobs(pending), count, told, self.sync)
        except FailedError as error:
            position = pending[error.position][0]
            if not self._outdated(ready, position):
                raise _refused(ready, position, error.data) from None
            return True
        return False

    def _again(self, ready: Ready) -> Ready:
        """All made ready again, over the index as it is now."""
        self.sync()
        self.reckoning.ready = made_ready_again(ready, self.begin)
        return self.reckoning.ready

    def _outdated(self, ready: Ready, position: int) -> bool:
        """Whether a step that was refused would be another call by now, or has run."""
        before = ready.steps[position].prepared
        if before.data == before.call.identity:
            return False
        now = self._again(ready).steps[position].prepared
        return now.call.data != before.data


def _refused(ready: Ready, position: int, data: bytes) -> Exception:
    refusal = explain(data, ready.preparation.names)
    refusal.where = ready.place(position)
    return refusal
