"""Bits flipped in the files that a machine keeps: each is noticed, or changes nothing that is shown."""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

from traceledger.cli import main
from traceledger.errors import ExitCode

PASSPHRASE = "only an example"
OPERATIONS = Path(__file__).parents[1] / "cli" / "operations.jsonl"
NETWORK = Path(".traceledger/local")
BATCH = "kokkola/BLEND"
READING = (
    ("batch", "list", "--json"),
    ("participant", "list", "--json"),
    ("finding", "list", "--json"),
    ("trace", BATCH, "--json"),
)
VERIFYING = (("proof", "verify", "it.proof", BATCH, "--trust-root", "root.json", "--json"),)
FILES = {
    "index.sqlite": (NETWORK / "index.sqlite", READING),
    "chain.sqlite": (NETWORK / "chain.sqlite", READING),
    "chain.sqlite, index made anew": (NETWORK / "chain.sqlite", READING),
    "highest-head": (NETWORK / "highest-head", READING),
    "networks.toml": (Path("networks.toml"), READING),
    "root.json": (Path("root.json"), VERIFYING),
    "it.proof": (Path("it.proof"), VERIFYING),
}
"""By what is flipped: the file, and the commands whose answers must be the same, or an error."""


@dataclass(frozen=True)
class Answer:
    """What a command answered."""

    code: int
    out: str
    err: str

    @property
    def told(self) -> bool:
        """Whether it failed with a sentence, and said nothing else."""
        return self.code not in (ExitCode.OK, ExitCode.INTERNAL) and "Traceback" not in self.err


def run(*arguments: str) -> Answer:
    """The command, in this process."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main(arguments)
    return Answer(code, out.getvalue(), err.getvalue())


@contextlib.contextmanager
def inside(folder: Path) -> Iterator[None]:
    """Work in a folder, with the passphrase of its keys."""
    before, os.environ["TRACELEDGER_PASSPHRASE"] = Path.cwd(), PASSPHRASE
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


def build(folder: Path) -> None:
    """Make a folder with a chain, an index, a proof file and a trust root."""
    with inside(folder):
        for command in (
            ("init",),
            ("contract", "deploy"),
            ("submit", str(OPERATIONS), "--create-keys"),
            ("index", "sync"),
            ("trust-root", "export", "--output", "root.json"),
            ("proof", "export", BATCH, "--output", "it.proof"),
        ):
            done = run(*command)
            if done.code:
                raise SystemExit(f"{' '.join(command)}: {done.err}")


def flips(folder: Path, name: str, *, count: int, seed: int) -> Counter[str]:
    """Flip bits of one file, one at a time, and look at what the commands say.

    Returns:
        How many were ``noticed``, ``harmless``, ``wrong`` (another answer, and no error), ``crashed``.
    """
    path, commands = FILES[name]
    random, found = Random(seed), Counter[str]()
    with inside(folder):
        expected = [run(*each).out for each in commands]
        size = path.stat().st_size
    for _ in range(count):
        at, bit = random.randrange(size), random.randrange(8)
        with tempfile.TemporaryDirectory() as scratch:
            copy = Path(scratch) / "it"
            shutil.copytree(folder, copy)
            if "anew" in name:
                for each in copy.glob(f"{NETWORK}/index.sqlite*"):
                    each.unlink()
            content = bytearray((copy / path).read_bytes())
            content[at] ^= 1 << bit
            (copy / path).write_bytes(content)
            with inside(copy):
                answers = [run(*each) for each in commands]
        what = _judged(answers, expected)
        found[what] += 1
        if what in ("wrong", "crashed"):
            said = next(each.err for each, right in zip(answers, expected, strict=True) if each.out != right)
            found[f"{what}: byte {at}, bit {bit}: {said[:200]}"] += 1
    return found


def _judged(answers: list[Answer], expected: list[str]) -> str:
    if any(each.code == ExitCode.INTERNAL or "Traceback" in each.err for each in answers):
        return "crashed"
    differing = [each for each, right in zip(answers, expected, strict=True) if each.out != right]
    if not differing:
        return "harmless"
    return "noticed" if all(each.told for each in differing) else "wrong"
