"""What ``scripts/fuzz`` changes at random: one module for each target, listed here."""

from __future__ import annotations

import hashlib
from contextlib import AbstractContextManager
from importlib import import_module
from pathlib import Path

import traceledger
from tests.fuzz.target import Target

TARGETS = ("verifier", "node", "operations", "keystore", "networks")


def opened(name: str, folder: Path) -> AbstractContextManager[Target]:
    """A target, with what it needs in a folder of its own, made or found there.

    What was made by other sources is left alone: their chains and contracts need not be ours.
    """
    made = folder / f"of-{_digest_of_sources()[:8]}"
    made.mkdir(parents=True, exist_ok=True)
    found: AbstractContextManager[Target] = import_module(f"tests.fuzz.{name}").opened(made)
    return found


def _digest_of_sources() -> str:
    found = hashlib.sha256()
    for path in sorted(Path(traceledger.__file__).parent.rglob("*")):
        if path.suffix in (".py", ".json"):
            found.update(path.read_bytes())
    return found.hexdigest()
