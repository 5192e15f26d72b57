"""Receipts of transactions, as they stand in a block's receipt trie.

A receipt is RLP of status, gas used, bloom filter and logs; from EIP-2718 on, a byte for the transaction's
type may stand before it.

Example:
    >>> logs_of(bytes.fromhex("c4018080c0"), 0)
    []
"""

from __future__ import annotations

from typing import Any

from traceledger.chain.base import Log
from traceledger.errors import InputError, VerificationError
from traceledger.proofs.proved_headers import decoded

_TYPES = 0x7F
_FIELDS = 4
_LOG_FIELDS = 3
_MOST_TOPICS = 4


def logs_of(receipt: bytes, transaction_index: int) -> list[Log]:
    """The logs of a receipt; ``index`` of each counts within the receipt, from 0.

    Raises:
        VerificationError: that is no receipt.
    """
    # R9: a byte up to 0x7f is a type (EIP-2718); RLP of a list begins with 0xc0 or more.
    body = receipt[1:] if receipt and receipt[0] <= _TYPES else receipt
    try:
        fields = decoded(body, "a receipt")
    except InputError:
        raise _malformed() from None
    if not isinstance(fields, list) or len(fields) != _FIELDS or not isinstance(fields[3], list):
        raise _malformed()
    return [_log(item, transaction_index, place) for place, item in enumerate(fields[3])]


def _log(item: Any, transaction_index: int, place: int) -> Log:
    if type(item) is not list or len(item) != _LOG_FIELDS:
        raise _malformed()
    address, topics, data = item
    if type(address) is not bytes or type(topics) is not list or type(data) is not bytes:
        raise _malformed()
    if len(address) != 20 or len(topics) > _MOST_TOPICS:
        raise _malformed()
    for topic in topics:
        if type(topic) is not bytes or len(topic) != 32:
            raise _malformed()
    return Log(address, tuple(topics), data, transaction_index, place)


def _malformed() -> VerificationError:
    return VerificationError("a receipt is malformed", hint="the file is damaged or forged")
