"""Nothing is said of "1 operations": who says how many uses a word for one of them, too."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1] / "traceledger"
THINGS = re.compile(
    r" (operations|blocks|batches|events|transactions|records|keys|nodes|files|openings|days|others|issues|"
    r"lots|accounts|endpoints|faults|rules|pages|differences|findings|assessments|shipments|rows|lines|columns)\b"
)
FIXED = re.compile(r"^[A-Z_.a-z]*\b_?[A-Z][A-Z_]+$|limits?\b|most\b|least\b|\bmaximum\b|size$|settings")
"""What is a limit of ours, and more than one."""
ALLOWED = {"signing/token.py", "interop/tables/xlsx_file.py"}
"""Where there are several, or nothing would be said."""


def counts(path: Path) -> Iterator[tuple[int, str]]:
    whole = ast.parse(path.read_text("utf-8"))
    # "a lot" if there is one, else the number.
    told = {id(node.orelse) for node in ast.walk(whole) if isinstance(node, ast.IfExp)}
    for node in ast.walk(whole):
        if not isinstance(node, ast.JoinedStr) or id(node) in told:
            continue
        for value, after in zip(node.values, node.values[1:], strict=False):
            if not (isinstance(value, ast.FormattedValue) and isinstance(after, ast.Constant)):
                continue
            said = ast.unparse(value.value)
            if THINGS.match(str(after.value)) and not FIXED.search(said) and _is_count(said):
                yield node.lineno, f"{{{said}}}{after.value}"


def _is_count(said: str) -> bool:
    return not said.startswith(("'", '"')) and not said.endswith(
        ("name", "slug", "word", "what", "noun", "unit", "!r")
    )


def test_one_is_one() -> None:
    found = [
        f"{path.relative_to(PACKAGE)}:{line}: {said}"
        for path in sorted(PACKAGE.rglob("*.py"))
        if path.relative_to(PACKAGE).as_posix() not in ALLOWED
        for line, said in counts(path)
    ]
    assert found == []
