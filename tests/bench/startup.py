"""How long the command takes to start, beside a bare click program: whole processes, run in turn."""

from __future__ import annotations

import compileall
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.bench.figures import ROOT, Figure, Size

TITLE = "Start-up"
ABOUT = """\
Whole processes, as somebody waits for them, over an example that was indexed before. The peer is a click
program with one command."""
PROGRAM = Path(sys.executable).with_name("traceledger")
CAR = "oem/VIN-1"
BARE = """\
import click

@click.group()
def root(): "A program."

@root.command()
@click.argument("name")
def show(name): "Show NAME."

root()
"""
COMMANDS = {
    "--help": ("--help",),
    "batch show --json": ("batch", "show", CAR, "--json"),
    "batch show": ("batch", "show", CAR),
    "trace --json": ("trace", CAR, "--json"),
    "trace": ("trace", CAR),
}
WANTED = {"--help": "<= 1.8"} | dict.fromkeys(list(COMMANDS)[1:], "<= 2.5")
"""How many times the bare program's time each may take."""


def measure(size: Size) -> Iterator[Figure]:
    """Each command."""
    # Users have compiled modules; what compiles them at every start measures the compiler.
    compileall.compile_dir(ROOT / "traceledger", quiet=1)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "bare.py").write_text(BARE)
        example = str(ROOT / "examples" / "cobalt-to-car.jsonl")
        for step in (("init",), ("contract", "deploy"), ("submit", example, "--create-keys"), ("trace", CAR)):
            _run(folder, str(PROGRAM), *step)
        commands: dict[str, tuple[str, ...]] = {"bare": (sys.executable, str(folder / "bare.py"), "--help")}
        commands |= {each: (str(PROGRAM), *words) for each, words in COMMANDS.items()}
        rounds = 7 if size is Size.QUICK else 21
        taken = [{each: _run(folder, *words) for each, words in commands.items()} for _ in range(rounds)]
    middle = {each: statistics.median(one[each] for one in taken) for each in commands}
    for each in COMMANDS:
        what = f"traceledger {each}"
        yield Figure(what, 0, middle[each], "s", "a bare click program", middle["bare"], WANTED[each])


def _run(folder: Path, *command: str) -> float:
    """Seconds that it took."""
    environment = {**os.environ, "TRACELEDGER_PASSPHRASE": "benchmark"}
    begun = time.perf_counter()
    subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True)
    return time.perf_counter() - begun
