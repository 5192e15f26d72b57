"""The JSON of a verified proof file, and of what was exported, redacted or witnessed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from traceledger.model.hexadecimal import hexed, id_text
from traceledger.names import Listed, Names

if TYPE_CHECKING:
    from traceledger.model.commitments import Opening
    from traceledger.proofs import Checkpoint, VerifiedProof
    from traceledger.proofs.build.builder import Exported
    from traceledger.proofs.build.redaction import Redacted
    from traceledger.proofs.succession import Succession
    from traceledger.proofs.trust import TrustRoot


def judged(found: VerifiedProof, reasons: Sequence[str]) -> dict[str, Any]:
    """What a proof file proves, and the verdict on it: first of all, and why it is refused, if it is.

    Args:
        found: a file that holds.
        reasons: why it is not what was asked for; empty if it is.
    """
    return {
        "verdict": "refused" if reasons else "accepted",
        "reasons": list(reasons),
        "wrong": found.wrong,
        "unknowable": found.unknowable,
        **_proved(found),
    }


def _proved(found: VerifiedProof) -> dict[str, Any]:
    """What a proof file proves, by whom its blocks are final, and what it does not prove."""
    preamble, counts, measured = found.preamble, found.finality, found.measured
    return {
        "batch": found.trace.batch,
        "id": id_text(preamble.batch),
        "chain_id": str(preamble.chain_id),
        "genesis_hash": hexed(preamble.genesis_hash),
        "ledger": hexed(preamble.ledger),
        "block": preamble.block,
        "block_hash": hexed(preamble.block_hash),
        "block_time": found.time,
        "judged_at": found.verified_at,
        "trust": found.trust,
        "proved": found.proved,
        "not_proved": found.not_proved,
        "claims": found.claims,
        "disclosed": [disclosure(found, opening) for opening in found.disclosed],
        "undisclosed": found.undisclosed,
        "finality": {
            "blocks": counts.blocks,
            "sealed": counts.sealed,
            "witnessed": counts.witnessed,
            "pinned": counts.pinned,
            "linked": counts.linked,
            "followers": counts.followers,
        },
        "measured": {
            "stored_bytes": measured.stored_bytes,
            "plain_bytes": measured.plain_bytes,
            "events": measured.events,
            "receipts": measured.receipts,
            "batches": measured.batches,
        },
    }


def disclosure(found: VerifiedProof, opening: Opening) -> dict[str, str]:
    """A private text that a proof file discloses."""
    return {
        "kind": opening.kind.value,
        "owner": Names(Listed(found.participants, ())).slug(opening.owner),
        "text": opening.text,
        "commitment": opening.commitment,
    }


def exported(target: Path, done: Exported) -> dict[str, Any]:
    """A proof file that was written."""
    return {
        "path": str(target),
        "block": done.block,
        "batches": done.batches,
        "events": done.events,
        "headers": done.headers,
        "disclosures": done.disclosures,
        "bytes": done.stored_bytes,
        "bytes_per_event": round(done.stored_bytes / done.events),
    }


def redacted(target: Path, done: Redacted) -> dict[str, Any]:
    """A proof file that was written anew with less disclosed."""
    return {
        "path": str(target),
        "hidden": {kind.value: count for kind, count in done.hidden.items()},
        "disclosed": {kind.value: count for kind, count in done.kept.items()},
        "public": {kind.value: list(texts) for kind, texts in done.public.items()},
    }


def witnessed(target: Path, signed: Checkpoint, witness: bytes) -> dict[str, Any]:
    """A checkpoint that was signed and written."""
    return {
        "path": str(target),
        "block": signed.number,
        "hash": hexed(signed.hash),
        "witness": hexed(witness),
    }


def succession(made: Succession, old: TrustRoot, target: Path) -> dict[str, Any]:
    """A successor of a trust root that was signed and written; how many signatures it takes."""
    return {
        "path": str(target),
        "predecessor": hexed(made.predecessor),
        "signatures": len(made.signatures),
        "needed": old.keepers.threshold if old.keepers else 0,
    }


def trust_root(trusted: TrustRoot, target: Path | None = None) -> dict[str, Any]:
    """A trust root, as its file has it, and the file where it was written."""
    return trusted.to_dict() if target is None else trusted.to_dict() | {"path": str(target)}
