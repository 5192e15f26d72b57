"""Putting operations on a network through its outbox, many at once, each exactly once.

What sends goes through these steps, each of which begins again after a kill::

      settle --> run --> await_final --> Submitted, Recorded
        |         |          |
        |         |          +-- waits until the block is final; as long as blocks are made, without end
        |         +-- signs and sends jobs (pipeline); each ends in a stage that is over:
        |             final, done (another machine's), or failed --> FailedError
        +-- brings what an earlier process left in the outbox to an end (delivery)

A network that does not answer, or makes no blocks, ends any of them with a NetworkError: what is unfinished
stays in the outbox.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

from traceledger.artifacts.identity import identity_of
from traceledger.chain.base import Block, BlockRef, CallRevertedError, Chain, Receipt
from traceledger.chain.rpc.transactions import TransactionPort
from traceledger.config.networks import Network
from traceledger.errors import NetworkError, TraceLedgerError
from traceledger.model.hexadecimal import hexed
from traceledger.model.patience import DEFAULT, Patience
from traceledger.model.progress import Progress, silent
from traceledger.sending.accounts import BLOCK_SHARE, SOLE_SHARE
from traceledger.sending.block_space import fitted, tried
from traceledger.sending.delivery import Courier, SendingChain
from traceledger.sending.jobs import Course, Job
from traceledger.sending.outbox import Entry, Outbox
from traceledger.sending.pipeline import Pipeline
from traceledger.sending.sender import Terms
from traceledger.signing.signers import Signers
from traceledger.signing.transaction import sign

if TYPE_CHECKING:
    from traceledger.index.followed import ReadableChain


class FailedError(TraceLedgerError):
    """A job failed for good, and the chain proves it. ``data`` is the ABI-encoded revert, if known.

    ``dead`` says that it was not refused: another transaction took its nonce.
    """

    def __init__(self, position: int, job: Job, data: bytes, *, dead: bool) -> None:
        super().__init__(f"the {job.operation} was refused with {hexed(data)}", where=job.source)
        self.position = position
        self.data = data
        self.dead = dead


def _unheeded(_: ReadableChain) -> None:
    """The chain is not followed."""


@dataclass(frozen=True, slots=True)
class UpToFinal:
    """A chain as if it ended with its newest final block: nothing of it can be replaced any more."""

    chain: Chain
    last: BlockRef

    @property
    def chain_id(self) -> int:
        """The EIP-155 chain id."""
        return self.chain.chain_id

    def genesis_hash(self) -> bytes:
        """Hash of block 0."""
        return self.chain.genesis_hash()

    def head(self) -> BlockRef:
        """The last block."""
        return self.last

    def final(self) -> BlockRef:
        """The last block."""
        return self.last

    def block_ref(self, number: int) -> BlockRef | None:
        """The canonical block of that number."""
        return self.chain.block_ref(number)

    def blocks(self, first: int, last: int) -> Iterator[Block]:
        """The canonical blocks ``first`` to ``last``, both included, in order."""
        return self.chain.blocks(first, last)


@dataclass(slots=True)
class Dispatch:
    """What sends to one network.

    Args:
        chain: the network.
        outbox: where everything that is signed is recorded first.
        signers: the keys.
        terms: what every transaction states.
        patience: how long to wait for what.
        exclusive: whether no other machine sends for the same accounts.
        share: most transactions of one account upon one newest block.
    """

    chain: SendingChain
    outbox: Outbox
    signers: Signers
    terms: Terms
    patience: Patience = DEFAULT
    exclusive: bool = False
    share: int = BLOCK_SHARE

    def settle(self, progress: Progress = silent) -> list[Entry]:
        """Bring what an earlier process left unfinished to an end; returns what became of it.

        Raises:
            NetworkError: the network cannot be reached, or makes no blocks.
        """
        return Courier(self.chain, self.outbox, self.patience).settle(progress)

    def run(
        self,
        jobs: Sequence[Job],
        count: Callable[[Job], int],
        progress: Progress = silent,
        follow: Callable[[ReadableChain], object] = _unheeded,
    ) -> list[Course]:
        """Send jobs and wait until all of them are final.

        Args:
            jobs: what to send; nothing may be unfinished in the outbox.
            count: how many operations like a job's the chain holds by now.
            progress: told how many are mined.
            follow: given the chain up to its newest final block, while the nodes work: to index it.

        Raises:
            TooLargeForBlockError: one needs more gas than a block has, and was not signed; nor was any other,
                if that could be told at once.
            FailedError: one was refused. Those that do not depend on it may have run, whatever their place.
            NetworkError: the network failed; what is on its way stays in the outbox.
        """
        courier = Courier(self.chain, self.outbox, self.patience)
        pipeline = Pipeline(
            courier,
            self._sign,
            count,
            measure=self._measured,
            exclusive=self.exclusive,
            share=self.share,
            meanwhile=lambda: follow(UpToFinal(self.chain, courier.tip.final)),
        )
        courses = pipeline.run(self._fitted(jobs, count), progress)
        for position, course in enumerate(courses):
            if course.too_large is not None:
                raise course.too_large
            if course.stage == "failed":
                dead = course.entry is not None and course.entry.state == "dead"
                raise FailedError(position, course.job, self._reason(course, courier), dead=dead)
        return courses

    def await_final(self, number: int) -> bool:
        """Wait until the block of that number is final; returns whether it was not at once.

        Raises:
            NetworkError: it is not in time.
        """
        courier, seen = Courier(self.chain, self.outbox, self.patience), -1
        while (final := self.chain.final().number) < number:
            if final > seen:  # blocks are made: wait on
                courier, seen = Courier(self.chain, self.outbox, self.patience), final
            courier.rest()
        return seen >= 0

    def receipt_of(self, course: Course, since: int) -> Receipt:
        """The receipt of what a job's course ended with, be it another machine's, in a block after ``since``.

        Raises:
            NetworkError: the network does not have it.
        """
        job, head = course.job, self.chain.head().number
        if course.stage != "done" and course.entry is not None:
            return self.receipt(course.entry)
        for block in self.chain.blocks(since, head):
            for item in block.transactions:
                same = (item.sender, item.to, identity_of(item.input)) == (job.account, job.to, job.identity)
                if item.succeeded and same:
                    receipt = self.chain.receipt(item.hash)
                    if receipt is not None:
                        return receipt
        raise NetworkError(
            f"another machine performed the {job.operation} with a key of this participant",
            hint="it is on the ledger: do not send it again, show what it was about",
        )

    def receipt(self, entry: Entry) -> Receipt:
        """The receipt of a mined transaction.

        Raises:
            NetworkError: the network does not have it.
        """
        courier = Courier(self.chain, self.outbox, self.patience)
        for _ in range(self.patience.looks):
            (receipt,) = self.chain.receipts([entry.hash])
            if receipt is not None and entry.block_hash in (None, receipt.block.hash):
                return receipt
            courier.rest()
            self.chain.head()  # so that a node that is behind is noticed, and another asked
        raise NetworkError(f"the network does not show transaction {hexed(entry.hash)}", hint="try again")

    def _fitted(self, jobs: Sequence[Job], count: Callable[[Job], int]) -> list[Job]:
        """The jobs, none asking for more gas than a block has; nothing is signed yet."""
        limit, found = self.chain.gas_limit() if jobs else 0, []
        for position, job in enumerate(jobs):
            try:
                found.append(fitted(job, self.chain, limit))
            except CallRevertedError as error:
                if count(job) < job.occurrence:
                    raise FailedError(position, job, error.data, dead=False) from None
                found.append(replace(job, gas=limit))  # another machine has done it meanwhile
        return found

    def _measured(self, job: Job) -> Job:
        return tried(job, self.chain)

    def _sign(self, job: Job, nonce: int) -> bytes:
        unsigned = self.terms.unsigned(nonce, job.gas, job.to, job.data)
        return sign(unsigned, self.signers.unlock(job.account))

    def _reason(self, course: Course, courier: Courier) -> bytes:
        entry = course.entry
        if entry is None or entry.state != "failed":
            return b""
        if entry.id in courier.turned_away:
            return courier.turned_away[entry.id]
        return self.chain.revert_data(self.receipt(entry))


@contextmanager
def opened(
    network: Network,
    chain: Chain,
    signers: Signers,
    *,
    patience: Patience = DEFAULT,
    exclusive: bool = False,
) -> Iterator[Dispatch]:
    """What sends to a network, its outbox open.

    Raises:
        NetworkError: the outbox cannot be opened, or the chain takes no transactions without waiting.
        VerificationError: the outbox is damaged, or belongs to another chain.
    """
    if not isinstance(chain, TransactionPort):
        raise NetworkError(f"network {network.name!r} takes no transactions", where=network.source)
    sending = cast(SendingChain, chain)
    genesis = chain.genesis_hash()
    with Outbox.open(
        network.outbox_file, chain_id=chain.chain_id, genesis_hash=genesis, busy_seconds=patience.sqlite_busy
    ) as outbox:
        terms = Terms(chain.chain_id, network.fees)
        share = SOLE_SHARE if network.consensus == "single" else BLOCK_SHARE
        yield Dispatch(sending, outbox, signers, terms, patience, exclusive=exclusive, share=share)
