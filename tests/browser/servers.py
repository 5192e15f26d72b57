"""``traceledger serve`` as a process of its own, as users start it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

EXECUTABLE = Path(sys.executable).with_name("traceledger")


@contextmanager
def serving(folder: Path, *options: str) -> Iterator[str]:
    """The address of a server over the network in a folder; it must end well when it is interrupted."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TRACELEDGER_")}
    said = folder.parent / f"{folder.name}.log"
    with said.open("w") as log:
        command = [str(EXECUTABLE), "serve", "--port", "0", *options]
        process = subprocess.Popen(
            command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=log
        )
    try:
        yield _address(process, said)
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=30) == 0, said.read_text()
    finally:
        process.kill()
        process.wait()


def _address(process: subprocess.Popen[bytes], said: Path) -> str:
    """Where it serves, as soon as it says so."""
    while process.poll() is None:
        if found := re.search(r"at (http://\S+?);", said.read_text()):
            return found[1]
        time.sleep(0.05)
    raise AssertionError(f"it ended without serving: {said.read_text()}")
