"""Run transactions and calls on the state of a chain file: everything that needs py-evm.

Importing this module takes most of a second, so :mod:`traceledger.chain.embedded` does it only when
the first transaction or call comes.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import rlp
from eth.abc import BlockHeaderAPI, ComputationAPI, ReceiptAPI, StateAPI
from eth.constants import GENESIS_PARENT_HASH
from eth.db.atomic import AtomicDB
from eth.db.backends.base import BaseDB
from eth.vm.forks.prague.blocks import PragueBlockHeader
from eth.vm.interrupt import EVMMissingData
from eth_hash.auto import keccak
from eth_typing import Address
from eth_utils.exceptions import ValidationError
from trie.exceptions import MissingTrieNode

from traceledger.chain.base import Call, CallRevertedError, InvalidTransactionError
from traceledger.chain.embedded.accounts import Accounts
from traceledger.chain.embedded.admission import Decoded
from traceledger.chain.embedded.backends import use_fast_backends
from traceledger.chain.embedded.database import DAMAGE_HINT
from traceledger.chain.embedded.gate import Pace, unhurried
from traceledger.chain.embedded.limits import CALL_GAS
from traceledger.chain.embedded.rules import (
    LedgerState,
    LedgerVM,
    UnindexedChainDB,
    ledger_chain,
    next_header,
)
from traceledger.chain.embedded.trie_nodes import NodeStore
from traceledger.chain.embedded.tries import Tries
from traceledger.chain.trie import ordered_root
from traceledger.errors import VerificationError

_ZERO_ADDRESS = bytes(20)


class _NodeDB(BaseDB):
    """A :class:`NodeStore` in the shape py-evm wants. Nothing is ever deleted from it.

    ``tries`` are those whose nodes it has, which :class:`Accounts` reads and changes.
    """

    def __init__(self, store: NodeStore) -> None:
        self._store = store
        self.tries = Tries(store)

    def __getitem__(self, key: bytes) -> bytes:
        return self._store[key]

    def __setitem__(self, key: bytes, value: bytes) -> None:
        self._store[key] = value

    def __delitem__(self, key: bytes) -> None:
        raise NotImplementedError("nodes are never deleted")

    def _exists(self, key: bytes) -> bool:
        return key in self._store


class QuickState(LedgerState):
    """The state over :class:`Accounts`."""

    account_db_class = Accounts


class QuickVM(LedgerVM):
    """The rules over :class:`Accounts`."""

    _state_class = QuickState

    @classmethod
    def get_prev_hashes(cls, last_block_hash: Any, chaindb: Any) -> Iterator[Any]:
        """The hashes of the blocks before, the nearest first.

        Contracts ask for the nearest, which py-evm reads the header of its block to know.
        """
        if last_block_hash != GENESIS_PARENT_HASH:
            yield last_block_hash
            theirs: Any = super().get_prev_hashes(last_block_hash, chaindb)
            yield from islice(theirs, 1, None)


@dataclass(frozen=True, slots=True)
class Execution:
    """One executed transaction: what py-evm says of it. ``receipt.gas_used`` is cumulative."""

    sent: Decoded
    receipt: ReceiptAPI
    encoded_receipt: bytes
    contract: bytes | None


@dataclass(frozen=True, slots=True)
class Mined:
    """A block ready for its seal, and the first transaction that reverted, if one did.

    The block holds the transactions before the refused one, or as many as there was time for; ``header`` is
    ``None`` if there is none.
    """

    header: BlockHeaderAPI | None
    executions: tuple[Execution, ...]
    refused: tuple[int, bytes] | None


class Evm:
    """The EVM over the nodes of one chain.

    Args:
        store: the chain's trie nodes and code.
        chain_id: the EIP-155 chain id.
    """

    def __init__(self, store: NodeStore, chain_id: int) -> None:
        use_fast_backends()
        # Without a handler Python prints py-evm's warnings to standard error.
        logging.getLogger("eth").addHandler(logging.NullHandler())
        chain_class = ledger_chain(chain_id, QuickVM).configure(chaindb_class=UnindexedChainDB)
        self._new_chain = chain_class
        self._db = AtomicDB(_NodeDB(store))
        self._chain: Any = None
        self._head: BlockHeaderAPI | None = None

    def header(self, encoded: bytes, block_hash: bytes) -> BlockHeaderAPI:
        """Decode a stored header; the newest one stays decoded.

        Raises:
            VerificationError: it is damaged.
        """
        if self._head is None or self._head.hash != block_hash:
            if keccak(encoded) != block_hash:
                raise VerificationError("a stored block header is damaged", hint=DAMAGE_HINT)
            self._head = rlp.decode(encoded, PragueBlockHeader)
        return self._head

    def remember_head(self, header: BlockHeaderAPI) -> None:
        """Spare :meth:`header` the work for a block just made."""
        self._head = header

    def _vm(self, header: BlockHeaderAPI) -> Any:
        if self._chain is None:
            self._chain = self._new_chain(self._db, header)
        return self._chain.get_vm(header)

    def mine(
        self, parent: BlockHeaderAPI, sent: Sequence[Decoded], timestamp: int, pace: Pace = unhurried
    ) -> Mined:
        """Run transactions as the block after ``parent``, up to the first that reverts, while there is time.

        State nodes of the new block are set in the store, for the caller to flush.

        Raises:
            InvalidTransactionError: a transaction can never be part of a block; nothing is set.
        """
        with _whole_state():
            return self._mine(parent, sent, timestamp, pace)

    def _mine(self, parent: BlockHeaderAPI, sent: Sequence[Decoded], timestamp: int, pace: Pace) -> Mined:
        done, refused = self._execute(parent, sent, timestamp, pace)
        if refused is not None:
            if refused[0] == 0:
                return Mined(None, (), refused)
            # A fresh run of those before it: nothing of the refused one can linger in the state.
            done, _ = self._execute(parent, sent[: refused[0]], timestamp, lambda: pace() or True)
        vm, header, executions = done
        vm.state.persist()
        header = header.copy(
            state_root=vm.state.state_root,
            transaction_root=ordered_root([run.sent.raw for run in executions]),
            receipt_root=ordered_root([run.encoded_receipt for run in executions]),
        )
        return Mined(header, tuple(executions), refused)

    def _execute(
        self, parent: BlockHeaderAPI, sent: Sequence[Decoded], timestamp: int, pace: Pace
    ) -> tuple[tuple[Any, BlockHeaderAPI, list[Execution]], tuple[int, bytes] | None]:
        header = next_header(parent, timestamp)
        vm = self._vm(header)
        executions: list[Execution] = []
        for position, item in enumerate(sent):
            if not pace() and position:
                break
            try:
                receipt, computation = vm.apply_transaction(header, item.transaction)
            except ValidationError as error:
                raise InvalidTransactionError(item.position, str(error)) from error
            if computation.is_error:
                return (vm, header, executions), (position, _revert_data(computation))
            header = vm.add_receipt_to_header(header, receipt)
            contract = computation.msg.storage_address if computation.msg.is_create else None
            executions.append(Execution(item, receipt, bytes(receipt.encode()), contract))
        return (vm, header, executions), None

    def code_hash(self, header: BlockHeaderAPI, address: bytes) -> bytes:
        """Hash of the code at ``address`` in the state of ``header``."""
        digest: bytes = self._state(header).get_code_hash(Address(address))
        return digest

    def _state(self, header: BlockHeaderAPI) -> StateAPI:
        state: StateAPI = self._vm(header).state
        return state

    def call(self, header: BlockHeaderAPI, call: Call) -> bytes:
        """Run a read-only call with the state and in the surroundings of ``header``.

        Raises:
            CallRevertedError: it reverted, or failed in another way (then without data).
        """
        vm = self._vm(header)
        with _whole_state():
            computation = vm.execute_bytecode(
                origin=call.sender,
                gas_price=0,
                gas=call.gas,
                to=call.to,
                sender=call.sender,
                value=0,
                data=call.data,
                code=vm.state.get_code(call.to),
            )
        if computation.is_error:
            raise CallRevertedError(_revert_data(computation))
        output: bytes = computation.output
        return output

    def rehearsal(self, header: BlockHeaderAPI) -> Trial:
        """What tries calls one after another in the surroundings of ``header``; nothing of it is kept."""
        return Trial(self._vm(header))

    def estimate_gas(self, header: BlockHeaderAPI, *, sender: bytes, to: bytes | None, data: bytes) -> int:
        """A gas limit with which a transaction would succeed, within 1000 gas of the least.

        Raises:
            CallRevertedError: it would revert.
        """
        from eth.estimators.gas import binary_gas_search_1000_tolerance
        from eth.exceptions import VMError
        from eth.vm.spoof import SpoofTransaction

        # py-evm searches from the block's gas limit down, and this chain's is 20,000 times what a call may
        # take.
        vm = self._vm(header.copy(gas_limit=CALL_GAS))
        unsigned = vm.create_unsigned_transaction(
            nonce=vm.state.get_nonce(sender),
            gas_price=0,
            gas=CALL_GAS,
            to=to or b"",
            value=0,
            data=data,
        )
        spoofed = SpoofTransaction(unsigned, from_=sender)
        try:
            gas: int = binary_gas_search_1000_tolerance(vm.state, spoofed)
        except VMError as error:
            # py-evm's Revert carries what the contract returned as its argument; other faults carry words.
            reverted = error.args and isinstance(error.args[0], bytes)
            raise CallRevertedError(error.args[0] if reverted else b"") from error
        return gas


class Trial:
    """A state to try calls on, each on what those before it left. It lives in memory only.

    Args:
        vm: a virtual machine that nothing else uses.
    """

    def __init__(self, vm: Any) -> None:
        self._vm = vm

    def try_call(self, call: Call) -> bytes | None:
        """Run a call as a transaction; the revert's data, or ``None`` if it succeeded."""
        from eth.vm.spoof import SpoofTransaction

        state = self._vm.state
        with _whole_state():
            unsigned = self._vm.create_unsigned_transaction(
                nonce=state.get_nonce(call.sender),
                gas_price=0,
                gas=call.gas,
                to=call.to,
                value=0,
                data=call.data,
            )
            spoofed = SpoofTransaction(unsigned, from_=call.sender)
            state.lock_changes()  # as py-evm does between transactions: refunds count from here
            computation = state.apply_transaction(spoofed)
        return _revert_data(computation) if computation.is_error else None


@contextlib.contextmanager
def _whole_state() -> Iterator[None]:
    """Explain a state node that the file lacks."""
    try:
        yield
    except (EVMMissingData, MissingTrieNode) as error:
        raise VerificationError("the chain file lacks a part of the state", hint=DAMAGE_HINT) from error


def _revert_data(computation: ComputationAPI) -> bytes:
    """What a failed computation returned; empty unless it reverted on purpose."""
    output: bytes = computation.output
    return output
