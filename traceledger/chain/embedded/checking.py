"""Holds the rows of a block against its header, as it is done with what nodes answer (:mod:`..rpc.blocks`).

The header must have the block's hash, follow the block before and bear the authority's seal; the signed
transactions must have the header's root, and the receipts too, which hold the logs; senders are recovered
from the signatures. So nothing is read that the authority has not sealed. What a block does to the state is
not run again: ``traceledger node verify`` does that.

Example:
    >>> from traceledger.chain.embedded.checking import blooms_of
    >>> blooms_of([bytes(255) + b"a", bytes(255) + b"b"])[-1]
    99
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import or_

from traceledger.chain.base import Block, BlockRef, Transaction
from traceledger.chain.embedded.bodies import fields_of, logs_of, transaction_of, unpacked
from traceledger.chain.embedded.database import ChainIdentity
from traceledger.chain.recovery import recovered
from traceledger.chain.rlp import decode, encode
from traceledger.chain.trie import ordered_root
from traceledger.model.keccak import keccak

_AUTHORITY, _TRANSACTIONS, _RECEIPTS, _BLOOM = 2, 4, 5, 6
_NUMBER, _TIME, _EXTRA, _NONCE = 8, 11, 12, 14
VANITY_BYTES = 32


def vanity(authority: bytes) -> bytes:
    """The 32 bytes that open the extra data of every block: a tag, then the authority's address."""
    return b"TraceLedger\x01" + authority


class RowsDifferError(ValueError):
    """Rows of a block are not what its header vouches for; the message completes "block N: ..."."""


def checked(
    ref: BlockRef,
    parent: BlockRef | None,
    header: bytes,
    kept: bytes,
    rows: Sequence[tuple[bytes, bytes, int]],
    *,
    of: ChainIdentity,
) -> Block:
    """A block, held against its header.

    Args:
        ref: what its row says of it.
        parent: the block before it, held already; ``None`` where its hash is compared elsewhere.
        header: its RLP, seal included.
        kept: its transactions and receipts (:func:`.bodies.packed`).
        rows: hash, sender and nonce of each transaction, by which it is found.
        of: which chain it is, and who seals its blocks.

    Raises:
        RowsDifferError: something differs.
    """
    try:
        fields = decode(header)
        _check_header(ref, parent, header, fields, of)
        bodies = unpacked(kept)
        if ordered_root([raw for raw, _ in bodies]) != fields[_TRANSACTIONS]:
            raise RowsDifferError("its transactions are not those that its header vouches for")
        if ordered_root([receipt for _, receipt in bodies]) != fields[_RECEIPTS]:
            raise RowsDifferError("its receipts are not those that its header vouches for")
        sent = tuple(_transaction(at, raw) for at, (raw, _) in enumerate(bodies))
        receipts = [fields_of(receipt)[1] for _, receipt in bodies]
        logs = logs_of(receipts)
    except (ValueError, IndexError, TypeError, OverflowError) as error:
        if isinstance(error, RowsDifferError):
            raise
        raise RowsDifferError(f"it is malformed: {error}") from error
    if [(each.hash, each.sender, each.nonce) for each in sent] != list(rows):
        raise RowsDifferError("a transaction's row is not what was signed")
    if any(receipt[0] != b"\1" for receipt in receipts):
        raise RowsDifferError("it holds a failed transaction")
    if blooms_of([receipt[2] for receipt in receipts]) != fields[_BLOOM]:
        raise RowsDifferError("its bloom is not that of its receipts")
    return Block(ref, sent, logs)


def blooms_of(blooms: Sequence[bytes]) -> bytes:
    """The bloom of a block, of those of its receipts: 256 bytes."""
    return reduce(or_, (int.from_bytes(bloom, "big") for bloom in blooms), 0).to_bytes(256, "big")


def _check_header(
    ref: BlockRef,
    parent: BlockRef | None,
    header: bytes,
    fields: list[bytes],
    of: ChainIdentity,
) -> None:
    said = BlockRef(_number(fields[_NUMBER]), keccak(header), fields[0], _number(fields[_TIME]))
    if ref != said:
        raise RowsDifferError("its number, hash, parent or time is not that of its header")
    if parent is not None and ref.parent_hash != parent.hash:
        raise RowsDifferError("it does not follow the block before it")
    extra = fields[_EXTRA]
    if fields[_AUTHORITY] != of.authority or extra[:VANITY_BYTES] != vanity(of.authority):
        raise RowsDifferError("it is not of this chain's authority")
    if ref.number == 0:
        if len(extra) != VANITY_BYTES or _number(fields[_NONCE]) != of.chain_id:
            raise RowsDifferError("it is not the first block of this chain")
    elif _recovered(_bare(fields), extra[VANITY_BYTES:]) != of.authority:
        raise RowsDifferError("its seal is not the authority's")


def _bare(fields: list[bytes]) -> bytes:
    """The header as the authority signed it: without the seal."""
    return encode([*fields[:_EXTRA], fields[_EXTRA][:VANITY_BYTES], *fields[_EXTRA + 1 :]])


def _transaction(at: int, raw: bytes) -> Transaction:
    kind, fields = fields_of(raw)
    return transaction_of(at, raw, kind, fields, _sender(kind, fields))


def sender_of(raw: bytes) -> bytes:
    """The 20-byte address that signed a transaction.

    Args:
        raw: as it is signed (EIP-2718), of a type that this chain takes; legacy ones are bound to a chain.

    Raises:
        ValueError: it is malformed, or its signature is none.
    """
    return _sender(*fields_of(raw))


def _sender(kind: int, fields: Sequence[bytes]) -> bytes:
    *signed, v, r, s = fields
    recovery = _number(v)
    if not kind:
        # EIP-155: the signature is bound to the chain's id.
        bound = ((recovery - 35) // 2).to_bytes(8, "big").lstrip(b"\0")
        signed, recovery = [*signed, bound, b"", b""], (recovery - 35) % 2
    if recovery > 1:
        raise RowsDifferError("a signature's recovery id is neither 0 nor 1")
    message = (bytes([kind]) if kind else b"") + encode(signed)
    return _recovered(message, r.rjust(32, b"\0") + s.rjust(32, b"\0") + bytes([recovery]))


def _recovered(message: bytes, signature: bytes) -> bytes:
    """The address whose key signed the hash of a message: r, s and recovery id."""
    found = recovered(keccak(message), signature)
    if found is None:
        raise RowsDifferError("a signature is none")
    return found


def _number(data: bytes) -> int:
    return int.from_bytes(data, "big")
