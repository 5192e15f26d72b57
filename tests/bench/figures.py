"""What was measured: figures, each beside a peer, and the files that keep them between runs."""

from __future__ import annotations

import json
import os
import platform
import sqlite3
import subprocess
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
RESULTS = ROOT / "docs" / "benchmarks"


class Size(StrEnum):
    """How much is measured: in under two minutes, curves to ten thousand, or the published ones."""

    QUICK = "quick"
    MIDDLE = "middle"
    FULL = "full"

    @property
    def most(self) -> int:
        """The largest input."""
        return 10**6 if self is Size.FULL else 10**4


@dataclass(frozen=True)
class Figure:
    """One thing measured, and the same of a peer, or the least that it can cost.

    Attributes:
        what: of which work, the same for every size.
        size: how large the input was, in ``of``; 0 where it has no size.
        ours: how much ours took, or did.
        unit: of both.
        peer: what it stands beside; empty where there is nothing to compare with.
        theirs: the same of the peer.
        wanted: what the ratio, ours over theirs, must be: ``<= 6``; empty where nothing is demanded.
        of: what the size counts.
        more: other measurements of ours: memory in MB, bytes an event.
    """

    what: str
    size: int
    ours: float
    unit: str
    peer: str = ""
    theirs: float = 0.0
    wanted: str = ""
    of: str = "events"
    more: dict[str, float] = field(default_factory=dict)

    @property
    def ratio(self) -> float | None:
        """Ours over theirs."""
        return self.ours / self.theirs if self.theirs else None

    @property
    def each(self) -> float:
        """What one of ``size`` took, millionths of the unit."""
        return self.ours / self.size * 1e6 if self.size else 0.0

    @property
    def holds(self) -> bool | None:
        """Whether the ratio is as wanted; ``None`` where nothing is."""
        if not self.wanted or self.ratio is None:
            return None
        sign, limit = self.wanted.split()
        return self.ratio <= float(limit) if sign == "<=" else self.ratio >= float(limit)


@dataclass(frozen=True)
class Section:
    """All figures of a section, and where and when they were measured."""

    name: str
    size: Size
    figures: tuple[Figure, ...]
    machine: dict[str, str]
    when: str

    @classmethod
    def of(cls, name: str, size: Size, figures: Iterable[Figure]) -> Section:
        """What was measured here and now."""
        return cls(name, size, tuple(figures), machine(), datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"))

    def save(self, folder: Path) -> None:
        """As ``NAME.json``."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{self.name}.json").write_text(json.dumps(asdict(self), indent=1) + "\n", "utf-8")


def saved(folder: Path) -> dict[str, Section]:
    """The sections that a folder has, by name."""
    found = {}
    for path in sorted(folder.glob("*.json")):
        raw: dict[str, Any] = json.loads(path.read_text("utf-8"))
        figures = tuple(Figure(**each) for each in raw.pop("figures"))
        found[path.stem] = Section(figures=figures, **raw | {"size": Size(raw["size"])})
    return found


def machine() -> dict[str, str]:
    """What the figures depend on, and how busy it was."""
    cpus = [line for line in _lines("/proc/cpuinfo") if line.startswith("model name")]
    memory = next((line.split()[1] for line in _lines("/proc/meminfo") if line.startswith("MemTotal")), "0")
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False, cwd=ROOT
    )
    return {
        "processor": cpus[0].partition(":")[2].strip() if cpus else platform.processor(),
        "processors": str(os.cpu_count()),
        "memory": f"{int(memory) / 2**20:.0f} GiB",
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "load": f"{os.getloadavg()[0]:.1f}",
        "commit": commit.stdout.strip(),
    }


def _lines(path: str) -> list[str]:
    try:
        return Path(path).read_text().splitlines()
    except OSError:
        return []
