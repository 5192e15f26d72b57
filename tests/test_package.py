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

import traceledger
from traceledger.artifacts import NAMES
from traceledger.config import networks

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
MODULES = sorted(module.name for module in pkgutil.walk_packages(traceledger.__path__, "traceledger."))
HEAVY = {"web3", "eth", "eth_account", "eth_keys", "coincurve", "rich", "pydantic"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    program = f"import hatchling.build; print(hatchling.build.build_wheel({str(folder)!r}))"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return folder / done.stdout.split()[-1]


def test_wheel_holds_what_users_need(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())

    assert {f"traceledger/artifacts/{name}.json" for name in NAMES} <= names
    assert {path.relative_to(ROOT).as_posix() for path in (ROOT / "traceledger").rglob("*.py")} <= names
    assert "traceledger/py.typed" in names
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert {name.split("/")[0] for name in names} == {
        "traceledger",
        f"traceledger-{traceledger.__version__}.dist-info",
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


def test_version_is_stated_once() -> None:
    assert traceledger.__version__ == PROJECT["version"]


def test_every_dependency_is_pinned() -> None:
    pinned = {
        re.split("==", line)[0].lower().replace("_", "-")
        for line in (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    }
    wanted = PROJECT["dependencies"] + PROJECT["optional-dependencies"]["dev"]
    assert {re.split(r"[<>=]", item)[0].lower().replace("_", "-") for item in wanted} <= pinned


def test_committed_networks_are_those_of_init(tmp_path: Path) -> None:
    assert (ROOT / "networks.toml").read_text("utf-8") == networks.write_template(tmp_path).read_text("utf-8")


@pytest.mark.parametrize("script", ["scripts/demo", "scripts/test", "scripts/bootstrap", ".ci/run"])
def test_scripts_can_be_run(script: str) -> None:
    assert (ROOT / script).stat().st_mode & 0o111
    subprocess.run(["bash", "-n", ROOT / script], check=True)
