"""How things are measured: the processor's seconds, in turn with a peer, and the median told."""

from __future__ import annotations

import gc
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

from tests.bench.figures import ROOT

Work = Callable[[], Any]


def spent(work: Work) -> float:
    """Seconds of the processor that this process needs for it."""
    gc.collect()
    begun = time.process_time()
    work()
    return time.process_time() - begun


def medians(rounds: int, *sides: Work) -> list[float]:
    """Seconds of the processor of each side, the median of rounds in which they take turns."""
    found = [[spent(side) for side in sides] for _ in range(rounds)]
    return [statistics.median(column) for column in zip(*found, strict=True)]


def rates(rounds: int, *sides: Callable[[], float]) -> list[float]:
    """What each side says of itself, the median of rounds in which they take turns."""
    found = [[side() for side in sides] for _ in range(rounds)]
    return [statistics.median(column) for column in zip(*found, strict=True)]


def alone(work: str, *arguments: object) -> dict[str, Any]:
    """Something of :mod:`tests.bench.child` in a new process: what it says, ``seconds`` and ``memory_mb``."""
    command = [sys.executable, "-m", "tests.bench.child", work, *map(str, arguments)]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True)
    return dict(json.loads(done.stdout))


def alternating(rounds: int, *works: tuple[object, ...]) -> list[dict[str, Any]]:
    """Several such, in turn; of each the round that took the median of its rounds."""
    found = [[alone(*map(str, work)) for work in works] for _ in range(rounds)]
    return [sorted(each, key=lambda one: one["seconds"])[rounds // 2] for each in zip(*found, strict=True)]
