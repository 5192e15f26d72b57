"""A workspace with a real embedded chain, built once a session and copied for every test."""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from traceledger.cli import main

PASSPHRASE = "correct horse"
OPERATIONS = Path(__file__).with_name("operations.jsonl")
EXECUTABLE = Path(sys.executable).with_name("traceledger")


@dataclass(frozen=True)
class Outcome:
    """What one run of the command did."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """The one JSON document on stdout."""
        return json.loads(self.out)


Run = Callable[..., Outcome]


def run_command(*arguments: str) -> Outcome:
    """The command in this process, through the entry point."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main(arguments)
    return Outcome(code, out.getvalue(), err.getvalue())


def run_process(*arguments: str, env: Mapping[str, str] | None = None, input: str = "") -> Outcome:  # noqa: A002
    """The command as the shell runs it."""
    done = subprocess.run(
        [str(EXECUTABLE), *arguments],
        env={**os.environ, **(env or {})},
        input=input,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return Outcome(done.returncode, done.stdout, done.stderr)


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in list(os.environ):
        if name.startswith("TRACELEDGER_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("TRACELEDGER_PASSPHRASE", PASSPHRASE)
    monkeypatch.setenv("COLUMNS", "160")
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A folder just deployed, and one in which the operations file has run."""
    patch = pytest.MonkeyPatch()
    deployed = tmp_path_factory.mktemp("deployed")
    with patch.context() as context:
        context.setenv("TRACELEDGER_PASSPHRASE", PASSPHRASE)
        context.chdir(deployed)
        for arguments in (["init"], ["contract", "deploy"]):
            assert run_command(*arguments).code == 0
        filled = tmp_path_factory.mktemp("filled") / "it"
        shutil.copytree(deployed, filled)
        context.chdir(filled)
        assert run_command("submit", str(OPERATIONS), "--create-keys").code == 0
        assert run_command("index", "sync").code == 0
    return {"deployed": deployed, "filled": filled}


def _copy(source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "work"
    shutil.copytree(source, folder)
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def deployed(built: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder: contracts on a chain, and nothing else."""
    return _copy(built["deployed"], tmp_path, monkeypatch)


@pytest.fixture
def filled(built: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder: the operations of operations.jsonl have run."""
    return _copy(built["filled"], tmp_path, monkeypatch)


@pytest.fixture
def cli() -> Run:
    """Runs the command in this process."""
    return run_command


def head(folder: Path) -> tuple[int, bytes]:
    """Number and hash of the chain's newest block."""
    from traceledger.chain.embedded import EmbeddedChain

    with EmbeddedChain.open(folder / ".traceledger" / "local" / "chain.sqlite") as chain:
        return chain.head().number, chain.head().hash
