"""The program as somebody has it who installed the wheel with the locked packages, and has no clone."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.wheels import ROOT, built_wheel

pytestmark = pytest.mark.real("package registry")


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of a new environment with the locked packages and the wheel."""
    wheel = built_wheel(tmp_path_factory.mktemp("wheel"))
    folder = tmp_path_factory.mktemp("installed")
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    pip = [folder / "bin" / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    locked = ["--require-hashes", "--requirement", ROOT / "requirements.txt"]
    done = subprocess.run([*pip, *locked], capture_output=True, text=True, check=False)
    if done.returncode and re.search(r"[Cc]onnection|[Nn]ame resolution|[Tt]imed out", done.stderr):
        pytest.skip("no package registry can be reached")
    assert done.returncode == 0, done.stderr
    subprocess.run([*pip, "--no-deps", "--no-index", wheel], check=True)
    return folder / "bin"


class TestInstalledFromTheWheel:
    def run(self, folder: Path, programs: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
        environment = {"PATH": str(programs), "HOME": str(folder), "TRACELEDGER_PASSPHRASE": "an example"}
        command = [programs / "traceledger", *arguments]
        return subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, text=True, check=False
        )

    def test_the_first_commands_run(self, installed: Path, tmp_path: Path) -> None:
        for arguments in (
            ["--version"],
            ["init"],
            ["contract", "deploy"],
            ["material", "define", "mica", "--name", "Mica", "--substance", "mica"],
            ["material", "list"],
        ):
            done = self.run(tmp_path, installed, *arguments)
            assert done.returncode == 0, done.stderr
        assert "mica" in done.stdout

    def test_every_page_that_a_message_names_is_there(self, installed: Path, tmp_path: Path) -> None:
        sources = [path.read_text("utf-8") for path in (ROOT / "traceledger").rglob("*.py")]
        named = {page for source in sources for page in re.findall(r"docs/[\w-]+\.md", source)}
        assert "docs/errors.md" in named
        for page in sorted(named):
            done = self.run(tmp_path, installed, "help", page)
            assert done.returncode == 0, done.stderr
            assert done.stdout.startswith("# ")

    def test_the_pages_are_listed_with_their_paths(self, installed: Path, tmp_path: Path) -> None:
        pages = json.loads(self.run(tmp_path, installed, "help", "--json").stdout)["pages"]
        assert {entry["page"] for entry in pages} == {path.stem for path in (ROOT / "docs").glob("*.md")}
        assert all(Path(entry["path"]).is_relative_to(installed.parent) for entry in pages)
        refused = self.run(tmp_path, installed, "help", "nothing")
        assert (refused.returncode, "there is no topic 'nothing'" in refused.stderr) == (2, True)
