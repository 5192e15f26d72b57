"""``traceledger desk`` as a process of its own, as clerks start it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.browser.servers import EXECUTABLE

_ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+/\S+/enter\?token=\S+")


@dataclass(frozen=True)
class OpenDesk:
    """One that runs: the address that it printed, and its process."""

    address: str
    process: subprocess.Popen[bytes]

    @property
    def url(self) -> str:
        """What every address of its pages begins with."""
        return self.address.partition("/enter?")[0]

    def kill(self) -> None:
        """End it as a power cut would."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


@contextmanager
def desk_open(folder: Path, participant: str, *options: str) -> Iterator[OpenDesk]:
    """The desk of a participant over the network in a folder; it must end well unless it was killed."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TRACELEDGER_")}
    said = folder.parent / f"{folder.name}-{participant}.log"
    with said.open("w") as log:
        process = subprocess.Popen(
            [str(EXECUTABLE), "desk", "--as", participant, "--no-browser", *options],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
    try:
        yield OpenDesk(_address(process, said), process)
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
            assert process.wait(timeout=30) == 0, said.read_text("utf-8")
    finally:
        process.kill()
        process.wait()


def _address(process: subprocess.Popen[bytes], said: Path) -> str:
    """The address that it prints, as soon as it does."""
    while process.poll() is None:
        if found := _ADDRESS.search(said.read_text("utf-8")):
            return found[0]
        time.sleep(0.05)
    raise AssertionError(f"it ended without an address: {said.read_text('utf-8')}")
