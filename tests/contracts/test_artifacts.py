"""The committed artifacts are what the contracts compile to, and hold what their readers rely on."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from types import ModuleType

import pytest

from tests.conftest import ROOT, require_tool
from traceledger.artifacts import NAMES, load

SCRIPT = ROOT / "scripts" / "compile-contracts"
ARTIFACTS = ROOT / "traceledger" / "artifacts"


@pytest.fixture(scope="module")
def compiler() -> ModuleType:
    loader = SourceFileLoader("compile_contracts", str(SCRIPT))
    spec = spec_from_loader(loader.name, loader)
    if spec is None:
        raise RuntimeError(f"{SCRIPT} cannot be imported")
    module = module_from_spec(spec)
    loader.exec_module(module)
    return module


@pytest.mark.real("solcjs")
def test_artifacts_match_the_contracts() -> None:
    require_tool("solcjs")
    run = subprocess.run(
        [sys.executable, str(SCRIPT), "--check"], capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr


@pytest.mark.real("forge")
def test_solidity_tests_pass_and_sources_are_formatted() -> None:
    forge = require_tool("forge")
    environment = {**os.environ, "FOUNDRY_DISABLE_NIGHTLY_WARNING": "1"}
    for arguments in (["fmt", "--check"], ["test"]):
        run = subprocess.run(
            [forge, *arguments],
            cwd=ROOT / "contracts",
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert run.returncode == 0, run.stdout[-4000:] + run.stderr[-4000:]


def test_a_stale_artifact_is_named(compiler: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    committed = {name: json.loads((ARTIFACTS / f"{name}.json").read_text("utf-8")) for name in NAMES}
    assert compiler.main(["--check"], lambda: committed) == 0
    committed["BatchLedger"]["bytecode"] += "00"
    assert compiler.main(["--check"], lambda: committed) == 1
    message = capsys.readouterr().err
    assert "traceledger/artifacts/BatchLedger.json differ" in message
    assert "AccessManager.json" not in message


def test_settings_are_those_of_foundry(compiler: ModuleType) -> None:
    foundry = tomllib.loads((ROOT / "contracts" / "foundry.toml").read_text("utf-8"))
    profile = foundry["profile"]["default"]
    runs, via_ir = compiler.SETTINGS["optimizer"]["runs"], compiler.SETTINGS["viaIR"]
    assert profile["evm_version"] == compiler.SETTINGS["evmVersion"]
    assert profile["remappings"] == compiler.SETTINGS["remappings"]
    for settings in (
        *profile["additional_compiler_profiles"],
        *profile["compilation_restrictions"],
    ):
        assert (settings["optimizer_runs"], settings["via_ir"]) == (runs, via_ir)


@pytest.mark.parametrize("name", NAMES)
def test_artifact_is_deployable(name: str) -> None:
    artifact = load(name)  # type: ignore[arg-type]
    assert artifact.name == name
    assert 0 < len(artifact.deployed) <= 24_576
    assert len(artifact.bytecode) > len(artifact.deployed)
    assert artifact.matches(artifact.deployed)
    assert not artifact.matches(artifact.deployed[:-1] + b"\xff\xff")


def test_immutables_are_what_a_constructor_is_given() -> None:
    """The registry's are what OpenZeppelin's EIP712 keeps: chain, address, name and version of signatures."""
    assert all(load(name).immutables for name in ("BatchLedger", "Handling", "Corrections", "Safeguard"))
    assert load("ParticipantRegistry").immutables
    assert not load("AccessManager").immutables
