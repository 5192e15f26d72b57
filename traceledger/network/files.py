"""Files of a network's folder: secrets, programs, texts and documents."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from traceledger.errors import InputError, NetworkError
from traceledger.storage import toml_text
from traceledger.storage.files import OWNER_ONLY, PROGRAM, create, explained, replace, text_of
from traceledger.storage.json_text import loads


def write_secret(path: Path, text: str) -> None:
    """Make a new file that only its owner can read.

    Raises:
        NetworkError: it cannot be written.
    """
    create(path, text, mode=OWNER_ONLY, error=NetworkError)


def write_program(path: Path, text: str) -> None:
    """Write a file that can be executed.

    Raises:
        NetworkError: it cannot be written.
    """
    replace(path, text, mode=PROGRAM, error=NetworkError)


def write_text(path: Path, text: str) -> None:
    """Write a file, or its new contents, whole or not at all.

    Raises:
        NetworkError: it cannot be written.
    """
    replace(path, text, error=NetworkError)


def write_json(path: Path, document: Any) -> None:
    """As :func:`write_text`, a document as people read it.

    Raises:
        NetworkError: it cannot be written.
    """
    write_text(path, json.dumps(document, indent=2) + "\n")


def read_document(path: Path) -> Any:
    """What a JSON or TOML file says; the text of any other.

    Raises:
        InputError: it is damaged, naming the line.
        NetworkError: it cannot be read.
    """
    try:
        with explained(path, NetworkError, verb="read"):
            text = text_of(path, "utf-8-sig")
        if path.suffix == ".json":
            return loads(text, where=str(path))
        return toml_text.loads(text) if path.suffix == ".toml" else text
    except InputError:
        raise
    except ValueError as error:
        raise InputError(f"damaged: {error}", where=path) from None
