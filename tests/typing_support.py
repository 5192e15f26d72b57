"""Type-checks a changed copy of the package: what the checker says of something new that is half added."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_LINE = re.compile(r"(?P<file>[^:]+):(?P<line>\d+): error: (?P<message>.*)")
_SAID = "said.txt"


@dataclass(frozen=True)
class Complaint:
    """An error of the type checker: in which module of the package and function (or class), and what."""

    module: str
    function: str
    message: str

    @property
    def place(self) -> str:
        return f"{self.module}:{self.function}"


def changed_copy(folder: Path, changes: Mapping[str, Mapping[str, str]]) -> None:
    """Make a copy of the package with some text replaced.

    Args:
        folder: an empty folder for the copy.
        changes: by file of the package, what stands there once, and what shall stand there instead.
    """
    package = folder / "traceledger"
    shutil.copytree(ROOT / "traceledger", package, ignore=shutil.ignore_patterns("__pycache__", "*.json"))
    for name, texts in changes.items():
        path = package / name
        source = path.read_text("utf-8")
        for old, new in texts.items():
            assert source.count(old) == 1, f"{old!r} stands {source.count(old)} times in {name}"
            source = source.replace(old, new)
        path.write_text(source, "utf-8")


def check(folder: Path, changes: Mapping[str, Mapping[str, str]]) -> None:
    """Let ``mypy --strict`` go through a copy of the package with some text replaced.

    Args:
        folder: an empty folder for the copy.
        changes: as of :func:`changed_copy`.
    """
    changed_copy(folder, changes)
    shutil.copy2(ROOT / "pyproject.toml", folder)
    if (ROOT / ".mypy_cache").is_dir():  # Else it is checked from nothing, which takes a minute longer.
        shutil.copytree(ROOT / ".mypy_cache", folder / ".mypy_cache")
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--no-error-summary", "--no-pretty"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in (0, 1), done.stdout + done.stderr
    (folder / _SAID).write_text(done.stdout, "utf-8")


def parsed(folder: Path) -> Iterator[Complaint]:
    """What the type checker said of the copy in a folder."""
    for line in (folder / _SAID).read_text("utf-8").splitlines():
        if found := _LINE.fullmatch(line):
            module = found["file"].removeprefix("traceledger/").removesuffix(".py")
            function = _function_at((folder / found["file"]).read_text("utf-8"), int(found["line"]))
            yield Complaint(module, function, found["message"])


def _function_at(source: str, line: int) -> str:
    """The innermost function or class around a line; empty at a module's own level."""
    kinds = (ast.FunctionDef, ast.ClassDef)
    around = [
        node
        for node in ast.walk(ast.parse(source))
        if isinstance(node, kinds) and node.lineno <= line <= (node.end_lineno or 0)
    ]
    return max(around, key=lambda node: node.lineno).name if around else ""
