"""Block headers as nodes answer them, rebuilt from JSON, so that a block's hash proves what is said of it.

The header's hash covers the roots of state, transactions and receipts, and the parent's hash. Every fork
that added fields is understood: Berlin (15 fields), London (16), Shanghai (17), Cancun (20), Prague (21),
with extra data of any length, as proof of authority needs. Under QBFT the hash leaves out what validators
add after they agreed: the number of the round, and the seals.

Example:
    >>> from traceledger.chain.rpc.faults import WrongAnswerError
    >>> from traceledger.chain.headers import header_of
    >>> try:
    ...     header_of({"number": "0x1"})
    ... except WrongAnswerError as error:
    ...     print(error)
    a block is malformed: it lacks 'parentHash'
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from traceledger.chain.base import BlockRef
from traceledger.chain.rlp import decode, encode
from traceledger.chain.rpc.faults import WrongAnswerError, decoding
from traceledger.model.hexadecimal import minimal, number, unhexed
from traceledger.model.keccak import keccak

HEADER_FIELDS = (
    ("parentHash", False),
    ("sha3Uncles", False),
    ("miner", False),
    ("stateRoot", False),
    ("transactionsRoot", False),
    ("receiptsRoot", False),
    ("logsBloom", False),
    ("difficulty", True),
    ("number", True),
    ("gasLimit", True),
    ("gasUsed", True),
    ("timestamp", True),
    ("extraData", False),
    ("mixHash", False),
    ("nonce", False),
    ("baseFeePerGas", True),
    ("withdrawalsRoot", False),
    ("blobGasUsed", True),
    ("excessBlobGas", True),
    ("parentBeaconBlockRoot", False),
    ("requestsHash", False),
)
"""Names of a header's fields in the order of its RLP list, and whether each is a quantity."""

_FIRST_FIELDS = 15
"""How many fields a header had before London; later forks each added some at the end."""

_EXTRA_DATA = 12
BFT_MIX_HASH = bytes.fromhex("63746963616c2062797a616e74696e65206661756c7420746f6c6572616e6365")
"""By this ``mixHash`` Istanbul's descendants, QBFT among them, mark their blocks."""

_AGREED_ITEMS = 3
"""The items of QBFT's extra data before the round's number: vanity, validators, vote."""


@dataclass(frozen=True, slots=True)
class Header:
    """What a block's header says, once its hash is proven.

    Args:
        ref: the block's number, hash, parent and time.
        state_root: of the accounts after the block.
        transactions_root: of its transactions.
        receipts_root: of their receipts.
        extra_data: with the seals of proof-of-authority engines.
        encoded: its RLP, seals included; :func:`header_hash` of it is the block's hash.
    """

    ref: BlockRef
    state_root: bytes
    transactions_root: bytes
    receipts_root: bytes
    extra_data: bytes
    encoded: bytes


def header_rlp(block: Mapping[str, Any]) -> bytes:
    """The RLP of a block's header, seals included.

    Args:
        block: the block as ``eth_getBlockByNumber`` answers it.

    Raises:
        WrongAnswerError: a field is missing or malformed.
    """
    return encode(_fields(block))


def _fields(block: Mapping[str, Any]) -> list[bytes]:
    with decoding("a block"):
        fields = [_field(block[name], is_number) for name, is_number in HEADER_FIELDS[:_FIRST_FIELDS]]
        # A node names later fields only from their fork on; the first that lacks ends the header. The hash
        # tells whether that is right.
        for name, is_number in HEADER_FIELDS[_FIRST_FIELDS:]:
            value = block.get(name)
            if value is None:
                break
            fields.append(_field(value, is_number))
    return fields


def header_hash(encoded: bytes) -> bytes:
    """The hash of a header: Keccak-256 of its RLP, under QBFT without the number of the round and the seals.

    Raises:
        WrongAnswerError: it is no header.
    """
    with decoding("a header"):
        return _hash_of(decode(encoded), encoded)


def _hash_of(fields: list[bytes], encoded: bytes) -> bytes:
    if fields[_EXTRA_DATA + 1] != BFT_MIX_HASH:
        return keccak(encoded)
    agreed = _agreed(fields[_EXTRA_DATA])
    return keccak(encode([*fields[:_EXTRA_DATA], agreed, *fields[_EXTRA_DATA + 1 :]]))


def header_of(block: Mapping[str, Any], wanted: int | None = None) -> Header:
    """The header of a block, its hash checked.

    Args:
        block: the block as ``eth_getBlockByNumber`` answers it.
        wanted: the number that was asked for, if one was.

    Raises:
        WrongAnswerError: a field is missing or malformed, the hash is not that of the header, or it is
            another block than was asked for.
    """
    fields = _fields(block)
    encoded = encode(fields)
    with decoding("a block"):
        digest, parent = unhexed(block["hash"]), unhexed(block["parentHash"])
        at = number(block["number"])
        if _hash_of(fields, encoded) != digest:
            raise WrongAnswerError(f"the header of block {at} does not have the block's hash")
        if wanted not in {None, at}:
            raise WrongAnswerError(f"block {at} came instead of block {wanted}")
        return Header(
            ref=BlockRef(at, digest, parent, number(block["timestamp"])),
            state_root=unhexed(block["stateRoot"]),
            transactions_root=unhexed(block["transactionsRoot"]),
            receipts_root=unhexed(block["receiptsRoot"]),
            extra_data=unhexed(block["extraData"]),
            encoded=encoded,
        )


def _field(value: str, is_number: bool) -> bytes:
    return minimal(value) if is_number else unhexed(value)


def _agreed(extra_data: bytes) -> bytes:
    """QBFT's extra data as the block's hash has it: round 0, and no seals."""
    items = decode(extra_data)
    kept: bytes = encode([*items[:_AGREED_ITEMS], b"", []])
    return kept
