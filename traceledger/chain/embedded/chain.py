"""The embedded chain: :class:`EmbeddedChain`, a whole permissioned EVM chain in one SQLite file."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from traceledger.chain.base import (
    AccountProof,
    Block,
    BlockRef,
    Call,
    Receipt,
    Rehearsal,
    TransactionRevertedError,
)
from traceledger.chain.embedded import database
from traceledger.chain.embedded.gate import Gate, Pace, unhurried
from traceledger.chain.embedded.limits import CALL_GAS
from traceledger.chain.embedded.reader import ChainReader
from traceledger.errors import InputError, NetworkError, SigningError
from traceledger.storage.connections import Connections

if TYPE_CHECKING:
    from eth.abc import BlockHeaderAPI

    from traceledger.chain.embedded.evm import Evm
    from traceledger.chain.embedded.remembered import RememberedHead
    from traceledger.chain.embedded.state import StateReader
    from traceledger.chain.embedded.trie_nodes import NodeStore

Sealer = Callable[[bytes], bytes]
"""Signs a 32-byte hash with the authority's key: 65 bytes, r then s then recovery id (0 or 1)."""

MAX_CHAIN_ID = 2**63 - 1
MAX_TIMESTAMP = 2**40
MOST_AHEAD = 7_200
"""Seconds by which a block may be ahead of the clock."""

_WARNED_AHEAD = 300
"""Until then each block is at least a second later than the one before it. Further on it has the same time:
single operations, faster than one a second, would carry the chain ever further from the clock."""
_ZERO_ADDRESS = bytes(20)


