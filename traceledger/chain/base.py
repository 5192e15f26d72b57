"""What the rest of TraceLedger needs of a chain, whichever engine runs it.

Two implementations exist: :mod:`traceledger.chain.embedded` (py-evm on one SQLite file) and
:mod:`traceledger.chain.rpc.chain` (any EVM node, over JSON-RPC). Hashes and addresses are raw ``bytes``
(32 and 20 of them), numbers are ``int``, times are UTC seconds.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Literal, Protocol, runtime_checkable

from traceledger.errors import InputError, NetworkError, TraceLedgerError
from traceledger.model.frozen import frozen
from traceledger.model.hexadecimal import hexed

Consensus = Literal["single", "clique", "qbft"]
"""How a network's blocks become final: one sealer, Clique (EIP-225), or QBFT."""

LAST_BLOCK = 2**63 - 1
"""Neither SQLite nor nodes know greater numbers of blocks."""


@frozen
class BlockRef:
    """A block's place in the chain: ``number``, ``hash``, ``parent_hash``, ``timestamp`` (UTC seconds)."""

    number: int
    hash: bytes
    parent_hash: bytes
    timestamp: int


@frozen
class Log:
    """One log of one transaction. ``index`` counts within the block, from 0."""

    address: bytes
    topics: tuple[bytes, ...]
    data: bytes
    transaction_index: int
    index: int


def topics_of(joined: bytes) -> tuple[bytes, ...]:
    """The topics of a log, of 32 bytes each, where they are kept one behind the other."""
    return tuple(joined[start : start + 32] for start in range(0, len(joined), 32))


@frozen
class Transaction:
    """A mined transaction. ``to`` is ``None`` where it created a contract."""

    hash: bytes
    index: int
    sender: bytes
    to: bytes | None
    nonce: int
    input: bytes
    succeeded: bool


@frozen
class Block:
    """A block with its transactions and logs, each in chain order."""

    ref: BlockRef
    transactions: tuple[Transaction, ...]
    logs: tuple[Log, ...]


@frozen
class Receipt:
    """The outcome of one mined transaction. ``contract`` is the address it created, if any."""

    transaction_hash: bytes
    block: BlockRef
    transaction_index: int
    succeeded: bool
    gas_used: int
    contract: bytes | None
    logs: tuple[Log, ...]


EMPTY_TRIE_ROOT = bytes.fromhex("56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421")
"""Root of a trie without entries: no storage, no transactions, no receipts."""

EMPTY_CODE_HASH = bytes.fromhex("c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470")
"""Code hash of an account that is no contract."""


@frozen
class Account:
    """An account in the state trie: nonce, balance in wei, 32-byte storage root and code hash."""

    nonce: int = 0
    balance: int = 0
    storage_root: bytes = EMPTY_TRIE_ROOT
    code_hash: bytes = EMPTY_CODE_HASH


@frozen
class StorageProof:
    """A storage slot's value and the RLP-encoded trie nodes from the storage root down to it."""

    key: int
    value: int
    proof: tuple[bytes, ...]


@frozen
class AccountProof:
    """An account as ``eth_getProof`` (EIP-1186) returns it.

    ``proof`` holds the RLP-encoded trie nodes from the block's state root down to the account, or
    down to where it would be if it existed.
    """

    block: int
    address: bytes
    account: Account
    proof: tuple[bytes, ...]
    storage: tuple[StorageProof, ...]


class BlocksChangedError(NetworkError):
    """The chain replaced blocks while they were read; reading them again gives those it has now."""


class CallRevertedError(TraceLedgerError):
    """A read-only call reverted. ``data`` is what it returned: a Solidity error, ABI-encoded."""

    def __init__(self, data: bytes) -> None:
        super().__init__(f"the call reverted with {hexed(data)}")
        self.data = data


