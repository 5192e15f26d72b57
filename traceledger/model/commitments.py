"""Salted commitments to texts that their owner keeps off the chain, and what opens them. docs/privacy.md.

On chain stands ``urn:traceledger:private:1:`` and the SHA-256, as 64 lower-case hexadecimal digits, of

    prefix ‖ kind ‖ ":" ‖ owner (20 bytes) ‖ salt (32 bytes) ‖ text (UTF-8)

Kind and owner are part of it, so that nobody can use a commitment for another field or another company. No
chain, no I/O.

Example:
    >>> opening = Opening(FieldKind.BATCH, owner=bytes(20), salt=bytes(32), text="KOL-1")
    >>> opening.commitment.startswith(PREFIX), len(opening.commitment)
    (True, 90)
    >>> opens(opening, FieldKind.BATCH, bytes(20), opening.commitment)
    True
    >>> opens(opening, FieldKind.SHIPMENT, bytes(20), opening.commitment)
    False
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum

from traceledger.errors import InputError
from traceledger.model.evidence import Evidence
from traceledger.model.frozen import frozen
from traceledger.model.hexadecimal import hexed
from traceledger.model.text import is_clean

PREFIX = "urn:traceledger:private:1:"
"""What every commitment begins with; the number is the version of the encoding."""
SALT_BYTES = 32
OWNER_BYTES = 20
MAX_TEXT_BYTES = 4096
_COMMITMENT = re.compile(re.escape(PREFIX) + r"([0-9a-f]{64})")
_DIGITS_SHOWN = 8
_EVIDENCE = re.compile(r"([0-9a-f]{64}) (.+)")


class FieldKind(StrEnum):
    """What a private text is. The value goes into the commitment."""

    PARTICIPANT_NAME = "participant_name"
    FACILITY = "facility"
    FACILITY_NAME = "facility_name"
    BATCH = "batch"
    SHIPMENT = "shipment"
    TRANSFORMATION = "transformation"
    EMISSIONS_RECORD = "emissions_record"
    EVIDENCE = "evidence"


GROUPS: Mapping[str, frozenset[FieldKind]] = {
    "names": frozenset({FieldKind.PARTICIPANT_NAME}),
    "facilities": frozenset({FieldKind.FACILITY, FieldKind.FACILITY_NAME}),
    "evidence": frozenset({FieldKind.EVIDENCE}),
    "lots": frozenset(
        {FieldKind.BATCH, FieldKind.SHIPMENT, FieldKind.TRANSFORMATION, FieldKind.EMISSIONS_RECORD}
    ),
}
"""The kinds by the words with which people withhold them."""


@frozen
class Opening:
    """What opens one commitment. Whoever has it knows the text, and can prove that it was meant.

    Attributes:
        kind: which field it is.
        owner: address of the participant (or the consortium's account) that wrote it, 20 bytes.
        salt: 32 random bytes.
        text: the text; of evidence, :func:`evidence_text`.
    """

    kind: FieldKind
    owner: bytes
    salt: bytes
    text: str

    @property
    def digest(self) -> bytes:
        """The 32 bytes of the commitment."""
        # Imported here: loading OpenSSL takes long, and who reads public texts needs neither.
        import hashlib

        head = f"{PREFIX}{self.kind}:".encode()
        return hashlib.sha256(head + self.owner + self.salt + self.text.encode()).digest()

    @property
    def commitment(self) -> str:
        """The text that stands on chain."""
        return PREFIX + self.digest.hex()

    def to_dict(self) -> dict[str, str]:
        """The opening as JSON values, in the form of disclosure files and proofs."""
        return {
            "kind": self.kind.value,
            "owner": hexed(self.owner),
            "salt": hexed(self.salt),
            "text": self.text,
        }


def new_opening(kind: FieldKind, owner: bytes, text: str) -> Opening:
    """An opening with a fresh salt of the system's random source."""
    import secrets

    return Opening(kind, owner, secrets.token_bytes(SALT_BYTES), text)


def is_commitment(text: str) -> bool:
    """Whether a text on chain is a commitment of this version."""
    return _COMMITMENT.fullmatch(text) is not None


def opens(opening: Opening, kind: FieldKind, owner: bytes, text: str) -> bool:
    """Whether an opening is that of the commitment ``text``, in the field ``kind`` of ``owner``."""
    return (opening.kind, opening.owner, opening.commitment) == (kind, owner, text)


def abbreviated(text: str) -> str:
    """A text for people, its commitments shortened to ``private:`` and their first digits."""
    if PREFIX not in text:
        return text
    return _COMMITMENT.sub(lambda found: f"private:{found[1][:_DIGITS_SHOWN]}…", text)


def evidence_text(evidence: Evidence) -> str:
    """A document's hash and address as one text: a known document's hash would name it as well."""
    return f"{evidence.sha256.hex()} {evidence.uri}"


def evidence_of(text: str) -> Evidence:
    """The document that :func:`evidence_text` wrote.

    Raises:
        InputError: it is no such text.
    """
    found = _EVIDENCE.fullmatch(text)
    if found is None:
        raise InputError("this is no evidence", where="text", hint="64 hexadecimal digits, a space, a URI")
    return Evidence(uri=found[2], sha256=bytes.fromhex(found[1]))


def concealed_evidence(opening: Opening) -> Evidence:
    """What stands on chain in place of a document: the commitment as its address and as its hash."""
    return Evidence(uri=opening.commitment, sha256=opening.digest)


def parse_opening(document: object) -> Opening:
    """The opening that a JSON object describes; further fields are left alone.

    Raises:
        InputError: ``where`` names the field at fault.
    """
    if not isinstance(document, Mapping):
        raise InputError("an opening is an object")
    kind = document.get("kind")
    if kind not in tuple(FieldKind):
        raise InputError(f"{kind!r} is no kind of private field", where="kind", hint=", ".join(FieldKind))
    opening = Opening(
        FieldKind(kind),
        _hexadecimal(document, "owner", OWNER_BYTES),
        _hexadecimal(document, "salt", SALT_BYTES),
        _text(document.get("text")),
    )
    if opening.kind is FieldKind.EVIDENCE:
        evidence_of(opening.text)
    return opening


def _hexadecimal(document: Mapping[str, object], field: str, size: int) -> bytes:
    text = document.get(field)
    if not isinstance(text, str) or not re.fullmatch(rf"0x[0-9a-f]{{{2 * size}}}", text):
        raise InputError("not understood", where=field, hint=f"0x and {2 * size} hexadecimal digits")
    return bytes.fromhex(text[2:])


def _text(text: object) -> str:
    if not isinstance(text, str) or not text or not is_clean(text):
        raise InputError("it must be text without control characters", where="text")
    if len(text.encode(errors="surrogatepass")) > MAX_TEXT_BYTES:
        raise InputError(f"it is longer than {MAX_TEXT_BYTES} bytes", where="text")
    return text
