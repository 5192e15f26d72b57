"""A block's transactions and receipts as they stand in its tries, rebuilt from JSON.

With the roots in the header (:mod:`traceledger.chain.headers`) they prove that a node neither dropped nor
invented nor changed a transaction, its success, or a log.

Example:
    >>> receipt_rlp({"status": "0x1", "cumulativeGasUsed": "0x0", "logsBloom": "0x", "logs": []}).hex()
    'c4018080c0'
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from traceledger.chain.recovery import recovered
from traceledger.chain.rlp import Item, encode, integer
from traceledger.chain.rpc.faults import WrongAnswerError, decoding
from traceledger.model.hexadecimal import minimal, number, unhexed
from traceledger.model.keccak import keccak

_Field = Callable[[Any], Any]


def _access_list(value: Any) -> list[list[Any]]:
    return [[unhexed(at["address"]), [unhexed(key) for key in at["storageKeys"]]] for at in value]


def _hashes(value: Any) -> list[bytes]:
    return [unhexed(item) for item in value]


def _authorisations(value: Any) -> list[list[bytes]]:
    names = (("chainId", minimal), ("address", unhexed), ("nonce", minimal))
    seals = (("yParity", minimal), ("r", minimal), ("s", minimal))
    return [[read(item[name]) for name, read in (*names, *seals)] for item in value]


_MESSAGE: tuple[tuple[str, _Field], ...] = (
    ("gas", minimal),
    ("to", unhexed),
    ("value", minimal),
    ("input", unhexed),
)
_SIGNATURE: tuple[tuple[str, _Field], ...] = (("v", minimal), ("r", minimal), ("s", minimal))
_HEAD: tuple[tuple[str, _Field], ...] = (("chainId", minimal), ("nonce", minimal))
_PRICE: tuple[tuple[str, _Field], ...] = (("gasPrice", minimal),)
_FEES: tuple[tuple[str, _Field], ...] = (("maxPriorityFeePerGas", minimal), ("maxFeePerGas", minimal))
_LISTED: tuple[tuple[str, _Field], ...] = (("accessList", _access_list),)
_BLOBS: tuple[tuple[str, _Field], ...] = (("maxFeePerBlobGas", minimal), ("blobVersionedHashes", _hashes))
_DELEGATED: tuple[tuple[str, _Field], ...] = (("authorizationList", _authorisations),)

_TRANSACTION_FIELDS: Mapping[int, tuple[tuple[str, _Field], ...]] = {
    0: (("nonce", minimal), *_PRICE, *_MESSAGE, *_SIGNATURE),
    1: (*_HEAD, *_PRICE, *_MESSAGE, *_LISTED, *_SIGNATURE),
    2: (*_HEAD, *_FEES, *_MESSAGE, *_LISTED, *_SIGNATURE),
    3: (*_HEAD, *_FEES, *_MESSAGE, *_LISTED, *_BLOBS, *_SIGNATURE),
    4: (*_HEAD, *_FEES, *_MESSAGE, *_LISTED, *_DELEGATED, *_SIGNATURE),
}
"""Fields of each type of transaction (EIP-2718) in the order of its RLP list, and how each is read."""


def sender_of(item: Mapping[str, Any]) -> bytes:
    """The 20-byte address that signed a transaction, recovered from its signature.

    Args:
        item: the transaction, as a node answers it; :func:`transaction_rlp` must have proven its hash.

    Raises:
        WrongAnswerError: the signature is none.
    """
    with decoding("a transaction"):
        kind = number(item.get("type") or "0x0")
        fields = [read(item[name]) for name, read in _TRANSACTION_FIELDS[kind][:-3]]
        recovery = number(item["v"])
        if not kind:
            recovery, bound = _legacy_recovery(recovery)
            fields += bound
        signed = (bytes([kind]) if kind else b"") + encode(fields)
        signature = b"".join(number(item[name]).to_bytes(32, "big") for name in ("r", "s"))
        found = recovered(keccak(signed), signature + bytes([recovery]))
        if found is None:
            raise ValueError("no signature")
    return found


def _legacy_recovery(v: int) -> tuple[int, list[bytes]]:
    """The recovery id in ``v`` of a legacy transaction, and with what its signed fields end (EIP-155)."""
    # Before EIP-155 a signature was bound to no chain; geth's pool still takes such ones where it is told to.
    if v < 35:
        return v - 27, []
    chain_id = (v - 35) // 2
    return (v - 35) % 2, [integer(chain_id), b"", b""]


def transaction_rlp(item: Mapping[str, Any]) -> bytes:
    """A signed transaction in its EIP-2718 form, rebuilt from JSON.

    Raises:
        WrongAnswerError: it is malformed, of a type that is not known, or has another hash.
    """
    with decoding("a transaction"):
        kind = number(item.get("type") or "0x0")
        if kind not in _TRANSACTION_FIELDS:
            raise WrongAnswerError(f"a transaction is of type {kind}, which is not known")
        fields = [read(item[name]) for name, read in _TRANSACTION_FIELDS[kind]]
        encoded: bytes = encode(fields)
        if kind:
            encoded = bytes([kind]) + encoded
        if keccak(encoded) != unhexed(item["hash"]):
            raise WrongAnswerError(f"the transaction {item['hash']} does not have this hash")
    return encoded


def receipt_rlp(item: Mapping[str, Any]) -> bytes:
    """A receipt in its EIP-2718 form, as it stands in the block's trie, rebuilt from JSON.

    Raises:
        WrongAnswerError: it is malformed.
    """
    with decoding("a receipt"):
        kind = number(item.get("type") or "0x0")
        logs: list[Item] = [
            [unhexed(log["address"]), [unhexed(topic) for topic in log["topics"]], unhexed(log["data"])]
            for log in item["logs"]
        ]
        encoded: bytes = encode(
            [
                minimal(item["status"]),
                minimal(item["cumulativeGasUsed"]),
                unhexed(item["logsBloom"]),
                logs,
            ]
        )
        return bytes([kind]) + encoded if kind else encoded
