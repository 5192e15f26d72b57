"""``traceledger passport`` on the command line."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Outcome, run_command
from tests.interop.passport.conftest import GOTHIA
from traceledger.errors import ExitCode
from traceledger.interop import schemas
from traceledger.interop.passport.formats import FORMATS
from traceledger.provenance.stages import packaged_text


@pytest.fixture
def workspace(example: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the example."""
    folder = Path(shutil.copytree(example, tmp_path / "it"))
    monkeypatch.chdir(folder)
    monkeypatch.setenv("COLUMNS", "160")
    monkeypatch.setenv(schemas.ENVIRONMENT, str(tmp_path / "schemas"))
    return folder


def export(*arguments: str) -> Outcome:
    return run_command("passport", "export", *arguments)


def test_what_belongs_to_no_stage_is_said_once_and_the_table_of_stages_mends_it(workspace: Path) -> None:
    said = ["--format", "catenax", "--format", "batterypass", "--masterdata", str(GOTHIA), "-o", "out"]
    networks = workspace / "networks.toml"
    table = networks.read_text("utf-8").replace("\npath = ", '\nstages = "stages.toml"\npath = ')
    networks.write_text(table, "utf-8")
    text = packaged_text().replace('"ageing and storage" = "main_production"', "")
    (workspace / "stages.toml").write_text(text, "utf-8")
    refused = export("oem/VIN-1", *said)
    assert refused.code == ExitCode.INPUT
    # Once, with the places that lack it for that.
    assert refused.err.count("3 kg CO2e belong to no life-cycle stage") == 1
    assert "/sustainability/carbonFootprint/0/value" in refused.err
    (workspace / "stages.toml").write_text(packaged_text(), "utf-8")
    assert export("oem/VIN-1", *said).code == 0


def test_a_folder_for_each_reader(workspace: Path, shared: Path) -> None:
    schemas.add(shared / "data/schemas/catenax/battery.battery_pass-6.1.0/BatteryPass-schema.json")
    said = ["--masterdata", str(GOTHIA), "--json"]
    done = export("oem/VIN-1", "--format", "catenax-battery-pass", "--format", "idta", *said, "-o", "out")
    assert done.code == 0, done.err
    told: Any = done.document
    assert told["battery"] == "gothia/PACK-0001"
    files = sorted(path.name for path in (workspace / "out").iterdir())
    assert files == sorted(name for each in told["written"] for name in (each["file"], each["sources"]))
    assert "idta-product-condition.public.json" not in files
    (complete,) = (each for each in told["written"] if each["file"] == "catenax-battery-pass.complete.json")
    assert complete["schema"] == {
        "schema": "catenax.battery_pass",
        "version": "6.1.0",
        "valid": True,
        "faults": [],
    }
    again = export("oem/VIN-1", "--format", "idta", *said, "-o", "out")
    assert again.code == ExitCode.INPUT
    sound = run_command("check", *(str(path) for path in (workspace / "out").glob("*.complete.json")))
    assert sound.code == 0, sound.out
    parts = run_command("check", "--part", *(str(path) for path in (workspace / "out").glob("*.p*c.json")))
    assert parts.code == 0, parts.out


def test_one_file(workspace: Path) -> None:
    done = export(
        *("gothia/PACK-0001", "--format", "idta-circularity", "--for", "public"),
        *("--masterdata", str(GOTHIA), "-o", "it.json"),
    )
    assert done.code == 0, done.err
    assert "RecycledContentInformation" in json.loads((workspace / "it.json").read_text("utf-8"))
    sidecar = json.loads((workspace / "it.sources.json").read_text("utf-8"))
    assert sidecar["document"] == "it.json"
    assert sidecar["for"]["reader"] == "public"


def test_what_is_missing_is_named(workspace: Path) -> None:
    done = export("gothia/PACK-0001", "--format", "batterypass-general", "-o", "out")
    assert done.code == ExitCode.INPUT
    assert "master data says no category (batterypass-general /batteryCategory)" in done.err
    assert not (workspace / "out").exists()
    done = export("gothia/PACK-0001", "--format", "batterypass-general", "-o", "out", "--incomplete")
    assert done.code == 0
    assert "incomplete" in done.out


def test_two_models_are_not_one_file(workspace: Path) -> None:
    del workspace
    done = export("gothia/PACK-0001", "--format", "idta", "-o", "it.json", "--incomplete")
    assert done.code == ExitCode.INPUT
    assert "Traceback" not in done.err


def test_members_say_who_sees_them() -> None:
    for name in FORMATS:
        done = run_command("passport", "show", name, "--json")
        told: Any = done.document
        assert told["urn"] == FORMATS[name].urn
        assert all(each["readers"] for each in told["members"])