class EmbeddedChain:
    """A chain in one SQLite file, sealed by one authority. Implements :class:`~..base.Chain`.

    One process writes at a time, others wait; any number read meanwhile. Reading blocks, logs,
    receipts and nonces loads no EVM. An object may be used by several threads at once; one at a time runs
    contracts.

    Make one with :meth:`create` or :meth:`open`.
    """

    def __init__(
        self,
        connections: Connections,
        path: Path,
        *,
        sealer: Sealer | None = None,
        admit: Callable[[bytes], bool] | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._connections = connections
        self._clock = clock
        self._heads: RememberedHead | None = None
        self._warned = False
        self.path = path
        self.reader = ChainReader(connections, path)
        self._evm_lock = threading.RLock()
        self._making = threading.Lock()
        self._sealer = sealer
        self.gate = Gate(admit)
        self._nodes: NodeStore | None = None
        self._evm_: Evm | None = None

    @classmethod
    def create(
        cls,
        path: Path | str,
        *,
        chain_id: int,
        authority: bytes,
        timestamp: int,
        sealer: Sealer | None = None,
        clock: Callable[[], float] = time.time,
    ) -> EmbeddedChain:
        """Make a new chain of one block and open it.

        Block 0 depends on nothing but ``chain_id``, ``authority`` and ``timestamp``.

        Args:
            path: the file to make; its folder is made if need be.
            chain_id: EIP-155 chain id, 1 to 2^63 - 1.
            authority: the 20-byte address of the key that seals blocks.
            timestamp: time of block 0 in UTC seconds.
            sealer: see :meth:`open`.
            clock: see :meth:`open`.

        Raises:
            InputError: a value is out of range, or the file exists.
            NetworkError: the file cannot be written.
        """
        file = Path(path)
        if not 1 <= chain_id <= MAX_CHAIN_ID:
            raise InputError(f"chain id {chain_id} is out of range", hint="use 1 to 2^63 - 1")
        if len(authority) != 20:
            raise InputError("the authority is not a 20-byte address")
        _check_time(timestamp)
        from traceledger.chain.embedded.block_maker import insert_block
        from traceledger.chain.embedded.rules import genesis_header

        genesis = genesis_header(chain_id, authority, timestamp)
        with database.new_file(file) as connection, database.writing(connection, file):
            connection.execute("INSERT INTO chain VALUES (?, ?)", (chain_id, authority))
            insert_block(connection, genesis, [])
        return cls.open(file, sealer=sealer, clock=clock)

    @classmethod
    def open(
        cls,
        path: Path | str,
        *,
        expected_chain_id: int | None = None,
        sealer: Sealer | None = None,
        admit: Callable[[bytes], bool] | None = None,
        busy_seconds: float = database.CHAIN_FILE.busy_seconds,
        clock: Callable[[], float] = time.time,
    ) -> EmbeddedChain:
        """Open an existing chain.

        Args:
            path: the chain's file.
            expected_chain_id: refuse a chain with another id.
            sealer: signs blocks with the authority's key; without it the chain can only be read.
            admit: whether an account may send transactions; ``None``: every account may.
            busy_seconds: how long :meth:`send` waits for another writer.
            clock: tells the time, UTC seconds.

        Raises:
            NetworkError: there is no such file, it is not a chain, or not the expected one.
            VerificationError: the file is damaged.
        """
        file = Path(path)
        connections = Connections(
            lambda: database.connect(file, busy_seconds=busy_seconds), "the chain is closed"
        )
        try:
            chain = cls(connections, file, sealer=sealer, admit=admit, clock=clock)
            if expected_chain_id is not None and chain.chain_id != expected_chain_id:
                raise NetworkError(
                    f"the chain has id {chain.chain_id}, expected {expected_chain_id}",
                    where=str(file),
                    hint="check the network's path and chain_id in networks.toml",
                )
        except BaseException:
            connections.close()
            raise
        return chain

    def remember(self, heads: RememberedHead) -> None:
        """Require the highest block that was seen, and from now on note what is sealed.

        Raises:
            VerificationError: the chain does not have that block: its file is an older copy.
        """
        # Read before the chain, which others may be adding to.
        noted = heads.read()
        heads.require(noted, self.block_ref)
        heads.note(self.head())
        self._heads = heads

    def close(self) -> None:
        """Close the file. The last process to do so folds the write-ahead log into it."""
        self._connections.close()

    def __enter__(self) -> EmbeddedChain:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def chain_id(self) -> int:
        """The EIP-155 chain id."""
        return self.reader.identity.chain_id

    @property
    def authority(self) -> bytes:
        """The 20-byte address of the key that seals this chain's blocks."""
        return self.reader.identity.authority

    def genesis_hash(self) -> bytes:
        """Hash of block 0."""
        return self.reader.genesis_hash()

    def head(self) -> BlockRef:
        """The newest block."""
        return self.reader.head()

    def final(self) -> BlockRef:
        """The newest block: with one authority, every block is final at once."""
        return self.reader.head()

    def block_ref(self, number: int) -> BlockRef | None:
        """The block of that number, or ``None`` past the head."""
        return self.reader.block_ref(number)

    def blocks(self, first: int, last: int) -> Iterator[Block]:
        """Blocks ``first`` to ``last``, both included, in order."""
        return self.reader.blocks(first, last)

    def receipt(self, transaction_hash: bytes) -> Receipt | None:
        """The receipt of a mined transaction, or ``None``."""
        return self.reader.receipt(transaction_hash)

    def nonce(self, address: bytes) -> int:
        """How many transactions of ``address`` are mined."""
        return self.reader.nonce(address)

    @property
    def nodes(self) -> NodeStore:
        """The chain's trie nodes and code."""
        if self._nodes is None:  # whoever reads does not wait for a block that is being made
            from traceledger.chain.embedded.trie_nodes import NodeStore

            with self._making:
                self._nodes = self._nodes or NodeStore(self._connections, self.path)
        return self._nodes

    @property
    def _evm(self) -> Evm:
        if self._evm_ is None:
            from traceledger.chain.embedded.evm import Evm

            self._evm_ = Evm(self.nodes, self.chain_id)
        return self._evm_

    def code(self, address: bytes) -> bytes:
        """The runtime bytecode at ``address``; empty where there is no contract."""
        # Our own contracts are created by transactions: found without loading the tries.
        code = self.reader.deployed_code(address)
        if code is not None:
            return code
        return self.state.code(address)

    @property
    def state(self) -> StateReader:
        """Accounts, storage and Merkle proofs at any block."""
        from traceledger.chain.embedded.state import StateReader

        return StateReader(self.reader, self.nodes, self.path)

    def header_rlp(self, number: int) -> bytes:
        """The RLP-encoded header of a block, seal included; its Keccak-256 is the block's hash.

        Raises:
            InputError: no such block.
        """
        encoded = self.reader.header_rlp(number)
        if encoded is None:
            raise InputError(f"there is no block {number}", hint=f"the newest is {self.head().number}")
        return encoded

    def receipt_rlps(self, number: int) -> list[bytes]:
        """A block's receipts as they stand in its receipt trie (EIP-2718 encoding), in order.

        Raises:
            InputError: no such block.
        """
        self.header_rlp(number)
        return self.reader.receipt_rlps(number)

    def prove(self, address: bytes, keys: Sequence[int], number: int | None = None) -> AccountProof:
        """Prove an account and some of its storage slots against a block's state root.

        Args:
            address: 20 bytes.
            keys: storage slots.
            number: the block; default the newest.

        Raises:
            InputError: no such block.
        """
        return self.state.prove(address, keys, number)

    def restrict(self, gate: Gate) -> None:
        """From now on, take only the transactions that ``gate`` lets through."""
        self.gate = gate

    def seal(self, block_hash: bytes) -> bytes:
        """The authority's 65-byte signature (r, s, recovery id) of a block's hash without its seal.

        Raises:
            SigningError: the chain was opened without the authority's key.
        """
        return self._sealing()(block_hash)

    def _sealing(self) -> Sealer:
        if self._sealer is None:
            raise SigningError(
                "the chain was opened without the authority's key, so it can only be read",
                where=str(self.path),
                hint="run this where the authority's key file is, beside the chain",
            )
        return self._sealer

    def call(
        self,
        to: bytes,
        data: bytes,
        *,
        sender: bytes | None = None,
        number: int | None = None,
        gas: int = CALL_GAS,
    ) -> bytes:
        """Run a read-only call.

        Args:
            to: the contract.
            data: ABI-encoded function call.
            sender: who appears to call; default the zero address.
            number: the block after which, and within which, to run; default: after the newest
                block, in a next block that begins now.
            gas: how much it may use; never more than :data:`~.limits.CALL_GAS`.

        Raises:
            CallRevertedError: the contract reverted.
            InputError: no such block.
        """
        with self._evm_lock:
            header = self._surroundings(number)
            return self._evm.call(header, Call(sender or _ZERO_ADDRESS, to, data, min(gas, CALL_GAS)))

    @contextmanager
    def rehearsal(self) -> Iterator[Rehearsal]:
        """A throw-away copy of the newest state, in a next block that begins now. Others wait meanwhile."""
        with self._evm_lock:
            try:
                yield self._evm.rehearsal(self._surroundings(None))
            finally:
                self.nodes.forget()

    def estimate_gas(self, to: bytes | None, data: bytes, *, sender: bytes | None = None) -> int:
        """A gas limit with which a transaction would succeed now; ``to`` of ``None``: a creation.

        Raises:
            CallRevertedError: it would revert.
        """
        with self._evm_lock:
            header = self._surroundings(None)
            return self._evm.estimate_gas(header, sender=sender or _ZERO_ADDRESS, to=to, data=data)

    def _surroundings(self, number: int | None) -> BlockHeaderAPI:
        """The header a call runs in, with the state root it reads."""
        header = self._header(self.head().number if number is None else number)
        if number is not None:
            return header
        from traceledger.chain.embedded.rules import next_header

        return next_header(header, _next_time(header.timestamp, int(self._clock())))

    def _header(self, number: int) -> BlockHeaderAPI:
        encoded, ref = self.header_rlp(number), self.block_ref(number)
        if ref is None:
            raise InputError(f"there is no block {number}")
        return self._evm.header(encoded, ref.hash)

    def send(
        self, raw: Sequence[bytes], *, timestamp: int | None = None, pace: Pace = unhurried
    ) -> list[Receipt]:
        """Mine signed transactions as one block, in this order, and return their receipts.

        Args:
            raw: RLP-encoded signed transactions: legacy (EIP-155) or typed 1 and 2, fees 0.
            timestamp: time of the block in UTC seconds, for whom the caller answers; default: now, by the
                clock. A given time that is not later than the block before is made one second later.
            pace: whether the block has time for another transaction. Those from which on it has none are
                not mined, and have no receipts.

        Raises:
            TransactionRevertedError: one was refused by the contracts. Those before it are mined;
                it and those after it leave no trace.
            InvalidTransactionError: one is not valid for this chain; nothing is mined.
            SigningError: the chain was opened without the authority's key, or with another one.
            NetworkError: another process kept writing, the disk refused, or the block would be more than
                :data:`MOST_AHEAD` ahead of the clock; nothing is mined.
        """
        if timestamp is not None:
            _check_time(timestamp)
        if not raw:
            return []
        sealer = self._sealing()
        from traceledger.chain.embedded import admission
        from traceledger.chain.embedded.block_maker import Miner

        decoded = admission.decode(raw, self.chain_id)
        with self._evm_lock, self._connections.here() as connection:
            miner = Miner(self._evm, self.authority, sealer)
            try:
                with database.writing(connection, self.path):
                    admission.check(decoded, self.nonce, self.gate)
                    parent = self._header(self.head().number)
                    if timestamp is None:
                        timestamp = self._time_after(parent.timestamp)
                    else:
                        timestamp = max(timestamp, parent.timestamp + 1)
                    receipts, refused = miner.mine(connection, parent, decoded, timestamp, pace)
                    self.nodes.flush(connection)
            except BaseException:
                self.nodes.forget()
                raise
            self.nodes.keep()
        if self._heads is not None and receipts:
            self._heads.note(receipts[-1].block)
        if refused is not None:
            raise TransactionRevertedError(*refused, receipts)
        return receipts

    def _time_after(self, parent: int) -> int:
        """The time of a block that is sealed now.

        Raises:
            NetworkError: that is more than :data:`MOST_AHEAD` ahead of the clock.
        """
        now = int(self._clock())
        ahead = parent - now
        if ahead > MOST_AHEAD:
            from traceledger.model.units import format_time

            raise NetworkError(
                f"the chain's newest block is of {format_time(parent)}, and this machine's clock says"
                f" {format_time(now)}: nothing is sealed so far ahead of it",
                where=str(self.path),
                hint="set the clock right; if it was wrong when that block was sealed, restore a backup from"
                " before, or wait until the clock has caught up",
            )
        if ahead >= _WARNED_AHEAD and not self._warned:
            import logging

            from traceledger.model.units import format_time

            logging.getLogger(__name__).warning(
                "the chain's newest block, of %s, is ahead of this machine's clock, which says %s",
                *(format_time(parent), format_time(now)),
            )
            self._warned = True
        return _next_time(parent, now)


def _next_time(parent: int, now: int) -> int:
    """The clock's time, a second after the block before if that is later, or even the same time."""
    return max(now, parent + 1) if parent - now < _WARNED_AHEAD else parent


def _check_time(timestamp: int) -> None:
    if not 0 <= timestamp <= MAX_TIMESTAMP:
        raise InputError(f"time {timestamp} is out of range", hint="give seconds since 1970 in UTC")
