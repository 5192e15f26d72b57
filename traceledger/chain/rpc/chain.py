"""Any EVM network as a chain, over JSON-RPC, by one or several of its nodes.

Answers are decoded from their hexadecimal forms directly: web3.py's own result formatting takes
about 400 microseconds a log, and refuses the long extra data of proof-of-authority blocks.

Example:
    >>> from traceledger.chain.rpc.chain import RpcChain
    >>> from traceledger.errors import NetworkError
    >>> try:
    ...     RpcChain.connect("http://127.0.0.1:9", timeout=1)
    ... except NetworkError as error:
    ...     print(error.what)
    the node cannot be reached
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import Any, Self, TypeVar, assert_never

from traceledger.chain.base import (
    LAST_BLOCK,
    AccountProof,
    Block,
    BlockRef,
    BlocksChangedError,
    Call,
    CallRevertedError,
    Consensus,
    Receipt,
)
from traceledger.chain.headers import header_of
from traceledger.chain.rpc import answers
from traceledger.chain.rpc import proofs as proving
from traceledger.chain.rpc.blocks import MOST_BLOCKS, read_blocks
from traceledger.chain.rpc.broadcast import broadcast, chain_fault
from traceledger.chain.rpc.concurrency import started
from traceledger.chain.rpc.failover import Endpoint, Endpoints, UnreachableError
from traceledger.chain.rpc.faults import decoding
from traceledger.chain.rpc.gas import gas_needed
from traceledger.chain.rpc.identity import CodeCheck, Expected
from traceledger.chain.rpc.inclusion import send_and_wait
from traceledger.chain.rpc.own import OwnTransactions
from traceledger.chain.rpc.survey import survey
from traceledger.chain.rpc.transactions import Nonces, Outcome, Survey, Tip, is_old_nonce
from traceledger.chain.rpc.transport import RpcError, as_revert
from traceledger.errors import InputError, NetworkError
from traceledger.model.hexadecimal import hexed, number, quantity, unhexed
from traceledger.model.patience import DEFAULT, Patience

_T = TypeVar("_T")


def _is_steady(consensus: Consensus) -> bool:
    """Whether blocks are made all the time, so that a long pause is worth a warning."""
    match consensus:
        case "single":
            return False
        case "clique" | "qbft":
            return True
        case _:
            assert_never(consensus)


class RpcChain:
    """A chain behind JSON-RPC nodes.

    Implements :class:`~traceledger.chain.base.Chain`, :class:`~traceledger.chain.base.Provable` and
    :class:`~traceledger.chain.rpc.transactions.TransactionPort`. Make one with :meth:`connect`. The nodes
    choose when to make blocks and their times. What one method reads comes from one endpoint, what the next
    one reads perhaps from another.
    """

    def __init__(
        self,
        endpoints: Endpoints,
        *,
        timeout: float,
        patience: Patience,
        consensus: Consensus,
    ) -> None:
        self._endpoints = endpoints
        self._timeout = timeout
        self._patience = patience
        self._consensus = consensus
        self._own = OwnTransactions()
        greeting = endpoints.open()
        self._chain_id = greeting.chain_id
        self._genesis_hash = greeting.genesis_hash

    @classmethod
    def connect(
        cls,
        *urls: str,
        expected_chain_id: int | None = None,
        genesis_hash: bytes | None = None,
        codes: Mapping[bytes, CodeCheck] | None = None,
        consensus: Consensus = "single",
        timeout: float = 30.0,
        patience: Patience = DEFAULT,
    ) -> Self:
        """Connect to a network.

        Args:
            urls: ``http://`` or ``https://`` addresses of its nodes' JSON-RPC endpoints, the preferred first.
            expected_chain_id: refuse a chain with another EIP-155 id.
            genesis_hash: refuse a chain with another block 0.
            codes: for each address that must hold a contract, what checks its code.
            consensus: how its blocks become final.
            timeout: seconds to wait for one answer.
            patience: how often all nodes are asked, and how long to wait for sent transactions to be mined.

        Raises:
            NetworkError: no node can be reached, or none serves the chain that is meant.
        """
        if not urls:
            raise InputError("a network needs the address of a node")
        expected = Expected(expected_chain_id, genesis_hash, codes or {}, steady=_is_steady(consensus))
        endpoints = Endpoints(urls, expected, timeout=timeout, patience=patience)
        try:
            return cls(endpoints, timeout=timeout, patience=patience, consensus=consensus)
        except BaseException:
            endpoints.close()
            raise

    def close(self) -> None:
        """Close the connections."""
        self._endpoints.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def chain_id(self) -> int:
        """The EIP-155 chain id."""
        return self._chain_id

    def genesis_hash(self) -> bytes:
        """Hash of block 0."""
        return self._genesis_hash

    def _ask(self, decode: Callable[[Any], _T], method: str, *params: object) -> _T:
        """The decoded result of one method; what cannot be decoded is the endpoint's fault."""

        def work(endpoint: Endpoint) -> _T:
            with decoding(f"the answer to {method}"):
                return decode(endpoint.rpc.read(method, *params))

        return self._endpoints.read(work)

    def ask(self, method: str, params: Sequence[Any]) -> Any:
        """The undecoded result of a method that changes nothing, from whichever endpoint answers.

        Raises:
            RpcError: the endpoint refused it.
            NetworkError: no endpoint answers.
        """
        return self._endpoints.read(lambda endpoint: endpoint.rpc.read(method, *params))

    def head(self) -> BlockRef:
        """The newest block.

        With several endpoints it goes back only if none of them has as many blocks as were seen before.
        """
        return self._newest(lambda endpoint: answers.existing(endpoint.rpc), lambda ref: ref.number)

    def final(self) -> BlockRef:
        """The newest block that can no longer be replaced.

        QBFT finalises each block as it is made. Under Clique (EIP-225) a block is taken for final once
        more than half of the signers have built on it: each signs at most one of any such run of blocks.
        Where the number of signers changed meanwhile, the greater one counts.
        """
        return self.tip().final

    def tip(self) -> Tip:
        """The newest block, and the newest that can no longer be replaced (:meth:`final`), of one node."""
        return self._newest(self._tip_of, lambda tip: tip.head.number)

    def _tip_of(self, endpoint: Endpoint) -> Tip:
        match self._consensus:
            case "single" | "qbft":
                head = answers.existing(endpoint.rpc)
                return Tip(head, head)
            case "clique":
                endpoint.tip = answers.clique_tip(endpoint.rpc, endpoint.tip)
                return endpoint.tip
            case _:
                assert_never(self._consensus)

    def signers(self, number: int | None = None) -> list[bytes]:
        """Who may seal the block after that one, by default the next one, of a Clique network: addresses."""
        wanted = () if number is None else (quantity(number),)
        return self._ask(answers.addresses, "clique_getSigners", *wanted)

    def _newest(self, work: Callable[[Endpoint], _T], height: Callable[[_T], int]) -> _T:
        """What an endpoint says of its newest block; of another one's if it turns out to be behind."""
        found = self._endpoints.read(work)
        if self._endpoints.saw_head(height(found)):
            with suppress(UnreachableError):
                self._endpoints.compare()
            found = self._endpoints.read(work)
        return found

    def block_ref(self, number: int) -> BlockRef | None:
        """The canonical block of that number, or ``None`` past the head."""
        if number > LAST_BLOCK:
            return None

        def work(endpoint: Endpoint) -> BlockRef | None:
            found = endpoint.rpc.read("eth_getBlockByNumber", quantity(number), False)
            return None if found is None else header_of(found, number).ref

        return self._complete(work, lambda ref: ref is not None, number)

    def _complete(self, work: Callable[[Endpoint], _T], whole: Callable[[_T], bool], last: int) -> _T:
        """What an endpoint says of a block; another one, if it should have the block and has not."""
        found = self._endpoints.read(work)
        if not whole(found) and last <= self._endpoints.shown:
            self._endpoints.compare()
            found = self._endpoints.read(work)
        return found

    def blocks(self, first: int, last: int) -> Iterator[Block]:
        """The canonical blocks ``first`` to ``last``, both included, in order, each proven by its hash.

        While the caller works with some, those that follow are asked for.

        Raises:
            BlocksChangedError: the chain changed while it was read; read again.
        """
        at, parent = max(first, 0), b""
        coming: Callable[[], list[Block]] = partial(self._some_blocks, at, last)
        while at <= last and (found := coming()):
            if parent and found[0].ref.parent_hash != parent:
                raise BlocksChangedError("the chain's blocks changed while they were read", hint="try again")
            at, parent = found[-1].ref.number + 1, found[-1].ref.hash
            if at <= last:
                coming = started(partial(self._some_blocks, at, last))
            yield from found

    def _some_blocks(self, first: int, last: int) -> list[Block]:
        """The first of them, as many as are asked for at once."""
        upto = min(first + MOST_BLOCKS - 1, last)
        return self._complete(lambda endpoint: read_blocks(endpoint, first, upto, self._own), bool, first)

    def receipt(self, transaction_hash: bytes) -> Receipt | None:
        """The receipt of a mined transaction, or ``None``."""
        return self.receipts([transaction_hash])[0]

    def receipts(
        self, hashes: Sequence[bytes], *, upon: BlockRef | None = None, blocks: Collection[bytes] = ()
    ) -> list[Receipt | None]:
        """The receipts of transactions, in order; ``None`` for those that are not mined.

        That they are mined, and how, is the node's word: unlike :meth:`blocks`, nothing proves it. But it is
        one node's word, who has the block ``upon``.
        """
        return self._endpoints.read(lambda endpoint: answers.receipts(endpoint.rpc, hashes, upon, blocks))

    def mined_between(self, before: BlockRef, last: BlockRef) -> dict[bytes, bytes] | None:
        """In which block stands what is mined after ``before`` up to ``last``: hashes, a node's word."""
        return self._endpoints.read(lambda endpoint: answers.mined_between(endpoint.rpc, before, last))

    def block_hashes(self, numbers: Collection[int], upon: BlockRef) -> dict[int, bytes]:
        """The hashes of the canonical blocks of these numbers, of a node that has the block ``upon``."""
        return self._endpoints.read(lambda endpoint: answers.block_hashes(endpoint.rpc, numbers, upon))

    def nonce(self, address: bytes) -> int:
        """How many transactions of ``address`` are mined."""
        return self._ask(number, "eth_getTransactionCount", hexed(address), "latest")

    def nonces(self, address: bytes) -> Nonces:
        """How many transactions of ``address`` are mined, and how many including those in the pool."""
        wanted = [("eth_getTransactionCount", (hexed(address), tag)) for tag in ("latest", "pending")]

        def work(endpoint: Endpoint) -> Nonces:
            with decoding("a nonce"):
                mined, pending = (number(item) for item in endpoint.rpc.read_all(wanted))
            return Nonces(mined, max(mined, pending))

        return self._endpoints.read(work)

    def settled_nonce(self, address: bytes, final: BlockRef) -> int | None:
        """How many transactions of ``address`` are mined, if no block after ``final`` has one of them."""
        return self._endpoints.read(lambda endpoint: answers.settled_nonce(endpoint.rpc, address, final))

    def survey(self, address: bytes, hashes: Sequence[bytes]) -> Survey:
        """What all nodes know of some transactions of an account; none may fail to answer."""
        return survey(self._endpoints, address, hashes, patience=2 * self._timeout)

    def code(self, address: bytes) -> bytes:
        """The runtime bytecode at ``address``; empty where there is no contract."""
        return self._ask(unhexed, "eth_getCode", hexed(address), "latest")

    def header_rlp(self, number: int) -> bytes:
        """The RLP of a block's header with its seals; its hash, as the engine makes it, is checked."""
        return self._proven(lambda endpoint: proving.read_header(endpoint.rpc, number).encoded, number)

    def receipt_rlps(self, number: int) -> list[bytes]:
        """A block's receipts as they stand in its receipt trie, checked against the header."""
        return self._proven(lambda endpoint: proving.receipt_rlps(endpoint.rpc, number), number)

    def prove(self, address: bytes, keys: Sequence[int], number: int | None = None) -> AccountProof:
        """Prove an account and some of its storage slots; checked against the block's header.

        Raises:
            RpcError: no node still has the block's state.
        """
        at = self.head().number if number is None else number
        return self._proven(lambda endpoint: proving.prove(endpoint.rpc, address, keys, at), at)

    def _proven(self, work: Callable[[Endpoint], _T], number: int) -> _T:
        """What an endpoint proves of a block; another one, if it should have the block and has not."""
        try:
            return self._endpoints.read(work)
        except InputError:
            if number > self._endpoints.shown:
                raise
            self._endpoints.compare()
            return self._endpoints.read(work)

    def call(self, to: bytes, data: bytes, *, sender: bytes | None = None) -> bytes:
        """Run a read-only call on the newest state.

        Raises:
            CallRevertedError: the contract reverted.
        """
        message = {"to": hexed(to), "data": hexed(data)}
        if sender is not None:
            message["from"] = hexed(sender)
        return self._call(message, "latest")

    def _call(self, message: dict[str, str], block: str) -> bytes:
        try:
            return self._ask(unhexed, "eth_call", message, block)
        except RpcError as error:
            raise as_revert(error) from error

    def expect(self, raw: bytes, sender: bytes) -> None:
        """A transaction that ``sender`` signed here: a node is not asked for it when a block has it."""
        self._own.add(raw, sender)

    def submit_raw(self, raws: Sequence[bytes]) -> list[Outcome]:
        """Hand signed transactions to all nodes, in this order, once, and do not wait until they are mined.

        Returns:
            What became of each. An unreachable network is no error here: each is ``unknown``.
        """
        faults = [chain_fault(item, self._chain_id) for item in raws]
        sound = [item for item, fault in zip(raws, faults, strict=True) if not fault]
        answered = iter(self._with_mined(broadcast(self._endpoints, sound, patience=2 * self._timeout)))
        return [
            Outcome.refusal(item, fault) if fault else next(answered)
            for item, fault in zip(raws, faults, strict=True)
        ]

    def _with_mined(self, outcomes: list[Outcome]) -> list[Outcome]:
        """Those refused because their nonce is used up are ``mined`` if their receipts exist."""
        late = [it.transaction_hash for it in outcomes if it.fate == "refused" and is_old_nonce(it.message)]
        if not late:
            return outcomes
        try:
            found = self.receipts(late)
        except NetworkError:
            return outcomes
        mined = {item for item, receipt in zip(late, found, strict=True) if receipt is not None}
        return [
            Outcome(it.transaction_hash, "mined") if it.transaction_hash in mined else it for it in outcomes
        ]

    def send(self, raw: Sequence[bytes], *, timestamp: int | None = None) -> list[Receipt]:
        """Send signed transactions, wait until they are mined, and return their receipts.

        Args:
            raw: RLP-encoded signed transactions.
            timestamp: has no effect; the network chooses.

        Raises:
            TransactionRevertedError: one was refused by the contracts; see the class.
            InvalidTransactionError: the nodes take one for invalid; earlier ones may be mined.
            NetworkError: no node can be reached, or they did not mine them in time.
        """
        return send_and_wait(self, raw, seconds=self._patience.idle)

    def gas_limit(self) -> int:
        """The gas of the newest block, which no transaction can pass."""
        return self._ask(lambda found: number(found["gasLimit"]), "eth_getBlockByNumber", "latest", False)

    def gas_needed(self, call: Call) -> int | None:
        """The gas that a call needs on the newest state; more than the call's where that does not suffice."""
        return self._endpoints.read(lambda endpoint: gas_needed(endpoint.rpc, call))

    def nudge(self) -> None:
        """Have a development node, whose automatic mining can stall under load, make a block.

        One that keeps transactions waiting for nonces that are mined forgets them; send them again.
        """
        self._endpoints.read(lambda endpoint: answers.nudge(endpoint.rpc))

    def revert_data(self, receipt: Receipt) -> bytes:
        """Why a mined transaction failed, by running it again after the block before it.

        Transactions earlier in the same block are left out, so the reason can differ or be empty.
        """
        message = self._ask(answers.as_call, "eth_getTransactionByHash", hexed(receipt.transaction_hash))
        try:
            self._call(message, quantity(receipt.block.number - 1))
        except CallRevertedError as error:
            return error.data
        return b""
