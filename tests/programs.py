"""Programs that run while a test needs them, and say where they listen once they do."""

from __future__ import annotations

import re
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

START_SECONDS = 120


@contextmanager
def running(command: Sequence[str], log: Path, says: str) -> Iterator[str]:
    """Run a program, and end it; the first group of the pattern in what it says, once it says so."""
    with log.open("w+") as file, subprocess.Popen(command, stdout=file, stderr=subprocess.STDOUT) as process:
        try:
            yield _said(log, process, says)
        finally:
            process.terminate()


def _said(log: Path, process: subprocess.Popen[bytes], pattern: str) -> str:
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        found = re.search(pattern, log.read_text())
        if found:
            return found[1]
        time.sleep(0.05)
    pytest.fail(f"it did not start: {log.read_text()}")
