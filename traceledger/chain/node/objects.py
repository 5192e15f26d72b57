"""The JSON objects of Ethereum's API: blocks, transactions, receipts, logs, proofs."""

from __future__ import annotations

from typing import Any

import rlp

from traceledger.chain.base import AccountProof, BlockRef, Log, Receipt
from traceledger.chain.embedded.reader import StoredTransaction
from traceledger.chain.headers import HEADER_FIELDS
from traceledger.model.hexadecimal import hexed, quantity

_LEGACY = ("nonce", "gasPrice", "gas", "to", "value", "input", "v", "r", "s")
_ACCESS_LIST = ("chainId", "nonce", "gasPrice", "gas", "to", "value", "input", "accessList", "v", "r", "s")
_DYNAMIC_FEE = (
    "chainId",
    "nonce",
    "maxPriorityFeePerGas",
    "maxFeePerGas",
    "gas",
    "to",
    "value",
    "input",
    "accessList",
    "v",
    "r",
    "s",
)
_FIELDS = {0: _LEGACY, 1: _ACCESS_LIST, 2: _DYNAMIC_FEE}
_FIRST_TYPED_END = 0x80


def _number(value: bytes) -> str:
    return quantity(int.from_bytes(value, "big"))


def _type_of(encoded: bytes) -> int:
    """The EIP-2718 type of a transaction or receipt; 0 for the untyped form."""
    return encoded[0] if encoded[0] < _FIRST_TYPED_END else 0


def _items(encoded: bytes) -> list[Any]:
    """The RLP list in a transaction or receipt, without its type byte."""
    items: list[Any] = rlp.decode(encoded[1:] if _type_of(encoded) else encoded)
    return items


def block(ref: BlockRef, header: bytes, transactions: list[Any]) -> dict[str, Any]:
    """A block; ``transactions`` are hashes or objects."""
    fields = rlp.decode(header)
    body: dict[str, Any] = {
        name: _number(value) if is_number else hexed(value)
        for (name, is_number), value in zip(HEADER_FIELDS, fields, strict=True)
    }
    return body | {
        "hash": hexed(ref.hash),
        "size": quantity(len(header)),
        "totalDifficulty": "0x0",
        "uncles": [],
        "withdrawals": [],
        "transactions": transactions,
    }


def transaction(stored: StoredTransaction) -> dict[str, Any]:
    """A mined transaction."""
    type_id = _type_of(stored.raw)
    body: dict[str, Any] = {}
    for name, value in zip(_FIELDS[type_id], _items(stored.raw), strict=True):
        if name == "accessList":
            body[name] = [
                {"address": hexed(at), "storageKeys": [hexed(k) for k in keys]} for at, keys in value
            ]
        elif name == "to":
            body[name] = hexed(value) if value else None
        else:
            body[name] = hexed(value) if name == "input" else _number(value)
    if type_id:
        body["yParity"] = body["v"]
    return (
        {"gasPrice": "0x0"}
        | body
        | {
            "type": quantity(type_id),
            "hash": hexed(stored.transaction.hash),
            "from": hexed(stored.transaction.sender),
            "blockHash": hexed(stored.block.hash),
            "blockNumber": quantity(stored.block.number),
            "transactionIndex": quantity(stored.transaction.index),
        }
    )


def log(entry: Log, ref: BlockRef, transaction_hash: bytes) -> dict[str, Any]:
    """A log of a mined transaction."""
    return {
        "address": hexed(entry.address),
        "topics": [hexed(topic) for topic in entry.topics],
        "data": hexed(entry.data),
        "blockNumber": quantity(ref.number),
        "blockHash": hexed(ref.hash),
        "blockTimestamp": quantity(ref.timestamp),
        "transactionHash": hexed(transaction_hash),
        "transactionIndex": quantity(entry.transaction_index),
        "logIndex": quantity(entry.index),
        "removed": False,
    }


def receipt(stored: StoredTransaction, found: Receipt) -> dict[str, Any]:
    """A receipt: the decoded one, and cumulative gas and bloom from its encoded form."""
    _, cumulative_gas, bloom, _ = _items(stored.receipt)
    to = stored.transaction.to
    return {
        "type": quantity(_type_of(stored.raw)),
        "status": quantity(found.succeeded),
        "transactionHash": hexed(found.transaction_hash),
        "transactionIndex": quantity(found.transaction_index),
        "blockHash": hexed(found.block.hash),
        "blockNumber": quantity(found.block.number),
        "from": hexed(stored.transaction.sender),
        "to": hexed(to) if to else None,
        "contractAddress": hexed(found.contract) if found.contract else None,
        "gasUsed": quantity(found.gas_used),
        "cumulativeGasUsed": _number(cumulative_gas),
        "effectiveGasPrice": "0x0",
        "logsBloom": hexed(bloom),
        "logs": [log(entry, found.block, found.transaction_hash) for entry in found.logs],
    }


def proof(found: AccountProof) -> dict[str, Any]:
    """An account proof (EIP-1186)."""
    return {
        "address": hexed(found.address),
        "accountProof": [hexed(node) for node in found.proof],
        "balance": quantity(found.account.balance),
        "nonce": quantity(found.account.nonce),
        "codeHash": hexed(found.account.code_hash),
        "storageHash": hexed(found.account.storage_root),
        "storageProof": [
            {
                "key": quantity(slot.key),
                "value": quantity(slot.value),
                "proof": [hexed(node) for node in slot.proof],
            }
            for slot in found.storage
        ],
    }
