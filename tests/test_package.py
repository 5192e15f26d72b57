"""The package as others get it: what the wheel holds, what importing it costs, and that its examples run."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement

import traceledger
from tests.wheels import built_wheel
from traceledger.artifacts import NAMES
from traceledger.config import networks

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
MODULES = sorted(module.name for module in pkgutil.walk_packages(traceledger.__path__, "traceledger."))
LOCKS = (
    "requirements.txt",
    "requirements-hsm.txt",
    "requirements-web.txt",
    "requirements-parquet.txt",
    "requirements-dev.txt",
)
PAGES = (".html", ".svg", ".css", ".js", ".json", ".po", ".mo")
"""What pages are made of."""
HEAVY = {"web3", "eth", "eth_account", "eth_keys", "coincurve", "rich", "pydantic"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built_wheel(tmp_path_factory.mktemp("wheel"))


def test_wheel_holds_what_users_need(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())

    assert {f"traceledger/artifacts/{name}.json" for name in NAMES} <= names
    assert {path.relative_to(ROOT).as_posix() for path in (ROOT / "traceledger").rglob("*.py")} <= names
    shown = [path for path in (ROOT / "traceledger").rglob("*") if path.suffix in PAGES and path.is_file()]
    assert {path.relative_to(ROOT).as_posix() for path in shown} <= names
    assert "traceledger/py.typed" in names
    assert {f"traceledger/docs/{page.name}" for page in (ROOT / "docs").glob("*.md")} <= names
    assert any(name.endswith("licenses/LICENSE") for name in names)
    installed = f"traceledger_evm-{traceledger.__version__}"
    manual = {f"{installed}.data/data/share/man/man1/{page.name}" for page in (ROOT / "man").iterdir()}
    assert manual
    assert manual == {name for name in names if name.startswith(f"{installed}.data/")}
    assert {name.split("/")[0] for name in names} == {
        "traceledger",
        f"{installed}.data",
        f"{installed}.dist-info",
    }


def test_wheel_runs_without_the_repository(wheel: Path, tmp_path: Path) -> None:
    """From the unpacked wheel, the contracts are deployed without a compiler."""
    zipfile.ZipFile(wheel).extractall(tmp_path / "site")
    program = (
        "import pathlib, traceledger; from traceledger.config.networks import write_template\n"
        "client = traceledger.connect(config=write_template(pathlib.Path()), passphrase=lambda _: 'test')\n"
        "print(pathlib.Path(traceledger.__file__).parents[1].name, client.deploy().ledger.hex())"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path / "site"), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert re.fullmatch(r"site [0-9a-f]{40}\n", done.stdout), done.stderr


@pytest.mark.parametrize("module", ["traceledger", *MODULES])
def test_examples_run(
    module: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TRACELEDGER_PASSPHRASE", "restored afterwards")
    monkeypatch.chdir(tmp_path)
    failures = doctest.testmod(importlib.import_module(module), optionflags=doctest.ELLIPSIS).failed
    assert failures == 0, capsys.readouterr().out


@pytest.mark.parametrize("module", ["traceledger", "traceledger.cli"])
def test_importing_is_cheap(module: str) -> None:
    program = f"import sys, {module}; print(*sorted({{name.partition('.')[0] for name in sys.modules}}))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert not HEAVY & set(done.stdout.split())


def test_importing_the_package_imports_nothing_of_it() -> None:
    program = (
        "import sys, traceledger; print(*(name for name in sys.modules if name.startswith('traceledger')))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert set(done.stdout.split()) == {"traceledger", "traceledger.model", "traceledger.model.version"}


def test_everything_public_is_shown_and_there_at_once() -> None:
    program = (
        "import traceledger\n"
        "print(traceledger.errors.ClosedError.__name__, traceledger.refusals.Refusal.__name__)\n"
        "print(*dir(traceledger))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    first, shown = done.stdout.splitlines()
    assert first == "ClosedError Refusal"
    assert {*traceledger.__all__} <= {*shown.split()}
    assert {"Client", "connect", "errors", "refusals", "Patience", "Origin", "parse_mass"} <= {*shown.split()}
    for name in traceledger.__all__:
        assert getattr(traceledger, name) is not None
    with pytest.raises(AttributeError, match="nothing_such"):
        traceledger.nothing_such  # noqa: B018


def test_the_types_of_what_is_public_are_seen(tmp_path: Path) -> None:
    path = tmp_path / "uses.py"
    path.write_text(
        "import traceledger\n" + "\n".join(f"traceledger.{it}" for it in traceledger.__all__) + "\n"
    )
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", str(path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_version_is_stated_once() -> None:
    assert traceledger.__version__ == PROJECT["version"]


def _locked(name: str) -> dict[str, str]:
    """Versions by package, as a lock file has them."""
    text = (ROOT / name).read_text("utf-8")
    return {
        match[1].lower().replace("_", "-"): match[2]
        for match in re.finditer(r"^([\w.-]+)==([^ ;]+)", text, re.MULTILINE)
    }


@pytest.mark.parametrize(
    ("file", "extras"),
    [
        ("requirements.txt", []),
        ("requirements-hsm.txt", ["hsm"]),
        ("requirements-web.txt", ["web"]),
        ("requirements-parquet.txt", ["parquet"]),
        ("requirements-dev.txt", ["dev", "compile", "hsm", "parquet", "web"]),
    ],
)
def test_every_dependency_is_locked(file: str, extras: list[str]) -> None:
    locked = _locked(file)
    wanted = PROJECT["dependencies"] + [
        item for extra in extras for item in PROJECT["optional-dependencies"][extra]
    ]
    for item in map(Requirement, wanted):
        assert item.specifier.contains(locked[item.name.lower().replace("_", "-")], prereleases=True), item


def test_the_locks_are_of_this_project() -> None:
    subprocess.run([sys.executable, ROOT / "scripts" / "lock", "--check"], check=True)


def test_the_locks_name_no_place() -> None:
    for name in LOCKS:
        assert "://" not in (ROOT / name).read_text("utf-8")
        assert "index" not in (ROOT / name).read_text("utf-8")


def test_a_stale_lock_is_told(tmp_path: Path) -> None:
    """On a copy of what scripts/lock reads, with one more dependency."""
    (tmp_path / "scripts").mkdir()
    for name in ("scripts/lock", *LOCKS):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    project = (ROOT / "pyproject.toml").read_text("utf-8")
    changed = project.replace("dependencies = [\n", 'dependencies = [\n    "colorama",\n', 1)
    assert changed != project
    (tmp_path / "pyproject.toml").write_text(changed, "utf-8")
    done = subprocess.run(
        [sys.executable, tmp_path / "scripts" / "lock", "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "requirements.txt is not of this pyproject.toml: run scripts/lock" in done.stderr


def test_running_needs_no_compiler() -> None:
    assert "py-solc-x" not in _locked("requirements.txt")
    assert not any("solc" in item for item in PROJECT["dependencies"])
    assert [path for path in (ROOT / "traceledger").rglob("*.py") if "solcx" in path.read_text("utf-8")] == []


def test_nothing_recommends_the_package_of_that_name_on_the_public_index() -> None:
    """``traceledger`` is somebody else's there."""
    assert PROJECT["name"] != "traceledger"
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), *(ROOT / "examples").glob("*.md")]
    texts = [*pages, *(ROOT / "traceledger").rglob("*.py")]
    advice = re.compile(r"(pip|pipx|uv|uvx)( \S+)* (install|add|run)( -\S+)* traceledger\b(?!-evm)")
    assert [path for path in texts if advice.search(path.read_text("utf-8"))] == []


def test_committed_networks_are_those_of_init(tmp_path: Path) -> None:
    assert (ROOT / "networks.toml").read_text("utf-8") == networks.write_template(tmp_path).read_text("utf-8")


@pytest.mark.parametrize("script", ["scripts/demo", "scripts/test", "scripts/bootstrap", ".ci/run"])
def test_scripts_can_be_run(script: str) -> None:
    assert (ROOT / script).stat().st_mode & 0o111
    subprocess.run(["bash", "-n", ROOT / script], check=True)
