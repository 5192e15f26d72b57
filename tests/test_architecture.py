"""docs/architecture.md says where each part is: what it names is there, and each layer has its row."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ARCHITECTURE = ROOT / "docs" / "architecture.md"


def rows(text: str, heading: str) -> list[list[str]]:
    """The cells of the first table under a heading, its head left out."""
    section = text.split(f"## {heading}", 1)[1].split("\n## ", 1)[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines[2:]]


def test_every_layer_has_its_row_in_order() -> None:
    config = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    contract = next(c for c in config["tool"]["importlinter"]["contracts"] if c["type"] == "layers")
    layers = [layer.split(" | ") for layer in contract["layers"] if layer != "__main__"]
    told = [re.findall(r"`(\w+)`", row[0]) for row in rows(ARCHITECTURE.read_text("utf-8"), "Layers")]
    assert [set(names) for names in told] == [set(names) for names in layers]


@pytest.mark.parametrize("page", ["docs/architecture.md", "README.md", "CONTRIBUTING.md"])
def test_what_is_named_is_there(page: str) -> None:
    named = re.findall(
        r"`((?:traceledger|contracts|scripts|tests|examples)/[\w./-]*)`", (ROOT / page).read_text("utf-8")
    )
    assert named
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_a_row_names_what_lies_beside_what_it_named_last() -> None:
    """``lifecycle.py`` after ``traceledger/network/found.py`` is in its folder, or in one before."""
    missing = []
    for cells in rows(ARCHITECTURE.read_text("utf-8"), "I want to change …"):
        folders = [ROOT, ROOT / "traceledger"]
        for path in re.findall(r"`([\w./-]+(?:\.\w+|/))`", cells[-1]):
            found = next((each / path for each in folders if (each / path).exists()), None)
            if found is None:
                missing.append(path)
            else:
                folders.insert(0, found if found.is_dir() else found.parent)
    assert missing == []


def json_made(source: str) -> Iterator[int]:
    """Lines that hand ``output.result`` a document which was made there, or in the function around it."""
    tree = ast.parse(source)
    for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.Module)):
        assigned = {
            target.id: node.value
            for node in ast.walk(function)
            if isinstance(node, ast.Assign)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for node in ast.walk(function):
            match node:
                case ast.Call(func=ast.Attribute(attr="result"), args=[document, *_]):
                    named = (part.id for part in written(document) if isinstance(part, ast.Name))
                    made = [document, *(assigned[name] for name in named if name in assigned)]
                    if any(
                        isinstance(part, ast.Dict | ast.DictComp) for each in made for part in written(each)
                    ):
                        yield node.lineno


def written(value: ast.AST) -> Iterator[ast.AST]:
    """The parts of an expression, save what is only handed to a function."""
    yield value
    if not isinstance(value, ast.Call):
        for part in ast.iter_child_nodes(value):
            yield from written(part)


def test_commands_make_no_json() -> None:
    """Pages and APIs need the same documents."""
    commands = sorted((ROOT / "traceledger" / "cli").glob("*.py"))
    wrong = [f"{path.name}:{line}" for path in commands for line in set(json_made(path.read_text("utf-8")))]
    assert not wrong, "make it in traceledger/documents: " + ", ".join(wrong)


@pytest.mark.parametrize(
    ("body", "made"),
    [
        ("session.output.result({'a': 1}, drawn)", True),
        ("session.output.result(document | {'a': 1}, drawn)", True),
        ("document = {'a': 1}\n    output.result(document, drawn)", True),
        ("output.result(documents.shown({'a': 1}), drawn)", False),
        ("rows = {'a': 1}\n    output.result(documents.rows(1), lambda: rows)", False),
    ],
)
def test_what_counts_as_making_json(body: str, made: bool) -> None:
    assert bool(list(json_made(f"def show():\n    {body}\n"))) is made
