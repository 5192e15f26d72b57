"""Handing signed transactions to a network, and asking what became of them.

:class:`TransactionPort` is what a sender needs of a network: nothing here waits, retries or signs.

Example:
    >>> from traceledger.chain.rpc.transactions import classify
    >>> classify(-32000, "already known"), classify(-32000, "txpool is full")
    ('known', 'busy')
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, runtime_checkable

from traceledger.chain.base import BlockRef, Call, Receipt
from traceledger.model.keccak import keccak

Fate = Literal["accepted", "known", "mined", "busy", "refused", "unknown"]
"""What became of a transaction that was handed over.

``accepted``: at least one node took it. ``known``: a node has it already, in its pool or in a block.
``mined``: its nonce is used up, and its receipt shows that it is this transaction which used it.
``busy``: every reachable node refused it for now (its pool is full); the same bytes may be sent later.
``refused``: every reachable node refused it for good. ``unknown``: no node answered; it may have arrived.
"""

_KNOWN = (
    "already known",
    "known transaction",
    "alreadyknown",
    "already imported",
    "already exists",
    "already_exists",
)
_BUSY = ("pool is full", "account limit", "queue full", "limit reached", "in-flight", "not mined, because")
_REPLACEMENT = ("replacement transaction underpriced", "replacement not allowed", "gas price bump")
_OLD_NONCE = ("nonce too low", "nonce is too low", "noncetoolow", "oldnonce", "old nonce", "was used already")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one transaction that was handed over.

    Args:
        transaction_hash: Keccak-256 of its bytes.
        fate: see :data:`Fate`.
        code: the node's JSON-RPC error code, where it refused.
        message: the node's own words where it refused; why nothing is known, where it is ``unknown``.
        data: the ABI-encoded error, from nodes that try transactions before they take them; else empty.
    """

    transaction_hash: bytes
    fate: Fate
    code: int = 0
    message: str = ""
    data: bytes = b""

    @classmethod
    def refusal(cls, raw: bytes, why: str) -> Outcome:
        """The outcome of a transaction that was not even sent, because it can never be mined."""
        return cls(keccak(raw), "refused", message=why)

    @property
    def held(self) -> bool:
        """Whether some node has the transaction: it is waiting or mined."""
        return self.fate in {"accepted", "known", "mined"}

    @property
    def nonce_taken(self) -> bool:
        """Whether it was refused because another transaction of the account has its nonce."""
        words = self.message.lower()
        return self.fate == "refused" and any(mark in words for mark in _OLD_NONCE + _REPLACEMENT)


@dataclass(frozen=True, slots=True)
class Nonces:
    """How many transactions of an account are ``mined``, and how many including those ``pending`` in pools.

    ``pending`` is never less than ``mined``. Nodes count only gapless pending transactions.
    """

    mined: int
    pending: int


@dataclass(frozen=True, slots=True)
class Tip:
    """The newest block, and the newest one that can no longer be replaced, as one node has them."""

    head: BlockRef
    final: BlockRef


@dataclass(frozen=True, slots=True)
class Survey:
    """What all nodes together know of an account's transactions.

    Args:
        mined: how many of the account are mined, as the node says that has most.
        known: for each transaction that was asked for, whether any node has it, waiting or mined.
    """

    mined: int
    known: tuple[bool, ...]


@runtime_checkable
class TransactionPort(Protocol):
    """A network that takes signed transactions and tells what became of them."""

    @property
    def chain_id(self) -> int:
        """The EIP-155 chain id."""

    def expect(self, raw: bytes, sender: bytes) -> None:
        """A transaction that ``sender`` signed here: a node is not asked for it when a block has it."""

    def submit_raw(self, raws: Sequence[bytes]) -> list[Outcome]:
        """Hand signed transactions over, in this order, once, and do not wait until they are mined.

        Every reachable node of the network gets all of them. Nothing is retried.

        Returns:
            What became of each, in order. An unreachable network is no error here: each is ``unknown``.
        """

    def receipts(
        self, hashes: Sequence[bytes], *, upon: BlockRef | None = None, blocks: Collection[bytes] = ()
    ) -> list[Receipt | None]:
        """The receipts of transactions, in order; ``None`` for those that are not mined.

        Args:
            hashes: of the transactions.
            upon: a block that the same node must have if it gives a receipt of it, or of one before it.
            blocks: hashes of blocks that hold many of them: it is cheaper to ask for all of their receipts.

        Raises:
            BlocksChangedError: the node does not have ``upon``.
            NetworkError: no node can be reached.
        """

    def mined_between(self, before: BlockRef, last: BlockRef) -> dict[bytes, bytes] | None:
        """In which block stands what is mined after ``before`` up to ``last``, by one node's word: hashes.

        Returns:
            ``None`` if the node does not have all of them, one following the other.

        Raises:
            NetworkError: no node can be reached.
        """

    def block_hashes(self, numbers: Collection[int], upon: BlockRef) -> dict[int, bytes]:
        """The hashes of the canonical blocks of these numbers, none after ``upon``, which the same node has.

        Raises:
            BlocksChangedError: the node does not have ``upon``.
            NetworkError: no node can be reached.
        """

    def revert_data(self, receipt: Receipt) -> bytes:
        """Why a mined transaction failed, ABI-encoded; empty if that cannot be told.

        Raises:
            NetworkError: no node can be reached.
        """

    def nonces(self, address: bytes) -> Nonces:
        """How many transactions of ``address`` are mined and pending, as the nodes see it.

        Raises:
            NetworkError: no node can be reached.
        """

    def settled_nonce(self, address: bytes, final: BlockRef) -> int | None:
        """How many transactions of ``address`` are mined, if no block after ``final`` has one of them.

        Returns:
            ``None`` if one has, or if the node that answers does not have the block ``final``.

        Raises:
            NetworkError: no node can be reached, or none still has the block's state.
        """

    def survey(self, address: bytes, hashes: Sequence[bytes]) -> Survey:
        """What all nodes know of some transactions of an account; none may fail to answer.

        Raises:
            NetworkError: one of the nodes cannot be reached, is not in step, or is of another chain.
        """

    def nudge(self) -> None:
        """Have a development node, whose automatic mining can stall under load, make a block.

        Others are not touched.
        """

    def gas_limit(self) -> int:
        """The gas of the newest block, which no transaction can pass.

        Raises:
            NetworkError: no node can be reached.
        """

    def gas_needed(self, call: Call) -> int | None:
        """The gas that a call needs on the newest state; more than the call's where that does not suffice.

        Returns:
            ``None`` where no node can tell.

        Raises:
            CallRevertedError: the contracts refuse the call.
            NetworkError: no node can be reached.
        """

    def head(self) -> BlockRef:
        """The newest block."""

    def final(self) -> BlockRef:
        """The newest block that the network's rules of consensus can no longer replace."""

    def tip(self) -> Tip:
        """Both at once, of one node. It is the cheapest question whether anything is new.

        Raises:
            NetworkError: no node can be reached.
        """


def classify(code: int, message: str) -> Fate:
    """What a node's refusal of a transaction means: ``known``, ``busy`` or ``refused``.

    There are no common codes, so that its words must tell.
    """
    words = message.lower()
    if any(mark in words for mark in _KNOWN):
        return "known"
    if any(mark in words for mark in _BUSY):
        return "busy"
    return "refused"


def is_old_nonce(message: str) -> bool:
    """Whether a node's refusal says that the transaction's nonce is used up."""
    words = message.lower()
    return any(mark in words for mark in _OLD_NONCE)
