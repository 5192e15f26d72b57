"""Seal blocks with a private key held in memory."""

from __future__ import annotations

from dataclasses import field
from typing import Any

from traceledger.errors import SigningError
from traceledger.model.frozen import frozen


@frozen
class KeySealer:
    """Signs block hashes; ``address`` is the 20-byte address of its key. Make with :func:`key_sealer`."""

    address: bytes
    _key: Any = field(repr=False)

    def __call__(self, block_hash: bytes) -> bytes:
        """The 65-byte signature (r, s, recovery id) of a 32-byte hash, deterministic (RFC 6979)."""
        signature: bytes = self._key.sign_recoverable(block_hash, hasher=None)
        return signature


def key_sealer(private_key: bytes) -> KeySealer:
    """A sealer for a secp256k1 private key of 32 bytes.

    Raises:
        SigningError: it is not a private key.
    """
    import coincurve
    from eth_hash.auto import keccak

    try:
        if len(private_key) != 32:
            raise ValueError("wrong length")
        key = coincurve.PrivateKey(private_key)
    except ValueError as error:
        raise SigningError(
            "the authority's key is not a secp256k1 private key", hint="it has 32 bytes"
        ) from error
    return KeySealer(keccak(key.public_key.format(compressed=False)[1:])[-20:], key)
