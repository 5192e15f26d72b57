"""Any EVM node as a chain, over JSON-RPC.

Answers are decoded from their hexadecimal forms directly: web3.py's own result formatting takes
about 400 microseconds a log, and refuses the long extra data of proof-of-authority blocks.

Example:
    >>> from traceledger.chain.rpc import RpcChain
    >>> from traceledger.errors import NetworkError
    >>> try:
    ...     RpcChain.connect("http://127.0.0.1:9", timeout=1)
    ... except NetworkError as error:
    ...     print(error.what)
    the node cannot be reached
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from typing import Any

import rlp
from eth_hash.auto import keccak
from rlp.exceptions import RLPException

from traceledger.chain import proving
from traceledger.chain.base import (
    AccountProof,
    Block,
    BlockRef,
    BlocksChangedError,
    CallRevertedError,
    Consensus,
    InvalidTransactionError,
    Log,
    Receipt,
    Transaction,
    TransactionRevertedError,
)
from traceledger.chain.hexadecimal import hexed, number, quantity, unhexed
from traceledger.chain.jsonrpc import JsonRpc, RpcError, as_revert
from traceledger.chain.sending import Nonces, Outcome, classify, is_old_nonce
from traceledger.errors import NetworkError

_BLOCKS_PER_READ = 100
_TRANSACTIONS_PER_WRITE = 100
_RECEIPTS_PER_READ = 200
_FIRST_PAUSE = 0.02
_LONGEST_PAUSE = 1.0
_STALLED_SECONDS = 2.0
_FIRST_LEGACY_BYTE = 0xC0
_INVALID_CODES = {-32000, -32003, -32602, -32010}
"""Codes with which nodes answer a transaction they will never mine; there is no common one."""


class RpcChain:
    """A chain behind a JSON-RPC node. Implements :class:`~traceledger.chain.base.Chain`.

    Make one with :meth:`connect`. The node chooses when to make blocks and their times.
    """

    def __init__(
        self, rpc: JsonRpc, chain_id: int, *, receipt_seconds: float, consensus: Consensus = "single"
    ) -> None:
        self._rpc = rpc
        self._chain_id = chain_id
        self._consensus = consensus
        self._receipt_seconds = receipt_seconds

    @classmethod
    def connect(
        cls,
        url: str,
        *,
        expected_chain_id: int | None = None,
        consensus: Consensus = "single",
        timeout: float = 30.0,
        receipt_seconds: float = 120.0,
    ) -> RpcChain:
        """Connect to a node.

        Args:
            url: ``http://`` or ``https://`` address of its JSON-RPC endpoint.
            expected_chain_id: refuse a chain with another EIP-155 id.
            consensus: how its blocks become final.
            timeout: seconds to wait for one answer.
            receipt_seconds: seconds to wait for sent transactions to be mined.

        Raises:
            NetworkError: the node cannot be reached, or serves another chain.
        """
        rpc = JsonRpc(url, timeout=timeout)
        try:
            chain_id = number(rpc.read("eth_chainId"))
            if expected_chain_id is not None and chain_id != expected_chain_id:
                raise NetworkError(
                    f"the node serves chain id {chain_id}, expected {expected_chain_id}",
                    where=url,
                    hint="check the network's url and chain_id in networks.toml",
                )
        except BaseException:
            rpc.close()
            raise
        return cls(rpc, chain_id, receipt_seconds=receipt_seconds, consensus=consensus)

    def close(self) -> None:
        """Close the connection."""
        self._rpc.close()

    def __enter__(self) -> RpcChain:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def chain_id(self) -> int:
        """The EIP-155 chain id."""
        return self._chain_id

    def genesis_hash(self) -> bytes:
        """Hash of block 0."""
        return self._existing("0x0").hash

    def head(self) -> BlockRef:
        """The newest block."""
        return self._existing("latest")

    def final(self) -> BlockRef:
        """The newest block that can no longer be replaced.

        QBFT finalises each block as it is made. Under Clique (EIP-225) a block is taken for final once
        more than half of the signers have built on it: each signs at most one of any such run of blocks.
        """
        head = self.head()
        if self._consensus != "clique":
            return head
        return self._existing(quantity(max(head.number - len(self.signers()) // 2 - 1, 0)))

    def signers(self) -> list[bytes]:
        """Who may seal the next block of a Clique network: their addresses."""
        return [unhexed(address) for address in self._rpc.read("clique_getSigners")]

    def _existing(self, tag: str) -> BlockRef:
        found = self._rpc.read("eth_getBlockByNumber", tag, False)
        if found is None:
            raise NetworkError(f"the node has no block {tag}", where=self._rpc.url)
        return _ref(found)

    def block_ref(self, number: int) -> BlockRef | None:
        """The canonical block of that number, or ``None`` past the head."""
        found = self._rpc.read("eth_getBlockByNumber", quantity(number), False)
        return None if found is None else _ref(found)

    def blocks(self, first: int, last: int) -> Iterator[Block]:
        """The canonical blocks ``first`` to ``last``, both included, in order.

        Raises:
            BlocksChangedError: the node reorganised its chain while it was read; read again.
        """
        for start in range(max(first, 0), last + 1, _BLOCKS_PER_READ):
            yield from self._some_blocks(start, min(start + _BLOCKS_PER_READ - 1, last))

    def _some_blocks(self, first: int, last: int) -> Iterator[Block]:
        span = {"fromBlock": quantity(first), "toBlock": quantity(last)}
        *found, logs = self._rpc.read_all(
            [("eth_getBlockByNumber", (quantity(at), True)) for at in range(first, last + 1)]
            + [("eth_getLogs", (span,))]
        )
        existing = [block for block in found if block is not None]
        by_block: dict[bytes, list[dict[str, Any]]] = {}
        for log in logs:
            by_block.setdefault(unhexed(log["blockHash"]), []).append(log)
        failed = self._failed(existing, logs)
        for block in existing:
            ref = _ref(block)
            sent = tuple(_transaction(item, failed) for item in block["transactions"])
            yield Block(ref, sent, tuple(_log(log) for log in by_block.pop(ref.hash, [])))
        if by_block:
            raise BlocksChangedError(
                "the node's blocks changed while they were read", where=self._rpc.url, hint="try again"
            )

    def _failed(self, blocks: list[dict[str, Any]], logs: list[dict[str, Any]]) -> set[str]:
        """Hashes of the failed transactions; those that left logs need not be asked for."""
        fine = {log["transactionHash"] for log in logs}
        unsure = [
            item["hash"] for block in blocks for item in block["transactions"] if item["hash"] not in fine
        ]
        return {
            receipt["transactionHash"]
            for receipt in self._receipts(unsure)
            if receipt is not None and number(receipt["status"]) == 0
        }

    def receipt(self, transaction_hash: bytes) -> Receipt | None:
        """The receipt of a mined transaction, or ``None``."""
        (found,) = self._receipts([hexed(transaction_hash)])
        return None if found is None else self._receipt(found)

    def _receipts(self, hashes: Sequence[str]) -> list[dict[str, Any] | None]:
        found: list[dict[str, Any] | None] = []
        for start in range(0, len(hashes), _RECEIPTS_PER_READ):
            some = hashes[start : start + _RECEIPTS_PER_READ]
            found += self._rpc.read_all([("eth_getTransactionReceipt", (item,)) for item in some])
        return found

    def _receipt(self, found: dict[str, Any], refs: dict[int, BlockRef] | None = None) -> Receipt:
        """Decode a receipt; blocks already read are taken from ``refs``."""
        known = {} if refs is None else refs
        at = number(found["blockNumber"])
        if at not in known:
            known[at] = self._existing(quantity(at))
        contract = found.get("contractAddress")
        return Receipt(
            unhexed(found["transactionHash"]),
            known[at],
            number(found["transactionIndex"]),
            number(found["status"]) == 1,
            number(found["gasUsed"]),
            unhexed(contract) if contract else None,
            tuple(_log(log) for log in found["logs"]),
        )

    def submit_raw(self, raws: Sequence[bytes]) -> list[Outcome]:
        """Hand signed transactions over, in this order, once, and do not wait until they are mined.

        Returns:
            What became of each. An unreachable network is no error here: each is ``unknown``.
        """
        outcomes: list[Outcome] = []
        for start in range(0, len(raws), _TRANSACTIONS_PER_WRITE):
            outcomes += self._submit_some(raws[start : start + _TRANSACTIONS_PER_WRITE])
        return self._with_mined(outcomes)

    def _submit_some(self, raws: Sequence[bytes]) -> list[Outcome]:
        try:
            answers = self._rpc.write_all([("eth_sendRawTransaction", (hexed(item),)) for item in raws])
        except NetworkError as error:
            return [Outcome(keccak(item), "unknown", message=str(error)) for item in raws]
        return [_outcome(item, answer) for item, answer in zip(raws, answers, strict=True)]

    def _with_mined(self, outcomes: list[Outcome]) -> list[Outcome]:
        """Those refused because their nonce is used up are ``mined`` if their receipts exist."""
        late = [it.transaction_hash for it in outcomes if it.fate == "refused" and is_old_nonce(it.message)]
        if not late:
            return outcomes
        try:
            found = self._receipts([hexed(item) for item in late])
        except NetworkError:
            return outcomes
        mined = {item for item, receipt in zip(late, found, strict=True) if receipt is not None}
        return [
            Outcome(it.transaction_hash, "mined") if it.transaction_hash in mined else it for it in outcomes
        ]

    def receipts(self, hashes: Sequence[bytes]) -> list[Receipt | None]:
        """The receipts of transactions, in order; ``None`` for those that are not mined."""
        refs: dict[int, BlockRef] = {}
        found = self._receipts([hexed(item) for item in hashes])
        return [None if it is None or not it.get("blockNumber") else self._receipt(it, refs) for it in found]

    def revert_data(self, receipt: Receipt) -> bytes:
        """Why a mined transaction failed, ABI-encoded; empty if that cannot be told."""
        return self._reason(receipt)

    def nonces(self, address: bytes) -> Nonces:
        """How many transactions of ``address`` are mined, and how many including those in the pool."""
        mined, pending = self._rpc.read_all(
            [("eth_getTransactionCount", (hexed(address), tag)) for tag in ("latest", "pending")]
        )
        return Nonces(number(mined), max(number(mined), number(pending)))

    def known(self, hashes: Sequence[bytes]) -> list[bool]:
        """Whether the node has each transaction, waiting in its pool or mined."""
        found: list[bool] = []
        for start in range(0, len(hashes), _RECEIPTS_PER_READ):
            some = hashes[start : start + _RECEIPTS_PER_READ]
            answers = self._rpc.read_all([("eth_getTransactionByHash", (hexed(it),)) for it in some])
            found += [answer is not None for answer in answers]
        return found

    def nudge(self) -> None:
        """Have a development node, whose automatic mining can stall under load, make a block."""
        self._nudge()

    def nonce(self, address: bytes) -> int:
        """How many transactions of ``address`` are mined."""
        return number(self._rpc.read("eth_getTransactionCount", hexed(address), "latest"))

    def code(self, address: bytes) -> bytes:
        """The runtime bytecode at ``address``; empty where there is no contract."""
        return unhexed(self._rpc.read("eth_getCode", hexed(address), "latest"))

    def header_rlp(self, number: int) -> bytes:
        """The RLP of a block's header, of which Keccak-256 is the block's hash."""
        return proving.read_header(self._rpc, number).encoded

    def receipt_rlps(self, number: int) -> list[bytes]:
        """A block's receipts as they stand in its receipt trie, checked against the header."""
        return proving.receipt_rlps(self._rpc, number)

    def prove(self, address: bytes, keys: Sequence[int], number: int | None = None) -> AccountProof:
        """Prove an account and some of its storage slots; checked against the block's header.

        Raises:
            RpcError: the node no longer has the block's state.
        """
        return proving.prove(self._rpc, address, keys, self.head().number if number is None else number)

    def call(self, to: bytes, data: bytes, *, sender: bytes | None = None) -> bytes:
        """Run a read-only call on the newest state.

        Raises:
            CallRevertedError: the contract reverted.
        """
        return self._call({"to": hexed(to), "data": hexed(data)}, sender, "latest")

    def _call(self, message: dict[str, str], sender: bytes | None, block: str) -> bytes:
        if sender is not None:
            message = message | {"from": hexed(sender)}
        try:
            return unhexed(self._rpc.read("eth_call", message, block))
        except RpcError as error:
            raise as_revert(error) from error

    def send(self, raw: Sequence[bytes], *, timestamp: int | None = None) -> list[Receipt]:
        """Send signed transactions, wait until they are mined, and return their receipts.

        Args:
            raw: RLP-encoded signed transactions.
            timestamp: has no effect; the network chooses.

        Raises:
            TransactionRevertedError: one was refused by the contracts; see the class.
            InvalidTransactionError: the node takes one for invalid; earlier ones may be mined.
            NetworkError: the node cannot be reached, or did not mine them in time.
        """
        for position, item in enumerate(raw):
            self._check_chain(position, item)
        receipts: list[Receipt] = []
        for start in range(0, len(raw), _TRANSACTIONS_PER_WRITE):
            self._send_some(raw[start : start + _TRANSACTIONS_PER_WRITE], receipts)
        return receipts

    def _check_chain(self, position: int, raw: bytes) -> None:
        """Refuse a transaction for another chain: some nodes take it, and never mine it."""
        try:
            signed_for = signed_chain_id(raw)
        except (RLPException, IndexError, TypeError, RecursionError) as error:
            raise InvalidTransactionError(position, "not a signed transaction") from error
        if signed_for != self._chain_id:
            raise InvalidTransactionError(
                position,
                f"signed for chain id {signed_for}, but this chain has {self._chain_id}",
                hint=f"sign it for chain id {self._chain_id}",
            )

    def _send_some(self, raw: Sequence[bytes], receipts: list[Receipt]) -> None:
        """Send one batch and append its receipts to those of the batches before it."""
        outcomes = self._rpc.write_all([("eth_sendRawTransaction", (hexed(item),)) for item in raw])
        refused = next((at for at, it in enumerate(outcomes) if isinstance(it, RpcError)), None)
        taken = raw if refused is None else raw[:refused]
        before = len(receipts)
        for at, found in enumerate(self._wait([hexed(keccak(item)) for item in taken])):
            if not found.succeeded:
                raise TransactionRevertedError(before + at, self._reason(found), receipts)
            receipts.append(found)
        if refused is not None:
            error = outcomes[refused]
            raise self._refusal(error, before + refused, receipts)

    def _refusal(self, error: RpcError, position: int, receipts: list[Receipt]) -> Exception:
        """The error for a transaction that the node did not take."""
        if error.reverted:
            return TransactionRevertedError(position, error.data, receipts)
        if error.code in _INVALID_CODES:
            return InvalidTransactionError(position, error.message)
        return error

    def _wait(self, hashes: list[str]) -> list[Receipt]:
        """The receipts of sent transactions, once all are there."""
        found: dict[str, dict[str, Any]] = {}
        started, pause, nudged = time.monotonic(), _FIRST_PAUSE, False
        while True:
            missing = [item for item in hashes if item not in found]
            for item, receipt in zip(missing, self._receipts(missing), strict=True):
                if receipt is not None and receipt.get("blockNumber"):
                    found[item] = receipt
            waited = time.monotonic() - started
            if len(found) == len(hashes):
                break
            if waited > self._receipt_seconds:
                raise NetworkError(
                    f"{len(hashes) - len(found)} transactions were sent but not mined in time",
                    where=self._rpc.url,
                    hint="check that the network makes blocks; they may still be mined",
                )
            if waited > _STALLED_SECONDS and not nudged:
                nudged = self._nudge()
            time.sleep(pause)
            pause = min(pause * 1.5, _LONGEST_PAUSE)
        refs: dict[int, BlockRef] = {}
        return [self._receipt(found[item], refs) for item in hashes]

    def _nudge(self) -> bool:
        """Tell a development node, whose automatic mining can stall under load, to make a block."""
        if str(self._rpc.read("web3_clientVersion")).startswith("anvil/"):
            self._rpc.write_all([("evm_mine", ())])
        return True

    def _reason(self, receipt: Receipt) -> bytes:
        """Why a mined transaction failed, by running it again after the block before it.

        Transactions earlier in the same block are left out, so the reason can differ or be empty.
        """
        found = self._rpc.read("eth_getTransactionByHash", hexed(receipt.transaction_hash))
        message = {"data": found["input"], "gas": found["gas"], "value": found["value"]}
        if found.get("to"):
            message["to"] = found["to"]
        try:
            self._call(message, unhexed(found["from"]), quantity(receipt.block.number - 1))
        except CallRevertedError as error:
            return error.data
        return b""


