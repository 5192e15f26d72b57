"""The third-party documents to test against: they are there, and each is the file that its source has."""

from __future__ import annotations

import csv
import hashlib
from pathlib import Path


def test_every_listed_document_is_as_at_its_source(shared: Path) -> None:
    with (shared / "data" / "SOURCES.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    assert len(rows) > 60
    for row in rows:
        content = (shared / "data" / row["file"]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == row["sha256"], row["file"]


def test_the_folders_are_described(shared: Path) -> None:
    described = (shared / "data" / "README.md").read_text("utf-8")
    for folder in ("epcis/documents", "schemas/epcis", "besu"):
        assert f"`{folder}" in described
        assert any((shared / "data" / folder).iterdir())
    assert list((shared / "cases").glob("*.jsonl"))
    assert any((shared / "exploits").iterdir())
