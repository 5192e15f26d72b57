"""Adding an operation: the type checker names what its row lacks; all else follows from a whole one."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.additions import CALL, HEAD, REST, UNION, complaints
from tests.typing_support import ROOT, changed_copy


def test_the_type_checker_names_what_a_row_lacks(tmp_path_factory: pytest.TempPathFactory) -> None:
    """One has nothing but fields, one lacks some methods, one is whole and in no union; one lacks nothing."""
    found = complaints(tmp_path_factory)["operations"]
    module = "Final class traceledger.operations.batches"
    said = {(item.place, item.message.partition("  [")[0].partition("; expected")[0]) for item in found}
    assert said == {
        ("operations/batches:Bare", f'{module}.Bare has abstract attributes "call", "effect", "row"'),
        ("operations/batches:Half", f'{module}.Half has abstract attributes "effect", "row"'),
        ("operations/plan:_planned", 'Argument 1 to "plan" has incompatible type "Unlisted"'),
    }


def test_all_else_follows_from_a_row_that_is_whole(tmp_path: Path) -> None:
    row = HEAD.format(name="Seal", op="seal") + CALL + REST
    change = {UNION: row + UNION.replace("TakeBack\n", "TakeBack | Seal\n")}
    changed_copy(tmp_path, {"operations/batches.py": change})
    for file in ("scripts/generate-operations", "docs/operations.md"):
        (tmp_path / file).parent.mkdir()
        (tmp_path / file).write_text((ROOT / file).read_text("utf-8"), "utf-8")

    def run(*arguments: str) -> str:
        environment = {**os.environ, "PYTHONPATH": str(tmp_path), "COLUMNS": "120"}
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    assert "--colour" in run("-m", "traceledger", "batch", "seal", "--help")
    run("scripts/generate-operations")
    page = (tmp_path / "docs" / "operations.md").read_text("utf-8")
    assert "| `seal` | a participant | `batch`, `colour` | Put a seal on a batch that you hold. |" in page
    assert "colour: 'str'" in run("-c", "from traceledger.client.client import Client; help(Client.seal)")
