"""Checkpoints: a witness's signature over a block's number and hash, as EIP-712 typed data.

A witness runs or reads a node of its own and signs what it saw to be final there. Enough of them together
stand for a block, whoever sealed it.

Example:
    >>> digest(1, bytes(32), 2, bytes(32)).hex()[:16]
    'f4064d1d02ed7698'
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from traceledger.errors import InputError
from traceledger.model.keccak import keccak
from traceledger.proofs.records import Checkpoint, record_in, text_of
from traceledger.proofs.signatures import signer_of
from traceledger.proofs.trust import TrustRoot
from traceledger.storage.files import reading

_MOST_BYTES = 4096
_DOMAIN_TYPE = keccak(b"EIP712Domain(string name,string version,uint256 chainId,bytes32 salt)")
_TYPE = keccak(b"Checkpoint(uint256 number,bytes32 hash)")
_NAME = keccak(b"TraceLedger Checkpoint")
_VERSION = keccak(b"2")


def digest(chain_id: int, genesis_hash: bytes, number: int, block_hash: bytes) -> bytes:
    """What a witness signs: the EIP-712 hash of ``Checkpoint(uint256 number,bytes32 hash)``.

    The genesis hash (32 bytes) is the domain's salt: chains may share an id, and a signature is for one.
    """
    domain = keccak(_DOMAIN_TYPE + _NAME + _VERSION + chain_id.to_bytes(32, "big") + genesis_hash)
    message = keccak(_TYPE + number.to_bytes(32, "big") + block_hash)
    signed: bytes = keccak(b"\x19\x01" + domain + message)
    return signed


def witness_of(checkpoint: Checkpoint, genesis_hash: bytes) -> bytes | None:
    """Address of the key that signed, for the chain of that genesis; ``None`` if the signature is none."""
    signed = digest(checkpoint.chain_id, genesis_hash, checkpoint.number, checkpoint.hash)
    return signer_of(signed, checkpoint.signature)


def witnessed(checkpoints: Iterable[Checkpoint], trusted: TrustRoot) -> dict[int, dict[bytes, set[bytes]]]:
    """What the trusted witnesses signed: by block number and hash, their addresses.

    Checkpoints of others, and for other chains, are left aside: they prove nothing.
    """
    if trusted.witnesses is None:
        return {}
    found: dict[int, dict[bytes, set[bytes]]] = {}
    for checkpoint in checkpoints:
        # R3: left aside, not refused: whoever hands a file on may add a checkpoint that this reader does not
        # know.
        if checkpoint.chain_id != trusted.chain_id:
            continue
        witness = witness_of(checkpoint, trusted.genesis_hash)
        if witness in trusted.witnesses.addresses:
            found.setdefault(checkpoint.number, {}).setdefault(checkpoint.hash, set()).add(witness)
    return found


def write(checkpoint: Checkpoint) -> bytes:
    """The text of a checkpoint's file."""
    return text_of(checkpoint) + b"\n"


def read(path: Path) -> Checkpoint:
    """Read a checkpoint's file.

    Raises:
        InputError: it is missing, or holds no checkpoint.
    """
    with reading(path) as file:
        text = file.read(_MOST_BYTES)
    try:
        record = record_in(text.removesuffix(b"\n"))
    except InputError as error:
        raise InputError(error.what, hint=error.hint, where=path) from None
    if not isinstance(record, Checkpoint):
        raise InputError("not a checkpoint", where=path, hint="traceledger proof witness makes one")
    return record
