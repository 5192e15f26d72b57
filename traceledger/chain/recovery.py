"""Addresses of secp256k1 keys, and whose key signed a hash.

Example:
    >>> recovered(bytes(32), bytes(65)) is None
    True
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from traceledger.model.keccak import keccak

if TYPE_CHECKING:
    from coincurve import PublicKey


def address_of(key: PublicKey) -> bytes:
    """The 20-byte address of a public key."""
    return keccak(key.format(compressed=False)[1:])[12:]


def recovered(digest: bytes, signature: bytes) -> bytes | None:
    """The 20-byte address whose key signed a hash; ``None`` if that is no signature.

    Args:
        digest: 32 bytes.
        signature: r, s and the recovery id. Whether s may be the higher one (EIP-2) is for the caller.
    """
    from coincurve import PublicKey

    try:
        return address_of(PublicKey.from_signature_and_message(signature, digest, hasher=None))
    except Exception:  # noqa: BLE001  (coincurve raises bare Exception and ValueError)
        return None
