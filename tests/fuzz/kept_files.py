"""Bits flipped in the files that a machine keeps: each is noticed, or changes nothing that is shown."""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

from traceledger.cli import main
from traceledger.config.networks import load
from traceledger.errors import ExitCode
from traceledger.sending.outbox import Draft, OperationKey, Outbox, State

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
UNFINISHED = (("outbox", "list", "--json"), ("outbox", "list", "--unfinished", "--json"))
SHARED = ((*("disclosure", "import", "shared.jsonl"), "--json"), *READING)
VERIFYING = (("proof", "verify", "it.proof", BATCH, "--trust-root", "root.json", "--json"),)
FILES = {
    "index.sqlite": (NETWORK / "index.sqlite", READING),
    "chain.sqlite": (NETWORK / "chain.sqlite", READING),
    "chain.sqlite, index made anew": (NETWORK / "chain.sqlite", READING),
    "outbox.sqlite": (NETWORK / "outbox.sqlite", UNFINISHED),
    "disclosures.sqlite": (NETWORK / "disclosures.sqlite", (("disclosure", "list", "--json"), *READING)),
    "shared.jsonl": (Path("shared.jsonl"), SHARED),
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
    # Each is run in a folder of its own.
    return Answer(code, out.getvalue().replace(str(Path.cwd()), "."), err.getvalue())


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
    """Make a folder with a chain, an index, an outbox, openings of private texts, a proof, a trust root."""
    with inside(folder):
        Path("private.jsonl").write_text("".join(json.dumps(line) + "\n" for line in _private()))
        for command in (
            ("init",),
            ("contract", "deploy"),
            ("submit", str(OPERATIONS), "--create-keys"),
            ("submit", "private.jsonl"),
            ("disclosure", "export", "--all", "--output", "shared.jsonl"),
            ("index", "sync"),
            ("trust-root", "export", "--output", "root.json"),
            ("proof", "export", BATCH, "--output", "it.proof"),
        ):
            done = run(*command)
            if done.code:
                raise SystemExit(f"{' '.join(command)}: {done.err}")
        _fill_outbox()


def _private() -> Iterator[dict[str, object]]:
    for number in range(4):
        into = [{"batch": f"SECRET-{number}", "mass": 1000}]
        paper = {"uri": f"https://documents.example/{number}", "sha256": f"{number:064x}"}
        about = {"batch": "KOL-1", "into": into, "evidence": [paper], "private": True}
        yield {"op": "split", "as": "katanga", "at": 1_770_000_000} | about


def _fill_outbox() -> None:
    """Transactions in every state, as a network's outbox holds them; a chain of one's own has none."""
    network, random = load(Path("networks.toml")).get(), Random(3)
    states: tuple[State, ...] = ("signed", "sent", "final", "failed", "dead")
    with Outbox.open(network.outbox_file, chain_id=network.chain_id, genesis_hash=bytes(32)) as outbox:
        for nonce in range(20):
            key = OperationKey(random.randbytes(20), random.randbytes(20), random.randbytes(32))
            raw, source = random.randbytes(300), f"operations.jsonl:{nonce + 1}"
            draft = Draft(b"\x01" * 20, nonce, raw, key, 1, "mint", source, nonce)
            (entry,) = outbox.record([draft])
            state = states[nonce % len(states)]
            place = {"block": nonce, "block_hash": random.randbytes(32), "position": 0, "succeeded": True}
            outbox.update([entry.moved(state, **(place if state in ("final", "failed") else {}))])


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
