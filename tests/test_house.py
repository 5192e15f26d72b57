"""Tests use what is public: they reach into no private name of others, and patch nothing that runs."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from tests import selection
from tests.conftest import ROOT

TESTS = ROOT / "tests"
ALLOWED = {
    (
        "chain/test_anvil_equal.py",
        "imports eth._utils.address",
    ): "py-evm's own rule is what ours is compared with",
    (
        "sending/test_offline.py",
        "patches socket",
    ): "that signing offline opens no connection shows only where every way to open one refuses",
}
"""What a file does all the same, and why it cannot be done otherwise."""


def offences(source: str) -> Iterator[tuple[int, str]]:
    """Lines that reach for something private of somebody else's, or patch, and what they do."""
    tree = ast.parse(source)
    own = set(_private_names_defined(tree))
    imported = set(_imported(tree))
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(value=value, attr=name) if _is_private(name) and name not in own:
                if not _is_oneself(value):
                    yield node.lineno, f"uses {name}"
            case ast.ImportFrom(module=str(module), names=names):
                yield from ((node.lineno, what) for what in _imports(module, names))
            case ast.Call():
                yield from _patches(node, imported)
            case ast.Constant(value=str(program)) if _is_program(program):
                for line, what in offences(program):
                    yield node.lineno + line - 1, what


def _imports(module: str, names: list[ast.alias]) -> Iterator[str]:
    if any(map(_is_private, module.split("."))):
        yield f"imports {module}"
    for alias in names:
        if _is_private(alias.name):
            yield f"imports {alias.name}"
        if module == "unittest" and alias.name == "mock":
            yield "imports mock"


def _patches(call: ast.Call, imported: set[str]) -> Iterator[tuple[int, str]]:
    match call:
        case ast.Call(func=ast.Attribute(attr="setattr" | "delattr" | "setitem" | "delitem")):
            yield call.lineno, f"patches {ast.unparse(call.args[0])}"
        case ast.Call(func=ast.Name(id="setattr" | "delattr"), args=[changed, *_]):
            if _root(changed) in imported:
                yield call.lineno, f"patches {ast.unparse(changed)}"


def _imported(tree: ast.Module) -> Iterator[str]:
    """The names that the file's imports give it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield from ((alias.asname or alias.name).partition(".")[0] for alias in node.names)


def _root(value: ast.expr) -> str:
    """The name with which ``a.b.c`` begins; empty where it begins otherwise."""
    while isinstance(value, ast.Attribute):
        value = value.value
    return value.id if isinstance(value, ast.Name) else ""


def _is_program(text: str) -> bool:
    """Whether a string is Python that a test gives to a process of its own: several lines, and imports."""
    if "import " not in text or "\n" not in text.strip():
        return False
    try:
        return any(isinstance(node, ast.Import | ast.ImportFrom) for node in ast.walk(ast.parse(text)))
    except SyntaxError:
        return False


def _is_private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__") and name != "_"


def _is_oneself(value: ast.expr) -> bool:
    """``self._x``, ``cls._x`` and ``super()._x`` are one's own."""
    match value:
        case ast.Name(id="self" | "cls") | ast.Call(func=ast.Name(id="super")):
            return True
    return False


def _private_names_defined(tree: ast.Module) -> Iterator[str]:
    """What the file itself makes and names with an underscore: its own helpers and fields."""
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                yield name
            case ast.Attribute(value=ast.Name(id="self" | "cls"), attr=name, ctx=ast.Store()):
                yield name
            case ast.AnnAssign(target=ast.Name(id=name)):
                yield name


def test_tests_use_what_is_public() -> None:
    found = {
        (path.relative_to(TESTS).as_posix(), what): line
        for path in sorted(TESTS.rglob("*.py"))
        for line, what in offences(path.read_text("utf-8"))
    }
    wrong = [
        f"tests/{file}:{found[file, what]} {what}" for file, what in found if (file, what) not in ALLOWED
    ]
    assert not wrong, "make it an argument of something public:\n" + "\n".join(wrong)
    assert set(ALLOWED) <= set(found), "no longer needed"


def test_no_example_prints_only_a_name() -> None:
    """It would run, and show nobody how anything is used."""
    empty = re.compile(r">>> ([\w.]+\.__name__\n\s*'|issubclass\(|.*\.row\(\)\.)")
    modules = sorted((ROOT / "traceledger").rglob("*.py"))
    assert not [path.name for path in modules if empty.search(path.read_text("utf-8"))]


@pytest.mark.parametrize("name", ["WAITING", "SLOW", "RACES", "TOGETHER"])
def test_what_is_selected_exists(name: str) -> None:
    for entry in getattr(selection, name):
        module, _, test = entry.partition("::")
        if module.endswith("/"):
            assert (ROOT / module).is_dir(), entry
            continue
        assert (ROOT / module).is_file(), entry
        assert all(part in (ROOT / module).read_text("utf-8") for part in test.split("::")), entry


@pytest.mark.parametrize(
    ("source", "what"),
    [
        ("chain._endpoints.read(work)", ["uses _endpoints"]),
        ("from traceledger.sending.outbox import _COLUMNS", ["imports _COLUMNS"]),
        ("monkeypatch.setattr(module, 'name', 1)", ["patches module"]),
        ("patch.setitem(module.TABLE, 'name', 1)", ["patches module.TABLE"]),
        ("from unittest import mock", ["imports mock"]),
        ("import module; setattr(module.Class, 'name', 1)", ["patches module.Class"]),
        ("mine = Mine()\nsetattr(mine, 'name', 1)", []),
        (
            "RUN = 'import module\\nmodule._name()\\nsetattr(module, name, 1)'",
            ["patches module", "uses _name"],
        ),
        ("class Mine:\n    def __init__(self, other): self._x = other._x", []),
        ("monkeypatch.setenv('NAME', 'value'); monkeypatch.chdir(path)", []),
    ],
)
def test_what_counts_as_an_offence(source: str, what: list[str]) -> None:
    assert [found for _, found in offences(source)] == what
