"""What a redaction of a proof file did, as a document and for people."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from traceledger.model.commitments import FieldKind

if TYPE_CHECKING:
    from traceledger.proofs.build.redaction import Redacted


def drawn(done: Redacted, target: Path) -> list[str]:
    """The outcome in sentences."""
    lines = [f"{target} withholds {_counts(done.hidden)}, and discloses {_counts(done.kept)}"]
    for kind, texts in done.public.items():
        lines.append(f"public on chain, and so not hidden: {_words(kind)} {', '.join(texts)}")
    return lines


def _counts(counts: Mapping[FieldKind, int]) -> str:
    return ", ".join(f"{count} {_words(kind)}" for kind, count in counts.items()) or "nothing"


def _words(kind: FieldKind) -> str:
    return kind.value.replace("_", " ")
