"""The style sheet, scripts and pictures that pages load, under names that hold their hashes.

A name with its hash always means the same bytes, so browsers keep them for good.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from traceledger.pages.frame import stylesheet

PACKAGE = Path(__file__).parent.parent
FOLDERS = (PACKAGE / "pages" / "style", PACKAGE / "pages" / "scripts", PACKAGE / "web" / "static")
MEDIA = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ico": "image/x-icon",
}
SHEET = "traceledger.css"
FOREVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class StaticFile:
    """A file as it is sent.

    Attributes:
        path: where it is asked for.
        body: its bytes.
        media: its media type.
        cache: how long it may be kept.
    """

    path: str
    body: bytes
    media: str
    cache: str = FOREVER

    @property
    def tag(self) -> str:
        """Its entity tag."""
        return f'"{hashlib.sha256(self.body).hexdigest()[:32]}"'


def static_files() -> Mapping[str, StaticFile]:
    """All files by their own names, such as ``traceledger.css``."""
    return MappingProxyType(
        {
            file.name: _static(file)
            for folder in FOLDERS
            if folder.is_dir()
            for file in sorted(folder.iterdir())
            if file.suffix in MEDIA
        }
    )


def _static(file: Path) -> StaticFile:
    body = stylesheet().encode() if file.name == SHEET else file.read_bytes()
    mark = hashlib.sha256(body).hexdigest()[:16]
    return StaticFile(f"/static/{file.stem}.{mark}{file.suffix}", body, MEDIA[file.suffix])
