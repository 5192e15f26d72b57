"""``traceledger serve`` as a process of its own, as users start it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

EXECUTABLE = Path(sys.executable).with_name("traceledger")
ADDRESS = re.compile(r"(https?://[\w.:\[\]-]+)")


@dataclass(frozen=True)
class Server:
    """One that runs: its address, without a slash at its end, and the number of its process."""

    url: str
    pid: int


@contextmanager
def serving(folder: Path, *options: str) -> Iterator[Server]:
    """A server over the network in a folder; it must end well when it is interrupted."""
    with started([str(EXECUTABLE), "serve", "--port", "0", *options], folder) as server:
        yield server


@contextmanager
def started(command: Sequence[str], folder: Path) -> Iterator[Server]:
    """A program that says where it serves, run in a folder until the end, when it is interrupted."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TRACELEDGER_")}
    said = folder.parent / f"{folder.name}.log"
    with said.open("w") as log:
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log)
    try:
        yield Server(_address(process, said), process.pid)
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=120) == 0, said.read_text("utf-8")
    finally:
        process.kill()
        process.wait()


def _address(process: subprocess.Popen[bytes], said: Path) -> str:
    """Where it serves, as soon as it says so."""
    while process.poll() is None:
        if found := ADDRESS.search(said.read_text("utf-8")):
            return found[1]
        time.sleep(0.05)
    raise AssertionError(f"it ended without serving: {said.read_text('utf-8')}")
