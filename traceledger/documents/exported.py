"""The JSON of what was written in a format of the industry."""

from __future__ import annotations

from pathlib import Path
from typing import Any


def written(target: Path, *, events: int, size: int, digest: bytes) -> dict[str, Any]:
    """A document of events that was written into a file of so many bytes, by its SHA-256."""
    return {"path": str(target), "events": events, "bytes": size, "sha256": digest.hex()}
