"""Keccak-256 and the RLP of nested lists of bytes, quick enough to check every block that is read.

``rlp.encode`` infers types and checks them, and eth-hash by itself takes the slowest library it finds; both
give the same bytes.

Example:
    >>> from traceledger.chain.encoding import encode
    >>> encode([b"cat", [], b"a"]).hex()
    'c683636174c061'
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

from eth_hash.backends.pysha3 import keccak256

Item: TypeAlias = "bytes | Sequence[Item]"
"""What RLP encodes: bytes, or a list of such."""

_SHORT = 56
_BYTES, _LIST = 0x80, 0xC0


def keccak(value: bytes) -> bytes:
    """Keccak-256: 32 bytes."""
    digest: bytes = keccak256(value)
    return digest


def encode(item: Item) -> bytes:
    """The RLP of bytes or of a list."""
    if isinstance(item, bytes):
        if len(item) == 1 and item[0] < _BYTES:
            return item
        return _head(_BYTES, len(item)) + item
    body = b"".join([encode(part) for part in item])
    return _head(_LIST, len(body)) + body


def decode(encoded: bytes) -> Any:
    """The bytes or the list in RLP.

    Raises:
        ValueError: it is not RLP.
    """
    import rlp
    from rlp.exceptions import RLPException

    try:
        return rlp.decode(encoded)
    except (RLPException, RecursionError) as error:
        raise ValueError(f"not RLP: {error}") from None


def _head(kind: int, size: int) -> bytes:
    if size < _SHORT:
        return bytes((kind + size,))
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((kind + _SHORT - 1 + len(length),)) + length
