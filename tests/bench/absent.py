"""What a section needs and this machine may lack."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.bench.figures import ROOT


class Absent(Exception):  # noqa: N818
    """A program that a section needs is not there; it says how it would come."""


def tool(name: str) -> Path:
    """A program: of contracts/node_modules, of .tools/bin, or on PATH.

    Raises:
        Absent: it is nowhere.
    """
    # Foundry's own programs, not the wrappers around them: those outlive their signals.
    own = sorted((ROOT / "contracts" / "node_modules").glob(f"@foundry-rs/{name}-*/bin/{name}*"))
    places = (*own, ROOT / "contracts" / "node_modules" / ".bin" / name, ROOT / ".tools" / "bin" / name)
    for place in places:
        if place.exists():
            return place
    if found := shutil.which(name):
        return Path(found)
    raise Absent(f"{name} is not installed (npm install in contracts/, scripts/install-geth)")
