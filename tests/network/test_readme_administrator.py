"""README's part for administrators works in the folder where its reader stands, and overwrites nothing."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from tests.test_readme import ROOT, environment
from traceledger.network.lifecycle import Running

pytestmark = [pytest.mark.real("geth")]
COMMANDS = re.compile(r"^\$ (.*)$", re.MULTILINE)


@pytest.mark.parametrize("begun", [False, True], ids=["empty", "with networks.toml"])
def test_anywhere(begun: bool, tmp_path: Path, geth: Path) -> None:
    # Short, as are the test's name and so its path: a node's socket has room for some 100 letters of it.
    folder = tmp_path / "it"
    folder.mkdir()
    there = {"networks.toml": '[networks.own]\nkind = "embedded"\n', ".gitignore": "mine\n"} if begun else {}
    for name, text in there.items():
        (folder / name).write_text(text)
    part = (ROOT / "README.md").read_text("utf-8").partition("### A network's administrator")[2]
    commands = COMMANDS.findall(part)
    path = f"{geth.parent}:{environment()['PATH']}"
    try:
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", "\n".join(commands)],
            cwd=folder,
            env=environment(PATH=path, TRACELEDGER_PASSPHRASE="only an example"),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert "signing" in done.stdout
    finally:
        if (folder / "consortium" / "network.json").exists():
            Running(folder / "consortium").down()
    assert {name: (folder / name).read_text() for name in there} == there
    assert {each.name for each in folder.iterdir()} == {"consortium", *there}
