"""Adding an operation: the type checker names what its row lacks; all else follows from a whole one."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.typing_support import ROOT, changed_copy, complaints

UNION = "BatchOperation = Mint | Split | AddEmissions | Retire | TakeBack\n"
CATALOGUE = "from traceledger.operations.catalogue import Operation\n"
HEAD = '''
@final
@dataclass(frozen=True, slots=True, kw_only=True)
class {name}(OnBatch):
    """Put a seal on a batch that you hold."""

    op: Literal["{op}"] = "{op}"
    colour: Annotated[f.PublicText, About("what colour it has", example="red")]

'''
CALL = """
    def call(self, actor: Actor) -> Planned:
        return "BatchLedger", "seal", (actor.batch(self.batch), self.colour, self.at)

"""
REST = """
    @classmethod
    def row(cls) -> Row:
        return Row(noun="batch", verb="seal", by=By.PARTICIPANT, once=False)

    def effect(self, actor: Actor) -> str:
        return f"puts a {self.colour} seal on {actor.full(self.batch, 'batch')}"

"""
USE = """

def _planned(operation: Unlisted, names: Directory) -> PlannedCall:
    return plan(operation, names)
"""


def test_the_type_checker_names_what_a_row_lacks(tmp_path: Path) -> None:
    """One has nothing but fields, one lacks some methods, one is whole and in no union; one lacks nothing."""
    rows = {"Bare": "", "Half": CALL, "Unlisted": CALL + REST, "Seal": CALL + REST}
    added = "".join(HEAD.format(name=name, op=name.lower()) + methods for name, methods in rows.items())
    union = UNION.replace("TakeBack\n", "TakeBack | Bare | Half | Seal\n")
    plan = (ROOT / "traceledger" / "operations" / "plan.py").read_text("utf-8")
    imported = "from traceledger.operations.batches import Unlisted\n"
    found = complaints(
        tmp_path,
        {
            "operations/batches.py": {UNION: added + union},
            "operations/plan.py": {plan: plan.replace(CATALOGUE, imported + CATALOGUE) + USE},
        },
    )
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