class TransactionRevertedError(TraceLedgerError):
    """Transaction ``position`` of those sent reverted with ``data``; earlier ones are mined (``receipts``).

    On the embedded chain the refused transaction, and all after it, leave no trace. On an RPC network
    the refused one is mined as failed and those after it may be mined too.
    """

    def __init__(self, position: int, data: bytes, receipts: Sequence[Receipt]) -> None:
        super().__init__(f"transaction {position} reverted with {hexed(data)}")
        self.position = position
        self.data = data
        self.receipts = tuple(receipts)


class InvalidTransactionError(InputError):
    """Transaction ``position`` of those sent can never be mined: malformed, badly signed, wrong nonce.

    On the embedded chain none of those sent is mined; on an RPC network earlier ones may be.
    """

    def __init__(self, position: int, what: str, *, hint: str = "") -> None:
        super().__init__(what, where=f"transaction {position}", hint=hint)
        self.position = position


class Chain(Protocol):
    """A chain that can be read and written."""

    @property
    def chain_id(self) -> int:
        """The EIP-155 chain id."""

    def genesis_hash(self) -> bytes:
        """Hash of block 0."""

    def head(self) -> BlockRef:
        """The newest block."""

    def final(self) -> BlockRef:
        """The newest block that the network's rules of consensus can no longer replace."""

    def block_ref(self, number: int) -> BlockRef | None:
        """The canonical block of that number, or ``None`` past the head."""

    def blocks(self, first: int, last: int) -> Iterator[Block]:
        """The canonical blocks ``first`` to ``last``, both included, in order."""

    def receipt(self, transaction_hash: bytes) -> Receipt | None:
        """The receipt of a mined transaction, or ``None``."""

    def nonce(self, address: bytes) -> int:
        """How many transactions of ``address`` are mined."""

    def code(self, address: bytes) -> bytes:
        """The runtime bytecode at ``address``; empty where there is no contract."""

    def call(self, to: bytes, data: bytes, *, sender: bytes | None = None) -> bytes:
        """Run a read-only call on the newest state.

        Raises:
            CallRevertedError: the contract reverted.
        """

    def send(self, raw: Sequence[bytes], *, timestamp: int | None = None) -> list[Receipt]:
        """Mine signed transactions, in this order, and return their receipts.

        The embedded chain puts all of them into one block with ``timestamp`` (default: now; never
        earlier than the parent's plus one second). An RPC network chooses block and time itself.

        Raises:
            TransactionRevertedError: one of them was refused by the contracts.
            InvalidTransactionError: one of them is not a valid transaction for this chain.
        """

    def close(self) -> None:
        """Release files, locks and connections."""


@frozen
class Call:
    """A call of a contract as a transaction of ``sender`` with so much gas would make it."""

    sender: bytes
    to: bytes
    data: bytes
    gas: int


class Rehearsal(Protocol):
    """The chain's newest state, to try calls on."""

    def try_call(self, call: Call) -> bytes | None:
        """Run a call on what those before it left, unless they reverted.

        Returns:
            ``None`` if it would succeed; else the revert's data.
        """


@runtime_checkable
class Rehearsing(Protocol):
    """A chain that can try calls one after another without keeping anything of them."""

    def rehearsal(self) -> AbstractContextManager[Rehearsal]:
        """A throw-away copy of the newest state."""


class Provable(Protocol):
    """A chain whose blocks can be proven to someone who trusts nothing but a block's hash."""

    def header_rlp(self, number: int) -> bytes:
        """The RLP of a block's header with its seals; its Keccak-256 is the hash, except under QBFT.

        Raises:
            TraceLedgerError: there is no such block.
        """

    def receipt_rlps(self, number: int) -> list[bytes]:
        """A block's receipts as they stand in its receipt trie (EIP-2718 encoding), in order.

        Raises:
            TraceLedgerError: there is no such block.
        """

    def prove(self, address: bytes, keys: Sequence[int], number: int | None = None) -> AccountProof:
        """Prove an account and some of its storage slots against a block's state root.

        Args:
            address: 20 bytes.
            keys: storage slots.
            number: the block; default the newest. Nodes that keep no old states prove only recent ones.

        Raises:
            TraceLedgerError: there is no such block, or the node no longer has its state.
        """
