"""Submissions in processes of their own, which a test lets go on step by step, and kills where it likes.

A stepping process stands still wherever it tells of its progress, before its first and after its last
operation too, until the test lets it go on, or says at which statement of SQL from there on it dies.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.clients import PASSPHRASE

SUBMIT = """
import sys
from pathlib import Path
from tests.dying import die_at_statement
from traceledger.client.client import connect
from traceledger.interop.reading import source_of
folder, path, stepping = Path(sys.argv[1]), sys.argv[2], sys.argv[3] == "stepping"

def tell(*words):
    print(*words, flush=True)
    if not stepping:
        return
    line = sys.stdin.readline()
    if not line:
        sys.exit("let go")
    if line.strip():
        die_at_statement(int(line))

with connect(config=folder / "networks.toml") as client:
    tell("begins")
    ops = source_of(path, repeats=True)
    done = client.submit(ops, create_keys=True, block_size=7, progress=lambda n, of: tell(n, "of", of))
    tell(done.sent, done.skipped)
"""


def submit_elsewhere(folder: Path, path: Path, *, stepping: bool = False) -> subprocess.Popen[str]:
    """Submit in a process of its own, which ``process.pid`` alone can be killed by.

    Args:
        folder: holds the networks.toml.
        path: the operations file.
        stepping: stand still at each step, until a line is written to its standard input.
    """
    command = [sys.executable, "-c", SUBMIT, str(folder), str(path), "stepping" if stepping else "freely"]
    return subprocess.Popen(
        command,
        stdin=subprocess.PIPE if stepping else subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"TRACELEDGER_PASSPHRASE": PASSPHRASE},
    )


def finished(process: subprocess.Popen[str]) -> tuple[int, int]:
    """Wait until a submission has ended well; how many operations it sent and skipped."""
    output, errors = process.communicate(timeout=400)
    assert process.returncode == 0, errors
    sent, skipped = map(int, output.splitlines()[-1].split())
    return sent, skipped


def kill_again_and_again(folder: Path, path: Path, at: Sequence[tuple[int, int]]) -> None:
    """Start a submission and let it die, each time.

    Args:
        folder: holds the networks.toml.
        path: the operations file.
        at: the number of steps, and at which statement of SQL it dies in the next one, or where that has
            fewer, after it; each time.
    """
    for steps, statement in at:
        process = submit_elsewhere(folder, path, stepping=True)
        assert process.stdin is not None
        assert process.stdout is not None
        for word in (*[""] * (steps - 1), str(statement)):
            assert process.stdout.readline(), process.communicate()[1]
            process.stdin.write(f"{word}\n")
            process.stdin.flush()
        process.stdout.readline()
        process.kill()
        process.communicate()
        assert process.returncode == -signal.SIGKILL
