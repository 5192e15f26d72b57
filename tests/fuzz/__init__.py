"""What ``scripts/fuzz`` changes at random: one module for each target, listed here."""

from __future__ import annotations

from contextlib import AbstractContextManager
from importlib import import_module
from pathlib import Path

from tests.fuzz.target import Target

TARGETS = ("verifier", "node", "operations", "keystore", "networks")


def opened(name: str, folder: Path) -> AbstractContextManager[Target]:
    """A target, with what it needs in a folder of its own, made or found there."""
    folder.mkdir(parents=True, exist_ok=True)
    found: AbstractContextManager[Target] = import_module(f"tests.fuzz.{name}").opened(folder)
    return found
