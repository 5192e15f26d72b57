"""Who signed a hash: recovery of secp256k1 public keys.

Example:
    >>> signer_of(bytes(32), bytes(65)) is None
    True
"""

from __future__ import annotations

from traceledger.chain.recovery import recovered

_ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
_SIGNATURE = 65


def signer_of(digest: bytes, signature: bytes) -> bytes | None:
    """The 20-byte address whose key signed; ``None`` if that is no signature.

    Args:
        digest: 32 bytes.
        signature: r, s and the recovery id, which is 0 or 1 (or 27 or 28). A high s is refused
            (EIP-2): it would be a second signature of the same hash that anyone could make.
    """
    # E7.
    if len(signature) != _SIGNATURE or int.from_bytes(signature[32:64], "big") > _ORDER // 2:
        return None
    recovery = signature[64] - 27 if signature[64] in (27, 28) else signature[64]
    if recovery > 1:
        return None
    return recovered(digest, signature[:64] + bytes((recovery,)))
