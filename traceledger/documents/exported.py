"""The JSON of what was written in a format of the industry."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import Any


def written(target: Path, content: bytes, *, events: int) -> dict[str, Any]:
    """A document of events that was written into a file."""
    return {
        "path": str(target),
        "events": events,
        "bytes": len(content),
        "sha256": sha256(content).hexdigest(),
    }
