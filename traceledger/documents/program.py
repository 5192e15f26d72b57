"""The JSON of what the program says of itself: the pages that come with it, and scripts for shells."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any


def pages(found: Iterable[tuple[str, str, Path]]) -> dict[str, list[dict[str, str]]]:
    """The pages of the documentation: name, title and file of each."""
    return {"pages": [{"page": name, "title": title, "path": str(path)} for name, title, path in found]}


def page(name: str, path: Path, text: str) -> dict[str, Any]:
    """One page."""
    return {"page": name, "path": str(path), "text": text}


def completion(shell: str, script: str) -> dict[str, str]:
    """The script that lets a shell complete the command."""
    return {"shell": shell, "script": script}
