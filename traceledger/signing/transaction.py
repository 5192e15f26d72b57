"""Signed transactions: legacy ones with EIP-155 replay protection and gas price zero by default.

coincurve signs some twenty times as fast as eth-account, with the same bytes (a test compares them).
"""

from __future__ import annotations

from dataclasses import dataclass

import rlp
from coincurve import PrivateKey
from eth_hash.auto import keccak


@dataclass(frozen=True, slots=True)
class UnsignedTransaction:
    """What is to be signed. ``to`` is empty for a contract creation; ``gas_price`` is in wei."""

    chain_id: int
    nonce: int
    gas: int
    to: bytes
    data: bytes
    gas_price: int = 0


def _integer(value: int) -> bytes:
    return value.to_bytes((value.bit_length() + 7) // 8, "big")


def address_of(key: PrivateKey) -> bytes:
    """The 20-byte address of a private key."""
    return keccak(key.public_key.format(compressed=False)[1:])[12:]


def sign(transaction: UnsignedTransaction, key: PrivateKey) -> bytes:
    """The raw bytes of the signed transaction."""
    body = [
        _integer(transaction.nonce),
        _integer(transaction.gas_price),
        _integer(transaction.gas),
        transaction.to,
        b"",
        transaction.data,
    ]
    digest = keccak(rlp.encode([*body, _integer(transaction.chain_id), b"", b""]))
    signature = key.sign_recoverable(digest, hasher=None)
    v = signature[64] + 35 + 2 * transaction.chain_id
    r, s = signature[:32].lstrip(b"\0"), signature[32:64].lstrip(b"\0")
    return bytes(rlp.encode([*body, _integer(v), r, s]))


def transaction_hash(raw: bytes) -> bytes:
    """The hash under which a raw transaction will be found on the chain."""
    return keccak(raw)
