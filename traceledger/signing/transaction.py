"""Signed transactions: legacy ones with EIP-155 replay protection, or of type 2 with EIP-1559 fees.

A key in memory signs by coincurve, some twenty times as fast as eth-account and with the same bytes (a test
compares them), deterministically (RFC 6979): the same transaction signed twice is the same bytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from traceledger.chain.recovery import recovered
from traceledger.chain.rlp import Item, decode, encode, integer
from traceledger.errors import InputError
from traceledger.model.keccak import keccak
from traceledger.signing.places import Signer

_DYNAMIC_FEES = b"\x02"
_FIRST_LEGACY_BYTE = 0xC0
_LEGACY_FIELDS = 9
_DYNAMIC_FIELDS = 12


@dataclass(frozen=True, slots=True)
class UnsignedTransaction:
    """What is to be signed. ``to`` is empty for a contract creation; prices are in wei.

    With ``max_fee_per_gas`` it is of type 2 (EIP-1559), and ``gas_price`` has no meaning.
    """

    chain_id: int
    nonce: int
    gas: int
    to: bytes
    data: bytes
    gas_price: int = 0
    max_fee_per_gas: int | None = None
    max_priority_fee_per_gas: int | None = None


@dataclass(frozen=True, slots=True)
class SignedTransaction:
    """What a raw transaction says, and the address that its signature recovers to.

    ``chain_id`` is ``None`` for a legacy one that any chain takes; ``to`` is empty for a contract creation.
    ``fees`` are in wei by name; ``access_list`` has the RLP of each entry.
    """

    hash: bytes
    sender: bytes
    chain_id: int | None
    nonce: int
    gas: int
    to: bytes
    value: int
    data: bytes
    fees: Mapping[str, int] = field(default_factory=dict)
    access_list: tuple[bytes, ...] = ()


def sign(transaction: UnsignedTransaction, signer: Signer) -> bytes:
    """The raw bytes of the signed transaction."""
    if transaction.max_fee_per_gas is not None:
        return _sign_dynamic(transaction, signer)
    body: list[Item] = [
        integer(transaction.nonce),
        integer(transaction.gas_price),
        integer(transaction.gas),
        transaction.to,
        b"",
        transaction.data,
    ]
    # EIP-155: signed with the chain id in the place of v, and nothing in those of r and s.
    digest = keccak(encode([*body, integer(transaction.chain_id), b"", b""]))
    parity, r, s = _signature(digest, signer)
    return encode([*body, integer(parity + 35 + 2 * transaction.chain_id), r, s])


def _sign_dynamic(transaction: UnsignedTransaction, signer: Signer) -> bytes:
    """EIP-2718 envelope of type 2, with an empty access list."""
    body: list[Item] = [
        integer(transaction.chain_id),
        integer(transaction.nonce),
        integer(transaction.max_priority_fee_per_gas or 0),
        integer(transaction.max_fee_per_gas or 0),
        integer(transaction.gas),
        transaction.to,
        b"",
        transaction.data,
        [],
    ]
    parity, r, s = _signature(keccak(_DYNAMIC_FEES + encode(body)), signer)
    return _DYNAMIC_FEES + encode([*body, integer(parity), r, s])


def _signature(digest: bytes, signer: Signer) -> tuple[int, bytes, bytes]:
    signature = signer.sign_hash(digest)
    # RLP writes numbers without leading zeros: one r in 256 has one.
    return signature[64], signature[:32].lstrip(b"\0"), signature[32:64].lstrip(b"\0")


def transaction_hash(raw: bytes) -> bytes:
    """The hash under which a raw transaction will be found on the chain."""
    return keccak(raw)


def decode_signed(raw: bytes) -> SignedTransaction:
    """Read a raw transaction, and recover who signed it.

    Raises:
        InputError: it is not a legacy or EIP-1559 transaction, or its signature is none.
    """
    try:
        if raw[:1] == _DYNAMIC_FEES:
            return _decode_dynamic(raw)
        if raw and raw[0] >= _FIRST_LEGACY_BYTE:
            return _decode_legacy(raw)
    except (ValueError, TypeError, IndexError):
        pass
    raise InputError("not a signed transaction", hint="legacy and EIP-1559 transactions are understood")


def _decode_legacy(raw: bytes) -> SignedTransaction:
    fields = _fields(decode(raw), _LEGACY_FIELDS)
    nonce, price, gas, to, value, data, v, r, s = fields
    number = _number(v)
    chain_id = (number - 35) // 2 if number >= 35 else None
    parity = (number - 35) % 2 if number >= 35 else number - 27
    replay = [] if chain_id is None else [integer(chain_id), b"", b""]
    sender = _recovered(keccak(encode([*fields[:6], *replay])), parity, r, s)
    return SignedTransaction(
        keccak(raw),
        sender,
        chain_id,
        _number(nonce),
        _number(gas),
        to,
        _number(value),
        data,
        {"gas_price": _number(price)},
    )


def _decode_dynamic(raw: bytes) -> SignedTransaction:
    fields = _fields(decode(raw[1:]), _DYNAMIC_FIELDS)
    chain_id, nonce, priority, most, gas, to, value, data, access, parity, r, s = fields
    sender = _recovered(keccak(_DYNAMIC_FEES + encode(fields[:9])), _number(parity), r, s)
    numbers = (_number(chain_id), _number(nonce), _number(gas))
    fees = {"max_fee_per_gas": _number(most), "max_priority_fee_per_gas": _number(priority)}
    entries = tuple(map(encode, access))
    return SignedTransaction(keccak(raw), sender, *numbers, to, _number(value), data, fees, entries)


def _fields(decoded: Any, count: int) -> list[Any]:
    if not isinstance(decoded, list) or len(decoded) != count:
        raise ValueError("another number of fields")
    return decoded


def _number(value: bytes) -> int:
    return int.from_bytes(value, "big")


def _recovered(digest: bytes, parity: int, r: bytes, s: bytes) -> bytes:
    if parity not in (0, 1):
        raise ValueError("no parity")
    signature = r.rjust(32, b"\0") + s.rjust(32, b"\0") + bytes([parity])
    found = recovered(digest, signature)
    if found is None:
        raise ValueError("no signature")
    return found
