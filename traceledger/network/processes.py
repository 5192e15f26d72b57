"""Nodes as processes of this machine: started, found again, ended.

A process is known by its pid, the time it started, and a mark in its environment that names the node's
folder: one that was given a dead node's pid is never taken for the node, and never ended.

States::

    resting --start; its pid is written--> running --stop: asked to end, within 60 s--> resting; no pid file
                                              |                 |
                                              |                 +--too slow: killed---> resting; no pid file
                                              +--ends by itself--> died: its pid file is still there
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from traceledger.errors import NetworkError
from traceledger.network.engine import START
from traceledger.network.files import write_text
from traceledger.storage.files import explained, text_of
from traceledger.storage.json_text import loads

if TYPE_CHECKING:
    import psutil

PID_FILE = "node.pid"
LOG_FILE = "node.log"
STOP_SECONDS = 60.0
"""How long a node may take to end in good order before it is killed."""
MARK = "TRACELEDGER_NODE"
"""The environment variable that holds the folder of the node that a process runs."""
_EXEC_SECONDS = 0.5
_LAST_BYTES = 2**18
_CLOCK_SECONDS = 60.0
"""By how much a start time may seem to move when the machine's clock is set."""


@dataclass(frozen=True, slots=True)
class NodeProcess:
    """The process of the node whose folder this is, running or not."""

    folder: Path

    @property
    def log(self) -> Path:
        """What the node says."""
        return self.folder / LOG_FILE

    @property
    def pid(self) -> int | None:
        """Its pid, if it runs."""
        process = self._process()
        return None if process is None else int(process.pid)

    @property
    def died(self) -> bool:
        """Whether it was started, not ended by us, and yet does not run."""
        return (self.folder / PID_FILE).exists() and self.pid is None

    def start(self, variable: str, binary: Path) -> None:
        """Run the node's start program in a session of its own, with ``variable`` naming the binary.

        Raises:
            NetworkError: it cannot be run.
        """
        import psutil

        log_flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
        try:
            # Not subprocess, which warns of a child that outlives its object.
            pid = os.posix_spawn(
                "/bin/sh",
                ["/bin/sh", str(self.folder / START)],
                {**_environment(), variable: str(binary), MARK: str(self.folder)},
                file_actions=[
                    # Nothing to read, or a terminal that is closed would end it.
                    (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
                    (os.POSIX_SPAWN_OPEN, 1, str(self.log), log_flags, 0o600),
                    (os.POSIX_SPAWN_DUP2, 1, 2),
                ],
                # Else Ctrl-C in this terminal would end the nodes too.
                setsid=True,
            )
            started = psutil.Process(pid).create_time()
        except (OSError, psutil.Error) as error:
            raise NetworkError(f"cannot be started: {error}", where=self.folder) from None
        try:
            write_text(self.folder / PID_FILE, json.dumps({"pid": pid, "started": started}) + "\n")
        except NetworkError:
            os.kill(pid, signal.SIGTERM)  # nobody would find it again
            raise

    def stop(self, seconds: float = STOP_SECONDS) -> bool:
        """End the process, if it is the one that was started here: asked first, then killed.

        Returns:
            Whether there was one to end.
        """
        import psutil

        process = self._process()
        if process is not None:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.terminate()
                try:
                    process.wait(seconds)
                except psutil.TimeoutExpired:
                    process.kill()
                    process.wait(seconds)
        with explained(self.folder, NetworkError):
            (self.folder / PID_FILE).unlink(missing_ok=True)
        return process is not None

    def last_words(self) -> str:
        """The last line of the log that reports an error, else the last line of all."""
        try:
            with self.log.open("rb") as log:
                log.seek(max(0, self.log.stat().st_size - _LAST_BYTES))
                lines = log.read(_LAST_BYTES).decode("utf-8", "replace").splitlines()[-200:]
        except OSError:
            return "no log"
        spoken = [line.strip() for line in lines if line.strip()]
        # What ends a node is rarely its last line: threads that still run, and a usage, come after it.
        errors = [line for line in spoken if line.startswith(("Fatal", "ERROR", "CRIT"))]
        return (errors or spoken or ["nothing"])[-1]

    def _process(self) -> psutil.Process | None:
        import psutil

        try:
            document = loads(text_of(self.folder / PID_FILE, "ascii"))
            process = psutil.Process(int(document["pid"]))
            same = abs(process.create_time() - float(document["started"])) < _CLOCK_SECONDS
            # A child of ours that ended stays in the table until somebody waits for it.
            ended = process.status() == psutil.STATUS_ZOMBIE
            same = same and not ended and _mark(process) == str(self.folder)
        except (OSError, ValueError, KeyError, TypeError, psutil.Error):
            return None
        return process if same else None


def _environment() -> dict[str, str]:
    """Ours, without what is no business of a node: passphrases and keys would lie there while it runs."""
    return {name: value for name, value in os.environ.items() if not name.startswith("TRACELEDGER_")}


def _mark(process: psutil.Process) -> str | None:
    """The mark in a process's environment, which for a moment after an exec is not there yet."""
    deadline = time.monotonic() + _EXEC_SECONDS
    while not (environment := process.environ()) and time.monotonic() < deadline:
        time.sleep(0.001)
    mark: str | None = environment.get(MARK)
    return mark