def _outcome(raw: bytes, answer: object) -> Outcome:
    """What a node's answer to one transaction means."""
    digest: bytes = keccak(raw)
    if isinstance(answer, RpcError):
        return Outcome(
            digest, classify(answer.code, answer.message), answer.code, answer.message, answer.data
        )
    return Outcome(digest, "accepted")


def signed_chain_id(raw: bytes) -> int | None:
    """The chain id a transaction was signed for; ``None`` for a legacy one signed for any.

    Raises:
        RLPException: it is malformed.
    """
    if raw[0] < _FIRST_LEGACY_BYTE:
        return int.from_bytes(rlp.decode(raw[1:])[0], "big")
    v = int.from_bytes(rlp.decode(raw)[6], "big")
    return (v - 35) // 2 if v >= 35 else None


def _ref(block: dict[str, Any]) -> BlockRef:
    return BlockRef(
        number(block["number"]),
        unhexed(block["hash"]),
        unhexed(block["parentHash"]),
        number(block["timestamp"]),
    )


def _log(log: dict[str, Any]) -> Log:
    return Log(
        unhexed(log["address"]),
        tuple(unhexed(topic) for topic in log["topics"]),
        unhexed(log["data"]),
        number(log["transactionIndex"]),
        number(log["logIndex"]),
    )


def _transaction(item: dict[str, Any], failed: set[str]) -> Transaction:
    return Transaction(
        unhexed(item["hash"]),
        number(item["transactionIndex"]),
        unhexed(item["from"]),
        unhexed(item["to"]) if item.get("to") else None,
        number(item["nonce"]),
        unhexed(item["input"]),
        item["hash"] not in failed,
    )
