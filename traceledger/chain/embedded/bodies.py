"""A block's signed transactions and receipts, as its row keeps them: compressed together.

They alone say what happened in a block, as its header vouches for them; so nothing of them is kept twice.
Those of a hundred operations are much alike: together they take 160 bytes each, singly 500, and as they are
1,800.

Example:
    >>> unpacked(packed([(b"signed", b"receipt")]))
    [(b'signed', b'receipt')]
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import Any

from traceledger.chain.base import Log, Transaction
from traceledger.chain.rlp import decode, encode
from traceledger.errors import InputError
from traceledger.model.keccak import keccak

MOST_BYTES = 256 * 1024 * 1024
"""Bytes of all transactions and receipts of a block: what is read of a file takes no more memory."""

# Where nonce, recipient and input stand in each type of transaction that this chain takes (EIP-2718).
_PLACES = {0: (0, 3, 5), 1: (1, 4, 6), 2: (1, 5, 7)}


def packed(bodies: Sequence[tuple[bytes, bytes]]) -> bytes:
    """Transactions and their receipts, each as in the tries (EIP-2718), as a row keeps them.

    Raises:
        InputError: they are more than :data:`MOST_BYTES`.
    """
    together = encode([[raw for raw, _ in bodies], [receipt for _, receipt in bodies]])
    if len(together) > MOST_BYTES:
        raise InputError("the transactions are too many for a block", hint="send them in several batches")
    return zlib.compress(together)


def unpacked(kept: bytes) -> list[tuple[bytes, bytes]]:
    """What :func:`packed` was given.

    Raises:
        ValueError: it is damaged.
    """
    unpacking = zlib.decompressobj()
    try:
        together = unpacking.decompress(kept, MOST_BYTES)
    except zlib.error as error:
        raise ValueError(f"what is compressed is damaged: {error}") from error
    if not unpacking.eof or unpacking.unused_data:
        raise ValueError("what is compressed does not end where it should")
    raws, receipts = decode(together)
    if not all(isinstance(each, bytes) for each in (*raws, *receipts)):
        raise ValueError("it is not made of transactions and receipts")
    return list(zip(raws, receipts, strict=True))


def fields_of(encoded: bytes) -> tuple[int, list[Any]]:
    """The type of a transaction or receipt, and the fields of its RLP list (EIP-2718).

    Raises:
        ValueError: it is malformed, or of a type that this chain does not take.
    """
    kind = encoded[0] if encoded and encoded[0] < 0x80 else 0
    if kind not in _PLACES:
        raise ValueError("it has a transaction of a type that this chain does not take")
    return kind, decode(encoded[1:] if kind else encoded)


def transaction_of(at: int, raw: bytes, kind: int, fields: Sequence[bytes], sender: bytes) -> Transaction:
    """The transaction ``raw`` at a position of a block, of its type and fields; receipts say it succeeded."""
    nonce, to, data = (fields[place] for place in _PLACES[kind])
    return Transaction(keccak(raw), at, sender, to or None, int.from_bytes(nonce, "big"), data, True)


def logs_of(receipts: Sequence[Sequence[Any]]) -> tuple[Log, ...]:
    """The logs of a block's receipts, whose fields are given."""
    entries = [(at, log) for at, receipt in enumerate(receipts) for log in receipt[3]]
    return tuple(Log(log[0], tuple(log[1]), log[2], at, index) for index, (at, log) in enumerate(entries))
