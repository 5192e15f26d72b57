"""Files of a network: secrets that only their owner reads, and texts that are replaced whole."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from traceledger.errors import NetworkError


def write_secret(path: Path, text: str) -> None:
    """Make a new file that only its owner can read (0600)."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(text)


def write_program(path: Path, text: str) -> None:
    """Make a file that can be executed (0755)."""
    path.write_text(text, "utf-8")
    path.chmod(0o755)


def replace_text(path: Path, text: str) -> None:
    """Write a file, or its new contents, whole or not at all.

    Raises:
        NetworkError: it cannot be written.
    """
    partial = path.with_name(f".{path.name}.{secrets.token_hex(4)}.partial")
    try:
        partial.write_text(text, "utf-8")
        partial.replace(path)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise NetworkError(f"cannot be written: {error.strerror}", where=str(path)) from None
