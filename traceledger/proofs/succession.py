r"""Successors of trust roots: a new one, signed by the keepers that the old one names, as EIP-712 typed data.

Whoever believes a trust root believes what its keepers put in its place, and what the keepers of that one put
in its place, and so on. So an old file leads to the newest one without anybody asking again.

Example:
    >>> digest(1, bytes(32), bytes(32), bytes(32)).hex()[:16]
    '9f86b8b0b25b4124'
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from traceledger.errors import InputError, VerificationError
from traceledger.model.counting import counted
from traceledger.model.hexadecimal import hexed
from traceledger.model.keccak import keccak
from traceledger.model.units import format_time
from traceledger.proofs import small_files
from traceledger.proofs.canonical import canonical_bytes, dumps
from traceledger.proofs.signatures import signer_of
from traceledger.proofs.trust import TrustRoot, from_document
from traceledger.storage import json_text

FORMAT = "traceledger-trust-root-successor"
VERSION = 2
_MOST_SIGNATURES = 1_000
_DOMAIN_TYPE = keccak(b"EIP712Domain(string name,string version,uint256 chainId,bytes32 salt)")
_TYPE = keccak(b"Succession(bytes32 predecessor,bytes32 successor)")
_NAME = keccak(b"TraceLedger Trust Root")
_VERSION = keccak(b"2")


@dataclass(frozen=True, slots=True)
class Succession:
    """A trust root that takes the place of another one.

    Attributes:
        predecessor: 32 bytes, the :func:`identity` of the one whose place it takes.
        root: the new one.
        signatures: of keepers of the old one, 65 bytes each.
    """

    predecessor: bytes
    root: TrustRoot
    signatures: tuple[bytes, ...]

    def joined(self, other: Succession) -> Succession:
        """The same with what others signed besides.

        Raises:
            InputError: they signed something else.
        """
        if (other.predecessor, other.root) != (self.predecessor, self.root):
            raise InputError("another successor was signed there", hint="all keepers sign the same two files")
        return replace(self, signatures=tuple(dict.fromkeys([*self.signatures, *other.signatures])))

    def dumps(self) -> str:
        """The text of its file."""
        document = {
            "format": FORMAT,
            "version": VERSION,
            "predecessor": hexed(self.predecessor),
            "root": self.root.to_dict(),
            "signatures": [hexed(each) for each in self.signatures],
        }
        return json.dumps(document, indent=2) + "\n"


def identity(trusted: TrustRoot) -> bytes:
    """The Keccak-256 of a trust root's canonical text: whatever its file looks like (B4)."""
    found: bytes = keccak(dumps(trusted.to_dict()))
    return found


def digest(chain_id: int, genesis_hash: bytes, predecessor: bytes, successor: bytes) -> bytes:
    """What a keeper signs: the EIP-712 hash of ``Succession(bytes32 predecessor,bytes32 successor)``."""
    domain = keccak(_DOMAIN_TYPE + _NAME + _VERSION + chain_id.to_bytes(32, "big") + genesis_hash)
    message = keccak(_TYPE + predecessor + successor)
    signed: bytes = keccak(b"\x19\x01" + domain + message)
    return signed


def to_sign(old: TrustRoot, new: TrustRoot) -> bytes:
    """What the keepers of ``old`` sign for ``new`` to take its place: 32 bytes.

    Raises:
        VerificationError: ``new`` cannot follow ``old``, whoever signs.
    """
    _require_fit(old, new)
    return digest(old.chain_id, old.genesis_hash, identity(old), identity(new))


def follow(trusted: TrustRoot, successions: Sequence[Succession]) -> TrustRoot:
    """The newest trust root that successors lead to, from one that is believed; each of them is needed.

    Raises:
        VerificationError: one is not signed by enough keepers of the one before it, follows none of them, or
            is of another chain or older.
    """
    waiting = list(successions)
    current = trusted
    while waiting:
        here = identity(current)
        found = [each for each in waiting if each.predecessor == here]
        if not found:
            raise VerificationError(
                "a successor follows neither the trust root nor another successor that was given",
                hint="give those between as well, or get the successor of this trust root",
            )
        # B5: of two that both keepers signed nobody can say which is right.
        if any(each.root != found[0].root for each in found):
            raise VerificationError(
                "two different successors of one trust root were given",
                hint="ask whoever gave you the trust root which of them is right",
            )
        _require_signed(current, found)
        waiting = [each for each in waiting if each.predecessor != here]
        current = found[0].root
    return current


def require_unexpired(trusted: TrustRoot, now: int) -> None:
    """That a trust root may still be believed at a time, UTC seconds.

    Raises:
        VerificationError: it has expired.
    """
    # B6.
    if trusted.expires is not None and now >= trusted.expires:
        hint = "get its successor, and give it with --successor" if trusted.keepers else "get a new one"
        raise VerificationError(f"the trust root expired at {format_time(trusted.expires)}", hint=hint)


def _require_signed(old: TrustRoot, successions: Sequence[Succession]) -> None:
    """B5: by enough of the keepers, each counted once."""
    if old.keepers is None:
        raise VerificationError(
            "the trust root names no keepers, so that nothing can follow it", hint="get a new one"
        )
    signed = to_sign(old, successions[0].root)
    signatures = dict.fromkeys(one for each in successions for one in each.signatures)
    signers = {signer_of(signed, each) for each in signatures} & set(old.keepers.addresses)
    if len(signers) < old.keepers.threshold:
        raise VerificationError(
            f"{len(signers)} of the {counted(old.keepers.threshold, 'keeper')} needed signed the successor",
            hint="it is forged, or not all of them have signed yet",
        )


def _require_fit(old: TrustRoot, new: TrustRoot) -> None:
    if (old.chain_id, old.genesis_hash) != (new.chain_id, new.genesis_hash):
        raise VerificationError("the successor is of another chain than the trust root")
    if identity(old) == identity(new):
        raise VerificationError("the successor is the trust root itself")
    # B5: nobody is led back to where older states count.
    if new.newest_pin < old.newest_pin:
        raise VerificationError(
            f"the successor pins no block from {old.newest_pin} on, as the trust root does",
            hint=f"pin block {old.newest_pin} or a later one",
        )


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
    format: Literal["traceledger-trust-root-successor"]
    version: Literal[2]
    predecessor: str
    root: dict[str, Any]
    signatures: Annotated[list[str], Field(max_length=_MOST_SIGNATURES)]


def load(path: Path) -> Succession:
    """Read a successor's file. Whether it follows is asked by :func:`follow`.

    Raises:
        InputError: the file is missing, or is none.
    """
    return small_files.load(path, loads, kind="no successor")


def loads(text: bytes | str) -> Succession:
    """A successor from the text of its file.

    Raises:
        InputError: as :func:`load`.
    """
    try:
        model = _Model.model_validate(json_text.loads(text))
    except ValidationError as invalid:
        fault = invalid.errors(include_url=False, include_input=False)[0]
        field = ".".join(str(part) for part in fault["loc"])
        hint = "traceledger trust-root succeed makes one"
        raise InputError(
            f"no successor of a trust root: {fault['msg'].lower()}", where=field, hint=hint
        ) from None
    return Succession(
        predecessor=canonical_bytes(model.predecessor, size=32),
        root=from_document(model.root),
        signatures=tuple(canonical_bytes(each, size=65) for each in model.signatures),
    )
