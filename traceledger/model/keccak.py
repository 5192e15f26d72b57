"""Keccak-256, Ethereum's hash.

Example:
    >>> keccak(b"").hex()[:8]
    'c5d24601'
"""

from __future__ import annotations

# Not eth_hash.auto: it imports whatever backends are installed, which takes as long as starting Python. Nor
# sha3, whose module adds nothing to this one but that it imports hashlib, and with it OpenSSL.
from _pysha3 import keccak_256


def keccak(data: bytes) -> bytes:
    """The 32 bytes of the hash."""
    digest: bytes = keccak_256(data).digest()
    return digest
