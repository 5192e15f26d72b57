"""What is installed is what was locked, by hashes; and the bill of materials says all of it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packaging.markers import Marker

from tests.conftest import ROOT

#: What every virtual environment has, and nothing here needs.
OF_VENV = {"pip", "setuptools", "wheel"}


def written(folder: Path, name: str = "bill.cdx.json") -> bytes:
    subprocess.run(
        [sys.executable, ROOT / "scripts" / "sbom", folder / name],
        env={**os.environ, "SOURCE_DATE_EPOCH": "1767225600"},
        check=True,
    )
    return (folder / name).read_bytes()


@pytest.fixture(scope="module")
def bill(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(written(tmp_path_factory.mktemp("bill")))
    return document


def of_kind(bill: dict[str, Any], kind: str) -> dict[str, dict[str, Any]]:
    return {
        "/".join(filter(None, (each.get("group"), each["name"]))): each
        for each in bill["components"]
        if each["purl"].startswith(f"pkg:{kind}/")
    }


def test_the_bill_is_what_cyclonedx_says_and_always_the_same(tmp_path: Path) -> None:
    text = written(tmp_path)
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text.decode()) is None
    assert written(tmp_path, "again") == text
    assert str(ROOT).encode() not in text


def test_the_bill_says_what_is_installed(bill: dict[str, Any]) -> None:
    listed = of_kind(bill, "pypi")
    installed = {re.sub(r"[-_.]+", "-", each.name).lower(): each.version for each in metadata.distributions()}
    own = bill["metadata"]["component"]
    assert installed.pop(own["name"], own["version"]) == own["version"]
    for name in OF_VENV - set(listed):
        installed.pop(name, None)
    here = {name for name, each in listed.items() if _is_for_this_machine(each)}
    assert {name: listed[name]["version"] for name in here} == installed


def _is_for_this_machine(component: dict[str, Any]) -> bool:
    return all(Marker(each["value"]).evaluate() for each in component.get("properties", ()))


def test_every_file_of_every_package_has_a_hash(bill: dict[str, Any]) -> None:
    for each in bill["components"]:
        kinds = {found["alg"] for found in each["hashes"]}
        assert kinds == ({"SHA-512"} if each["purl"].startswith("pkg:npm/") else {"SHA-256"}), each["name"]


def test_the_bill_says_what_each_is_for(bill: dict[str, Any]) -> None:
    python = of_kind(bill, "pypi")
    scopes = {name: python[name]["scope"] for name in ("click", "python-pkcs11", "pytest")}
    assert scopes == {"click": "required", "python-pkcs11": "optional", "pytest": "excluded"}
    shipped = {
        f"{each['group']}/{each['name']}"
        for each in bill["components"]
        if each["purl"].startswith("pkg:npm/") and each["scope"] == "required"
    }
    assert shipped == {"@openzeppelin/contracts", "@noble/curves", "@noble/hashes"}
    needs = {each["ref"]: each.get("dependsOn", []) for each in bill["dependencies"]}
    assert "pypi:click" in needs["traceledger"]
    assert "pypi:python-pkcs11" not in needs["traceledger"]
    assert "pypi:asn1crypto" in needs["pypi:python-pkcs11"]
    unlicensed = {each["name"] for each in bill["components"] if "licenses" not in each}
    assert len(unlicensed) < 10, unlicensed


def test_everything_that_is_fetched_is_locked_by_a_hash() -> None:
    """One line for each script that fetches; whoever adds another one says here how it is locked."""
    scripts = {path.name: path.read_text("utf-8") for path in (ROOT / "scripts").iterdir() if path.is_file()}
    fetching = {
        name
        for name, text in scripts.items()
        if re.search(r"pip install|npm (ci|install)|go install|go build", text)
    }
    # "lock" takes uv, to ask what there is to lock; the other two only name what others may install.
    assert fetching - {"lock", "fuzz", "compile-contracts"} == {
        "bootstrap",
        "bundle-verifier",
        "test",
        "install-geth",
    }
    assert "--require-hashes" in scripts["bootstrap"]
    assert scripts["install-geth"].count('"${locked[@]}"') == 2
    assert "build -mod=readonly" in scripts["install-geth"]
    assert "go install" not in scripts["install-geth"]
    for lock in ("contracts", "tests/browser", "scripts/verifier"):
        packages = json.loads((ROOT / lock / "package-lock.json").read_text("utf-8"))["packages"]
        assert [
            name for name, each in packages.items() if name and not each["integrity"].startswith("sha512-")
        ] == []


def test_geth_is_locked_with_all_that_it_needs() -> None:
    folder = ROOT / "scripts" / "geth"
    wanted = re.search(
        r"^version=(.+)$", (ROOT / "scripts" / "install-geth").read_text("utf-8"), re.MULTILINE
    )
    assert wanted is not None
    modules = dict(
        re.findall(
            r"^(?:require)?\s*(\S+\.\S+/\S+) v(\S+)", (folder / "go.mod").read_text("utf-8"), re.MULTILINE
        )
    )
    assert modules["github.com/ethereum/go-ethereum"] == wanted[1]
    sums = (folder / "go.sum").read_text("utf-8")
    assert [name for name, version in modules.items() if f"{name} v{version}/go.mod h1:" not in sums] == []
