"""Files of a network: secrets that only their owner reads, and texts that are replaced whole."""

from __future__ import annotations

import json
import os
import secrets
import tomllib
from pathlib import Path
from typing import Any

from traceledger.errors import InputError, NetworkError


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


def read_document(path: Path) -> Any:
    """What a JSON or TOML file says; the text of any other.

    Raises:
        InputError: it is damaged, naming the line.
        NetworkError: it cannot be read.
    """
    try:
        text = path.read_text("utf-8")
        if path.suffix == ".json":
            return json.loads(text)
        return tomllib.loads(text) if path.suffix == ".toml" else text
    except OSError as error:
        raise NetworkError(f"cannot be read: {error.strerror}", where=str(path)) from None
    except json.JSONDecodeError as error:
        raise InputError(f"not valid JSON: {error.msg}", where=f"{path}:{error.lineno}") from None
    except ValueError as error:
        raise InputError(f"damaged: {error}", where=str(path)) from None
