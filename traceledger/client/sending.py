"""The half of the client that sends: operations, files of them, and what was signed elsewhere.

Example:
    >>> Sending.perform.__name__
    'perform'
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from traceledger.client.methods import OperationMethods, Recorded
from traceledger.config.networks import Network
from traceledger.errors import InputError
from traceledger.operations.directory import Directory
from traceledger.private.store import Disclosures
from traceledger.signing.signers import Signers
from traceledger.storage.locks import held

if TYPE_CHECKING:
    from traceledger.chain.base import Chain
    from traceledger.index import Index
    from traceledger.operations.catalogue import Operation
    from traceledger.sending.dispatch import Dispatch
    from traceledger.sending.offline import OfflineSigning
    from traceledger.sending.outbox import Entry
    from traceledger.sending.sender import Sender
    from traceledger.sending.submission import Submitted

SENDING_SECONDS = 60
"""How long one process waits for another that sends operations to the same network."""
Progress = Callable[[int, int], None]


def _silent(_done: int, _total: int) -> None:
    """No progress shown."""


class Sending(OperationMethods):
    """What sends to one network: with its chain, its index, and the keys and private texts stored for it."""

    network: Network
    signers: Signers
    disclosures: Disclosures

    @property
    @abstractmethod
    def chain(self) -> Chain:
        """The network's chain."""

    @property
    @abstractmethod
    def index(self) -> Index:
        """The index of the chain's events, as far as it has been synced."""

    @abstractmethod
    def check(self) -> None:
        """That the contracts at the network's addresses are those of this release."""

    @abstractmethod
    def sync(self, *, progress: Progress = _silent) -> int:
        """Bring the index up to date; returns how many blocks were added."""

    def perform(self, operation: Operation) -> Recorded:
        """Plan, sign and send one operation, and wait until it is mined.

        Raises:
            InputError: a name is unknown.
            SigningError: no key of the acting participant is at hand.
            Refusal: the contracts refused; nothing has happened.
        """
        from traceledger.sending.one import perform

        sender = self._sender()
        with self._alone(), self._dispatch() as dispatch:
            receipt = perform(operation, sender, self.index, self.sync, dispatch)
        return Recorded(
            operation=operation.op,
            transaction=receipt.transaction_hash,
            block=receipt.block.number,
            timestamp=receipt.block.timestamp,
            gas_used=receipt.gas_used,
        )

    def submit(
        self,
        path: Path | str,
        *,
        create_keys: bool = False,
        block_size: int = 100,
        exclusive_keys: bool = False,
        progress: Progress = _silent,
    ) -> Submitted:
        """Run an operations file: all of it is checked first, and each line runs once.

        Args:
            path: UTF-8 JSON Lines, one operation a line (docs/operations.md).
            create_keys: make an encrypted key for every participant that it registers without one.
            block_size: most operations in one block of an embedded chain.
            exclusive_keys: no other machine uses these keys, so that also what the contracts would let happen
                twice need not be sent alone (docs/operations.md).
            progress: told how many operations of how many are done.

        Raises:
            OperationsFileError: the file has faults; nothing was sent.
            SigningError: a key is missing; nothing was sent.
            Refusal: the contracts refused a line; those before it have run. On a network, later lines that
                do not depend on it may have run as well.
            NetworkError: the network failed; what is on its way stays in the outbox.
        """
        from traceledger.sending.submission import Submission, catch_up

        sender = self._sender()
        with self._alone(), self._dispatch(exclusive=exclusive_keys) as dispatch:
            if dispatch is not None:
                dispatch.settle()
            catch_up(self.index, self.sync, dispatch)
            submission = Submission(Path(path), sender, self.index, block_size, dispatch, self.sync)
            return submission.run(create_keys=create_keys, progress=progress)

    def outbox(self, *, last: int | None = None) -> list[Entry]:
        """The transactions that were signed here for a network, oldest first. The network is not asked.

        Args:
            last: only so many of the newest.

        Raises:
            VerificationError: the outbox is damaged, or belongs to another chain.
        """
        from traceledger.sending.outbox import Outbox

        if not self.network.outbox_file.exists():
            return []
        chain_id = self.network.chain_id
        with Outbox.open(self.network.outbox_file, chain_id=chain_id, genesis_hash=None) as outbox:
            return outbox.entries(last=last)

    def resume(self, *, progress: Progress = _silent) -> list[Entry]:
        """Bring every unfinished transaction of the outbox to an end; returns what became of them.

        Raises:
            NetworkError: the network cannot be reached, or makes no blocks; they stay in the outbox.
        """
        with self._alone(), self._dispatch() as dispatch:
            return dispatch.settle(progress) if dispatch is not None else []

    def discard(self, account: bytes, nonce: int, *, progress: Progress = _silent) -> list[Entry]:
        """Give up unfinished transactions that no node has, from a nonce on, and use their nonces otherwise.

        Args:
            account: the address that signed them.
            nonce: of the first one; later ones of the account that no node has are given up as well.
            progress: told how many transactions of how many are settled.

        Returns:
            What became of each: ``dead``, or ``final`` or ``failed`` if it was mined after all.

        Raises:
            InputError: there is no such transaction.
            NetworkError: it is not proven that no node has it, or the network failed.
            SigningError: the key's passphrase is wrong; nothing was given up.
        """
        from traceledger.sending.give_up import discard

        with self._alone(), self._dispatch() as dispatch:
            if dispatch is None:
                raise InputError("an embedded network has no outbox", where=self.network.name)
            return discard(dispatch, account, nonce, progress)

    @contextmanager
    def offline(self, path: Path | str, nonces: Mapping[str | None, int]) -> Iterator[OfflineSigning]:
        """What signs operations into a file, without any connection; :meth:`send_file` sends it elsewhere.

        Args:
            path: the file; transactions are added to those that it holds.
            nonces: the next nonce by the name of a key (``None``: of the only one), unless the file tells.

        Raises:
            InputError: the network is an embedded one.
            NetworkError: networks.toml names no contracts.
        """
        from traceledger.sending import offline

        with offline.opened(self.network, self.signers, self.disclosures, Path(path), nonces) as signing:
            yield signing

    def send_file(self, path: Path | str, *, progress: Progress = _silent) -> Submitted:
        """Send a file of signed transactions, each once, and wait until all are final.

        Raises:
            InputError: the file was changed, is for another network, or its nonces do not fit.
            Refusal: the contracts refused one; those that do not need it may have run.
            NetworkError: the network failed; what is on its way stays in the outbox.
        """
        from traceledger.sending import transaction_file
        from traceledger.sending.relay import relay
        from traceledger.sending.submission import catch_up

        place = Path(path)
        file = transaction_file.read(place)
        transaction_file.require_for(file, self.network, None, place)
        sender = self._sender()
        transaction_file.require_for(file, self.network, self.chain.genesis_hash(), place)
        with self._alone(), self._dispatch() as dispatch:
            if dispatch is None:
                raise InputError(
                    "an embedded network takes no files of transactions", where=self.network.name
                )
            dispatch.settle()
            catch_up(self.index, self.sync, dispatch)
            return relay(dispatch, file, place, sender.directory(self.index), progress)

    def next_nonce(self, account: bytes) -> int:
        """The nonce of an account's next transaction, after those mined and those unfinished here."""
        waiting = [entry.nonce for entry in self.outbox() if entry.unfinished and entry.sender == account]
        return max([self.chain.nonce(account), *(nonce + 1 for nonce in waiting)])

    @contextmanager
    def _dispatch(self, *, exclusive: bool = False) -> Iterator[Dispatch | None]:
        """What sends to this network through its outbox; ``None`` for an embedded one, which needs none."""
        from traceledger.sending.dispatch import opened

        if self.network.kind == "embedded":
            yield None
            return
        with opened(self.network, self.chain, self.signers, exclusive=exclusive) as dispatch:
            try:
                yield dispatch
            except KeyboardInterrupt as stop:
                if left := len(dispatch.outbox.unfinished()):
                    stop.add_note(f"{left} transactions are kept; run: traceledger outbox resume")
                raise

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One process at a time plans and sends: another's operations would take our nonces, or be repeated.

        Raises:
            NetworkError: another process kept sending.
        """
        lock = self.network.folder / "sending.lock"
        with held(
            lock, doing=f"sending operations to network {self.network.name!r}", seconds=SENDING_SECONDS
        ):
            yield

    def _sender(self) -> Sender:
        """What signs and sends, once the contracts at the addresses proved to be ours."""
        from traceledger.sending.sender import Sender

        self.check()
        return Sender(self.chain, self.network.deployed(), self.signers, self.disclosures, self.network.fees)

    def directory(self) -> Directory:
        """Names over the index, as far as it has been synced."""
        return self._sender().directory(self.index)
