"""The pictures of README and docs, which scripts/pictures makes."""

from __future__ import annotations

import re

from tests.conftest import ROOT

PICTURES = ROOT / "docs" / "pictures"
LARGEST = 150_000


def test_every_picture_is_shown_and_small() -> None:
    texts = [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
    written = "".join(text.read_text("utf-8") for text in texts)
    shown = set(re.findall(r"pictures/([\w-]+\.webp)", written))
    assert shown == {path.name for path in PICTURES.iterdir()}
    assert all(path.stat().st_size < LARGEST for path in PICTURES.iterdir())
