"""The part of a client that records: deployment, operations, files of them, and what was signed elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from traceledger.client.connection import Connection
from traceledger.client.performer import Recorded
from traceledger.config import networks
from traceledger.errors import InputError, NetworkError
from traceledger.model.frozen import frozen
from traceledger.model.progress import Progress
from traceledger.model.units import parse_duration
from traceledger.operations.directory import Directory
from traceledger.signing.signers import DEPLOYER

if TYPE_CHECKING:
    from traceledger.config.networks import Contracts
    from traceledger.operations.catalogue import Operation
    from traceledger.sending.lines import Operations, Source
    from traceledger.sending.offline import OfflineSigning
    from traceledger.sending.outbox import Entry
    from traceledger.sending.preparation import Preparation
    from traceledger.sending.proposal import Asked
    from traceledger.sending.rehearsal import Plan
    from traceledger.sending.sender import Sender
    from traceledger.sending.submission import Submitted
    from traceledger.sending.transaction_file import TransactionFile


def source_for(operations: Operations | Source) -> Source:
    """What is given as lines: a file of any kind that is taken, values, or what was read already.

    Raises:
        InputError: the file cannot be read.
    """
    from traceledger.interop.reading import source_of
    from traceledger.sending.lines import Source

    return source_of(operations) if isinstance(operations, Path | str) else Source.of(operations)


@frozen
class Recording:
    """Records on the network of a connection. ``Client`` says what each method does."""

    connection: Connection

    def deploy(self, delay: str | int) -> Contracts:
        """Deploy the contracts and record their addresses in networks.toml."""
        from traceledger.sending.deployment import deploy

        held = self.connection
        network, signers = held.network, held.signers
        seconds = parse_duration(delay, where="delay")
        if network.contracts is not None:
            raise NetworkError(
                f"contracts are deployed on network {network.name!r} already",
                where=network.source,
                hint="remove its contracts table first, if you mean to deploy anew",
            )
        if signers.known_deployer() is None:
            signers.create(DEPLOYER)
        signer = signers.unlock(signers.deployer())
        held.create_chain()
        with held.alone():
            with held.dispatch() as dispatch:
                if dispatch is not None:
                    dispatch.settle()
                contracts = deploy(held.chain, signer, delay=seconds, dispatch=dispatch)
            networks.record_contracts(network, contracts)
        held.network = networks.load(network.source).get(network.name)
        return contracts

    def perform(self, operation: Operation, approve: Asked = None) -> Recorded:
        """Plan, sign and send one operation, and wait until it is mined."""
        from traceledger.operations.effects import subject_of
        from traceledger.sending.one import perform

        held, sender = self.connection, self._sender()
        with held.alone(), held.dispatch() as dispatch:
            begin = partial(self._begin, approve=approve)
            receipt, preparation = perform(operation, begin, sender, held.index, held.sync, dispatch)
        return Recorded(
            operation=operation.op,
            transaction=receipt.transaction_hash,
            block=receipt.block.number,
            timestamp=receipt.block.timestamp,
            gas_used=receipt.gas_used,
            names=subject_of(operation, preparation.names),
        )

    def submit(
        self,
        operations: Path | str | Source,
        *,
        create_keys: bool,
        block_size: int,
        exclusive_keys: bool,
        progress: Progress,
        approve: Asked = None,
    ) -> Submitted:
        """Run an operations file: all of it is checked first, and each line runs once."""
        from traceledger.sending.remaining import Reckoning
        from traceledger.sending.submission import Submission, catch_up

        held, sender, source = self.connection, self._sender(), source_for(operations)
        with held.alone(), held.dispatch(exclusive=exclusive_keys) as dispatch:
            outbox = None if dispatch is None else dispatch.outbox
            reckoning = Reckoning(source, held.chain, outbox, held.index, held.sync)
            parts = (source, partial(self._begin, approve=approve), sender, dispatch, held.sync, reckoning)
            with reckoning.telling():
                if dispatch is not None:
                    dispatch.settle()
                catch_up(held.index, held.sync, dispatch)
                submission = Submission(*parts, block_size=block_size)
                return submission.run(create_keys=create_keys, progress=progress)

    def plan(
        self,
        operations: Operations | Source,
        *,
        create_keys: bool,
        progress: Progress,
        propose: bool = False,
    ) -> Plan:
        """What submitting operations would do; nothing is sent or stored."""
        from traceledger.sending.rehearsal import rehearse

        held = self.connection
        held.check()
        held.sync()
        return rehearse(
            source_for(operations),
            self._begin,
            held.chain,
            create_keys=create_keys,
            progress=progress,
            propose=propose,
        )

    def outbox(self, *, last: int | None = None) -> list[Entry]:
        """The transactions that were signed here for the network, oldest first. The network is not asked."""
        from traceledger.sending.outbox import Outbox

        held = self.connection
        held.require_open()
        path, chain_id, busy = held.network.outbox_file, held.network.chain_id, held.patience.sqlite_busy
        if not path.exists():
            return []
        with Outbox.open(path, chain_id=chain_id, genesis_hash=None, busy_seconds=busy) as outbox:
            return outbox.entries(last=last)

    def resume(self, progress: Progress) -> list[Entry]:
        """Bring every unfinished transaction of the outbox to an end; returns what became of them."""
        with self.connection.alone(), self.connection.dispatch() as dispatch:
            return dispatch.settle(progress) if dispatch is not None else []

    def discard(self, account: bytes, nonce: int, progress: Progress) -> list[Entry]:
        """Give up unfinished transactions that no node has, and use their nonces otherwise."""
        from traceledger.sending.give_up import discard

        with self.connection.alone(), self.connection.dispatch() as dispatch:
            if dispatch is None:
                raise InputError("an embedded network has no outbox", where=self.connection.network.name)
            return discard(dispatch, account, nonce, progress)

    @contextmanager
    def offline(self, path: Path, nonces: Mapping[str | None, int]) -> Iterator[OfflineSigning]:
        """What signs operations into a file, without any connection."""
        from traceledger.sending import offline

        held = self.connection
        mine = (held.network, held.signers, held.disclosures)
        with offline.opened(*mine, path, nonces, patience=held.patience) as signing:
            yield signing

    @contextmanager
    def signed_file(self, path: Path) -> Iterator[tuple[TransactionFile, Callable[[bytes | int], str]]]:
        """What a file of signed transactions holds, and the names that are proved here."""
        from traceledger.sending import transaction_file
        from traceledger.sending.offline import proved_names

        network = self.connection.network
        file = transaction_file.read(path)
        transaction_file.require_for(file, network, network.genesis_hash, path)
        with proved_names(network, self.connection.patience.sqlite_busy) as called:
            yield file, called

    def send_file(self, path: Path, progress: Progress) -> Submitted:
        """Send a file of signed transactions, each once, and wait until all are final."""
        from traceledger.sending import transaction_file
        from traceledger.sending.relay import relay
        from traceledger.sending.submission import catch_up

        held = self.connection
        held.require_open()
        file = transaction_file.read(path)
        transaction_file.require_for(file, held.network, None, path)
        held.check()
        transaction_file.require_for(file, held.network, held.chain.genesis_hash(), path)
        with held.alone(), held.dispatch() as dispatch:
            if dispatch is None:
                raise InputError(
                    "an embedded network takes no files of transactions", where=held.network.name
                )
            dispatch.settle()
            catch_up(held.index, held.sync, dispatch)
            return relay(dispatch, file, path, self.directory(), progress)

    def next_nonce(self, account: bytes) -> int:
        """The nonce of an account's next transaction, after those mined and those unfinished here."""
        waiting = [entry.nonce for entry in self.outbox() if entry.unfinished and entry.sender == account]
        return max([self.connection.chain.nonce(account), *(nonce + 1 for nonce in waiting)])

    def directory(self) -> Directory:
        """Names over the index as it stands, as operations are planned with them."""
        from traceledger.sending.sender import directory

        held = self.connection
        held.check()
        return directory(held.index, held.signers, held.network.deployed(), held.disclosures, held.proved)

    def _begin(self, provisional: bool = False, *, approve: Asked = None) -> Preparation:
        """What operations are prepared with, which knows nothing of them yet."""
        from traceledger.sending.preparation import Preparation
        from traceledger.sending.proposal import asking

        held = self.connection
        preparation = Preparation(
            held.index,
            self.directory(),
            held.signers,
            held.network.deployed(),
            provisional=provisional,
            chain_id=held.network.chain_id,
        )
        preparation.approve = asking(approve)
        return preparation

    def _sender(self) -> Sender:
        """What signs and sends, once the contracts at the addresses proved to be ours."""
        from traceledger.sending.sender import Sender

        held = self.connection
        held.check()
        return Sender(held.chain, held.signers, held.network.fees)
