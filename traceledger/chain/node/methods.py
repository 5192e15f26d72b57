"""The JSON-RPC methods that only read: a table from method name to what answers it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Protocol

from traceledger.chain.base import BlockRef, CallRevertedError
from traceledger.chain.embedded import EmbeddedChain
from traceledger.chain.embedded.limits import CALL_GAS, FEE_BLOCKS, LOGS, PROOF_KEYS, READ_SECONDS
from traceledger.chain.embedded.reader import LogFilter, PlacedLog
from traceledger.chain.node import objects, params
from traceledger.chain.node.params import ApiError
from traceledger.model.hexadecimal import hexed, quantity
from traceledger.model.version import VERSION

_HASH_LENGTH = 2 + 2 * 32
_NO_KEYS = "this node holds no keys; sign the transaction yourself and use eth_sendRawTransaction"
_SHOWN = 100
_TOO_MANY_LOGS = f"more than {LOGS} logs; ask for fewer blocks"
_KEY_PREFIXES = ("personal_", "eth_sign")

Method = Callable[[list[Any]], Any]


class Contracts(Protocol):
    """What runs contracts for callers: the chain itself, or processes of a node."""

    def call(
        self,
        to: bytes,
        data: bytes,
        *,
        sender: bytes | None = None,
        number: int | None = None,
        gas: int = CALL_GAS,
    ) -> bytes:
        """See :meth:`EmbeddedChain.call`."""

    def estimate_gas(self, to: bytes | None, data: bytes, *, sender: bytes | None = None) -> int:
        """See :meth:`EmbeddedChain.estimate_gas`."""


def is_long(method: str, arguments: list[Any]) -> bool:
    """Whether an answer is long as a rule, so that few of its kind are made at once."""
    if method in ("eth_getBlockByNumber", "eth_getBlockByHash"):
        return len(arguments) > 1 and arguments[1] is True
    return method in ("eth_getLogs", "eth_getProof", "eth_getBlockReceipts")


class ReadMethods:
    """Answers reads from one chain.

    Args:
        chain: the chain to read.
        contracts: what runs calls and estimates; default the chain itself.
    """

    def __init__(self, chain: EmbeddedChain, contracts: Contracts | None = None) -> None:
        self._chain = chain
        self._contracts: Contracts = contracts or chain
        self._reader = chain.reader
        self._table: dict[str, Method] = {
            "web3_clientVersion": lambda _: f"traceledger/{VERSION}",
            "net_version": lambda _: str(chain.chain_id),
            "net_listening": lambda _: True,
            "eth_chainId": lambda _: quantity(chain.chain_id),
            "eth_syncing": lambda _: False,
            "eth_accounts": lambda _: [],
            "eth_gasPrice": lambda _: "0x0",
            "eth_maxPriorityFeePerGas": lambda _: "0x0",
            "eth_feeHistory": self._fee_history,
            "eth_blockNumber": lambda _: quantity(chain.head().number),
            "eth_getBlockByNumber": self._block,
            "eth_getBlockByHash": self._block_by_hash,
            "eth_getBlockReceipts": self._block_receipts,
            "eth_getTransactionByHash": self._transaction,
            "eth_getTransactionReceipt": self._receipt,
            "eth_getTransactionCount": self._nonce,
            "eth_getBalance": self._balance,
            "eth_getCode": self._code,
            "eth_getStorageAt": self._storage,
            "eth_getProof": self._proof,
            "eth_getLogs": self._logs,
            "eth_call": self._call,
            "eth_estimateGas": self._estimate,
        }

    def answer(self, method: str, arguments: list[Any]) -> Any:
        """The result of a method.

        Raises:
            ApiError: there is no such method, a parameter is bad, or a call reverted.
        """
        found = self._table.get(method)
        if found is not None:
            return found(arguments)
        if method == "eth_sendTransaction" or method.startswith(_KEY_PREFIXES):
            raise ApiError(params.METHOD_NOT_FOUND, f"{method[:_SHOWN]} is not available: {_NO_KEYS}")
        raise ApiError(params.METHOD_NOT_FOUND, f"the method {method[:_SHOWN]} does not exist here")

    def _find(self, tag: int | str | bytes) -> BlockRef | None:
        if isinstance(tag, bytes):
            return self._reader.block_ref_by_hash(tag)
        return self._chain.head() if isinstance(tag, str) else self._chain.block_ref(tag)

    def _number(self, arguments: list[Any], index: int) -> int:
        """The number of an existing block named by a parameter; the newest by default."""
        tag = params.block_tag(arguments[index] if len(arguments) > index else None)
        found = self._find(tag)
        if found is None:
            raise ApiError(params.REFUSED, "the block is not known")
        return found.number

    def _block(self, arguments: list[Any]) -> Any:
        tag = params.block_tag(params.argument(arguments, 0, "block"))
        return self._block_of(self._find(tag), arguments)

    def _block_by_hash(self, arguments: list[Any]) -> Any:
        wanted = params.data(params.argument(arguments, 0, "block hash"), "block hash", 32)
        return self._block_of(self._find(wanted), arguments)

    def _block_of(self, ref: BlockRef | None, arguments: list[Any]) -> Any:
        if ref is None:
            return None
        header = self._reader.header_rlp(ref.number) or b""
        stored = self._reader.stored_transactions(ref)
        if len(arguments) > 1 and arguments[1] is True:
            return objects.block(ref, header, [objects.transaction(item) for item in stored])
        return objects.block(ref, header, [hexed(item.transaction.hash) for item in stored])

    def _block_receipts(self, arguments: list[Any]) -> Any:
        wanted = params.argument(arguments, 0, "block")
        # geth takes a hash where other methods take a number.
        is_hash = isinstance(wanted, str) and len(wanted) == _HASH_LENGTH
        ref = self._find(params.block_tag({"blockHash": wanted} if is_hash else wanted))
        if ref is None:
            return None
        found = [
            (stored, self._reader.receipt(stored.transaction.hash))
            for stored in self._reader.stored_transactions(ref)
        ]
        return [objects.receipt(stored, receipt) for stored, receipt in found if receipt is not None]

    def _transaction(self, arguments: list[Any]) -> Any:
        stored = self._reader.stored_transaction(self._hash(arguments))
        return None if stored is None else objects.transaction(stored)

    def _receipt(self, arguments: list[Any]) -> Any:
        wanted = self._hash(arguments)
        stored, found = self._reader.stored_transaction(wanted), self._reader.receipt(wanted)
        return None if stored is None or found is None else objects.receipt(stored, found)

    def _hash(self, arguments: list[Any]) -> bytes:
        return params.data(params.argument(arguments, 0, "hash"), "transaction hash", 32)

    def _address(self, arguments: list[Any]) -> bytes:
        return params.data(params.argument(arguments, 0, "address"), "address", 20)

    def _nonce(self, arguments: list[Any]) -> str:
        number = self._number(arguments, 1)
        return quantity(self._chain.state.account(self._address(arguments), number).nonce)

    def _balance(self, arguments: list[Any]) -> str:
        number = self._number(arguments, 1)
        return quantity(self._chain.state.account(self._address(arguments), number).balance)

    def _code(self, arguments: list[Any]) -> str:
        return hexed(self._chain.state.code(self._address(arguments), self._number(arguments, 1)))

    def _storage(self, arguments: list[Any]) -> str:
        key = params.slot(params.argument(arguments, 1, "slot"), "slot")
        number = self._number(arguments, 2)
        word = self._chain.state.storage(self._address(arguments), key, number)
        return hexed(word.to_bytes(32, "big"))

    def _proof(self, arguments: list[Any]) -> Any:
        keys = params.argument(arguments, 1, "storage keys")
        if not isinstance(keys, list):
            raise params.invalid("storage keys must be a list")
        if len(keys) > PROOF_KEYS:
            raise ApiError(
                params.LIMIT_EXCEEDED, f"{len(keys)} storage keys are too many; ask for {PROOF_KEYS}"
            )
        slots = [params.slot(key, "storage key") for key in keys]
        number = self._number(arguments, 2)
        return objects.proof(self._chain.state.prove(self._address(arguments), slots, number))

    def _logs(self, arguments: list[Any]) -> list[Any]:
        wanted = params.argument(arguments, 0, "filter")
        if not isinstance(wanted, dict):
            raise params.invalid("the filter must be an object")
        if "blockHash" in wanted:
            if wanted.keys() & {"fromBlock", "toBlock"}:
                raise params.invalid("a filter has a blockHash, or fromBlock and toBlock, not both")
            first = last = self._number([{"blockHash": wanted["blockHash"]}], 0)
        else:
            head = self._chain.head().number
            first, last = (self._bound(wanted.get(name), head) for name in ("fromBlock", "toBlock"))
        addresses, topics = params.addresses(wanted.get("address")), params.topics(wanted.get("topics"))
        return self._found(LogFilter(first, last, addresses, topics))

    def _found(self, wanted: LogFilter) -> list[Any]:
        """The logs of a filter, within the limits of number and time."""
        found: list[PlacedLog] = []
        # Of this thread: on a busy machine an honest question takes no longer than it does on a quiet one.
        end = time.thread_time() + READ_SECONDS
        for page in self._reader.log_pages(wanted):
            found += page
            if len(found) > LOGS:
                raise ApiError(params.LIMIT_EXCEEDED, _TOO_MANY_LOGS)
            if time.thread_time() > end:
                what = f"no answer within {READ_SECONDS} processor seconds; ask for fewer blocks"
                raise ApiError(params.LIMIT_EXCEEDED, what)
        return [objects.log(placed.log, placed.block, placed.transaction_hash) for placed in found]

    def _bound(self, value: Any, head: int) -> int:
        tag = params.block_tag(value)
        if isinstance(tag, bytes):
            raise params.invalid("a block range takes numbers")
        return head if isinstance(tag, str) else tag

    def _message(self, arguments: list[Any]) -> tuple[bytes | None, bytes, bytes | None]:
        """Recipient, data and sender of the call in the first parameter."""
        message = params.argument(arguments, 0, "call")
        if not isinstance(message, dict):
            raise params.invalid("the call must be an object")
        params.fees(message)
        to, sender = message.get("to"), message.get("from")
        # web3 and cast say "input", older programs "data".
        body = message.get("input", message.get("data", "0x"))
        return (
            None if to is None else params.data(to, "to", 20),
            params.data("0x" if body is None else body, "input"),
            None if sender is None else params.data(sender, "from", 20),
        )

    def _call(self, arguments: list[Any]) -> str:
        to, body, sender = self._message(arguments)
        if to is None:
            raise params.invalid("a call needs a recipient (to)")
        newest = params.block_tag(arguments[1] if len(arguments) > 1 else None) == "latest"
        number = None if newest else self._number(arguments, 1)
        asked = arguments[0].get("gas")
        gas = CALL_GAS if asked is None else min(params.quantity(asked, "gas"), CALL_GAS)
        try:
            return hexed(self._contracts.call(to, body, sender=sender, number=number, gas=gas))
        except CallRevertedError as error:
            raise reverted(error.data) from error

    def _estimate(self, arguments: list[Any]) -> str:
        to, body, sender = self._message(arguments)
        try:
            return quantity(self._contracts.estimate_gas(to, body, sender=sender))
        except CallRevertedError as error:
            raise reverted(error.data) from error

    def _fee_history(self, arguments: list[Any]) -> dict[str, Any]:
        """No fees, ever, in the shape of ``eth_feeHistory``."""
        newest = self._number(arguments, 1)
        blocks = min(params.quantity(params.argument(arguments, 0, "block count"), "block count"), newest + 1)
        blocks = min(blocks, FEE_BLOCKS)
        percentiles = params.percentiles(arguments[2] if len(arguments) > 2 else None)
        return {
            "oldestBlock": quantity(newest + 1 - blocks),
            "baseFeePerGas": ["0x0"] * (blocks + 1),
            "gasUsedRatio": [0.0] * blocks,
            "baseFeePerBlobGas": ["0x0"] * (blocks + 1),
            "blobGasUsedRatio": [0.0] * blocks,
            "reward": [["0x0"] * len(percentiles)] * blocks,
        }


def reverted(revert_data: bytes) -> ApiError:
    """The error for a revert, as geth answers it."""
    return ApiError(params.REVERTED, "execution reverted", hexed(revert_data))
