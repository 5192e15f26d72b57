"""What README.md and docs/ say works: their commands and their Python run, in the order of the page.

A page's bash blocks run as one script in a working copy of the repository (README) or in an empty folder
(docs), its Python blocks where that script ended.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from traceledger import errors, refusals
from traceledger.errors import ExitCode

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").glob("*.md"))
#: Run by tests of its own, which need a real engine: tests/network/test_operating.py.
ELSEWHERE = {"docs/operating.md"}
#: Commands that a test cannot run: this very suite.
NOT_RUN = {"scripts/test"}
FENCE = re.compile(r"^```(?P<language>\w*)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\((?P<target>[^)#]+)(?:#[^)]*)?\)")


def blocks(page: str, language: str) -> list[str]:
    text = (ROOT / page).read_text("utf-8")
    return [match["body"] for match in FENCE.finditer(text) if match["language"] == language]


def environment(**more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TRACELEDGER_")}
    path = os.pathsep.join([str(Path(sys.executable).parent), more.pop("PATH", kept["PATH"])])
    return {**kept, "PATH": path, "PYTHONUTF8": "1", **more}


def run_page(page: str, folder: Path, *, ran: str = "", seconds: float = 900, **more: str) -> str:
    """Run a page's blocks, but for one that ran in the folder before; returns all that they printed."""
    script = [block for block in blocks(page, "bash") if block.strip() not in {*NOT_RUN, ran}]
    program = "\n".join(blocks(page, "python"))
    (folder.parent / "page.py").write_text(program, "utf-8")
    lines = [
        "set -euo pipefail",
        *script,
        # Not in the place of the shell, which ends what the page began.
        f'"{sys.executable}" -X dev -W error "{folder.parent}/page.py"',
    ]
    done = subprocess.run(
        ["bash", "-c", "\n".join(lines)],
        cwd=folder,
        env=environment(EXAMPLES=str(ROOT / "examples"), **more),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )
    assert done.returncode == 0, f"{page}:\n{done.stdout}\n{done.stderr}"
    assert "Traceback" not in done.stderr
    return done.stdout


def working_copy(folder: Path) -> Path:
    """The files of the repository, with a virtual environment that scripts/bootstrap takes as up to date."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    copy = folder / "clone"
    for name in listed.stdout.splitlines():
        if name.startswith(("scripts/", "examples/")) or "/" not in name:
            target = copy / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.symlink_to(ROOT / name) if not name.startswith("scripts/") else target.write_bytes(
                (ROOT / name).read_bytes()
            )
            target.chmod(0o755) if name.startswith("scripts/") else None
    venv = copy / ".venv"
    venv.mkdir()
    (venv / "bin").symlink_to(Path(sys.prefix) / "bin")
    digest = subprocess.run(
        "cat pyproject.toml requirements*.txt | cksum | tr ' ' -",
        shell=True,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    (venv / f".traceledger-{digest}-").touch()
    return copy


RUNNABLE = [page for page in PAGES if blocks(page, "bash") or blocks(page, "python")]


@pytest.mark.parametrize("page", sorted(set(RUNNABLE) - ELSEWHERE))
def test_page_runs(page: str, tmp_path: Path) -> None:
    folder = tmp_path / "empty"
    folder.mkdir()
    run_page(page, folder)


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", "examples/README.md", *PAGES])
def test_links_lead_somewhere(page: str) -> None:
    targets = LINK.findall((ROOT / page).read_text("utf-8"))
    missing = [t for t in targets if "://" not in t and not ((ROOT / page).parent / t).exists()]
    assert not missing
    assert page not in PAGES or [t for t in targets if t.startswith("..")] == [], "not in a wheel"


def test_pages_that_the_source_names_exist() -> None:
    sources = [path for folder in ("traceledger", "tests", "contracts") for path in _sources(ROOT / folder)]
    named = {page for path in sources for page in re.findall(r"docs/[\w-]+\.md", path.read_text("utf-8"))}
    assert len(named) > 3
    assert {page for page in named if not (ROOT / page).exists()} == set()


def _sources(folder: Path) -> list[Path]:
    found = [path for suffix in ("py", "sol") for path in folder.rglob(f"*.{suffix}")]
    return [path for path in found if path.is_file() and "node_modules" not in path.parts]


def test_readme_names_what_exists() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    table = text[text.index("## What is where") : text.index("## How to verify")]
    named = re.findall(r"^\| `([^`]+)`", table, re.MULTILINE)
    assert len(named) > 10
    assert [name for name in named if not (ROOT / name).exists()] == []


@pytest.mark.parametrize("page", ["README.md", "docs/errors.md"])
def test_every_exit_code_is_documented(page: str) -> None:
    rows = re.findall(r"^\| (\d+) \|", (ROOT / page).read_text("utf-8"), re.MULTILINE)
    assert [int(row) for row in rows] == sorted(ExitCode)


def test_every_class_of_an_exit_code_exists() -> None:
    rows = re.findall(
        r"^\| (\d+) \| (`.*?) \|", (ROOT / "docs" / "errors.md").read_text("utf-8"), re.MULTILINE
    )
    named = {(name, int(code)) for code, names in rows for name in re.findall(r"`(\w+)`", names)}
    no_error = {ExitCode.OK, ExitCode.INTERRUPTED, ExitCode.TERMINATED}
    assert {code for _, code in named} == {*ExitCode} - no_error
    assert {(name, getattr(errors, name).exit_code) for name, _ in named} == named


def test_every_refusal_is_documented() -> None:
    text = (ROOT / "docs" / "errors.md").read_text("utf-8")
    shown = text[text.index("## Refusals") :]
    rows = [line for line in shown.splitlines() if line.startswith("| `")]
    expected = [
        f"| `{name}` | {kind.what_template.replace('!r}', '}')} | {kind.mend} |"
        for name, kind in refusals.by_name().items()
    ]
    assert rows == expected
