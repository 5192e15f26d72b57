"""The JSON of what the program says of itself: the pages that come with it, and scripts for shells."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any


def pages(
    found: Iterable[tuple[str, str, Path]], sections: Iterable[tuple[str, str, Path]]
) -> dict[str, list[dict[str, str]]]:
    """The pages of the documentation, and sections that are asked for by themselves: name, title and file."""
    return {
        "pages": [{"page": name, "title": title, "path": str(path)} for name, title, path in found],
        "sections": [{"topic": name, "title": title, "path": str(path)} for name, title, path in sections],
    }


def page(name: str, path: Path, text: str) -> dict[str, Any]:
    """One page, or a part of one."""
    return {"page": name, "path": str(path), "text": text}


def command_help(command: str, text: str) -> dict[str, str]:
    """The help of a command."""
    return {"command": command, "text": text}


def completion(shell: str, script: str) -> dict[str, str]:
    """The script that lets a shell complete the command."""
    return {"shell": shell, "script": script}
