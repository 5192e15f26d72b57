"""The verifier that a page brings along: its script, and the data block that it reads.

docs/proofs.md, *In the page*, says what a page holds for it.

Example:
    >>> script().startswith("/* The verifier of TraceLedger's proof files")
    True
"""

from __future__ import annotations

import hashlib
from pathlib import Path

_FOLDER = Path(__file__).with_name("scripts")
SOURCES = tuple(
    _FOLDER / "verify" / f"{name}.js"
    for name in ("reading", "chain", "events", "replay", "lineage", "walk", "claims", "verifier", "page")
)
"""What the script is made of, in the order in which it runs."""
BUNDLE = _FOLDER / "verify.js"
"""The script; ``scripts/bundle-verifier`` makes it."""


def script() -> str:
    """The script, as it stands in a ``script`` element of a page."""
    return BUNDLE.read_text("utf-8")


def fingerprint() -> str:
    """The SHA-256 of the sources, which the bundle names: 64 hexadecimal digits."""
    return hashlib.sha256(b"".join(source.read_bytes() for source in SOURCES)).hexdigest()
